"""Times: what publishers write, what users write, and the arithmetic of instants, zones and days.

    text -> folding.fold -> days, clock, ago (grammars) -> publication.parse_moment -> Moment in UTC

Pure but for ``now_utc``, the only clock of the program. Everything in here is in UTC unless a zone is an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .instants import day_bounds, from_ms, iso, now_utc, parse_zone, plausible, to_ms
from .settings import format_duration, parse_clock_range, parse_duration, parse_user_time

if TYPE_CHECKING:
    from .publication import Moment, parse_date, parse_moment

__all__ = [
    "Moment",
    "day_bounds",
    "format_duration",
    "from_ms",
    "iso",
    "now_utc",
    "parse_clock_range",
    "parse_date",
    "parse_duration",
    "parse_moment",
    "parse_user_time",
    "parse_zone",
    "plausible",
    "to_ms",
]


def __getattr__(name: str) -> object:
    """The reading of dates, on first use: its grammars are most of this package's import time, and few commands read."""
    if name in ("Moment", "parse_date", "parse_moment"):
        from . import publication

        return getattr(publication, name)
    raise AttributeError(name)
