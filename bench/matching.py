"""What matching costs beside the bare automaton, on real headlines; all ratios come from one run.

    YUQING_EVAL_DATA=folder python bench/matching.py [HEADLINES]

The automaton alone, on headlines in normal form, is the measure (1.0). Terms are three or four characters of a headline, ten to a
topic; one headline in ten has a hit, as on a desk with narrow packs. Each stage is timed in turn, three times; the medians count.
What limits the last stage is not the search: of its time two fifths make the post (two hashes, one object, the mask), a quarter
brings it into normal form and asks the automaton, and a quarter scores the few that have a hit.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.automaton import Automaton
from yuqing_cli.enrich.clean import clean
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.score import judge
from yuqing_cli.models import RawPost, Source
from yuqing_cli.packs.model import Boundary, KeywordSet, Pack, Rule, Term
from yuqing_cli.text import fold

FILES = ("streams/weibo_days_2022-01_04.jsonl", "streams/multi_2020-12.jsonl", "topics/thucnews_titles_dev.jsonl")
TERMS = (1_000, 10_000)
ROUNDS = 3
SHARE = 0.1
BOUNDARY: Boundary = "off"
"""Terms as they stand: what a segmenter has to say of a hit is not measured here."""
SOURCE = Source("bench", "feed", "https://bench.example/")
DOCUMENT = 50
"""Headlines that are cleaned together: a page of a feed."""


def headlines(data: Path, count: int) -> list[str]:
    found = [json.loads(line)["title"] for name in FILES for line in (data / name).read_text("utf-8").splitlines()]
    return (found * (count // len(found) + 1))[:count]


def cut(text: str, rng: Random) -> str:
    length = rng.choice((3, 4))
    start = rng.randrange(max(1, len(text) - length + 1))
    return text[start : start + length]


def hit_share(folded: list[str], terms: Iterable[str]) -> float:
    automaton = Automaton(list(terms))
    return sum(bool(automaton.find(text)) for text in folded) / len(folded)


def keywords(folded: list[str], count: int) -> KeywordSet:
    """Terms from headlines while no more than ``SHARE`` of them have a hit; the others from headlines with their characters shuffled."""
    rng, terms = Random(count), dict[str, None]()
    while len(terms) < count and hit_share(folded, terms) < SHARE:
        terms |= dict.fromkeys(cut(rng.choice(folded), rng) for _ in range(10))
    while len(terms) < count:
        text = rng.choice(folded)
        terms[cut("".join(rng.sample(text, len(text))), rng)] = None
    held = [Term(term, term, boundary=BOUNDARY) for term in terms if len(term) > 2 and term == fold(term)]
    topics = [Rule("topic", "bench", str(i), "", tuple(held[i : i + 10])) for i in range(0, len(held), 10)]
    return KeywordSet((Pack("bench", "", "", "", tuple(topics)),))


def seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def measured(texts: list[str], count: int) -> None:
    folded = [fold(text) for text in texts]
    held = keywords(folded[:20_000], count)
    matcher, bare = Matcher(held), Automaton([term.folded for rule in held.rules for term in rule.any])
    raws = [RawPost(text, row=text) for text in texts]
    documents = [raws[i : i + DOCUMENT] for i in range(0, len(raws), DOCUMENT)]
    scoring = ScoringSettings()

    def everything() -> None:
        for document in documents:
            for post in clean("bench", document, masked=True):
                judge(matcher, post, SOURCE, scoring)

    stages: dict[str, Callable[[], object]] = {
        "bare automaton": lambda: [bare.find(text) for text in folded],
        "match, normalised": lambda: [matcher.match_folded(text, "", text, "") for text in folded],
        "normalise, match": lambda: [matcher.match(text, "") for text in texts],
        "clean, match, score": everything,
    }
    times: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, call in stages.items():
            times[name].append(seconds(call))
    share = hit_share(folded, [term.folded for rule in held.rules for term in rule.any])
    print(f"{count} terms, {len(texts)} headlines, {share:.0%} with a hit")
    base = statistics.median(times["bare automaton"])
    for name, taken in times.items():
        took = statistics.median(taken)
        print(
            f"  {name:20} {took / len(texts) * 1e6:6.2f} us a headline, {base / took:6.3f} of the bare automaton's speed"
        )


def main() -> None:
    if not (data := os.environ.get("YUQING_EVAL_DATA")):
        sys.exit("needs YUQING_EVAL_DATA")
    texts = headlines(Path(data), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    for count in TERMS:
        measured(texts, count)


if __name__ == "__main__":
    main()
