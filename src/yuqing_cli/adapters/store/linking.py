"""Links in the store: what the pairs of neighbours that ``neighbours`` collects have to do with each other."""

from __future__ import annotations

from collections.abc import Iterable

from yuqing_cli.events import links

from . import neighbours
from .neighbours import ADDRESS, NEIGHBOURS, Pair, Run
from .rows import chunks, marks

Value = tuple[float, str]
"""Strength and kind of a stored link."""
_NONE: Value = (0.0, "")


def settle(run: Run) -> None:
    """Make the links of all pairs that were collected what they should be, and note whose component that touches.

    A pair that was parted may still be neighbours under other keys, and one that came may have been parted since: those are looked up.
    A post whose text retention has removed keeps its links.
    """
    come = {pair: worth for pair, worth in run.come.items() if worth >= NEIGHBOURS or pair in run.doubtful}
    stored = _stored(run, {later for later, _ in (*come, *run.doubtful)})
    doubtful = {pair for pair in run.doubtful if pair in stored or pair in come}
    doubtful |= {pair for pair, worth in come.items() if worth < ADDRESS and stored.get(pair, _NONE)[1] == "address"}
    run.load({seq for pair in (*come, *doubtful) for seq in pair})
    wanted = {pair: _link(run, pair, worth) for pair, worth in come.items() if pair not in doubtful}
    for pair in doubtful:
        later, earlier = (run.held[seq] for seq in pair)
        if not (later.blank or earlier.blank):
            wanted[pair] = _link(run, pair, neighbours.nearness(run, later, earlier))
    _write(run, wanted, stored)
    run.come.clear()
    run.doubtful.clear()


def _stored(run: Run, laters: Iterable[int]) -> dict[Pair, Value]:
    found: dict[Pair, Value] = {}
    for part in chunks(laters):
        query = f"SELECT later, earlier, strength, kind FROM links WHERE later IN ({marks(part)})"  # noqa: S608
        found.update(((row[0], row[1]), (row[2], row[3])) for row in run.connection.execute(query, part))
    return found


def _link(run: Run, pair: Pair, nearness: int) -> Value | None:
    if nearness >= ADDRESS:
        return 1.0, "address"
    if nearness < NEIGHBOURS:
        return None
    one, other = run.held[pair[0]], run.held[pair[1]]
    found = links.compare(one.body, other.body, one.milliseconds - other.milliseconds)
    return None if found is None else (found.strength, found.kind)


def _write(run: Run, wanted: dict[Pair, Value | None], stored: dict[Pair, Value]) -> None:
    changed = [(pair, stored.get(pair), value) for pair, value in wanted.items() if stored.get(pair) != value]
    gone = [pair for pair, before, _ in changed if before is not None]
    come = sorted((*pair, *value) for pair, _, value in changed if value is not None)
    run.connection.executemany("DELETE FROM links WHERE later = ? AND earlier = ?", gone)
    run.connection.executemany("INSERT INTO links (later, earlier, strength, kind) VALUES (?, ?, ?, ?)", come)
    for pair, before, value in changed:
        strongest = max(before or _NONE, value or _NONE)[0]
        if strongest >= links.JOINED or run.fresh.isdisjoint(pair):
            run.touched.update(pair)
