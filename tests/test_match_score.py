"""Hits and scores: exact substrings of what is stored, leftmost and longest, and sums that a head of office can recompute."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, WATER, judged, keyword_set
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.score import GRAVITY, SCORERS, judge, seen
from yuqing_cli.models import Judgement, Post, RawPost, Source
from yuqing_cli.text import fold

OVERLAPS = """
[[topics]]
id = "outage"
severity = 5
any = ["停水", "停水通知", "水通知书", "AI", "c++", "５G", {term = "ai", boundary = "off"}, "é", "ﬁre"]
[[topics]]
id = "notice"
any = ["通知", "通知通知"]
all = []
[[subjects]]
id = "works"
any = ["水务", "自來水"]
"""
MATCHER = Matcher(keyword_set(o=OVERLAPS))
SOURCE = Source("a", "feed", "https://a.example/")
TEXTS = st.text(
    st.sampled_from("停水通知书务自來来水ＡＩaibgmail5Gc++eé\u0301ﬁfire \n　\u200b\ufe0f■，。😀"), max_size=40
)


def post(title: str, text: str = "") -> Post:
    return judged("a", RawPost(title, text, "https://a.example/1", NOW))[0].post


def judgement(title: str, text: str = "", source: Source = SOURCE, scoring: ScoringSettings | None = None) -> Judgement:
    return judge(Matcher(keyword_set(water=WATER)), post(title, text), source, scoring or ScoringSettings())


@given(TEXTS, TEXTS)
@hypothesis_settings(deadline=None, max_examples=100)
def test_every_hit_is_an_exact_substring_that_folds_to_its_term(title: str, text: str) -> None:
    fields = {"title": title, "text": text}
    for hit in MATCHER.match(title, text).hits:
        assert 0 <= hit.start < hit.end <= len(fields[hit.field])
        assert fold(hit.term) in fold(fields[hit.field][hit.start : hit.end])


@given(TEXTS, TEXTS)
@hypothesis_settings(deadline=None, max_examples=100)
def test_the_hits_of_one_rule_do_not_overlap_and_come_in_order(title: str, text: str) -> None:
    hits = MATCHER.match(title, text).hits
    assert [h.field for h in hits] == sorted((h.field for h in hits), reverse=True)
    for rule in {(hit.field, hit.rule) for hit in hits}:
        spans = [(hit.start, hit.end) for hit in hits if (hit.field, hit.rule) == rule]
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@given(TEXTS, TEXTS)
@hypothesis_settings(deadline=None, max_examples=60)
def test_a_rule_fires_exactly_when_it_has_hits(title: str, text: str) -> None:
    found = MATCHER.match(title, text)
    assert {h.rule for h in found.hits if h.kind == "topic"} == set(found.topics)
    assert {h.rule for h in found.hits if h.kind == "subject"} == set(found.subjects)
    assert ("outage" in found.topics) >= ("停水" in title + "|" + text)


def test_of_terms_at_one_place_the_longest_counts_and_of_two_places_the_first() -> None:
    def spans(title: str) -> list[tuple[str, str]]:
        return [(hit.rule, hit.term) for hit in MATCHER.match(title, "").hits]

    assert spans("停水通知") == [("outage", "停水通知"), ("notice", "通知")]
    assert spans("停水通知书") == [("outage", "停水通知"), ("notice", "通知")]
    assert spans("水通知书") == [("outage", "水通知书"), ("notice", "通知")]
    assert spans("通知通知通知") == [("notice", "通知通知"), ("notice", "通知")]
    assert spans("停水停水") == [("outage", "停水")] * 2


def test_an_unmatched_post_has_score_0_and_no_parts() -> None:
    made = judgement("天气晴", "明天也晴")
    assert made == Judgement(packs=keyword_set(water=WATER).hash, scoring=made.scoring)


WEIGHTS = st.floats(0, 10, allow_subnormal=False)


@given(
    TEXTS,
    TEXTS,
    WEIGHTS,
    WEIGHTS,
    st.floats(0.01, 10),
    st.floats(0.01, 100),
    st.sampled_from(["official", "media", "hotlist"]),
)
@hypothesis_settings(deadline=None, max_examples=60)
def test_the_points_sum_to_the_score_and_every_part_is_between_0_and_1(
    title: str, text: str, relevance: float, severity: float, reach: float, weight: float, tier: str
) -> None:
    scoring = ScoringSettings(relevance=relevance, severity=severity, reach=reach)
    source = Source("a", "feed", "https://a.example/", tier, weight)  # type: ignore[arg-type]
    made = judge(MATCHER, post("停水" + title, text), source, scoring)
    assert [part.name for part in made.parts] == list(SCORERS)
    assert all(0 <= part.value <= 1 for part in made.parts)
    assert abs(sum(part.weight for part in made.parts) - 1) < 1e-9
    assert abs(sum(part.points for part in made.parts) - made.score) < 1e-9
    assert 0 <= made.score <= 100 + 1e-9
    assert made.level == scoring.level(made.score)


def test_the_headline_outweighs_the_text_and_a_subject_beside_it_raises() -> None:
    in_text = judgement("通报", "停水").score
    in_title = judgement("停水", "通报").score
    with_subject = judgement("青禾水务停水", "通报").score
    assert in_text < in_title < with_subject


def test_a_term_that_is_repeated_in_the_text_stays_below_the_same_term_in_the_title() -> None:
    once, often = judgement("通报", "停水。"), judgement("通报", "停水。" * 20)
    assert once.score < often.score < judgement("停水").score


def test_the_gravest_topic_counts() -> None:
    parts = {part.name: part.value for part in judgement("停水，水质浑浊").parts}
    assert parts["severity"] == GRAVITY[4]


def test_a_topic_that_only_the_text_names_is_less_severe() -> None:
    def severity(title: str, text: str) -> float:
        return judgement(title, text).parts[1].value

    assert 0 < severity("通报", "水质浑浊") < severity("水质浑浊", "通报")


def test_an_upset_text_outweighs_the_same_matter_told_as_a_notice() -> None:
    assert (
        judgement("停水三天没人管，投诉无门！").score
        > judgement("停水三天").score
        > judgement("停水三天，感谢理解").score
    )


def test_of_a_hot_list_the_higher_and_the_longer_item_reaches_further_and_no_item_further_than_1() -> None:
    source = Source("a", "json_list", "https://a.example/", "hotlist")
    ranks = [seen(source, rank, None) for rank in (1, 2, 10, 50, 900)]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == 1.0 > ranks[-1] == 0.5
    assert seen(source, 10, None, 600) > seen(source, 10, None)
    heats = [seen(source, None, heat) for heat in (0, 1e3, 1e6, 1e12)]
    assert heats == sorted(heats)
    assert heats[-1] == 1.0
    assert seen(source, 20, 1e9) == seen(source, 20, 1.0)


def test_reach_is_the_tier_times_the_weight_at_most_1() -> None:
    def reach(weight: float) -> float:
        return judgement("停水", source=Source("a", "feed", "https://a.example/", "media", weight)).parts[2].value

    assert reach(0.5) == reach(1.0) / 2
    assert reach(99) == 1


def test_the_levels_begin_at_their_thresholds() -> None:
    scoring = ScoringSettings(red=80, orange=60, yellow=40)
    assert [scoring.level(score) for score in (80, 79.9, 60, 59.9, 40, 39.9, 0)] == (
        ["red", "orange", "orange", "yellow", "yellow", "blue", "blue"]
    )
