"""What earlier issues said: the events that they told, how these stood, and until when they reported. Pure.

An event is *new* in the issue that claims it: the first that tells it. An issue that is made again keeps its own claims, and takes none
from another, whichever windows the two have; so every event is new in one issue. Digests that are no issues (a date, a span) claim
nothing, and call new what no issue of an earlier window claims.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from yuqing_cli.models import Level
from yuqing_cli.records import Record, field

from .sections import Gap
from .shapes import Window

WITHIN = timedelta(minutes=15)
"""A shorter gap is not named: an issue that is made some minutes before its window ends leaves one."""
LATE = timedelta(days=7)
"""How old a late arrival may be, and how far back a gap is covered."""


class Former(Record):
    """How an event stood in the last issue of an earlier window that told it."""

    rank: int
    level: Level


class History(Record):
    """What earlier issues said of the events of a digest, by the ids that the events have in it."""

    claimed: Collection[str] = frozenset()
    last: Mapping[str, Former] = field(default_factory=dict)


class Earlier(Record):
    """The issues of earlier windows: until when they reported, and when the last of them was made."""

    reported: datetime
    end: datetime
    """End of the last one's window; posts from then on it did not tell, however early they were known."""
    as_of: datetime
    watermark: int


def gap(window: Window, earlier: Earlier | None) -> Gap | None:
    """The span between what earlier issues reported and this window, which this one covers; at most ``LATE`` long."""
    if earlier is None or not window.issues or earlier.reported >= window.start:
        return None
    return Gap(max(earlier.reported, window.start - LATE), window.start)


def named(found: Gap | None) -> Gap | None:
    """The gap, where it is long enough to be spoken of."""
    return found if found and found.end - found.start >= WITHIN else None
