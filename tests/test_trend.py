"""Bursts, outlook, rising words: what is called, and what is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import inf
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW
from yuqing_cli.events.hot import Observed
from yuqing_cli.events.outlook import outlook, projected
from yuqing_cli.events.trend import ALARM, LEAST_ORIGINS, WEEKS, burst, chance, shape_of, usual
from yuqing_cli.events.words import Wording, rising, words_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPAN = 6 * HOUR
ZONE = ZoneInfo("Asia/Shanghai")
START = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
SINCE = START - 9 * 7 * DAY


def reports(count: int, start: datetime) -> list[datetime]:
    return [start + SPAN * i / max(count, 1) for i in range(count)]


def weekly(count: int, start: datetime = START) -> list[datetime]:
    """So many reports in the same span of each of the eight weeks before."""
    return [time for week in range(1, WEEKS + 1) for time in reports(count, start - 7 * week * DAY)]


def test_four_times_the_usual_is_a_burst_and_the_usual_is_none() -> None:
    found = burst([*weekly(5), *reports(20, START)], START, START + SPAN, since=SINCE, zone=ZONE)
    assert found is not None
    assert (found.reports, found.expected) == (20, 5)
    assert found.chance < ALARM
    assert burst([*weekly(5), *reports(6, START)], START, START + SPAN, since=SINCE, zone=ZONE) is None


def test_two_reports_are_no_wave_however_quiet_it_was() -> None:
    assert burst(reports(LEAST_ORIGINS - 1, START), START, START + SPAN, since=SINCE, zone=ZONE) is None
    assert burst(reports(LEAST_ORIGINS, START), START, START + SPAN, since=SINCE, zone=ZONE) is not None


def test_without_a_past_nothing_is_called() -> None:
    assert burst(reports(50, START), START, START + SPAN, since=START - 2 * DAY, zone=ZONE) is None


def test_a_busy_weekday_is_compared_with_its_like() -> None:
    times = [time for day in range(1, 57) for time in reports(9 if day % 7 == 0 else 1, START - day * DAY)]
    past = usual(sorted(times), START, START + SPAN, since=SINCE, zone=ZONE)
    assert past == [9] * WEEKS
    assert burst([*times, *reports(10, START)], START, START + SPAN, since=SINCE, zone=ZONE) is None


def test_hours_are_those_of_the_clock_on_the_wall_when_it_is_put_forward() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 30, 8, tzinfo=berlin)
    past = [datetime(2026, 3, 30, 8, 30, tzinfo=berlin).replace(day=day) for day in (9, 16, 23)]
    assert usual(sorted(past), start, start + HOUR, since=datetime(2026, 3, 1, tzinfo=berlin), zone=berlin)[:3] == [
        1,
        1,
        1,
    ]


def test_counts_that_vary_more_call_less() -> None:
    even, uneven = [[5] * 8] * 30, [[0, 0, 20, 0, 15, 0, 5, 0]] * 30
    assert shape_of(even) == inf
    assert shape_of(uneven) < 2
    assert chance(20, [5] * 8, 1.0) > chance(20, [5] * 8, inf)


@given(st.integers(0, 40), st.lists(st.integers(0, 20), max_size=9), st.floats(0.05, 50) | st.just(inf))
@hypothesis_settings(deadline=None)
def test_a_chance_is_one_and_falls_with_the_count(count: int, past: list[int], shape: float) -> None:
    found = [chance(count + more, past, shape) for more in range(3)]
    assert all(0 <= probability <= 1 for probability in found)
    if past:
        assert found[0] + 1e-9 >= found[1] >= found[2] - 1e-9


def poisson(rate: float, rng: Random) -> int:
    count, passed = 0, rng.expovariate(1.0)
    while passed < rate:
        count, passed = count + 1, passed + rng.expovariate(1.0)
    return count


def called(rate: float, times: float, runs: int) -> float:
    rng = Random(7)
    found = 0
    for _ in range(runs):
        past, count = [poisson(rate, rng) for _ in range(WEEKS)], poisson(rate * times, rng)
        found += count >= LEAST_ORIGINS and chance(count, past) <= ALARM
    return found / runs


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 2, 5, 12])
def test_the_attained_rate_of_false_alarms_is_never_above_the_stated_one(rate: float) -> None:
    assert called(rate, 1, 3000) <= ALARM


@pytest.mark.parametrize("rate", [5, 8, 20])
def test_a_fourfold_burst_is_found_within_one_span(rate: float) -> None:
    assert called(rate, 4, 600) >= 0.9


def seen(slope: float | None, rank: int | None = 5, hours: float = 0) -> Observed:
    return Observed(3, rank, None, 60, slope, NOW - 9 * HOUR, NOW - hours * HOUR)


def test_more_reports_than_before_rise_and_none_fade() -> None:
    assert outlook([NOW - HOUR * h for h in (1, 2, 3, 4, 8)], NOW) == "rising"
    assert outlook([NOW - HOUR * h for h in (1, 8)], NOW) == "steady"
    assert outlook([NOW - HOUR * h for h in (7, 8, 9, 10)], NOW) == "fading"
    assert outlook([NOW - 20 * HOUR], NOW) == "fading"
    assert outlook([NOW - HOUR], NOW) == "steady"
    assert outlook([NOW + HOUR], NOW) == outlook([], NOW) == ""


def test_a_hot_list_decides_where_one_was_seen_in_the_last_hours() -> None:
    many = [NOW - HOUR * h for h in (1, 2, 3, 4)]
    assert outlook(many, NOW, [seen(-4)]) == "fading"
    assert outlook([], NOW, [seen(-4), seen(4)]) == "rising"
    assert outlook([], NOW, [seen(None, None)]) == "fading"
    assert outlook([], NOW, [seen(None)]) == outlook([], NOW, [seen(0.5)]) == "steady"
    assert outlook(many, NOW, [seen(-4, hours=7)]) == "rising"


def test_an_item_that_is_not_seen_again_is_expected_to_fall() -> None:
    assert projected(5, NOW - 2 * HOUR, NOW) == 11
    assert projected(15, NOW - HOUR, NOW, slope=6) == 9
    assert projected(5, NOW + HOUR, NOW) == 5


def texts(*lines: str, times: int = 1) -> list[Wording]:
    return [Wording(f"{line}{i}", line) for i in range(times) for line in lines]


def test_a_word_that_rose_is_named_with_what_was_expected_and_some_of_its_posts() -> None:
    past = texts("今天下雨", "公交改线", times=100)
    (first, *_) = rising(texts("自来水发黄", "下雨", times=6), past)
    assert (first.word, first.posts, first.expected) == ("自来水", 6, 0)
    assert len(first.samples) == 3
    assert "下雨" not in {word.word for word in rising(texts("下雨", times=6), past)}


def test_names_and_masked_runs_are_never_rising_words() -> None:
    assert words_of("刘德华来青禾 13■■■■■■■■5 自来水") == ["自来水"]
    assert "刘德华" not in {word.word for word in rising(texts("刘德华演出", times=9), texts("下雨", times=50))}


def test_without_a_past_or_a_window_no_word_rises() -> None:
    assert rising(texts("自来水发黄", times=9), []) == ()
    assert rising([], texts("自来水发黄", times=9)) == ()


def test_hostile_texts_have_no_words_that_are_not_han() -> None:
    hostile = "\x1b[31m[bold]=HYPERLINK(1)<script>" + "停" * 200_000
    assert all(all("\u4e00" <= char <= "\u9fff" for char in word) for word in words_of(hostile))
