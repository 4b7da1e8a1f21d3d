"""Issued digests, what each edition of them told, and the keyword packs that once were good.

``issues`` has the newest edition of each issue with its document; ``editions`` and ``told`` have all of them without, so that what was
known at any earlier moment can be asked for, and so that nobody needs to read a document to know what is new.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from yuqing_cli.digest.compare import Tally
from yuqing_cli.digest.history import Earlier, Former, History
from yuqing_cli.digest.ranked import Ranked
from yuqing_cli.digest.shapes import Issue, Totals, Window
from yuqing_cli.errors import StoreError
from yuqing_cli.times import from_ms, to_ms

from . import windows
from .handle import Handle
from .rows import dump

_COLUMNS = "number, kind, shift, start, end, as_of, watermark, digest"

_PRESENT = """given (id) AS (SELECT value FROM json_each(:ids)),
    present (id, today) AS (SELECT id, coalesce(event, id) FROM given LEFT JOIN event_aliases ON alias = id)"""
"""The id that each of these events has today."""
_EDITIONS = """current AS (SELECT max(seq) AS seq, issue, kind, shift, start, end, as_of, watermark, posts, matched, events
    FROM editions WHERE as_of <= :as_of"""
CURRENT = f"{_EDITIONS} GROUP BY issue)"
"""The edition of each issue that stood at ``as_of`` (SQLite takes the other columns from the row of the maximum)."""


class Issues(Handle):
    """Issues, their editions, and packs."""

    def issue_number(self, window: Window) -> int:
        """The number that an issue of this window has or would get."""
        with self._read() as connection:
            return _number_for(connection, window)

    def save_issue(self, issue: Issue, totals: Totals, told: Iterable[Ranked]) -> None:
        """Store an issued digest and which events it told; issuing the same window again replaces it, and is another edition.

        Raises:
            StoreError: another window took the number since it was chosen; that one must not be lost.

        """
        with self._write() as connection:
            _save(connection, issue, totals, told)

    def exact_issue(self, window: Window, as_of: datetime) -> Issue | None:
        """The issue of just this window at just this moment."""
        query = f"SELECT {_COLUMNS} FROM issues WHERE kind = ? AND shift = ? AND start = ? AND as_of = ?"  # noqa: S608
        with self._read() as connection:
            row = connection.execute(query, (*_key(window), to_ms(as_of))).fetchone()
        return _issue(row) if row else None

    def last_issue_end(self, as_of: datetime) -> datetime | None:
        """Until when the newest issue reports: its knowledge time, or its end where that came first."""
        query = "SELECT min(end, as_of) FROM editions WHERE as_of <= ? ORDER BY as_of DESC LIMIT 1"
        with self._read() as connection:
            row = connection.execute(query, (to_ms(as_of),)).fetchone()
        return from_ms(row[0]) if row else None

    def span(self, window: Window, as_of: datetime) -> windows.Span:
        """The bounds of a report on ``window`` with the knowledge of ``as_of``."""
        before = self.earlier(window, as_of)
        with self._read() as connection:
            mark = before.watermark if before else windows.low_water(connection, window)
            return windows.span(connection, window, as_of, mark, before)

    def high_water(self, as_of: datetime) -> int:
        """The watermark: the last arrival that the file held at ``as_of``."""
        with self._read() as connection:
            return windows.high_water(connection, as_of)

    def earlier(self, window: Window, as_of: datetime) -> Earlier | None:
        """The issues of earlier windows that were known at ``as_of``; None where there were none.

        For an issue that is made again: those that were known when it was first made. What it told as new then has been told by it, and
        an issue of an earlier window that came between has left it out: it would be new nowhere.
        """
        query = f"""WITH {_EDITIONS} AND seq < coalesce((SELECT min(seq) FROM editions
                WHERE kind = :kind AND shift = :shift AND start = :start AND as_of <= :as_of), seq + 1) GROUP BY issue),
            before AS (SELECT * FROM current WHERE start < :start)
            SELECT (SELECT max(min(end, as_of)) FROM before), end, as_of, watermark FROM before
            ORDER BY start DESC, seq DESC LIMIT 1"""  # noqa: S608
        values = {"as_of": to_ms(as_of), "start": to_ms(window.start), "kind": window.kind, "shift": window.shift}
        with self._read() as connection:
            row = connection.execute(query, values).fetchone()
        return Earlier(from_ms(row[0]), from_ms(row[1]), from_ms(row[2]), row[3]) if row else None

    def history(self, window: Window, as_of: datetime, events: Iterable[str]) -> History:
        """What issues that were known at ``as_of`` said of these events, by any id that they have or had.

        A report of the past names its events as they were called then.
        """
        query = f"""WITH {_PRESENT}, {CURRENT}, other AS MATERIALIZED
                (SELECT seq, start FROM current WHERE issue != :own AND (start < :start OR :issues))
            SELECT id, new, rank, level, start < :start FROM (SELECT id, id AS name FROM given
                UNION ALL SELECT id, today FROM present WHERE today != id
                UNION ALL SELECT id, alias FROM present CROSS JOIN event_aliases ON event = today) AS names
            CROSS JOIN told ON told.event = name
                AND told.edition BETWEEN (SELECT min(seq) FROM other) AND (SELECT max(seq) FROM other)
            JOIN other ON other.seq = told.edition
            ORDER BY start, other.seq"""  # noqa: S608
        values = {"as_of": to_ms(as_of), "start": to_ms(window.start), "issues": window.issues, "ids": dump([*events])}
        claimed, last = set(), {}
        with self._read() as connection:
            for event, new, rank, level, before in connection.execute(
                query, values | {"own": _number_for(connection, window)}
            ):
                if new:
                    claimed.add(event)
                if before:
                    last[event] = Former(rank, level)
        return History(claimed, last)

    def issued(self, window: Window, start: datetime, as_of: datetime) -> list[tuple[datetime, datetime, Tally]]:
        """(knowledge, end, totals) of each edition of the window like this one that began at ``start``."""
        query = """SELECT as_of, end, posts, matched, events FROM editions
            WHERE kind = ? AND shift = ? AND start = ? AND as_of <= ? ORDER BY seq"""
        with self._read() as connection:
            rows = connection.execute(query, (window.kind, window.shift, to_ms(start), to_ms(as_of))).fetchall()
        return [(from_ms(at), from_ms(end), Tally(*totals)) for at, end, *totals in rows]

    def grave(self, window: Window, since: datetime, as_of: datetime, most: int) -> list[str]:
        """Events that stood red or orange, and among the first ``most``, when an earlier window's issue told them last.

        Of issues of windows that began since then.
        """
        query = f"""WITH {CURRENT} SELECT told.event, level, rank, max(start) FROM current JOIN told ON told.edition = current.seq
            WHERE start < :start AND start >= :since AND rank <= :most GROUP BY told.event"""  # noqa: S608
        values = {"as_of": to_ms(as_of), "start": to_ms(window.start), "since": to_ms(since), "most": most}
        with self._read() as connection:
            rows = connection.execute(query, values).fetchall()
        return sorted(event for event, level, _, _ in rows if level in {"red", "orange"})

    def todays_ids(self, events: Iterable[str]) -> dict[str, str]:
        """The id that each of these events has today."""
        query = f"WITH {_PRESENT} SELECT id, today FROM present"  # noqa: S608
        with self._read() as connection:
            return dict(connection.execute(query, {"ids": dump([*events])}).fetchall())

    def save_packs(self, pack_hash: str, files: tuple[tuple[str, str], ...], now: datetime) -> None:
        """Keep a good set of keyword packs; the newest ``saved_at`` is the last good one."""
        query = "INSERT INTO packsets VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET saved_at = excluded.saved_at"
        with self._write() as connection:
            connection.execute(query, (pack_hash, to_ms(now), dump(files)))

    def last_packs(self) -> tuple[tuple[str, str], ...]:
        """The last good set: (file name, text); empty when there never was one."""
        with self._read() as connection:
            row = connection.execute("SELECT files FROM packsets ORDER BY saved_at DESC LIMIT 1").fetchone()
        return tuple((name, text) for name, text in json.loads(row[0])) if row else ()


def _key(window: Window) -> tuple[str, str, int]:
    return window.kind, window.shift, to_ms(window.start)


def _issue(row: tuple[int, str, str, int, int, int, int, str]) -> Issue:
    number, kind, shift, start, end, as_of, watermark, digest = row
    window = Window(kind, from_ms(start), from_ms(end), shift)  # type: ignore[arg-type]  # written from a Window
    return Issue(number, window, from_ms(as_of), watermark, digest.encode())


def _number_for(connection: sqlite3.Connection, window: Window) -> int:
    query = "SELECT number FROM issues WHERE kind = ? AND shift = ? AND start = ?"
    row = connection.execute(query, _key(window)).fetchone()
    row = row or connection.execute("SELECT coalesce(max(number), 0) + 1 FROM issues").fetchone()
    return int(row[0])


def _save(connection: sqlite3.Connection, issue: Issue, totals: Totals, told: Iterable[Ranked]) -> None:
    window = issue.window
    if _number_for(connection, window) != issue.number:
        raise StoreError("another digest took the number {number} meanwhile; run this one again", number=issue.number)
    head = (issue.number, window.kind, window.shift, to_ms(window.start), to_ms(window.end), to_ms(issue.as_of))
    values = (*head, issue.watermark, issue.digest.decode())
    connection.execute(f"INSERT OR REPLACE INTO issues ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608
    # The same moment again is the same edition, and keeps its place among the others.
    (place,) = connection.execute(
        "SELECT max(seq) FROM editions WHERE issue = ? AND as_of = ?", (issue.number, to_ms(issue.as_of))
    ).fetchone()
    connection.execute("DELETE FROM told WHERE edition = ?", (place,))
    query = """INSERT OR REPLACE INTO editions (seq, issue, kind, shift, start, end, as_of, watermark, posts, matched, events)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq"""
    ((edition,),) = connection.execute(
        query, (place, *head, issue.watermark, totals.posts, totals.matched, totals.events)
    ).fetchall()
    # In the order of the index: thousands of events in a random one write to thousands of pages.
    rows = sorted((event.id, edition, event.first_told, event.rank, event.level) for event in told)
    connection.executemany("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?)", rows)
