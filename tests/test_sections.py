"""What a digest says beside its events: matters handed over, comparisons, counts, and what was held back, each from stored facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conftest import keyword_set, save, settings
from test_windows import PLAIN, SHARED, SHIFTS, TODAY, issue, local, post, titles
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.desk import DeskEntry, Kind
from yuqing_cli.digest.page import page
from yuqing_cli.digest.sections import Comparison, Count, Matter
from yuqing_cli.digest.shapes import Digest, SourceCoverage
from yuqing_cli.digest.told import Filters
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.i18n import choose
from yuqing_cli.models import RawPost
from yuqing_cli.records import replace
from yuqing_cli.render.outline import Item, Para, line, plain
from yuqing_cli.render.sections import outline
from yuqing_cli.render.words import method_lines
from yuqing_cli.workflows.digest import digest
from yuqing_cli.workflows.report import report

GRAVE = settings(text="[scoring]\nred = 99\norange = 1\nyellow = 1\n")
MILD = settings(text="[scoring]\nred = 100\norange = 100\nyellow = 1\n")
REPLY = "https://www.qinghe.example/notice/1"


def say(store: Store, event: str, kind: Kind, text: str, at: str) -> None:
    store.desk_add([DeskEntry(event, kind, text, local(at))])


def told(made: Digest) -> list[tuple[str, str]]:
    return [(matter.event, matter.status) for matter in made.matters]


def yesterday(store: Store, title: str = "one") -> str:
    """An event that yesterday's issue told; its id."""
    save(store, "a", post(title, "09 10:00"), now=local("09 10:05"))
    (event,) = issue(store, "09 12:00", made=GRAVE).events
    return event.id


# ---- matters ----


def test_a_grave_event_that_nobody_settled_is_handed_over_although_it_has_no_news(store: Store) -> None:
    event = yesterday(store)
    made = issue(store, "10 09:00", made=GRAVE)
    assert (made.events, told(made)) == ((), [(event, "open")])
    assert made.matters[0].title == "停水：one"


def test_a_mild_event_is_not_handed_over_and_a_grave_one_for_seven_days_only(store: Store) -> None:
    yesterday(store)
    assert told(issue(store, "16 09:00", made=GRAVE)) != []
    assert told(issue(store, "17 09:00", made=GRAVE)) == []


def test_a_mild_event_without_a_word_of_the_desk_is_not_handed_over(store: Store) -> None:
    save(store, "a", post("one", "09 10:00"), now=local("09 10:05"))
    issue(store, "09 12:00", made=MILD)
    assert issue(store, "10 09:00", made=MILD).matters == ()


def test_what_the_desk_spoke_of_stays_a_matter_until_it_is_settled_and_is_told_once_more_then(store: Store) -> None:
    event = yesterday(store)
    say(store, event, "owner", "供水科", "09 13:00")
    say(store, event, "note", "已派人", "09 14:00")
    made = issue(store, "10 09:00", made=MILD)
    assert [(m.owner, m.status, [n.text for n in m.notes]) for m in made.matters] == [("供水科", "open", ["已派人"])]
    say(store, event, "answer", REPLY, "10 10:00")
    assert told(issue(store, "10 12:00", made=MILD)) == [(event, "answered")]
    assert told(issue(store, "11 09:00", made=MILD)) == []


def test_what_was_closed_after_the_last_issue_of_the_day_is_told_the_next_day(store: Store) -> None:
    event = yesterday(store)
    say(store, event, "close", "", "09 18:00")
    assert told(issue(store, "10 09:00", made=GRAVE)) == [(event, "closed")]
    assert told(issue(store, "11 09:00", made=GRAVE)) == []


def test_an_event_with_news_carries_the_desks_words_itself(store: Store) -> None:
    save(store, "a", post("one", "09 10:00", url=SHARED), now=local("09 10:05"))
    (event,) = issue(store, "09 12:00").events
    for kind, text in (("owner", "供水科"), ("note", "已派人"), ("answer", REPLY)):
        say(store, event.id, kind, text, "09 13:00")  # type: ignore[arg-type]  # each is a kind
    save(store, "b", post("two", "10 08:00", url=SHARED), now=local("10 08:05"))
    (event,) = issue(store, "10 09:00").events
    assert (event.owner, event.answer, event.status) == ("供水科", REPLY, "answered")
    assert [note.text for note in event.notes] == ["已派人"]
    assert event.answered_at == local("09 13:00")


