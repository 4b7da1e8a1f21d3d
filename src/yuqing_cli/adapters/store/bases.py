"""By what stored posts were judged: which packs, which scoring. What today's would judge otherwise is to be rescored."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from yuqing_cli.digest.shapes import Window
from yuqing_cli.records import Record
from yuqing_cli.times import to_ms

from .windows import REPORTED, Span

_BASIS = "SELECT source, packs, scoring, count(*)"
_BASIS_THEN = f"""WITH reported AS ({REPORTED}), former AS
    (SELECT post, packs, scoring, min(seq) FROM changes WHERE changed_at > :as_of GROUP BY post)
    SELECT source, coalesce(former.packs, posts.packs), coalesce(former.scoring, posts.scoring), count(*)
    FROM reported JOIN posts USING (seq) LEFT JOIN former ON former.post = posts.seq WHERE posts.purged_at IS NULL
    GROUP BY 1, 2, 3"""  # noqa: S608
INSIDE = "coalesce(at, first_seen) >= :start AND coalesce(at, first_seen) < :end"


class Basis(Record):
    """So many posts of one source were judged by these packs and this scoring (``enrich.stamp``)."""

    source: str
    packs: str
    scoring: str
    posts: int


def of(connection: sqlite3.Connection, within: Window | Span | None) -> list[Basis]:
    """Of the posts of a window, of a report (as it was known then), or of all days."""
    query = f"{_BASIS} FROM posts WHERE purged_at IS NULL GROUP BY 1, 2, 3"
    values: Mapping[str, object] = {}
    if isinstance(within, Span):
        query, values = _BASIS_THEN, within.values
    elif within is not None:
        query, values = f"{_BASIS} FROM posts WHERE purged_at IS NULL AND {INSIDE} GROUP BY 1, 2, 3", bounds(within)
    return [Basis(*row) for row in connection.execute(query, values)]


def stamps(connection: sqlite3.Connection, span: Span) -> list[tuple[str, str, str]]:
    """(source, packs, scoring) of all judgements that posts of a report may rest on; perhaps of some more, never of fewer."""
    query = "SELECT source, packs, scoring FROM judged_by WHERE last_at >= :oldest AND first_at < :end"
    return connection.execute(query, span.values).fetchall()


def bounds(window: Window) -> dict[str, int]:
    """A window as SQL parameters."""
    return {"start": to_ms(window.start), "end": to_ms(window.end)}
