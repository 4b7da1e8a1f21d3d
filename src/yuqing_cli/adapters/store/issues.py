"""Issued digests and the keyword packs that once were good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from yuqing_cli.digest.shapes import Issue, Window
from yuqing_cli.errors import StoreError
from yuqing_cli.times import from_ms, to_ms

from .rows import dump

_COLUMNS = "number, kind, shift, start, end, as_of, watermark, digest"


def _issue(row: tuple[int, str, str, int, int, int, int, str]) -> Issue:
    number, kind, shift, start, end, as_of, watermark, digest = row
    window = Window(kind, from_ms(start), from_ms(end), shift)  # type: ignore[arg-type]  # written from a Window
    return Issue(number, window, from_ms(as_of), watermark, digest.encode())


def number_for(connection: sqlite3.Connection, window: Window) -> int:
    """The number of this window's issue: the one that it has, else the next free one."""
    query = "SELECT number FROM issues WHERE kind = ? AND shift = ? AND start = ?"
    row = connection.execute(query, (window.kind, window.shift, to_ms(window.start))).fetchone()
    return (
        int(row[0]) if row else int(connection.execute("SELECT coalesce(max(number), 0) + 1 FROM issues").fetchone()[0])
    )


def save(connection: sqlite3.Connection, issue: Issue) -> None:
    """Store an issue; issuing the same window again replaces it.

    Raises:
        StoreError: another window took the number since it was chosen; that one must not be lost.

    """
    window = issue.window
    if number_for(connection, window) != issue.number:
        raise StoreError("another digest took the number {number} meanwhile; run this one again", number=issue.number)
    span = (window.kind, window.shift, to_ms(window.start), to_ms(window.end))
    values = (issue.number, *span, to_ms(issue.as_of), issue.watermark, issue.digest.decode())
    connection.execute(f"INSERT OR REPLACE INTO issues ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608


def exact(connection: sqlite3.Connection, window: Window, as_of: datetime) -> Issue | None:
    """The issue of just this window at just this moment."""
    query = f"SELECT {_COLUMNS} FROM issues WHERE kind = ? AND shift = ? AND start = ? AND as_of = ?"  # noqa: S608
    row = connection.execute(query, (window.kind, window.shift, to_ms(window.start), to_ms(as_of))).fetchone()
    return _issue(row) if row else None


def previous(connection: sqlite3.Connection, window: Window, as_of: datetime) -> Issue | None:
    """The last issue of an earlier window that was known at ``as_of``: what "new" and every delta compare with."""
    query = f"SELECT {_COLUMNS} FROM issues WHERE start < ? AND as_of <= ? ORDER BY start DESC, as_of DESC LIMIT 1"  # noqa: S608
    row = connection.execute(query, (to_ms(window.start), to_ms(as_of))).fetchone()
    return _issue(row) if row else None


def last_end(connection: sqlite3.Connection, as_of: datetime) -> datetime | None:
    """Until when the newest issue reports: its knowledge time, or its end where that came first."""
    query = "SELECT min(end, as_of) FROM issues WHERE as_of <= ? ORDER BY as_of DESC LIMIT 1"
    row = connection.execute(query, (to_ms(as_of),)).fetchone()
    return from_ms(row[0]) if row else None


def todays_ids(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, str]:
    """The id that each of these events has today."""
    aliases = dict(connection.execute("SELECT alias, event FROM event_aliases").fetchall())
    return {event: aliases.get(event, event) for event in events}


def reported_before(connection: sqlite3.Connection, window: Window, as_of: datetime) -> set[str]:
    """Every id of every event that an issue of an earlier window has shown: the present one and all former ones.

    A report of the past names its events as they were called then.
    """
    query = """WITH shown AS (SELECT DISTINCT json_extract(value, '$.id') AS id FROM issues, json_each(digest, '$.events')
            WHERE start < ? AND as_of <= ?),
        present AS (SELECT coalesce(event, id) AS id FROM shown LEFT JOIN event_aliases ON alias = id)
        SELECT id FROM present UNION SELECT id FROM shown
        UNION SELECT alias FROM event_aliases JOIN present ON event = present.id"""
    return {row[0] for row in connection.execute(query, (to_ms(window.start), to_ms(as_of)))}


def save_packs(
    connection: sqlite3.Connection, pack_hash: str, files: tuple[tuple[str, str], ...], now: datetime
) -> None:
    """Keep a good set of packs; the newest ``saved_at`` is the last good one."""
    query = "INSERT INTO packsets VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET saved_at = excluded.saved_at"
    connection.execute(query, (pack_hash, to_ms(now), dump(files)))


def last_packs(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    """Files of the last good set: (name, text). Empty when there never was one."""
    row = connection.execute("SELECT files FROM packsets ORDER BY saved_at DESC LIMIT 1").fetchone()
    return tuple((name, text) for name, text in json.loads(row[0])) if row else ()
