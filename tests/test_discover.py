"""An address becomes a source: what a page names, what is asked, what is shown, and what is written to yuqing.toml."""

from __future__ import annotations

import io
import os
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from conftest import NOW, MakeStation, MakeWire, Page, feed, rss, settings
from yuqing_cli import config
from yuqing_cli.adapters.demo_server import DemoServer
from yuqing_cli.cli.app import run
from yuqing_cli.errors import ConfigError, UsageError
from yuqing_cli.models import Answer, Ask, Source
from yuqing_cli.render.sources_toml import source_table
from yuqing_cli.sources.discover import MAX_FEEDS, Candidate, candidates
from yuqing_cli.sources.kinds import KINDS
from yuqing_cli.tomltext import quoted
from yuqing_cli.workflows import configure
from yuqing_cli.workflows.discover import MAX_ASKS, Discovery, discover

SITE = "https://www.qinghe.example/"
HTML = {"content-type": "text/html; charset=utf-8"}
ITEMS = tuple(
    {"title": f"城东停水通知第{n}号", "link": f"{SITE}{n}.html", "pubDate": "Tue, 10 Mar 2026 09:00:00 +0800"}
    for n in range(5)
)


def page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>青禾日报</title>{head}</head><body>{body}</body></html>'


def named(text: str | bytes, url: str = SITE, content_type: str = "text/html") -> list[Candidate]:
    body = text if isinstance(text, bytes) else text.encode()
    return candidates(Answer(Ask("s", url), url, 200, {"content-type": content_type}, body))


def feeds(text: str, url: str = SITE) -> list[str]:
    return [each.url for each in named(text, url) if each.kind == "feed"]


def html(text: str) -> httpx.Response:
    return httpx.Response(200, text=text, headers=HTML)


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


# ---- what a document names ----


def test_a_feed_is_itself_the_candidate_with_its_own_title() -> None:
    assert named(rss(*ITEMS)) == [Candidate("feed", SITE, "t", "itself")]
    assert named("<rss><channel><title><![CDATA[青禾 <b>日报</b>]]></title></channel></rss>")[0].title == "青禾 日报"
    assert named('{"version": "https://jsonfeed.org/version/1.1", "title": "青禾", "items": []}') == [
        Candidate("feed", SITE, "青禾", "itself")
    ]


def test_the_title_of_an_item_is_not_taken_for_that_of_the_feed() -> None:
    assert named("<rss><channel><item><title>停水</title></item></channel></rss>")[0].title == ""


def test_a_feed_in_gbk_has_a_readable_title() -> None:
    text = '<?xml version="1.0" encoding="gbk"?><rss><channel><title>青禾县水务公告</title></channel></rss>'
    assert named(text.encode("gbk"), content_type="")[0].title == "青禾县水务公告"


def test_a_declared_feed_comes_before_anchors_and_the_page_comes_last() -> None:
    found = named(page('<a href="/rss.xml">RSS</a>', alternate("atom.xml", "application/atom+xml", "青禾要闻")))
    assert found == [
        Candidate("feed", f"{SITE}atom.xml", "青禾要闻", "declared"),
        Candidate("feed", f"{SITE}rss.xml", "青禾日报", "linked"),
        Candidate("page", SITE, "青禾日报", "itself"),
    ]


def test_feeds_of_comments_come_after_the_feed_of_posts() -> None:
    head = alternate("/comments/feed/", title="评论 Feed") + alternate("/feed/")
    assert feeds(page("", head)) == [f"{SITE}feed/", f"{SITE}comments/feed/"]


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json+oembed",
        "text/xml+oembed",
        "text/html",
        "",
        "application/opensearchdescription+xml",
    ],
)
def test_an_alternate_that_is_no_feed_is_left_alone(kind: str) -> None:
    assert feeds(page("", alternate("/wp-json/", kind))) == []


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/rss.xml">我们</a>',
        '<a href="/feed">我们</a>',
        '<a href="/news/rss/">我们</a>',
        '<a href="/index.php?mod=rss">我们</a>',
        '<a href="/dy.html">RSS订阅</a>',
        '<a href="/dy.html">訂閱</a>',
        '<a href="/dy.html"><img src="x.gif" alt="RSS"></a>',
        '<a href="/dy.html" title="rss"></a>',
        '<a href="//news.qinghe.example/x">RSS 2.0</a>',
        '<a href="https://feeds.elsewhere.example/qinghe.rss">我们</a>',
    ],
)
def test_an_anchor_that_says_so_or_looks_like_it_is_a_candidate(link: str) -> None:
    assert len(feeds(page(link))) == 1


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/feedback.html">Feedback</a>',
        '<a href="/a.html">关于我们</a>',
        '<a href="/a.html">订阅号负责人介绍青禾县今年停水检修的整体安排情况和要求</a>',
        '<a href="https://reader.elsewhere.example/add">RSS</a>',
        '<a href="https://reader.elsewhere.example/feed/http%3A%2F%2Fwww.qinghe.example%2F">+</a>',
        '<a href="javascript:void(0)">RSS</a>',
        '<a href="mailto:rss@qinghe.example">RSS</a>',
        '<a href="#rss">RSS</a>',
    ],
)
def test_an_anchor_to_something_else_is_none(link: str) -> None:
    assert feeds(page(link)) == []


