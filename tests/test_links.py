"""Sketches and links: what two posts have to do with each other, by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from yuqing_cli.events import background, links, sketch
from yuqing_cli.events.links import JOINED, compare
from yuqing_cli.events.sketch import make, packed, unpacked

HOUR, DAY = 3_600_000, 86_400_000
BURST = (
    "昨夜十一时许，青禾县长江路一处供水主管破裂，路面塌陷约三米，附近六个小区停水。"
    "县水务集团连夜抢修，预计今日十八时恢复供水，消防车已到场送水。"
)
RETOLD = (
    "青禾县水务集团通报：长江路供水主管破裂引起路面塌陷，六个小区停水，"
    "抢修人员彻夜施工，居民可到消防车处取水，十八时前恢复。"
)
OTHER = "青禾县第二中学举行秋季运动会，三千名学生参加了接力、跳远和拔河等二十个项目，校长为获奖班级颁奖。"


def kind(one: tuple[str, str], other: tuple[str, str], apart: int = HOUR) -> str:
    link = compare(make(*one), make(*other), apart)
    return link.kind if link else ""


def strength(one: tuple[str, str], other: tuple[str, str], apart: int = HOUR) -> float:
    link = compare(make(*one), make(*other), apart)
    return link.strength if link else 0.0


def test_the_same_text_is_the_same_whatever_its_width_script_and_blanks() -> None:
    assert kind(("停水通知：长江路", BURST), ("停水 通知:長江路", BURST)) == "same"


def test_a_headline_alone_is_the_same_only_on_the_same_day() -> None:
    column = ("青禾早间新闻摘要", "")
    assert kind(column, column, 19 * HOUR) == "same"
    assert kind(column, column, DAY) != "same"
    assert kind((column[0], BURST), (column[0], BURST), 3 * DAY) == "same"


def test_a_word_alone_links_nothing() -> None:
    assert kind(("停水", ""), ("停水", "")) == ""
    assert kind(("停水", ""), ("青禾县长江路停水", "")) == ""


def test_a_text_with_a_new_end_is_a_copy() -> None:
    assert kind(("水管破裂", BURST), ("水管破裂", BURST + "（责任编辑：某某）")) == "copy"


def test_the_same_event_in_other_words_is_linked_and_no_copy() -> None:
    assert kind(("长江路水管破裂", BURST), ("水务集团通报", RETOLD)) == "event"
    assert strength(("长江路水管破裂", BURST), ("水务集团通报", RETOLD)) >= JOINED


def test_different_events_of_one_town_are_not_joined() -> None:
    assert strength(("长江路水管破裂", BURST), ("二中运动会", OTHER)) < JOINED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青禾水务：城东区今晚二十二时起停水检修通知", "青禾水务：城西区今晚二十二时起停水检修通知"),
        ("长江路小学因疑似食物中毒停课两天", "黄河路小学因疑似食物中毒停课两天"),
    ],
)
def test_notices_that_differ_in_the_place_only_are_different_events(one: str, other: str) -> None:
    assert strength((one, ""), (other, "")) < JOINED
    assert strength((one, ""), (one.replace("今晚", "今夜"), "")) >= JOINED


def test_a_copy_names_no_other_number() -> None:
    assert kind(("青禾县新增3例确诊病例均为集中隔离人员", ""), ("青禾县新增5例确诊病例均为集中隔离人员", "")) == "event"


def test_the_same_report_under_the_next_number_is_a_copy_unless_its_text_counts_on_too() -> None:
    assert kind(("长江路停水最新消息12", BURST), ("长江路停水最新消息13", BURST)) == "copy"
    assert kind(("长江路停水最新消息12", BURST + "已修3米"), ("长江路停水最新消息13", BURST + "已修5米")) == "event"
    assert kind(("停水通知第12号公告", "详见附件。"), ("停水通知第13号公告", "详见附件。")) != "copy"


def test_the_less_a_post_says_the_sooner_it_is_out_of_date() -> None:
    headline, article = ("长江路水管破裂六个小区停水", ""), ("长江路水管破裂", BURST)
    retold = ("水管破裂致长江路六小区停水", "")
    assert strength(headline, retold, HOUR) >= JOINED
    assert strength(headline, retold, 7 * DAY) == 0
    assert strength(article, ("水务通报", RETOLD), 7 * DAY) > 0


TEXT = st.text(st.sampled_from("停水电断路桥县区青禾长江3例5人 ，。abc\n"), max_size=60)


@given(TEXT, TEXT, TEXT, TEXT, st.integers(0, 40 * DAY))
@hypothesis_settings(deadline=None, max_examples=80)
def test_a_link_is_the_same_from_both_sides_and_after_it_was_stored(a: str, b: str, c: str, d: str, apart: int) -> None:
    one, other = make(a, b), make(c, d)
    assert unpacked(packed(one)) == one
    assert compare(one, other, apart) == compare(other, one, -apart)
    assert compare(unpacked(packed(one)), unpacked(packed(other)), apart) == compare(one, other, apart)


def test_a_sketch_is_the_same_for_ever() -> None:
    made = make("长江路水管破裂", BURST)
    assert background.EDITION == 3
    assert (made.exact, made.title, made.mass) == FROZEN[:3]
    assert sum(made.features.values()) == FROZEN[3]
    assert (made.bands[0], made.bands[-1], made.signature[:4].hex()) == FROZEN[4:]


FROZEN = (6372466311772691814, 2619481880, 255, 272542, 1964077369, 993927109, "c4d9ad48")


@pytest.mark.parametrize(
    "text", ["", "水", "！？。", "\n", "a" * 200_000, "停水" * 100_000, "".join(map(chr, range(0x4E00, 0x9FA5)))]
)
def test_any_text_has_a_small_sketch(text: str) -> None:
    for made in (make(text, ""), make("", text), make(text, text)):
        assert len(packed(made)) < 1000
        assert len(made.keys()) <= sketch.KEYS + sketch.BANDS + 1
        compare(made, made, 0)


def test_near_duplicates_share_a_band() -> None:
    one, other = make("", BURST * 3), make("", BURST * 3 + OTHER[:10])
    assert set(one.bands) & set(other.bands)
    assert links.jaccard(one, other) > 0.7
    assert links.jaccard(one, make("", OTHER)) < 0.2


def test_the_mass_of_a_text_grows_with_what_it_says() -> None:
    assert make("停水", "").mass < make("长江路停水", "").mass < make("长江路停水", BURST).mass
