"""Which spans a digest's numbers are compared with, and the comparison. Pure.

A window that is still running is compared with as much of the others as has passed of it: half a day with half a day. Where an issue of
the other window was made after about as long, its own totals are taken, so that the number is the one that was printed then; else the
rows are counted. A span in which nobody watched is left out: against it every day is a rise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from yuqing_cli.records import Record

from .frame import Frame
from .sections import Comparison

DAY = timedelta(days=1)
ALIKE = 0.1
"""By what share of the window two issues may differ in how much of it had passed."""
FEWEST = 3
"""Of the seven days before, how many must have been watched for a mean."""


class Other(Record):
    """A span to compare with."""

    start: datetime
    end: datetime


class Tally(Record):
    """The totals of a span, every canonical address once."""

    posts: int = 0
    matched: int = 0
    events: int = 0


def others(frame: Frame) -> Mapping[str, Other]:
    """The spans by name: ``previous``, and ``day1`` to ``day7`` (the last of them is the same weekday)."""
    start, passed = frame.window.start, frame.until - frame.window.start
    if passed <= timedelta(0):
        return {}
    length = frame.window.end - start
    found = {"previous": Other(start - length, start - length + passed)}
    local = frame.local(start)
    for days in range(1, 8):
        # The same clock of the days before, also across a change of the clocks.
        then = (local - days * DAY).astimezone(start.tzinfo)
        found[f"day{days}"] = Other(then, then + passed)
    return found


def comparisons(counted: Mapping[str, Tally | None]) -> tuple[Comparison, ...]:
    """The comparisons that can be made; None stands for a span that was not watched."""
    found = []
    if before := counted.get("previous"):
        found.append(Comparison("previous", before.posts, before.matched, before.events))
    if weekday := counted.get("day7"):
        found.append(Comparison("weekday", weekday.posts, weekday.matched, weekday.events))
    days = [totals for name, totals in counted.items() if name.startswith("day") and totals]
    if len(days) >= FEWEST:
        found.append(
            Comparison("mean7", *(_mean([getattr(d, name) for d in days]) for name in ("posts", "matched", "events")))
        )
    return tuple(found)


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


def alike(editions: Sequence[tuple[datetime, datetime, Tally]], other: Other) -> Tally | None:
    """Of (knowledge, end, totals) of one window's editions the one that was made when about as much had passed."""
    passed = other.end - other.start
    best: tuple[float, Tally] | None = None
    for as_of, end, totals in editions:
        off = abs((min(as_of, end) - other.start) / passed - 1)
        if off <= ALIKE and (best is None or off < best[0]):
            best = (off, totals)
    return best[1] if best else None
