"""The whole of an issue that was made for a page: what the page told stays so, and what was left out comes from the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conftest import keyword_set, save, settings
from test_windows import local
from yuqing_cli import i18n
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.page import page
from yuqing_cli.digest.shapes import Digest
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.models import RawPost
from yuqing_cli.records import replace
from yuqing_cli.render import markdown
from yuqing_cli.render.words import weighed_line
from yuqing_cli.workflows.digest import digest

NOW = local("09 12:00")
TODAY = WindowOptions(today=True)
TITLES = (
    "稻香路主管网抢修停水至傍晚",
    "县二中宿舍楼停水两天学生提桶",
    "南山水库藻类暴发全镇停水",
    "化工园区检修误停水百户叫苦",
    "麦浪街洗车店偷接消火栓致停水",
    "医院血透室停水三小时转运病人",
    "禾苑小区水泵烧毁停水无人管",
    "养殖场抱怨停水鱼苗死了一半",
)
HEAVY = "[scoring]\nspread = 0.9\nvelocity = 0.01\nred = 30\norange = 20\nyellow = 10\n"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that lists few events and reports, so that a small station has more."""
    for name, value in {"ITEMS": 2, "ACT": 1, "REPORTS": 2}.items():
        monkeypatch.setattr(f"yuqing_cli.digest.listed.{name}", value)
    monkeypatch.setattr("yuqing_cli.workflows.digest.REPORTS", 2)


def station(store: Store) -> None:
    for number, title in enumerate(TITLES):
        for source in range(1 + number % 4):
            at = NOW - timedelta(hours=1 + number, minutes=source)
            save(store, f"s{source}", RawPost(title, "", f"https://{source}.example/{number}", at, title), now=at)


def ask(store: Store, *, whole: bool = True, then: bool = True, text: str = "") -> Digest:
    return digest(
        store,
        settings(text=text),
        keyword_set(),
        TODAY,
        now=NOW + timedelta(days=then),
        as_of=NOW if then else None,
        whole=whole,
    )


def test_the_rest_of_an_issue_is_what_a_whole_one_would_have_been(store: Store) -> None:
    station(store)
    whole = ask(store, then=False)
    listed = ask(store, then=False, whole=False)
    assert len(whole.events) == len(TITLES) > len(listed.events)
    assert listed.unlisted
    assert ask(store).events == whole.events
    assert replace(ask(store), events=()) == replace(listed, events=(), more={}, unlisted={})


def test_what_a_page_told_stays_so_when_the_settings_change_and_the_method_says_it(store: Store) -> None:
    station(store)
    told = ask(store, then=False, whole=False)
    again = ask(store, text=HEAVY)
    held = {event.id: event for event in again.events}
    for event in told.events:
        now = held[event.id]
        assert replace(now, links=now.links[: len(event.links)]) == event
        assert len(now.links) == event.posts
    assert [event.rank for event in again.events] == [*range(1, len(TITLES) + 1)]
    assert again.method.reweighed == len(told.events)
    assert again.method.thresholds == told.method.thresholds
    for language in ("zh", "en"):
        words = i18n.choose(language)
        assert weighed_line(again, words) in markdown.render(page(again), words).replace("\\", "")
        assert weighed_line(told, words) == ""


def test_the_page_itself_is_given_back_as_it_was(store: Store) -> None:
    station(store)
    told = ask(store, then=False, whole=False)
    assert ask(store, whole=False, text=HEAVY) == told
