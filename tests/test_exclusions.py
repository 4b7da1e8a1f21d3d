"""What an exclusion held back is told: which rule would have fired, and which term kept it from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conftest import NOW, keyword_set, save
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import Window
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import Exclusion, RawPost
from yuqing_cli.packs.query_match import about

HEAD = '[pack]\nname = "p"\n[[topics]]\nid = "t"\n'
HOUR = timedelta(hours=1)
DAY = Window("today", NOW - 2 * HOUR, NOW + 22 * HOUR)
DRILL = Exclusion("water", "topic", "outage", "演练", "title")


def excluded(rule: str, title: str, text: str = "", source: str = "") -> list[tuple[str, str]]:
    found = Matcher(keyword_set(p=HEAD + rule)).match(title, text, about(source))
    return [(exclusion.term, exclusion.field) for exclusion in found.excluded]


@pytest.mark.parametrize(
    ("rule", "title", "text", "denied"),
    [
        ('any = ["停水"]\nnone = ["演练"]', "停水演练", "", [("演练", "title")]),
        ('any = ["停水"]\nnone = ["演练"]', "停水", "只是演练，演练", [("演练", "text")]),
        ('any = ["停水"]\nnone = ["演练", "辟谣"]', "停水演练", "辟谣", [("演练", "title"), ("辟谣", "text")]),
        ('any = ["停水"]\nnone = ["演练"]', "停水", "", []),
        ('any = ["停水"]\nnone = ["演练"]', "演练", "", []),
        ('any = ["停水"]\nall = ["小区"]\nnone = ["演练"]', "停水演练", "", []),
        ('any = ["停水"]\nall = ["小区"]\nnone = ["演练"]', "小区停水演练", "", [("演练", "title")]),
        ('any = ["校长"]\nnone = ["演练"]', "该学校长期演练", "", []),
        ('query = "停水 NOT 演练"', "停水演练", "", [("演练", "title")]),
        ('query = "停水 AND 小区 NOT 演练"', "停水演练", "", []),
        ('query = "停水 NOT (演练 OR 辟谣)"', "停水辟谣", "演练", [("辟谣", "title"), ("演练", "text")]),
        ('query = "(停水 NOT 演练) OR 断水"', "停水演练", "", [("演练", "title")]),
        ('query = "(停水 NOT 演练) OR (断水 AND 小区)"', "断水演练", "", []),
        (
            'query = "(停水 NOT 演练) OR (断水 NOT 辟谣)"',
            "停水断水演练辟谣",
            "",
            [("演练", "title"), ("辟谣", "title")],
        ),
        ('query = "停水 NOT NEAR(模拟, 演练, 3)"', "停水模拟大演练", "", [("模拟", "title"), ("演练", "title")]),
        ('query = "停水 NOT title:演练"', "停水", "演练", []),
        ('query = "停水 NOT (演练 NOT 真)"', "停水演练", "", [("演练", "title")]),
        ('query = "停水 NOT source:青禾戏台"', "停水", "", [("source:青禾戏台", "")]),
        ('query = "停水 小区"', "停水", "", []),
    ],
)
def test_an_exclusion_is_told_where_it_alone_kept_the_rule_from_firing(
    rule: str, title: str, text: str, denied: list[tuple[str, str]]
) -> None:
    assert excluded(rule + "\n", title, text, "青禾戏台") == denied


def test_a_post_may_match_one_rule_and_be_held_back_by_another() -> None:
    found = Matcher(keyword_set()).match("停水演练中水质浑浊", "")
    assert found.topics == ("quality",)
    assert found.excluded == (DRILL,)


def test_an_exclusion_that_nothing_asks_for_says_nothing() -> None:
    assert Matcher(keyword_set()).match("消防演练", "").excluded == ()


def test_the_store_keeps_what_was_excluded_and_a_change_replaces_it(store: Store) -> None:
    (first,) = save(store, "a", RawPost(title="停水演练", guid="1", published=NOW), now=NOW)
    save(store, "a", RawPost(title="停水", guid="1", published=NOW), now=NOW + HOUR)
    assert store.exclusions([first.post.id], NOW + 2 * HOUR) == {}
    assert store.exclusions([first.post.id, "none"], NOW) == {first.post.id: (DRILL,)}


def test_a_window_tells_which_of_its_posts_only_exclusions_held_back(store: Store) -> None:
    drill = RawPost(title="停水演练", guid="1", published=NOW)
    both = RawPost(title="停水演练中水质浑浊", guid="2", published=NOW)
    fine = RawPost(title="天气晴", guid="3", published=NOW)
    save(store, "a", drill, both, fine, now=NOW)
    (entry,) = store.withheld(store.span(DAY, NOW + HOUR))
    assert (entry.title, entry.exclusions) == ("停水演练", (DRILL,))
    assert store.withheld(store.span(DAY, NOW - HOUR)) == []


def test_a_window_of_the_past_tells_what_was_held_back_then(store: Store) -> None:
    save(store, "a", RawPost(title="停水演练", guid="1", published=NOW), now=NOW)
    save(store, "a", RawPost(title="停水", guid="1", published=NOW), now=NOW + HOUR)
    assert [entry.title for entry in store.withheld(store.span(DAY, NOW + 2 * HOUR))] == []
    (entry,) = store.withheld(store.span(DAY, NOW))
    assert entry.exclusions == (DRILL,)
