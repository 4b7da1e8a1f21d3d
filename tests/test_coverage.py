"""How far "nothing found" can be trusted: outages, machines that were off, sources that were never asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, Clock, MakeWire, Page, feed, save
from test_fetch import A, item, run, source
from yuqing_cli import coverage
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import Coverage, SourceCoverage
from yuqing_cli.models import Source, SourceState, Spell, SpellState

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOURCE = Source("a", "feed", A)
DOWN = httpx.Response(500)


def ask(
    store: Store, at: datetime, state: SpellState = "ok", reason: str = "", every: timedelta = SOURCE.every
) -> None:
    store.save_answer([], SourceState("a", A), Spell("a", state, at, at, every, reason=reason), at, baseline=False)


def seen(store: Store, start: datetime, until: datetime, of: Source = SOURCE) -> SourceCoverage:
    return covered(store, start, until, of).sources[0]


def covered(store: Store, start: datetime, until: datetime, *of: Source) -> Coverage:
    return coverage.of(of or (SOURCE,), store.spells(start, until), start, until)


def hours(store: Store, start: datetime, until: datetime) -> float:
    """Blind hours."""
    return sum((high - low) / HOUR for low, high in seen(store, start, until).blind)


def regularly(store: Store, start: datetime, end: datetime, state: SpellState = "ok", reason: str = "") -> None:
    at = start
    while at < end:
        ask(store, at, state, reason)
        at += SOURCE.every


def test_a_source_that_was_asked_all_the_time_has_no_blind_span(store: Store) -> None:
    regularly(store, NOW - DAY, NOW)
    entry = seen(store, NOW - DAY, NOW)
    assert (entry.state, entry.blind) == ("ok", ())
    assert covered(store, NOW - DAY, NOW).ratio == 1.0


def test_an_outage_of_four_and_a_half_hours_is_blind_give_or_take_an_interval(store: Store) -> None:
    regularly(store, NOW - DAY, NOW - 10 * HOUR)
    regularly(store, NOW - 10 * HOUR, NOW - 5.5 * HOUR, "failed", "HTTP 500")
    regularly(store, NOW - 5.5 * HOUR, NOW)
    entry = seen(store, NOW - DAY, NOW)
    assert len(entry.blind) == 1
    assert abs(hours(store, NOW - DAY, NOW) - 4.5) <= SOURCE.every / HOUR
    assert entry.state == "ok"
    assert covered(store, NOW - DAY, NOW).ratio == pytest.approx(1 - hours(store, NOW - DAY, NOW) / 24)


def test_an_outage_is_seen_through_the_whole_pipeline(store: Store, wire: MakeWire, clock: Clock) -> None:
    web = wire({A: feed(item())})
    one = source("a", A)
    start = clock.now
    for minutes in range(0, 24 * 60, 10):
        clock.now = start + minutes * MINUTE
        dark = 8 * 60 <= minutes < 12.5 * 60
        web.pages[A] = DOWN if dark else feed(item(number=minutes))
        run(store, web, one, force=False)
    entry = seen(store, start, clock.now, one)
    (gap,) = entry.blind
    assert abs((gap[1] - gap[0]) / HOUR - 4.5) <= one.every / HOUR
    assert gap[0] <= start + 8 * HOUR
    assert gap[1] >= start + 12.5 * HOUR


def test_a_machine_that_was_off_leaves_the_same_hole(store: Store) -> None:
    regularly(store, NOW - DAY, NOW - 10 * HOUR)
    regularly(store, NOW - 5.5 * HOUR, NOW)
    assert abs(hours(store, NOW - DAY, NOW) - 4.5) <= SOURCE.every / HOUR


def test_one_missed_ask_is_no_hole_and_two_are(store: Store) -> None:
    for at in (0, 30, 90, 120):
        ask(store, NOW + at * MINUTE)
    assert seen(store, NOW, NOW + 120 * MINUTE).blind == ()
    ask(store, NOW + 210 * MINUTE)
    assert seen(store, NOW, NOW + 210 * MINUTE).blind == ((NOW + 120 * MINUTE, NOW + 210 * MINUTE),)


def test_a_hole_that_lasts_until_now_is_a_hole(store: Store) -> None:
    regularly(store, NOW - DAY, NOW - 3 * HOUR)
    ((low, high),) = seen(store, NOW - DAY, NOW).blind
    assert (low, high) == (NOW - 3.5 * HOUR, NOW)


def test_a_hole_is_cut_at_the_window(store: Store) -> None:
    ask(store, NOW - 20 * HOUR)
    ask(store, NOW + 20 * HOUR)
    assert seen(store, NOW, NOW + HOUR).blind == ((NOW, NOW + HOUR),)
    assert covered(store, NOW, NOW + HOUR).ratio == 0


def test_a_source_that_was_never_asked_is_blind_all_the_time(store: Store) -> None:
    entry = seen(store, NOW - DAY, NOW)
    assert (entry.state, entry.last_success, entry.blind) == ("never", None, ((NOW - DAY, NOW),))
    assert covered(store, NOW - DAY, NOW).ratio == 0


def test_before_its_first_ask_nobody_had_promised_to_watch(store: Store) -> None:
    regularly(store, NOW - HOUR, NOW)
    assert covered(store, NOW - DAY, NOW).ratio == 1


def test_a_source_is_failing_from_the_first_failed_ask_until_the_next_success(store: Store) -> None:
    states = []
    for minutes, state in enumerate(("ok", "failed", "failed", "disallowed", "failed", "ok")):
        ask(store, NOW + minutes * MINUTE, state, "" if state == "ok" else "r")  # type: ignore[arg-type]
        states.append(seen(store, NOW - DAY, NOW + minutes * MINUTE).state)
    assert states == ["ok", "failing", "failing", "disallowed", "failing", "ok"]


def test_a_source_that_never_answered_is_blind_all_the_time(store: Store) -> None:
    regularly(store, NOW - 4 * HOUR, NOW, "failed", "DNS")
    entry = seen(store, NOW - DAY, NOW)
    assert (entry.state, entry.reason, entry.blind) == ("failing", "DNS", ((NOW - DAY, NOW),))


def test_a_source_that_failed_before_the_window_is_failing_in_it(store: Store) -> None:
    regularly(store, NOW - 3 * DAY, NOW - 2 * DAY)
    regularly(store, NOW - 2 * DAY, NOW - 1.5 * DAY, "failed", "HTTP 500")
    entry = seen(store, NOW - DAY, NOW)
    assert (entry.state, entry.reason) == ("failing", "HTTP 500")
    assert entry.blind == ((NOW - DAY, NOW),)


def test_a_source_that_was_asked_in_vain_before_the_window_is_not_never(store: Store) -> None:
    regularly(store, NOW - 3 * DAY, NOW - 2 * DAY, "failed", "DNS")
    assert seen(store, NOW - DAY, NOW).state == "failing"


def test_a_success_in_the_window_does_not_hide_that_there_was_none_before(store: Store) -> None:
    regularly(store, NOW - 3 * DAY, NOW - 2 * DAY, "failed", "DNS")
    regularly(store, NOW - 2 * HOUR, NOW)
    assert seen(store, NOW - DAY, NOW).blind == ((NOW - DAY, NOW - 2 * HOUR),)


def test_one_patient_answer_does_not_make_a_source_patient_for_ever(store: Store) -> None:
    start = NOW - DAY
    ask(store, start, every=6 * HOUR)
    regularly(store, start + 30 * MINUTE, NOW - 6 * HOUR)
    regularly(store, NOW - 2 * HOUR, NOW)
    assert len(seen(store, start, NOW).blind) == 1


def test_a_source_that_asks_for_patience_has_no_hole_while_it_gets_it(store: Store) -> None:
    for at in range(0, 25, 6):
        ask(store, NOW - DAY + at * HOUR, every=6 * HOUR)
    assert seen(store, NOW - DAY, NOW).blind == ()


def test_a_window_too_short_for_a_hole_is_covered_as_its_sources_are(store: Store) -> None:
    regularly(store, NOW - DAY, NOW, "failed", "HTTP 500")
    assert covered(store, NOW - timedelta(seconds=30), NOW).ratio == 0.0
    assert covered(store, NOW, NOW).ratio == 0.0


def test_the_ratio_is_the_share_of_source_time(store: Store) -> None:
    regularly(store, NOW - DAY, NOW)
    other = Source("b", "feed", "https://b.example/")
    assert covered(store, NOW - DAY, NOW, SOURCE, other).ratio == pytest.approx(0.5)
    assert coverage.of((), (), NOW - DAY, NOW).ratio == 1.0


OUTCOMES = st.lists(st.tuples(st.integers(1, 300), st.sampled_from(["ok", "failed", "disallowed"])), max_size=20)


@given(OUTCOMES, st.integers(0, 2000), st.integers(1, 2000))
@hypothesis_settings(deadline=None, max_examples=40)
def test_blind_spans_lie_in_the_window_apart_and_in_order(
    asks: list[tuple[int, SpellState]], start: int, length: int
) -> None:
    with Store(Path(":memory:")) as store:
        minute = 0
        for gap, state in asks:
            minute += gap
            ask(store, NOW + minute * MINUTE, state)
        low, high = NOW + start * MINUTE, NOW + (start + length) * MINUTE
        found = covered(store, low, high)
    spans = found.sources[0].blind
    assert all(low <= a < b <= high for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert 0 <= found.ratio <= 1


PAGES: dict[str, Page] = {"ok": feed(item()), "failing": DOWN, "disallowed": feed()}


@pytest.mark.parametrize("state", PAGES)
def test_the_state_follows_the_fetch(store: Store, wire: MakeWire, clock: Clock, state: str) -> None:
    robots = httpx.Response(200, text="User-agent: *\nDisallow: /\n" if state == "disallowed" else "")
    web = wire({A: PAGES[state], "https://a.example/robots.txt": robots})
    run(store, web, source("a", A))
    assert seen(store, clock.now - DAY, clock.now).state == state


def test_posts_that_are_handed_in_say_nothing_of_coverage(store: Store) -> None:
    store.save_rows([], [SourceState("a", "", "community")], NOW)
    assert seen(store, NOW - DAY, NOW).state == "never"
    save(store, "b", now=NOW)
    assert seen(store, NOW - DAY, NOW).state == "never"
