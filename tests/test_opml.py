"""OPML both ways: what other readers write is understood, what is hostile is refused, and a round trip loses nothing."""

from __future__ import annotations

import io
import string
import tomllib
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from conftest import NOW, MakeStation, settings
from yuqing_cli.cli.app import run
from yuqing_cli.errors import UsageError
from yuqing_cli.models import Source
from yuqing_cli.render import opml as render
from yuqing_cli.sources import opml
from yuqing_cli.sources.opml import MAX_DEPTH, Outline, merged
from yuqing_cli.text import clean_line
from yuqing_cli.workflows.opml import Plan, plan

LIKE = Source("", "feed", "", "community", tags=("导入",), every=timedelta(hours=1))


def document(body: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>\n{before}<opml version="1.0">\n<head><title>t</title></head><body>\n{body}</body></opml>'


def feeds(body: str) -> list[Outline]:
    return opml.read(document(body).encode(), "a.opml")


def planned(text: str, configured: dict[str, str] | None = None) -> Plan:
    return plan(text.encode(), "a.opml", settings(configured or {}), LIKE)


# ---- reading ----


def test_nested_folders_and_categories_become_tags() -> None:
    body = """<outline text="新闻"><outline text="本地">
    <outline type="rss" text="青禾日报" xmlUrl="https://a.example/f" category="/水务/停水,公告, ,新闻"/>
    </outline></outline>
    <outline text="无夹" xmlUrl="https://b.example/f"/>"""
    assert feeds(body) == [
        Outline("青禾日报", "https://a.example/f", ("新闻", "本地", "水务", "停水", "公告"), 5),
        Outline("无夹", "https://b.example/f", (), 7),
    ]


@pytest.mark.parametrize(
    ("attributes", "title", "url"),
    [
        ('title="名" xmlUrl="https://a.example/"', "名", "https://a.example/"),
        ('text="改名" title="原名" xmlurl="https://a.example/"', "改名", "https://a.example/"),
        ('TEXT="名" XMLURL=" https://a.example/ "', "名", "https://a.example/"),
        ('xmlUrl="https://a.example/f"', "a.example", "https://a.example/f"),
        ('text="名" xmlUrl="feed://a.example/f"', "名", "http://a.example/f"),
        ('text="名" xmlUrl="feed:https://a.example/f"', "名", "https://a.example/f"),
        ('text="名" xmlUrl="https://a.example/?a=1&b=2&amp;c=3"', "名", "https://a.example/?a=1&b=2&c=3"),
        ('text="A&#10;&#27;[31mB" xmlUrl="https://a.example/"', "A B", "https://a.example/"),
    ],
)
def test_what_real_files_write_is_understood(attributes: str, title: str, url: str) -> None:
    if "&#27;" in attributes:
        attributes = attributes.replace("&#27;[31m", "")
    (found,) = feeds(f"<outline {attributes}/>")
    assert (found.title, found.url) == (title, url)


def test_a_file_in_gbk_with_a_mark_of_its_own_encoding_is_read() -> None:
    text = '<?xml version="1.0" encoding="GBK"?><opml><body><outline text="青禾供水通知" xmlUrl="https://a.example/"/></body></opml>'
    assert opml.read(text.encode("gbk"), "a.opml")[0].title == "青禾供水通知"
    assert opml.read(b"\xef\xbb\xbf" + text.replace("GBK", "UTF-8").encode(), "a.opml")[0].title == "青禾供水通知"


def test_links_includes_and_empty_folders_are_no_feeds() -> None:
    body = '<outline type="link" text="a" url="https://a.example/"/><outline type="include" url="https://b.example/x.opml"/>'
    assert feeds(f'{body}<outline text="空"/>') == []


def test_a_feed_in_two_folders_is_one_with_both_tags() -> None:
    twice = [Outline("a", "https://a.example/f", ("一",), 3), Outline("b", "http://a.example/f", ("二", "一"), 9)]
    assert merged(twice) == [Outline("a", "https://a.example/f", ("一", "二"), 3)]


# ---- hostile files ----

BOMB = '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
THEFT = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
REMOTE = '<!DOCTYPE opml SYSTEM "https://evil.example/opml.dtd">'


@pytest.mark.parametrize("declared", [BOMB, THEFT, REMOTE, "<!DOCTYPE opml>"])
def test_a_file_that_declares_a_document_type_is_refused(declared: str) -> None:
    with pytest.raises(UsageError, match="declares a document type"):
        opml.read(document('<outline text="&b;&x;" xmlUrl="https://a.example/"/>', declared).encode(), "a.opml")


def test_an_entity_that_nobody_declared_stays_text() -> None:
    assert feeds('<outline text="a&nbsp;b" xmlUrl="https://a.example/"/>')[0].title == "a&nbsp;b"


@pytest.mark.parametrize(
    "body",
    [
        '<outline text="x">' * (MAX_DEPTH + 1) + "</outline>" * (MAX_DEPTH + 1),
        '<outline text="x">' * 50_000,
        '<outline xmlUrl="https://a.example/"/>' * 101,
    ],
)
def test_depth_and_number_are_bounded(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml, "MAX_OUTLINES", 100)
    with pytest.raises(UsageError, match="too deeply or lists too many"):
        feeds(body)


def test_a_file_of_absurd_size_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml, "MAX_BYTES", 10)
    with pytest.raises(UsageError, match="larger than 10 bytes"):
        opml.read(b"<opml></opml>", "a.opml")


