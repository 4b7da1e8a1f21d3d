"""How long ago: 刚刚, 半小时前, 1个半小时前, 两天前, "3 hours ago".

Days, weeks, months and years are counted on the calendar of the source's zone and give a date without a time: a page
that says 3天前 has dropped the hours. Refused: 3月前 (before March), 3日前 (before the 3rd), 以前 (a bound), and 几,
多 and 数 (no number).
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

AGO = re.compile(
    r"(?<![\d.:/第前过])(?:(?:大?约|近)\s?)?(?:"
    r"(?P<just>刚刚|刚才|刚(?=发布|更新)|just now|moments? ago|a (?:few seconds|moment) ago)"
    r"|(?P<n>\d{1,4}|半)\s?(?P<ge>个)?(?P<half>半)?\s?(?P<unit>秒|分|小时|钟头|天|周|星期|礼拜|月|年)(?P<tail>半)?钟?"
    r"(?:\s?(?P<n2>\d{1,2})\s?个?(?P<unit2>小时|分|秒)钟?)?\s?之?前"
    r"|(?P<en>\d{1,4}|an?|one|two|three|half an)\s?"
    r"(?P<enunit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|mos?|months?|y|yrs?|years?)"
    r"\s?ago(?![a-z])"
    r")",
    re.ASCII,
)
AGO_GATE = re.compile("[刚前]|ago|now")
"""Without one of these there is no need to look."""

_SHORT = {"秒": 1, "分": 60, "小时": 3600, "钟头": 3600, "s": 1, "m": 60, "h": 3600}
_DAYS = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "d": 1, "w": 7}
_MONTHS = {"月": 1, "年": 12, "mo": 1, "y": 12}
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "half an": 0.5}
_FARTHEST_YEARS = 60


def read_ago(found: re.Match[str], now: datetime, today: date) -> datetime | date | None:
    """The instant, or for days and more the day, that lies so long before ``now``, which is ``today`` at the source.

    ``now`` is in UTC: three hours before the clock is put forward are not three hours on the wall.
    """
    if found["just"]:
        return now
    if found["en"]:
        word = found["en"]
        return _back(now, today, _WORDS.get(word) or float(word), _english(found["enunit"]))
    unit = found["unit"]
    if unit == "月" and not found["ge"]:  # 3月前 is "before March"
        return None
    number = 0.5 if found["n"] == "半" else float(found["n"]) + (0.5 if found["half"] or found["tail"] else 0)
    if found["n2"]:
        return _composite(found, now, number)
    return _back(now, today, number, unit)


def _english(unit: str) -> str:
    return "mo" if unit.startswith("mo") else unit[0]


def _composite(found: re.Match[str], now: datetime, number: float) -> datetime | None:
    """1天3小时前, 1小时20分钟前. None where the second unit is not the smaller one."""
    first = _SHORT.get(found["unit"]) or 86_400 * _DAYS.get(found["unit"], 0)
    second = _SHORT[found["unit2"]]
    return now - timedelta(seconds=number * first + int(found["n2"]) * second) if first > second else None


def _back(now: datetime, today: date, number: float, unit: str) -> datetime | date | None:
    if unit in _SHORT:
        return now - timedelta(seconds=number * _SHORT[unit])
    if unit in _DAYS:
        if number == 0.5 and _DAYS[unit] == 1:
            return now - timedelta(hours=12)
        return today - timedelta(days=number * _DAYS[unit]) if number == int(number) else None
    months = number * _MONTHS[unit]
    if months > 12 * _FARTHEST_YEARS:  # 2020年前 is "before 2020"
        return None
    day = _months_before(today, int(months))
    return day - timedelta(days=15) if months % 1 else day


def _months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier; the last of that month where it is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
