"""A month of a hundred sources under an injected clock: the silent and the frozen are named in time, hardly anyone else is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from math import exp, log
from random import Random
from zoneinfo import ZoneInfo

import pytest

from yuqing_cli import silence
from yuqing_cli.silence import Rate, Sameness

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 1, 7, tzinfo=UTC)
EVERY = timedelta(minutes=30)
DAY = timedelta(days=1)
DAYS = 30
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class World:
    """What the simulated sources are like."""

    seed: int = 1
    sources: int = 100
    gone: int = 10
    stuck: int = 5
    uneven: bool = True
    """Nights and weekends lull."""
    bursty: float = 0.3
    """Share of the sources that publish in batches or runs."""
    spread: timedelta = timedelta(minutes=2)
    """How long a batch takes."""
    moody: float = 0.0
    """Variance of a factor that each day draws for itself."""
    outages: int = 8
    slowest: float = 1.0
    fastest: float = 50.0
    plain: float = 0.0
    """Share of the servers that answer 200 with the same bytes when nothing is new; the others say 304."""
    days: int = DAYS


@dataclass(slots=True)
class Case:
    """One source: what it published, and what was said of it."""

    per_day: float
    posts: list[datetime]
    stop: datetime | None
    stuck: bool
    plain: bool
    phase: timedelta
    blind: tuple[Span, ...] = ()
    named: datetime | None = None
    verdict: str = ""
    last: datetime | None = None
    bound: datetime | None = None
    rate: Rate | None = None
    false_alarms: list[str] = field(default_factory=list)


def shape(rng: Random, world: World) -> list[float]:
    """168 factors of mean 1."""
    if not world.uneven:
        return [1.0] * 168
    night, weekend, noon = rng.uniform(0.02, 0.4), rng.uniform(0.15, 1.0), rng.uniform(10, 16)
    raw = []
    for hour in range(168):
        distance = min(abs(hour % 24 + 0.5 - noon), 24 - abs(hour % 24 + 0.5 - noon))
        day = max(night, exp(-((distance / 6.0) ** 4)))
        raw.append(day * (weekend if hour >= 120 else 1.0))
    mean = sum(raw) / 168
    return [value / mean for value in raw]


def publish(rng: Random, world: World, per_day: float, until: datetime) -> list[datetime]:
    """Post times by thinning; a batch starts at each arrival of a bursty source."""
    factors = shape(rng, world)
    batch = rng.choice([2.0, 4.0, 8.0]) if rng.random() < world.bursty else 1.0
    moods = [rng.gammavariate(1 / world.moody, world.moody) if world.moody else 1.0 for _ in range(world.days + 61)]
    top = max(factors) * max(moods) * per_day / batch
    posts: list[datetime] = []
    t = START
    while True:
        t += timedelta(days=rng.expovariate(top))
        if t >= until:
            return sorted(post for post in posts if post < until)
        local = t.astimezone(ZONE)
        accept = factors[local.weekday() * 24 + local.hour] * moods[(t - START).days] * per_day / batch
        if rng.random() * top < accept:
            size = 1 if batch == 1.0 else 1 + geometric(rng, batch)
            posts += [t + rng.random() * world.spread for _ in range(size)] if size > 1 else [t]


def geometric(rng: Random, mean: float) -> int:
    """Zero or more, so that one more of it has the mean."""
    return int(log(1.0 - rng.random()) / log(1.0 - 1.0 / mean))


def cases(world: World) -> list[Case]:
    rng = Random(world.seed)
    until = START + world.days * DAY
    fate = ["gone"] * world.gone + ["stuck"] * world.stuck + [""] * (world.sources - world.gone - world.stuck)
    found = []
    for number, kind in enumerate(fate):
        per_day = exp(rng.uniform(log(world.slowest), log(world.fastest)))
        stop = START + rng.uniform(14, min(22, world.days - 2)) * DAY if kind else None
        down = START + rng.uniform(8, world.days - 4) * DAY
        dark = (
            ((down, down + rng.uniform(4, 60) * timedelta(hours=1)),) if world.sources - number <= world.outages else ()
        )
        posts = publish(rng, world, per_day, stop or until)
        plain = rng.random() < world.plain
        found.append(Case(per_day, posts, stop, kind == "stuck", plain, rng.random() * EVERY, dark))
    return found


def play(case: Case, world: World, relearn: timedelta = DAY) -> Case:
    """Ask every half hour, learn anew now and then, give a verdict after every ask; until it is named, if it has stopped."""
    now = START + case.phase
    baseline, seen, same = now, bisect_right(case.posts, now), Sameness()
    arrivals: list[datetime] = []
    learnt_at, previous, last = now, now, now
    deadline: datetime | None = None
    wrong = False
    end = START + world.days * DAY + (60 * DAY if case.stop else timedelta(0))
    while (now := now + EVERY) < end and case.named is None:
        if any(low <= now < high for low, high in case.blind):
            continue
        # The hole as coverage sees it: from the last ask before to the first one after.
        blind = tuple((low, high) for low, high in holes(case) if high <= now)
        fresh = bisect_right(case.posts, now) - seen
        seen += fresh
        if fresh:
            arrivals += [now] * fresh
            last, wrong = now, False
        repeat = not fresh and (case.plain or bool(case.stuck and case.stop and now >= case.stop))
        same = silence.answered(same, repeat=repeat, now=now, last_success=previous)
        previous = now
        # What is asked about is learnt up to its last post, as in earnest; healthy sources less often, to be quick.
        if now - learnt_at >= relearn or (case.stop and now - EVERY < case.stop <= now):
            learnt_at = now
            case.rate = silence.learn(arrivals, since=baseline, until=now, zone=ZONE, blind=blind, every=EVERY)
        if fresh or learnt_at == now:
            deadline = silence.allowed_gap(case.rate, last, ZONE) if case.rate else None
        if not same.since and (deadline is None or now < deadline):
            continue
        verdict = silence.state(case.rate, last, now, ZONE, blind=blind, sameness=same, every=EVERY)
        if verdict == "ok" or wrong:
            continue
        if case.stop and now >= case.stop:
            case.named, case.verdict, case.last, case.bound = now, verdict, last, deadline
        else:
            wrong = True
            case.false_alarms.append(verdict)
    return case


def holes(case: Case) -> list[Span]:
    """Blind spans between two asks."""
    found = []
    for low, high in case.blind:
        first = START + case.phase
        before = first + ((low - first) // EVERY) * EVERY
        after = first + (-((first - high) // EVERY)) * EVERY
        found.append((before, after))
    return found


@cache
def month(world: World, relearn: timedelta = 3 * DAY) -> tuple[Case, ...]:
    return tuple(play(case, world, relearn) for case in cases(world))


def weeks(found: Sequence[Case], days: int) -> float:
    return sum(((case.stop or START + days * DAY) - START) / DAY / 7 for case in found)


def alarms(found: Sequence[Case]) -> int:
    return sum(len(case.false_alarms) for case in found)


@pytest.mark.slow
def test_every_source_that_falls_silent_is_named_within_its_allowed_gap_and_one_interval() -> None:
    gone = [case for case in month(World()) if case.stop and not case.stuck]
    assert len(gone) == 10
    for case in gone:
        assert case.named is not None
        assert case.bound is not None
        assert case.bound <= case.named <= case.bound + EVERY
        assert case.verdict == "silent"


@pytest.mark.slow
def test_every_frozen_source_is_named_within_a_day() -> None:
    stuck = [case for case in month(World()) if case.stuck]
    assert len(stuck) == 5
    for case in stuck:
        assert case.named is not None
        assert case.stop is not None
        assert case.named <= case.stop + DAY
        assert case.verdict in {"frozen", "silent"}, (
            "a fast source is silent before it has repeated itself for 18 hours"
        )


@pytest.mark.slow
def test_in_other_months_too_the_silent_and_the_frozen_are_named_in_time() -> None:
    """Three months of other sources, six silent and twelve frozen in each; over five such months 60 of 60 and 30 of 30, with 0.6 false
    alarms in 100 weeks.

    Frozen is told within a day only where a server says 304 when nothing is new. Where it repeats itself whenever it has nothing new,
    a frozen source is a silent one by any rule: of 40 such, with 1 to 50 posts a day, 11 were named within a day, nearly all of those
    with 20 posts a day and more; the others within the gap that their rate allows.
    """
    months = [month(World(seed=seed, sources=60, gone=6, stuck=12), 7 * DAY) for seed in (2, 3, 4)]
    stuck = [case for found in months for case in found if case.stuck]
    gone = [case for found in months for case in found if case.stop and not case.stuck]
    assert (len(stuck), len(gone)) == (36, 18)
    assert all(case.named and case.stop and case.named <= case.stop + DAY for case in stuck)
    assert all(case.named and case.bound and case.named <= case.bound + EVERY for case in gone)
    assert sum(map(alarms, months)) <= 2 * sum(weeks(found, DAYS) for found in months) / 100


@pytest.mark.slow
def test_a_hundred_weeks_of_healthy_sources_raise_at_most_one_false_alarm() -> None:
    found = month(World())
    assert alarms(found) <= weeks(found, DAYS) / 100


@pytest.mark.slow
def test_servers_that_repeat_themselves_when_nothing_is_new_raise_no_more_false_alarms() -> None:
    world = World(seed=2, plain=1.0)
    found = month(world, 7 * DAY)
    assert alarms(found) <= weeks(found, DAYS) / 100
    assert all(case.named <= case.bound + EVERY for case in found if case.named and case.bound)


@pytest.mark.slow
@pytest.mark.parametrize(
    "world", [World(uneven=False, bursty=0.0), World(moody=0.1), World(bursty=0.5, spread=timedelta(hours=3))]
)
def test_even_moody_and_clustered_sources_stay_near_one_false_alarm_in_a_hundred_weeks(world: World) -> None:
    """Over ten seeds, learning daily, the means are 0.25, 1.24 and 1.17; a single month scatters about them as counts do."""
    found = month(world, 7 * DAY)
    assert alarms(found) <= 2.5 * weeks(found, DAYS) / 100
