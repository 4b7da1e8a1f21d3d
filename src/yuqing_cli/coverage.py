"""How far "nothing found" can be trusted: which sources were seen when, and in which spans nobody could have seen them.

A source is blind between two successful asks that lie further apart than its pace allows (2.5 intervals: one missed ask is no hole).
The history of asks holds both what failed and what never happened, so a machine that was switched off leaves the same hole as a
server that was down. A source that never answered is blind all the time. Time before the first success of one that did is
not: what it published earlier that day was read then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from .digest.shapes import Coverage, SourceCoverage
from .models import Source, Spell

Gap = tuple[datetime, datetime]
SHORTEST = timedelta(minutes=1)
"""A span that a clock without seconds cannot show is none."""


def blind(source: Source, spells: Sequence[Spell], start: datetime, until: datetime) -> list[Gap]:
    """The blind spans of one source within ``start <= t < until``; ``spells`` are its own, oldest first."""
    seen = [spell for spell in spells if spell.state == "ok"]
    edges: list[tuple[datetime, datetime, timedelta]] = []
    if not seen:
        edges.append((start, until, timedelta(0)))
    elif spells[0].state != "ok":
        edges.append((spells[0].first_at, seen[0].first_at, timedelta(0)))
    for spell, later in zip(seen, [s.first_at for s in seen[1:]] + [until], strict=False):
        edges.append((spell.last_at, later, max(spell.patience, source.every * 2.5)))
    gaps = [(max(low, start), min(high, until)) for low, high, patience in edges if high - low > patience]
    return [(low, high) for low, high in gaps if high - low >= SHORTEST]


def state(spells: Sequence[Spell]) -> str:
    """How a source is, by its last spell.

    ``ok``; ``failing`` (from the first failed ask to the next success); ``silent``, ``frozen``, ``stale`` (it answers, but its
    silence is no longer natural); ``disallowed`` (robots.txt); ``never`` asked.
    """
    if not spells:
        return "never"
    if spells[-1].state == "ok":
        return spells[-1].reason or "ok"
    return {"failed": "failing", "disallowed": "disallowed"}[spells[-1].state]


def of(sources: Iterable[Source], spells: Iterable[Spell], start: datetime, until: datetime) -> Coverage:
    """Coverage of the configured sources in a window that is over at ``until``, or read at ``until``."""
    history: dict[str, list[Spell]] = {}
    for spell in spells:
        history.setdefault(spell.source, []).append(spell)
    sources = tuple(sources)
    covered = tuple(_of_source(source, history, start, until) for source in sources)
    span = (until - start).total_seconds()
    dark = sum((high - low).total_seconds() for entry in covered for low, high in entry.blind)
    dark += sum(_dark_within(spell, start, until) for source in sources for spell in history.get(source.name, ()))
    # In a window that is shorter than the shortest hole, nothing can be blind: what counts is how the sources are.
    if covered and span >= SHORTEST.total_seconds():
        ratio = 1.0 - dark / (span * len(covered))
    else:
        ratio = sum(entry.state == "ok" for entry in covered) / len(covered) if covered else 1.0
    return Coverage(ratio, covered)


def _dark_within(spell: Spell, start: datetime, until: datetime) -> float:
    """Seconds of holes that were summed up long ago: by the share of the spell that lies in the window."""
    if not spell.dark:
        return 0.0
    inside = min(spell.last_at, until) - max(spell.first_at, start)
    return max(inside / (spell.last_at - spell.first_at), 0.0) * spell.dark.total_seconds()


def _of_source(
    source: Source, history: Mapping[str, Sequence[Spell]], start: datetime, until: datetime
) -> SourceCoverage:
    spells = history.get(source.name, ())
    last = max((spell.last_at for spell in spells if spell.state == "ok"), default=None)
    reason = spells[-1].reason if spells and spells[-1].state == "failed" else ""
    return SourceCoverage(source.name, last, state(spells), tuple(blind(source, spells, start, until)), reason)