def test_links_are_resolved_against_the_base_and_named_once() -> None:
    head = '<base href="https://static.qinghe.example/a/">' + alternate("f.xml") + alternate("../a/f.xml?utm_source=x")
    assert feeds(page("", head)) == ["https://static.qinghe.example/a/f.xml"]


def test_a_page_that_names_hundreds_of_feeds_gives_a_bounded_list() -> None:
    assert len(feeds(page("".join(f'<a href="/{n}/rss.xml">RSS</a>' for n in range(500))))) == MAX_FEEDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not markup",
        "<opml><body></body></opml>",
        "{}",
        '{"data": [1]}',
        "[" * 100_000,
        "<urlset></urlset>",
        "\x00\xff",
    ],
)
def test_what_is_neither_feed_nor_page_has_no_candidates(text: str) -> None:
    assert named(text) == []


@bounded(deadline=None, max_examples=100)
@given(st.text(alphabet='<>/="& a:rssfeedlinkhref订阅\n', max_size=200))
def test_no_page_makes_it_raise(text: str) -> None:
    for each in named(page(text, text)):
        assert each.url.startswith("http")


# ---- what is asked ----


def search(wire: MakeWire, pages: dict[str, Page], url: str = SITE) -> tuple[Discovery, list[str]]:
    net = wire(pages)
    with net.web() as web:
        made = discover(url, web, net.clock, zone="Asia/Shanghai", robots="obey")
    return made, net.asked


def test_an_address_that_is_a_feed_is_asked_once(wire: MakeWire) -> None:
    made, asked = search(wire, {SITE: feed(*ITEMS)})
    assert made.found
    assert (made.found.candidate.kind, made.found.url, len(made.found.posts)) == ("feed", SITE, 5)
    assert made.found.posts[0].published == datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    assert asked == [SITE]


def test_candidates_are_asked_in_turn_until_one_has_posts(wire: MakeWire) -> None:
    head = alternate("gone.xml") + alternate("empty.xml") + alternate("good.xml") + alternate("other.xml")
    pages: dict[str, Page] = {SITE: html(page("", head)), f"{SITE}empty.xml": feed(), f"{SITE}good.xml": feed(*ITEMS)}
    made, asked = search(wire, pages)
    assert made.found
    assert made.found.url == f"{SITE}good.xml"
    assert asked == [SITE, *(f"{SITE}{name}.xml" for name in ("gone", "empty", "good"))]
    assert [each.url for each in made.others] == [f"{SITE}other.xml"]


def test_an_empty_feed_is_taken_where_there_is_nothing_better(wire: MakeWire) -> None:
    made, _ = search(wire, {SITE: html(page("", alternate("empty.xml"))), f"{SITE}empty.xml": feed()})
    assert made.found
    assert (made.found.url, made.found.posts) == (f"{SITE}empty.xml", ())


def test_behind_rss_there_may_be_a_page_that_lists_the_feeds(wire: MakeWire) -> None:
    pages: dict[str, Page] = {
        SITE: html(page('<a href="/dy.html">RSS订阅</a>')),
        f"{SITE}dy.html": html(page('<a href="/rss/water.xml">水务</a><a href="/rss/gas.xml">燃气</a>')),
        f"{SITE}rss/water.xml": feed(*ITEMS),
    }
    made, asked = search(wire, pages)
    assert made.found
    assert (made.found.url, made.found.candidate.title) == (f"{SITE}rss/water.xml", "水务")
    assert [each.title for each in made.others] == ["燃气"]
    assert len(asked) == 3


def test_no_more_than_a_few_addresses_are_asked_whatever_the_page_names(wire: MakeWire) -> None:
    _, asked = search(wire, {SITE: html(page("".join(f'<a href="/{n}/rss.xml">RSS</a>' for n in range(100))))})
    assert len(asked) == MAX_ASKS


def test_robots_txt_is_obeyed_for_the_page_and_for_what_it_names(wire: MakeWire) -> None:
    rules = httpx.Response(200, text="User-agent: *\nDisallow: /\n")
    made, asked = search(wire, {f"{SITE}robots.txt": rules, SITE: feed(*ITEMS)})
    assert (made.found, made.disallowed, asked) == (None, True, [])
    rules = httpx.Response(200, text="User-agent: *\nDisallow: /good.xml\n")
    pages: dict[str, Page] = {f"{SITE}robots.txt": rules, SITE: html(page("", alternate("good.xml")))}
    assert search(wire, pages)[1] == [SITE]