@pytest.mark.parametrize(
    ("body", "match"),
    [
        (b"", "not OPML: no element found"),
        (b"no markup", "not OPML: syntax error"),
        (b"<rss><channel/></rss>", "begins with <rss>"),
        (b"\n\n<opml>\n<body>\n<outline\n</opml>", "a.opml:6: not OPML: not well-formed"),
        (b'<?xml version="1.0"?>\n\n<opml>\n</body></opml>', "a.opml:4: not OPML: mismatched tag"),
    ],
)
def test_what_is_no_opml_is_refused_with_its_line(body: bytes, match: str) -> None:
    with pytest.raises(UsageError, match=match):
        opml.read(body, "a.opml")


@bounded(deadline=None, max_examples=100)
@given(st.text(alphabet='<>/="&;!? oplmutinexrU:[]\n', max_size=200))
def test_garbage_is_read_or_refused_and_nothing_else(text: str) -> None:
    for body in (text, document(text)):
        try:
            opml.read(body.encode(), "a.opml")
        except UsageError:
            continue


# ---- what is added ----


def test_what_is_configured_is_skipped_and_names_are_made_unique() -> None:
    body = "".join(
        f'<outline text="青禾" xmlUrl="{url}"/>'
        for url in (
            "http://old.example/f?utm_source=x",
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/2",
        )
    )
    made = planned(document(body), {"青禾": "https://old.example/f"})
    assert made.known == 1
    assert [(source.name, source.url) for source in made.new] == [
        ("青禾 (2)", "https://a.example/1"),
        ("青禾 (3)", "https://a.example/2"),
    ]
    assert {(source.tier, source.tags, source.every) for source in made.new} == {
        ("community", ("导入",), timedelta(hours=1))
    }


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "/feed.xml", "javascript:alert(1)", "https://", "https://user:secret@a.example/", "x" * 3_000],
)
def test_an_address_that_cannot_be_asked_is_reported_with_its_line_and_skipped(url: str) -> None:
    made = planned(document(f'<outline text="a" xmlUrl="{url}"/>\n<outline text="b" xmlUrl="https://b.example/"/>'))
    assert [(problem.file, problem.line) for problem in made.refused] == [("a.opml", 4)]
    assert [source.name for source in made.new] == ["b"]


# ---- writing, and the round trip ----


def written(*sources: Source, title: str = "青禾") -> str:
    return "".join(render.lines(sources, title=title, now=NOW))


