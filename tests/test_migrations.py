"""Bringing a file up to date: whole or not at all, with a copy made before, and nowhere where it would be damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from sqlite_utils import Database

from conftest import NOW, save
from yuqing_cli.adapters.store import Store, database, place, schema
from yuqing_cli.errors import StoreError
from yuqing_cli.models import RawPost

MOUNTS = """\
/dev/vda / ext4 rw 0 0
files:/desk /srv nfs4 rw 0 0
/dev/vdb /srv/local ext4 rw 0 0
//nas/share /mnt/the\\040desk cifs rw 0 0
broken
"""


def at_version(path: Path, version: int) -> None:
    """A file as a program wrote it that knew the first ``version`` migrations only."""
    connection = sqlite3.connect(path, isolation_level=None)
    for step in schema.MIGRATIONS[:version]:
        step(Database(connection))
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute(
        """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, first_seen, at)
        VALUES ('q', 'a', '', '', '青禾水务：停水', '', 'h', 1773108000000, 1773108000000)"""
    )
    connection.close()


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    finally:
        connection.close()


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS)))
def test_a_file_of_each_earlier_version_comes_up_to_date_and_keeps_its_posts(tmp_path: Path, version: int) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    at_version(old, version)
    with Store(old) as store:
        assert store.totals()[0] == 1
        save(store, "a", RawPost("青禾水务：又停水", "", "https://a.example/2", NOW, "2"))
        assert store.totals()[0] == 2
    Store(new).close()
    assert tables(old) == tables(new)


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS)))
def test_before_it_is_brought_up_the_file_is_copied_as_it_was(tmp_path: Path, version: int) -> None:
    path = tmp_path / "yuqing.db"
    at_version(path, version)
    before = tables(path)
    path.chmod(0o600)
    Store(path).close()
    kept = database.former(path, version)
    assert kept.name == f"yuqing.schema-{version}.db"
    assert tables(kept) == before
    assert kept.stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(kept)
    assert connection.execute("SELECT title FROM posts").fetchall() == [("青禾水务：停水",)]
    connection.close()
    assert not list(tmp_path.glob("*.half"))


def test_a_new_file_and_one_that_is_up_to_date_are_not_copied(tmp_path: Path) -> None:
    Store(tmp_path / "yuqing.db").close()
    Store(tmp_path / "yuqing.db").close()
    assert not list(tmp_path.glob("*schema*"))


def test_where_the_copy_cannot_be_written_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "yuqing.db"
    at_version(path, 1)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, schema.m001_station))
    monkeypatch.setattr(database, "MIGRATIONS", schema.MIGRATIONS)
    before = tables(path)
    database.former(path, 1).mkdir()
    with pytest.raises(StoreError, match="the copy that is made before cannot be written"):
        Store(path)
    assert tables(path) == before


def test_a_migration_that_fails_leaves_the_version_before_it_and_every_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "yuqing.db"
    save(Store(path), "a", RawPost("青禾水务：停水", "", "https://a.example/1", NOW, "1"))

    def fails(db: Database) -> None:
        db.execute("DELETE FROM posts")
        db.execute("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr(database, "MIGRATIONS", (*schema.MIGRATIONS, fails))
    with pytest.raises(StoreError, match="nowhere"):
        Store(path)
    monkeypatch.undo()
    with Store(path) as store:
        assert store.totals()[0] == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (PurePosixPath("/home/desk/yuqing.db"), ""),
        (PurePosixPath("/srv/desk/yuqing.db"), "nfs4"),
        (PurePosixPath("/srv/local/yuqing.db"), ""),
        (PurePosixPath("/mnt/the desk/yuqing.db"), "cifs"),
        (PurePosixPath("/srvother/yuqing.db"), ""),
        (PureWindowsPath(r"\\nas\share\yuqing.db"), "UNC"),
        (PureWindowsPath(r"C:\desk\yuqing.db"), ""),
    ],
)
def test_a_network_share_is_known_by_the_file_system_that_lies_there(
    path: PurePosixPath | PureWindowsPath, kind: str
) -> None:
    assert place.network_share(path, MOUNTS) == kind


def test_a_station_on_a_network_share_is_refused_with_advice_before_a_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"files:/desk {tmp_path} nfs rw 0 0\n")
    monkeypatch.setattr(place, "MOUNTS", mounts)
    with pytest.raises(StoreError, match=r"network share \(nfs\).*local disk"):
        Store(tmp_path / "yuqing.db")
    assert not (tmp_path / "yuqing.db").exists()
