"""What was seen of one source, cut at whole local hours: the visits, and how much of each hour somebody was looking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from yuqing_cli.records import Record

Span = tuple[datetime, datetime]

WEEK = 168
HOUR = 3600.0


class History(Record):
    """All positions and lengths are hours since ``start``, the whole local hour in which it begins."""

    visits: list[float]
    """Asks that found something new, oldest first."""
    caught_up: frozenset[float]
    """Those of them that were the first after a blind span: what they found came at an unknown time."""
    cells: list[int]
    """Hour of the week of each hour, Monday 00:00 local time is 0."""
    seen: list[float]
    """Share of each hour in which the source was seen, 0..1."""
    step: float
    """From ask to ask."""
    posts: int
    until: datetime
    """The last visit, where it ends."""

    @property
    def kept(self) -> list[float]:
        """The visits that tell when something came."""
        return [v for v in self.visits if v not in self.caught_up] if self.caught_up else self.visits


def history(
    arrivals: Sequence[datetime],
    since: datetime,
    until: datetime,
    zone: tzinfo,
    blind: Iterable[Span],
    every: timedelta,
) -> History | None:
    """From the times at which posts were first seen, in any order; None when none lies in ``since < t <= until``."""
    low, high = since.timestamp(), until.timestamp()
    times = [t for t in [a.timestamp() for a in arrivals] if low < t <= high]
    if not times:
        return None
    start = low - (low + _offset(low, zone)) % HOUR
    step = max(every.total_seconds() / HOUR, 1 / 60)
    visits = _visits([(t - start) / HOUR for t in sorted(set(times))], step / 2)
    dark = [((a.timestamp() - start) / HOUR, (b.timestamp() - start) / HOUR) for a, b in blind]
    slots = int(visits[-1]) + 1
    seen = [1.0] * slots
    for a, b in [(0.0, (low - start) / HOUR), (visits[-1], float(slots)), *dark]:
        _darken(seen, a, b)
    caught_up = [visits[bisect_right(visits, a) : bisect_right(visits, b)] for a, b in dark]
    return History(
        visits=visits,
        caught_up=frozenset(v for some in caught_up for v in some),
        cells=_cells(start, slots, zone),
        seen=seen,
        step=step,
        posts=len(times),
        until=datetime.fromtimestamp(start + visits[-1] * HOUR, until.tzinfo),
    )


def _visits(times: Iterable[float], apart: float) -> list[float]:
    visits: list[float] = []
    last = -apart
    for t in times:
        if t - last > apart or not visits:
            visits.append(t)
            last = t
    return visits


def _offset(t: float, zone: tzinfo) -> float:
    offset = datetime.fromtimestamp(t, zone).utcoffset()
    return offset.total_seconds() if offset else 0.0


def _cells(start: float, slots: int, zone: tzinfo) -> list[int]:
    """One look-up of the offset a day: on the two days a year on which clocks change, some hours are one off."""
    cells: list[int] = []
    for first in range(0, slots, 24):
        t = start + first * HOUR
        # The epoch began on a Thursday: three days after a Monday.
        hour = int((t + _offset(t, zone)) // HOUR) + 72
        cells.extend([(hour + i) % WEEK for i in range(min(24, slots - first))])
    return cells


def _darken(seen: list[float], low: float, high: float) -> None:
    low, high = max(low, 0.0), min(high, float(len(seen)))
    for i in range(int(low), min(int(high) + 1, len(seen))):
        seen[i] = max(0.0, seen[i] - max(0.0, min(high, i + 1.0) - max(low, float(i))))