def test_a_page_cannot_send_us_to_a_private_address(wire: MakeWire) -> None:
    net = wire(
        {SITE: html(page("", alternate("http://127.0.0.1:8080/feed.xml"))), "http://127.0.0.1:8080/feed.xml": feed()}
    )
    with net.web() as web:
        made = discover(SITE, web, net.clock, zone="Asia/Shanghai", robots="obey")
    assert made.found is None
    assert net.asked == [SITE]


def test_the_failure_of_the_address_itself_is_the_reason(wire: MakeWire) -> None:
    made, _ = search(wire, {})
    assert str(made.error) == "the server answered with status 404"


def test_what_is_neither_says_what_it_is(wire: MakeWire) -> None:
    made, _ = search(wire, {SITE: httpx.Response(200, text="<opml><body/></opml>", headers=HTML)})
    assert "OPML" in str(made.error)


def test_a_feed_that_moved_for_good_is_written_where_it_is_now(wire: MakeWire) -> None:
    new = f"{SITE}new.xml"
    made, _ = search(wire, {SITE: httpx.Response(301, headers={"location": new}), new: feed(*ITEMS)})
    assert made.found
    assert made.found.url == new
    made, _ = search(wire, {SITE: httpx.Response(302, headers={"location": new}), new: feed(*ITEMS)})
    assert made.found
    assert made.found.url == SITE


@pytest.mark.skipif("page" not in KINDS, reason="the kind page is not registered")
def test_a_page_without_a_feed_is_read_as_the_list_that_it_is(wire: MakeWire) -> None:
    rows = "".join(
        f'<li><a href="/2026/{n}.html">青禾县城东片区第{n}次计划停水检修公告</a><span>2026-03-0{n}</span></li>'
        for n in range(1, 9)
    )
    made, asked = search(wire, {SITE: html(page(f'<ul class="list">{rows}</ul>'))})
    assert made.found
    assert (made.found.candidate.kind, made.found.candidate.title, len(made.found.posts)) == ("page", "青禾日报", 8)
    assert asked == [SITE]


def test_a_page_without_feed_and_list_gives_a_reason(wire: MakeWire) -> None:
    made, _ = search(wire, {SITE: html(page("<p>你好</p>"))})
    assert made.found is None
    assert made.error


# ---- what is written ----


@bounded(deadline=None, max_examples=100)
@given(st.text())
def test_a_quoted_text_is_read_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}


def test_a_lone_surrogate_is_replaced_because_no_file_can_hold_it() -> None:
    assert quoted("a\udcffb").encode() == '"a\ufffdb"'.encode()


def source(name: str = "青禾日报", url: str = SITE) -> Source:
    return Source(name, "feed", url, "official", tags=("水务", '"'))


def test_a_source_table_loads_as_the_source_that_it_was() -> None:
    text = source_table(source('a\n[fetch] \\ "'), "line one\nline = two")
    (loaded,) = config.load(text, "yuqing.toml").sources
    assert (loaded.name, loaded.url, loaded.tier, loaded.tags) == ('a\n[fetch] \\ "', SITE, "official", ("水务", '"'))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "# 没有换行的末行"])
