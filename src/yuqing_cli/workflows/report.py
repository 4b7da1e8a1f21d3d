"""Report: a period -> its rows, the desk's words, the spans to compare with -> Review.

store.period + store.desk_entries + store.tally -review-> Review
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from yuqing_cli import coverage, times
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import Settings
from yuqing_cli.digest import desk
from yuqing_cli.digest.frame import framed
from yuqing_cli.digest.review import Against, Review, review
from yuqing_cli.digest.shapes import Window, Work
from yuqing_cli.digest.window import moment
from yuqing_cli.errors import UsageError
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import replace

DAY = timedelta(days=1)


def period(
    *, week: bool, month: bool, last: bool, start: str, end: str, now: datetime, zone: tzinfo
) -> tuple[datetime, datetime]:
    """The span that the options name: the running calendar week (the default) or month, the one before, or a free span.

    Raises:
        UsageError: several at once, an unreadable time, an end before its start.

    """
    if sum((week, month, bool(start or end))) > 1:
        raise UsageError("choose one of --week, --month and --from/--to")
    today = now.astimezone(zone).date()
    if end and not start:
        raise UsageError("--to needs --from")
    if start:
        if last:
            raise UsageError("--last goes with --week or --month")
        low = moment(start, now=now, zone=zone)
        high = moment(end, now=now, zone=zone) if end else now
        if high <= low:
            raise UsageError("--from must be before --to")
        return low, high
    first = today.replace(day=1) if month else today - timedelta(days=today.weekday())
    if last:
        former = (first - DAY).replace(day=1) if month else first - 7 * DAY
        return times.day_bounds(former, zone)[0], times.day_bounds(first, zone)[0]
    return times.day_bounds(first, zone)[0], times.day_bounds(today, zone)[1]


def report(
    store: Store, settings: Settings, keywords: KeywordSet, start: datetime, end: datetime, *, now: datetime
) -> Review:
    """The review of a period, with what the file knows now."""
    zone = times.parse_zone(settings.station.timezone)
    until = min(end, now)
    with store.snapshot():
        rows = store.period(start, end, now, zone)
        previous = _against(store, start - (until - start), start, now)
        year_before = _against(store, *_year_before(start, until, zone), now)
        entries = store.desk_entries(now)
        work = tuple(Work(kind, at.astimezone(zone), posts) for kind, at, posts in store.work_since(now))
        covered = coverage.of(settings.sources, store.spells(start, until), start, max(start, until))
    frame = framed(settings, keywords, Window("range", start, end), now)
    standings = {event: desk.standing(held) for event, held in entries.items()}
    made = review(frame, replace(rows, previous=previous, year_before=year_before), standings, covered)
    return replace(made, work=work)


def _against(store: Store, start: datetime, end: datetime, now: datetime) -> Against | None:
    """A span to compare with; None where the file did not yet exist when it began."""
    first = store.first_seen()
    return Against(start, end, store.tally(start, end, now)) if first and first <= start else None


def _year_before(start: datetime, until: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The same days of the year before; the 29th of February becomes the 28th."""
    local = start.astimezone(zone)
    day = local.date()
    former = date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    low = (local - (day - former)).astimezone(start.tzinfo)
    return low, low + (until - start)
