"""The day: every way of writing one, each with the clock that may follow it.

A form is a pattern and a reader. The reader gives the days that the match can mean, the likeliest first: one for a
date with a year; this year's and last year's for a month and a day; this week's and last week's for a weekday.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Literal

from yuqing_cli.records import Record

from .clock import CLOCK, PERIOD

Days = tuple[date | None, ...]
Kind = Literal["dated", "yearless", "relative"]
"""``dated`` says its year; ``yearless`` is a month and a day; ``relative`` counts from now."""

Stands = Literal["anywhere", "alone unless timed", "alone"]
"""``alone``: as the whole field or right behind a label. Numbers that a sentence may hold for other reasons must."""

_MONTH_NAMES = {name: n for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = r"(?:[\s,，]{0,2}\(?(?:(?:周|星期|礼拜)[1-7]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?(?![a-z]))\s?\)?)?"
_GAP = r"(?:t|[\s,，|·]{1,3}|\s-{1,2}\s|[\s,]{1,2}at\s)?"
TAIL = rf"{_WEEKDAY}(?:{_GAP}{CLOCK}|{_GAP}(?:{PERIOD})(?![\u4e00-\u9fff\d])|(?P<dayzone>z|\+\d\d:\d\d)(?![\w:]))?"
"""What may follow a day: a weekday, which is not checked (some are wrong), and a clock or a part of the day."""

_APART = r"(?<!\d)(?<!\d[-/.:年月])"
_END = r"(?!\d)(?![-/.]\d)"


class Form(Record):
    """One way of writing a day. ``gate`` is a cheaper pattern, without which the dearer one need not be tried.

    ``source`` is compiled when a text first passes the gate: all of them at import took a tenth of a second.
    """

    kind: Kind
    source: str
    read: Callable[[re.Match[str], date], Days]
    gate: re.Pattern[str]
    stands: Stands = "anywhere"

    def whole(self, text: str, start: int) -> re.Match[str] | None:
        """The match of everything from ``start`` on."""
        return _compiled(self.source).fullmatch(text, start) if self.gate.search(text) else None

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Every place in folded ``text`` that has this form."""
        return _compiled(self.source).finditer(text) if self.gate.search(text) else iter(())


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.ASCII)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2100 else None
    except ValueError:
        return None


def _number(found: re.Match[str], name: str) -> int:
    return int(found[name])


def _month_day(found: re.Match[str]) -> tuple[int, int]:
    return int(found["month"] or found["month2"]), int(found["day"])


def _year_first(found: re.Match[str], _today: date) -> Days:
    return (_day(int(found["year"]), *_month_day(found)),)


def _minguo(found: re.Match[str], _today: date) -> Days:
    return (_day(1911 + int(found["year"]), *_month_day(found)),)


def _dated(found: re.Match[str], today: date) -> Days:
    return (_day(_century(found["year"], today), _number(found, "month"), _number(found, "day")),)


def _century(year: str, today: date) -> int:
    """Two digits are a year of this century up to now. Others are refused: 98年 is 1998 here and 2009 in Taiwan."""
    if len(year) == 4:
        return int(year)
    return 2000 + int(year) if len(year) == 2 and int(year) <= today.year % 100 else 0


def _yearless(found: re.Match[str], today: date) -> Days:
    """This year's, then last year's. Older ones are not written without a year."""
    month, day = _number(found, "month"), _number(found, "day")
    return (_day(today.year, month, day), _day(today.year - 1, month, day))


def _dotted(found: re.Match[str], today: date) -> Days:
    """08-21, 08/21, 8/21, 8.21; with a clock also 8-1 and 8/1. Not 3/4, 4.5, 21-19: ratios, ratings, scores."""
    month, day, sign = found["month"], found["day"], found["sign"]
    plain = len(day) == 2 and (len(month) == 2 or (sign != "-" and int(day) >= 10))
    return _yearless(found, today) if plain or (found["hour"] and sign != ".") else ()


def _named_year(found: re.Match[str], today: date) -> Days:
    year = today.year - {"今年": 0, "去年": 1, "前年": 2}[found["which"]]
    return (_day(year, _number(found, "month"), _number(found, "day")),)


def _day_last(found: re.Match[str], _today: date) -> Days:
    """13/04/2024 and 04/13/2024; 03/04/2024 is a different day on each side of the Atlantic and is refused."""
    first, second, year = _number(found, "one"), _number(found, "other"), _number(found, "year")
    if first <= 12 and second <= 12 and first != second:
        return ()
    return (_day(year, second, first) if first > 12 else _day(year, first, second),)


def _english(found: re.Match[str], today: date) -> Days:
    name = found["month"]
    month = int(name[:-1]) if name.endswith("月") else _MONTH_NAMES[name[:3]]
    year = found["year"] or found.groupdict().get("year_last")
    if not year:
        return (_day(today.year, month, _number(found, "day")), _day(today.year - 1, month, _number(found, "day")))
    # RFC 2822, 4.3: two digits below 50 are of this century, the others of the last.
    number = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 50 else 1900)
    return (_day(number, month, _number(found, "day")),)


_WORDS = {"大前天": 3, "前天": 2, "前日": 2, "前": 2, "昨天": 1, "昨日": 1, "昨": 1, "yesterday": 1}


def _word(found: re.Match[str], today: date) -> Days:
    return (today - timedelta(days=_WORDS.get(found["word"], 0)),)


