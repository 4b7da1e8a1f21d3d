from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.urls import MAX_LENGTH, canonical, host, is_http, resolve

PIECES = st.sampled_from(
    [
        "http://", "HTTPS:/", "\\", "//", "例子.cn", "EXAMPLE.com.", "[::1]", "0x7f.1", "user:p@", ":80", ":443", ":8080", "/a",
        "/../", "/%2e%2E/", "/%7e%zz%41", ";jsessionid=1", "?", "?b=2&a=1", "&utm_source=x", "&from=timeline", "&", "=", "%26",
        "#", "#/r?a=1", "#!x", "水", "\ud800", "|", "\t", "é", " ",
    ]
)  # fmt: skip
GARBAGE = (
    st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40) | st.text(max_size=40).map("http://{}".format)
)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://Example.COM", "https://example.com/"),
        ("http://example.com:80/a", "https://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:8080/a", "https://example.com:8080/a"),
        ("http://user:secret@example.com/", "https://example.com/"),
        ("http://水务.中国/停水", "https://xn--zfrz80d.xn--fiqs8s/%E5%81%9C%E6%B0%B4"),
        ("http://水务。中国/", "https://xn--zfrz80d.xn--fiqs8s/"),
        ("http://example.com/%7ea/%e5%81%9c%2f%41", "https://example.com/~a/%E5%81%9C%2FA"),
        ("http://example.com/a/./b/../c/", "https://example.com/a/c/"),
        ("http://example.com/a/%2e%2e/b", "https://example.com/b"),
        ("http:\\\\example.com\\a", "https://example.com/a"),
        (" http://exam\nple.com/a b\t", "https://example.com/a%20b"),
        ("http://example.com/?b=2&a=1&b=1", "https://example.com/?a=1&b=2&b=1"),
        ("http://example.com/a?&&", "https://example.com/a"),
        ("http://example.com/a#top", "https://example.com/a"),
        ("http://example.com/#/post/1", "https://example.com/#/post/1"),
        ("http://example.com/#!post", "https://example.com/#!post"),
        ("http://example.com/a;jsessionid=0A1B?x=1", "https://example.com/a?x=1"),
        ("http://0x7f.1/", "https://127.0.0.1/"),
        ("http://[2001:DB8:0::1]/", "https://[2001:db8::1]/"),
        ("http://example.com/100%", "https://example.com/100%25"),
    ],
)
def test_spellings_of_one_address_have_one_key(url: str, key: str) -> None:
    assert canonical(url) == key


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=weixin&utm_medium=x", "UTM_Source=a", "fbclid=1", "gclid=1", "spm=a2o.1", "isappinstalled=0", "from=timeline",
        "from=singlemessage", "hmsr=x", "PHPSESSID=9a", "mtm_campaign=1",
    ],
)  # fmt: skip
def test_what_only_tracks_readers_is_dropped(query: str) -> None:
    assert canonical(f"http://example.com/a?id=7&{query}") == "https://example.com/a?id=7"


@pytest.mark.parametrize("query", ["from=beijing", "ref=1", "sid=3", "scene=2", "page=2", "source=x", "pk_id=4", "f=1"])
def test_what_may_name_an_article_stays(query: str) -> None:
    assert query in canonical(f"http://example.com/a?{query}")


def test_share_marks_of_one_host_stay_elsewhere() -> None:
    article = "https://mp.weixin.qq.com/s?__biz=MzA&idx=1&mid=22&sn=ab"
    assert canonical(f"{article}&chksm=9f&scene=21") == article
    assert canonical("https://m.bilibili.com/video/BV1?vd_source=9") == "https://m.bilibili.com/video/BV1"
    assert canonical("https://notbilibili.com/?vd_source=9") == "https://notbilibili.com/?vd_source=9"


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "example.com/a", "ftp://example.com/", "javascript:alert(1)", "mailto:a@b.cn", "http://", "http:///", "http://a b/",
        "http://a..b/", "http://example.com:99999/", "http://example.com:x/", "http://[::1", "http://[zz]/", "http://1.2.3.4.5/",
        "http://256.1.1.1/", f"http://{'a' * 64}.cn/", "http://%00/", "http://%ff/", "http://水" + "水" * 99 + ".cn/",
        "http://example.com/" + "a" * MAX_LENGTH, "http://example.com/" + "水" * 300, "\x00", "http://\ud800/",
    ],
)  # fmt: skip
def test_garbage_has_no_key(url: str) -> None:
    assert canonical(url) == ""


@given(GARBAGE)
@settings(deadline=None, max_examples=100)
def test_the_key_of_a_key_is_the_key_and_nothing_raises(url: str) -> None:
    key = canonical(url)
    assert canonical(key) == key
    assert key.isascii()
    assert not key or (is_http(url) and host(url) == host(key))


@given(GARBAGE, GARBAGE)
@settings(deadline=None, max_examples=100)
def test_links_resolve_to_http_or_to_nothing(base: str, link: str) -> None:
    resolved = resolve(base, link)
    assert resolved == "" or is_http(resolved)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("b.html", "https://example.com/news/b.html"),
        ("/b", "https://example.com/b"),
        ("//cdn.example.com/x", "https://cdn.example.com/x"),
        ("?p=2", "https://example.com/news/a.html?p=2"),
        (" ../c d.html\n", "https://example.com/c%20d.html"),
        ("..\\c", "https://example.com/c"),
        ("http://other.cn/?a=1#x", "http://other.cn/?a=1#x"),
        ("javascript:void(0)", ""),
        ("mailto:a@b.cn", ""),
        ("data:text/html,x", ""),
        ("http://[bad", ""),
    ],
)
def test_links_are_read_as_browsers_read_them(link: str, target: str) -> None:
    assert resolve("https://example.com/news/a.html", link) == target


def test_a_host_is_what_the_dns_knows() -> None:
    assert host("http://User@水务.中国:8080/a") == "xn--zfrz80d.xn--fiqs8s"
    assert host("http://EXAMPLE.com./") == "example.com"
    assert host("example.com") == ""
    assert is_http("https://example.com")
    assert not is_http("ftp://example.com")
