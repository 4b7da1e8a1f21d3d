"""What can be wrong inside a station file, counted; and the repairs that lose nothing.

Every repair makes again what can be made again (the index, the events) or forgets what only an error can have written (a time that has
not come). Nothing that a source said or the desk wrote is touched; a damaged file is not repaired here but restored from a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from yuqing_cli.records import Record
from yuqing_cli.times import to_ms

from . import copies, posts, search
from .handle import Handle

AHEAD = timedelta(minutes=10)
"""How far a time may lie ahead of the clock: two machines are never quite at one."""
DUE_AHEAD = timedelta(days=2)
"""No source is ever put off for longer (``politeness.schedule``: a day, and its jitter)."""
_FUTURE = "last_asked > :now OR due_at > :due"


class Facts(Record):
    """Counts of what should not be; all 0 (``damage`` empty, ``indexed`` true) in a sound file."""

    damage: tuple[str, ...]
    """What SQLite itself finds, in its words."""
    indexed: bool = True
    """The index is of this edition and answers (``search.sound``)."""
    unindexed: int = 0
    overindexed: int = 0
    """Posts without an entry in the index, and entries without a post."""
    eventless: int = 0
    """Matched posts without an event, unmatched posts with one."""
    orphans: int = 0
    """Hits, exclusions and former versions of posts that are not there."""
    from_the_future: int = 0
    """Posts first seen at a time that has not come."""
    put_off: int = 0
    """Sources that were asked in the future, or are due later than any rule allows."""


class Examining(Handle):
    """Looking at the file as a whole."""

    def facts(self, now: datetime) -> Facts:
        """Read the whole file: about a second for 100,000 posts. A damaged file is not looked into any further."""
        with self._read() as connection:
            if damage := copies.integrity(connection):
                return Facts(tuple(damage))
            return Facts((), *_index(connection), *_rows(connection), *_times(connection, now))

    def cells(self) -> Iterator[tuple[str, str, str, str]]:
        """(table, column, row, text) of every text that is kept, streamed."""
        with self._read() as connection:
            yield from cells(connection)

    def remake_index(self) -> None:
        """Index all stored text anew."""
        with self._write() as connection:
            search.rebuild(connection)

    def regroup_strays(self, now: datetime) -> int:
        """Give matched posts without an event theirs, and take unmatched ones out; how many."""
        with self._write() as connection:
            strays = [post for (post,) in connection.execute(f"SELECT id FROM posts WHERE {_EVENTLESS}")]  # noqa: S608
            posts.group(connection, strays, now)
            return len(strays)

    def drop_orphans(self) -> int:
        """Remove rows of posts that are not there; how many."""
        with self._write() as connection:
            return sum(
                connection.execute(f"DELETE FROM {table} WHERE post NOT IN (SELECT seq FROM posts)").rowcount  # noqa: S608
                for table in _OF_POSTS
            )

    def make_due(self, now: datetime) -> int:
        """Ask the sources again that a wrong clock has put off; how many."""
        with self._write() as connection:
            query = f"UPDATE sources SET last_asked = NULL, due_at = NULL WHERE {_FUTURE}"  # noqa: S608
            return connection.execute(query, _moments(now)).rowcount


_OF_POSTS = ("hits", "exclusions", "changes", "arrivals", "sketches", "former_events")
_EVENTLESS = "(matched = 1) = (event_id IS NULL)"


def _index(connection: sqlite3.Connection) -> tuple[bool, int, int]:
    try:
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        return (False, *search.missing(connection))
    return (search.sound(connection), *search.missing(connection))


def _rows(connection: sqlite3.Connection) -> tuple[int, int]:
    (eventless,) = connection.execute(f"SELECT count(*) FROM posts WHERE {_EVENTLESS}").fetchone()  # noqa: S608
    orphans = 0
    for table in _OF_POSTS:
        query = f"SELECT count(*) FROM {table} WHERE post NOT IN (SELECT seq FROM posts)"  # noqa: S608
        orphans += int(connection.execute(query).fetchone()[0])
    return int(eventless), orphans


def _times(connection: sqlite3.Connection, now: datetime) -> tuple[int, int]:
    values = _moments(now)
    (early,) = connection.execute("SELECT count(*) FROM posts WHERE first_seen > :now", values).fetchone()
    (put_off,) = connection.execute(f"SELECT count(*) FROM sources WHERE {_FUTURE}", values).fetchone()  # noqa: S608
    return int(early), int(put_off)


def _moments(now: datetime) -> dict[str, int]:
    return {"now": to_ms(now + AHEAD), "due": to_ms(now + DUE_AHEAD)}


_UNREAD = ("packsets", "robots", "sqlite_", "search")
"""Not the public's words: the desk's own packs, rules of servers, SQLite's own tables, and the index (pairs of what stands elsewhere)."""


def _text_columns(connection: sqlite3.Connection) -> list[tuple[str, list[str]]]:
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = []
    for table in tables:
        if not table.startswith(_UNREAD):
            columns = connection.execute(
                "SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'", (table,)
            ).fetchall()
            found.append((table, [name for (name,) in columns]))
    return found


def _first(connection: sqlite3.Connection, table: str) -> str:
    """The first column of a table that has no row numbers."""
    return str(connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid LIMIT 1", (table,)).fetchone()[0])


def cells(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    """(table, column, id of the row, text) of every text in the file; of posts the id that people know."""
    for table, columns in _text_columns(connection):
        (bare,) = connection.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
        known = "id" if table == "posts" else "rowid" if not bare else _first(connection, table)
        for column in columns:
            query = f'SELECT {known}, "{column}" FROM "{table}" WHERE "{column}" != \'\''  # noqa: S608 - names from the schema
            for row, text in connection.execute(query):
                yield table, column, str(row), text
