"""What was decided by hand about events, for those who need it: which posts belong together, which do not, and what is noise."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise, product

from yuqing_cli.events.group import Hands
from yuqing_cli.ids import event_id


def hands(connection: sqlite3.Connection) -> Hands:
    """What all decisions together say; a later one takes back what an earlier one said of the same posts."""
    rows = connection.execute("SELECT kind, groups FROM decisions WHERE kind != 'noise' ORDER BY seq").fetchall()
    return combined((kind, json.loads(groups)) for kind, groups in rows)


def combined(decisions: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> Hands:
    """Merges and splits, in order. Of each group the posts stay together; between the groups of a split nothing is joined."""
    together: dict[tuple[str, str], None] = {}
    apart: dict[tuple[str, str], None] = {}
    for kind, groups in decisions:
        across = {pair for one, other in product(groups, groups) if one is not other for pair in product(one, other)}
        for pair in across:
            (apart if kind == "merge" else together).pop(pair, None)
        if kind == "merge":
            # All of them, not only the first of each: else the rest would follow one side and the other be an event again.
            together |= dict.fromkeys(pairwise(post for group in groups for post in group))
        else:
            together |= dict.fromkeys(pair for group in groups for pair in pairwise(group))
            apart |= dict.fromkeys(pairwise(group[0] for group in groups))
    return Hands(tuple(together), tuple(apart))


def dismissed(connection: sqlite3.Connection, as_of_ms: int) -> set[str]:
    """Posts of events that had been called noise by then: those that the events had, and those that they have now.

    An event goes by its first post; where that was marked relevant afterwards, the event is no noise any more.
    """
    query = "SELECT groups, at FROM decisions WHERE kind = 'noise' AND at <= ?"
    found: set[str] = set()
    for stored, at in connection.execute(query, (as_of_ms,)).fetchall():
        (posts,) = json.loads(stored)
        kept = "SELECT 1 FROM marks WHERE post = ? AND verdict = 'relevant' AND at BETWEEN ? AND ? LIMIT 1"
        if connection.execute(kept, (posts[0], at, as_of_ms)).fetchone() is None:
            now = connection.execute("SELECT id FROM posts WHERE event_id = ?", (event_id(posts[0]),))
            found.update(posts, (row[0] for row in now))
    return found
