"""Words of the net: explained for the desk, never matched; what the shipped lexicon holds and what it does not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from conftest import NOW, WATER, save
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DONE
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import RawPost
from yuqing_cli.packs.load import load
from yuqing_cli.packs.model import KeywordSet, Slang
from yuqing_cli.packs.slang import explained
from yuqing_cli.station import DATABASE

TEXT = (Path(__file__).resolve().parent.parent / "keywords" / "slang.toml").read_text("utf-8")


def shipped() -> tuple[Slang, ...]:
    return tuple(load([("slang.toml", TEXT)]).require().slang)


def test_the_lexicon_holds_what_a_desk_meets_with_meanings_of_one_line() -> None:
    found = {entry.term: entry for entry in shipped()}
    assert len(found) >= 190
    assert {"踩雷", "避雷", "割韭菜", "翻车", "躺平", "破防", "智商税", "甩锅", "踢皮球", "烂尾"} <= set(found)
    for entry in found.values():
        assert 2 <= len(entry.term) <= 8, entry
        assert 2 <= len(entry.meaning) <= 24, entry
        assert 3 <= len(entry.meaning_en) <= 60, entry
        assert entry.meaning_en.isascii(), entry
        assert not {"\n", "。"} & set(entry.meaning), entry


def test_no_entry_is_an_evasive_spelling() -> None:
    # Initials, letters and digits in the place of characters, and split characters are not decoded, so not explained either.
    for entry in shipped():
        assert all("\u4e00" <= char <= "\u9fff" for char in entry.term), entry


def test_every_register_and_every_tone_is_used() -> None:
    assert {entry.register for entry in shipped()} == {"net", "spoken", "press"}
    assert {entry.tone for entry in shipped()} == {"complaint", "danger", "help", "neutral", "positive"}


def test_a_lexicon_never_fires_a_rule() -> None:
    assert Matcher(load([("slang.toml", TEXT)]).require()).match("踩雷了，交智商税", "").hits == ()


def lexicon(*words: str) -> KeywordSet:
    return load([("s.toml", "".join(f'[[slang]]\nterm = "{w}"\nmeaning = "意思"\n' for w in words))]).require()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("又踩雷了，踩雷两次", ["踩雷"]),
        ("先避雷后踩雷", ["避雷", "踩雷"]),
        ("疯狂吐槽这家店", ["疯狂吐槽"]),
        ("疯狂吐槽，也只是吐槽", ["疯狂吐槽", "吐槽"]),
        ("踩\u200b雷", ["踩雷"]),
        ("天气晴", []),
        ("", []),
    ],
)
def test_words_are_told_in_the_order_of_the_text_the_longest_at_each_place(text: str, expected: list[str]) -> None:
    entries = lexicon("吐槽", "疯狂吐槽", "避雷", "踩雷").slang
    assert [entry.term for entry in explained(text, entries)] == expected


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('term = "雷"\nmeaning = "x"\n', "too short"),
        ('term = "\u200b"\nmeaning = "x"\n', "too short"),
        ('term = "踩雷"\nmeaning = ""\n', "slang[1].meaning"),
        ('term = "踩雷"\nmeaning = "x"\ntone = "angry"\n', "slang[1].tone"),
        ('term = "踩雷"\nmeaning = "x"\nregister = "slang"\n', "slang[1].register"),
        (
            'term = "踩雷"\nmeaning = "x"\n[[slang]]\nterm = "踩 雷"\nmeaning = "y"\n',
            "explained twice, first in line 1",
        ),
    ],
)
def test_a_faulty_entry_is_refused(body: str, what: str) -> None:
    problems = load([("s.toml", f"[[slang]]\n{body}")]).problems
    assert [p for p in problems if p.line and what in p.text.format(**dict(p.values))], problems


# ---- the command ----


def test_the_words_of_a_text_are_explained_in_the_reader_s_language(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(packs={"slang.toml": TEXT})
    outcome = one("keywords", "slang", "客服踢皮球，交智商税")
    assert outcome.code == DONE
    assert [line.partition(":")[0] for line in outcome.out.splitlines()] == ["踢皮球", "智商税"]
    assert "money wasted" in outcome.out
    (first, _) = one("keywords", "slang", "客服踢皮球，交智商税", "--json").json["words"]
    assert first["meaning"]
    assert set(first) == {"term", "meaning", "meaning_en", "tone", "register"}


def test_without_a_text_all_words_are_listed_and_with_none_it_is_said(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(packs={"slang.toml": TEXT})
    assert len(one("keywords", "slang").out.splitlines()) == len(tomllib.loads(TEXT)["slang"])
    assert "no word of the net" in one("keywords", "slang", "天气晴").out


def test_a_text_that_is_tried_is_explained_too(desk: MakeDesk) -> None:  # noqa: F811
    out = desk(packs={"slang.toml": TEXT})("keywords", "test", "又踩雷了").out
    assert "no rule fires" in out
    assert "踩雷: had a bad buy" in out


def test_why_explains_the_words_of_a_post(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(packs={"slang.toml": TEXT, "water.toml": WATER})
    with Store(one.folder / DATABASE) as store:
        (plain, slangy) = save(
            store,
            "a",
            RawPost("停水", "", "https://a.example/1", NOW),
            RawPost("又停水", "客服踢皮球。", "https://a.example/2", NOW),
        )
    said = {entry.post.title: one("why", entry.post.id).out for entry in (plain, slangy)}
    assert "踢皮球: " in said["又停水"]
    assert "words of the net" not in said["停水"]
