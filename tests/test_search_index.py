"""The index of all text: what it answers is what a scan of all posts would find, through every way in which posts are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, judged, save
from yuqing_cli.adapters.store import Store, search
from yuqing_cli.adapters.store.schema import APPLICATION_ID, MIGRATIONS
from yuqing_cli.models import RawPost
from yuqing_cli.text import fold

PIECES = [
    "停水",
    "水",
    "通知",
    "学校",
    "學校",
    "ai",
    "AI",
    "1",
    "3号",
    "３号",
    "😀",
    "𠮷",
    "■",
    " ",
    "，",
    "\n",
    "'",
    '"',
    "#",
    "*",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@pytest.fixture
def file(store: Store) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(store.path, isolation_level=None)
    yield connection
    connection.close()


def found(file: sqlite3.Connection, term: str, field: str = "") -> set[int]:
    expression = search.phrase(fold(term))
    assert expression is not None
    column = f"{field} : " if field else ""
    return {row[0] for row in file.execute("SELECT rowid FROM search WHERE search MATCH ?", (column + expression,))}


def scanned(file: sqlite3.Connection, term: str, field: str = "") -> set[int]:
    rows = file.execute("SELECT seq, title, text FROM posts").fetchall()
    places = {"title": 1, "text": 2}
    fields = [places[field]] if field else [1, 2]
    return {row[0] for row in rows if any(fold(term) in fold(row[i]) for i in fields)}


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6), TEXTS)
@hypothesis_settings(deadline=None, max_examples=150)
def test_an_answer_is_what_a_scan_finds(posts: list[tuple[str, str]], term: str) -> None:
    folded = fold(term)
    expression = search.phrase(folded)
    if expression is None:
        assert not folded or "■" in folded
        return
    with sqlite3.connect(":memory:") as memory:
        from sqlite_utils import Database

        for step in MIGRATIONS:
            step(Database(memory))
        for number, (title, text) in enumerate(posts):
            memory.execute(
                """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, first_seen)
                VALUES (?, '', '', '', ?, ?, '', 0)""",
                (str(number), title, text),
            )
        search.index(memory, range(1, len(posts) + 1))
        for field in ("", "title", "text"):
            assert found(memory, term, field) == scanned(memory, term, field)


def test_a_changed_post_is_found_by_its_new_words_only(store: Store, file: sqlite3.Connection) -> None:
    save(store, "a", RawPost("城东停水", "一直到中午", guid="1"), RawPost("城西停电", guid="2"))
    save(store, "a", RawPost("城东恢复供水", "已经来水", guid="1"), now=NOW + timedelta(hours=1))
    for term in ("停水", "中午", "恢复供水", "来水", "停电", "城"):
        assert found(file, term) == scanned(file, term), term
    assert not found(file, "停水")
    assert search.sound(file)
    assert search.missing(file) == (0, 0)


def test_the_text_of_a_page_is_found_once_it_is_read(store: Store, file: sqlite3.Connection) -> None:
    from yuqing_cli.records import replace

    save(store, "a", RawPost("城东停水", "摘要", guid="1"))
    (entry,) = judged("a", RawPost("城东停水", "全文：抢修到晚上八点", guid="1"))
    store.save_article(replace(entry, post=replace(entry.post, article="read")), "", NOW)
    assert len(found(file, "晚上八点")) == 1
    assert not found(file, "摘要")


def test_a_post_that_is_taken_out_twice_does_no_harm(store: Store, file: sqlite3.Connection) -> None:
    save(store, "a", RawPost("城东停水", guid="1"), RawPost("城西停水", guid="2"))
    search.unindex(file, [1])
    search.unindex(file, [1])
    assert found(file, "停水") == {2}
    search.index(file, [1])
    assert found(file, "停水") == {1, 2}
    file.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_masked_runs_are_not_indexed_and_what_stands_beside_them_is(store: Store, file: sqlite3.Connection) -> None:
    save(store, "a", RawPost("电话13800138000转李", "停水■■", guid="1"))
    ((title,),) = file.execute("SELECT title FROM posts")
    assert "■" in title
    words = file.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, row)") and file.execute(
        "SELECT term FROM temp.words"
    )
    assert not [term for (term,) in words if "■" in term]
    assert found(file, "电话") == found(file, "转李") == found(file, "水") == {1}
    assert search.phrase("话■") is None


def test_what_was_taken_out_is_gone_from_the_pages_once_the_index_is_compacted(store: Store) -> None:
    save(store, "a", RawPost("紫藤花开", guid="1"), RawPost("城西停水", guid="2"))
    with sqlite3.connect(store.path) as file:
        file.execute("PRAGMA secure_delete = ON")
        search.unindex(file, [1])
        file.execute("UPDATE posts SET title = '' WHERE seq = 1")
        search.index(file, [1])
        search.compact(file)
    file.execute("VACUUM")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    store.close()
    assert "紫藤".encode() not in store.path.read_bytes()


def test_a_file_of_before_the_index_gets_it_when_it_is_opened(tmp_path: Path) -> None:
    from sqlite_utils import Database

    path = tmp_path / "old.db"
    old = sqlite3.connect(path, isolation_level=None)
    MIGRATIONS[0](Database(old))
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    old.execute(
        """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, first_seen)
        VALUES ('p', 'a', '', '', '城东停水', '', '', 0)"""
    )
    old.close()
    Store(path).close()
    with sqlite3.connect(path) as new:
        assert found(new, "停水") == {1}
        assert search.sound(new)
    new.close()


def test_the_self_test_sees_an_index_that_lags_behind_or_is_of_another_edition(
    store: Store, file: sqlite3.Connection
) -> None:
    assert search.sound(file)
    save(store, "a", *(RawPost(f"停水{i}", guid=str(i)) for i in range(30)))
    assert search.sound(file)
    search.unindex(file, [30])
    assert not search.sound(file)
    assert search.missing(file) == (1, 0)
    search.rebuild(file)
    assert search.sound(file)
    assert search.missing(file) == (0, 0)
    file.execute("UPDATE search_edition SET edition = 0")
    assert not search.sound(file)
