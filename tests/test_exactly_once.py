"""Exactly once: over any order of fetches, clocks, corrections and digests, an event is new in one issue and a report is news once.

Real SQLite, a real digest; only the times are invented. An issue that is made again replaces its former self, so the last edition of
each window counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import keyword_set, save, settings
from test_windows import SHIFTS, local
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import Digest
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.models import RawPost
from yuqing_cli.workflows.digest import digest

START = local("09 00:00")
MINUTES = 60 * 24
LAST = 7 * MINUTES + 20
"""After every arrival and every correction (by clocks that may be wrong), and within a week of every publication."""
STATION = settings(text=SHIFTS)
TODAY, SINCE = WindowOptions(today=True), WindowOptions(since_last=True)


MATTERS = ("城东片区主管网抢修，停水至傍晚", "河西小学食堂清洗水箱断水半日", "南山水库藻类暴发，出厂水质浑浊")
"""Titles that have nothing in common: reports of one matter share an address, and no two matters may become one by what they say."""


@dataclass(frozen=True)
class Report:
    """A post: of which event, when it was published (minutes; None: no date), when it was fetched, by a clock that is how wrong."""

    event: int
    published: int
    delay: int
    skew: int
    dated: bool
    corrected: int | None
    """It matched only after a correction that came so many minutes later."""


REPORTS = st.lists(
    st.builds(
        Report,
        event=st.integers(0, 2),
        published=st.integers(60, 4 * MINUTES - 1),
        delay=st.integers(-20, 2 * MINUTES),
        skew=st.integers(-9, 9),
        dated=st.booleans(),
        corrected=st.none() | st.integers(1, MINUTES),
    ),
    max_size=7,
)
Calls = list[tuple[int, str]]


def calls(*kinds: str) -> st.SearchStrategy[Calls]:
    return st.lists(st.tuples(st.integers(1, 4 * MINUTES - 1), st.sampled_from(kinds)), max_size=8)


def options(kind: str, minute: int) -> WindowOptions:
    if kind == "running":
        kind = "day" if 8 <= minute // 60 % 24 < 20 else "night"
    return {"today": TODAY, "since-last": SINCE}.get(kind) or WindowOptions(shift=kind)


def lived(store: Store, reports: list[Report], asked: Calls, last: str) -> list[Digest]:
    """The last edition of every issue, after everything happened in the order of the true time."""
    first = "night" if last in {"night", "running"} else last
    work: list[tuple[int, int, str | RawPost, int, str]] = [(-1, 2, first, 0, ""), (LAST, 2, last, 0, "")]
    work += [(minute, 2, kind, 0, "") for minute, kind in asked]
    for number, report in enumerate(reports):
        at = START + timedelta(minutes=report.published) if report.dated else None
        url = f"https://news.qinghe.example/{report.event}"
        seen = max(0, report.published + report.delay)
        title = MATTERS[report.event] if report.corrected is None else "公告"
        source = f"s{number}"
        work.append((seen, 0, RawPost(title, published=at, guid="1", url=url), report.skew, source))
        if report.corrected is not None:
            corrected = RawPost(MATTERS[report.event], published=at, guid="1", url=url)
            work.append((seen + report.corrected, 1, corrected, report.skew, source))
    made: dict[tuple[str, str, datetime], Digest] = {}
    for minute, _, what, skew, source in sorted(work, key=lambda step: step[:2]):
        now = START + timedelta(minutes=minute)
        if isinstance(what, RawPost):
            save(store, source, what, now=now + timedelta(minutes=skew))
            continue
        one = digest(store, STATION, keyword_set(), options(what, minute), now=now)
        if one.issue is not None:
            made[(one.kind, one.shift, one.start)] = one
    return list(made.values())


def news(made: list[Digest], store: Store) -> Counter[str]:
    """How often each event was new, by the id that it has in the end."""
    found = [event.id for one in made for event in one.events if event.news]
    today = store.todays_ids(found)
    return Counter(today[id_] for id_ in found)


def stored(store: Store) -> dict[str, int]:
    """Reports of each event in the end."""
    with store.snapshot():
        posts = store._connection.execute("SELECT event_id, count(*) FROM posts WHERE matched GROUP BY 1")
        return dict(posts.fetchall())


CHAINS = {"days": ("today",), "shifts": ("running",), "since the last": ("since-last",)}


@pytest.mark.parametrize("chain", CHAINS)
@given(st.data())
@hypothesis_settings(deadline=None, max_examples=25)
def test_in_a_chain_of_windows_each_event_is_new_once_and_each_report_is_news_once(
    chain: str, data: st.DataObject
) -> None:
    kinds = CHAINS[chain]
    reports, asked = data.draw(REPORTS), data.draw(calls(*kinds))
    with Store(Path(":memory:")) as store:
        made = lived(store, reports, asked, kinds[0])
        assert news(made, store) == dict.fromkeys(stored(store), 1)
        told: Counter[str] = Counter()
        for one in made:
            for event in one.events:
                told[event.id] += event.sources if event.news else event.delta.sources or 0
        today = store.todays_ids(told)
        counted: Counter[str] = Counter()
        for id_, reports_ in told.items():
            counted[today[id_]] += reports_
        assert counted == stored(store)


@given(REPORTS, calls("today", "day", "night", "since-last"))
@hypothesis_settings(deadline=None, max_examples=25)
def test_over_windows_of_all_kinds_in_any_order_each_event_is_new_in_exactly_one_issue(
    reports: list[Report], asked: Calls
) -> None:
    with Store(Path(":memory:")) as store:
        made = lived(store, reports, asked, "today")
        assert news(made, store) == dict.fromkeys(stored(store), 1)
