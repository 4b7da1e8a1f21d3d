"""Spans counted, and the headlines of a span: what a digest compares its own with."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from yuqing_cli.digest.compare import Tally
from yuqing_cli.times import from_ms, to_ms

ADDRESS = "iif(canonical_url = '', id, canonical_url)"
INSIDE = "at >= :start AND at < :end AND first_seen <= :as_of"
_TALLY = f"""SELECT alone + posts, alone_matched + matched,
        (SELECT count(DISTINCT event_id) FROM posts WHERE {INSIDE} AND event_id IS NOT NULL)
    FROM (SELECT count(*) AS alone, count(*) FILTER (WHERE matched) AS alone_matched FROM posts WHERE {INSIDE} AND shared = 0),
        (SELECT count(DISTINCT canonical_url) AS posts, count(DISTINCT canonical_url) FILTER (WHERE matched) AS matched
        FROM posts WHERE {INSIDE} AND shared = 1)"""  # noqa: S608
"""Every canonical address once: only shared ones have to be told apart."""


def tally(connection: sqlite3.Connection, start: datetime, end: datetime, as_of: datetime) -> Tally:
    """The totals of a span."""
    values = {"start": to_ms(start), "end": to_ms(end), "as_of": to_ms(as_of)}
    return Tally(*connection.execute(_TALLY, values).fetchone())


def titles(
    connection: sqlite3.Connection, start: datetime, end: datetime, as_of: datetime, most: int
) -> list[tuple[str, str]]:
    """(id, title) of the weightiest matched post of each event that has some in the span, the newest first."""
    query = f"""SELECT id, title FROM (SELECT id, title, at, max(score) FROM posts
        WHERE {INSIDE} AND matched = 1 AND title != '' GROUP BY event_id) ORDER BY at DESC, id LIMIT :most"""  # noqa: S608
    values = {"start": to_ms(start), "end": to_ms(end), "as_of": to_ms(as_of), "most": most}
    return connection.execute(query, values).fetchall()


def first_seen(connection: sqlite3.Connection) -> datetime | None:
    """When the first post that the file knows came: before that, nothing can be compared."""
    row = connection.execute("SELECT first_seen FROM posts ORDER BY seq LIMIT 1").fetchone()
    return from_ms(row[0]) if row else None