def test_a_closed_event_is_not_asked_to_be_acted_on(store: Store) -> None:
    save(store, "a", post("one", "10 08:00"), now=local("10 08:05"))
    (event,) = issue(store, "10 09:00").events
    say(store, event.id, "close", "", "10 09:30")
    made = page(issue(store, "10 10:00"))
    assert (made.act, [e.id for e in made.new]) == ((), [event.id])


def test_what_was_said_later_is_unknown_as_of_an_earlier_moment(store: Store) -> None:
    event = yesterday(store)
    before = issue(store, "10 09:00", WindowOptions(date="2026-03-10"), GRAVE, as_of=local("10 09:00"))
    say(store, event, "close", "", "10 10:00")
    after = issue(store, "10 11:00", WindowOptions(date="2026-03-10"), GRAVE, as_of=local("10 09:00"))
    assert after == before


def test_a_digest_of_one_unit_has_the_matters_of_that_unit_also_where_no_pack_names_it(store: Store) -> None:
    event = yesterday(store)
    say(store, event, "owner", "供水科", "09 13:00")
    made = issue(store, "10 09:00", filters=Filters(owner="供水科"))
    assert told(made) == [(event, "open")]
    assert issue(store, "10 09:00", filters=Filters(owner="duty office")).matters == ()


def test_matters_stand_gravest_first(store: Store) -> None:
    mixed = settings(text="[scoring]\nred = 99\norange = 60\nyellow = 1\n")
    save(store, "a", RawPost("水质", published=local("09 08:00"), guid="1"), now=local("09 10:05"))
    save(store, "a", RawPost("青禾水务停水断水", published=local("09 09:00"), guid="2"), now=local("09 10:05"))
    for event in issue(store, "09 12:00", made=mixed).events:
        say(store, event.id, "note", "x", "09 13:00")
    found = issue(store, "10 09:00", made=mixed).matters
    assert [matter.level for matter in found] == ["orange", "yellow"]
    assert all(isinstance(matter, Matter) for matter in found)


# ---- comparisons ----


def history(store: Store, days: int) -> None:
    """So many days before the tenth, each with one matched post more than the day before."""
    for back in range(days, 0, -1):
        day = local("10 00:00") - timedelta(days=back)
        raws = [
            RawPost(f"停水{i}", published=day + timedelta(hours=i), guid=f"{back}/{i}") for i in range(days - back + 1)
        ]
        save(store, "a", *raws, now=day + timedelta(hours=12))


def test_numbers_are_compared_with_the_day_before_the_weekday_and_the_mean(store: Store) -> None:
    history(store, 8)
    made = issue(store, "10 23:59", made=settings())
    assert made.comparisons == (
        Comparison("previous", 8, 8, 8),
        Comparison("weekday", 2, 2, 2),
        Comparison("mean7", 5.0, 5.0, 5.0),
    )


def test_half_a_day_is_compared_with_half_a_day(store: Store) -> None:
    history(store, 8)
    assert issue(store, "10 04:00").comparisons[0] == Comparison("previous", 4, 4, 4)


def test_where_an_issue_was_made_after_as_long_its_printed_numbers_are_compared(store: Store) -> None:
    save(store, "a", post("seen", "09 08:00"), now=local("09 08:05"))
    issue(store, "09 12:00")
    save(store, "a", post("found later", "09 09:00"), now=local("09 15:00"))
    assert issue(store, "10 12:30").comparisons == (Comparison("previous", 1, 1, 1),)


def test_a_span_from_before_the_file_was_there_or_that_nobody_watched_is_left_out(store: Store) -> None:
    save(store, "a", post("first", "09 08:00"), now=local("09 08:05"))
    assert issue(store, "10 12:00").comparisons == ()
    history(store, 3)
    watched = settings({"z": "https://z.example/feed"})
    assert issue(store, "10 12:00", made=watched).comparisons == ()


