"""Reading a window back: which matched posts a digest reports, and the totals.

A window holds the posts whose time (``at``: publication, else first seen) lies in it. Late posts (补报) lie before it, at most a week,
and arrived after the last issue of an earlier window; arrivals are counted in the order in which transactions were committed, because
clocks of two runs may overlap and then a post would be in no issue at all. A post that comes to match by a change (a corrected
headline, the text of its page) arrives again. The week is counted from the start of the window,
not from the moment of the digest: else a post that was told in the morning would be missing from the evening's issue of the same day.

Where no issue has reported the time before the window (a missed shift), its posts are the window's own, as if it had begun earlier: they
are this issue's news, and no late arrivals. The baseline of a source is not among them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from yuqing_cli.digest.history import LATE, Earlier, gap
from yuqing_cli.digest.sections import Gap
from yuqing_cli.digest.shapes import Counts, StoredPost, Window
from yuqing_cli.times import to_ms

from .rows import dump, parts_from_json, stored_post

NEVER = -(2**62)
OVERLAP_MS, OVERLAP_ROWS = 600_000, 10_000
"""How far two runs may overlap. Bounded, so that a clock that once stood in another year does not hold the watermark back for ever."""

REPORTED = """
    SELECT seq, 'window' AS place FROM posts
        WHERE at >= :start AND at < :end AND first_seen <= :as_of
    UNION ALL
    SELECT seq, 'window' AS place FROM posts
        WHERE at >= :covered AND at < :start AND first_seen <= :as_of AND baseline = 0
    UNION ALL
    SELECT seq, 'late' AS place FROM posts
        WHERE seq IN (SELECT post FROM arrivals WHERE seq > :watermark AND at <= :as_of) AND baseline = 0
        AND +at < :covered AND +at >= :oldest
"""
"""``+`` keeps SQLite from walking a week of ``posts_by_time`` for the few posts above the watermark."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bounds of one report as SQL parameters."""

    window: Window
    as_of: datetime
    watermark: int
    """What arrived up to here was there when the last issue of an earlier window was made."""
    earlier: Earlier | None = None

    @property
    def gap(self) -> Gap | None:
        """The span before the window that this report covers as well."""
        return gap(self.window, self.earlier)

    @property
    def values(self) -> dict[str, int]:
        """All in milliseconds, but the watermark."""
        return {
            "start": to_ms(self.window.start),
            "end": to_ms(self.window.end),
            "as_of": to_ms(self.as_of),
            "watermark": self.watermark,
            "covered": to_ms(self.gap.start if self.gap else self.window.start),
            "told": to_ms(self.earlier.end) if self.earlier else NEVER,
            "oldest": to_ms(self.window.start - LATE),
        }


def high_water(connection: sqlite3.Connection, as_of: datetime) -> int:
    """The watermark at ``as_of``: the last post that the file held.

    Where a run with a faster clock committed first, it lies below that run's posts: this report does not have them, so the next must.
    """
    query = """SELECT coalesce(min(iif(at > :as_of AND at <= :as_of + :overlap, seq - 1, NULL)), max(seq), 0)
        FROM (SELECT seq, at FROM arrivals WHERE seq <=
            (SELECT seq FROM arrivals WHERE at <= :as_of ORDER BY seq DESC LIMIT 1) ORDER BY seq DESC LIMIT :rows)"""
    values = {"as_of": to_ms(as_of), "overlap": OVERLAP_MS, "rows": OVERLAP_ROWS}
    return int(connection.execute(query, values).fetchone()[0])


def low_water(connection: sqlite3.Connection, window: Window) -> int:
    """Above which arrivals may be late where there is no issue of an earlier window: what came since this one began."""
    return high_water(connection, window.start - timedelta(milliseconds=1))


TOLD = """(posts.at < :told AND NOT EXISTS
    (SELECT 1 FROM arrivals WHERE arrivals.post = posts.seq AND arrivals.seq > :watermark)) AS told"""
"""Whether the last issue of an earlier window had the post, or one before it: what a change since then is counted from."""
MATCHED_THEN = """coalesce((SELECT changes.matched FROM changes
    WHERE changes.post = posts.seq AND changed_at > :as_of ORDER BY changes.seq LIMIT 1), posts.matched)"""


