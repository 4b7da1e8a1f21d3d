"""How many hits of the shipped terms in real headlines the boundary judge drops: few, or the packs would lose what they are for."""

from __future__ import annotations

from functools import cache

from floors import DATA, HERE, check, needs, rows, share
from yuqing_cli.enrich.automaton import Automaton
from yuqing_cli.enrich.boundary import judge
from yuqing_cli.packs.load import load
from yuqing_cli.segment import lexicon


@cache
def terms() -> tuple[str, ...]:
    files = sorted((HERE.parents[1] / "keywords").glob("*.toml"))
    keywords = load((file.name, file.read_text(encoding="utf-8")) for file in files).require()
    return tuple(sorted({term.text for rule in keywords.rules for term in (*rule.any, *rule.all)}))


@needs("topics")
def test_few_hits_of_real_headlines_are_dropped() -> None:
    automaton = Automaton(terms())
    titles = [row["title"] for row in rows(DATA / "topics" / "thucnews_titles_dev.jsonl")]
    hits = [(title, start, end) for title in titles for _, start, end in automaton.find(title)]
    dropped = [hit for hit in hits if judge(*hit, "word", lexicon()) == 0.0]
    check("boundaries: hits of headlines kept", 1 - share(len(dropped), len(hits)), external=True, detail=dropped)
