"""What was decided by hand about events, for grouping: which posts belong together, and which do not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise, product

from yuqing_cli.events.group import Hands


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
