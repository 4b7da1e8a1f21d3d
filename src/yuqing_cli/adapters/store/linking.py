"""Links in the store: what the pairs of neighbours that ``neighbours`` collects have to do with each other."""

from __future__ import annotations

from collections.abc import Iterable

from yuqing_cli.events import links

from . import neighbours
from .neighbours import Pair, Run
from .rows import chunks, marks

Value = tuple[float, str]
"""Strength and kind of a stored link."""


def settle(run: Run) -> None:
    """Make the links of all pairs that were collected what they should be, and note whose component that touches.

    A pair that was parted may still be neighbours under another key, and one that came may have been parted since: those are looked up.
    A post whose text retention has removed keeps its links.
    """
    stored = _stored(run, {later for later, _ in (*run.come, *run.parted)})
    doubtful = {pair for pair in run.parted if pair in stored or pair in run.come}
    doubtful |= {pair for pair, by in run.come.items() if not by and stored.get(pair, (0, ""))[1] == "address"}
    run.load({seq for pair in (*run.come, *doubtful) for seq in pair})
    wanted = {pair: _link(run, pair, by_address=by) for pair, by in run.come.items() if pair not in doubtful}
    for pair in doubtful:
        later, earlier = (run.held[seq] for seq in pair)
        if not (later.blank or earlier.blank):
            by = neighbours.near(run, later, earlier)
            wanted[pair] = None if by is None else _link(run, pair, by_address=by)
    _write(run, wanted, stored)
    run.come, run.parted = {}, set()


def _stored(run: Run, laters: Iterable[int]) -> dict[Pair, Value]:
    found: dict[Pair, Value] = {}
    for part in chunks(laters):
        query = f"SELECT later, earlier, strength, kind FROM links WHERE later IN ({marks(part)})"  # noqa: S608
        found.update(((row[0], row[1]), (row[2], row[3])) for row in run.connection.execute(query, part))
    return found


def _link(run: Run, pair: Pair, *, by_address: bool) -> Value | None:
    if by_address:
        return 1.0, "address"
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
        strongest = max(before or (0.0, ""), value or (0.0, ""))[0]
        if strongest >= links.JOINED or run.fresh.isdisjoint(pair):
            run.touched.update(pair)
