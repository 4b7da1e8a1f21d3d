"""Events in the store: which posts are one event, whatever their order, and what becomes of their ids. Real SQLite."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import NOW, save
from yuqing_cli.adapters.store import Store, groups, neighbours
from yuqing_cli.digest.shapes import StoredPost, Window
from yuqing_cli.events import background, sketch
from yuqing_cli.events.group import Bond, Hands, regroup
from yuqing_cli.events.origin import Member, stated
from yuqing_cli.events.rank import copies, origins, spread
from yuqing_cli.ids import event_id
from yuqing_cli.models import RawPost
from yuqing_cli.records import replace

HOUR = timedelta(hours=1)
DAY = Window("today", NOW - 10 * HOUR, NOW + 14 * HOUR)
BURST = (
    "昨夜十一时许，长江路一处供水主管破裂，路面塌陷约三米，附近六个小区停水。"
    "县水务集团连夜抢修，预计今日十八时恢复供水，消防车已到场送水。"
)
RETOLD = "县水务集团通报：长江路供水主管破裂引起路面塌陷，六个小区停水，抢修人员彻夜施工，居民可到消防车处取水。"
SCHOOL = "第二中学因停水取消了下午的课程，三千名学生提前放学，食堂停止供餐，校车加开五班。"


def news(title: str, text: str = "", at: int = 0, guid: str = "") -> RawPost:
    """A report ``at`` hours before now."""
    return RawPost(title, text, "", NOW - at * HOUR, guid or f"{title}{at}")


def reported(store: Store) -> dict[str, StoredPost]:
    at = NOW + 10 * HOUR
    return {post.title: post for post in store.stored(store.reported(store.span(DAY, at)), at).values()}


def rows(store: Store, query: str) -> list[Any]:
    with store._read() as connection:
        return connection.execute(query).fetchall()


def test_reports_of_one_event_by_several_sources_are_one_event_and_others_are_not(store: Store) -> None:
    save(store, "a", news("长江路水管破裂停水", BURST, 3), news("二中停水停课", SCHOOL, 2))
    save(store, "b", news("水务集团通报停水原因", RETOLD, 1))
    found = reported(store)
    assert found["长江路水管破裂停水"].event == found["水务集团通报停水原因"].event != found["二中停水停课"].event


def test_copies_name_the_report_that_they_repeat_and_retold_ones_are_independent(store: Store) -> None:
    save(store, "a", news("长江路水管破裂停水", BURST, 5))
    save(store, "b", news("长江路停水", BURST + "（编辑：小青）", 3), news("水务通报停水", RETOLD, 2))
    found = reported(store)
    first = found["长江路水管破裂停水"]
    assert (first.copy_of, found["长江路停水"].copy_of, found["水务通报停水"].copy_of) == (None, first.id, None)


def test_who_names_an_origin_that_is_there_repeats_it(store: Store) -> None:
    save(store, "青禾日报", news("长江路水管破裂停水", BURST, 5))
    save(store, "b", news("水务通报停水", RETOLD + "来源：青禾日报", 2))
    found = reported(store)
    assert found["水务通报停水"].origin == "青禾日报"
    assert found["水务通报停水"].copy_of == found["长江路水管破裂停水"].id


def test_one_headline_on_two_lists_of_one_day_is_one_event_and_a_copy(store: Store) -> None:
    save(store, "a", news("长江路一处水管破裂停水", at=5))
    save(store, "b", news("长江路一处水管破裂停水", at=2))
    assert len({post.event for post in reported(store).values()}) == 1
    assert rows(store, "SELECT count(*) FROM posts WHERE copy_of IS NOT NULL") == [(1,)]


def test_twelve_copies_of_one_story_weigh_less_than_three_independent_reports(store: Store) -> None:
    for number in range(12):
        save(store, f"w{number}", news("长江路水管破裂停水", f"{BURST}（编辑：{number}号）", 9, str(number)))
    copied = list(store.reported(store.span(DAY, NOW)))
    assert (len(copied), len(origins(copied)), copies(copied)) == (12, 1, 11)
    told = [replace(post, copy_of=None) for post in copied[:3]]
    assert spread(len(origins(copied)), copies(copied)) < spread(len(origins(told)), copies(told))
    without_the_first = [post for post in copied if post.copy_of]
    assert len(origins(without_the_first)) == 1


def test_an_earlier_report_renames_the_event_and_a_report_of_the_past_does_not_know_it(store: Store) -> None:
    (late,) = save(store, "a", news("长江路水管破裂停水", BURST, 2))
    (early,) = save(store, "b", news("水务通报停水", RETOLD, 4), now=NOW + HOUR)
    past = store.reported(store.span(DAY, NOW))
    assert [(post.id, post.event) for post in past] == [(late.post.id, event_id(late.post.id))]
    assert {post.event for post in reported(store).values()} == {event_id(early.post.id)}
    assert store.resolve(event_id(late.post.id)) == event_id(early.post.id)


def test_an_event_that_loses_its_bridge_falls_apart_and_the_past_keeps_it(store: Store) -> None:
    save(store, "a", news("长江路水管破裂停水", BURST, 4, "1"), news("水务通报停水", RETOLD, 3, "2"))
    before = store.reported(store.span(DAY, NOW))
    save(store, "a", news("二中停水停课", SCHOOL, 3, "2"), now=NOW + HOUR)
    assert len({post.event for post in reported(store).values()}) == 2
    assert store.reported(store.span(DAY, NOW)) == before
    assert len({post.event for post in before}) == 1


def test_a_post_that_stops_matching_leaves_its_event_and_all_that_was_kept_of_it(store: Store) -> None:
    save(store, "a", news("长江路水管破裂停水", BURST, 4, "1"), news("水务通报停水", RETOLD, 3, "2"))
    save(store, "a", news("更正", "没有此事", 3, "2"), now=NOW + HOUR)
    assert rows(store, "SELECT count(*), count(DISTINCT event_id) FROM posts WHERE event_id IS NOT NULL") == [(1, 1)]
    assert rows(store, "SELECT (SELECT count(*) FROM sketches), (SELECT count(*) FROM links)") == [(1, 0)]


def arrivals() -> list[tuple[str, RawPost]]:
    """Sixty reports of a dozen events, copies and headlines among them, some at the same moment."""
    rng = random.Random(7)
    found = []
    for number in range(60):
        base = rng.choice(
            (BURST, RETOLD, SCHOOL, "停水" + "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(60)))
        )
        text = base if rng.random() < 0.3 else "，".join(rng.sample(base.split("，"), k=max(1, base.count("，"))))
        title = text[: rng.choice((6, 12, 18))] + "停水"
        found.append(
            (rng.choice("abcd"), news(title, rng.choice((text, "")), rng.choice((0, 0, 5, 30, 200, 900)), str(number)))
        )
    return found


def everything(batches: Iterable[Sequence[tuple[str, RawPost]]]) -> tuple[list[Any], list[Any]]:
    with Store(Path(":memory:")) as store:
        for batch in batches:
            for source in "abcd":
                raws = [raw for name, raw in batch if name == source]
                if raws:
                    save(store, source, *raws)
        named = "(SELECT id FROM posts WHERE seq = {})".format
        links = f"SELECT {named('later')}, {named('earlier')}, strength, kind FROM links ORDER BY 1, 2"
        return rows(store, "SELECT id, event_id, copy_of FROM posts ORDER BY id"), rows(store, links)


@pytest.mark.parametrize("seed", range(4))
def test_events_copies_and_links_do_not_depend_on_the_order_or_the_number_at_a_time(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "NEAREST", 3)
    first = arrivals()
    expected = everything([first])
    random.Random(seed).shuffle(first)
    size = (1, 7, 20, 60)[seed]
    assert everything(first[i : i + size] for i in range(0, 60, size)) == expected
    assert len({event for _, event, _ in expected[0]}) < 50


@pytest.mark.parametrize("seed", range(4))
def test_posts_that_change_leave_nothing_of_what_they_were(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "NEAREST", 3)
    last, rng = arrivals(), random.Random(seed)
    said = [(raw.title, raw.text) for _, raw in last]
    first = [
        (source, replace(raw, title=title, text=text))
        for (source, raw), (title, text) in zip(last, rng.sample(said, k=60), strict=True)
    ]
    rng.shuffle(first)
    again = rng.sample(last, k=60)
    size = (1, 7, 20, 60)[seed]
    batches = [held[i : i + size] for held in (first, again) for i in range(0, 60, size)]
    assert everything(batches) == everything([last])


def test_a_file_that_was_stored_before_there_was_grouping_is_grouped_at_the_next_matched_post(store: Store) -> None:
    save(store, "a", news("长江路水管破裂停水", BURST, 4), news("水务通报停水", RETOLD, 3))
    tables = ("sketches", "sketch_keys", "links", "grouping")
    with store._write() as connection:
        for table in tables:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE posts SET event_id = 'e' || id")
    save(store, "b", news("二中停水停课", SCHOOL, 1))
    assert rows(store, "SELECT count(DISTINCT event_id) FROM posts") == [(2,)]
    assert rows(store, "SELECT count(*) FROM sketches") == [(3,)]


def test_a_new_edition_makes_everything_anew_and_keeps_the_links_of_what_is_blank(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stored(edition: int) -> Store:
        monkeypatch.setattr(background, "EDITION", edition)
        monkeypatch.setattr(sketch, "KEYS", 3 * edition)
        store = Store(Path(":memory:"))
        save(store, "a", *(raw for _, raw in arrivals()))
        return store

    wanted = "SELECT key, at, post FROM sketch_keys ORDER BY 1, 2", "SELECT * FROM links ORDER BY 1, 2"
    with stored(8) as store:
        expected = [rows(store, query) for query in wanted]
    with stored(7) as store:
        (blank,) = rows(store, "SELECT later FROM links WHERE strength > 0.3 ORDER BY later LIMIT 1")[0]
        with store._write() as connection:
            neighbours.blank(connection, [blank])
            connection.execute("UPDATE posts SET purged_at = 1 WHERE seq = ?", (blank,))
        kept = f"SELECT * FROM links WHERE {blank} IN (later, earlier) ORDER BY 1, 2"
        before = rows(store, kept)
        monkeypatch.setattr(background, "EDITION", 8)
        monkeypatch.setattr(sketch, "KEYS", 24)
        with store._write() as connection:
            groups.settle(connection, [], NOW)
        assert rows(store, kept) == before
        others = [row for row in rows(store, wanted[1]) if blank not in row[:2]]
        assert others == [row for row in expected[1] if blank not in row[:2]]
        assert {row for row in rows(store, wanted[0]) if row[2] != blank} == {
            row for row in expected[0] if row[2] != blank
        }


def test_a_rerun_changes_nothing(store: Store) -> None:
    save(
        store,
        "a",
        news("长江路水管破裂停水", BURST, 4),
        news("水务通报停水", RETOLD, 3),
        news("二中停水停课", SCHOOL, 3),
    )
    tables = ("posts", "sketches", "sketch_keys", "links", "former_events", "event_aliases")
    before = [rows(store, f"SELECT * FROM {table}") for table in tables]
    with store._write() as connection:
        assert groups.settle(connection, [1, 2, 3], NOW + HOUR) == 0
    assert [rows(store, f"SELECT * FROM {table}") for table in tables] == before


def test_what_is_blanked_keeps_its_event_and_says_nothing_any_more(store: Store) -> None:
    save(store, "a", news("长江路水管破裂停水", BURST, 4), news("水务通报停水", RETOLD, 3))
    before = rows(store, "SELECT id, event_id, copy_of FROM posts")
    with store._write() as connection:
        neighbours.blank(connection, [1, 2])
        groups.settle(connection, [], NOW)
    save(store, "b", news("二中停水停课", SCHOOL, 1))
    assert rows(store, "SELECT id, event_id, copy_of FROM posts WHERE seq < 3") == before
    assert max(len(body) for (body,) in rows(store, "SELECT body FROM sketches WHERE post < 3")) < 40


@pytest.mark.slow
def test_a_thousand_identical_posts_are_one_event_a_chain_and_no_clique(store: Store) -> None:
    save(store, "a", *(news("长江路水管破裂停水", BURST, 5, str(i)) for i in range(1000)))
    assert rows(store, "SELECT count(*), count(DISTINCT event_id), count(copy_of) FROM posts") == [(1000, 1, 999)]
    assert rows(store, "SELECT count(*) FROM links") == [(999,)]


@pytest.mark.slow
def test_copies_of_six_hundred_posts_at_once_find_all_of_them(store: Store) -> None:
    said = [f"{chr(0x4E00 + 31 * n)}{chr(0x5000 + 17 * n)}镇长江路水管破裂停水{n}户" for n in range(600)]
    for source in "ab":
        save(store, source, *(news(title, at=3) for title in said))
    assert rows(store, "SELECT count(*), count(copy_of) FROM posts") == [(1200, 600)]


def test_a_source_that_changes_its_title_every_hour_leaves_no_debris(store: Store) -> None:
    save(store, "b", news("长江路水管破裂停水", BURST, 5))
    for hour in range(30):
        save(store, "a", news(f"停水最新消息{hour}", BURST, 4, "1"), now=NOW + hour * HOUR)
    assert rows(store, "SELECT count(*), count(DISTINCT event_id) FROM posts") == [(2, 1)]
    assert rows(store, "SELECT count(*) FROM sketches") == [(2,)]
    assert rows(store, "SELECT count(*) FROM former_events") == [(0,)]


@pytest.mark.parametrize("text", ["", "停水", "停水" * 100_000, "停水\n" * 50_000])
def test_posts_without_a_text_with_a_word_and_with_far_too_much_are_stored_and_grouped(store: Store, text: str) -> None:
    save(store, "a", news("停水", text, 1, "1"), news("长江路停水", text, 1, "2"))
    assert rows(store, "SELECT count(event_id) FROM posts") == [(2,)]


# ---- the set alone ----


def members(*posts: str) -> list[Member]:
    return [Member(post, number) for number, post in enumerate(posts)]


def test_one_bridge_does_not_join_two_stories() -> None:
    left, right = [("a", "b"), ("a", "c"), ("b", "c")], [("d", "e"), ("d", "f"), ("e", "f")]
    bonds = [Bond(one, other, 0.5, "event") for one, other in (*left, *right)] + [Bond("c", "d", 0.4, "event")]
    assert [event.posts for event in regroup(members(*"abcdef"), bonds)] == [("a", "b", "c"), ("d", "e", "f")]


def test_what_hands_joined_or_parted_wins_over_every_link() -> None:
    bonds = [Bond("a", "b", 1.0, "same"), Bond("b", "c", 0.9, "event")]
    parted = regroup(members(*"abcd"), bonds, Hands(apart=(("a", "b"),), together=(("c", "d"),)))
    assert [event.posts for event in parted] == [("a",), ("b", "c", "d")]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("来源：青禾日报 2026-03-10", "青禾日报"),
        ("本文转自《青禾晚报》", "青禾晚报"),
        ("据青禾电视台消息，昨夜停水。", "青禾电视台"),
        ("据目击者称，昨夜停水。", ""),
        ("来源：网络", ""),
        ("来源：综合", ""),
        ("停水的来源不明", ""),
    ],
)
def test_an_origin_is_what_a_line_or_a_sentence_names(text: str, origin: str) -> None:
    assert stated("停水", text) == origin


def test_the_file_is_sound_after_all_of_it(store: Store) -> None:
    for source, raw in arrivals():
        save(store, source, raw)
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]
    assert rows(store, "SELECT count(*) FROM posts WHERE matched = 1 AND event_id IS NULL") == [(0,)]
