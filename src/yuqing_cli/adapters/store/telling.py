"""Reading whole events back, whatever window their posts lie in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.digest.story import Nearby
from yuqing_cli.times import from_ms, to_ms

from .handle import Handle
from .rows import chunks, marks, stored_post

_MEMBERS = """SELECT posts.*, sources.tier AS tier FROM posts LEFT JOIN sources ON sources.name = posts.source
    WHERE matched = 1 AND event_id IN ({marks}) ORDER BY posts.seq"""
_NEAR = """WITH ours (post) AS MATERIALIZED (SELECT seq FROM posts WHERE event_id = :event AND event_id IS NOT NULL),
    linked (post, strength) AS (SELECT earlier, strength FROM ours CROSS JOIN links ON later = post WHERE kind = 'event'
        UNION ALL SELECT later, strength FROM ours CROSS JOIN links ON earlier = post WHERE kind = 'event')
    SELECT event_id, max(strength), title, id, coalesce(at, first_seen) FROM linked CROSS JOIN posts ON seq = linked.post
    WHERE strength >= :least AND event_id IS NOT NULL AND event_id != :event
    GROUP BY event_id ORDER BY max(strength) DESC, event_id LIMIT :most"""
"""Of each event the report with the strongest link (SQLite takes the other columns from the row of the maximum)."""


class Telling(Handle):
    """What is stored of single events."""

    def events_of(self, posts: Iterable[str]) -> list[str]:
        """Ids of the events that these posts belong to, each once."""
        with self._read() as connection:
            return _events_of(connection, posts)

    def members(self, events: Sequence[str], as_of: datetime | None = None) -> list[StoredPost]:
        """The matched posts of these events, in the order of their arrival; with ``as_of`` those that were known then."""
        with self._read() as connection:
            return _members(connection, events, as_of)

    def near(self, event: str, least: float, most: int) -> list[Nearby]:
        """Other events of which a report is linked so strongly to one of this event's; the strongest first."""
        values = {"event": event, "least": least, "most": most}
        with self._read() as connection:
            rows = connection.execute(_NEAR, values).fetchall()
        return [Nearby(id_, strength, title, post, from_ms(at)) for id_, strength, title, post, at in rows]

    def former_ids(self, event: str) -> list[str]:
        """The ids under which the event was known before."""
        with self._read() as connection:
            query = "SELECT alias FROM event_aliases WHERE event = ? ORDER BY alias"
            return [row[0] for row in connection.execute(query, (event,))]


def _events_of(connection: sqlite3.Connection, posts: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for part in chunks(posts):
        query = f"SELECT DISTINCT event_id FROM posts WHERE event_id IS NOT NULL AND id IN ({marks(part)})"  # noqa: S608
        found |= dict.fromkeys(row[0] for row in connection.execute(query, part))
    return list(found)


def _members(connection: sqlite3.Connection, events: Sequence[str], as_of: datetime | None) -> list[StoredPost]:
    found: list[StoredPost] = []
    for part in chunks(events):
        cursor = connection.execute(_MEMBERS.format(marks=marks(part)), part)
        cursor.row_factory = sqlite3.Row
        known = (row for row in cursor if as_of is None or row["first_seen"] <= to_ms(as_of))
        found += [stored_post(row, "window") for row in known]
    return found
