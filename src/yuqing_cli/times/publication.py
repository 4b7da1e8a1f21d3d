"""When was it published? The one moment that a field of a feed, a listing or an article page means.

Principle: a wrong date is worse than none. A post without a date is put at the time it was first seen, which is right
within one fetch interval; a post with a wrong date lands in another shift's digest, or in none. So the grammar
accepts what can be read one way only, and refuses the rest:

- A span is not a moment: 2019-2020, 3月5日-8日, 08:00-09:00, 3月5日起 are refused.
- Day and month in an order that differs between countries are refused (03/04/2024) unless one of them exceeds 12.
  Years come first otherwise, and a month and a day without a year are read in that order, as East Asia writes them.
- A month and a day without a year lie in the year before the next such day: 12-31 read in January is last year's.
  More than an hour ahead, the date is last year's; but within a day ahead it may as well be today's in a zone ahead
  of the one configured, and a year is too much to be wrong by: refused.
- Words decide about numbers. A date right behind 发布时间 is the date; behind 截止时间, 将于 or 农历 it is something
  else. One that runs on into a sentence (3月5日召开会议) tells of an event, not of the publication. Numbers that
  could be a score, a ratio or a price (08-21, 8.21) must be the whole field.
- Two different moments of equal standing are refused. Absolute ones beat relative ones, which pages round.
- 2020-02-30 and 25:00 are refused: a field with nonsense in one part is not to be trusted in the other.

Future-looking words (明天, 下周三) and lunar dates are no publication dates. A date may still lie in the future (今天
18:00 read at noon, or a year given): ``plausible`` is the judge of that, so that its caller can count what was
refused.

Known failures: an event's date that stands alone, or between blanks, in a field that was taken for the publication date
is believed (72,865 headlines, which are no date fields, give 11 moments, 6 of them dates and nothing else). 12.30 alone
may be a price. Two-digit years behind a slash, and years of the Republic of two digits (98-08-21) without 民国, are refused
although some pages mean them; those of three (115-08-20) are read for a source in Asia/Taipei, and refused for any other.

Left out on purpose: month and day inside running text, which mostly tell of events; choosing the first or the last of
several dates; moments after midnight that people still call 昨晚 (昨晚2点).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from yuqing_cli.records import Record

from .ago import AGO, AGO_GATE, read_ago
from .clock import at_wall, since_midnight, zone_of
from .context import APART, follows, standing
from .days import CLOCK_ALONE, FORMS, Form
from .folding import fold
from .instants import AHEAD, EPOCH, as_zone, truncate

_MAX_RAW, _MAX_FOLDED = 2000, 300
"""A longer text is no date field. Cutting it instead could cut through a date and leave another one."""

_EPOCH = re.compile(r"(\d{10})(?:\.\d{1,9}|(\d{3})(\d{3})?)?", re.ASCII)
_COMPACT = re.compile(
    r"(?P<date>\d{8})(?:t|(?=\d{4}(?:\d\d)?$))(?P<hm>\d{4})(?P<s>\d\d)?(?:\.\d{1,9})?(?P<zone>z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_REPUBLIC = re.compile(r"(?<![\w.$/-])(?=1\d\d([-/.])\d{1,2}\1\d\d?(?![\d./-]))(?!\d{3}\.(?!\d\d\.\d\d))", re.ASCII)
"""Before a three-digit year of the Republic: 115-08-20, 115/8/20, 115.08.20; one digit behind a point is a version."""
_TAIPEI = "Asia/Taipei"
_SPEAKING = re.compile(r"\d|[前昨今刚]|today|yesterday|now|ago")
_ENGLISH_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? ")


class Moment(Record):
    """A moment in UTC. ``date_only``: only the day was written, and ``at`` is its midnight in the source's zone."""

    at: datetime
    date_only: bool = False


class _Found(Record):
    """A moment found in a text, with how much speaks for its being the publication's (``rank``, 1 to 4)."""

    moment: Moment
    rank: int
    relative: bool


class _Frame(Record):
    """What reading is relative to."""

    now: datetime
    zone: tzinfo
    today: date


def parse_date(text: str, *, now: datetime, zone: tzinfo | str) -> datetime | None:
    """The moment of ``parse_moment`` alone: aware, in UTC, in whole milliseconds."""
    moment = parse_moment(text, now=now, zone=zone)
    return moment.at if moment else None


def parse_moment(text: str, *, now: datetime, zone: tzinfo | str) -> Moment | None:
    """The one moment that ``text`` means, or None. Raises nothing, whatever ``text`` is.

    ``now`` is aware. Times without a zone of their own belong to ``zone``, the source's; CST is +08:00 for a source
    in Asia and -06:00 elsewhere; 115-08-20 is a day of 2026 for one in Asia/Taipei, and none elsewhere. The moment may
    lie in the future: see ``plausible``. (An unknown name of a zone is a ValueError: that is a setting, not data.)
    """
    if len(text) > _MAX_RAW:
        return None
    folded = fold(text)
    if not folded or len(folded) > _MAX_FOLDED or not _SPEAKING.search(folded):
        return None
    where = as_zone(zone)
    if getattr(where, "key", "") == _TAIPEI:
        folded = _REPUBLIC.sub("民国", folded)
    frame = _Frame(truncate(now.astimezone(UTC)), where, now.astimezone(where).date())
    if folded[0].isdigit() and (found := _EPOCH.fullmatch(folded)):
        return _epoch(folded, found, frame)
    if folded[0].isdigit() and (found := _COMPACT.fullmatch(folded)):
        folded = _spread(found)
    return _whole(folded, frame) or _choose(list(_candidates(folded, frame)))


