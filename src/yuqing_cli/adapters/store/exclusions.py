"""Which rules only their exclusions kept from firing: read back by post, and by window for what a digest held back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from yuqing_cli.digest.shapes import Withheld
from yuqing_cli.models import Exclusion
from yuqing_cli.times import to_ms

from .rows import chunks, marks
from .windows import LATE_ARRIVALS, MATCHED_THEN, PLACE, Span

_COLUMNS = "pack, kind, rule, term, field"


def of_posts(connection: sqlite3.Connection, ids: Iterable[str], as_of: datetime) -> dict[str, tuple[Exclusion, ...]]:
    """The exclusions of posts as they were at ``as_of``, by id; a post without any is not among them."""
    found: dict[str, tuple[Exclusion, ...]] = {}
    for part in chunks(ids):
        query = f"SELECT id, seq FROM posts WHERE id IN ({marks(part)})"  # noqa: S608
        for post, seq in connection.execute(query, part).fetchall():
            if exclusions := _then(connection, seq, as_of):
                found[post] = exclusions
    return found


def _then(connection: sqlite3.Connection, seq: int, as_of: datetime) -> tuple[Exclusion, ...]:
    query = "SELECT excluded FROM changes WHERE post = ? AND changed_at > ? ORDER BY seq LIMIT 1"
    if former := connection.execute(query, (seq, to_ms(as_of))).fetchone():
        return tuple(Exclusion(*row) for row in json.loads(former[0]))
    rows = connection.execute(f"SELECT {_COLUMNS} FROM exclusions WHERE post = ? ORDER BY rowid", (seq,))  # noqa: S608
    return tuple(Exclusion(*row) for row in rows)


def of_window(connection: sqlite3.Connection, span: Span, first: int) -> list[Withheld]:
    """The posts of a report that are in no digest because an exclusion held them back, as they were at ``as_of``.

    Unmatched posts only: what another rule let through is reported. Ordered by arrival. ``first``: the lowest number of its posts.
    """
    # From the few posts with exclusions to their rows, and not from all rows of the window: a day has a hundred times as many.
    query = f"""WITH {LATE_ARRIVALS}, excluded (post) AS
            (SELECT post FROM exclusions WHERE post >= :first
            UNION SELECT post FROM changes WHERE changed_at > :as_of AND excluded != '[]')
        SELECT id, title FROM excluded CROSS JOIN posts ON posts.seq = excluded.post
        WHERE first_seen <= :as_of AND {PLACE} != 'before' AND {MATCHED_THEN} = 0 ORDER BY posts.seq"""  # noqa: S608
    rows = dict(connection.execute(query, span.values | {"first": first}).fetchall())
    exclusions = of_posts(connection, rows, span.as_of)
    return [Withheld(post, title, exclusions[post]) for post, title in rows.items() if post in exclusions]
