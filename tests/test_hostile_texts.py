"""Texts and packs that are made to hurt: what they may cost is bounded, and what they say is still told."""

from __future__ import annotations

import json
from random import Random

import pytest

from conftest import keyword_set
from yuqing_cli.enrich.clean import MAX_TEXT
from yuqing_cli.enrich.match import MOST_PLACES, Matcher
from yuqing_cli.packs.load import load
from yuqing_cli.packs.query_match import MOST_SPANS

HEAD = '[[topics]]\nid = "t"\n'
RULES = ('any = ["停水"]', 'query = "ONEAR(停, 水, 3)"', 'query = "/停.{0,10}水/"', 'query = "停*水*停"')


@pytest.mark.parametrize("rule", RULES)
def test_a_text_of_one_word_has_a_bounded_number_of_hits(rule: str) -> None:
    found = Matcher(load([("p.toml", f"{HEAD}{rule}\n")]).require()).match("停水", "停水" * (MAX_TEXT // 2))
    assert found.topics == ("t",)
    assert found.hits[0].field == "title" or "*" in rule, "the headline comes first"
    assert len(found.hits) <= 2 * max(MOST_PLACES, MOST_SPANS) + 2


def test_an_exclusion_holds_however_often_the_term_stands_there() -> None:
    found = Matcher(keyword_set()).match("停水", "停水" * 50_000 + "演练")
    assert found.topics == ()
    assert [exclusion.term for exclusion in found.excluded] == ["演练"]


def test_a_pack_of_20_000_terms_finds_each_of_them() -> None:
    rng = Random(20)
    chars = [chr(code) for code in range(0x4E00, 0x9000)]
    terms = list(dict.fromkeys("".join(rng.choices(chars, k=4)) for _ in range(20_000)))
    lines = (f"any = {json.dumps(terms[i : i + 50], ensure_ascii=False)}" for i in range(0, len(terms), 50))
    loaded = load([("big.toml", "".join(f'[[topics]]\nid = "t{i}"\n{line}\n' for i, line in enumerate(lines)))])
    matcher = Matcher(loaded.require())
    for i in rng.sample(range(len(terms)), 200):
        assert f"t{i // 50}" in matcher.match(f"。{terms[i]}。", "").topics


SIGNS = ("a(b)", "[x]", ".*", "c++", "c#", "停.水", "\\d", "$100", "停水?", "^停水$", "停水|断水")


@pytest.mark.parametrize("term", SIGNS)
def test_the_signs_of_regular_expressions_are_characters_in_a_term(term: str) -> None:
    loaded = load([("p.toml", f"{HEAD}any = [{json.dumps(term, ensure_ascii=False)}]\n")])
    matcher = Matcher(loaded.require())
    (hit,) = matcher.match(f"。{term}。", "").hits
    assert (hit.start, hit.end) == (1, 1 + len(term))
    assert matcher.match("ab 停ab水 xd1000", "").hits == ()


SPELLINGS = ("医院", "醫院", "医 院", "医\u200b院", "醫\u2060院", "\ufeff医院", "医\u00ad院")


@pytest.mark.parametrize("term", SPELLINGS)
def test_a_term_is_found_in_every_spelling_whichever_the_pack_has(term: str) -> None:
    matcher = Matcher(load([("p.toml", f"{HEAD}any = [{json.dumps(term)}]\n")]).require())
    for text in SPELLINGS:
        (hit,) = matcher.match(f"到{text}去", "").hits
        assert f"到{text}去"[hit.start : hit.end].strip("\ufeff") == text.strip("\ufeff")
