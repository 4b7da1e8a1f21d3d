"""What each rule and each term does on real posts: how often it hits, what it alone brings, how much of that was noise.

Principle. A pack grows for years, and nobody dares to take a word out because nobody knows what it does. So everything is counted on
the station's own posts, judged by the packs of today (what the store says of a post may be a former pack's word).

Theory. *Hits* are posts, not places. A rule's *own* posts are those that no other rule fires on: without the rule they would not be
in the digest. A term's own posts are those that would not match without it. This is not the same as being the only term that is
marked, because marks are thinned to the longest: 停水 hides in 停水通知 and would still fire. So the rule is asked once more,
without the term, on the posts where it alone could matter. It is told for terms of ``any`` only: without a term of ``all`` a rule
fires on more posts, not on fewer, and a term of a query cannot be taken out without changing what the query says.

*Noise* is the share of marked posts whose verdict is noise. Posts without a verdict say nothing, and few verdicts say little: the
counts stand beside the share.

Known failures. A term that only ever stands inside a longer one counts as silent. Copies of one report count each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from yuqing_cli.models import Verdict
from yuqing_cli.packs.model import KeywordSet, Pack, Rule
from yuqing_cli.packs.query import terms as query_terms
from yuqing_cli.records import replace

from .match import Match, Matcher

CONFIDENCE = 1.96
"""Standard deviations of a two-sided 95 %."""
RuleKey = tuple[str, str, str]
"""(pack, kind, id)."""
TermKey = tuple[str, str, str, str]
"""A rule's key and the term as it is written."""


@dataclass(slots=True)
class Count:
    """Of a rule or a term. ``alone`` is None where it has no meaning."""

    hits: int = 0
    alone: int | None = 0
    last: datetime | None = None
    noise: int = 0
    marked: int = 0

    @property
    def surely_noise(self) -> float:
        """What share of its posts is noise at the least: the lower end of Wilson's interval (1927) for 95 %; 0 without marks.

        One mark of one says less than seven of sixteen.
        """
        if not self.marked:
            return 0.0
        share, spread = self.noise / self.marked, CONFIDENCE**2 / self.marked
        margin = CONFIDENCE * sqrt((share * (1 - share) + spread / 4) / self.marked)
        return max(0.0, (share + spread / 2 - margin) / (1 + spread))

    def see(self, at: datetime, verdict: Verdict | None, *, alone: bool) -> None:
        """One post more."""
        self.hits += 1
        if self.alone is not None:
            self.alone += alone
        self.last = at if self.last is None else max(self.last, at)
        self.marked += verdict is not None
        self.noise += verdict == "noise"


class Health:
    """Counts over posts. Rules and terms without a hit are there from the beginning: they are what is looked for."""

    def __init__(self, keywords: KeywordSet) -> None:
        self.matcher = Matcher(keywords)
        self.posts = self.matched = self.marked = 0
        self._rules = {_key(rule): rule for rule in keywords.rules}
        self.rules: dict[RuleKey, Count] = {key: Count() for key in self._rules}
        self.terms: dict[TermKey, Count] = {}
        for key, rule in self._rules.items():
            for name in query_terms(rule.query) if rule.query else ():
                self.terms[*key, name] = Count(alone=None)
            for term in rule.all:
                self.terms[*key, term.text] = Count(alone=None)
            for term in rule.any:
                self.terms[*key, term.text] = Count()
        self._helpers = {(*_key(rule), term.text) for rule in keywords.rules for term in rule.any if term.helps}
        self._without: dict[TermKey, Matcher] = {}

    def rule(self, key: RuleKey) -> Rule:
        """The rule of a key."""
        return self._rules[key]

    def see(
        self, title: str, text: str, meta: Mapping[str, frozenset[str]], at: datetime, verdict: Verdict | None
    ) -> None:
        """Count one post."""
        match = self.matcher.match(title, text, meta)
        self.posts += 1
        if not match.topics and not match.subjects:
            return
        self.matched += 1
        self.marked += verdict is not None
        fired = self._fired(match)
        terms: dict[TermKey, None] = {(hit.pack, hit.kind, hit.rule, hit.term): None for hit in match.hits}
        # A rule of which only terms that help are there goes with the topic that they help.
        leaning = {key[:3] for key in terms} - {key[:3] for key in terms if key not in self._helpers}
        standing = [key for key in fired if key not in leaning]
        for rule in fired:
            self.rules[rule].see(at, verdict, alone=standing == [rule])
        own = [key for key in terms if self.terms.setdefault(key, Count(alone=None)).alone is not None]
        own = [key for key in own if key not in self._helpers]
        for key in terms:
            single = standing == [key[:3]] and [other for other in own if other[:3] == key[:3]] == [key]
            self.terms[key].see(at, verdict, alone=single and not self._fires_without(key, title, text, meta))

    def _fired(self, match: Match) -> list[RuleKey]:
        """The rules that fired; one that looks at the source alone leaves no hit, and is known by its id."""
        keys = dict.fromkeys((hit.pack, hit.kind, hit.rule) for hit in match.hits)
        told = {(kind, name) for _, kind, name in keys}
        names = [*(("topic", name) for name in match.topics), *(("subject", name) for name in match.subjects)]
        silent = {name for name in names if name not in told}
        return [*keys, *(key for key in self._rules if silent and key[1:] in silent)]

    def _fires_without(self, key: TermKey, title: str, text: str, meta: Mapping[str, frozenset[str]]) -> bool:
        if key not in self._without:
            rule = self._rules[key[:3]]
            left = tuple(term for term in rule.any if term.text != key[3])
            # A rule whose list any is empty asks for all alone: without its last term it would fire on more.
            rules = (replace(rule, any=left),) if left else ()
            self._without[key] = Matcher(KeywordSet((Pack("", "", "", "", rules),)))
        match = self._without[key].match(title, text, meta)
        return bool(match.topics or match.subjects)


def _key(rule: Rule) -> RuleKey:
    return (rule.pack, rule.kind, rule.id)
