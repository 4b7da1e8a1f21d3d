"""A hot list seen again and again: how high an item stood, for how long, and where it is going. Pure.

What is kept of an item are its changes (``Sighting``): between two of them it stood where the first one says, and one without rank and
heat says that it had left. ``until`` is when the list was last read: nobody knows how long an item stayed after that.

The slope compares the rank now with that of three hours before (or of the first sighting, where that is later): a line through all
observations would answer for the whole day, and on lists whose lower half is drawn anew every few minutes the last step alone is noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from yuqing_cli.records import Record

LOOK_BACK = timedelta(hours=3)
LEAST = timedelta(minutes=10)
"""Below it two ranks say nothing about a direction."""


class Sighting(Record):
    """Where an item stood from ``at`` (UTC) on. Neither rank nor heat: it had left the list."""

    at: datetime
    rank: int | None
    heat: float | None = None

    @property
    def listed(self) -> bool:
        """Whether the item was on the list."""
        return self.rank is not None or self.heat is not None


class Observed(Record):
    """One item of a hot list over all its sightings."""

    best_rank: int | None
    rank: int | None
    """Where it stood when the list was last read; None when it had left, or where the list gives no ranks."""
    heat: float | None
    """The greatest that was seen."""
    minutes: float
    """On the list, absences left out."""
    slope: float | None
    """Ranks an hour; above 0 it climbs. None where it has left, or was seen too shortly."""
    first_at: datetime
    last_at: datetime
    """Until when it is known to have been on the list."""


def observed(sightings: Sequence[Sighting], until: datetime) -> Observed | None:
    """What ascending sightings come to; None where the item was never on the list. Those after ``until`` are left out."""
    known = [sighting for sighting in sightings if sighting.at <= until]
    listed = [sighting for sighting in known if sighting.listed]
    if not listed:
        return None
    closed = [*known, Sighting(until, known[-1].rank, known[-1].heat)]
    stays = [(earlier.at, later.at) for earlier, later in pairwise(closed) if earlier.listed]
    ranks = [sighting.rank for sighting in listed if sighting.rank is not None]
    heats = [sighting.heat for sighting in listed if sighting.heat is not None]
    return Observed(
        min(ranks, default=None),
        known[-1].rank,
        max(heats, default=None),
        sum((end - start).total_seconds() for start, end in stays) / 60,
        slope(known, until),
        listed[0].at,
        stays[-1][1],
    )


def slope(sightings: Sequence[Sighting], until: datetime) -> float | None:
    """Ranks an hour over the last three hours of an unbroken stay; above 0 the item climbs."""
    last = sightings[-1]
    then = last
    for earlier in reversed(sightings):
        if earlier.rank is None:
            break
        then = earlier
        if until - earlier.at >= LOOK_BACK:
            break
    since = max(then.at, until - LOOK_BACK)
    if last.rank is None or then.rank is None or until - since < LEAST:
        return None
    return (then.rank - last.rank) / ((until - since) / timedelta(hours=1))
