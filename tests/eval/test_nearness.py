"""Whether a topic is said of us: 44 texts of our own, each with a topic (停水) and, or not, a subject (青禾县).

``near``: a reader would say that the matter is the subject's; ``there``: the subject is in the text, and the matter is another
one's; ``absent``: it is not named. The limits in ``enrich.nearness`` were chosen with all of them in view, so the figure says what
happens to each kind, not how often it occurs. Four of them show the known failures and are judged wrong. The topic has no
boundary, so that it is there whatever a segmenter makes of its neighbours.
"""

from __future__ import annotations

import json

import pytest

from floors import HERE, check, share
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.nearness import Subjects
from yuqing_cli.packs.load import load

PACK = """
[[subjects]]
id = "county"
any = ["青禾县"]
[[topics]]
id = "outage"
any = [{ term = "停水", boundary = "off" }]
"""
PAIRS = [json.loads(line) for line in (HERE / "data" / "nearness.jsonl").read_text("utf-8").splitlines()]
MATCHER = Matcher(load([("p.toml", PACK)]).require())


def judged(text: str) -> str:
    hits = MATCHER.match("", text).hits
    subjects = Subjects(hits, {"title": "", "text": text})
    found = {subjects.nearness(hit) for hit in hits if hit.kind == "topic"}
    return "near" if "near" in found else max(found)


def test_the_set_holds_each_kind() -> None:
    kinds = [pair["want"] for pair in PAIRS]
    assert len(PAIRS) >= 24
    assert min(kinds.count(kind) for kind in ("near", "there", "absent")) >= 6


@pytest.mark.parametrize("kind", ["near", "there", "absent"])
def test_a_topic_is_ours_where_a_reader_would_say_so(kind: str) -> None:
    pairs = [pair for pair in PAIRS if pair["want"] == kind]
    wrong = [pair["text"] for pair in pairs if judged(pair["text"]) != kind]
    check(f"nearness: {kind} pairs right", share(len(pairs) - len(wrong), len(pairs)), external=False, detail=wrong)
