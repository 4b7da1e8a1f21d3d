"""Reading a window back: which posts a digest reports, and how many were read.

A window holds the posts whose time (``at``: publication, else first seen) lies in it. Late posts (补报) lie before it, at most a week,
and arrived after the last issue of an earlier window; arrivals are counted in the order in which transactions were committed, because
clocks of two runs may overlap and then a post would be in no issue at all. A post that comes to match by a change (a corrected
headline, the text of its page) arrives again. The week is counted from the start of the window,
not from the moment of the digest: else a post that was told in the morning would be missing from the evening's issue of the same day.

Where no issue has reported the time before the window (a missed shift), its posts are the window's own, as if it had begun earlier: they
are this issue's news, and no late arrivals. The baseline of a source is not among them.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from yuqing_cli.digest.history import LATE, Earlier, gap
from yuqing_cli.digest.sections import Gap
from yuqing_cli.digest.shapes import Window
from yuqing_cli.records import Record, replace
from yuqing_cli.times import to_ms

from .rows import dump

NEVER = -(2**62)
OVERLAP_MS, OVERLAP_ROWS = 600_000, 10_000
"""How far two runs may overlap. Bounded, so that a clock that once stood in another year does not hold the watermark back for ever."""

LATE_ARRIVALS = "late (seq) AS MATERIALIZED (SELECT value FROM json_each(:late))"
_LATE = """SELECT DISTINCT +post FROM arrivals WHERE seq > :watermark AND at <= :as_of AND happened < :covered AND happened >= :oldest"""
"""What arrived above the watermark and had happened before what this report covers. Of baselines nothing has ``happened``."""
IN_WINDOW = "at >= :start AND at < :end AND first_seen <= :as_of"
IN_GAP = "at >= :covered AND at < :start AND first_seen <= :as_of AND baseline = 0"
PLACE = """CASE WHEN (at >= :start AND at < :end) OR (at >= :covered AND at < :start AND baseline = 0) THEN 'window'
    WHEN seq IN (SELECT seq FROM late) THEN 'late' ELSE 'before' END"""


def reported(columns: str, among: str = "1") -> str:
    """A query for these columns, and ``place``, of the posts of a report that a condition holds of; beside ``LATE_ARRIVALS``.

    In three parts, so that each walks an index: the window, the span before it that no issue reported, the late arrivals.
    """
    return f"""SELECT {columns}, 'window' AS place FROM posts WHERE {IN_WINDOW} AND {among}
        UNION ALL SELECT {columns}, 'window' AS place FROM posts WHERE {IN_GAP} AND {among}
        UNION ALL SELECT {columns}, 'late' AS place FROM late CROSS JOIN posts USING (seq) WHERE {among}"""  # noqa: S608


REPORTED = f"SELECT * FROM (WITH {LATE_ARRIVALS} {reported('posts.seq AS seq')})"  # noqa: S608
"""All of them by their numbers."""


class Span(Record):
    """The bounds of one report as SQL parameters."""

    window: Window
    as_of: datetime
    watermark: int
    """What arrived up to here was there when the last issue of an earlier window was made."""
    earlier: Earlier | None = None
    late: tuple[int, ...] = ()
    """The numbers of the posts that arrived late."""

    @property
    def gap(self) -> Gap | None:
        """The span before the window that this report covers as well."""
        return gap(self.window, self.earlier)

    @property
    def values(self) -> dict[str, int | str]:
        """Times in milliseconds; ``late`` as JSON."""
        return {
            "start": to_ms(self.window.start),
            "end": to_ms(self.window.end),
            "as_of": to_ms(self.as_of),
            "watermark": self.watermark,
            "covered": to_ms(self.gap.start if self.gap else self.window.start),
            "told": to_ms(self.earlier.end) if self.earlier else NEVER,
            "oldest": to_ms(self.window.start - LATE),
            "late": dump(self.late),
        }


def span(
    connection: sqlite3.Connection, window: Window, as_of: datetime, watermark: int, earlier: Earlier | None
) -> Span:
    """The bounds of a report, with the late arrivals looked up: once, for all that is asked of it."""
    found = Span(window, as_of, watermark, earlier)
    return replace(found, late=tuple(row[0] for row in connection.execute(_LATE, found.values)))


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


MATCHED_THEN = """coalesce((SELECT changes.matched FROM changes
    WHERE changes.post = posts.seq AND changed_at > :as_of ORDER BY changes.seq LIMIT 1), posts.matched)"""
_READ = f"""WITH {LATE_ARRIVALS}, counted (posts, first) AS (
        SELECT count(*), min(seq) FROM posts WHERE {IN_WINDOW} AND shared = 0
        UNION ALL SELECT count(*), min(seq) FROM posts WHERE {IN_GAP} AND shared = 0
        UNION ALL SELECT count(*), min(seq) FROM late CROSS JOIN posts USING (seq) WHERE shared = 0
        UNION ALL SELECT count(DISTINCT canonical_url), min(seq) FROM ({reported("posts.seq AS seq, canonical_url", "shared = 1")}))
    SELECT sum(posts), coalesce(min(first), 0) FROM counted"""  # noqa: S608
"""Each part by itself: counted together they would go through a table in between."""


class Read(Record):
    """The posts that were read for a report, matched or not."""

    posts: int
    """Every canonical address once."""
    first: int
    """The lowest of their numbers."""


def read(connection: sqlite3.Connection, span: Span) -> Read:
    """Count the posts of a report."""
    return Read(*connection.execute(_READ, span.values).fetchone())
