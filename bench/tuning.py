"""What ``keywords diff`` costs beside matching everything twice, on real headlines with the shipped packs; ratios of one run.

    YUQING_EVAL_DATA=folder python bench/tuning.py [HEADLINES]

The edit: one topic loses a term and gains another. The measure (1.0) is two whole matchers over all headlines.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from matching import headlines

from yuqing_cli.enrich.compare import Compare
from yuqing_cli.enrich.health import Health
from yuqing_cli.enrich.match import NOTHING, Matcher
from yuqing_cli.packs.load import load
from yuqing_cli.packs.model import KeywordSet, Term
from yuqing_cli.records import replace
from yuqing_cli.times import now_utc

ROUNDS = 3
PACKS = Path(__file__).resolve().parent.parent / "keywords"


def edited(old: KeywordSet) -> KeywordSet:
    """The set with one term of water/outage gone and another there."""
    packs = []
    for pack in old.packs:
        rules = tuple(
            replace(rule, any=(*rule.any[1:], Term("停供", "停供"))) if rule.id == "outage" else rule
            for rule in pack.rules
        )
        packs.append(replace(pack, rules=rules))
    return KeywordSet(tuple(packs))


def seconds(work: Callable[[], object]) -> float:
    """Once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Print the ratios."""
    titles = headlines(Path(os.environ["YUQING_EVAL_DATA"]), int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
    old = load((str(path), path.read_text("utf-8")) for path in PACKS.glob("*.toml")).require()
    new = edited(old)
    one, other, compare, now = Matcher(old), Matcher(new), Compare(old, new), now_utc()

    def twice() -> None:
        for title in titles:
            one.match(title, "")
            other.match(title, "")

    def diff() -> None:
        for title in titles:
            compare.post(title, "")

    def health() -> None:
        counts = Health(old)
        for title in titles:
            counts.see(title, "", NOTHING, now, None)

    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for work in (twice, diff, health):
            found.setdefault(work.__name__, []).append(seconds(work))
    base = statistics.median(found["twice"])
    for name, times in found.items():
        print(f"{name:7} {statistics.median(times):6.2f} s  {statistics.median(times) / base:5.2f}")


if __name__ == "__main__":
    main()
