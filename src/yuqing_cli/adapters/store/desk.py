"""What the desk said of events. Append-only: a word is taken back by another, and what was known at a moment can be asked for.

Rows keep the id that the event had when they were written; they are read under the id that it has today.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from yuqing_cli.digest.desk import DeskEntry, changes, standing
from yuqing_cli.times import from_ms, to_ms

from .handle import Handle

_FOREVER = 2**62
_READ = """SELECT coalesce(event_aliases.event, desk_entries.event), kind, text, at
    FROM desk_entries LEFT JOIN event_aliases ON alias = desk_entries.event WHERE at <= ? ORDER BY seq"""
_MEANT = """SELECT event_id FROM posts WHERE event_id >= :first AND event_id < :last
    UNION SELECT event FROM event_aliases WHERE alias >= :first AND alias < :last
    UNION SELECT event_id FROM posts WHERE id >= :first AND id < :last AND event_id IS NOT NULL LIMIT 2"""


class DeskWords(Handle):
    """The desk's entries."""

    def desk_add(self, entries: Iterable[DeskEntry], *, dry: bool = False) -> list[DeskEntry]:
        """Write what says anything new; what was written, or with ``dry`` what would be."""
        written: list[DeskEntry] = []
        with self._write() as connection:
            held = _entries(connection, None)
            for entry in entries:
                before = held.setdefault(entry.event, [])
                if not changes(standing(before), entry):
                    continue
                before.append(entry)
                written.append(entry)
            if dry:
                return written
            rows = [(entry.event, entry.kind, entry.text, to_ms(entry.at)) for entry in written]
            connection.executemany("INSERT INTO desk_entries (event, kind, text, at) VALUES (?, ?, ?, ?)", rows)
        return written

    def desk_entries(self, as_of: datetime | None = None) -> Mapping[str, list[DeskEntry]]:
        """What had been said at ``as_of`` (without one: until now), in the order in which it was written, by today's event id."""
        with self._read() as connection:
            return _entries(connection, as_of)

    def event_meant(self, beginning: str) -> tuple[str, str] | None:
        """(id, title) of the event that a person means by an id, a former id, the id of one of its posts, or a beginning of these.

        None where nothing begins so, or where several do. The title is that of its weightiest post.
        """
        first = beginning.strip().lower()
        with self._read() as connection:
            rows = connection.execute(_MEANT, {"first": first, "last": first + "~"}).fetchall() if first else []
            if len(rows) != 1:
                return None
            query = "SELECT title FROM posts WHERE event_id = ? ORDER BY score DESC, at, id LIMIT 1"
            return rows[0][0], connection.execute(query, rows[0]).fetchone()[0]


def _entries(connection: sqlite3.Connection, as_of: datetime | None) -> dict[str, list[DeskEntry]]:
    found: dict[str, list[DeskEntry]] = {}
    for event, kind, text, at in connection.execute(_READ, (_FOREVER if as_of is None else to_ms(as_of),)):
        found.setdefault(event, []).append(DeskEntry(event, kind, text, from_ms(at)))
    return found
