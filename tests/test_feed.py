"""The kind ``feed``: dialects (as pairs of files), broken documents, hostile ones, and what is no feed."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Reading, Source
from yuqing_cli.sources.feed import read

FOLDER = Path(__file__).parent / "data" / "feeds"
CASES = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))
NOW = datetime(2025, 4, 3, tzinfo=UTC)
URL = "https://feeds.qinghe.example/all/feed.xml"


def reading(body: bytes | str, *, zone: str = "Asia/Shanghai", content_type: str = "") -> Reading:
    source = Source("青禾", "feed", URL, timezone=zone)
    body = body.encode() if isinstance(body, str) else body
    return read(source, Answer(Ask("青禾", URL), URL, 200, {"content-type": content_type}, body), NOW)


def rss(*items: str, channel: str = "<link>http://q.example/news/</link>") -> str:
    return f'<rss version="2.0"><channel>{channel}{"".join(f"<item>{item}</item>" for item in items)}</channel></rss>'


def failure(body: bytes | str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reading(body)
    return caught.value


def described(found: Reading) -> dict[str, Any]:
    """A reading as its ``.expected.json`` says it."""
    posts = [
        {
            "title": post.title,
            "text": post.text,
            "url": post.url,
            "published": post.published.isoformat() if post.published else None,
            "guid": post.guid,
            "article": post.article,
        }
        for post in found.posts
    ]
    return {
        "charset": found.charset,
        "method": found.method,
        "every_minutes": found.every / timedelta(minutes=1) if found.every else None,
        "refused_dates": found.refused_dates,
        "posts": posts,
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_each_sample_feed_is_read_as_its_pair_says(path: Path) -> None:
    expected = path.with_name(path.name.split(".")[0] + ".expected.json")
    assert described(reading(path.read_bytes())) == json.loads(expected.read_text("utf-8"))


# --- dates


@pytest.mark.parametrize(
    ("date", "zone", "expected"),
    [
        ("2025-04-01 08:00:00", "Asia/Shanghai", datetime(2025, 4, 1, 0, tzinfo=UTC)),
        ("2025-04-01 08:00:00", "Europe/Berlin", datetime(2025, 4, 1, 6, tzinfo=UTC)),
        ("Tue, 01 Apr 2025 08:00:00", "Asia/Shanghai", datetime(2025, 4, 1, 0, tzinfo=UTC)),
        ("Tue, 01 Apr 2025 08:00:00 GMT", "Asia/Shanghai", datetime(2025, 4, 1, 8, tzinfo=UTC)),
        ("Tue, 1 Apr 2025 08:00:00 EST", "Asia/Shanghai", datetime(2025, 4, 1, 13, tzinfo=UTC)),
        ("2025-04-01T08:00:00+08:00", "UTC", datetime(2025, 4, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_date_without_a_zone_is_the_sources_local_time(date: str, zone: str, expected: datetime) -> None:
    found = reading(rss(f"<title>t</title><pubDate>{date}</pubDate>"), zone=zone)
    assert [post.published for post in found.posts] == [expected]
    assert found.refused_dates == 0


@pytest.mark.parametrize("date", ["2025-04-03T01:30:00Z", "1970-01-01T00:00:00Z", "Thu, 99 Foo", "0000-00-00 00:00:00"])
def test_dates_that_cannot_be_true_are_refused_and_counted(date: str) -> None:
    found = reading(rss(f"<title>t</title><pubDate>{date}</pubDate>"))
    assert found.posts[0].published is None
    assert found.refused_dates == 1


def test_an_impossible_date_gives_way_to_the_updated_one() -> None:
    found = reading(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title>'
        "<published>2099-01-01T00:00:00Z</published><updated>2025-04-01T00:00:00Z</updated></entry></feed>"
    )
    assert found.posts[0].published == datetime(2025, 4, 1, tzinfo=UTC)
    assert found.refused_dates == 0


# --- titles, links, texts


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;b&gt;停水&lt;/b&gt;通知", "停水通知"),
        ("<b>停水</b>通知", "停水通知"),
        ("&lt;今日关注&gt;停水", "<今日关注>停水"),
        ("停水\n  通知", "停水 通知"),
        ("&amp;quot;停水&amp;quot;", '"停水"'),
    ],
)
def test_titles_are_plain_text_on_one_line(written: str, title: str) -> None:
    assert reading(rss(f"<title>{written}</title>")).posts[0].title == title


def test_a_missing_title_is_the_beginning_of_the_text() -> None:
    long = "城东片区" * 20
    first, second = reading(rss("<description>短讯一则</description>", f"<description>{long}</description>")).posts
    assert first.title == "短讯一则"
    assert second.title == long[:40] + "…"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("http://q.example/a", "http://q.example/a"),
        ("b.html", "http://q.example/news/b.html"),
        ("//cdn.example/c", "http://cdn.example/c"),
        ("javascript:alert(1)", ""),
        ("mailto:a@q.example", ""),
        ("http://[::1", ""),
        ("http://q.example/" + "x" * 3000, ""),
    ],
)
def test_only_http_addresses_are_kept_and_made_absolute(link: str, url: str) -> None:
    assert reading(rss(f"<title>t</title><link>{link}</link>")).posts[0].url == url


def test_relative_links_without_a_channel_link_hang_on_the_final_address() -> None:
    assert (
        reading(rss("<title>t</title><link>x</link>", channel="")).posts[0].url == "https://feeds.qinghe.example/all/x"
    )


def test_feedburners_original_link_wins_over_its_redirect() -> None:
    item = (
        "<title>t</title><link>http://feedproxy.example/r/1</link>"
        '<o:origLink xmlns:o="http://rssnamespace.org/feedburner/ext/1.0">http://q.example/1</o:origLink>'
    )
    assert reading(rss(item)).posts[0].url == "http://q.example/1"


def test_the_full_text_is_marked_as_such_and_a_repeated_summary_is_not() -> None:
    encoded = '<c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/">{}</c:encoded>'
    full = reading(rss("<title>t</title><description>短</description>" + encoded.format("很长的全文"))).posts[0]
    same = reading(rss("<title>t</title><description>同样</description>" + encoded.format("同样"))).posts[0]
    assert (full.text, full.article) == ("很长的全文", True)
    assert (same.text, same.article) == ("同样", False)


def test_no_author_travels_on() -> None:
    item = (
        "<title>t</title><author>zhao@q.example (赵某)</author>"
        '<d:creator xmlns:d="http://purl.org/dc/elements/1.1/">钱某</d:creator>'
    )
    assert "某" not in repr(reading(rss(item)))


def test_at_most_two_thousand_items_are_read() -> None:
    assert len(reading(rss(*["<title>t</title>"] * 2_100)).posts) == 2_000


@pytest.mark.parametrize(("ttl", "every"), [("60", timedelta(hours=1)), ("0", None), ("-5", None), ("soon", None)])
def test_the_channels_ttl_is_in_minutes(ttl: str, every: timedelta | None) -> None:
    assert reading(rss("<title>t</title>", channel=f"<ttl>{ttl}</ttl>")).every == every


# --- broken documents

TITLES = [f"青禾县第{n}水厂停水检修通知" for n in range(10)]
SOUND = rss(*(f"<title>{title}</title><link>http://q.example/{n}</link>" for n, title in enumerate(TITLES)))

BREAKAGES: dict[str, bytes] = {
    "leading blanks before the declaration": ("\n  <?xml version='1.0'?>" + SOUND).encode(),
    "two declarations": ('<?xml version="1.0"?><?xml version="1.0" encoding="utf-8"?>' + SOUND).encode(),
    "a program's warning in front": ("<br />\n<b>Warning</b>: x & y<br />" + SOUND).encode(),
    "a script behind": (SOUND + "<script>x</script>").encode(),
    "declares UTF-16 but is UTF-8": ('<?xml version="1.0" encoding="UTF-16"?>' + SOUND).encode(),
    "declares UTF-8 but is GB18030": ('<?xml version="1.0" encoding="utf-8"?>' + SOUND).encode("gb18030"),
    "GBK without a declaration": SOUND.encode("gbk"),
    "control characters": SOUND.replace("通知", "通\x0b知\x00").encode(),
    "a stray ampersand": SOUND.replace("</link>", "?a=1&b=2</link>", 1).encode(),
    "an undefined entity": SOUND.replace("<rss", "<rss a='&nbsp;'", 1).encode(),
    "an undeclared prefix": SOUND.replace("<link>", "<dc:creator>x</dc:creator><link>").encode(),
    "a wrong end tag": SOUND.replace("</item>", "</ITEM>").encode(),
    "an unquoted attribute": SOUND.replace("<link>", "<guid isPermaLink=false>1</guid><link>").encode(),
}


@pytest.mark.parametrize("breakage", BREAKAGES, ids=str)
def test_a_broken_feed_keeps_all_its_entries(breakage: str) -> None:
    found = reading(BREAKAGES[breakage])
    assert [post.title for post in found.posts] == TITLES
    assert found.posts[9].url.startswith("http://q.example/9")


def test_one_bad_byte_costs_one_character() -> None:
    found = reading(SOUND.encode().replace("检".encode(), b"\xe6\xa3", 1))
    assert found.charset == "utf-8"
    assert [post.title for post in found.posts][1:] == TITLES[1:]


def test_an_entry_that_the_cut_runs_through_waits_for_the_next_time() -> None:
    cut = SOUND[: SOUND.index(TITLES[4]) + 6]
    assert [post.title for post in reading(cut).posts] == TITLES[:4]
    assert [post.title for post in reading(SOUND.removesuffix("</channel></rss>")).posts] == TITLES


# --- damaged text


def test_a_feed_that_was_damaged_before_it_was_sent_is_an_error() -> None:
    error = failure(SOUND.encode().decode("gb18030", "replace"))
    assert error.kind == "hard"


def test_a_damaged_entry_is_left_out_and_a_sound_headline_outlives_its_text() -> None:
    broken = ("医院停水检修通知请市民提前储水" * 4).encode().decode("gbk", "ignore")
    found = reading(
        rss(
            *(f"<title>{title}</title><description>{'请居民提前储水备用。' * 20}</description>" for title in TITLES),
            f"<title>{broken}</title>",
            f"<title>三号桥今日恢复双向通行</title><description>{broken}</description>",
        )
    )
    assert [post.title for post in found.posts] == [*TITLES, "三号桥今日恢复双向通行"]
    assert found.posts[-1].text == ""


# --- what is no feed


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        ("", "soft", "empty"),
        ("  \n", "soft", "empty"),
        ("<!DOCTYPE html><html><body><p>登录</p></body></html>", "soft", "web page"),
        ("<p>fragment</p>", "soft", "<p>"),
        ("<opml version='2.0'><body/></opml>", "soft", "OPML"),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "soft", "sitemap"),
        ("<svg/>", "soft", "svg"),
        ('{"data": []}', "soft", "not a JSON Feed"),
        ('{"items": [{"id": 1}]}', "soft", "not a JSON Feed"),
        ("[1, 2]", "soft", "not a JSON Feed"),
        ('{"items": [', "soft", "does not parse"),
        ("维护中", "hard", "neither XML nor JSON"),
        (b"\x1f\x8b\x08\x00\x00garbage", "hard", "neither XML nor JSON"),
        ("<rss><channel><title>cut before the first", "soft", "broken"),
    ],
)
def test_what_is_no_feed_is_an_error_that_says_what_came(body: str | bytes, kind: str, says: str) -> None:
    error = failure(body)
    assert error.kind == kind
    assert says in str(error)


def test_a_sound_feed_without_entries_is_no_error() -> None:
    assert reading(rss()).posts == ()


# --- hostile documents

BOMB = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = 20_000
HOSTILE = {
    "entity bomb": f"{BOMB}]>" + rss("<title>x&i;</title>"),
    "entity bomb in an attribute": f"{BOMB}]>" + rss('<title>x</title><link href="&i;"/>'),
    "entity bomb behind a long comment": f"<!--{'x' * 120_000}-->{BOMB}]>" + rss("<title>x&i;</title>"),
    "one long entity many times": f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]>"
    + rss(f"<title>x{'&a;' * 50_000}</title>"),
    "deep nesting": rss("<title>x</title>" + "<a>" * DEEP),
    "deep nesting, closed": rss("<title>x</title>" + "<a>" * DEEP + "</a>" * DEEP),
    "deep nesting of items": rss("<title>x</title>" + "<item>" * DEEP),
    "deep nesting in HTML": rss(f"<title>x</title><description><![CDATA[{'<div>' * DEEP}]]></description>"),
    "many attributes": rss("<title>x</title><a " + " ".join(f"a{n}='1'" for n in range(DEEP)) + "/>"),
    "open CDATA sections": rss("<title>x</title>&" + "]]>" * DEEP + "<![CDATA[" * DEEP),
    "more tags than any feed has": "<rss>" + "<a>" * 2_100_000,
    "deep JSON": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * DEEP,
}


@pytest.mark.parametrize("attack", HOSTILE, ids=str)
def test_hostile_documents_cost_little_and_say_little(attack: str) -> None:
    began = time.perf_counter()
    try:
        posts = reading(HOSTILE[attack]).posts
    except SourceError:
        posts = ()
    assert time.perf_counter() - began < 2.0  # the libraries that were tried took 8 s and more for some of these
    assert all(len(post.title) <= 4_000 and len(post.text) <= 500_000 for post in posts)


@pytest.mark.parametrize("where", ["", f"<!--{'x' * 120_000}-->"])
def test_external_entities_are_never_opened(where: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容")
    body = (
        f"{where}<!DOCTYPE r SYSTEM '{secret.as_uri()}' [<!ENTITY q ']>'><!ENTITY % p SYSTEM '{secret.as_uri()}'> %p; "
        f"<!ENTITY a SYSTEM '{secret.as_uri()}'>]>" + rss("<title>甲&a;乙</title><link>http://q.example/1</link>")
    )
    assert "机密" not in repr(reading(body))


def test_a_body_that_is_an_address_is_not_fetched() -> None:
    assert failure("http://127.0.0.1:9/feed.xml").kind == "hard"


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_give_posts_or_a_source_error(noise: bytes, at: int) -> None:
    body = SOUND.encode()[:400] + noise + SOUND.encode()[at:]
    for each in (noise, body):
        try:
            found = reading(each)
        except SourceError:
            continue
        assert all(post.title or post.url for post in found.posts)


def test_of_a_feed_with_fifty_thousand_items_the_first_and_the_last_are_read() -> None:
    items = "".join(f"<item><title>第{n}号</title><link>https://a.example/{n}</link></item>" for n in range(50_000))
    titles = [post.title for post in reading(f"<rss><channel>{items}</channel></rss>").posts]
    assert len(titles) == 2_000
    assert (titles[0], titles[-1]) == ("第0号", "第49999号")


def test_a_feed_whose_entries_say_nothing_is_an_error_and_not_a_quiet_source() -> None:
    with pytest.raises(SourceError, match="no entry of the feed has a title or an address; entries: 3"):
        reading("<rss><channel>" + "<item><name>停水</name></item>" * 3 + "</channel></rss>")