def test_a_shift_is_compared_with_the_shift_before(store: Store) -> None:
    made = settings(text=SHIFTS)
    save(store, "a", post("old", "08 09:00"), now=local("08 09:05"))
    save(store, "a", post("night", "10 03:00"), post("evening", "09 21:00"), now=local("10 03:05"))
    found = issue(store, "10 20:00", WindowOptions(shift="day"), made)
    assert found.comparisons[0] == Comparison("previous", 2, 2, 2)


# ---- counts, and what was held back ----


def test_posts_are_counted_by_topic_source_tier_and_hour_each_address_once(store: Store) -> None:
    save(store, "a", post("one", "10 08:10", url=SHARED), post("水质 two", "10 09:10"), now=local("10 09:30"))
    save(store, "b", post("one", "10 08:20", url=SHARED), now=local("10 09:30"))
    made = issue(store, "10 10:30")
    assert made.by_topic == (Count("outage", 2, 2, "Outage"), Count("quality", 1, 1, "quality"))
    assert sum(count.posts for count in made.by_source) == made.totals.matched == 2
    assert made.by_tier == (Count("media", 2, 2),)
    assert (len(made.hourly), made.hourly[8], made.hourly[9], sum(made.hourly)) == (11, 1, 1, 2)


def test_what_an_exclusion_or_a_mark_held_back_is_counted_with_samples(store: Store) -> None:
    save(
        store,
        "a",
        post("drill 演练", "10 08:00"),
        *(post(f"noise {i}", "10 08:00") for i in range(4)),
        now=local("10 08:05"),
    )
    ids = [event.links[0].post for event in issue(store, "10 09:00").events]
    store.mark(ids, "noise", local("10 09:30"))
    made = issue(store, "10 10:00")
    assert made.events == ()
    assert (made.totals.posts, made.totals.matched) == (5, 0)
    assert dict(made.suppressed) == {"marked": 4, "water/outage": 1}
    assert [(s.rule, len(s.samples)) for s in made.suppressed_samples] == [("marked", 3), ("water/outage", 1)]
    assert titles(issue(store, "10 10:00", WindowOptions(date="2026-03-10"), as_of=local("10 09:15"))) != set()


def test_an_event_of_which_one_report_is_noise_keeps_the_others(store: Store) -> None:
    save(store, "a", post("one", "10 08:00", url=SHARED), now=local("10 08:05"))
    save(store, "b", post("two", "10 08:00", url=SHARED), now=local("10 08:05"))
    (event,) = issue(store, "10 09:00").events
    store.mark([event.links[0].post], "noise", local("10 09:30"))
    made = issue(store, "10 10:00")
    assert (len(made.events), made.events[0].sources, made.totals.matched) == (1, 1, 1)


def test_the_playbook_and_the_marks_of_an_excerpt_come_with_an_event(store: Store) -> None:
    packs = keyword_set(p="[[topics]]\nid = 'outage'\nplaybook = '先核实'\nany = ['停水', '水管']\n")
    raw = RawPost("通知", "因水管检修，明日停水。停水到八点。", published=local("10 08:00"), guid="1")
    save(store, "a", raw, now=local("10 08:05"), keywords=packs)
    from yuqing_cli.workflows.digest import digest

    (event,) = digest(store, settings(), packs, TODAY, now=local("10 09:00")).events
    assert event.playbook == "先核实"
    assert [event.excerpt[low:high] for low, high in event.highlights] == ["水管", "停水", "停水"]


@pytest.mark.parametrize(("before", "now", "change"), [(MILD, GRAVE, "yellow"), (GRAVE, GRAVE, None)])
def test_a_change_of_level_since_the_last_issue_is_told(
    store: Store, before: object, now: object, change: str | None
) -> None:
    save(store, "a", post("one", "09 10:00", url=SHARED), now=local("09 10:05"))
    issue(store, "09 12:00", made=before)  # type: ignore[arg-type]  # both are settings
    save(store, "b", post("two", "10 08:00", url=SHARED), now=local("10 08:05"))
    (event,) = issue(store, "10 09:00", made=now).events  # type: ignore[arg-type]  # as above
    assert event.delta.level == change


