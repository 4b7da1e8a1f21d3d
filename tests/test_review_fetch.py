"""What a fetch owes to hosts, to its history and to the sources beside: pauses, pages, corrected settings, other people's kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, Clock, MakeWire, Page, Wire, feed, keyword_set, settings
from yuqing_cli import coverage
from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.condense import EXACT, EXACT_ROWS
from yuqing_cli.config import ScoringSettings
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import Answer, Ask, RawPost, Reading, Source, SourceState, Spell, SpellState
from yuqing_cli.records import replace
from yuqing_cli.sources import kinds
from yuqing_cli.sources.kinds import KINDS, MAX_FURTHER, Kind
from yuqing_cli.sources.options import FeedOptions, NoOptions, PageOptions
from yuqing_cli.sources.wishes import PER_RUN
from yuqing_cli.workflows.articles import GIVEN_UP, LONGEST
from yuqing_cli.workflows.digest import digest
from yuqing_cli.workflows.fetch import Fetch
from yuqing_cli.workflows.outcome import Judge, Report

A, ROBOTS = "https://a.example/feed", "https://a.example/robots.txt"
EVERY = timedelta(minutes=10)
TEXT = "青禾水务今天上午通知，城东片区因管网抢修停水八小时，恢复时间另行通知，居民可到临时供水点取水。" * 4
MINUTE = timedelta(minutes=1)


def item(number: int = 1, title: str = "城东停水通知", **more: str) -> dict[str, str]:
    return {"title": title, "link": f"https://a.example/{number}.html", "guid": str(number)} | more


def whole(number: int = 1) -> dict[str, str]:
    return item(number, description="城东停水八小时")


def article() -> httpx.Response:
    return httpx.Response(200, html=f"<html><body><h1>通知</h1><article><p>{TEXT}</p></article></body></html>")


def busy(seconds: int | str, status: int = 503) -> httpx.Response:
    return httpx.Response(status, headers={"retry-after": str(seconds)})


def source(name: str = "a", url: str = A, every: timedelta = EVERY) -> Source:
    return Source(name, "feed", url, every=every, options=FeedOptions())


def run(store: Store, wire: Wire, *sources: Source, force: bool = False) -> Report:
    judge = Judge(Matcher(keyword_set()), ScoringSettings(), masked=True)
    with wire.web(host_concurrency=1) as web:
        return Fetch(store, web, judge, wire.clock, Random(1)).run(sources, force=force)


def asked_at(store: Store, wire: Wire, one: Source, *minutes: float) -> list[float]:
    """At which of these minutes after now a run asks anything at all."""
    start, found = wire.clock.now, []
    for minute in minutes:
        wire.clock.now = start + minute * MINUTE
        before = len(wire.requests)
        run(store, wire, one)
        if len(wire.requests) > before:
            found.append(minute)
    return found


# ---- pauses that a host asks for ----


def test_a_pause_counts_from_the_answer_not_from_the_start_of_a_long_run(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    def late(_: httpx.Request) -> httpx.Response:
        clock.forward(minutes=9)
        return busy(3600)

    web = wire({A: late})
    start = clock.now
    run(store, web, source())
    web.pages[A] = feed(whole())
    clock.now = start
    assert asked_at(store, web, source(), 61, 68, 70)[:1] == [70]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_robots_txt_that_asks_for_a_pause_is_left_alone_by_the_next_run_too(
    store: Store, wire: MakeWire, form: str
) -> None:
    pause = "7200" if form == "seconds" else format_datetime(NOW + timedelta(hours=2), usegmt=True)
    web = wire({A: feed(whole()), ROBOTS: busy(pause)})
    report = run(store, web, source())
    assert [(failure.kind, report.disallowed) for failure in report.failures] == [("temporary", 0)]
    assert asked_at(store, web, source(), 20, 60, 119, 121) == [121]


def test_a_pause_that_one_source_was_told_holds_for_the_others_of_its_host(store: Store, wire: MakeWire) -> None:
    other = "https://a.example/other"
    web = wire({A: busy(7200), other: busy(7200)})
    report = run(store, web, source(), source("b", other))
    assert (report.failed, len(web.asked)) == (2, 1)
    (silent,) = {A, other} - set(web.asked)
    name = "a" if silent == A else "b"
    assert asked_at(store, web, source(name, silent), 20, 60, 119, 121) == [121]


def test_an_article_that_asks_for_a_pause_makes_its_source_wait_on_the_same_host_only(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    elsewhere = "https://feeds.example.org/feed"
    for url, expected in ((A, [121]), (elsewhere, [20, 60, 110, 121])):
        web = wire({url: feed(item()), "https://a.example/1.html": busy(7200, 429)})
        clock.now = NOW
        one = source(url[8:], url)
        run(store, web, one)
        assert asked_at(store, web, one, 20, 60, 110, 121) == expected


# ---- the pages behind headlines ----


def test_a_slow_host_does_not_hold_the_run_with_its_pages_and_the_next_run_goes_on(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        clock.forward(minutes=1)
        return article()

    pages: dict[str, Page] = {f"https://a.example/{n}.html": slow for n in range(PER_RUN)}
    web = wire({A: feed(*(item(n) for n in range(PER_RUN)))} | pages)
    report = run(store, web, source())
    assert LONGEST / MINUTE <= report.articles <= LONGEST / MINUTE + 2
    clock.forward(minutes=20)
    assert run(store, web, source()).articles > 0
    assert len(web.asked) == len(set(web.asked)) + 1


def test_a_page_that_never_comes_is_given_up_after_a_day(store: Store, wire: MakeWire, clock: Clock) -> None:
    page = "https://a.example/1.html"
    web = wire({A: feed(item()), page: httpx.ReadTimeout("slow")})
    for hours in (0, 1, 23, 25, 30):
        clock.now = NOW + timedelta(hours=hours)
        run(store, web, source(), force=True)
    assert web.asked.count(page) == sum(timedelta(hours=hours) <= GIVEN_UP for hours in (0, 1, 23, 25, 30))


def test_two_headlines_of_one_page_are_one_request(store: Store, wire: MakeWire) -> None:
    page = "https://a.example/1.html"
    web = wire({A: feed(item(), item() | {"guid": "2", "title": "城东断水"}), page: article()})
    for _ in range(2):
        run(store, web, source(), force=True)
    assert web.asked.count(page) == 1
    assert all(TEXT[:40] in str(row["text"]) for row in store.export_posts(None))


# ---- a source that is read in another way ----


@pytest.mark.parametrize("polite", [True, False], ids=["304", "the same bytes"])
def test_a_corrected_selector_works_at_once_although_the_page_has_not_changed(
    store: Store, wire: MakeWire, polite: bool
) -> None:
    rows = "".join(f"<li><b>第{n}号</b><a href='/{n}'>城东停水通知{n}</a></li>" for n in range(3))

    def page(request: httpx.Request) -> httpx.Response:
        if polite and request.headers.get("if-none-match"):
            return httpx.Response(304)
        return httpx.Response(200, html=f"<ul>{rows}</ul>", headers={"etag": '"1"'})

    web = wire({"https://a.example/list": page})
    wrong = PageOptions(item="li", title="b", link="a@href", article="off")
    one = Source("a", "page", "https://a.example/list", options=wrong)
    assert run(store, web, one, force=True).saved.new == 3
    assert run(store, web, one, force=True).not_modified == 1
    corrected = replace(one, options=replace(wrong, title="a"))
    assert run(store, web, corrected, force=True).saved.changed == 3
    assert run(store, web, corrected, force=True).not_modified == 1
    assert store.states()["a"].baseline_at == NOW


# ---- outages ----


@pytest.mark.parametrize("minutes", [10, 30])
@pytest.mark.parametrize("down", [httpx.Response(500), httpx.ConnectError("refused"), httpx.Response(404)])
def test_an_outage_is_as_long_in_the_digest_as_it_was_give_or_take_an_interval(
    store: Store, wire: MakeWire, clock: Clock, minutes: int, down: Page
) -> None:
    station, web = settings({"a": A}), wire({})
    one = source(every=timedelta(minutes=minutes))
    begin, end = NOW + timedelta(hours=1), NOW + timedelta(hours=5.5)
    while clock.now < NOW + timedelta(hours=12):
        web.pages[A] = down if begin <= clock.now < end else feed(whole(int(clock.now.timestamp())))
        run(store, web, one)
        clock.forward(minutes=10)
    station = replace(station, sources=(one,))
    made = digest(store, station, keyword_set(), WindowOptions(today=True), now=clock.now)
    (covered,) = made.coverage.sources
    (gap,) = [(low, high) for low, high in covered.blind if high > begin]
    assert covered.state == "ok"
    assert abs((gap[1] - gap[0]) - (end - begin)) <= one.every
    assert begin - one.every <= gap[0] <= begin


def test_what_stays_down_is_asked_less_and_less_but_daily(store: Store, wire: MakeWire, clock: Clock) -> None:
    web = wire({A: feed(whole())})
    run(store, web, source())
    web.pages[A] = httpx.Response(500)
    asked = asked_at(store, web, source(), *range(10, 10 * 1440, 10))
    waits = [later - sooner for sooner, later in pairwise(asked)]
    assert waits[:30] == [10] * 30
    assert sum(minute > 1440 for minute in asked) <= 12
    assert max(waits) <= 1.1 * 1440


# ---- kinds of other people ----


def theirs(monkeypatch: pytest.MonkeyPatch, read: Callable[..., object]) -> None:
    class Theirs(Kind):
        def read(self, source: Source, answer: Answer, now: datetime) -> Reading:
            made: Reading = read(source, answer, now)  # type: ignore[assignment]
            return made

    monkeypatch.setattr(kinds, "KINDS", KINDS | {"theirs": Theirs(NoOptions, "")})
    monkeypatch.setattr("yuqing_cli.workflows.fetch.KINDS", kinds.KINDS)


@pytest.mark.parametrize(
    "made",
    [
        None,
        [RawPost("停水")],
        Reading(posts=("停水",)),  # type: ignore[arg-type]
        Reading(posts=(RawPost(title=None),)),  # type: ignore[arg-type]
        Reading(posts=(RawPost("停水", published=datetime(2026, 3, 10)),)),  # noqa: DTZ001
        Reading(asks=("https://a.example/",)),  # type: ignore[arg-type]
    ],
)
def test_whatever_a_kind_of_other_people_returns_it_is_one_failed_source(
    store: Store, wire: MakeWire, monkeypatch: pytest.MonkeyPatch, made: object
) -> None:
    theirs(monkeypatch, lambda *_: made)
    web = wire({A: feed(whole()), "https://b.example/": httpx.Response(200)})
    report = run(store, web, Source("b", "theirs", "https://b.example/"), source())
    assert (report.ok, report.failed) == (1, 1)
    assert report.failures[0].kind == "hard"


def test_the_further_asks_of_a_kind_are_its_own_sources_and_come_to_an_end(
    store: Store, wire: MakeWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_: Source, answer: Answer, __: datetime) -> Reading:
        ask = Ask("a", answer.url + "x", "article")
        return Reading(posts=(RawPost("停水", url=answer.url),), asks=(ask, replace(ask, url=answer.url + "y")))

    theirs(monkeypatch, endless)
    web = wire({})
    web.pages = dict.fromkeys(("https://b.example/" + "x" * n for n in range(99)), httpx.Response(200))
    report = run(store, web, Source("b", "theirs", "https://b.example/"))
    assert (report.ok, report.sources) == (1, 1)
    assert report.saved.new == MAX_FURTHER + 1
    assert not {row["source"] for row in store.export_posts(None)} - {"b"}


# ---- the history of asks ----


def history(store: Store, asks: list[tuple[datetime, SpellState]]) -> None:
    for at, state in asks:
        reason = "no answer" if state == "failed" else ""
        spell = Spell("a", state, at, at, EVERY, reason=reason)
        store.save_answer([], SourceState("a", A), spell, at, baseline=False)


def spans(store: Store, until: datetime) -> list[tuple[datetime, datetime]]:
    return coverage.blind(source(), store.spells(NOW, until), NOW, until)


def test_failures_that_left_no_hole_are_folded_after_two_days(store: Store) -> None:
    chance = Random(3)
    asks: list[tuple[datetime, SpellState]] = [
        (NOW + n * EVERY, "failed" if n % 5 == 2 and chance.random() < 0.5 else "ok") for n in range(144 * 10)
    ]
    history(store, asks)
    until = asks[-1][0]
    found = store.spells(NOW, until)
    old = [spell for spell in found if spell.last_at < until - EXACT - timedelta(hours=2)]
    assert (len(old), found[0].state, spans(store, until)) == (0, "ok", [])
    assert sum(spell.asks for spell in found) == len(asks)
    recent = sum(state == "failed" for at, state in asks if at > until - EXACT)
    assert sum(spell.asks for spell in found if spell.state == "failed") >= min(recent, EXACT_ROWS // 2)


@given(st.lists(st.tuples(st.sampled_from(["ok", "ok", "failed"]), st.integers(1, 60)), min_size=1, max_size=60))
@hypothesis_settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_folding_moves_no_blind_span(tmp_path: Path, empty_file: Path, outcomes: list[tuple[SpellState, int]]) -> None:
    path = tmp_path / "folded.db"
    path.write_bytes(empty_file.read_bytes())
    at, asks = NOW, [(NOW, outcomes[0][0])]
    for state, minutes in outcomes:
        at += minutes * MINUTE
        asks.append((at, state))
    with Store(path) as store:
        history(store, asks)
        before = spans(store, at)
        late = at + 2 * EXACT
        history(store, [(late, "failed"), (late + MINUTE, "ok")])
        # What lies after the last ask was open then.
        assert [gap for gap in spans(store, at) if gap[1] < at] == [gap for gap in before if gap[1] < at]
