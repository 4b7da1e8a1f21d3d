"""What users write in settings and options: durations, moments, a shift's hours. Strict: nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .instants import as_zone, truncate

_UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_PART = re.compile(r"(\d{1,9})\s*([wdhms])", re.ASCII)
_DURATION = re.compile(rf"(?:{_PART.pattern}\s*)+", re.ASCII)
_WORDS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}
_CLOCKS = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—~]\s*(\d{1,2}):(\d\d)", re.ASCII)
_USER_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?(?:Z|[+-]\d\d(?::?\d\d)?))?)?", re.ASCII
)


def parse_duration(text: str) -> timedelta:
    """``10m``, ``1h30m``, ``2d``, ``1w``, ``30s``: each unit at most once. ValueError otherwise, and for zero."""
    folded = text.strip().lower()
    parts = _PART.findall(folded)
    units = [unit for _, unit in parts]
    if not _DURATION.fullmatch(folded) or len(set(units)) < len(units):
        raise ValueError(f"not a duration: {text!r}; write a number and s, m, h, d or w, such as 10m or 1h30m")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds <= timedelta.max.days * 86_400:
        raise ValueError(f"a duration must be more than zero and sensible: {text!r}")
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """What ``parse_duration`` reads back: ``1h30m``. Parts of a second are dropped; ``0s`` for less than one."""
    seconds = max(0, int(duration.total_seconds()))
    parts = []
    for unit, size in _UNITS.items():
        # Eight days read better than "1w1d": weeks only where they come out even.
        if unit != "w" or seconds % size == 0:
            count, seconds = divmod(seconds, size)
            parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def parse_user_time(text: str, *, now: datetime, zone: tzinfo | str) -> datetime:
    """A moment in UTC: ``2024-08-21``, ``2024-08-21 14:05``, ISO 8601 with an offset, now, today, yesterday.

    Without an offset it belongs to ``zone``; a date alone is the first instant of that day there. ValueError otherwise.
    """
    where, word = as_zone(zone), text.strip().lower()
    if word == "now":
        return truncate(now.astimezone(UTC))
    if word in _WORDS:
        return _first_instant(now.astimezone(where).date() - timedelta(days=_WORDS[word]), where)
    return truncate(_iso_moment(text.strip(), where))


def _first_instant(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _iso_moment(text: str, zone: tzinfo) -> datetime:
    complaint = f"not a date or time: {text!r}; write 2024-08-21 or 2024-08-21 14:05"
    if not _USER_TIME.fullmatch(text):
        raise ValueError(complaint)
    try:
        at = datetime.fromisoformat(text[:11] + text[11:].replace(" ", ""))
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise ValueError(complaint) from exc


def parse_clock_range(text: str) -> tuple[time, time]:
    """``08:00-20:00``: from, to. The end may be the earlier (a night shift), or 24:00, which is read as 00:00."""
    found = _CLOCKS.fullmatch(text.strip())
    if not found:
        raise ValueError(f"not a span of hours: {text!r}; write it as 08:00-20:00")
    hour, minute, end_hour, end_minute = (int(part) for part in found.groups())
    if (end_hour, end_minute) == (24, 0):
        end_hour = 0
    try:
        start, end = time(hour, minute), time(end_hour, end_minute)
    except ValueError as exc:
        raise ValueError(f"no such time of day in {text!r}; write it as 08:00-20:00") from exc
    if start == end and found[3] != "24":
        raise ValueError(f"a span of hours must not be empty: {text!r}")
    return start, end
