"""From a table to a dataclass: every fault of it, at its place, and nothing converted by guessing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest

from yuqing_cli.errors import Problem
from yuqing_cli.records import Count, Identifier, Name, Positive, Record, field, plain, shaped
from yuqing_cli.tomltext import parse
from yuqing_cli.validate import nearest, table, unknown_key


class Shape(Record, kw_only=True):
    """Something with one key of each sort."""

    name: Name
    count: Count = 1
    share: Positive = 1.0
    tier: Literal["official", "media"] = "media"
    tags: tuple[str, ...] = ()
    flag: bool = False
    id: Identifier = "x"
    deep: dict[str, int] = field(default_factory=dict)


def read(text: str) -> tuple[Shape | None, list[str], list[Problem]]:
    document, syntax = parse(text, "x.toml")
    assert syntax is None
    problems: list[Problem] = []
    made = table(document, document.data.get("t"), Shape, ("t",), problems)
    told = [
        f"{p.line}:{p.column} {p.text.format(**dict(p.values))} {p.hint.format(**dict(p.values))}".strip()
        for p in problems
    ]
    return made, told, problems


def test_a_good_table_is_the_dataclass() -> None:
    made, told, _ = read('[t]\nname = "n"\ncount = 2\nshare = 3\ntags = ["a"]\nflag = true\n')
    assert made == Shape(name="n", count=2, share=3.0, tags=("a",), flag=True)
    assert told == []


def test_all_faults_of_a_table_are_told() -> None:
    made, told, problems = read(
        '[t]\nnmae = 1\ncount = 0\nshare = "1"\ntier = "medai"\ntags = ["a", 2]\nflag = 1\nid = "ä"\n'
    )
    assert made is None
    assert sorted((p.line, p.column) for p in problems) == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 1),
        (6, 14),
        (7, 1),
        (8, 1),
    ]
    assert [text for text in told if "did you mean name?" in text]
    assert [text for text in told if "did you mean media?" in text]
    assert [text for text in told if "t.name is missing" in text]
    assert [text for text in told if "t.tags[2]" in text]


@pytest.mark.parametrize("value", ["3", "[]", '"x"'])
def test_what_is_no_table_is_one_fault(value: str) -> None:
    made, told, _ = read(f"t = {value}\n")
    assert made is None
    assert told == ["1:1 t must be a table"]


@pytest.mark.parametrize("value", ["true", "1.0", '"1"', "65", "-1", "1979-05-27"])
def test_nothing_is_converted_by_guessing(value: str) -> None:
    assert read(f'[t]\nname = "n"\ncount = {value}\n')[0] is None


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "0", "-0.0"])
def test_a_positive_number_is_a_finite_one(value: str) -> None:
    assert read(f'[t]\nname = "n"\nshare = {value}\n')[0] is None


def test_an_unknown_key_without_a_neighbour_is_answered_with_all_that_are_known() -> None:
    document, _ = parse("zzz = 1\n", "x.toml")
    problem = unknown_key(document, ("zzz",), {"name", "count"})
    assert "count, name" in problem.hint.format(**dict(problem.values))
    assert nearest("cuont", ["count", "name"]) == "count"
    assert nearest("停水", ["count"]) == ""


def test_a_key_with_holes_in_it_does_not_break_the_message() -> None:
    _, told, _ = read('[t]\nname = "n"\n"{near}" = 1\n"{0}" = 2\n')
    assert len(told) == 2
    assert "{near}" in told[0]


class Timed(Record):
    """Something with a time and numbers."""

    at: datetime
    score: float
    pairs: tuple[tuple[datetime, datetime], ...] = ()


def test_a_model_as_plain_data_comes_back_with_times_and_unrounded_numbers() -> None:
    at = datetime(2026, 3, 10, 2, 0, 0, 123000, tzinfo=UTC)
    made = Timed(at, 0.1 + 0.2, ((at, at),))
    assert plain(made)["score"] == 0.1 + 0.2
    assert shaped(plain(made), Timed) == made
    with pytest.raises(ValueError, match="at"):
        shaped({"score": 1.0}, Timed)
