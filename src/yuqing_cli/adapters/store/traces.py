"""The matched posts of a report as they are ranked, read from the indexes alone; and the whole posts of those that are shown.

Of a busy day ten thousand reports are ranked and a few hundred shown. The indexes ``posts_told`` (by time) and ``posts_by_event`` hold
every column of a trace, so that texts are only read of what is shown.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from yuqing_cli.digest.shapes import StoredPost, Trace
from yuqing_cli.records import parsed, replace
from yuqing_cli.times import from_ms, to_ms

from . import windows
from .rows import chunks, dump, marks, parts_from_json, stored_post, tier_of

_FORMER = """former AS (SELECT post, event, copy_of AS copied, min(seq) FROM former_events WHERE changed_at > :as_of GROUP BY +post)"""
"""Posts that were of another event at ``as_of``, with that: the oldest later row holds it (SQLite takes it from the row of ``min``)."""
_TOLD = """(posts.at < :told AND NOT EXISTS
    (SELECT 1 FROM arrivals WHERE arrivals.post = posts.seq AND arrivals.seq > :watermark))"""
"""Whether the last issue of an earlier window had the post, or one before it: what a change since then is counted from."""
_TIME = "coalesce(posts.at, posts.first_seen)"
_SAME = "posts.seq NOT IN (SELECT post FROM former)"


def columns(event: str, copied: str, place: str, told: str) -> str:
    """What ``Reader`` makes traces of; the arguments are expressions over ``posts``."""
    own = f"posts.id, posts.source, posts.canonical_url, {_TIME}, posts.score, posts.topics, posts.subjects"
    return f"posts.seq, {event}, {own}, {place}, {told}, {copied}"


_NOW, _THEN = (
    columns(event, copied, windows.PLACE, _TOLD) for event, copied in (("event_id", "copy_of"), ("event", "copied"))
)
_REPORTED = f"""WITH {windows.LATE_ARRIVALS}, {_FORMER}, touched (event) AS MATERIALIZED (
        SELECT event_id FROM ({windows.reported("event_id", f"event_id IS NOT NULL AND {_SAME}")})
        UNION SELECT event FROM former JOIN posts ON posts.seq = post WHERE first_seen <= :as_of AND {windows.PLACE} != 'before')
    SELECT {_NOW} FROM touched CROSS JOIN posts ON event_id = touched.event
        WHERE event_id IS NOT NULL AND first_seen <= :as_of AND {_TIME} < :end AND {_SAME}
    UNION ALL SELECT {_THEN} FROM former CROSS JOIN posts ON posts.seq = post
        WHERE event IN (SELECT event FROM touched) AND first_seen <= :as_of AND {_TIME} < :end"""  # noqa: S608
_ABSENT = f"""WITH {_FORMER}
    SELECT {columns("coalesce(event, event_id)", "iif(post IS NULL, copy_of, copied)", "'before'", "1")}
    FROM json_each(:events) CROSS JOIN posts ON event_id = value LEFT JOIN former ON post = posts.seq
    WHERE event_id IS NOT NULL AND first_seen <= :as_of"""  # noqa: S608


def reported(connection: sqlite3.Connection, span: windows.Span) -> list[Trace]:
    """The matched posts of the window and the late ones, and every older post of the same events, as they were at ``as_of``.

    Events are those of that moment, by the names that they had. What was published after the window belongs to another one, although
    it may be known and of the same event. In the order of their arrival.
    """
    return Reader(connection, span.as_of).read(connection.execute(_REPORTED, span.values))


def absent(connection: sqlite3.Connection, events: Iterable[str], as_of: datetime) -> list[Trace]:
    """The matched posts of events (by today's ids) as they were at ``as_of``: of events that a window has no news of."""
    values = {"events": dump([*events]), "as_of": to_ms(as_of)}
    return Reader(connection, as_of).read(connection.execute(_ABSENT, values))


class Lists(dict[str, tuple[str, ...]]):
    """Stored lists, each read once: a day has few different ones."""

    def __missing__(self, stored: str) -> tuple[str, ...]:
        found = self[stored] = tuple(json.loads(stored))
        return found


class Reader:
    """Makes traces of rows of ``columns``, as the posts were at ``as_of``; what it has to know for that is asked once."""

    def __init__(self, connection: sqlite3.Connection, as_of: datetime) -> None:
        self._tiers = {name: tier_of(tier) for name, tier in connection.execute("SELECT name, tier FROM sources")}
        self._former, self._lists = _former(connection, as_of), Lists()

    def read(self, rows: Iterable[tuple[Any, ...]]) -> list[Trace]:
        """The traces in the order of their arrival."""
        tiers, former, lists, found = self._tiers, self._former, self._lists, []
        for seq, event, id_, source, address, at, score, topics, subjects, place, told, copied in sorted(rows):
            if former and seq in former:
                version = former[seq]
                if not version["matched"]:
                    continue
                score, topics, subjects = version["score"], version["topics"], version["subjects"]  # noqa: PLW2901
            tier, moment = tiers.get(source, "community"), from_ms(at)
            named, about = lists[topics], lists[subjects]
            found.append(
                Trace(id_, event, source, tier, address, moment, score, named, about, place, told == 1, copied, seq)
            )
        return found


def _former(connection: sqlite3.Connection, as_of: datetime) -> Mapping[int, sqlite3.Row]:
    """The versions of posts that changed after ``as_of``, by number; the oldest later change holds the one of that moment."""
    query = """SELECT post, title, score, parts, topics, subjects, packs, matched FROM changes
        WHERE changed_at > ? ORDER BY seq DESC"""
    cursor = connection.execute(query, (to_ms(as_of),))
    cursor.row_factory = sqlite3.Row
    return {row["post"]: row for row in cursor}


def stored(connection: sqlite3.Connection, traces: Iterable[Trace], as_of: datetime) -> dict[str, StoredPost]:
    """The whole posts of these traces, as they were at ``as_of``, by id."""
    former, found = _former(connection, as_of), {}
    known = {trace.seq: trace for trace in traces}
    for part in chunks(known):
        query = f"""SELECT posts.*, sources.tier AS tier FROM posts LEFT JOIN sources ON sources.name = posts.source
            WHERE seq IN ({marks(part)})"""  # noqa: S608
        cursor = connection.execute(query, part)
        cursor.row_factory = sqlite3.Row
        for row in cursor:
            trace = known[row["seq"]]
            post = stored_post(row, trace.place, told=trace.told)
            if (post.event, post.copy_of) != (trace.event, trace.copy_of):
                post = replace(post, event=trace.event, copy_of=trace.copy_of)
            found[post.id] = _then(post, former[row["seq"]]) if row["seq"] in former else post
    return found


def tones(connection: sqlite3.Connection, traces: Iterable[Trace], as_of: datetime) -> dict[str, float]:
    """How upset these posts sound (the part ``tone`` of their scores), as they were judged then, by id."""
    former, found = _former(connection, as_of), {}
    for part in chunks(trace.seq for trace in traces):
        query = f"SELECT seq, id, parts FROM posts WHERE seq IN ({marks(part)})"  # noqa: S608
        for seq, id_, parts in connection.execute(query, part):
            for name, value, _ in parsed(former[seq]["parts"] if seq in former else parts):
                if name == "tone":
                    found[id_] = value
    return found


def _then(post: StoredPost, version: sqlite3.Row) -> StoredPost:
    """A post as its former version has it."""
    return replace(
        post,
        title=version["title"],
        score=version["score"],
        parts=parts_from_json(version["parts"]),
        topics=tuple(json.loads(version["topics"])),
        subjects=tuple(json.loads(version["subjects"])),
        packs=version["packs"],
    )