@pytest.mark.parametrize(
    ("title", "good"),
    [("水质公示", True), ("水质通知：投诉请拨热线", False), ("停水停水，求助，投诉无门", False)],
)
def test_a_calm_notice_of_the_lowest_level_is_good_news_and_a_complaint_is_none(
    store: Store, title: str, good: bool
) -> None:
    packs = keyword_set(p="[[topics]]\nid = 'water'\nseverity = 2\nany = ['水质', '停水']\n")
    save(store, "a", RawPost(title, published=local("10 08:00"), guid="1"), now=local("10 08:05"), keywords=packs)
    from yuqing_cli.workflows.digest import digest

    mild = settings(text="[scoring]\nred = 100\norange = 100\nyellow = 100\n")
    (event,) = digest(store, mild, packs, TODAY, now=local("10 09:00")).events
    assert event.good is good


def test_a_digest_of_the_past_says_what_was_done_to_posts_since(store: Store) -> None:
    save(store, "a", post("one", "10 08:00"), now=local("10 08:05"))
    then = WindowOptions(date="2026-03-10")
    assert issue(store, "10 11:00", then, as_of=local("10 09:00")).method.work == ()
    store.log_work("rescore", local("10 10:00"), 7)
    made = issue(store, "10 11:00", then, as_of=local("10 09:00"))
    assert [(work.kind, work.posts) for work in made.method.work] == [("rescore", 7)]
    (said,) = [entry for entry in method_lines(made, choose("en")) if "since" in entry]
    assert "judging again on 03-10 10:00 (posts: 7)" in said
    assert issue(store, "10 11:00").method.work == ()


def test_of_very_many_events_a_page_lists_the_first_and_counts_the_others(store: Store) -> None:
    save(store, "a", *(post(f"{i}", "10 08:00") for i in range(110)), now=local("10 08:05"))
    drawn = outline(page(issue(store, "10 09:00")), choose("en"))
    (new,) = [section for section in drawn.sections if section.key == "new"]
    assert len(new.blocks) == 101
    assert new.blocks[-1] == Para(line("and 7 more; --format json and xlsx have all"))


def test_an_event_says_where_its_first_report_says_that_it_comes_from(store: Store) -> None:
    (entry,) = save(store, "a", post("one", "10 08:00", url=SHARED), now=local("10 08:05"))
    store.save_article(entry, "新华社", local("10 08:10"))
    (event,) = issue(store, "10 09:00").events
    assert event.origin == "新华社"


def test_sources_of_which_the_same_is_to_be_told_stand_together(store: Store) -> None:
    made = issue(store, "10 09:00")
    unseen = [SourceCoverage(f"s{i}", None, "never") for i in range(40)]
    other = SourceCoverage("t", None, "failing", reason="the server answered with status 503")
    coverage = replace(made.coverage, sources=(*unseen[:20], other, *unseen[20:]))
    drawn = outline(page(replace(made, coverage=coverage)), choose("en"))
    (section,) = [section for section in drawn.sections if section.key == "coverage"]
    items = [block for block in section.blocks if isinstance(block, Item)]
    assert [plain(item.head) for item in items] == [", ".join(f"s{i}" for i in range(12)) + " and 28 more", "t"]
    assert [len(item.details) for item in items] == [1, 1]


def test_of_equally_grave_topics_the_one_that_most_reports_have_says_whose_event_it_is(store: Store) -> None:
    topic = "[[topics]]\nid = {!r}\nseverity = 2\nowner = {!r}\nany = [{!r}]\n"
    packs = keyword_set(town=topic.format("school", "教育局", "家长") + topic.format("bus", "公交公司", "公交"))
    for source, text in (("a", "家长也坐公交"), ("b", "公交改线"), ("c", "公交改线")):
        raw = RawPost("5路改线", text=text, url=SHARED, published=local("10 08:00"), guid=source)
        save(store, source, raw, now=local("10 08:05"), keywords=packs)
    made = digest(store, PLAIN, packs, TODAY, now=local("10 09:00"))
    assert [(event.topics, event.owner) for event in made.events] == [(("bus", "school"), "公交公司")]
    reviewed = report(store, PLAIN, packs, local("10 00:00"), local("11 00:00"), now=local("10 09:00"))
    assert [(event.topics, event.owner) for event in reviewed.worst] == [(("bus", "school"), "公交公司")]