def test_appending_keeps_every_byte_that_was_there(tmp_path: Path, end: str, mark: str, last: str) -> None:
    before = (mark + end.join(("# 说明", "[station]", 'name = "青禾"   # 名称', "")) + last).encode()
    path = tmp_path / "yuqing.toml"
    path.write_bytes(before)
    path.chmod(0o600)
    configure.append(tmp_path, [source_table(source(), "note")])
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") == (after.count(b"\n") if end == "\r\n" else 0)
    assert config.load(after.decode(), "f").sources[0].name == "青禾日报"
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_a_file_that_would_not_load_stays_as_it_is(tmp_path: Path) -> None:
    text = f'sources = [{{ name = "a", kind = "feed", url = "{SITE}a" }}]\n'
    (tmp_path / "yuqing.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as error:
        configure.append(tmp_path, [source_table(source(), "")])
    assert "stays as it is" in error.value.problems[0].text
    assert (tmp_path / "yuqing.toml").read_text("utf-8") == text
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_configured_meanwhile_is_not_written_twice(tmp_path: Path) -> None:
    table = source_table(source(), "")
    (tmp_path / "yuqing.toml").write_text(table, "utf-8")
    with pytest.raises(ConfigError):
        configure.append(tmp_path, [table])


def test_a_name_or_an_address_that_is_taken_is_refused() -> None:
    taken = settings({"青禾": SITE}).sources
    with pytest.raises(UsageError, match="青禾 already"):
        configure.refuse_known(taken, name="青禾")
    with pytest.raises(UsageError, match="is the source 青禾 already"):
        configure.refuse_known(taken, url="http://www.QINGHE.example/?utm_source=x")
    configure.refuse_known(taken, name="青禾2", url=f"{SITE}2")


def test_names_are_made_unique_and_short_and_are_never_empty() -> None:
    assert configure.unique_name("青禾", SITE, {"青禾", "青禾 (2)"}) == "青禾 (3)"
    assert configure.unique_name(" \n", SITE, ()) == "www.qinghe.example"
    assert len(configure.unique_name("长" * 500, SITE, {"长" * configure.MAX_NAME})) <= 200


# ---- the command ----


@pytest.fixture(scope="module")
def town() -> Iterator[str]:
    """The address of the demo's server."""
    with DemoServer(NOW) as server:
        yield server.url


def yuqing(station: Path, *words: str) -> int:
    return run(["--station", str(station), "sources", *words])


def tables(station: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((station / "yuqing.toml").read_text("utf-8")).get("sources", [])
    return found


def test_without_a_terminal_and_yes_the_find_is_shown_and_nothing_is_written(
    make_station: MakeStation, town: str, capsys: pytest.CaptureFixture[str]
) -> None:
    station = make_station()
    before = (station / "yuqing.toml").read_bytes()
    url = f"{town}/daily/feed.xml"
    assert yuqing(station, "add", url) == 0
    out, err = capsys.readouterr()
    assert f"feed: {url}" in out
    assert len([line for line in out.splitlines() if line.startswith("  2026-03-")]) == 3
    assert "[[sources]]" in out
    assert "nothing was written; --yes writes it" in err
    assert (station / "yuqing.toml").read_bytes() == before


def test_yes_appends_a_commented_table_that_the_next_fetch_reads(
    make_station: MakeStation, town: str, capsys: pytest.CaptureFixture[str]
) -> None:
    station = make_station()
    options = ("--tier", "official", "--tag", "水务", "--tag", "公告", "--every", "2h", "--yes")
    url = f"{town}/water/feed.xml"
    assert yuqing(station, "add", url, "--name", "青禾水务", *options) == 0
    assert run(["--station", str(station), "fetch"]) == 0
    text = (station / "yuqing.toml").read_text("utf-8")
    assert f"# added on {datetime.now(UTC):%Y}" in text
    assert tables(station) == [
        {
            "name": "青禾水务",
            "kind": "feed",
            "url": url,
            "tier": "official",
            "tags": ["水务", "公告"],
            "every": "2h",
        }
    ]


def test_a_page_leads_to_its_feed_and_names_the_others(
    make_station: MakeStation, town: str, capsys: pytest.CaptureFixture[str]
) -> None:
    station = make_station()
    assert yuqing(station, "add", town, "--yes") == 0
    assert str(tables(station)[0]["url"]).startswith(f"{town}/")
    assert "also named there, not asked" in capsys.readouterr().out


@pytest.mark.parametrize(("typed", "status", "written"), [("y\n", 0, 1), ("n\n", 0, 0), ("\n", 0, 0), ("", 130, 0)])
def test_on_a_terminal_a_person_decides(
    make_station: MakeStation, town: str, monkeypatch: pytest.MonkeyPatch, typed: str, status: int, written: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    station = make_station()
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("yuqing_cli.cli.face.on_terminal", lambda: True)
    assert yuqing(station, "add", f"{town}/daily/feed.xml") == status
    assert len(tables(station)) == written


def test_what_is_configured_or_nonsense_is_refused_before_anybody_is_asked(
    make_station: MakeStation, capsys: pytest.CaptureFixture[str]
) -> None:
    station = make_station({"青禾": SITE})
    assert yuqing(station, "add", SITE) == 2
    assert yuqing(station, "add", f"{SITE}2", "--name", "青禾") == 2
    assert yuqing(station, "add", "ftp://qinghe.example/") == 2
    assert yuqing(station, "add", f"{SITE}2", "--every", "1s") == 2
    assert yuqing(station, "add", f"{SITE}2", "--tier", "best") == 2


def test_a_feed_that_a_page_leads_to_and_that_is_configured_is_refused(
    make_station: MakeStation, town: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = make_station()
    assert yuqing(first, "add", town, "--yes") == 0
    assert yuqing(first, "add", town, "--yes") == 2
    assert "already" in capsys.readouterr().err
    assert len(tables(first)) == 1


def test_an_address_that_cannot_be_read_is_a_failed_source(
    make_station: MakeStation, town: str, capsys: pytest.CaptureFixture[str]
) -> None:
    station = make_station()
    assert yuqing(station, "add", f"{town}/nowhere", "--yes") == 5
    assert "404" in capsys.readouterr().err
    assert tables(station) == []