def _whole(text: str, frame: _Frame) -> Moment | None:
    """The moment of a field that is nothing but a date: most are, and the search for others can be saved."""
    start = found.end() if (found := _ENGLISH_WEEKDAY.match(text)) else 0
    for form in FORMS:
        match = form.whole(text, start)
        if match:
            return _settle(match, form, frame)
    ago = AGO.fullmatch(text)
    return _settle_ago(ago, frame) if ago else None


def _epoch(text: str, found: re.Match[str], frame: _Frame) -> Moment | None:
    """Seconds, milliseconds or microseconds since 1970, from 2001 (ten digits) until now; else it is another number."""
    scale = 1_000_000 if found[3] else 1000 if found[2] else 1
    whole, _, fraction = text.partition(".")
    ms = int(whole) * 1000 // scale + int(fraction.ljust(3, "0")[:3])
    at = EPOCH + timedelta(milliseconds=ms)
    return Moment(at) if int(found[1]) >= 1_000_000_000 and at <= frame.now + AHEAD else None


def _spread(found: re.Match[str]) -> str:
    """20240821140500 and 20240821T1405Z with their signs put in."""
    date_, hm = found["date"], found["hm"]
    return f"{date_[:4]}-{date_[4:6]}-{date_[6:]} {hm[:2]}:{hm[2:]}:{found['s'] or '00'}{found['zone'] or ''}"


def _candidates(text: str, frame: _Frame) -> Iterator[_Found]:
    found = False
    for form in FORMS:
        for candidate in _of_form(text, form, frame):
            found = True
            yield candidate
    for match in AGO.finditer(text) if AGO_GATE.search(text) else ():
        rank = standing(text, match.start(), match.end(), glue=False)
        moment = _settle_ago(match, frame) if rank else None
        if moment:
            found = True
            yield _Found(moment, rank, relative=True)
    if not found:
        yield from _of_form(text, CLOCK_ALONE, frame)


def _of_form(text: str, form: Form, frame: _Frame) -> Iterator[_Found]:
    for match in form.find(text):
        rank = _rank(text, match, form)
        moment = _settle(match, form, frame) if rank else None
        if moment:
            yield _Found(moment, rank, form.kind == "relative")


def _settle_ago(match: re.Match[str], frame: _Frame) -> Moment | None:
    at = read_ago(match, frame.now, frame.today)
    if isinstance(at, datetime):
        return Moment(truncate(at))
    return Moment(_midnight(at, frame.zone), date_only=True) if at else None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return at_wall(datetime.combine(day, time.min), timedelta(0), zone)


def _settle(match: re.Match[str], form: Form, frame: _Frame) -> Moment | None:
    """The moment of a match: the first day that it can mean on which its clock does not lie ahead."""
    clock, zone = since_midnight(match), zone_of(match, frame.zone)
    if clock is None or zone is None:
        return None
    days, date_only = form.read(match, frame.today), match["hour"] is None
    moments = [Moment(at_wall(datetime.combine(day, time.min), clock, zone), date_only) for day in days if day]
    if len(days) == 1:
        return moments[0] if moments else None
    return _latest(moments, form, frame.now)


def _latest(moments: list[Moment], form: Form, now: datetime) -> Moment | None:
    for moment in moments:
        if moment.at <= now + AHEAD:
            return moment
        if form.kind == "yearless" and moment.at <= now + timedelta(days=1):
            return None
    return None


def _rank(text: str, match: re.Match[str], form: Form) -> int:
    """How much speaks for this match; 0 if it must not be read as the date."""
    timed = match["hour"] is not None
    alone = form.stands == "alone" or (form.stands == "alone unless timed" and not timed)
    rank = standing(text, match.start(), match.end(), glue=not alone and (form.kind == "dated" or timed))
    return 0 if rank == APART and alone and not _is_alone(text, match) else rank


def _is_alone(text: str, match: re.Match[str]) -> bool:
    """Nothing but brackets and what follows a date on a by-line stands around the match."""
    before, after = text[: match.start()].strip(" [(【「|·-"), text[match.end() :].strip(" ])】」|·-")
    return not before and (not after or follows(after, 0))


def _choose(found: list[_Found]) -> Moment | None:
    """The best-placed moment, if the best-placed agree. Absolute beats relative; a time beats its day's bare date."""
    found = [f for f in found if not f.relative] or found
    if not found:
        return None
    rank = max(f.rank for f in found)
    moments = {f.moment for f in found if f.rank == rank}
    timed = {m for m in moments if not m.date_only}
    if len(timed) == 1:
        (exact,) = timed
        if all(timedelta(0) <= exact.at - m.at < timedelta(days=1) for m in moments):
            return exact
    return moments.pop() if len(moments) == 1 else None
