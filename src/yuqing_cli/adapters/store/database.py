"""Opening the one SQLite file: ours, of a version that we know, in WAL, its errors wrapped at this wall."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yuqing_cli.errors import StoreError

from . import views
from .place import require_local
from .schema import APPLICATION_ID, MIGRATIONS

BUSY_MS = 30_000
"""How long a writer waits for another one. A transaction of ours is one source: well under a second."""


def connect(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """Open (and where needed make or migrate) the file.

    Raises:
        StoreError: it is not there, on a network share, not a database, not ours, newer than this program, or cannot be
            written.

    """
    if not create and not path.exists():
        raise StoreError("there is no database yet at {path}: run yuqing fetch first", path=path)
    require_local(path)
    with wrapped(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # In one transaction: a file that another run is making just now must not be seen half empty, half made.
    connection.execute("BEGIN")
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    connection.execute("COMMIT")
    if application != APPLICATION_ID and not (empty and application == 0):
        raise StoreError("{path} is a database of another program; it was not touched", path=path)
    if version > len(MIGRATIONS):
        raise StoreError("{path} was written by a newer yuqing; update this one to open it", path=path)
    connection.execute("PRAGMA foreign_keys = ON")
    if version < len(MIGRATIONS):
        if version:
            _keep_former(connection, path, version)
            with transaction(connection):
                views.drop(connection)
        _migrate(connection)
    if views.stale(connection):
        with transaction(connection):
            views.write(connection)
    connection.execute("PRAGMA synchronous = NORMAL")


def former(path: Path, version: int) -> Path:
    """Where the copy of a file lies that was made before it was brought up from ``version``."""
    return path.with_name(f"{path.stem}.schema-{version}{path.suffix}")


def _keep_former(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the whole file before its tables are changed: a migration that goes wrong in the field must cost nobody's archive.

    The copy is written under another name first, so that a kill leaves no half of one. Of two programs that migrate at once both
    copy the same thing.
    """
    kept = former(path, version)
    half = kept.with_name(f"{kept.name}.{os.getpid()}.half")
    try:
        copied = sqlite3.connect(half, isolation_level=None)
        try:
            connection.backup(copied)
        finally:
            copied.close()
        half.chmod(path.stat().st_mode)
        half.replace(kept)
    except (sqlite3.Error, OSError) as error:
        text = "{path} must be brought up to date, and the copy that is made before cannot be written: {reason}"
        raise StoreError(text, path=path, reason=error) from error
    finally:
        half.unlink(missing_ok=True)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the file up to date: a new one in one transaction, an old one a transaction a step.

    Two programs may open a new file at the same moment, and none may see it between two steps (it would take it for an old one, and
    copy it). An old file is different: a step over millions of posts that succeeded is not done again because the next one was killed.
    """
    from sqlite_utils import Database

    _switch_to_wal(connection)
    with transaction(connection):
        if _version(connection) == 0:
            for step in MIGRATIONS:
                step(Database(connection))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            return
    for number, step in enumerate(MIGRATIONS, start=1):
        with transaction(connection):
            # Read again inside the write lock: another program may have done this step meanwhile.
            if _version(connection) < number:
                step(Database(connection))
                connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Choose the write-ahead log, waiting for others by ourselves.

    SQLite's own waiting does not cover this switch: of six programs that make one file at once, one in 700 found it locked.
    """
    patience = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, holding the write lock from the start (so that what was read inside is still true when it is written)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


_LEAST_FREE = 1_000_000
"""Bytes below which a disk is called full: what SQLite needs beside the file to begin."""


@contextmanager
def wrapped(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours; the cause is kept."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError("{path} is locked by another program", path=path) from error
        if (
            "disk" in str(error) and shutil.disk_usage(path.parent).free < _LEAST_FREE
        ):  # "full" and, where a log is begun, "I/O error"
            raise StoreError("{path} cannot be used: the disk is full; make room on it", path=path) from error
        raise StoreError("{path} cannot be used: {reason}", path=path, reason=error) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            "{path} is damaged or not a database: {reason}; yuqing restore COPY --force puts a copy in its place",
            path=path,
            reason=error,
        ) from error
