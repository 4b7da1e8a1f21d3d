"""Instants, zones and days: the only clock of the program, and the arithmetic that daylight saving spoils."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing that this program reads was published before. What claims so is a default value of somebody's database."""

AHEAD = timedelta(hours=1)
"""How far ahead of our clock a publisher's clock may run: a badly set clock, or a page that rounds up."""


def now_utc() -> datetime:
    """The real clock, in UTC, truncated to milliseconds."""
    return truncate(datetime.now(UTC))


def truncate(at: datetime) -> datetime:
    """``at`` without its microseconds below the millisecond."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC, rounded down. In integers: floats lose a millisecond now and then."""
    return (at - EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The instant in UTC that lies ``ms`` milliseconds after 1970-01-01. OverflowError beyond the years 1 to 9999."""
    return EPOCH + ms * _MILLISECOND


def parse_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name (``Asia/Shanghai``). ValueError if there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as exc:  # a folder of the zone data, a path outside it, a name not in it
        raise ValueError(f"unknown time zone: {name!r}; use a name such as Asia/Shanghai or UTC") from exc


def as_zone(zone: tzinfo | str) -> tzinfo:
    """``zone`` itself, or the zone of that name (ValueError if unknown)."""
    return parse_zone(zone) if isinstance(zone, str) else zone


def iso(at: datetime, zone: tzinfo | str) -> str:
    """ISO 8601 with the offset that ``zone`` has then; milliseconds are shown only when they are not zero."""
    timespec = "milliseconds" if at.microsecond >= 1000 else "seconds"
    return at.astimezone(as_zone(zone)).isoformat(timespec=timespec)


def day_bounds(day: date, zone: tzinfo | str) -> tuple[datetime, datetime]:
    """The first instant of ``day`` in ``zone`` and the first of the next day, in UTC: 23, 24 or 25 hours.

    Where midnight is skipped by daylight saving, the day begins when the clock jumps; where it comes twice, at the
    first. Both follow from ``fold=0`` (PEP 495). A day that a zone left out altogether (Apia, 2011-12-30) is empty.
    """
    where = as_zone(zone)
    start, end = (datetime.combine(d, time.min, tzinfo=where).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return start, end


def plausible(at: datetime, *, now: datetime) -> datetime | None:
    """``at`` if something can have been published then: from 1990 on, at most one hour after ``now``; else None."""
    return at if EARLIEST <= at <= now + AHEAD else None
