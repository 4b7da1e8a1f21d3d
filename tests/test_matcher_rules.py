"""Queries and word boundaries in the matcher: what fires, what counts half, and where it stands in the raw text."""

from __future__ import annotations

import pytest

from conftest import MakeStation, keyword_set
from yuqing_cli.cli.app import run
from yuqing_cli.enrich.match import Match, Matcher
from yuqing_cli.packs import load as packs
from yuqing_cli.packs.query_match import about

HEAD = '[pack]\nname = "p"\n[[topics]]\nid = "t"\n'


def match(rule: str, title: str, text: str = "", **meta: object) -> Match:
    return Matcher(keyword_set(p=HEAD + rule)).match(title, text, about(**meta))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "title", "text", "fires"),
    [
        ("(停水 OR 断水) AND 小区 NOT 演练", "东片小区停水", "", True),
        ("(停水 OR 断水) AND 小区 NOT 演练", "东片小区停水演练", "", False),
        ("停水 小区", "停水", "涉及三个小区", True),
        ("title:停水", "通知", "明天停水", False),
        ("text:停水", "通知", "明天停水", True),
        ("NEAR(停水, 补偿, 4)", "停水八小时没有补偿", "", False),
        ("NEAR(停水, 补偿, 4)", "停水如何补偿", "", True),
        ("ONEAR(停水, 补偿, 4)", "补偿停水", "", False),
        ("停*水", "停了一天的水", "", True),
        ("source:青禾论坛", "什么都没有", "", True),
        ("source:别处", "什么都没有", "", False),
        ("停水 tier:official", "停水", "", False),
    ],
)
def test_a_query_fires_as_it_reads(query: str, title: str, text: str, fires: bool) -> None:
    found = match(f'query = """{query}"""\n', title, text, source="青禾论坛", tier="community")
    assert bool(found.topics) is fires


def test_the_hits_of_a_query_are_raw_substrings() -> None:
    found = match('query = "停水 AND 小区"\n', "東片小區　停水")
    assert ["東片小區　停水"[hit.start : hit.end] for hit in found.hits] == ["小區", "停水"]


def test_a_query_judges_the_boundaries_of_its_terms_too() -> None:
    assert not match('query = "校长"\n', "该学校长期占用绿地").topics


def test_a_hit_that_cuts_through_words_is_dropped_demoted_or_kept_by_the_terms_boundary() -> None:
    title = "该学校长期占用绿地"
    assert not match('any = ["校长"]\n', title).topics
    (soft,) = match('any = [{term = "校长", boundary = "soft"}]\n', title).hits
    (off,) = match('any = [{term = "校长", boundary = "off"}]\n', title).hits
    assert (soft.weight, off.weight) == (0.5, 1.0)
    assert match('any = ["校长"]\n', "校长回应占用绿地").topics == ("t",)


def test_an_exclusion_is_a_plain_substring() -> None:
    assert not match('any = ["占用"]\nnone = ["校长"]\n', "该学校长期占用绿地").topics


@pytest.mark.parametrize(
    ("rule", "column"),
    [('query = "停水 AND"', 10), ('query = "停水 AND (小区"', 17), ("query = '停水 AND NEAR(小区)'", 17)],
)
def test_a_query_that_cannot_be_read_is_refused_near_its_fault(rule: str, column: int) -> None:
    (problem,) = packs.load([("p.toml", f"{HEAD}{rule}\n")]).problems
    assert problem.line == 5
    assert column - 3 <= problem.column <= column + 8


def test_a_query_beside_lists_is_refused() -> None:
    (problem,) = packs.load([("p.toml", HEAD + 'any = ["停水"]\nquery = "断水"\n')]).problems
    assert "query" in problem.text


def test_a_rule_is_said_in_words_whichever_way_it_is_written(
    capsys: pytest.CaptureFixture[str], make_station: MakeStation
) -> None:
    pack = f'{HEAD}any = ["停水", "断水"]\nnone = ["演练"]\n[[topics]]\nid = "q"\nquery = "停水 AND 小区"\n'
    folder = make_station(packs={"p.toml": pack})
    for rule, words in (("t", ("停水", "断水", "演练")), ("q", ("停水", "小区"))):
        assert run(["--station", str(folder), "keywords", "explain", rule]) == 0
        said = capsys.readouterr().out
        assert all(word in said for word in words)
    assert run(["--station", str(folder), "keywords", "explain", "nothing"]) == 2
