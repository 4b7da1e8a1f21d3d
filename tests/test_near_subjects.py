"""A topic counts fully where a subject is near; a place is known by its districts and roads."""

from __future__ import annotations

import pytest

from conftest import NOW, WATER, keyword_set
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.nearness import ACROSS, SENTENCE, near
from yuqing_cli.enrich.score import judge
from yuqing_cli.models import Post, Source
from yuqing_cli.packs.load import load, sections_of

FAR = "。" + "天气晴" * 40 + "。"
PLACE = """
[[subjects]]
id = "county"
kind = "place"
any = ["青禾县"]
districts = ["城东街道", { term = "北桥", weight = 0.5 }]
roads = ["人民路"]
"""


def relevance(text: str, title: str = "消息") -> float:
    post = Post("0", "a", "", "", title, text, NOW, "")
    judged = judge(Matcher(keyword_set()), post, Source("a", "feed", "https://a.example/"), ScoringSettings())
    return next(part.value for part in judged.parts if part.name == "relevance")


def test_a_topic_near_a_subject_counts_more_than_one_far_from_it_and_that_more_than_one_without() -> None:
    there, alone = relevance(f"青禾水务{FAR}停水"), relevance(f"天气很好{FAR}停水")
    assert relevance(f"青禾水务停水{FAR}") > there > alone


def test_each_term_has_its_own_nearness() -> None:
    both = relevance(f"青禾水务停水。青禾水务水质浑浊{FAR}")
    one = relevance(f"青禾水务停水{FAR}水质浑浊。青禾")
    none = relevance(f"青禾水务{FAR}停水，水质浑浊")
    assert both > one > none


def test_the_nearest_place_of_a_term_counts() -> None:
    assert relevance(f"停水{FAR}青禾水务停水") == pytest.approx(relevance(f"青禾水务停水{FAR}停水"))


def test_a_subject_in_the_title_is_there_for_the_text() -> None:
    titled = relevance("停水八小时", title="青禾水务通报")
    assert relevance("停水八小时") < titled < relevance("青禾水务停水", title="通报通报通报")


@pytest.mark.parametrize(
    ("between", "together"),
    [
        ("", True),
        ("，" * SENTENCE, True),
        ("，" * (SENTENCE + 1), False),
        ("。" + "天" * (ACROSS - 1), True),
        ("。" + "天" * ACROSS, False),
        (" \u200b" * 500, True),
        ("\n" * 5, True),
        ("；" + "天" * 40, False),
    ],
)
def test_a_sentence_or_a_few_characters_belong_together(between: str, together: bool) -> None:
    assert near(between) is together


def test_thousands_of_hits_in_one_text_are_judged_in_passing() -> None:
    text = "青禾水务停水，" * 20_000
    assert relevance(text) > relevance(text.replace("青禾水务", "天天天天")) > 0


def place(title: str, text: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = Matcher(load([("p.toml", PLACE), ("w.toml", WATER)]).require()).match(title, text)
    return found.subjects, found.topics


def test_a_district_names_the_place_as_its_own_name_does() -> None:
    assert place("城东街道运动会") == (("county",), ())
    assert place("北桥停水") == (("county",), ("outage",))


def test_a_road_names_the_place_only_where_a_topic_fires() -> None:
    assert place("人民路樱花开了") == ((), ())
    assert place("人民路停水") == (("county",), ("outage",))
    assert place("人民路停水演练") == ((), ()), "an excluded topic does not fire"
    assert place("人民路通车，青禾县官宣") == (("county",), ())


def test_a_road_is_known_by_its_sections() -> None:
    assert place("人民东路停水") == (("county",), ("outage",))
    assert place("人民广场停水") == ((), ("outage",))
    assert sections_of("滨河大街")[1] == "滨河东大街"
    assert sections_of("人民东路") == ["人民东路"]
    assert sections_of("路") == ["路"]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ('roads = ["人民路"]', "{id}: {key} belong to a place"),
        ('kind = "place"', "{id} has no terms"),
        ('kind = "palace"\nany = ["x1"]', "bad value for {key}"),
        ('kind = "place"\nquery = "青禾县"\nroads = ["人民路"]', "{id} has a query beside lists"),
    ],
)
def test_a_faulty_place_is_refused(rule: str, fault: str) -> None:
    problems = load([("p.toml", f'[[subjects]]\nid = "county"\n{rule}\n')]).problems
    assert [problem.line for problem in problems if problem.text.startswith(fault) or fault in problem.text], problems


def test_a_topic_has_no_roads() -> None:
    (problem,) = load([("p.toml", '[[topics]]\nid = "t"\nany = ["停水"]\nroads = ["人民路"]\n')]).problems
    assert problem.line == 4
