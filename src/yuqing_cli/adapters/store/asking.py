"""Read-only SQL over the station's file, for people: whatever is asked, nothing is changed, and it ends.

Principle. SQL is the widest door of the program, so it is not trusted to be well meant: it may come from a note, a web page, a
language model. Four locks stand behind each other: the file is opened for reading (``mode=ro``), the connection is told to write
nothing (``query_only``), an authorizer admits reading and nothing else (no ATTACH, which reaches other files; no PRAGMA that sets; no
extensions), and a handler ends what takes too long. Values are bounded, so that ``zeroblob`` and ``group_concat`` cannot take the
machine's memory.

Known failures. The time is looked at between steps of SQLite's machine: one very long step (``LIKE`` over a text of megabytes) is
not cut.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from yuqing_cli.errors import UsageError
from yuqing_cli.records import Record

from .handle import Handle

Value = str | int | float | bytes | None
LONGEST_VALUE, LONGEST_SQL, MEMORY = 20_000_000, 100_000, 512_000_000
"""Bytes: of one value, of the statement, of all that SQLite holds."""
STEPS = 10_000
"""Instructions between two looks at the clock."""

_ADMITTED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_REFUSED_FUNCTIONS = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
_SHOWN_PRAGMAS = {
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
}
_PLAIN_PRAGMAS = {
    "user_version",
    "data_version",
    "application_id",
    "schema_version",
    "page_count",
    "page_size",
    "encoding",
    "compile_options",
}


class Answer(Record):
    """What a statement gave: names of the columns, and rows that are read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Value, ...]]


class Asking(Handle):
    """The methods of the store that answer SQL."""

    @contextmanager
    def ask(self, sql: str, *, seconds: float, zone: str = "") -> Iterator[Answer]:
        """Run one reading statement, on a connection of its own. What views and SQL call local time is that of ``zone``.

        Raises:
            UsageError: it is no statement, not a reading one, wrong, or takes longer than ``seconds``.

        """
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            _lock(connection, time.monotonic() + seconds)
            with _clock_of(zone):
                with _told(seconds):
                    cursor = connection.execute(sql)
                if cursor.description is None:
                    raise UsageError("this is no query: nothing comes of it")
                with closing(_rows(cursor, seconds)) as rows:
                    yield Answer(_names([column[0] for column in cursor.description]), rows)
        finally:
            connection.close()


@contextmanager
def _clock_of(zone: str) -> Iterator[None]:
    """Let SQLite's ``localtime`` be that of the zone, where the system can (not on Windows)."""
    former = os.environ.get("TZ")
    if not zone or not hasattr(time, "tzset"):
        yield
        return
    try:
        os.environ["TZ"] = zone
        time.tzset()
        yield
    finally:
        if former is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = former
        time.tzset()


def _lock(connection: sqlite3.Connection, deadline: float) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA hard_heap_limit = {MEMORY}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_authorize)
    connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in _REFUSED_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        admitted = name in _SHOWN_PRAGMAS or (name in _PLAIN_PRAGMAS and second is None)
        return sqlite3.SQLITE_OK if admitted else sqlite3.SQLITE_DENY
    # SQLite asks this for itself when it opens a table of its own making (the index, json_each); said aloud, it is refused elsewhere.
    opening = action == sqlite3.SQLITE_UPDATE and first == "sqlite_master"
    return sqlite3.SQLITE_OK if opening or action in _ADMITTED else sqlite3.SQLITE_DENY


def _rows(cursor: sqlite3.Cursor, seconds: float) -> Generator[tuple[Value, ...]]:
    with _told(seconds):
        yield from cursor


def _names(given: list[str]) -> tuple[str, ...]:
    """Every name once: rows become objects in JSON."""
    names: dict[str, None] = {}
    for name in given:
        number, unique = 1, name
        while unique in names:
            number += 1
            unique = f"{name}_{number}"
        names[unique] = None
    return tuple(names)


@contextmanager
def _told(seconds: float) -> Iterator[None]:
    """SQLite's words on a statement, as errors of whoever wrote it."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:
        said = str(error)
        if said == "interrupted":
            raise UsageError(
                "it took longer than {seconds} s and was stopped; --seconds allows more", seconds=f"{seconds:g}"
            ) from error
        if "not authorized" in said or "prohibited" in said or "readonly" in said:
            raise UsageError("only reading is allowed here: {reason}", reason=said) from error
        if "one statement" in said:
            raise UsageError("one statement at a time, please") from error
        if "too big" in said or "memory" in said or isinstance(error, MemoryError):
            raise UsageError("the answer is too big for this: {reason}", reason=said or "memory") from error
        raise UsageError("SQL: {reason}", reason=said) from error
