"""The learnt rate of a source: visits expected in each hour of the week, and how unevenly they come beyond that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import accumulate, pairwise
from math import expm1, log, sqrt

from yuqing_cli.records import Record

from .history import HOUR, WEEK, History, Span, history

LEAST_VISITS = 7
LEAST_WEEKS = 1.0
TAIL = 1.0
"""Gaps beyond this expected count tell about clusters; a third of an exponential's gaps are."""
PRIOR_GAPS = 3.0
"""Weight of the belief that visits are not clustered, in gaps beyond ``TAIL``. In two simulated months of sources whose stories
run for hours, a weight of 6 gave 14 false alarms and 2 gave 11; how soon steady sources were named did not differ."""

_LEVELS = ([i % 24 for i in range(WEEK)], [i // 24 for i in range(WEEK)], list(range(WEEK)))


class Rate(Record):
    """What is normal for one source. A *visit* is an ask that found at least one new post."""

    profile: tuple[float, ...]
    """Expected visits per hour, were it asked without pause, for each of the 168 hours of the week, Monday 00:00 first, in
    the zone that it was learnt in."""
    dispersion: float
    """Mean visits to a cluster, at least 1 (no clusters)."""
    moods: float
    """Variance of the factor by which its days differ beyond chance, hour and weekday; 0: none that shows."""
    visits: int
    posts: int
    weekly: float
    """Visits per week that was seen: the number of gaps, at the pace at which the source is asked."""
    learnt_from: datetime
    learnt_until: datetime
    """The last visit; what came later is not learnt from."""


def learn(
    arrivals: Sequence[datetime],
    *,
    since: datetime,
    until: datetime,
    zone: tzinfo,
    blind: Sequence[Span] = (),
    every: timedelta = timedelta(minutes=30),
    least: int = LEAST_VISITS,
) -> Rate | None:
    """The rate of a source from the times at which its posts were first seen; None where that is too little to go by.

    ``arrivals``: of posts that were new after the baseline, in any order, several may share a time; those outside
    ``since < t <= until`` are ignored. ``blind`` spans are left out of the exposure, and what the first ask after one found is
    not counted: it came meanwhile. ``every`` is the pace of the asks. Too little: less than a week that was seen, or fewer
    than ``least`` visits.
    """
    seen = history(arrivals, since, until, zone, blind, every)
    if seen is None:
        return None
    kept, hours = seen.kept, sum(seen.seen)
    if len(kept) < max(least, 1) or hours < LEAST_WEEKS * WEEK:
        return None
    profile = _profile(seen, kept)
    dispersion = _dispersion(seen, profile)
    return Rate(
        profile=tuple(profile),
        dispersion=dispersion,
        moods=_moods(seen, kept, profile, dispersion),
        visits=len(kept),
        posts=seen.posts,
        weekly=len(kept) / hours * WEEK,
        learnt_from=since,
        learnt_until=seen.until,
    )


def expected(rate: Rate, start: datetime, until: datetime, zone: tzinfo) -> float:
    """Visits that a healthy source makes in a span; 0 where it is empty. A change of clocks inside moves it by an hour at most."""
    hours = (until - start).total_seconds() / HOUR
    if hours <= 0:
        return 0.0
    weeks, rest = divmod(hours, WEEK)
    local = start.astimezone(zone)
    at = local.weekday() * 24 + local.hour + local.minute / 60 + local.second / HOUR
    return weeks * sum(rate.profile) + _up_to(rate.profile, at + rest) - _up_to(rate.profile, at)


def _up_to(profile: Sequence[float], at: float) -> float:
    weeks, rest = divmod(at, WEEK)
    hour = int(rest)
    return weeks * sum(profile) + sum(profile[:hour]) + profile[hour % WEEK] * (rest - hour)


def _profile(seen: History, kept: Sequence[float]) -> list[float]:
    exposure = [0.0] * WEEK
    for cell, share in zip(seen.cells, seen.seen, strict=True):
        exposure[cell] += share
    counts = _spread(seen, kept)
    risk = [_at_risk(e, c, seen.step) for e, c in zip(exposure, counts, strict=True)]
    rates = [sum(counts) / sum(risk)] * WEEK
    for buckets in _LEVELS:
        rates = _fitted(rates, risk, counts, buckets)
    scale = sum(counts) / sum(r * t for r, t in zip(rates, risk, strict=True))
    return [scale * r for r in rates]


def _spread(seen: History, kept: Sequence[float]) -> list[float]:
    """A visit says that something came since the ask before: it belongs to all hours between, not to the one it was seen in."""
    counts, cells, step = [0.0] * WEEK, seen.cells, seen.step
    for at in kept:
        low = at - step if at > step else 0.0
        first, last = int(low), int(at)
        if first == last:
            counts[cells[last]] += 1.0
            continue
        each = 1.0 / (at - low)
        counts[cells[first]] += (first + 1 - low) * each
        for i in range(first + 1, last):
            counts[cells[i]] += each
        counts[cells[last]] += (at - last) * each
    return counts


def _at_risk(exposure: float, count: float, step: float) -> float:
    """Hours in which a visit was still to come: a visit hides what else came since the last ask, so ``-log(1 - share)``.

    The halves keep it finite where every ask found something, and all but unbiased where asks are few.
    """
    if count <= 0.0:
        return exposure
    asks = exposure / step
    return count * step / log((asks + 0.5) / max(asks - count + 0.5, 0.5)) if asks > 0 else 0.0


def _fitted(
    rates: Sequence[float], risk: Sequence[float], counts: Sequence[float], buckets: Sequence[int]
) -> list[float]:
    """``rates`` times one factor per bucket, each drawn to 1 as far as chance explains it."""
    want, have = [0.0] * (max(buckets) + 1), [0.0] * (max(buckets) + 1)
    for rate, time, count, bucket in zip(rates, risk, counts, buckets, strict=True):
        want[bucket] += rate * time
        have[bucket] += count
    surplus = sum((h - w) ** 2 - w for h, w in zip(have, want, strict=True))
    if surplus <= sqrt(sum(2 * w * w + w for w in want)):
        return list(rates)
    prior = sum(w * w for w in want) / surplus
    factors = [(h + prior) / (w + prior) for h, w in zip(have, want, strict=True)]
    return [rate * factors[bucket] for rate, bucket in zip(rates, buckets, strict=True)]


def _dispersion(seen: History, profile: Sequence[float]) -> float:
    """Mean excess of the gaps beyond ``TAIL`` in expected visits, where each ask is one trial of its own hazard."""
    hazard = [profile[cell] * share for cell, share in zip(seen.cells, seen.seen, strict=True)]
    total = [0.0, *accumulate(hazard)]
    top, step = max(hazard), seen.step

    def up_to(at: float) -> float:
        hour = int(at)
        return total[hour] + hazard[hour] * (at - hour)

    missed = found = PRIOR_GAPS
    for before, at in pairwise(seen.visits):
        edge = at - step
        if (edge - before) * top <= TAIL or at in seen.caught_up:
            continue
        survived, last = up_to(edge) - up_to(before), up_to(at) - up_to(edge)
        if survived > TAIL:
            missed += max(0.0, survived - TAIL - last / 2)
            found += last / expm1(last) if last > 1e-9 else 1.0
    return max(1.0, missed / found)


def _moods(seen: History, kept: Sequence[float], profile: Sequence[float], dispersion: float) -> float:
    """Variance between days beyond what clusters explain, by moments; 0 unless it stands out of half its own noise."""
    # An ask finds at most one visit: on busy days the count is bounded, and so is what is expected of it.
    found = [-expm1(-rate * seen.step) / seen.step for rate in profile]
    hourly = [found[cell] * share for cell, share in zip(seen.cells, seen.seen, strict=True)]
    have = Counter(int(at) // 24 for at in kept)
    want = [sum(hourly[hour : hour + 24]) for hour in range(0, len(hourly) - 23, 24)]
    surplus = sum((have[day] - w) ** 2 - dispersion * w for day, w in enumerate(want))
    noise = sqrt(sum(2 * (dispersion * w) ** 2 + w for w in want))
    return surplus / sum(w * w for w in want) if surplus > noise / 2 else 0.0
