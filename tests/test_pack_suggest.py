"""keywords suggest: words learnt from marks, and the words that are never proposed."""

from __future__ import annotations

import tomllib

import pytest

from conftest import NOW, WATER, save
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.enrich.suggest import ENOUGH, suggest, words
from yuqing_cli.models import RawPost
from yuqing_cli.packs.load import load
from yuqing_cli.packs.model import Rule
from yuqing_cli.station import DATABASE

RELEVANT = [f"小区停水三天，管道{what}" for what in ("抢修", "施工", "破裂", "老化", "维修", "渗漏")]
NOISE = [f"消防演练模拟停水，{what}" for what in ("应急预案", "方案公布", "桌面推演", "救援展示", "总结会", "下周举行")]
OTHERS = [f"{what}今天开放" for what in ("公园", "图书馆", "体育场", "车站", "市场")] * 20


def outage() -> Rule:
    return next(
        rule
        for rule in load([("water.toml", WATER.replace('none = ["演练"]\n', ""))]).keywords.rules
        if rule.id == "outage"
    )


def test_what_parts_noise_from_what_is_relevant_is_an_exclusion() -> None:
    found = suggest(outage(), RELEVANT, NOISE, OTHERS)
    assert (found.relevant, found.noise, found.others) == (6, 6, 100)
    assert {word.text for word in found.exclude} >= {"演练", "消防"} or "消防演练" in {w.text for w in found.exclude}
    assert all((word.noise, word.relevant) == (6, 0) for word in found.exclude if "演练" in word.text)


def test_what_is_relevant_and_seldom_elsewhere_is_a_further_term() -> None:
    found = suggest(outage(), RELEVANT, NOISE, OTHERS)
    assert "管道" in {word.text for word in found.add}
    assert all(word.others <= 5 for word in found.add)


def test_a_word_of_the_rule_is_not_proposed_again_nor_one_that_would_forbid_it() -> None:
    found = suggest(outage(), RELEVANT, NOISE, OTHERS)
    assert [w.text for w in (*found.exclude, *found.add) if "停水" in w.text or w.text in "停水断水"] == []


def test_an_exclusion_that_costs_relevant_posts_is_not_proposed() -> None:
    relevant = [*RELEVANT[:4], *NOISE[:2]]
    assert suggest(outage(), relevant, NOISE, OTHERS).exclude == ()


@pytest.mark.parametrize("sides", [(ENOUGH - 1, 6), (6, ENOUGH - 1), (0, 0)])
def test_below_the_least_number_of_marks_nothing_is_excluded(sides: tuple[int, int]) -> None:
    found = suggest(outage(), RELEVANT[: sides[0]], NOISE[: sides[1]], OTHERS)
    assert found.exclude == ()
    assert found.add == () or sides[0] >= ENOUGH


def test_the_clearer_word_comes_first_and_no_more_than_asked_for() -> None:
    found = suggest(outage(), RELEVANT, NOISE, OTHERS, most=2)
    assert len(found.exclude) <= 2
    assert [w.z for w in found.exclude] == sorted((w.z for w in found.exclude), reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "张伟投诉", "王芳反映问题", "李娜", "刘强东", "诸葛亮", "赵敏",  # persons that the dictionary knows
        "■■■■电话", "联系■■", "农民工", "外地人", "少数民族", "回族", "老年人", "残疾人", "妇女", "女司机", "基督教徒", "党员",
        "移民", "学生", "女生", "难民", "上访者", "网友们", "穷人",
    ],
)  # fmt: skip
def test_names_of_persons_masks_and_words_for_people_are_never_proposed(text: str) -> None:
    found = words(f"{text}在小区管道旁停水")
    assert "管道" in found
    banned = (text, "张伟", "王芳", "李娜", "刘强东", "民工", "民族", "妇女", "司机女", "党员", "移民", "学生", "女生")
    assert [word for word in found if "■" in word or word in banned] == []


def test_every_word_is_chinese_and_of_two_characters_or_more() -> None:
    found = words("iPhone 15 在 AI 展会发布，价格 5999 元，市民排队")
    assert [word for word in found if len(word) < 2 or not all("\u4e00" <= char <= "\u9fff" for char in word)] == []


# ---- the command ----


def station(desk: MakeDesk, *, marked: int) -> Desk:  # noqa: F811
    one = desk(packs={"water.toml": WATER.replace('none = ["演练"]\n', "")})
    with Store(one.folder / DATABASE) as store:
        for verdict, texts in (("relevant", RELEVANT), ("noise", NOISE), ("", OTHERS)):
            raws = [RawPost(text, "", f"https://a.example/{verdict}/{i}", NOW) for i, text in enumerate(texts)]
            ids = [entry.post.id for entry in save(store, "a", *raws)]
            if verdict == "relevant":
                store.mark(ids[:marked], "relevant", NOW)
            elif verdict:
                store.mark(ids[:marked], "noise", NOW)
    return one


def test_what_is_printed_can_be_pasted_into_a_list_and_says_what_it_rests_on(desk: MakeDesk) -> None:  # noqa: F811
    outcome = station(desk, marked=6)("keywords", "suggest")
    assert outcome.code == DONE
    assert "outage" in outcome.out
    assert "posts marked relevant: 6, noise: 6" in outcome.out
    assert "relevant 0/6" in outcome.out
    lines = tomllib.loads(f"words = [\n{outcome.out}\n]")["words"]
    assert lines
    assert all(isinstance(line, str) for line in lines)


def test_the_twin_holds_the_same_words_with_their_counts(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk, marked=6)
    (row,) = one("keywords", "suggest", "--topic", "outage", "--json").json["rules"]
    assert (row["rule"], row["relevant"], row["noise"]) == ("outage", 6, 6)
    assert {"text", "z", "relevant", "noise", "others"} == set(row["exclude"][0])
    assert one("keywords", "suggest", "--topic", "quality", "--json").json["rules"] == []


@pytest.mark.parametrize("marked", [0, 3])
def test_with_too_few_marks_it_says_how_many_it_needs(desk: MakeDesk, marked: int) -> None:  # noqa: F811
    outcome = station(desk, marked=marked)("keywords", "suggest")
    assert (outcome.code, outcome.out) == (DONE, "")
    assert f"needs {ENOUGH} relevant" in outcome.err
    assert f"best has {2 * marked}" in outcome.err


def test_an_unknown_topic_is_refused(desk: MakeDesk) -> None:  # noqa: F811
    assert station(desk, marked=0)("keywords", "suggest", "--topic", "nothing").code == USAGE
