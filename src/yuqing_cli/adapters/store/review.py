"""A period counted: for the periodic review. Reads rows as they are now; counts and times outlive the texts that retention removes."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, tzinfo

from yuqing_cli.digest.review import EventRow, Rows
from yuqing_cli.digest.sections import Count
from yuqing_cli.models import LEVELS, Level
from yuqing_cli.times import from_ms, to_ms

from . import totals
from .handle import Handle
from .issues import CURRENT
from .totals import ADDRESS, INSIDE

_EVENTS = f"""WITH inside AS MATERIALIZED (SELECT seq, event_id, source, {ADDRESS} AS address, at,
        row_number() OVER (PARTITION BY event_id ORDER BY score DESC, at, id DESC) AS place
        FROM posts WHERE {INSIDE} AND event_id IS NOT NULL),
    counted AS (SELECT event_id, count(DISTINCT address) AS posts, count(DISTINCT source) AS sources, max(at) AS last,
        max(iif(place = 1, seq, NULL)) AS best FROM inside GROUP BY event_id)
    SELECT counted.event_id, id, title, url, score, counted.posts, counted.sources,
        (SELECT min(coalesce(at, first_seen)) FROM posts AS first WHERE first.event_id = counted.event_id), last
    FROM counted JOIN posts ON seq = best"""  # noqa: S608
"""The weightiest report as a digest finds it: of equals the earliest, then the one with the greatest id (``events.rank``)."""
_TOPICS = f"""SELECT event_id, topics, count(*) FROM posts
    WHERE {INSIDE} AND event_id IS NOT NULL GROUP BY event_id, topics"""  # noqa: S608
_SOURCES = f"""SELECT source, count(DISTINCT {ADDRESS}), count(DISTINCT event_id) FROM posts
    WHERE {INSIDE} AND matched = 1 GROUP BY source ORDER BY 2 DESC, source"""  # noqa: S608
_TOLD = f"""WITH {CURRENT} SELECT coalesce(event_aliases.event, told.event), level FROM current JOIN told ON told.edition = current.seq
    LEFT JOIN event_aliases ON alias = told.event WHERE current.end > :start AND current.start < :end"""  # noqa: S608
_ISSUES = f"WITH {CURRENT} SELECT count(*) FROM current WHERE current.end > :start AND current.start < :end"  # noqa: S608


class Reviewing(Handle):
    """Counting a period."""

    def period(self, start: datetime, end: datetime, as_of: datetime, zone: tzinfo) -> Rows:
        """What the file has of a period, without what it is compared with."""
        values = {"start": to_ms(start), "end": to_ms(end), "as_of": to_ms(as_of)}
        with self._read() as connection:
            tally = totals.tally(connection, start, end, as_of)
            sources = tuple(Count(*row) for row in connection.execute(_SOURCES, values))
            days = _days(connection, values, zone)
            issues = int(connection.execute(_ISSUES, values).fetchone()[0])
            return Rows(tally, tuple(_events(connection, values)), sources, days, issues)


def _days(connection: sqlite3.Connection, values: dict[str, int], zone: tzinfo) -> tuple[tuple[str, int], ...]:
    # By the quarter of an hour in SQL, by the station's day here: SQLite knows no zones.
    query = f"SELECT at / 900000, count(DISTINCT {ADDRESS}) FROM posts WHERE {INSIDE} AND matched = 1 GROUP BY 1"  # noqa: S608
    found: dict[str, int] = {}
    for quarter, posts in connection.execute(query, values):
        day = from_ms(quarter * 900_000).astimezone(zone).date().isoformat()
        found[day] = found.get(day, 0) + posts
    return tuple(sorted(found.items()))


def _events(connection: sqlite3.Connection, values: dict[str, int]) -> Iterator[EventRow]:
    topics: dict[str, Counter[str]] = {}
    for event, listed, reports in connection.execute(_TOPICS, values):
        topics.setdefault(event, Counter()).update(dict.fromkeys(json.loads(listed), reports))
    told: dict[str, Level] = {}
    for event, level in connection.execute(_TOLD, values):
        if event not in told or LEVELS.index(level) < LEVELS.index(told[event]):
            told[event] = level
    for event, post, title, url, score, posts, sources, first, last in connection.execute(_EVENTS, values):
        counted = topics.get(event, Counter())
        names = tuple(sorted(counted, key=lambda topic: (-counted[topic], topic)))
        figures = (score, posts, sources, from_ms(first), from_ms(last))
        yield EventRow(event, post, title, url, *figures, names, told.get(event))
