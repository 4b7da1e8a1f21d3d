"""Where things stand in the drawings of the HTML: numbers in, coordinates out; the template writes them as inline SVG.

A library that draws (pygal, matplotlib) brings scripts, fonts or 20 MB for three plots of bars and lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yuqing_cli.digest.sections import Count
from yuqing_cli.digest.shapes import Digest, DigestEvent
from yuqing_cli.models import Level
from yuqing_cli.records import Record

from .safe import shown
from .words import hour

WIDTH = 640
HOURS_HIGH = 96
ROW = 22
LABELS = 184
"""How much of the width the names at the left take."""


class Bar(Record):
    """A box, what it counts, and its name. Coordinates in the unit of the view box, y downwards."""

    x: float
    y: float
    width: float
    height: float
    count: int
    label: str


class Tick(Record):
    """A mark of an axis."""

    x: float
    label: str


class Columns(Record):
    """Posts over time: a bar for each hour, day or month."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    most: int
    peak: str


class Life(Record):
    """One event on the time axis."""

    y: float
    x1: float
    x2: float
    level: Level
    label: str
    begins: bool
    """Whether the first report lies inside the window, too."""


class Timeline(Record):
    """When events were first and last reported, within the window."""

    lives: tuple[Life, ...]
    ticks: tuple[Tick, ...]
    height: float


def hours(digest: Digest) -> Columns | None:
    """A bar for each hour; None where there is nothing to see, or too much of it."""
    starts = [hour(digest, i) for i in range(len(digest.hourly))]
    shape = "%H:%M" if len(starts) <= 26 else "%m-%d %H"
    return columns(digest.hourly, [f"{at:%m-%d %H:%M}" for at in starts], [at.strftime(shape) for at in starts])


def columns(counts: Sequence[int], names: Sequence[str], marks: Sequence[str]) -> Columns | None:
    """A bar for each count, its name, and what an axis may say below it; None where there is nothing to see, or too much of it."""
    most = max(counts, default=0)
    if most <= 0 or not 2 <= len(counts) <= 24 * 14:
        return None
    step = WIDTH / len(counts)
    bars = [
        Bar(
            _r(i * step),
            _r(HOURS_HIGH * (1 - n / most)),
            _r(max(step * 0.8, 0.5)),
            _r(HOURS_HIGH * n / most),
            n,
            name,
        )
        for i, (n, name) in enumerate(zip(counts, names, strict=True))
        if n > 0
    ]
    every = -(-len(marks) // 8)
    ticks = tuple(Tick(_r(i * step), marks[i]) for i in range(0, len(marks), every))
    return Columns(tuple(bars), ticks, most, names[counts.index(most)])


def ranking(counts: Sequence[Count], most: int = 8) -> tuple[Bar, ...]:
    """Horizontal bars, the longest first."""
    shown_counts = [count for count in counts if count.posts > 0][:most]
    longest = max((count.posts for count in shown_counts), default=0)
    room = WIDTH - LABELS - 40
    return tuple(
        Bar(LABELS, i * ROW + 4, _r(room * c.posts / longest), ROW - 8, c.posts, shown(c.title or c.name, 12))
        for i, c in enumerate(shown_counts)
    )


def timeline(digest: Digest, events: Sequence[DigestEvent]) -> Timeline | None:
    """The span of each event inside the window; None for fewer than two, or a window without length."""
    length = (digest.end - digest.start).total_seconds()
    if len(events) < 2 or length <= 0:
        return None

    def place(at: datetime) -> float:
        share = (at - digest.start).total_seconds() / length
        return _r(LABELS + (WIDTH - LABELS - 8) * min(max(share, 0.0), 1.0))

    lives = tuple(
        Life(
            i * ROW + ROW / 2,
            place(e.first_seen),
            place(e.last_seen),
            e.level,
            f"{e.rank}. {shown(e.title, 11)}",
            e.first_seen >= digest.start,
        )
        for i, e in enumerate(events)
    )
    shape = "%H:%M" if length <= 26 * 3600 else "%m-%d"
    marks = [digest.start + (digest.end - digest.start) * i / 4 for i in range(4)]
    return Timeline(lives, tuple(Tick(place(at), at.strftime(shape)) for at in marks), len(lives) * ROW)


def _r(value: float) -> float:
    """Two decimals: more would only make the file longer."""
    return round(value, 2)
