"""The time of day, and the zone that may follow it.

Twelve-hour readings follow Chinese use: 中午1点 is 13:00, 晚上12点 is the midnight that ends the day, 凌晨12点 the
one that begins it. 上午12点 is noon to most speakers and midnight to software that formats by the Unicode locale
data, and 晚上2点 belongs to either of two days; both are refused, as is a contradiction such as 上午14:05.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_MORNING = ("凌晨", "清晨", "清早", "早晨", "早上", "早间", "上午", "早", "晨")
_NOON = ("中午", "正午")
_AFTERNOON = ("下午", "午后", "傍晚")
_EVENING = ("晚上", "晚间", "深夜", "夜里", "夜间", "晚", "夜")
PERIOD = "|".join(_MORNING + _NOON + _AFTERNOON + _EVENING)

_NAMED = dict(
    [(name, 0) for name in ("z", "ut", "utc", "gmt", "wet")],
    est=-5, edt=-4, cdt=-5, mst=-7, mdt=-6, pst=-8, pdt=-7, akst=-9, hst=-10,
    bst=1, cet=1, cest=2, eet=2, eest=3, msk=3, sgt=8, hkt=8, jst=9, kst=9, aest=10, aedt=11, 北京时间=8,
)  # fmt: skip
"""Hours from UTC. IST, AST and ECT name two or three zones each: a time with one of them is refused."""

_ZONE = (
    r"(?:\s?\(?(?:(?:utc|gmt)\s?(?P<gmt>[+-]\d{1,2}(?::?\d{2})?)(?!\d)|(?P<offset>[+-]\d{2}(?::?\d{2})?)(?![\d:])(?:\s\(?[a-z]{1,4}t\b)?"
    rf"|(?P<zone>{'|'.join(sorted([*_NAMED, 'cst'], key=len, reverse=True))})(?![a-z\d]))\)?)?"
)
CLOCK = (
    rf"(?:(?P<period>{PERIOD}|[ap]m(?=\s?\d))\s?)?(?P<hour>\d{{1,2}})(?:"
    r"\s?:\s?(?P<minute>\d{2})(?:\s?:\s?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?(?![\d:])分?"
    r"|[点时](?![间评击])\s?(?:(?P<quarters>[13])刻|(?P<half>半)|(?P<minutes>\d{1,2})分?(?:\s?(?P<seconds>\d{1,2})秒)?|整|钟)?"
    rf")(?:\s?(?P<ampm>[ap]\.?m\.?)(?![a-z]))?{_ZONE}"
)
"""Source of a pattern with named groups; in lower case, as folded text is."""


def since_midnight(found: re.Match[str]) -> timedelta | None:
    """How long after midnight the clock in ``found`` stands, zero without one; None if there is no such time of day."""
    written, period, ampm, fraction = found.group("hour", "period", "ampm", "fraction")
    if written is None:
        return timedelta(0)
    hour, (minute, second) = _full_hour(int(written), period or ampm or ""), _minute_second(found)
    if hour is None or minute > 59 or second > 60:
        return None
    ms = int(fraction.ljust(3, "0")[:3]) if fraction else 0
    # A leap second is written :60 and no calendar here has it: it counts as the second before.
    at = timedelta(hours=hour, minutes=minute, seconds=min(second, 59), milliseconds=ms)
    return at if hour < 24 or period or at == timedelta(days=1) else None


def _minute_second(found: re.Match[str]) -> tuple[int, int]:
    minute, minutes, half, quarters, second, seconds = found.group(
        "minute", "minutes", "half", "quarters", "second", "seconds"
    )
    return int(minute or minutes or (30 if half else 15 * int(quarters or 0))), int(second or seconds or 0)


def _full_hour(hour: int, period: str) -> int | None:
    """The hour of 24 (24 itself is the midnight that ends the day), or None for one that does not exist."""
    if not period:
        return hour if hour <= 24 else None
    if period in ("凌晨", "am", "a.m.", "a.m", "am."):
        return hour % 12 if hour <= 12 else None
    if period in _MORNING:
        return hour if hour < 12 else None
    return _late_hour(hour, period)


def _late_hour(hour: int, period: str) -> int | None:
    if hour > 12:
        return hour if hour < 24 else None
    if period in _EVENING:
        return hour + 12 if hour >= 5 else None
    if period in _NOON:
        return hour if hour >= 10 else hour + 12 if 1 <= hour <= 3 else None
    return 12 + hour % 12 if hour else None


def zone_of(found: re.Match[str], default: tzinfo) -> tzinfo | None:
    """The zone that is written behind the clock, ``default`` where none is, None for an impossible offset."""
    gmt, offset, zone, day_zone = found.group("gmt", "offset", "zone", "dayzone")
    written, name = gmt or offset, zone or day_zone
    if written:
        return None if _is_span(found, written) else _offset(written)
    if not name:
        return default
    if name == "cst":
        return timezone(timedelta(hours=8 if _chinese(default) else -6))
    return timezone(timedelta(hours=_NAMED[name])) if name in _NAMED else _offset(name)


def _is_span(found: re.Match[str], written: str) -> bool:
    """08:00-09:00 is a span, though -09:00 is an offset; 14:05-08:00 runs backwards and can only be an offset."""
    start = f"{found['hour']:0>2}:{found['minute']}"
    return written[0] == "-" and ":" in written and found["second"] is None and written[1:] > start


def _offset(written: str) -> tzinfo | None:
    digits = written[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    # Kiribati is fourteen hours ahead, nobody is more; all offsets are whole quarters: 14:05-11:23 is a span.
    if hours > 14 or minutes % 15 or minutes > 59:
        return None
    return timezone((1 if written[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _chinese(zone: tzinfo) -> bool:
    """Whether CST written by a source in ``zone`` means China Standard Time, not the American central one."""
    return getattr(zone, "key", "").startswith("Asia/") or zone.utcoffset(datetime(2000, 1, 1)) == timedelta(hours=8)  # noqa: DTZ001


def at_wall(midnight: datetime, clock: timedelta, zone: tzinfo) -> datetime:
    """What a clock on the wall in ``zone`` shows, as an instant in UTC. ``midnight`` is naive."""
    return (midnight + clock).replace(tzinfo=zone).astimezone(UTC)
