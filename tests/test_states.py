"""The states of an event: 新发, 延续第N天, 复燃, 平息."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW
from yuqing_cli.events.states import day, run_start, state

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")


def at(*days: float) -> list[datetime]:
    """Reports so many days before NOW."""
    return [NOW - DAY * ago for ago in days]


def test_what_no_earlier_issue_has_shown_is_new_and_then_continues() -> None:
    assert state(at(0.1), NOW, since=NOW - DAY, shown=False) == "new"
    assert state(at(1.2, 0.1), NOW, since=NOW - DAY, shown=False) == "new"
    assert state(at(1.2, 0.1), NOW, since=NOW - DAY, shown=True) == "continuing"


@pytest.mark.parametrize("shown", [True, False])
def test_a_story_that_is_silent_for_three_days_and_back_is_resurgent_and_not_new(shown: bool) -> None:
    assert state(at(9, 3.1, 0.1), NOW, since=NOW - DAY, shown=shown) == "resurgent"
    assert state(at(3.0, 0.0), NOW, since=NOW - DAY, shown=shown) == "resurgent"


def test_a_silence_of_less_than_three_days_is_none() -> None:
    assert state(at(2.9, 0.0), NOW, since=NOW - DAY, shown=True) == "continuing"


def test_the_day_after_its_return_a_story_continues() -> None:
    assert state(at(9, 1.5, 0.1), NOW, since=NOW - DAY, shown=True) == "continuing"


def test_after_two_days_without_a_report_an_event_has_subsided() -> None:
    assert state(at(5, 2.0), NOW, since=NOW - 10 * DAY, shown=True) == "subsided"
    assert state(at(5, 1.9), NOW, since=NOW - 10 * DAY, shown=True) != "subsided"


def test_reports_after_the_moment_are_not_known_yet() -> None:
    times = at(9, 0.1)
    assert state(times, NOW - DAY, since=NOW - 20 * DAY, shown=True) == "subsided"
    assert state(times, NOW - 8.5 * DAY, since=NOW - 20 * DAY, shown=True) == "continuing"
    assert state(times, NOW - 20 * DAY, since=NOW - 20 * DAY, shown=False) == "new"


def test_days_are_those_of_the_stations_calendar() -> None:
    evening = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
    assert day([evening, evening + timedelta(minutes=2)], NOW + 9999 * DAY, ZONE) == 2
    assert day([evening, evening + timedelta(minutes=2)], NOW + 9999 * DAY, ZoneInfo("UTC")) == 1
    assert day([], NOW, ZONE) == 1


def test_an_event_without_reports_has_no_run() -> None:
    with pytest.raises(ValueError, match="at least one"):
        run_start([])


@given(st.lists(st.floats(0, 400), min_size=1, max_size=12), st.floats(0, 30), st.booleans())
@hypothesis_settings(deadline=None)
def test_the_state_depends_on_the_set_of_times_and_not_on_their_order(
    hours: list[float], window: float, shown: bool
) -> None:
    times = [NOW - HOUR * ago for ago in hours]
    found = {state(order, NOW, since=NOW - DAY * window, shown=shown) for order in (times, times[::-1], sorted(times))}
    assert len(found) == 1
