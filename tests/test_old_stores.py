"""A file that an earlier program wrote opens, keeps everything that was in it, and works on like a new one.

The files were written by the programs of their days (``tools/store_fixture.py`` writes the next one): five posts, one issue, a mark.
"""

from __future__ import annotations

import gzip
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import save
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store, search
from yuqing_cli.adapters.store.schema import MIGRATIONS
from yuqing_cli.cli.face import DONE
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE

STORES = sorted((Path(__file__).parent / "data" / "stores").glob("schema-*.db.gz"))
WRITTEN = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
MARKED = 4
"""Since this schema the desk can mark posts."""


def version(path: Path) -> int:
    return int(path.name.split("-")[1].split(".")[0])


def test_every_earlier_schema_has_a_file() -> None:
    unwritten = {10}  # It came with the next one: no program ever wrote it.
    assert {version(path) for path in STORES} >= set(range(1, len(MIGRATIONS))) - unwritten


@pytest.fixture(params=STORES, ids=lambda path: f"schema {version(path)}")
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"old-{version(request.param)}.db"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def test_it_opens_with_all_that_was_in_it(old: Path) -> None:
    number = int(old.stem.split("-")[1])
    with Store(old) as store:
        posts, matched, events = store.totals()
        assert (posts, matched) == (5, 3)
        assert events in {1, 2}
        assert list(store.marks().values()) == (["noise"] if number >= MARKED else [])
        assert store.last_issue_end(WRITTEN) == WRITTEN
    with sqlite3.connect(old) as connection:
        assert search.missing(connection) == (0, 0)
        assert search.sound(connection)


def test_it_goes_on_storing_and_grouping(old: Path) -> None:
    with Store(old) as store:
        raw = RawPost("青禾水务停水续报", "断水", "https://news.qinghe.example/a/1", WRITTEN, "9")
        (entry,) = save(store, "青禾日报", raw, now=WRITTEN)
        found = store.post(entry.post.id)
        assert found
        assert len([post for post in store.members([found.event]) if post.canonical_url == found.canonical_url]) == 3


def test_the_commands_work_on_it(desk: MakeDesk, old: Path) -> None:  # noqa: F811
    one: Desk = desk(sources="")
    for beside in one.folder.glob(f"{DATABASE}*"):
        beside.unlink()
    (one.folder / DATABASE).write_bytes(old.read_bytes())
    for words in (["digest", "--today", "--json"], ["export", "--all"], ["rescore"], ["doctor"], ["status"], ["purge"]):
        outcome = one(*words)
        assert outcome.code == DONE, (words, outcome)
    assert one("digest", "--today", "--json").json["totals"]["posts"] == 4
