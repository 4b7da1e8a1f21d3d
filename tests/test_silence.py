"""Silent, frozen and stale sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import exp, isclose, log
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.records import replace
from yuqing_cli.silence import (
    Rate,
    Sameness,
    allowed_gap,
    answered,
    expected,
    frozen,
    learn,
    limit,
    silent,
    stale,
    state,
)

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai."""
HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def flat(per_hour: float = 1.0, visits: int = 10_000, dispersion: float = 1.0, moods: float = 0.0) -> Rate:
    return Rate((per_hour,) * 168, dispersion, moods, visits, visits, per_hour * 168, MONDAY, MONDAY + 4 * WEEK)


def asks(days: int, chance: Callable[[datetime], float], seed: int = 1) -> list[datetime]:
    """Half-hourly asks that found news with the chance of their local time."""
    rng = Random(seed)
    times = [MONDAY + (i + 1) * HALF for i in range(days * 48)]
    return [t for t in times if rng.random() < chance((t - HALF).astimezone(ZONE))]


def learnt(arrivals: list[datetime], days: int = 28, blind: tuple[tuple[datetime, datetime], ...] = ()) -> Rate:
    rate = learn(arrivals, since=MONDAY, until=MONDAY + days * DAY, zone=ZONE, blind=blind)
    assert rate is not None
    return rate


def office(t: datetime) -> float:
    return 0.6 if t.weekday() < 5 and 8 <= t.hour < 20 else 0.0


# --- the limit ---


def test_with_a_long_history_one_gap_in_a_hundred_weeks_exceeds_the_limit() -> None:
    rate = flat(visits=10**9)
    assert limit(rate) == pytest.approx(log(16_800), rel=2e-3)
    assert 16_800 * exp(-limit(rate)) == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("visits", [7, 20, 100])
def test_with_a_short_history_the_limit_is_exact_for_an_unknown_rate(visits: int) -> None:
    """Simulated: n gaps to learn from, then one more; how often is it longer than the limit?"""
    rate, rng = replace(flat(visits=visits), weekly=0.5), Random(visits)
    bound, trials = limit(rate), 10_000
    exceeded = sum(rng.expovariate(1.0) > bound * rng.gammavariate(visits, 1.0) / visits for _ in range(trials))
    assert exceeded / trials == pytest.approx(1 / 50, rel=0.25)


def test_clusters_stretch_the_limit_by_their_size() -> None:
    assert limit(flat(visits=10**9, dispersion=3.0)) == pytest.approx(3 * log(16_800 / 3), rel=2e-3)


def test_moody_days_are_given_more_time_and_even_out_over_long_silences() -> None:
    calm, busy, slow = limit(flat(1.0)), limit(flat(1.0, moods=0.2)), limit(flat(0.05, moods=0.2))
    assert busy > 1.2 * calm
    assert slow / limit(flat(0.05)) < busy / calm


# --- learning ---


def test_a_steady_source_is_learnt_as_steady() -> None:
    rate = learnt(asks(28, lambda _: 0.2))
    assert sum(rate.profile) / 168 == pytest.approx(-2 * log(0.8), rel=0.15)
    assert max(rate.profile) < 2 * min(rate.profile)
    assert rate.dispersion < 1.2
    assert rate.moods < 0.1


def test_a_visit_hides_what_else_came_since_the_last_ask() -> None:
    """Where nine asks of ten find something the rate is 4.6 an hour, not 1.8; learnt a little low, which errs towards patience."""
    rate = learnt(asks(28, lambda _: 0.9))
    assert 0.8 < sum(rate.profile) / 168 / (-2 * log(0.1)) < 1.0


def test_a_batch_of_posts_is_one_visit() -> None:
    single = asks(28, lambda _: 0.1)
    batches = [t for t in single for _ in range(20)]
    Random(1).shuffle(batches)
    assert learnt(batches) == replace(learnt(single), posts=20 * len(single))


def test_the_silence_itself_is_not_learnt_from() -> None:
    arrivals = asks(20, lambda _: 0.05)
    early = learn(arrivals, since=MONDAY, until=MONDAY + 20 * DAY, zone=ZONE)
    late = learn(arrivals, since=MONDAY, until=MONDAY + 50 * DAY, zone=ZONE)
    assert early == late
    assert early is not None
    assert early.learnt_until == arrivals[-1]


def test_a_running_story_is_seen_as_a_cluster() -> None:
    rng, arrivals, t = Random(3), [], MONDAY
    while (t := t + rng.expovariate(1.0) * 12 * HOUR) < MONDAY + 28 * DAY:
        arrivals += [t + i * HALF for i in range(rng.randint(1, 8))]
    assert learnt(sorted(arrivals)).dispersion > 1.5


