"""Searching: whatever way an answer comes to be, it is what reading every post would have found."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, MakeStation, save, settings
from yuqing_cli.adapters.store import Store, search
from yuqing_cli.adapters.store.expression import compiled
from yuqing_cli.adapters.store.searching import Bounds
from yuqing_cli.cli.app import run
from yuqing_cli.findings import Found, Order
from yuqing_cli.models import RawPost
from yuqing_cli.packs.query import QueryError, about, parse
from yuqing_cli.packs.query_find import Finder
from yuqing_cli.text import fold
from yuqing_cli.workflows.search import search as look

TITLES = [
    "城东停水，居民：没人通知",
    "渚田鎮東區明日停水八小時",
    "GMail 服务中断 3 小时",
    "学校长期缺水，校长：已报修",
    "停電不停水",
    "Ａｉ　课堂进校园 😀𠮷野路",
    "关于12345热线的通知（第3号）",
    "水",
]
TEXTS = [
    "",
    "从早上七点开始停水，\n一直到中午。电话13812345678",
    "演练：本次停水为演练",
    "水质浑浊；小区断水",
    "no water at all",
]
SOURCES = (
    '[[sources]]\nname = "forum"\nkind = "feed"\nurl = "https://forum.example/f"\ntier = "media"\ntags = ["city"]\n'
)


@pytest.fixture
def filled(store: Store) -> Store:
    raws = [RawPost(title, text, f"https://a.example/{i}") for i, (title, text) in enumerate(_pairs())]
    save(store, "forum", *raws[::2])
    save(store, "paper", *raws[1::2], now=NOW + timedelta(days=1))
    return store


def _pairs() -> list[tuple[str, str]]:
    return [(title, text) for title in TITLES for text in TEXTS]


def asked(
    store: Store, query: str, bounds: Bounds | None = None, order: Order = "relevance", limit: int = 1000
) -> Found:
    sources = settings(SOURCES).sources
    return look(store, sources, query, bounds or Bounds(), order=order, limit=limit, now=NOW + timedelta(days=2))


def titles(found: Found) -> list[str]:
    return sorted(shown.post.title for shown in found.shown)


def stored(store: Store) -> list[tuple[str, str, str]]:
    with sqlite3.connect(store.path) as file:
        return file.execute("SELECT title, text, source FROM posts").fetchall()


def scanned(store: Store, query: str) -> list[str]:
    """The titles of all stored posts on which the query holds, without any index."""
    finder = Finder(parse(query))
    meta = {"forum": about("forum", ["city"], "media"), "paper": about("paper", (), "media")}
    return sorted(title for title, text, source in stored(store) if finder.holds(title, text, meta[source]))


def test_every_piece_of_one_to_four_characters_is_found_exactly_where_it_stands(filled: Store) -> None:
    rows = stored(filled)
    pieces = {
        field[i : i + size]
        for title, text, _ in rows
        for field in (fold(title), fold(text))
        for size in (1, 2, 3, 4)
        for i in range(len(field) - size + 1)
    }
    for piece in Random(7).sample(sorted(p for p in pieces if p.strip() and '"' not in p), 250):
        holding = sorted(t for t, x, _ in rows if piece.strip() in fold(t) or piece.strip() in fold(x))
        found = asked(filled, f'"{piece}"')
        assert titles(found) == holding, piece
        assert found.total == len(holding)


WORDS = st.sampled_from(
    ["停水", "水", "演练", "ai", "GMAIL", "3", "小區", "停*水", "断?", "m*l", '"停水，"', "没有的", "■", "7■"]
)
LEAVES = st.one_of(
    WORDS,
    st.sampled_from(
        [
            "/停.水/",
            "/水|电/",
            "source:forum",
            "tag:city",
            "tier:media",
            "NEAR(停水, 居民, 3)",
            "ONEAR(水, 停 OR 断, 9)",
        ]
    ),
    WORDS.map("title:{}".format),
    WORDS.map("text:{}".format),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" AND ", " OR ", " NOT ", " "]), inner).map("".join),
        inner.map("({})".format),
    ),
    max_leaves=6,
)


@given(query=QUERIES)
@hypothesis_settings(max_examples=150, deadline=None)
def test_any_query_finds_what_reading_every_post_finds(shared: Store, query: str) -> None:
    try:
        expected = scanned(shared, query)
    except QueryError:
        return
    found = asked(shared, query)
    assert titles(found) == expected
    assert found.total == len(expected)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("search") / "yuqing.db")
    raws = [RawPost(title, text, f"https://a.example/{i}") for i, (title, text) in enumerate(_pairs())]
    save(store, "forum", *raws[::2])
    save(store, "paper", *raws[1::2])
    return store


def test_a_changed_post_is_found_by_its_new_text_and_no_longer_by_its_old_one(store: Store) -> None:
    save(store, "forum", RawPost("城东停水", "早上", "https://a.example/1"))
    save(store, "forum", RawPost("城东恢复供水", "晚上", "https://a.example/1"))
    assert asked(store, "停水").total == 0
    assert [shown.matched for shown in asked(store, "恢复供水 晚上").shown] == [("恢复供水", "晚上")]


def test_a_purged_text_is_found_neither_by_the_index_nor_by_reading(filled: Store) -> None:
    with sqlite3.connect(filled.path, isolation_level=None) as file:
        seqs = [seq for (seq,) in file.execute("SELECT seq FROM posts WHERE source = 'forum'")]
        search.unindex(file, seqs)
        file.execute("UPDATE posts SET title = '', text = '' WHERE source = 'forum'")
        search.index(file, seqs)
    assert {shown.post.source for shown in asked(filled, "停水").shown} == {"paper"}
    assert asked(filled, "source:forum").total == 0
    assert titles(asked(filled, "停水")) == scanned(filled, "停水")


@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("停水", "index"),
        ("水", "index"),
        ("title:停水 NOT (演练 OR text:小区)", "index"),
        ("停*水", "checked"),
        ("停水 source:forum", "checked"),
        ("停水 NOT source:forum", "checked"),
        ("/停水.居/", "checked"),
        ("source:forum", "read"),
        ("/\\d\\d/", "read"),
        ("停水 OR tier:media", "read"),
    ],
)
def test_a_post_is_read_only_where_the_index_alone_cannot_tell(filled: Store, query: str, how: str) -> None:
    found = asked(filled, query)
    assert found.how == how
    assert titles(found) == scanned(filled, query)
    assert (found.read > 0) == (how != "index")


def test_an_exclusion_that_must_be_read_takes_no_answer_away_in_the_index() -> None:
    assert compiled(parse("停水 NOT 停*水")) == (compiled(parse("停水")).match, False)


def test_a_query_that_the_index_refuses_is_answered_by_reading(filled: Store) -> None:
    deep = " OR ".join(f"(停水 AND (水{i} OR 居民))" for i in range(300))
    assert titles(asked(filled, deep)) == scanned(filled, deep)
    nested = "停水" + "".join(f" OR ({w} AND (居民" for w in ["水"] * 24) + "))" * 24
    assert titles(asked(filled, nested)) == scanned(filled, nested)


def test_ascii_is_found_inside_of_words_too(filled: Store) -> None:
    assert asked(filled, "mai").total == asked(filled, "GMAIL").total == len(TEXTS)
    assert asked(filled, "m*i").total == len(TEXTS)


def test_a_word_in_the_title_and_a_newer_post_stand_first(store: Store) -> None:
    save(
        store, "forum", RawPost("很久以前停水", url="https://a.example/1", published=datetime(2025, 11, 1, tzinfo=UTC))
    )
    save(store, "forum", RawPost("今天城东停水", url="https://a.example/2", published=datetime(2026, 3, 9, tzinfo=UTC)))
    save(
        store,
        "forum",
        RawPost("今天城东通知", "停水", url="https://a.example/3", published=datetime(2026, 3, 9, tzinfo=UTC)),
    )
    assert [s.post.title for s in asked(store, "停水").shown] == ["今天城东停水", "今天城东通知", "很久以前停水"]
    newest = asked(store, "停水", order="newest", limit=2)
    assert [s.post.title for s in newest.shown] == ["今天城东通知", "今天城东停水"]
    assert newest.total == 3
    assert [s.post.title for s in asked(store, "停水 source:forum").shown][-1] == "很久以前停水"


@pytest.mark.parametrize("query", ["停水", "停水 source:forum OR source:paper", "source:forum OR source:paper"])
def test_bounds_hold_for_the_index_the_judge_and_the_reader(filled: Store, query: str) -> None:
    late = asked(filled, query, Bounds(start=NOW + timedelta(hours=1)))
    assert {shown.post.source for shown in late.shown} == {"paper"}
    assert late.total == len(late.shown)
    early = asked(filled, query, Bounds(end=NOW + timedelta(hours=1)))
    assert early.total + late.total == asked(filled, query).total
    matched = asked(filled, query, Bounds(matched=True))
    assert all(shown.post.event for shown in matched.shown)
    assert 0 < matched.total <= asked(filled, query).total


def test_what_was_found_is_told_as_the_source_wrote_it(store: Store) -> None:
    save(store, "forum", RawPost("渚田鎮東區停水", "Ａ Ｉ課堂；停 水了", "https://a.example/1"))
    assert asked(store, "东区停水").shown[0].matched == ("東區停水",)
    assert asked(store, "text:停水").shown[0].matched == ("停 水",)
    assert asked(store, "课堂").shown[0].excerpt == "Ａ Ｉ課堂；停 水了"


# ---- the command ----


@pytest.fixture
def station(make_station: MakeStation, clock: object) -> Path:
    folder = make_station(SOURCES)
    with Store(folder / "yuqing.db") as store:
        raws = [RawPost(title, text, f"https://a.example/{i}") for i, (title, text) in enumerate(_pairs())]
        save(store, "forum", *raws)
    return folder


def test_json_counts_all_and_shows_the_first(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--station", str(station), "search", "停水", "--json", "--limit", "2"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["total"] == sum("停水" in title + text for title, text in _pairs())
    assert len(out["posts"]) == 2
    assert {"id", "title", "url", "source", "published_at", "excerpt", "matched"} <= set(out["posts"][0])


@pytest.mark.parametrize(
    ("query", "column"),
    [("停水 -演练", 4), ("停水 AND (", 8), ('"停水', 1), ("/(a+)+b/", 6), ("NOT 停水", 1), ("x" * 300, 1)],
)
def test_a_query_that_cannot_be_read_is_refused_at_its_column(
    station: Path, capsys: pytest.CaptureFixture[str], query: str, column: int
) -> None:
    assert run(["--station", str(station), "search", query]) == 2
    said = capsys.readouterr()
    assert f"column {column}:" in said.err
    assert said.err.splitlines()[-1].endswith("^")
    assert said.out == ""


def test_nothing_that_a_stranger_wrote_is_obeyed_by_the_terminal(
    make_station: MakeStation, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_station()
    with Store(folder / "yuqing.db") as store:
        save(
            store,
            "forum",
            RawPost("停水\x1b[2J[bold]红[/bold]" + "长" * 5000, "停水\x1b]0;x\x07 \u202e", "https://a.example/1"),
        )
    assert run(["--station", str(folder), "search", "停水", "--explain"]) == 0
    said = capsys.readouterr()
    assert "[bold]红[/bold]" in said.out
    assert not {"\x1b", "\u202e", "\x07"} & set(said.out + said.err)
    assert len(said.out) < 1000
    assert "answered by the index alone" in said.err


def test_an_index_that_fails_its_self_test_is_not_asked_and_can_be_made_anew(
    station: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(station / "yuqing.db") as file:
        file.execute("INSERT INTO search (search) VALUES ('delete-all')")
    assert run(["--station", str(station), "search", "停水", "--json"]) == 0
    said = capsys.readouterr()
    assert "--rebuild" in said.err
    assert json.loads(said.out)["answered"] == "read"
    total = json.loads(said.out)["total"]
    assert run(["--station", str(station), "search", "--rebuild"]) == 0
    capsys.readouterr()
    assert run(["--station", str(station), "search", "停水", "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert json.loads(said.out)["answered"] == "index"
    assert json.loads(said.out)["total"] == total > 0


def test_a_search_without_a_query_or_without_a_file_is_refused(
    make_station: MakeStation, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_station()
    assert run(["--station", str(folder), "search"]) == 2
    assert run(["--station", str(folder), "search", "停水"]) == 6
    assert "yuqing fetch" in capsys.readouterr().err
