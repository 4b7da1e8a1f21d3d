"""Decisions of the desk about events, and what an event id means. Real SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from conftest import NOW, save
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import Window
from yuqing_cli.errors import UsageError
from yuqing_cli.ids import event_id
from yuqing_cli.models import RawPost

SHARED = "https://news.qinghe.example/a/1"
HOUR = timedelta(hours=1)


def test_an_event_is_found_by_its_id_by_a_former_one_and_by_the_beginning_of_either(store: Store) -> None:
    (late,) = save(store, "a", RawPost("青禾水务停水通知", "", SHARED, NOW - HOUR))
    (early,) = save(store, "b", RawPost("停水：转载", "", SHARED, NOW - 2 * HOUR), now=NOW + HOUR)
    today, former = event_id(early.post.id), event_id(late.post.id)
    assert [store.resolve(text) for text in (today, former, today[:6].upper(), former[:6], "e")] == [today] * 5


def test_what_means_no_event_or_several_is_none(store: Store) -> None:
    save(store, "a", *(RawPost(f"停水{i}", "", f"{SHARED}{i}", NOW) for i in range(2)))
    assert [store.resolve(text) for text in ("", "e", "nothing", "%", "e_")] == [None] * 5


# ---- by hand ----

BURST = "昨夜十一时许，长江路一处供水主管破裂，路面塌陷约三米，附近六个小区停水。县水务集团连夜抢修，预计今日十八时恢复供水。"
RETOLD = "县水务集团通报：长江路供水主管破裂引起路面塌陷，六个小区停水，抢修人员彻夜施工，居民可到消防车处取水。"
SCHOOL = "第二中学因停水取消了下午的课程，三千名学生提前放学，食堂停止供餐，校车加开五班。"
LATER = "长江路供水主管修复，六个小区停水结束，路面塌陷处仍在回填，水务集团致歉。"


def report(store: Store, text: str, at: int, guid: str, now: datetime = NOW) -> str:
    (entry,) = save(store, guid, RawPost("停水" + text[:8], text, "", NOW - at * HOUR, guid), now=now)
    return entry.post.id


def events(store: Store) -> dict[str, str]:
    with store._read() as connection:
        return dict(connection.execute("SELECT id, event_id FROM posts").fetchall())


def test_merged_events_are_one_for_good_and_both_ids_lead_to_it(store: Store) -> None:
    burst, school = report(store, BURST, 5, "a"), report(store, SCHOOL, 4, "b")
    outcome = store.merge_events([event_id(burst), event_id(school)[:7]], NOW)
    assert (outcome.events, outcome.posts) == ((event_id(burst),), 2)
    later = report(store, LATER, 1, "c", NOW + HOUR)
    assert set(events(store).values()) == {event_id(burst)}
    assert events(store)[later] == store.resolve(event_id(school)) == event_id(burst)
    with store._read() as connection:
        assert connection.execute("SELECT count(*) FROM posts WHERE copy_of IS NOT NULL").fetchone() == (0,)


def test_merged_events_of_several_posts_lose_none(store: Store) -> None:
    burst, retold = report(store, BURST, 5, "a"), report(store, RETOLD, 4, "b")
    school = report(store, SCHOOL, 4, "c")
    again = report(store, SCHOOL.replace("校车加开五班", "校车加开六班") + "家长在校门口等候。", 3, "d")
    assert len(set(events(store).values())) == 2
    assert store.merge_events([event_id(burst), event_id(school)], NOW).posts == 4
    assert events(store) == dict.fromkeys((burst, retold, school, again), event_id(burst))


def test_split_posts_stay_apart_whatever_links_them_and_whatever_comes(store: Store) -> None:
    burst, retold = report(store, BURST, 5, "a"), report(store, RETOLD, 4, "b")
    assert len(set(events(store).values())) == 1
    outcome = store.split_event(event_id(burst), [retold[:8]], NOW)
    assert outcome.events == (event_id(burst), event_id(retold))
    report(store, LATER, 1, "c", NOW + HOUR)
    save(store, "b", RawPost("停水通报更新", RETOLD + "更新", "", NOW - 4 * HOUR, "b"), now=NOW + HOUR)
    found = events(store)
    assert found[burst] != found[retold]


def test_a_later_decision_takes_back_an_earlier_one(store: Store) -> None:
    burst, retold = report(store, BURST, 5, "a"), report(store, RETOLD, 4, "b")
    store.split_event(event_id(burst), [retold], NOW)
    store.merge_events([event_id(burst), event_id(retold)], NOW + HOUR)
    assert set(events(store).values()) == {event_id(burst)}
    store.split_event(event_id(burst), [burst], NOW + 2 * HOUR)
    assert events(store) == {burst: event_id(burst), retold: event_id(retold)}


def test_a_report_of_the_past_does_not_know_of_later_decisions(store: Store) -> None:
    burst, _ = report(store, BURST, 5, "a"), report(store, SCHOOL, 4, "b")
    day = Window("today", NOW - 10 * HOUR, NOW + 14 * HOUR)
    before = store.reported(store.span(day, NOW))
    store.merge_events(list(events(store).values()), NOW + HOUR)
    assert store.reported(store.span(day, NOW)) == before
    assert {post.event for post in store.reported(store.span(day, NOW + HOUR))} == {event_id(burst)}


def test_what_comes_to_an_event_called_noise_is_noise_until_that_is_taken_back(store: Store) -> None:
    burst = report(store, BURST, 5, "a")
    store.dismiss_event(event_id(burst), NOW)
    retold = report(store, RETOLD, 4, "b", NOW + HOUR)
    assert store.marks() == {burst: "noise", retold: "noise"}
    assert store.marks(NOW - HOUR) == {}
    store.mark([burst, retold], "relevant", NOW + 2 * HOUR)
    later = report(store, LATER, 3, "c", NOW + 3 * HOUR)
    assert store.marks() == {burst: "relevant", retold: "relevant"}
    assert events(store)[later] == event_id(burst)


def test_decisions_that_mean_nothing_are_refused_and_leave_no_trace(store: Store) -> None:
    burst = report(store, BURST, 5, "a")
    school = report(store, SCHOOL, 4, "b")
    attempts: list[Callable[[], object]] = [
        lambda: store.merge_events([event_id(burst), "nothing"], NOW),
        lambda: store.merge_events([event_id(burst), event_id(burst)[:8]], NOW),
        lambda: store.split_event(event_id(burst), [burst], NOW),
        lambda: store.split_event(event_id(burst), [school], NOW),
        lambda: store.split_event(event_id(burst), [""], NOW),
        lambda: store.dismiss_event("", NOW),
    ]
    for refused in attempts:
        with pytest.raises(UsageError):
            refused()
    with store._read() as connection:
        assert connection.execute("SELECT count(*) FROM decisions").fetchone() == (0,)
