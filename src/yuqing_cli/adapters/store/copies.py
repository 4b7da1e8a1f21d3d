"""Copies of the station file: made while it is in use, proven before they count, and put back.

A copy is one file without a write-ahead log beside it (``journal_mode = DELETE``): it may lie on a network share, a stick, a tape.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from yuqing_cli.errors import StoreError

from .schema import APPLICATION_ID, MIGRATIONS

PAGES = 2048
"""Copied at a time: 8 MB. A writer that comes in between makes SQLite begin again, so it is not made smaller."""
_STAMP = "%Y%m%d-%H%M%S"
_NAMED = re.compile(r"-\d{8}-\d{6}\.db")


def name(path: Path, at: datetime) -> str:
    """What the copy of a file is called: ``yuqing-20261127-180000.db``. The time is the caller's zone's."""
    return f"{path.stem}-{at.strftime(_STAMP)}.db"


def fits(path: Path, folder: Path | None = None) -> bool:
    """Whether the disk has room for another file of this size, and a tenth more."""
    return shutil.disk_usage(folder or path.parent).free > path.stat().st_size * 1.1


def copy(source: sqlite3.Connection, path: Path, to: Path) -> None:
    """Copy an open file, prove the copy, and only then give it its name.

    Raises:
        StoreError: there is no room, it cannot be written, or the copy is not sound.

    """
    half = to.with_name(f".{to.name}.{os.getpid()}.half")
    try:
        if not fits(path, to.parent):
            raise StoreError("there is no room for a copy of {path} in {folder}", path=path, folder=to.parent)
        with closing(sqlite3.connect(half, isolation_level=None)) as target:
            half.chmod(path.stat().st_mode)
            source.backup(target, pages=PAGES)
            target.execute("PRAGMA journal_mode = DELETE").fetchone()
        prove(half)
        half.replace(to)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "a copy of {path} cannot be written to {to}: {reason}", path=path, to=to, reason=error
        ) from error
    finally:
        for beside in (half, *(half.with_name(half.name + end) for end in ("-journal", "-wal", "-shm"))):
            beside.unlink(missing_ok=True)


def copy_file(path: Path, to: Path) -> None:
    """``copy`` of a file that is not open here; another program may have it open. Raises ``StoreError``."""
    with _read_only(path) as source:
        copy(source, path, to)


def prove(path: Path) -> int:
    """How many posts a copy holds, after reading every page of it.

    Raises:
        StoreError: it is not there, not ours, newer than this program, or damaged.

    """
    if not path.is_file():
        raise StoreError("there is no file {path}", path=path)
    with _read_only(path) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError("{path} is no station file of yuqing", path=path)
        if connection.execute("PRAGMA user_version").fetchone()[0] > len(MIGRATIONS):
            raise StoreError("{path} was written by a newer yuqing; update this one to open it", path=path)
        if faults := integrity(connection):
            raise StoreError("{path} is damaged: {reason}", path=path, reason=faults[0])
        return int(connection.execute("SELECT count(*) FROM posts").fetchone()[0])


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StoreError("{path} is damaged or not a database: {reason}", path=path, reason=error) from error


def integrity(connection: sqlite3.Connection, most: int = 20) -> list[str]:
    """What SQLite finds wrong in the file; empty where it is sound."""
    found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({most})")]
    return [] if found == ["ok"] else found


def rotate(folder: Path, stem: str, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` copies of a file in a folder; those that went. Nothing else there is touched."""
    copies = sorted(p for p in folder.glob(f"{stem}-*.db") if _NAMED.fullmatch(p.name.removeprefix(stem)))
    gone = copies[:-keep]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def put_back(copied: Path, path: Path, aside: Path) -> None:
    """Put the content of a proven copy in the place of a file; what the file held before goes to ``aside``.

    The content is written through SQLite into the file that is there, as one transaction: programs that have it open see the old or
    the new, and a kill leaves the old. A file that SQLite cannot read any more is moved aside with its log.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as target:
            damaged = not path.exists() or bool(integrity(target, 1))
            if not damaged and target.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                copy(target, path, aside)
    except sqlite3.DatabaseError:
        damaged = True
    if damaged:
        for end in ("", "-wal", "-shm"):
            beside = path.with_name(path.name + end)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + end))
    try:
        with _read_only(copied) as source, closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL").fetchone()
            path.chmod(copied.stat().st_mode)
    except (OSError, sqlite3.Error) as error:
        raise StoreError("{path} cannot be used: {reason}", path=path, reason=error) from error
