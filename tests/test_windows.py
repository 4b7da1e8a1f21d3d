"""Windows, late arrivals (补报), issues and knowledge time: every new event is new in exactly one issue, and the past stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, keyword_set, save, settings
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import Settings
from yuqing_cli.digest.sections import Gap
from yuqing_cli.digest.shapes import Digest, Window
from yuqing_cli.digest.told import Filters
from yuqing_cli.digest.window import WindowOptions, window
from yuqing_cli.errors import UsageError
from yuqing_cli.ids import event_id
from yuqing_cli.models import RawPost
from yuqing_cli.records import replace
from yuqing_cli.render import digest_json
from yuqing_cli.workflows.digest import digest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = WindowOptions(today=True)
SHIFTS = '[station]\nname = "青禾"\n[shifts]\nday = "08:00-20:00"\nnight = "20:00-08:00"\n'
PLAIN = settings()
SHARED = "https://news.qinghe.example/a/1"


def local(text: str) -> datetime:
    """``"10 09:30"``: that day of March 2026, in Shanghai."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-03-{day}T{clock}").replace(tzinfo=ZONE).astimezone(UTC)


def post(title: str, at: str | None, **more: Any) -> RawPost:
    return RawPost(f"停水：{title}", published=local(at) if at else None, guid=more.pop("guid", title), **more)


def issue(store: Store, now: str, options: WindowOptions = TODAY, made: Settings | None = None, **more: Any) -> Digest:
    return digest(store, made or PLAIN, keyword_set(), options, now=local(now), **more)


def titles(made: Digest, *, state: str = "", late: bool | None = None) -> set[str]:
    return {
        event.title.removeprefix("停水：")
        for event in made.events
        if state in ("", event.state) and late in (None, event.late)
    }


# ---- which window ----


def test_today_is_the_stations_day_from_midnight_to_midnight() -> None:
    found = window(TODAY, now=local("10 00:00"), zone=ZONE, shifts={})
    assert (found.start, found.end) == (local("10 00:00"), local("11 00:00"))
    assert window(TODAY, now=local("10 23:59"), zone=ZONE, shifts={}) == found


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("America/Havana", "2026-03-08", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Shanghai", "2026-03-08", 24),
    ],
)
def test_a_day_has_the_hours_that_its_zone_gives_it(zone: str, day: str, hours: float) -> None:
    found = window(WindowOptions(date=day), now=NOW, zone=ZoneInfo(zone), shifts={})
    assert found.end - found.start == timedelta(hours=hours)
    following = (date.fromisoformat(day) + DAY).isoformat()
    assert window(WindowOptions(date=following), now=NOW, zone=ZoneInfo(zone), shifts={}).start == found.end


@pytest.mark.parametrize(
    ("now", "name", "start", "end"),
    [
        ("10 09:00", "day", "10 08:00", "10 20:00"),
        ("10 21:00", "day", "10 08:00", "10 20:00"),
        ("10 07:59", "day", "09 08:00", "09 20:00"),
        ("10 08:00", "day", "10 08:00", "10 20:00"),
        ("10 03:00", "night", "09 20:00", "10 08:00"),
        ("10 19:59", "night", "09 20:00", "10 08:00"),
        ("10 20:00", "night", "10 20:00", "11 08:00"),
    ],
)
def test_a_shift_is_the_running_one_or_the_last_that_ran(now: str, name: str, start: str, end: str) -> None:
    options = WindowOptions(shift=name)
    found = window(options, now=local(now), zone=ZONE, shifts={"day": "08:00-20:00", "night": "20:00-08:00"})
    assert (found.start, found.end, found.shift) == (local(start), local(end), name)