def test_what_is_written_is_opml_2_with_folders_that_readers_show() -> None:
    water = Source("水务 & <公告>", "feed", "https://a.example/?a=1&b=2", tags=("水务", "公告"))
    root = ET.fromstring(written(water, Source("无", "feed", "https://b.example/"), title="<&>"))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "<&>")
    assert root.findtext("head/dateCreated") == "Tue, 10 Mar 2026 02:00:00 +0000"
    folder, plain = root.findall("body/outline")
    assert folder.attrib == {"text": "水务", "title": "水务"}
    assert folder[0].attrib == {
        "type": "rss",
        "text": "水务 & <公告>",
        "title": "水务 & <公告>",
        "xmlUrl": "https://a.example/?a=1&b=2",
        "category": "水务,公告",
    }
    assert plain.get("text") == "无"


def test_only_feeds_are_written() -> None:
    assert opml.read(written(Source("页", "page", "https://a.example/")).encode(), "a.opml") == []


WORDS = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12).filter(
    lambda word: clean_line(word) == word  # invisible characters are no part of a name
)
PATHS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
ENTRIES = st.lists(st.tuples(WORDS, PATHS, st.lists(WORDS, max_size=4, unique=True)), max_size=8)


@bounded(deadline=None, max_examples=100)
@given(ENTRIES)
def test_names_addresses_and_tags_survive_the_round_trip(entries: list[tuple[str, str, list[str]]]) -> None:
    by_path = {path: (name, tuple(tags)) for name, path, tags in entries}
    sources = {
        name: Source(name, "feed", f"https://{path}.example/f?a=1&b={path}", tags=tags)
        for path, (name, tags) in by_path.items()
    }
    made = plan(written(*sources.values()).encode(), "a.opml", settings({}), Source("", "feed", ""))
    assert made.refused == []
    assert {(s.name, s.url, s.tags) for s in made.new} == {(s.name, s.url, s.tags) for s in sources.values()}


# ---- the commands ----


def yuqing(station: Path, *words: str) -> int:
    return run(["--station", str(station), "sources", *words])


def facts(station: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    tables = tomllib.loads((station / "yuqing.toml").read_text("utf-8")).get("sources", [])
    return {(table["name"], table["url"], tuple(table.get("tags", ()))) for table in tables}


SOURCES = """
[[sources]]
name = "青禾水务"
kind = "feed"
url = "https://water.example/rss.xml"
tags = ["水务", "a,b/c %2C"]
[[sources]]
name = 'He said "&"'
kind = "feed"
url = "https://b.example/?a=1&b=2"
"""


def test_a_station_exported_and_imported_into_an_empty_one_has_the_same_feeds(
    make_station: MakeStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, file = make_station(SOURCES), make_station(), tmp_path / "feeds.opml"
    assert yuqing(first, "export", "-o", str(file)) == 0
    assert capsys.readouterr() == ("", "")
    assert yuqing(second, "import", str(file), "--yes") == 0
    assert facts(second) == facts(first)
    assert yuqing(second, "import", str(file), "--yes") == 0
    assert "new feeds: 0, configured already: 2" in capsys.readouterr().err
    assert yuqing(first, "export", "-o", str(file)) == 2
    assert yuqing(first, "export", "-o", str(file), "--force") == 0


def test_without_yes_and_without_a_terminal_an_import_only_shows(
    make_station: MakeStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    station, file = make_station(), tmp_path / "a.opml"
    file.write_text(document('<outline text="名" xmlUrl="https://a.example/"/><outline xmlUrl="ftp://x/"/>'), "utf-8")
    before = (station / "yuqing.toml").read_bytes()
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert yuqing(station, "import", str(file)) == 0
    out, err = capsys.readouterr()
    assert "https://a.example/" in out
    assert f"{file}:4: not a web address: ftp://x/" in err
    assert "new feeds: 1, configured already: 0, cannot be used: 1" in err
    assert "nothing was written" in err
    assert (station / "yuqing.toml").read_bytes() == before


def test_export_without_a_file_goes_to_stdout_and_tells_what_is_left_out(
    make_station: MakeStation, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert yuqing(make_station(SOURCES), "export") == 0
    assert len(opml.read(capfdbinary.readouterr().out, "-")) == 2
