from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.enrich.boundary import DEMOTED, Crossing, crossing, judge
from yuqing_cli.segment import Lexicon

COMMON = (
    "学校 长期 学生 大学 生活 价格 猪肉 火车 分析 化学 地震 中心 施工 方面 停电 影响 电影 供水 公司 通知 新闻 发布 医院"
)
KNOWN = "校长 停水 学分 震中 化学分析 学生会 停水通知"
RARE = "施工方 大火"
SINGLE = "学校长期大生活价格肉猪火车分析化地震中心施工方面停电影响供水公司通知的在和一"
COUNTS = {COMMON: 4000, KNOWN: 400, RARE: 100, " ".join(SINGLE): 3000}
WORDS = Lexicon({word: count for words, count in COUNTS.items() for word in words.split()}, 60_000_000)


def found(text: str, term: str) -> Crossing | None:
    start = text.index(term)
    return crossing(text, start, start + len(term), WORDS)


def test_a_hit_made_of_the_ends_of_two_words_is_a_collision() -> None:
    collision = found("学校长期缺水", "校长")
    assert collision is not None
    assert (collision.left, collision.right) == ("学校", "长期")
    assert collision.margin > 0


@pytest.mark.parametrize("text", ["校长回应", "学校校长回应", "新校长在学校", "校长"])
def test_a_hit_with_both_edges_between_words_is_kept(text: str) -> None:
    assert found(text, "校长") is None


def test_a_hit_inside_a_longer_word_is_kept() -> None:
    assert found("停水通知来了", "停水") is None
    assert found("大学学生会", "学生") is None


def test_a_longer_word_that_is_two_words_across_the_hit_does_not_save_it() -> None:
    collision = found("化学分析中心", "学分")
    assert collision is not None
    assert (collision.left, collision.right) == ("化学", "分析")


def test_a_hit_that_two_words_would_explain_less_well_is_kept() -> None:
    assert found("停电影响供水", "停电") is None


def test_the_short_form_of_two_words_keeps_their_meaning() -> None:
    assert found("猪肉价格", "肉价") is None
    assert found("公司价格", "司价") is not None, "价格 is the long form of 价, but 公司 is no kind of 司"


def test_one_edge_inside_a_word_needs_more_than_two_do() -> None:
    assert found("看大火车", "大火") is not None
    assert found("和地震中", "震中") is None


def test_a_passive_verb_may_go_on() -> None:
    words = Lexicon({"被": 9000, "烧毁": 900, "烧": 90, "毁": 90, "困难": 9000, "困": 90, "难": 90}, 60_000_000)
    assert crossing("被烧毁", 0, 2, words) is None
    assert crossing("被困难", 0, 2, words) is not None


def test_three_characters_are_only_judged_at_their_end() -> None:
    assert found("施工方面的", "施工方") is not None
    assert found("在施工方", "施工方") is None


def test_four_characters_and_more_are_never_a_collision() -> None:
    assert found("在学校长期的", "学校长期") is None
    assert crossing("化学校长期", 1, 5, WORDS) is None


def test_hits_that_are_not_all_han_are_left_to_others() -> None:
    assert found("在4s店面", "4s店") is None
    assert found("ai学校", "ai") is None
    assert crossing("校", 0, 1, WORDS) is None


def test_a_listed_word_of_another_meaning_is_a_collision() -> None:
    assert found("请老师傅修门", "老师") == Crossing("老师傅", "", math.inf)
    assert found("上涨的停车费", "车费") == Crossing("停车费", "", math.inf)
    assert found("上涨的停车费", "停车费") is None, "the term itself is no trap"


def test_a_listed_compound_is_kept() -> None:
    assert found("新农合报销", "农合") is None


def test_punctuation_ends_what_is_looked_at() -> None:
    assert crossing("学，校长，期", 2, 4, WORDS) is None


def test_a_blank_inside_a_hit_is_a_boundary() -> None:
    assert crossing("供水公司 通知", 3, 6, WORDS) is not None, "司 通 of 公司 通知"
    assert crossing("今 天 停 水 了", 4, 7, WORDS) is None, "a text with a blank after each character"


def test_traditional_characters_are_judged_by_the_simplified_words() -> None:
    collision = found("學校長期缺水", "校長")
    assert collision is not None
    assert (collision.left, collision.right) == ("學校", "長期")


def test_the_raw_spelling_is_what_is_cut() -> None:
    words = Lexicon({"著名": 9000, "显著": 9000, "着": 90, "名": 90, "显": 90, "名医": 90, "医": 9000}, 60_000_000)
    assert crossing("著名医", 1, 3, words) is not None, "folded, 著名 would be 着名, which is no word"


def test_the_verdict_depends_on_the_boundary_that_the_term_asks_for() -> None:
    text = "学校长期缺水"
    assert judge(text, 1, 3, "word", WORDS) == 0.0
    assert judge(text, 1, 3, "soft", WORDS) == DEMOTED
    assert judge(text, 1, 3, "off", WORDS) == 1.0
    assert judge("校长回应", 0, 2, "word", WORDS) == 1.0


CLAUSES = st.text("学校长期大生价格肉猪火车分析化地震中心停电影响的 ，a", min_size=2, max_size=24)


@settings(deadline=None, max_examples=100)
@given(CLAUSES, st.data())
def test_any_hit_in_any_text_gets_a_verdict(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert judge(text, start, end, "off", WORDS) == 1.0
    assert judge(text, start, end, "word", WORDS) in {0.0, 1.0}


@settings(deadline=None, max_examples=100)
@given(CLAUSES, st.sampled_from(["，", "。", "\n", "a"]), CLAUSES, st.data())
def test_what_stands_beyond_punctuation_changes_nothing(text: str, mark: str, other: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    offset = len(other) + len(mark)
    assert crossing(text, start, end, WORDS) == crossing(
        f"{other}{mark}{text}{mark}{other}", start + offset, end + offset, WORDS
    )


def test_a_number_is_not_cut_in_two() -> None:
    for text, term in [
        ("检修四十八小时", "八小时"),
        ("青禾第十一中学", "一中学"),
        ("一百零八小时", "八小时"),
        ("停水十二小时", "二小时"),
    ]:
        assert found(text, term), text
    for text, term in [
        ("每天八小时", "八小时"),
        ("五六年级", "六年级"),
        ("二次供水", "二次供水"),
        ("千万一定小心", "一定小心"),
    ]:
        assert not found(text, term), text
