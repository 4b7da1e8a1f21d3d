"""The digest as text, Markdown and JSON: narrow enough for 80 columns, harmless whatever strangers wrote, keys as documented."""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, keyword_set, save, settings
from yuqing_cli import i18n
from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.terminal.page import page_text, print_page
from yuqing_cli.digest.page import page
from yuqing_cli.digest.shapes import Coverage, Delta, Digest, DigestEvent, Link, Method, SourceCoverage, Totals
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.models import RawPost, SourceState, Spell
from yuqing_cli.records import fields, replace
from yuqing_cli.render import digest_json
from yuqing_cli.render.formats import DIGEST_FORMATS
from yuqing_cli.render.sections import outline
from yuqing_cli.text import clean_line
from yuqing_cli.workflows.digest import digest

HOUR = timedelta(hours=1)
ENGLISH, CHINESE = i18n.choose("en"), i18n.choose("zh")
HOSTILE = "停水<script>alert(1)</script> [x](javascript:y) **b** `c` | # _e_ ![i](//j) &lt; \\ [bold red]z[/] ~~s~~"

LONG = "https://news.qinghe.example/" + "a" * 150
SOURCES = '[[sources]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/"\n' + (
    '[[sources]]\nname = "长长的来源名称' + "很" * 30 + '"\nkind = "feed"\nurl = "https://b.example/"\n'
)


def digest_text(digest: Digest, words: i18n.Translate, top: int = 3) -> str:
    return page_text(outline(page(digest, top=top), words))


def drawn(name: str, digest: Digest, words: i18n.Translate, top: int = 3) -> str:
    shown = DIGEST_FORMATS[name](page(digest, top=top), words)
    return shown if isinstance(shown, str) else shown.hex()


def width(line: str) -> int:
    """Cells of a terminal."""
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    return wide - sum(unicodedata.combining(c) > 0 or unicodedata.category(c) in {"Mn", "Me", "Cf"} for c in line)


def made(store: Store, **more: Any) -> Digest:
    return digest(store, settings(SOURCES), keyword_set(), WindowOptions(today=True), now=NOW + HOUR, **more)


WHO = ("青禾水务", "城西学校食堂", "长江医院急诊", "地铁运营部门", "桥梁施工现场")
"""So that no two of them are one event."""


def filled(store: Store, *titles: str) -> Digest:
    raws = [RawPost(t, f"{WHO[i % 5]}：{t}。" * 9, f"{LONG}/{i}", NOW - i * HOUR, str(i)) for i, t in enumerate(titles)]
    save(store, "a", *raws)
    save(store, "b", RawPost(titles[0], "", f"{LONG}/0", NOW, "x"))
    failed = Spell("长长的来源名称" + "很" * 30, "failed", NOW - HOUR, NOW, reason="HTTP 500 " + "long reason " * 20)
    store.save_answer([], SourceState(failed.source), failed, NOW, baseline=False)
    return made(store)


TITLES = (
    "青禾水务：城东片区因管网抢修停水，预计十八小时后恢复，请居民做好储水准备并关注后续通知（第三次更新）" * 2,
    "停水" + "x" * 200,
    "停水 " + "word " * 40,
    HOSTILE,
    "停水😀e\u0301ｱｲｳ①②㈱",
)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_no_line_of_the_text_is_wider_than_80_cells_but_addresses(store: Store, words: i18n.Translate) -> None:
    for line in digest_text(filled(store, *TITLES), words).splitlines():
        assert width(line) <= 80 or "https://" in line, line
        assert line == line.rstrip()


@given(
    st.lists(
        st.text(st.sampled_from("停水，。 　abcＡ😀\u0301[]/\\-é"), min_size=1, max_size=120),
        min_size=1,
        max_size=3,
    )
)
@hypothesis_settings(deadline=None, max_examples=30)
def test_no_title_makes_a_line_too_wide(titles: list[str]) -> None:
    for line in digest_text(invented(*titles), ENGLISH).splitlines():
        assert width(line) <= 80 or "https://" in line, line


def test_addresses_stand_whole_on_one_line(store: Store) -> None:
    shown = digest_text(filled(store, *TITLES), ENGLISH, len(TITLES))
    assert [line for line in shown.splitlines() if f"{LONG}/0" in line]
    assert f"{LONG}/0)" in drawn("markdown", filled(store, *TITLES), ENGLISH, len(TITLES))