def test_days_that_differ_are_seen_as_moods() -> None:
    rng = Random(5)
    moods = [rng.gammavariate(3.0, 1 / 3.0) for _ in range(29)]
    rate = learnt(asks(28, lambda t: min(0.9, 0.25 * moods[(t - MONDAY).days])))
    assert rate.moods > 0.1


def test_nights_and_weekends_are_learnt_as_quiet() -> None:
    rate = learnt(asks(28, office))
    assert rate.profile[10] > 30 * rate.profile[2]
    assert rate.profile[10] > 10 * rate.profile[5 * 24 + 10]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "Asia/Kathmandu"])
def test_the_hours_are_those_of_the_zone(zone: str) -> None:
    local = ZoneInfo(zone)
    first = datetime(2026, 2, 2, 10, 45, tzinfo=local)
    arrivals = [first + i * DAY for i in range(40)]
    rate = learn(arrivals, since=first - 2 * HOUR, until=first + 60 * DAY, zone=local)
    assert rate is not None
    assert {hour % 24 for hour, value in enumerate(rate.profile) if value == max(rate.profile)} == {10}


def test_less_than_a_week_or_seven_visits_is_too_little() -> None:
    def of(days: int, count: int) -> Rate | None:
        arrivals = [MONDAY + (i + 1) * days * DAY / count for i in range(count)]
        return learn(arrivals, since=MONDAY, until=MONDAY + 60 * DAY, zone=ZONE)

    assert of(6, 100) is None
    assert of(30, 6) is None
    assert of(30, 7) is not None
    assert learn([], since=MONDAY, until=MONDAY + WEEK, zone=ZONE) is None
    assert learn([MONDAY + 8 * DAY], since=MONDAY, until=MONDAY + 60 * DAY, zone=ZONE, least=0) is not None


def test_a_source_without_a_learnt_rate_is_never_silent() -> None:
    assert not silent(None, MONDAY, MONDAY + 52 * WEEK, ZONE)


# --- blindness ---


def test_time_not_seen_is_not_learnt_as_silence() -> None:
    arrivals = asks(28, lambda _: 0.3)
    low, high = MONDAY + 8 * DAY, MONDAY + 15 * DAY
    half = [t for t in arrivals if not low < t < high]
    full, holed = learnt(arrivals), learnt(half, blind=((low, high),))
    assert sum(holed.profile) == pytest.approx(sum(full.profile), rel=0.1)
    assert learnt(half).weekly < 0.85 * holed.weekly


def test_what_the_first_ask_after_a_blind_span_found_is_not_counted() -> None:
    arrivals = asks(28, lambda _: 0.3)
    low, high = MONDAY + 8 * DAY, MONDAY + 9 * DAY
    without = [t for t in arrivals if not low < t <= high]
    blind = ((low, high),)
    assert learnt(sorted({*without, high}), blind=blind).visits == len(without)


def test_time_not_seen_does_not_count_as_silence() -> None:
    rate, now = flat(1.0), MONDAY + 20 * HOUR
    assert silent(rate, MONDAY, now, ZONE)
    assert not silent(rate, MONDAY, now, ZONE, blind=[(MONDAY + 2 * HOUR, MONDAY + 15 * HOUR)])
    assert silent(rate, MONDAY, now + 13 * HOUR, ZONE, blind=[(MONDAY + 2 * HOUR, MONDAY + 15 * HOUR)])


# --- the moment ---


def test_a_night_is_no_silence_and_a_working_morning_is() -> None:
    rate = learnt(asks(28, office))
    evening, morning = MONDAY + timedelta(days=28, hours=19, minutes=30), MONDAY + timedelta(days=28, hours=9)
    assert allowed_gap(rate, evening, ZONE) > MONDAY + timedelta(days=29, hours=9)
    assert allowed_gap(rate, morning, ZONE) < morning + 9 * HOUR


def test_a_weekend_is_no_silence() -> None:
    rate = learnt(asks(28, office))
    friday = MONDAY + timedelta(days=32, hours=19)
    assert allowed_gap(rate, friday, ZONE) > MONDAY + timedelta(days=35, hours=8)


RATES = st.lists(st.floats(0.001, 3.0), min_size=168, max_size=168).map(lambda p: replace(flat(), profile=tuple(p)))


@settings(deadline=None, max_examples=25)
@given(rate=RATES, minutes=st.integers(0, 20_000), weekly=st.floats(0.1, 300))
def test_silence_begins_at_the_allowed_moment(rate: Rate, minutes: int, weekly: float) -> None:
    rate, last = replace(rate, weekly=weekly), MONDAY + timedelta(minutes=minutes)
    moment = allowed_gap(rate, last, ZONE)
    assert not silent(rate, last, moment - timedelta(seconds=1), ZONE)
    assert silent(rate, last, moment + timedelta(seconds=1), ZONE)


