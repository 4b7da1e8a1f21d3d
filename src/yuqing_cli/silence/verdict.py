"""The verdicts: whether a source that answers is ``ok``, ``silent``, ``frozen`` or ``stale``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from math import e, log
from typing import Literal

from .history import HOUR, WEEK, Span
from .rates import Rate, expected
from .sameness import Sameness

State = Literal["ok", "silent", "frozen", "stale"]

WEEKS = 100.0
"""A healthy source is called silent once in so many weeks."""
RARE = 0.2
"""Where fewer of the answers are repeats, a run of them is news in itself."""
FROZEN_AFTER = timedelta(hours=18)
"""Leaves a source that is asked every six hours one ask within its first day."""
FROZEN_REPEATS = 3
STALE_AFTER = timedelta(hours=2)


def limit(rate: Rate) -> float:
    """The expected visits that a silence may last: exceeded by a healthy source once in ``WEEKS`` weeks (see the package)."""
    gaps = max(WEEKS * rate.weekly / rate.dispersion, e)
    chance = rate.dispersion / rate.visits
    daily = sum(rate.profile) / 7
    low, high = log(gaps), _exceeded_once(gaps, chance + rate.moods)
    while high - low > 1e-3 * low:
        # A silence of several days meets several moods, which even out.
        middle = (low + high) / 2
        days = max(1.0, rate.dispersion * middle / daily)
        if _exceeded_once(gaps, chance + rate.moods / days) > middle:
            low = middle
        else:
            high = middle
    return rate.dispersion * high


def _exceeded_once(gaps: float, variance: float) -> float:
    """The x that one of ``gaps`` exceeds when their rate is a gamma variate of mean 1 and this variance."""
    variance = min(variance, 1.0)
    return float((gaps**variance - 1.0) / variance)


def allowed_gap(rate: Rate, last_arrival: datetime, zone: tzinfo) -> datetime:
    """The moment at which silence since ``last_arrival`` becomes an alarm, if the source is seen all the while."""
    left, weekly = limit(rate), sum(rate.profile)
    weeks, left = divmod(left, weekly)
    local = last_arrival.astimezone(zone)
    at = local.weekday() * 24 + local.hour + local.minute / 60 + local.second / HOUR
    hours, slot = 0.0, int(at)
    room = slot + 1 - at
    while rate.profile[slot % WEEK] * room < left:
        left -= rate.profile[slot % WEEK] * room
        hours += room
        slot, room = slot + 1, 1.0
    hours += left / rate.profile[slot % WEEK] if left > 0 else 0.0
    return last_arrival + timedelta(weeks=min(weeks, 5000.0), hours=hours)


def silent(rate: Rate | None, last_arrival: datetime, now: datetime, zone: tzinfo, blind: Sequence[Span] = ()) -> bool:
    """Whether nothing new came for longer than is healthy. Without a learnt rate never; time not seen does not count."""
    return rate is not None and _seen(rate, last_arrival, now, zone, blind) >= limit(rate)


def _seen(rate: Rate, start: datetime, now: datetime, zone: tzinfo, blind: Sequence[Span]) -> float:
    dark = sum(expected(rate, max(low, start), min(high, now), zone) for low, high in blind)
    return expected(rate, start, now, zone) - dark


def frozen(sameness: Sameness, rate: Rate | None, now: datetime, zone: tzinfo, blind: Sequence[Span] = ()) -> bool:
    """Whether the source repeats one body for longer than is like it: 18 hours where it hardly ever does, else by its rate."""
    since = sameness.since
    if since is None or sameness.repeats < FROZEN_REPEATS:
        return False
    unusual = sameness.share <= RARE and now - since >= FROZEN_AFTER
    return unusual or silent(rate, since, now, zone, blind)


def stale(list_age: timedelta | None, every: timedelta) -> bool:
    """Whether a list that dates itself is older than 2.5 intervals, and than two hours (aggregators cache for up to one)."""
    return list_age is not None and list_age > max(every * 2.5, STALE_AFTER)


def state(
    rate: Rate | None,
    last_arrival: datetime | None,
    now: datetime,
    zone: tzinfo,
    *,
    blind: Sequence[Span] = (),
    sameness: Sameness | None = None,
    list_age: timedelta | None = None,
    every: timedelta = timedelta(minutes=30),
) -> State:
    """The verdict on a source whose last ask succeeded. The most telling comes first: what is stale or frozen is silent too."""
    if stale(list_age, every):
        return "stale"
    if sameness is not None and frozen(sameness, rate, now, zone, blind):
        return "frozen"
    if last_arrival is not None and silent(rate, last_arrival, now, zone, blind):
        return "silent"
    return "ok"
