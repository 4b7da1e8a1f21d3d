"""Suggestions for the packs: marked posts -> words that would exclude noise or find more; nothing is written.

store.marks + store.judgeable_of -Matcher-> marked posts of each topic; store.judgeable -> the others; -suggest-> words
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.suggest import Suggestion, suggest
from yuqing_cli.packs.model import KeywordSet, Rule
from yuqing_cli.station import Station

from .tuning import Metas

BACKGROUND = 2_000
"""Posts, the newest, that say how common a word is at this desk."""
MEMORY = timedelta(days=90)


@dataclass(slots=True)
class Marked:
    """The marked posts that one rule fires on, as texts."""

    relevant: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Both sides together."""
        return len(self.relevant) + len(self.noise)


RuleKey = tuple[str, str, str]


def suggestions(
    station: Station, store: Store, keywords: KeywordSet, only: str, most: int
) -> list[tuple[Rule, Suggestion]]:
    """For each rule with marked posts (``only``: of this id), most marks first."""
    matcher, metas, verdicts = Matcher(keywords), Metas(station, store), store.marks()
    marked: dict[RuleKey, Marked] = defaultdict(Marked)
    for passage in store.judgeable_of(verdicts):
        side = "relevant" if verdicts[passage.id] == "relevant" else "noise"
        for key in _fired(matcher, passage.title, passage.text, metas.of(passage.source)):
            getattr(marked[key], side).append(f"{passage.title}\n{passage.text}")
    rules = {(rule.pack, rule.kind, rule.id): rule for rule in keywords.rules if not only or rule.id == only}
    wanted = sorted((key for key in marked if key in rules), key=lambda key: -marked[key].total)
    others: dict[RuleKey, list[str]] = {key: [] for key in wanted}
    if wanted:
        for passage in store.judgeable(station.clock() - MEMORY, BACKGROUND):
            fired = _fired(matcher, passage.title, passage.text, metas.of(passage.source))
            for key in wanted:
                if key not in fired and passage.id not in verdicts:
                    others[key].append(f"{passage.title}\n{passage.text}")
    return [
        (rules[key], suggest(rules[key], marked[key].relevant, marked[key].noise, others[key], most)) for key in wanted
    ]


def _fired(matcher: Matcher, title: str, text: str, meta: Mapping[str, frozenset[str]]) -> set[RuleKey]:
    return {(hit.pack, hit.kind, hit.rule) for hit in matcher.match(title, text, meta).hits}