@settings(deadline=None, max_examples=25)
@given(rate=RATES, first=st.integers(0, 30_000), second=st.integers(0, 30_000))
def test_what_is_expected_adds_up(rate: Rate, first: int, second: int) -> None:
    middle = MONDAY + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = expected(rate, MONDAY, middle, ZONE) + expected(rate, middle, end, ZONE)
    assert isclose(parts, expected(rate, MONDAY, end, ZONE), rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(expected(rate, middle, middle + WEEK, ZONE), sum(rate.profile), rel_tol=1e-9)
    assert expected(rate, end, end - HOUR, ZONE) == 0.0


@settings(deadline=None, max_examples=60)
@given(
    minutes=st.lists(st.integers(-5_000, 60_000), max_size=60),
    holes=st.lists(st.tuples(st.integers(-2_000, 60_000), st.integers(1, 20_000)), max_size=4),
    every=st.integers(1, 1_000),
)
def test_any_history_is_learnt_or_refused(minutes: list[int], holes: list[tuple[int, int]], every: int) -> None:
    arrivals = [MONDAY + timedelta(minutes=m) for m in minutes]
    blind = [(MONDAY + timedelta(minutes=a), MONDAY + timedelta(minutes=a + b)) for a, b in holes]
    pace = timedelta(minutes=every)
    rate = learn(arrivals, since=MONDAY, until=MONDAY + 6 * WEEK, zone=ZONE, blind=blind, every=pace, least=1)
    if rate is not None:
        assert min(rate.profile) > 0.0
        assert rate.dispersion >= 1.0
        assert rate.moods >= 0.0
        assert allowed_gap(rate, MONDAY, ZONE) > MONDAY


# --- frozen ---


def run(before: Sameness, answers: str, start: datetime = MONDAY) -> Sameness:
    """``=`` a 200 with the same bytes, ``.`` anything else, half an hour apart."""
    for i, answer in enumerate(answers):
        now = start + i * HALF
        before = answered(before, repeat=answer == "=", now=now, last_success=now - HALF)
    return before


def test_a_source_that_never_repeats_itself_is_frozen_within_a_day_whatever_its_rate() -> None:
    same = run(Sameness(), "." * 300 + "=" * 48)
    assert same.since == MONDAY + 299 * HALF
    assert not frozen(same, None, same.since + 17 * HOUR, ZONE)
    assert frozen(same, None, same.since + 18 * HOUR, ZONE)


def test_the_unconditional_ask_of_each_day_is_no_habit_of_repeating() -> None:
    same = run(Sameness(), ("." * 47 + "=") * 14)
    assert same.share < 0.1
    assert not frozen(same, flat(), MONDAY + 60 * DAY, ZONE), "one repeat is no run"


def test_a_source_that_always_repeats_itself_in_quiet_hours_is_judged_by_its_rate() -> None:
    same = run(Sameness(), ("=" * 20 + ".") * 20 + "=" * 48)
    since = same.since
    assert since is not None
    slow, fast = flat(1 / 24), flat(1.0)
    assert not frozen(same, slow, since + DAY, ZONE)
    assert frozen(same, fast, since + DAY, ZONE)
    assert not frozen(same, None, since + 30 * DAY, ZONE)


def test_a_long_run_does_not_make_itself_usual() -> None:
    usual = run(Sameness(), "." * 300)
    assert run(usual, "=" * 2_000).share == usual.share
    assert run(usual, "=" * 2_000 + ".").share > 0.9


def test_an_answer_that_is_no_repeat_ends_the_run() -> None:
    same = run(Sameness(), "." * 300 + "=" * 60 + ".")
    assert same.since is None
    assert not frozen(same, flat(), MONDAY + 90 * DAY, ZONE)


def test_a_habit_not_yet_learnt_freezes_nobody() -> None:
    assert not frozen(run(Sameness(), "." * 20 + "=" * 40), None, MONDAY + 90 * DAY, ZONE)


# --- stale, and which word wins ---


def test_a_list_is_stale_after_two_and_a_half_intervals_and_two_hours() -> None:
    assert not stale(None, HALF)
    assert not stale(2 * HOUR, timedelta(minutes=10))
    assert stale(2 * HOUR + HALF, HALF)
    assert not stale(2 * HOUR + HALF, HOUR)
    assert not stale(-HOUR, HALF), "a clock that is ahead"


def test_the_most_telling_state_wins() -> None:
    rate, now = flat(), MONDAY + 2 * DAY
    same = Sameness(MONDAY, 50, 0.5)
    assert state(rate, now, now, ZONE) == "ok"
    assert state(None, None, now, ZONE) == "ok"
    assert state(rate, MONDAY, now, ZONE) == "silent"
    assert state(rate, MONDAY, now, ZONE, sameness=same) == "frozen"
    assert state(rate, MONDAY, now, ZONE, sameness=same, list_age=DAY) == "stale"
