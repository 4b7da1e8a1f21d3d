"""Levels on real streams: shares of the matched items that are blue or yellow, with the shipped packs.

Hot lists of ten days of 2023 and six of 2020, a month of the national evening news. Nobody there is ours (no subjects), and earthquakes
abroad are among them. ``python tests/eval/test_levels_external.py`` prints the shares that ``docs/scoring.md`` quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from test_levels import judged, mild
from test_tone_eval import area

from floors import DATA, check, needs, rows
from yuqing_cli.models import Judgement

pytestmark = needs("streams")


def hourly() -> Iterable[Judgement]:
    for row in rows(DATA / "streams" / "weibo_hourly_2023-01_02.jsonl"):
        if row["first_seen"][8:10] in {"02", "07", "12", "17", "22"}:
            yield judged("", row["title"], "", "hotlist", row["rank"])


def several() -> Iterable[Judgement]:
    for row in rows(DATA / "streams" / "multi_2020-12.jsonl"):
        if row["day"][8:10] in {"03", "08", "13", "18", "23", "28"}:
            yield judged("", row["title"], "", "hotlist", None)


def evening_news() -> Iterable[Judgement]:
    for row in rows(DATA / "streams" / "xwlb_2025-04.jsonl"):
        yield judged("", row["title"], re.sub(r"<[^>]+>", "", row["text"]), "media", None)


def test_ordinary_days_of_real_streams_are_blue_and_yellow() -> None:
    check("levels: hot list of 2023, blue or yellow", mild(hourly()), external=True)
    check("levels: hot lists of 2020, blue or yellow", mild(several()), external=True)
    check("levels: evening news, blue or yellow", mild(evening_news()), external=True)


def test_deadly_accidents_of_real_streams_stand_above_the_rest() -> None:
    deadly = re.compile(r"(爆炸|坍塌|起火|火灾|中毒|坠毁|脱轨|溃坝|泥石流).*(死|亡|遇难)|致\d+(人)?(死|遇难)")
    scores: dict[bool, list[float]] = {True: [], False: []}
    for row in rows(DATA / "streams" / "multi_2020-12.jsonl"):
        one = judged("", row["title"], "", "hotlist", None)
        if one.matched:
            scores[bool(deadly.search(row["title"]))].append(one.score)
    detail = json.dumps({"deadly": len(scores[True]), "others": len(scores[False])})
    check("levels: AUC of the score, deadly accidents", area(scores[True], scores[False]), external=True, detail=detail)


def distribution() -> dict[str, dict[str, Any]]:
    """Shares of each level in the streams; ``docs/scoring.md`` quotes them."""
    streams = {"hot list of 2023": hourly(), "hot lists of 2020": several(), "evening news": evening_news()}
    found: dict[str, dict[str, Any]] = {}
    for name, judgements in streams.items():
        levels = [one.level for one in judgements if one.matched]
        found[name] = {
            level: f"{levels.count(level) / len(levels):.1%}" for level in ("red", "orange", "yellow", "blue")
        }
        found[name]["matched"] = len(levels)
    return found


if __name__ == "__main__":
    print(json.dumps(distribution(), indent=1))