def counts(connection: sqlite3.Connection, span: Span) -> Counts:
    """Totals as they were at ``as_of``, every canonical address once."""
    later = connection.execute("SELECT 1 FROM changes WHERE changed_at > ? LIMIT 1", (to_ms(span.as_of),)).fetchone()
    matched = MATCHED_THEN if later else "posts.matched"
    query = f"""WITH reported AS ({REPORTED})
        SELECT count(DISTINCT address), count(DISTINCT address) FILTER (WHERE matched),
            count(DISTINCT address) FILTER (WHERE matched AND place = 'late')
        FROM (SELECT iif(canonical_url = '', id, canonical_url) AS address, {matched} AS matched, place
            FROM reported JOIN posts USING (seq))"""  # noqa: S608
    return Counts(*connection.execute(query, span.values).fetchone())


FORMER = """former AS (SELECT post, event, copy_of AS copied, min(seq) FROM former_events WHERE changed_at > :as_of GROUP BY post)"""
"""Posts that were of another event at ``as_of``, with that: the oldest later row holds it (SQLite takes it from the row of ``min``)."""
THEN = "coalesce(former.event, event_id) AS event_id, iif(former.post IS NULL, copy_of, copied) AS copy_of"
"""Event and copy of then. They stand before all columns of now: of two columns of one name the first is read."""


def reported(connection: sqlite3.Connection, span: Span) -> list[StoredPost]:
    """The matched posts of the window and the late ones, and every older post of the same events, as they were at ``as_of``.

    Events are those of that moment, by the names that they had. What was published after the window belongs to another one, although
    it may be known and of the same event.
    """
    query = f"""WITH reported AS ({REPORTED}), {FORMER},
        touched AS (SELECT DISTINCT coalesce(former.event, event_id) AS event FROM reported JOIN posts USING (seq)
            LEFT JOIN former ON former.post = seq WHERE coalesce(former.event, event_id) IS NOT NULL),
        among AS (SELECT seq FROM posts WHERE event_id IN (SELECT event FROM touched)
            UNION SELECT post FROM former WHERE event IN (SELECT event FROM touched))
        SELECT {THEN}, posts.*, coalesce(place, 'before') AS place, {TOLD}, sources.tier AS tier FROM among JOIN posts USING (seq)
        LEFT JOIN former ON former.post = seq LEFT JOIN reported USING (seq) LEFT JOIN sources ON sources.name = posts.source
        WHERE coalesce(former.event, event_id) IN (SELECT event FROM touched) AND first_seen <= :as_of ORDER BY seq"""  # noqa: S608
    cursor = connection.execute(query, span.values)
    cursor.row_factory = sqlite3.Row
    rows = {row["seq"]: stored_post(row, row["place"], told=bool(row["told"])) for row in cursor}
    _undo_changes(connection, rows, span.as_of)
    return [post for post in rows.values() if post.at < span.window.end]


def absent(connection: sqlite3.Connection, events: Iterable[str], as_of: datetime) -> list[StoredPost]:
    """The matched posts of events (by today's ids) as they were at ``as_of``: of events that a window has no news of."""
    query = f"""WITH {FORMER} SELECT {THEN}, posts.*, sources.tier AS tier FROM posts LEFT JOIN former ON former.post = seq
        LEFT JOIN sources ON sources.name = posts.source
        WHERE event_id IN (SELECT value FROM json_each(:events)) AND first_seen <= :as_of ORDER BY seq"""  # noqa: S608
    cursor = connection.execute(query, {"events": dump([*events]), "as_of": to_ms(as_of)})
    cursor.row_factory = sqlite3.Row
    rows = {row["seq"]: stored_post(row, "before", told=True) for row in cursor}
    _undo_changes(connection, rows, as_of)
    return list(rows.values())


def _undo_changes(connection: sqlite3.Connection, rows: dict[int, StoredPost], as_of: datetime) -> None:
    """Put back what changed after ``as_of``; the oldest later change holds the version of that moment."""
    query = """SELECT post, title, score, parts, topics, subjects, packs, matched FROM changes
        WHERE changed_at > ? ORDER BY seq DESC"""
    former: dict[int, Any] = {row[0]: row for row in connection.execute(query, (to_ms(as_of),)) if row[0] in rows}
    for seq, (_, title, score, parts, topics, subjects, packs, matched) in former.items():
        if not matched:
            del rows[seq]
            continue
        rows[seq] = replace(
            rows[seq],
            title=title,
            score=score,
            parts=parts_from_json(parts),
            topics=tuple(json.loads(topics)),
            subjects=tuple(json.loads(subjects)),
            packs=packs,
        )
