"""events list, show: what a window holds, and one event with everything that is stored of it."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from typing import Any

import pytest

from conftest import NOW, Clock, MakeWire, keyword_set, save, settings
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from test_marks import HOUR, two_reports
from test_observations import Watch
from yuqing_cli import i18n
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.digest.sections import Note
from yuqing_cli.digest.shapes import Delta, DigestEvent, StoredPost
from yuqing_cli.digest.story import Story
from yuqing_cli.events.hot import Sighting
from yuqing_cli.models import RawPost
from yuqing_cli.records import replace
from yuqing_cli.render.story import intervals, ranks_drawn, sparkline, story_json, story_lines
from yuqing_cli.station import DATABASE
from yuqing_cli.workflows.events import story


@pytest.fixture
def town(desk: MakeDesk) -> Desk:  # noqa: F811 - the fixture
    """A station with one event of two reports and one of a single report."""
    one = desk({})
    with Store(one.folder / DATABASE) as store:
        two_reports(store)
    return one


def test_the_list_has_the_events_of_the_digest_in_its_order_and_issues_nothing(town: Desk) -> None:
    shown = town("events", "list", "--json").json["events"]
    digest = town("digest", "--json").json
    assert [event["id"] for event in shown] == [event["id"] for event in digest["events"]]
    assert digest["issue"] == 1
    moves = [event["outlook"] for event in shown]
    assert moves == [event["outlook"] for event in digest["events"]]
    assert set(moves) <= {"rising", "steady", "fading"}


def test_the_list_takes_two_lines_an_event_and_no_line_is_wider_than_a_terminal(town: Desk) -> None:
    lines = town("events", "list").out.splitlines()
    assert lines[0].endswith("青禾水务停水") or lines[2].endswith("青禾水务停水")
    assert max(map(len, lines)) <= 80
    assert len(lines) == 4


def test_a_topic_narrows_the_list(town: Desk) -> None:
    every = town("events", "list", "--json").json["events"]
    topic = next(event["topics"][0] for event in every if event["posts"] == 1)
    narrowed = town("events", "list", "--topic", topic, "--json").json["events"]
    assert [topic in event["topics"] for event in narrowed] == [True]


def test_show_takes_an_id_its_beginning_and_the_id_of_a_post(town: Desk) -> None:
    event = next(e for e in town("events", "list", "--json").json["events"] if e["posts"] == 2 or len(e["links"]) == 2)
    post = event["links"][0]["post"]
    shown = [town("events", "show", id_, "--json").json["event"]["id"] for id_ in (event["id"], event["id"][:7], post)]
    assert shown == [event["id"]] * 3


def test_show_takes_a_former_id(town: Desk) -> None:
    event = next(e for e in town("events", "list", "--json").json["events"] if len(e["links"]) == 2)
    with Store(town.folder / DATABASE) as store:
        save(store, "c", RawPost("青禾停水", "", event["links"][0]["url"], NOW - HOUR), now=NOW + HOUR)
    shown = town("events", "show", event["id"], "--json").json["event"]
    assert shown["id"] != event["id"]
    assert shown["former_ids"] == [event["id"]]


def test_the_parts_sum_to_the_score_and_every_report_is_in_the_timeline(town: Desk) -> None:
    event = next(e for e in town("events", "list", "--json").json["events"] if len(e["links"]) == 2)
    shown = town("events", "show", event["id"], "--json").json["event"]
    assert sum(part["points"] for part in shown["parts"]) == pytest.approx(shown["score"])
    out = town("events", "show", event["id"]).out
    assert all(link["post"] in out for link in event["links"])


@pytest.mark.parametrize("id_", ["nothing", "", "%", "e" * 500, "\x1b[31m"])
def test_an_id_that_means_nothing_is_wrong_usage(town: Desk, id_: str) -> None:
    outcome = town("events", "show", id_)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "\x1b" not in outcome.err


def test_a_station_without_posts_has_an_empty_list(desk: MakeDesk) -> None:  # noqa: F811 - the fixture
    one = desk({})
    with Store(one.folder / DATABASE):
        pass
    assert (one("events", "list").code, one("events", "list").out) == (DONE, "")


def test_a_sparkline_has_a_block_for_every_value_and_shows_a_single_report() -> None:
    assert sparkline([]) == ""
    assert sparkline([0, 1, 0]) == "▁█▁"
    assert sparkline([0, 1, 100]) == "▁▂█"


def test_intervals_hold_every_report_and_never_more_columns_than_a_line_has(clock: Clock) -> None:
    for days in (0, 0.01, 1, 30, 4000):
        times = [NOW, NOW + HOUR * 24 * days, NOW + HOUR * 12 * days]
        _, found = intervals(times, clock.now)
        assert sum(found) == 3
        assert len(found) <= 48


def test_show_says_how_an_item_stood_on_its_hot_list(store: Store, wire: MakeWire) -> None:
    watch = Watch(store, wire({}))
    watch.read("甲", "乙", "停水")
    watch.read("停水", "甲", "乙")
    found = story(store, settings(), keyword_set(), watch.post("停水"), now=watch.wire.clock.now)
    (seen,) = found.observed.values()
    assert (seen.best_rank, seen.rank, seen.minutes) == (1, 1, 10)
    out = "\n".join(line.text for line in story_lines(found, UTC, i18n.choose("en")))
    assert "best rank 1, now 1, on it for 10m, 12.0 ranks up an hour" in out
    assert json.loads(story_json(found))["event"]["observations"][0]["best_rank"] == 1


def test_a_rank_is_drawn_the_higher_the_better_it_is_and_as_a_gap_while_it_is_off_the_list() -> None:
    minutes = [NOW + timedelta(minutes=n) for n in range(5)]
    drawn = ranks_drawn([Sighting(minutes[0], 10), Sighting(minutes[1], 1), Sighting(minutes[2], None)], minutes[3])
    assert drawn == "▁█  "
    assert ranks_drawn([], NOW) == ranks_drawn([Sighting(NOW, None, 5.0)], NOW) == ""
    assert len(ranks_drawn([Sighting(NOW, 3)], NOW + timedelta(days=900))) <= 49


def told(**more: Any) -> Story:
    """An event of one report about which the desk has spoken."""
    report = StoredPost(
        "p1", "e1", "禾城晚报", "media", "", "", "停水三天", NOW, NOW, 60.0, (), ("outage",), (), "", "window"
    )
    event = DigestEvent(
        id="e1", rank=1, level="yellow", score=60.0, parts={}, state="resurgent", title="停水三天", excerpt="",
        topics=("outage",), subjects=(), first_seen=NOW, last_seen=NOW, posts=3, sources=2, origins=1, delta=Delta(),
        owner="水务局", answer="https://gov.example/1", links=(), day=9, copies=2, outlook="rising", answered_at=NOW,
        notes=(Note(NOW, "已电话回访"),),
    )  # fmt: skip
    return Story(replace(event, **more), (), (report,), NOW, topics=("停水",))


def test_show_says_where_an_event_stands_and_what_the_desk_said() -> None:
    out = "\n".join(line.text for line in story_lines(told(), UTC, i18n.choose("en")))
    assert "e1  resurgent, day 9  rising" in out
    assert "reports: 3 (copies: 2), sources: 2" in out
    assert "已电话回访" in out
    assert "answered: https://gov.example/1" in out
    quiet = story_lines(told(state="new", notes=(), answer=None, copies=0, outlook=""), UTC, i18n.choose("en"))
    assert "The desk's words" not in {line.text for line in quiet}


def test_of_a_long_story_the_first_and_the_last_reports_are_listed_and_how_many_are_left_out() -> None:
    (report,) = told().members
    many = tuple(replace(report, id=f"p{n}", title=f"停水{n}") for n in range(5000))
    lines = [line.text for line in story_lines(replace(told(), members=many), UTC, i18n.choose("en"))]
    assert "… 4940 more …" in lines
    assert len(lines) < 150
    assert any("p0" in line for line in lines)
    assert any("p4999" in line for line in lines)


@pytest.mark.parametrize("title", ["\x1b[31m停水", "[bold]停水[/]", "停" * 5000, "", "=HYPERLINK(1)"])
def test_hostile_titles_stand_as_they_are_stored(title: str) -> None:
    lines = story_lines(told(title=title), UTC, i18n.choose("zh"))
    assert any(title in line.text for line in lines)


def test_the_chain_of_sources_stands_in_the_timeline() -> None:
    (first,) = told().members
    copy = replace(first, id="p2", source="河西都市报", copy_of="p1")
    other = replace(first, id="p3", source="转载站", copy_of="gone", origin="新闻网")
    out = [line.text for line in story_lines(replace(told(), members=(first, copy, other)), UTC, i18n.choose("en"))]
    assert any("↳ 河西都市报 (media)  p2  copies 禾城晚报" in line for line in out)
    assert any("copies gone  names 新闻网 as its origin" in line for line in out)
    assert not any("↳" in line for line in out if "p1" in line)


def test_a_story_that_an_issue_told_and_that_is_back_after_silent_days_is_resurgent(
    desk: MakeDesk,  # noqa: F811 - the fixture
) -> None:
    one = desk({})
    for source in "ab":
        with Store(one.folder / DATABASE) as store:
            save(store, source, RawPost("青禾水务停水", "", "https://n.example/1", one.clock.now), now=one.clock.now)
        (event,) = one("digest", "--today", "--json").json["events"]
        assert event["state"] == ("new" if source == "a" else "resurgent")
        one.clock.forward(days=5)
    assert one("events", "show", event["id"], "--json").json["event"]["state"] == "subsided"


def test_a_topic_that_no_pack_has_is_wrong_usage(town: Desk) -> None:
    outcome = town("events", "list", "--topic", "nosuch")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "nosuch" in outcome.err


@pytest.mark.parametrize(("strength", "named"), [(0.3, True), (0.1, False)])
def test_an_event_names_others_that_resemble_it_as_reports_of_one_do(town: Desk, strength: float, named: bool) -> None:
    with Store(town.folder / DATABASE) as store:
        events = {event: store.members([event]) for event in _every_event(store)}
        (one, ours), (other, theirs) = sorted(events.items(), key=lambda entry: len(entry[1]))
        pair = sorted((_number(store, ours[0].id), _number(store, theirs[0].id)), reverse=True)
        with store._write() as connection:
            connection.execute("DELETE FROM links WHERE kind = 'event'")
            connection.execute("INSERT INTO links VALUES (?, ?, ?, 'event')", (*pair, strength))
    for shown, near, report in ((one, other, theirs[0]), (other, one, ours[0])):
        found = town("events", "show", shown, "--json").json["event"]["near"]
        wanted = {"event": near, "likeness": strength, "title": report.title, "post": report.id}
        assert found == ([wanted] if named else [])
        assert (near in town("events", "show", shown).out) == named


def _every_event(store: Store) -> list[str]:
    with store._read() as connection:
        return [row[0] for row in connection.execute("SELECT DISTINCT event_id FROM posts WHERE event_id IS NOT NULL")]


def _number(store: Store, post: str) -> int:
    with store._read() as connection:
        return int(connection.execute("SELECT seq FROM posts WHERE id = ?", (post,)).fetchone()[0])