@pytest.mark.parametrize("zone", ["America/New_York", "America/Havana", "Australia/Lord_Howe"])
@given(minutes=st.integers(0, 60 * 24 * 366))
@hypothesis_settings(deadline=None, max_examples=25)
def test_there_is_always_a_running_or_last_shift_that_began(zone: str, minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    shifts = {"a": "00:00-24:00", "b": "02:15-02:45", "c": "23:59-00:01"}
    for name in shifts:
        found = window(WindowOptions(shift=name), now=now, zone=ZoneInfo(zone), shifts=shifts)
        assert found.start <= now < found.start + 2 * DAY
        assert found.start <= found.end


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (WindowOptions(today=True, date="2026-03-10"), "one window"),
        (WindowOptions(today=True, start="2026-03-10"), "one window"),
        (WindowOptions(shift="day", since_last=True), "one window"),
        (WindowOptions(shift="dusk"), "dusk"),
        (WindowOptions(date="2026-02-30"), "2026-02-30"),
        (WindowOptions(date="yesterday?"), "yesterday"),
        (WindowOptions(end="2026-03-10"), "--from"),
        (WindowOptions(start="2026-03-10", end="2026-03-10"), "before"),
        (WindowOptions(start="nonsense"), "nonsense"),
    ],
)
def test_a_window_that_means_nothing_is_wrong_usage(options: WindowOptions, fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        window(options, now=NOW, zone=ZONE, shifts={"day": "08:00-20:00"})


# ---- what lies in it ----


def test_a_window_holds_what_was_published_from_its_start_until_just_before_its_end(store: Store) -> None:
    save(store, "a", post("first", "10 00:00"), post("last", "10 23:59"), now=local("10 23:59"))
    save(store, "a", post("next", "11 00:00"), now=local("11 00:01"))
    made = issue(store, "11 06:00", WindowOptions(date="2026-03-10"))
    assert titles(made) == {"first", "last"}


def test_a_post_without_a_date_lies_where_it_was_first_seen(store: Store) -> None:
    save(store, "a", post("undated", None), now=local("10 12:00"))
    assert titles(issue(store, "11 06:00", WindowOptions(date="2026-03-10"))) == {"undated"}
    assert titles(issue(store, "11 06:00", WindowOptions(date="2026-03-11"))) == set()


def test_a_digest_of_a_past_day_says_nothing_of_what_was_published_after_it(store: Store) -> None:
    save(store, "a", post("first report", "10 12:00", url=SHARED), now=local("10 12:05"))
    save(store, "b", post("copy", "11 09:00", url=SHARED), now=local("11 09:05"))
    (event,) = issue(store, "11 12:00", WindowOptions(date="2026-03-10")).events
    assert [link.source for link in event.links] == ["a"]
    assert event.last_seen == local("10 12:00")


def test_older_posts_of_an_event_are_told_with_it(store: Store) -> None:
    save(store, "a", post("first report", "08 12:00", url=SHARED), now=local("08 12:05"))
    save(store, "b", post("copy", "10 09:00", url=SHARED), now=local("10 09:05"))
    (event,) = issue(store, "10 12:00").events
    assert {link.source for link in event.links} == {"a", "b"}
    assert (event.first_seen, event.day, event.late) == (local("08 12:00"), 3, False)


# ---- late arrivals ----


def test_a_post_of_yesterday_that_came_after_yesterdays_issue_is_late_today(store: Store) -> None:
    save(store, "a", post("seen", "09 10:00"), now=local("09 11:00"))
    issue(store, "09 12:00")
    save(store, "a", post("unseen", "09 11:30"), now=local("09 13:00"))
    made = issue(store, "10 09:00")
    assert (titles(made), titles(made, late=True)) == ({"unseen"}, {"unseen"})
    assert made.totals.late == 1


def test_a_post_without_a_date_that_came_after_the_days_last_issue_is_not_lost(store: Store) -> None:
    issue(store, "09 18:00")
    save(store, "a", post("undated", None), now=local("09 21:00"))
    assert titles(issue(store, "10 09:00"), state="new") == {"undated"}


def test_what_no_issue_reported_is_covered_by_the_next_which_names_the_gap(store: Store) -> None:
    issue(store, "06 12:00")
    save(store, "a", post("weekend", "07 12:00"), now=local("07 12:30"))
    made = issue(store, "10 09:00")
    assert titles(made, late=False) == {"weekend"}
    assert made.gap == Gap(local("06 12:00"), local("10 00:00"))
    assert (made.totals.posts, made.totals.late) == (1, 0)


def test_a_missed_shift_is_covered_also_where_its_posts_were_known_before(store: Store) -> None:
    made = settings(text=SHIFTS)
    save(store, "a", post("just after the day", "09 20:03"), now=local("09 20:04"))
    issue(store, "09 20:05", WindowOptions(shift="day"), made)
    save(store, "a", post("night", "10 03:00"), now=local("10 03:05"))
    found = issue(store, "10 09:00", WindowOptions(shift="day"), made)
    assert titles(found, state="new", late=False) == {"just after the day", "night"}
    assert found.gap == Gap(local("09 20:00"), local("10 08:00"))


def test_the_gap_of_a_few_minutes_is_covered_and_not_named(store: Store) -> None:
    made = settings(text=SHIFTS)
    issue(store, "09 19:50", WindowOptions(shift="day"), made)
    save(store, "a", post("between", "09 19:55"), now=local("09 19:56"))
    found = issue(store, "09 21:00", WindowOptions(shift="night"), made)
    assert (titles(found, state="new", late=False), found.gap) == ({"between"}, None)


def test_a_gap_is_covered_for_seven_days_and_without_the_baseline_of_a_source(store: Store) -> None:
    issue(store, "01 12:00")
    save(store, "a", post("known to its source", "09 10:00"), now=local("10 08:00"), baseline=True)
    save(store, "b", post("eight days ago", "02 12:00"), now=local("02 12:05"))
    save(store, "b", post("six days ago", "04 12:00"), now=local("04 12:05"))
    made = issue(store, "10 09:00")
    assert (titles(made), made.gap) == ({"six days ago"}, Gap(local("03 00:00"), local("10 00:00")))


def test_a_day_that_is_no_issue_covers_no_gap(store: Store) -> None:
    issue(store, "08 12:00")
    save(store, "a", post("the day before", "09 12:00"), now=local("09 12:05"))
    made = issue(store, "10 12:00", WindowOptions(date="2026-03-10"))
    assert (titles(made, late=False), made.gap) == (set(), None)


@pytest.mark.parametrize(("at", "shown"), [("03 10:00", True), ("02 10:00", False)])
def test_what_is_older_than_seven_days_is_not_late_any_more(store: Store, at: str, shown: bool) -> None:
    issue(store, "09 12:00")
    save(store, "a", post("old", at), now=local("10 08:00"))
    assert bool(titles(issue(store, "10 09:00"))) is shown


def test_a_late_post_stays_in_the_days_issue_until_its_end(store: Store) -> None:
    issue(store, "09 12:00")
    save(store, "a", post("a week ago", "03 10:00"), now=local("10 08:00"))
    assert titles(issue(store, "10 09:00")) == {"a week ago"}
    assert titles(issue(store, "10 20:00")) == {"a week ago"}


def test_the_baseline_of_a_source_is_silent_about_the_days_before_but_not_about_today(store: Store) -> None:
    issue(store, "09 12:00")
    raws = post("before", "09 20:00"), post("today", "10 07:00"), post("undated", None)
    save(store, "a", *raws, now=local("10 08:00"), baseline=True)
    assert titles(issue(store, "10 09:00")) == {"today"}
    save(store, "a", post("late now", "09 22:00"), now=local("10 10:00"))
    assert titles(issue(store, "10 11:00")) == {"today", "late now"}


def test_without_an_earlier_issue_what_was_there_when_the_day_began_is_no_news(store: Store) -> None:
    save(store, "a", post("known", "09 10:00"), now=local("09 23:59"))
    save(store, "a", post("arrived today", "09 10:00"), now=local("10 00:01"))
    assert titles(issue(store, "10 09:00")) == {"arrived today"}


def test_arrival_is_compared_by_the_order_of_commits_and_not_by_clocks(store: Store) -> None:
    save(store, "a", post("slow", "09 11:00"), now=local("09 11:59"))
    made = issue(store, "09 12:00")
    # A second run whose clock was read before the digest's, but whose transaction came after it.
    save(store, "b", post("overtaken", "09 11:00"), now=local("09 11:58"))
    assert made.watermark == 1
    assert titles(issue(store, "10 09:00"), late=True) == {"overtaken"}


def test_a_post_that_was_committed_before_another_but_by_a_faster_clock_is_not_lost(store: Store) -> None:
    save(store, "a", post("fast clock", "09 11:00"), now=local("09 12:01"))
    save(store, "b", post("slow clock", "09 11:00"), now=local("09 11:59"))
    seen = titles(issue(store, "09 12:00"), state="new")
    seen |= titles(issue(store, "10 09:00"), state="new")
    assert seen == {"fast clock", "slow clock"}


def test_a_post_that_matches_only_after_a_change_is_told_in_the_next_issue(store: Store) -> None:
    save(store, "a", RawPost("公告", published=local("09 10:00"), guid="1"), now=local("09 10:05"))
    issue(store, "09 23:00")
    save(store, "a", RawPost("公告：停水", published=local("09 10:00"), guid="1"), now=local("10 08:00"))
    assert len(issue(store, "10 09:00").events) == 1


# ---- issues ----


def test_only_whole_windows_of_now_are_issued(store: Store) -> None:
    made = settings(text=SHIFTS)
    assert issue(store, "10 09:00", made=made).issue == 1
    assert issue(store, "10 09:00", WindowOptions(shift="day"), made).issue == 2
    assert issue(store, "10 09:30", WindowOptions(since_last=True), made).issue == 3
    for options in (WindowOptions(date="2026-03-10"), WindowOptions(start="2026-03-10")):
        assert issue(store, "10 09:00", options).issue is None
    for filters in (Filters(topic="outage"), Filters(owner="duty office")):
        assert issue(store, "10 09:00", filters=filters).issue is None
    assert issue(store, "10 10:00", as_of=local("10 09:40")).issue is None
    assert issue(store, "11 09:00").issue == 4


def test_issuing_a_window_again_keeps_its_number(store: Store) -> None:
    assert [issue(store, now).issue for now in ("09 08:00", "09 20:00", "10 08:00", "10 20:00")] == [1, 1, 2, 2]


def test_an_event_is_new_in_its_own_window_and_continuing_afterwards(store: Store) -> None:
    save(store, "a", post("one", "09 10:00", url=SHARED), now=local("09 10:05"))
    assert titles(issue(store, "09 12:00"), state="new") == {"one"}
    assert titles(issue(store, "09 18:00"), state="new") == {"one"}
    save(store, "b", post("two", "10 08:00", url=SHARED), now=local("10 08:05"))
    (event,) = issue(store, "10 09:00").events
    assert (event.state, event.delta.posts, event.delta.sources) == ("continuing", 0, 1)


def test_an_event_that_an_issue_left_out_is_new_when_it_is_first_shown(store: Store) -> None:
    save(store, "a", post("one", "09 20:00"), now=local("09 20:05"))
    issue(store, "10 09:00")
    assert titles(issue(store, "10 09:00"), state="continuing") == set()


def test_an_event_stays_known_when_an_earlier_report_renames_it(store: Store) -> None:
    save(store, "a", post("one", "09 10:00", url=SHARED), now=local("09 10:05"))
    issue(store, "09 12:00")
    save(store, "b", post("earlier", "09 09:00", url=SHARED), now=local("10 08:00"))
    save(store, "c", post("today", "10 08:00", url=SHARED), now=local("10 08:00"))
    (event,) = issue(store, "10 09:00").events
    assert event.state == "continuing"


def test_the_delta_of_a_renamed_event_compares_with_what_it_was(store: Store) -> None:
    save(store, "a", post("one", "09 10:00", url=SHARED), now=local("09 10:05"))
    issue(store, "09 12:00")
    save(store, "b", post("earlier", "09 09:00", url=SHARED), now=local("10 08:00"))
    (event,) = issue(store, "10 09:00").events
    assert event.delta.sources == 1


def test_since_last_begins_where_the_last_issue_ended(store: Store) -> None:
    since = WindowOptions(since_last=True)
    save(store, "a", post("morning", "10 07:00"), now=local("10 07:05"))
    first = issue(store, "10 08:00", since)
    assert (first.start, first.end) == (local("10 00:00"), local("10 08:00"))
    save(store, "a", post("noon", "10 11:00"), post("overlooked", "10 07:30"), now=local("10 11:05"))
    second = issue(store, "10 12:00", since)
    assert (second.start, second.end) == (local("10 08:00"), local("10 12:00"))
    assert titles(second) == {"noon", "overlooked"}
    assert titles(second, late=True) == {"overlooked"}


def test_since_last_after_the_issue_of_a_day_begins_at_its_knowledge(store: Store) -> None:
    issue(store, "10 08:00")
    assert issue(store, "10 09:00", WindowOptions(since_last=True)).start == local("10 08:00")


def test_of_one_address_in_several_sources_the_totals_count_one(store: Store) -> None:
    for source in "abc":
        save(store, source, post(source, "10 08:00", url=SHARED), now=local("10 08:05"))
    save(store, "d", RawPost("天气晴", url=SHARED, published=local("10 08:00")), now=local("10 08:06"))
    made = issue(store, "10 09:00")
    assert (made.totals.posts, made.totals.matched, made.totals.events, made.totals.new_events) == (1, 1, 1, 1)
    assert made.totals.sources == 3
    assert (made.events[0].posts, made.events[0].sources) == (1, 3)


def test_since_last_right_after_an_issue_reports_nothing_and_is_no_issue(store: Store) -> None:
    issue(store, "10 08:00")
    made = issue(store, "10 08:00", WindowOptions(since_last=True))
    assert (made.issue, made.events) == (None, ())
    assert issue(store, "10 09:00", WindowOptions(since_last=True)).issue == 2


# ---- knowledge time ----


def facts(made: Digest) -> dict[str, Any]:
    """The document without what only an issue has."""
    data = json.loads(digest_json.dumps(made))
    return {key: value for key, value in data.items() if key != "issue"}


def test_as_of_an_issue_gives_back_the_stored_document(store: Store) -> None:
    save(store, "a", post("one", "10 08:00", guid="1"), now=local("10 08:05"))
    issued = issue(store, "10 09:00")
    save(store, "a", post("changed", "10 08:00", guid="1"), post("two", "10 09:30"), now=local("10 10:00"))
    again = issue(store, "11 09:00", as_of=local("10 09:00"))
    assert digest_json.dumps(again) == digest_json.dumps(issued)
    assert again.issue == 1


def test_as_of_is_the_same_after_a_correction_that_made_a_post_match(store: Store) -> None:
    save(store, "a", RawPost("公告", published=local("10 08:00"), guid="1"), now=local("10 08:05"))
    before = as_of(store, "10 09:00", "10 09:00")
    save(store, "a", RawPost("公告：停水", published=local("10 08:00"), guid="1"), now=local("10 10:00"))
    assert as_of(store, "10 09:00", "11 09:00") == before


def test_as_of_still_shows_as_late_what_was_corrected_again(store: Store) -> None:
    issue(store, "09 12:00")
    save(store, "a", post("late", "09 11:00", guid="1"), now=local("10 08:00"))
    before = as_of(store, "10 09:00", "10 09:00")
    assert [event["late"] for event in before["events"]] == [True]
    save(store, "a", RawPost("更正", published=local("09 11:00"), guid="1"), now=local("10 10:00"))
    save(store, "a", post("again", "09 11:00", guid="1"), now=local("10 11:00"))
    assert as_of(store, "10 09:00", "11 09:00") == before


OF_THE_TENTH = WindowOptions(date="2026-03-10")


def as_of(store: Store, then: str, now: str, options: WindowOptions = OF_THE_TENTH) -> dict[str, Any]:
    return facts(issue(store, now, options, as_of=local(then)))


def test_as_of_forgets_later_posts_changes_and_names(store: Store) -> None:
    save(store, "a", post("one", "10 08:00", guid="1", url=SHARED), now=local("10 08:05"))
    before = as_of(store, "10 09:00", "10 09:00")
    save(store, "a", post("one, corrected", "10 08:00", guid="1", url=SHARED), now=local("10 10:00"))
    save(store, "b", post("earlier", "10 07:00", url=SHARED), post("other", "10 08:30"), now=local("10 10:05"))
    assert as_of(store, "10 09:00", "11 09:00") == before


def test_as_of_still_shows_what_stopped_matching_later(store: Store) -> None:
    save(store, "a", post("one", "10 08:00", guid="1"), now=local("10 08:05"))
    before = as_of(store, "10 09:00", "10 09:00")
    save(store, "a", RawPost("更正", published=local("10 08:00"), guid="1"), now=local("10 10:00"))
    assert as_of(store, "10 09:00", "11 09:00")["events"] == before["events"]


def test_as_of_an_event_that_was_renamed_since_is_still_continuing(store: Store) -> None:
    save(store, "a", post("one", "09 10:00", url=SHARED), now=local("09 10:05"))
    issue(store, "09 12:00")
    save(store, "c", post("today", "10 08:00", url=SHARED), now=local("10 08:05"))
    before = as_of(store, "10 09:00", "10 09:00")
    assert before["events"][0]["state"] == "continuing"
    save(store, "b", post("earlier", "09 09:00", url=SHARED), now=local("10 10:00"))
    assert as_of(store, "10 09:00", "11 09:00") == before


def test_as_of_the_coverage_is_what_was_known_then(store: Store) -> None:
    made = settings({"a": "https://a.example/feed"})
    for now in ("10 08:00", "10 08:30"):
        save(store, "a", now=local(now))
    before = facts(issue(store, "10 08:40", OF_THE_TENTH, made, as_of=local("10 08:40")))
    for now in ("10 09:00", "10 09:30"):
        save(store, "a", now=local(now))
    assert facts(issue(store, "11 08:40", OF_THE_TENTH, made, as_of=local("10 08:40"))) == before


def test_as_of_other_packs_are_named_as_they_were_then(store: Store) -> None:
    other = keyword_set(other="[[topics]]\nid = 'outage'\nany = ['停水']\n")
    save(store, "a", post("one", "10 08:00", guid="1"), now=local("10 08:05"))
    before = as_of(store, "10 09:00", "10 09:00")
    save(store, "a", post("one again", "10 08:00", guid="1"), now=local("10 10:00"), keywords=other)
    assert as_of(store, "10 09:00", "11 09:00")["method"] == before["method"]


def test_a_digest_comes_back_from_its_json_as_it_was(store: Store) -> None:
    save(store, "a", post("one", "10 08:00", url=SHARED), now=local("10 08:05"))
    made = issue(store, "10 09:00", made=settings({"a": "https://a.example/feed", "b": "https://b.example/feed"}))
    text = digest_json.dumps(made)
    assert digest_json.dumps(digest_json.from_data(json.loads(text))) == text


# ---- exactly once ----


@dataclass(frozen=True)
class Arrival:
    """A post of its own event: when it was published (minutes from the start; None: no date), how long until it was fetched."""

    published: int
    delay: int
    dated: bool = True


START = local("09 00:00")
MINUTES = 60 * 24
LAST = 6 * MINUTES + 600
"""After every arrival, and within a week of every publication."""
ARRIVALS = st.lists(
    st.builds(Arrival, st.integers(1, 4 * MINUTES - 1), st.integers(0, 2 * MINUTES), st.booleans()), max_size=8
)
DIGESTS = st.lists(st.integers(1, 4 * MINUTES - 1), max_size=8)


@given(ARRIVALS, DIGESTS)
@hypothesis_settings(deadline=None, max_examples=25)
def test_every_new_event_is_new_in_exactly_one_days_last_issue(arrivals: list[Arrival], digests: list[int]) -> None:
    final: dict[datetime, Digest] = {}
    work: list[tuple[int, int, Arrival | None]] = [(-1, 1, None)]
    work += [(a.published + a.delay, 0, a) for a in arrivals]
    work += [(minute, 1, None) for minute in digests]
    work += [(LAST, 1, None)]
    expected = set()
    with Store(Path(":memory:")) as store:
        for number, (minute, _, arrival) in enumerate(sorted(work, key=lambda w: w[:2])):
            now = START + timedelta(minutes=minute)
            if arrival is None:
                made = digest(store, PLAIN, keyword_set(), TODAY, now=now)
                final[made.start] = made
                continue
            at = START + timedelta(minutes=arrival.published) if arrival.dated else None
            (entry,) = save(store, "a", RawPost("停水", published=at, guid=str(number)), now=now)
            expected.add(event_id(entry.post.id))
    new = [event.id for made in final.values() for event in made.events if event.state == "new"]
    assert sorted(new) == sorted(expected)


@given(ARRIVALS, DIGESTS)
@hypothesis_settings(deadline=None, max_examples=25)
def test_every_new_event_is_new_in_exactly_one_shifts_last_issue(arrivals: list[Arrival], digests: list[int]) -> None:
    made_of = settings(text=SHIFTS)
    final: dict[datetime, Digest] = {}
    work: list[tuple[int, int, Arrival | str]] = [(-1, 1, "night")]
    work += [(a.published + a.delay, 0, a) for a in arrivals]
    # A shift is issued while it runs: one that is issued again after the next has begun takes back what that one told.
    for minute in digests:
        hour = minute // 60 % 24
        running = "day" if 8 <= hour < 20 else "night"
        work.append((minute, 1, running))
    work += [(LAST, 1, "night")]
    expected = set()
    with Store(Path(":memory:")) as store:
        for number, (minute, _, what) in enumerate(sorted(work, key=lambda w: w[:2])):
            now = START + timedelta(minutes=minute)
            if isinstance(what, str):
                made = digest(store, made_of, keyword_set(), WindowOptions(shift=what), now=now)
                final[made.start] = made
                continue
            at = START + timedelta(minutes=what.published) if what.dated else None
            (entry,) = save(store, "a", RawPost("停水", published=at, guid=str(number)), now=now)
            expected.add(event_id(entry.post.id))
    new = [event.id for made in final.values() for event in made.events if event.state == "new"]
    assert sorted(new) == sorted(expected)


@given(ARRIVALS, DIGESTS)
@hypothesis_settings(deadline=None, max_examples=25)
def test_what_matches_only_after_a_correction_is_new_in_exactly_one_days_last_issue(
    arrivals: list[Arrival], digests: list[int]
) -> None:
    final: dict[datetime, Digest] = {}
    work: list[tuple[int, int, int | None, str]] = [(-1, 1, None, "")]
    for number, arrival in enumerate(arrivals):
        work.append((arrival.published, 0, number, "公告"))
        work.append((arrival.published + arrival.delay, 0, number, "停水"))
    work += [(minute, 1, None, "") for minute in (*digests, LAST)]
    expected = set()
    with Store(Path(":memory:")) as store:
        for minute, _, which, title in sorted(work, key=lambda w: w[:2]):
            now = START + timedelta(minutes=minute)
            if which is None:
                made = digest(store, PLAIN, keyword_set(), TODAY, now=now)
                final[made.start] = made
                continue
            at = START + timedelta(minutes=arrivals[which].published) if arrivals[which].dated else None
            (entry,) = save(store, "a", RawPost(title, published=at, guid=str(which)), now=now)
            expected.add(event_id(entry.post.id))
    assert sorted(ids(final.values())) == sorted(expected)


def ids(made: Iterable[Digest]) -> list[str]:
    return [event.id for one in made for event in one.events if event.state == "new"]


@given(ARRIVALS, DIGESTS)
@hypothesis_settings(deadline=None, max_examples=25)
def test_every_new_event_is_new_once_in_a_chain_of_since_last(arrivals: list[Arrival], digests: list[int]) -> None:
    work: list[tuple[int, int, Arrival | None]] = [(-1, 1, None)]
    work += [(a.published + a.delay, 0, a) for a in arrivals]
    work += [(minute, 1, None) for minute in set(digests)]
    work += [(LAST, 1, None)]
    expected, made = set(), []
    with Store(Path(":memory:")) as store:
        for number, (minute, _, arrival) in enumerate(sorted(work, key=lambda w: w[:2])):
            now = START + timedelta(minutes=minute)
            if arrival is None:
                made.append(digest(store, PLAIN, keyword_set(), WindowOptions(since_last=True), now=now))
                continue
            at = START + timedelta(minutes=arrival.published) if arrival.dated else None
            (entry,) = save(store, "a", RawPost("停水", published=at, guid=str(number)), now=now)
            expected.add(event_id(entry.post.id))
    assert sorted(ids(made)) == sorted(expected)


def test_a_window_knows_whether_it_issues() -> None:
    day = Window("today", NOW, NOW + DAY)
    assert all(replace(day, kind=kind).issues for kind in ("today", "shift", "since-last"))
    assert not any(replace(day, kind=kind).issues for kind in ("date", "range"))


@pytest.mark.parametrize("between", ["10 08:00", "10 09:30"])
def test_an_issue_that_is_made_again_tells_as_new_what_it_told_so_whatever_issue_came_between(
    store: Store, between: str
) -> None:
    """The morning's shift told an event of the night as new; then the day's issue has it as known, and the shift's must keep it."""
    made = settings(text=SHIFTS)
    issue(store, "09 20:30", WindowOptions(shift="night"), made)
    save(store, "a", post("night", None), now=local("10 01:00"))
    shift = WindowOptions(shift="day")
    assert titles(issue(store, "10 08:00", shift, made), state="new") == {"night"}
    assert titles(issue(store, between, TODAY, made), state="continuing") == {"night"}
    for again in (between, "10 11:00", "10 11:00"):
        assert titles(issue(store, again, shift, made), state="new") == {"night"}
    assert titles(issue(store, "10 12:00", TODAY, made), state="new") == set()


def test_a_story_that_is_back_after_three_silent_days_is_resurgent_though_no_issue_ever_told_it(store: Store) -> None:
    save(store, "a", post("burst main", "03 09:00", url=SHARED), now=local("03 09:05"))
    save(store, "b", post("burst main again", "10 08:00", url=SHARED), now=local("10 08:05"))
    (event,) = issue(store, "10 09:00").events
    assert (event.state, event.first_told, event.news) == ("resurgent", True, True)
    made = issue(store, "10 10:00")
    assert (made.totals.new_events, [(e.state, e.first_told) for e in made.events]) == (1, [("resurgent", True)])
    save(store, "c", post("the third", "11 08:00", url=SHARED), now=local("11 08:05"))
    assert [(e.state, e.first_told) for e in issue(store, "11 09:00").events] == [("continuing", False)]
