"""What a digest says beside its events: numbers to compare with, matters handed over, hot lists, rising words, what was held back.

Every entry names the posts or the event that it rests on. Times as in ``shapes``: in the station's zone once they stand in a digest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from yuqing_cli.models import Level
from yuqing_cli.records import Record


class Gap(Record):
    """A span before the window that no issue has reported (a missed shift); this issue covers it."""

    start: datetime
    end: datetime


class Comparison(Record):
    """The totals of another span, counted in the same way. A mean has fractions; a span that was not watched is left out."""

    name: Literal["previous", "weekday", "mean7"]
    """The window before of the same length; the same one a week ago; the mean of the seven days before."""
    posts: float
    matched: float
    events: float


class Count(Record):
    """Matched posts by something: a topic, a source, a tier."""

    name: str
    posts: int
    events: int = 0
    title: str = ""
    """For people, where ``name`` is an id."""


class Note(Record):
    """What the desk wrote down about an event."""

    at: datetime
    text: str


class Matter(Record):
    """An event in the desk's hands. ``owner`` is a unit, never a person."""

    event: str
    title: str
    level: Level
    status: Literal["open", "answered", "closed"]
    first_seen: datetime
    owner: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    notes: tuple[Note, ...] = ()


class HotEntry(Record):
    """A matched item of a hot list, as it was observed in the window."""

    post: str
    event: str | None
    title: str
    url: str
    source: str
    best_rank: int
    rank: int | None
    """Where it stood when it was last seen; None when it has left the list."""
    minutes: float
    """Between the first and the last observation."""
    heat: float | None = None
    slope: float | None = None
    """Ranks an hour; above 0 it climbs."""
    last_at: datetime | None = None


class RisingWord(Record):
    """A word that stands in more posts of the window than its past lets expect."""

    word: str
    posts: int
    expected: float
    samples: tuple[str, ...] = ()
    """Ids of some of the posts."""


class Suppressed(Record):
    """Posts that a rule's exclusion, a mark or a threshold held back."""

    rule: str
    posts: int
    samples: tuple[tuple[str, str], ...] = ()
    """(post, title) of some, so that a reader can catch a rule that excludes too much."""