def _weekday(found: re.Match[str], today: date) -> Days:
    """周三 is the last Wednesday that was, 上周三 the one of the calendar week before; weeks begin on Monday."""
    which, number = found["which"], _number(found, "weekday")
    monday = today - timedelta(days=today.weekday())
    if which in ("上", "上上"):
        return (monday - timedelta(days=7 * len(which)) + timedelta(days=number - 1),)
    this = monday + timedelta(days=number - 1)
    return (this if this <= today else None,) if which else (this, this - timedelta(days=7))


def _today_or_yesterday(_found: re.Match[str], today: date) -> Days:
    return (today, today - timedelta(days=1))


def _gate(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_ZH_MONTH_DAY = r"(?P<month>\d{1,2})月(?P<day>\d{1,2})(?:[日号]|(?=\s?$|\s\d{1,2}:))"
_SIGNED = r"(?P<sign>[-/.])"
_SUFFIX = r"(?:st|nd|rd|th)?"

_YEAR_FIRST = (
    rf"{_APART}(?P<year>\d{{4}})(?:{_SIGNED}(?P<month>\d{{1,2}})(?P=sign)|\s(?=\d\d\s\d\d(?!\d))(?P<month2>\d\d)\s)"
    rf"(?P<day>\d{{1,2}}){TAIL}"
)
"""2024-08-21, 2024/8/21, 2024.08.21, 2024 08 21, with or without a clock: most of what there is, ISO 8601 included."""

_MINGUO = (
    rf"民国(?P<year>\d{{1,3}})(?:年(?P<month>\d{{1,2}})月|{_SIGNED}(?P<month2>\d{{1,2}})(?P=sign))"
    rf"(?P<day>\d{{1,2}})[日号]?{TAIL}"
)
_ENGLISH_DAY_FIRST = (
    rf"(?<!\d)(?P<day>\d{{1,2}}){_SUFFIX}[\s-](?P<month>(?:{_MONTH})\.?|\d{{1,2}}月)[\s,-]{{0,2}}"
    rf"(?P<year>\d{{4}}|\d\d)(?!\d){TAIL}"
)
_ENGLISH_MONTH_FIRST = (
    rf"(?<![a-z])(?<!\d[\s-])(?<!\d(?:st|nd|rd|th)\s)(?P<month>{_MONTH})\.?\s(?P<day>\d{{1,2}}){_SUFFIX}"
    rf"(?:,?\s(?P<year>\d{{4}}))?{TAIL}(?:\s(?P<year_last>\d{{4}})(?!\d))?"
)
_WEEKDAY_ALONE = (
    r"(?<![日号\d])(?<![日号\d][\s,，(])(?P<which>上上|上|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[1-7])"
    rf"\s?{TAIL}"
)
_TWO_DIGIT_YEAR = rf"{_APART}(?P<year>\d\d)-(?P<month>\d\d)-(?P<day>\d\d){TAIL}"
_YEAR_LAST = rf"{_APART}(?P<one>\d{{1,2}}){_SIGNED}(?P<other>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}){TAIL}"
_UNSIGNED = rf"{_APART}(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?!\d){TAIL}"
_NUMBERS = rf"{_APART}(?P<month>\d{{1,2}}){_SIGNED}(?P<day>\d{{1,2}}){_END}{TAIL}"
_IN_WORDS = rf"(?P<word>大前天|[前昨今][天日]|[前昨今](?=[早晚晨夜])|yesterday|today){TAIL}"

_YEAR, _MONTH_GATE, _NAMED_MONTH = _gate("年"), _gate("月"), _gate("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|月")
_SIGN = _gate(r"\d[-/.]\d")

FORMS = (
    Form("dated", _YEAR_FIRST, _year_first, _gate(r"\d\d[-/. ]\d")),
    Form("dated", rf"{_APART}(?<!民国)(?P<year>\d{{4}}|\d\d)年{_ZH_MONTH_DAY}{TAIL}", _dated, _YEAR),
    Form("yearless", _NUMBERS, _dotted, _SIGN, "alone unless timed"),
    Form("yearless", rf"(?<![\d年]){_ZH_MONTH_DAY}{TAIL}", _yearless, _MONTH_GATE),
    Form("relative", _IN_WORDS, _word, _gate("[天日早晚晨夜y]")),
    Form("relative", _WEEKDAY_ALONE, _weekday, _gate("[周期拜][1-7]")),
    Form("dated", rf"(?P<which>今年|去年|前年){_ZH_MONTH_DAY}{TAIL}", _named_year, _gate("[今去前]年")),
    Form("dated", _MINGUO, _minguo, _gate("民国")),
    Form("dated", _TWO_DIGIT_YEAR, _dated, _SIGN, "alone unless timed"),
    Form("dated", _YEAR_LAST, _day_last, _SIGN),
    Form("dated", _UNSIGNED, _dated, _gate(r"\d{8}"), "alone unless timed"),
    Form("dated", _ENGLISH_DAY_FIRST, _english, _NAMED_MONTH),
    Form("yearless", _ENGLISH_MONTH_FIRST, _english, _NAMED_MONTH),
)
"""In no order of rank: all are looked for, and ``publication`` chooses."""

CLOCK_ALONE = Form("relative", rf"(?<![\d:]){CLOCK}(?P<dayzone>(?!))?", _today_or_yesterday, _gate("[:点时]"), "alone")
"""A list that says 14:05 means today, or just before midnight yesterday. Only where no day is written."""