def invented(
    *titles: str, url: str = "https://a.example/1", source: str = "a", excerpt: str = "", reason: str = ""
) -> Digest:
    """A digest of these titles, without a store: what a renderer must bear."""

    def event(rank: int, title: str) -> DigestEvent:
        shown = clean_line(title)
        link = Link("p1", shown, url, source, NOW, "media", NOW)
        return DigestEvent(
            "e1", rank, "red", 91.25, {"relevance": 91.25}, "new", shown, excerpt, ("t",), (), NOW, NOW, 1, 1, 1,
            Delta(), None, None, (link,), ("停水",), False, 1,
        )  # fmt: skip

    covered = Coverage(0.5, (SourceCoverage(source, None, "failing", ((NOW - HOUR, NOW),), reason),))
    totals = Totals(1, 1, len(titles), 1, 1)
    return Digest(
        "青禾", "Asia/Shanghai", NOW, NOW + HOUR, "", "today", NOW, 1, 7, totals, covered,
        tuple(event(i, title) for i, title in enumerate(titles, start=1)), {}, Method("0", "abc", {"red": 85.0}),
    )  # fmt: skip


CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_hostile_titles_are_shown_as_they_are_in_text(store: Store) -> None:
    shown = digest_text(invented(HOSTILE), ENGLISH)
    assert re.sub(r"\s+", "", HOSTILE) in re.sub(r"\s+", "", shown)
    assert not CONTROLS.search(shown)


ESCAPABLE = re.compile(r"\\([\\`*_\[\]{}()<>#+!|~&=-]|\d)")


def test_hostile_titles_are_no_markup_in_markdown() -> None:
    shown = drawn("markdown", invented(HOSTILE, excerpt=HOSTILE, source=HOSTILE), ENGLISH)
    (heading,) = [line for line in shown.splitlines() if line.startswith("### ")]
    bare = ESCAPABLE.sub("", heading.removeprefix("### "))
    assert not re.search(r"[<>`*|#!~&]", bare)
    assert bare.count("](") == 1
    assert HOSTILE in ESCAPABLE.sub(r"\1", heading)
    for line in shown.splitlines():
        assert "<script" not in ESCAPABLE.sub("", line)


@given(st.text(st.sampled_from("#-=>*_`[]()!<&|~\\+.1 a停水:/"), min_size=1, max_size=30))
@hypothesis_settings(deadline=None, max_examples=100)
def test_no_title_opens_markup_in_markdown(title: str) -> None:
    shown = drawn("markdown", invented(title or "x"), ENGLISH)
    plain = drawn("markdown", invented("停水"), ENGLISH)
    assert len(shown.splitlines()) == len(plain.splitlines())
    for line, other in zip(shown.splitlines(), plain.splitlines(), strict=True):
        kept, before = ESCAPABLE.sub("", line), ESCAPABLE.sub("", other)
        for mark in "`*_<>![]|~#&":
            assert kept.count(mark) == before.count(mark), line


def test_markdown_has_no_tables_and_no_html() -> None:
    shown = drawn("markdown", invented("停水"), CHINESE)
    assert not re.search(r"^\s*\|", shown, re.MULTILINE)
    assert not re.search(r"<[a-z/]", shown)


@pytest.mark.parametrize(
    "url", ["https://a.example/(x)", "https://a.example/a b", "https://a.example/<b>", 'https://a.example/"t"']
)
def test_no_address_breaks_out_of_its_link(url: str) -> None:
    shown = drawn("markdown", invented("停水", url=url), ENGLISH)
    for address in re.findall(r"\]\(([^)]*)\)", shown):
        assert not re.search(r"[\s<>()]", address)
        assert address.startswith("https://a.example/")


def test_the_name_of_a_source_is_harmless() -> None:
    for name in ("[bold]a[/bold]", "**a**", "<b>a</b>", "a|b"):
        assert name in digest_text(invented("停水", source=name), ENGLISH)
        shown = drawn("markdown", invented("停水", source=name), ENGLISH)
        assert "<b>" not in ESCAPABLE.sub("", shown)


def test_a_source_whose_name_begins_with_a_number_is_an_entry_of_its_own() -> None:
    made = invented("停水")
    unseen = SourceCoverage("12345热线", None, "never")
    made = replace(made, coverage=replace(made.coverage, sources=(*made.coverage.sources, unseen)))
    assert "\n- 12345热线\n" in digest_text(made, ENGLISH)


# ---- JSON ----

DOCUMENTED = {
    "": "schema station window as_of issue watermark totals coverage events suppressed method",
    "window": "from to shift",
    "totals": "posts matched events new_events sources",
    "coverage": "ratio sources",
    "method": "version packs thresholds",
}
EVENT = "id rank level score parts state title excerpt topics subjects first_seen last_seen posts sources origins delta"
EVENT += " owner answer links"
OURS = {
    "": "timezone filters gap comparisons by_topic by_source by_tier hourly matters hot rising suppressed_samples",
    "window": "kind",
    "totals": "late",
    "method": "stale work reweighed",
    "event": "terms late day copies origin highlights playbook hourly burst outlook good status answered_at notes first_told",
    "link": "tier first_seen",
    "source": "reason",
}
"""What we add to the documented keys: adding is allowed, and is done knowingly."""


