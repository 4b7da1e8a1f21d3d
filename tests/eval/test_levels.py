"""Levels: an ordinary day is blue and yellow, a real accident orange or red, and the first line is the one that matters.

Our own day has 40 reports of a quiet town (notices, small complaints, weather, a hot list) and 12 grave ones, judged by the shipped packs
and by subjects of its own. Known failures: a school bus in a river and a knife in a kindergarten, which no pack knows in these words,
stay yellow.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import cast

from test_tone_eval import area

from floors import HERE, check, rows, share
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.score import judge
from yuqing_cli.models import Judgement, Post, Source, Tier
from yuqing_cli.packs.load import load

OURS = """
[[subjects]]
id = "town"
any = ["青禾", "禾苑", "稻花街", "丰收里", "县医院", "我县", "县城"]
"""


@cache
def matcher(subjects: str = "") -> Matcher:
    files = [
        (file.name, file.read_text(encoding="utf-8")) for file in sorted((HERE.parents[1] / "keywords").glob("*.toml"))
    ]
    shipped = [(name, text) for name, text in files if name != "us.toml"]
    return Matcher(load([*shipped, *([("ours.toml", subjects)] if subjects else [])]).require())


def judged(subjects: str, title: str, text: str, tier: str, rank: int | None) -> Judgement:
    post = Post("0", "s", "", "", title, text, None, "", rank)
    source = Source("s", "feed", "https://s.example/", cast("Tier", tier))
    return judge(matcher(subjects), post, source, ScoringSettings())


def test_an_ordinary_day_is_blue_and_yellow_and_an_accident_orange_or_red() -> None:
    kinds: dict[str, list[Judgement]] = {"calm": [], "grave": []}
    for row in rows(HERE / "data" / "day.jsonl"):
        rank = 10 if row["tier"] == "hotlist" else None
        kinds[row["kind"]].append(judged(OURS, row["title"], row["text"], row["tier"], rank))
    calm = [one for one in kinds["calm"] if one.matched]
    check("levels: matched calm reports that are blue or yellow", mild(calm), external=False)
    grave = kinds["grave"]
    loud = share(sum(j.level in {"red", "orange"} for j in grave), len(grave))
    check("levels: grave reports that are orange or red", loud, external=False)
    order = area([j.score for j in grave], [j.score for j in kinds["calm"]])
    check("levels: AUC of the score, grave against calm", order, external=False)


def mild(found: Iterable[Judgement]) -> float:
    """The share of matched judgements that are blue or yellow."""
    levels = [one.level for one in found if one.matched]
    return share(sum(level in {"blue", "yellow"} for level in levels), len(levels))
