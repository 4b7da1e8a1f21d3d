"""Which span of time a digest or an export is about. Options in, ``Window`` out; all arithmetic in the station's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from yuqing_cli import times
from yuqing_cli.digest.shapes import Window
from yuqing_cli.errors import UsageError
from yuqing_cli.records import Record


class WindowOptions(Record):
    """What was asked for on the command line; at most one of the kinds. Nothing means today."""

    today: bool = False
    date: str = ""
    shift: str = ""
    since_last: bool = False
    start: str = ""
    end: str = ""

    @property
    def kinds(self) -> list[str]:
        """The kinds of window that were asked for."""
        given = {
            "--today": self.today,
            "--date": self.date,
            "--shift": self.shift,
            "--since-last": self.since_last,
            "--from/--to": self.start or self.end,
        }
        return [name for name, value in given.items() if value]


def window(
    options: WindowOptions, *, now: datetime, zone: tzinfo, shifts: Mapping[str, str], last_end: datetime | None = None
) -> Window:
    """The window that the options name, seen from ``now``.

    ``last_end`` is the end of the last issued window, for ``--since-last``; without one it begins with the day.

    Raises:
        UsageError: two kinds of window at once, an unreadable time, an unknown shift.

    """
    if len(options.kinds) > 1:
        raise UsageError("choose one window, not several: {kinds}", kinds=" ".join(options.kinds))
    today = now.astimezone(zone).date()
    if options.shift:
        return _shift(options.shift, shifts, now, zone)
    if options.since_last:
        return Window("since-last", last_end or times.day_bounds(today, zone)[0], now)
    if options.start or options.end:
        return _range(options, now, zone)
    if options.date:
        return Window("date", *times.day_bounds(_day(options.date), zone))
    return Window("today", *times.day_bounds(today, zone))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("{value} is not a date; write 2026-11-22", value=text) from None


def moment(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """A time given as an option, in the station's zone unless it names its own. Raises ``UsageError``."""
    try:
        return times.parse_user_time(text, now=now, zone=zone)
    except ValueError:
        raise UsageError("{value} is not a time; write 2026-11-22 or 2026-11-22T08:00", value=text) from None


def past(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment whose knowledge is asked for (``--as-of``); None where none is. Raises ``UsageError`` for one that is to come."""
    then = moment(text, now=now, zone=zone) if text else None
    if then and then > now:
        raise UsageError("--as-of lies in the future: {value}", value=text)
    return then


def _range(options: WindowOptions, now: datetime, zone: tzinfo) -> Window:
    if not options.start:
        raise UsageError("--to needs --from")
    start = moment(options.start, now=now, zone=zone)
    end = moment(options.end, now=now, zone=zone) if options.end else now
    if end <= start:
        raise UsageError("--from must be before --to")
    return Window("range", start, end)


def _shift(name: str, shifts: Mapping[str, str], now: datetime, zone: tzinfo) -> Window:
    """The shift of that name which is running, else the last one that ran. It may cross midnight."""
    if name not in shifts:
        known = ", ".join(shifts) or "-"
        raise UsageError("there is no shift {name}; [shifts] in yuqing.toml has: {known}", name=name, known=known)
    begin, finish = times.parse_clock_range(shifts[name])
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        start = _at(day, begin, zone)
        end = _at(day if finish > begin else day + timedelta(days=1), finish, zone)
        if start <= now:
            return Window("shift", start, end, name)
    raise AssertionError("a shift begins every day")


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