def test_the_json_has_the_documented_keys_and_only_those_that_we_added_knowingly(store: Store) -> None:
    data = json.loads(drawn("json", filled(store, *TITLES), ENGLISH))
    for name, keys in DOCUMENTED.items():
        part = data[name] if name else data
        assert set(part) == set(keys.split()) | set(OURS.get(name, "").split()), name
    for entry in data["coverage"]["sources"]:
        assert set(entry) == {"name", "last_success", "state", "blind"} | set(OURS["source"].split())
    for event in data["events"]:
        assert set(event) == set(EVENT.split()) | set(OURS["event"].split())
        assert set(event["delta"]) == {"posts", "sources", "rank", "level"}
        for entry in event["links"]:
            assert set(entry) == {"post", "title", "url", "source", "published_at"} | set(OURS["link"].split())


def test_the_json_is_the_same_in_every_language_and_holds_all_events(store: Store) -> None:
    made_of = filled(store, *TITLES)
    assert drawn("json", made_of, ENGLISH, 0) == drawn("json", made_of, CHINESE, 99)
    assert len(json.loads(drawn("json", made_of, ENGLISH, 0))["events"]) == 5


def test_every_number_of_the_json_leads_back_to_its_parts(store: Store) -> None:
    data = json.loads(drawn("json", filled(store, *TITLES), ENGLISH))
    assert data["totals"]["events"] == len(data["events"])
    assert data["totals"]["new_events"] == sum(event["state"] == "new" for event in data["events"])
    assert [event["rank"] for event in data["events"]] == list(range(1, 6))
    for event in data["events"]:
        assert sum(event["parts"].values()) == pytest.approx(event["score"])
        assert event["sources"] == len({entry["source"] for entry in event["links"]})
        assert re.fullmatch(r"2026-03-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00", event["first_seen"])
    assert [event["score"] for event in data["events"]] == sorted((e["score"] for e in data["events"]), reverse=True)


def test_a_digest_of_nothing_has_every_key_too(store: Store) -> None:
    data = json.loads(drawn("json", made(store), ENGLISH))
    assert (data["events"], data["totals"]["events"], data["issue"]) == ([], 0, 1)
    assert data["coverage"]["ratio"] == 0


@pytest.mark.parametrize("name", DIGEST_FORMATS)
def test_a_format_gives_the_same_bytes_for_the_same_digest(store: Store, name: str) -> None:
    made_of = filled(store, *TITLES)
    again = digest_json.from_data(json.loads(digest_json.dumps(made_of)))
    assert drawn(name, again, ENGLISH) == drawn(name, made_of, ENGLISH)
    assert digest_text(again, CHINESE) == digest_text(made_of, CHINESE)


def test_every_field_of_a_digest_is_in_its_json() -> None:
    flat = {field.name for field in fields(Digest)} - {"start", "end", "shift", "kind", "more", "unlisted"}
    assert flat <= set(digest_json.to_data(invented("停水")))


def test_top_moves_events_but_loses_none() -> None:
    one = invented("停水一", "停水二", "停水三", "停水四")
    for top in (0, 1, 3, 99):
        for shown in (digest_text(one, ENGLISH, top), drawn("markdown", one, ENGLISH, top)):
            assert all(event.title in shown for event in one.events)
    late = replace(one, events=tuple(replace(event, late=True) for event in one.events))
    assert all(event.title in digest_text(late, ENGLISH) for event in late.events)


class Window(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("titles", [TITLES, (HOSTILE,), ()], ids=["long", "hostile", "none"])
def test_a_terminal_shows_the_words_that_a_pipe_gets_in_colours_and_with_links(
    store: Store, monkeypatch: pytest.MonkeyPatch, titles: tuple[str, ...]
) -> None:
    shown = page(filled(store, *titles) if titles else made(store), top=3)
    pipe, window = io.StringIO(), Window()
    monkeypatch.setattr(sys, "stdout", pipe)
    print_page(outline(shown, ENGLISH))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", window)
    print_page(outline(shown, ENGLISH))
    assert "\x1b" not in pipe.getvalue()
    bold = "\x1b[1m"
    assert bold in window.getvalue()
    links, coloured = re.compile(r"\x1b]8;[^\x1b]*\x1b\\"), re.compile(r"\x1b\[[0-9;]*m")
    assert bool(links.search(window.getvalue())) == bool(titles)
    assert coloured.sub("", links.sub("", window.getvalue())) == pipe.getvalue()


def test_a_long_headline_goes_on_below_its_first_word(store: Store) -> None:
    lines = digest_text(filled(store, TITLES[0]), ENGLISH).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("1. "))
    below = lines[first + 1 : lines.index(next(line for line in lines if "First report" in line))]
    assert below
    assert all(line.startswith("   ") and line[3] != " " for line in below)
