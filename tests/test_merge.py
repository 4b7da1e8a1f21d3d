"""Merging two desks' files: nothing is lost, nothing counts twice, and neither order nor repetition matters."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import NOW, save
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store, search
from yuqing_cli.adapters.store.merging import ADDED_TO
from yuqing_cli.cli.face import DATABASE as DATABASE_FAULT
from yuqing_cli.cli.face import DONE
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE
from yuqing_cli.workflows import keep

HOUR = timedelta(hours=1)
LATER = NOW + 100 * HOUR


def raw(number: int, words: str) -> RawPost:
    """Posts 0 and 1, and 2 and 3, share an address, so that they are one event."""
    return RawPost(
        f"{words}{number}",
        f"青禾县城北片区{words}的说明",
        f"https://a.example/{number // 2}",
        NOW + number * HOUR,
        str(number),
    )


Step = tuple[int, str, int]
"""What a desk did: a post seen with these words at this hour, or (words "noise") marked then."""
STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["停水", "断水", "天气晴", "停水演练", "noise"]), st.integers(0, 9)),
    max_size=10,
)


def work(path: Path, empty: Path, steps: list[Step]) -> Path:
    """A desk's file after these steps, in the order of their hours."""
    shutil.copy(empty, path)
    with Store(path) as store:
        for number, words, hour in sorted(steps, key=lambda step: step[2]):
            now = NOW + hour * HOUR
            if words == "noise":
                known = store.meant(entry_id(number))
                store.mark(known, "noise", now)
            else:
                save(store, "a", raw(number, words), now=now)
    return path


def entry_id(number: int) -> str:
    from yuqing_cli.enrich.clean import clean

    (post,) = clean("a", [raw(number, "x")], masked=True)
    return post.id


def joined(folder: Path, mine: Path, other: Path) -> Path:
    """A copy of ``mine`` with ``other`` merged into it."""
    target = folder / f"{mine.stem}+{other.stem}.db"
    shutil.copy(mine, target)
    with Store(target) as store:
        keep.merge(store, other, LATER)
    return target


def told(path: Path) -> dict[str, list[Any]]:
    """Everything that merging is about, without the numbers that each file gives its rows, and without when rows came to this file."""
    connection = sqlite3.connect(path)

    def rows(query: str) -> list[Any]:
        return sorted(connection.execute(query).fetchall(), key=repr)

    def columns(table: str, *without: str) -> str:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        return ", ".join(f't."{name}"' for name in names if name not in without)

    try:
        found = {"posts": rows(f"SELECT {columns('posts', 'seq')} FROM posts AS t")}
        for table in ("hits", "exclusions", "changes"):
            query = (
                f"SELECT posts.id, {columns(table, 'seq', 'post')} FROM {table} AS t JOIN posts ON posts.seq = t.post"
            )
            found[table] = rows(query)
        for table in ADDED_TO:
            if columns(table):
                found[table] = connection.execute(
                    f"SELECT {columns(table, 'seq')} FROM {table} AS t ORDER BY seq"
                ).fetchall()
        found["aliases"] = rows("SELECT * FROM event_aliases")
        assert search.missing(connection) == (0, 0)
        return found
    finally:
        connection.close()


@settings(max_examples=30, deadline=None)
@given(left=STEPS, right=STEPS)
@example(left=[], right=[(0, "停水", 0), (0, "noise", 0), (4, "停水", 0), (4, "noise", 0)])
@example(left=[], right=[(0, "停水", 1), (0, "断水", 0), (0, "断水", 1), (0, "停水", 1)])
def test_merging_is_commutative_and_idempotent(
    tmp_path_factory: pytest.TempPathFactory, empty_file: Path, left: list[Step], right: list[Step]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    one, two = work(folder / "one.db", empty_file, left), work(folder / "two.db", empty_file, right)
    there, back = joined(folder, one, two), joined(folder, two, one)
    assert told(there) == told(back)
    for other in (one, two, back):
        again = joined(folder, there, other)
        assert told(again) == told(there)
        again.unlink()


def test_each_desks_posts_marks_and_former_versions_are_there(tmp_path: Path, empty_file: Path) -> None:
    one = work(tmp_path / "one.db", empty_file, [(0, "停水", 1), (1, "断水", 2), (0, "noise", 3)])
    two = work(tmp_path / "two.db", empty_file, [(0, "断水", 5), (4, "停水", 2), (4, "noise", 4)])
    merged = joined(tmp_path, one, two)
    with Store(merged) as store:
        assert store.totals()[:2] == (3, 3)
        assert store.marks() == {entry_id(0): "noise", entry_id(4): "noise"}
        found = store.post(entry_id(0))
        assert found
        # The later words stand there, the earlier ones are remembered, and the first sighting counts.
        assert (found.title, found.first_seen) == ("断水0", NOW + HOUR)
        assert store.passages([found.id], NOW + 2 * HOUR)[found.id].title == "停水0"


def test_what_the_other_desk_saw_is_told_by_the_next_issue(desk: MakeDesk, tmp_path: Path, empty_file: Path) -> None:  # noqa: F811
    one = desk(sources="")
    assert one("digest", "--since-last", "--json").json["totals"]["matched"] == 0
    other = work(tmp_path / "other.db", empty_file, [(0, "停水", 0)])
    one.clock.now += HOUR
    outcome = one("merge", other)
    assert outcome == type(outcome)(
        DONE, "new posts: 1, of them matched: 1; in a later version: 0; marks and notes: 0\n", ""
    )
    assert one("merge", other, "--json").json == {"schema": 1, "posts": 0, "matched": 0, "changed": 0, "notes": 0}
    assert one("digest", "--since-last", "--json").json["totals"]["matched"] == 1


def test_a_file_of_an_earlier_schema_is_merged_and_not_touched(tmp_path: Path, empty_file: Path) -> None:
    import gzip

    old = tmp_path / "old.db"
    old.write_bytes(gzip.decompress((Path(__file__).parent / "data" / "stores" / "schema-1.db.gz").read_bytes()))
    before = old.read_bytes()
    merged = joined(tmp_path, work(tmp_path / "one.db", empty_file, []), old)
    with Store(merged) as store:
        assert store.totals()[:2] == (5, 3)
        assert [kind for kind, _, _ in store.work_since(NOW)] == ["merge"]
    assert old.read_bytes() == before
    assert not list(tmp_path.glob(".merge-*"))


def test_what_cannot_be_merged_is_refused_and_changes_nothing(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = desk(sources="")
    (tmp_path / "text.db").write_text("no database", "utf-8")
    for path in (tmp_path / "gone.db", tmp_path / "text.db", one.folder / DATABASE):
        outcome = one("merge", path)
        assert (outcome.code, outcome.out) == (DATABASE_FAULT, "")
