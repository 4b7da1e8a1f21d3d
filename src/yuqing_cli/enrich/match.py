"""Which rules fire on a post, and where.

Principle. A desk must be able to say why a post is in the digest, so matching is literal: a term is there or it is not. What makes it
work for Chinese is the normal form (``text.fold``: width, case, 简繁, zero-width characters) in which both text and terms are
compared; there is no guessing of spellings.

Theory. One automaton finds all terms of all packs in one pass over the folded title and the folded text. A rule is looked at only when
one of its ``any`` or ``all`` terms was found, so the cost follows the hits, not the number of rules. ``none`` terms count against their
own rule alone (in other tools an exclusion written under one group silently removes posts from every group). Hits are then
thinned per rule to the leftmost-longest ones, so that 停水通知 is not also counted as 停水; across rules overlaps stay.

Boundaries. A term that begins or ends with an ASCII letter or digit does not fire beside another one (``ai`` in ``gmail``), and a Han
term of two or three characters does not fire where it cuts through words (校长 in 学校长期; ``boundary`` judges, with the words of a
dictionary). With ``soft`` such a hit counts half, with ``off`` any substring counts. Exclusions are plain substrings: many are fragments,
and an exclusion that fires too rarely brings noise, not silence. Spans are judged only where a rule asks for them, each once.

Queries. A rule may be a query instead of lists; its literals are in the same automaton, and it is asked where one of its anchors was
found (or always, where it has none).

Tried and dropped: one regular expression for all terms (collapses to 0.1 MB/s at 10,000 terms), stopping at the first rule that
fires (a post about water *and* fees belongs to both desks).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from yuqing_cli import segment
from yuqing_cli.models import Exclusion, Hit
from yuqing_cli.packs.model import KeywordSet, Rule, Term
from yuqing_cli.packs.query_match import Denials, about, anchors, evaluate, excludes, literals, withheld
from yuqing_cli.packs.query_nodes import Node
from yuqing_cli.records import Record
from yuqing_cli.text import Normalised, fold

from . import boundary
from .automaton import Automaton

Field = Literal["title", "text"]
Span = tuple[Field, int, int]
Occurrences = Sequence[tuple[int, int, int]]
NOTHING = about()
"""What is known of a text that has no source."""
LONGEST_JUDGED = 3
"""Characters of a hit whose boundary is judged; longer ones hardly ever cut through words (``boundary``)."""
MOST_PLACES = 256
"""Of one term in one post. Repetition counts for nothing long before (``score.REPEATED``), and a text of one word, 100,000 times, would
hold a fetch up for a minute."""
MOST_JUDGED = 2_000
"""Spans of one post of which it is asked whether they cut through words, 0.2 ms each; beyond, what looks like a word is taken for one."""


class Match(Record):
    """The rules that fired, in pack order, and their hits in the order of the text."""

    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    """Rules that only their exclusions kept from firing, in pack order."""


class Near(Record):
    """A rule that does not fire on a post although some of its terms are in it."""

    rule: Rule
    terms: tuple[str, ...]
    cause: Literal["cut", "more", "excluded"]
    """All of them cut through words; the rule asks for more than they are; an exclusion alone holds it back."""


class _Compiled:
    """A rule with its terms by normal form: what was found is looked up in it, so that terms without a hit cost nothing."""

    __slots__ = ("all", "any", "excludes", "literals", "none", "positive", "query", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule, self.query = rule, rule.query
        self.any, self.all, self.none = _by_folded(rule.any), _by_folded(rule.all), _by_folded(rule.none)
        self.positive = _by_folded((*rule.any, *rule.all))
        self.literals = frozenset[str]() if self.query is None else literals(self.query)
        self.excludes = self.query is not None and excludes(self.query)

    def verdict(self, finds: _Finds) -> list[_Place] | Denials:
        """The places that make the rule fire, thinned; or the exclusions that alone keep it from firing, ``()`` where more does."""
        if self.query is not None:
            return self._asked(self.query, finds)
        places = {span: term for term in _present(self.any, finds) for span in finds.spans(term)}
        if self.any and not places:
            return ()
        if self.all:
            asked = [(term, finds.spans(term)) for terms in self.all.values() for term in terms]
            if not all(spans for _, spans in asked):
                return ()
            places |= {span: term for term, spans in asked for span in spans}
        if self.none and (denials := self._denials(finds)):
            return denials
        return _longest(places)

    def near(self, finds: _Finds) -> Near | None:
        """What keeps the rule from firing; None where it fires or has nothing in the post."""
        verdict = self.verdict(finds)
        if isinstance(verdict, list):
            return None
        if self.query is None:
            terms = tuple(dict.fromkeys(term.text for term in _present(self.positive, finds)))
            whole = any(finds.spans(term) for term in _present(self.positive, finds))
        else:
            spans = finds.marked(self.literals)
            terms, whole = tuple(spans), any(start >= 0 for places in spans.values() for _, start, _ in places)
        cause: Literal["cut", "more", "excluded"] = "excluded" if verdict else "more" if whole else "cut"
        return Near(self.rule, terms, cause) if terms else None

    def _denials(self, finds: _Finds) -> Denials:
        found = ((term.text, span[0]) for term in _present(self.none, finds) for span in finds.spans(term, plain=True))
        return tuple(dict.fromkeys(found))

    def _asked(self, query: Node, finds: _Finds) -> list[_Place] | Denials:
        found = finds.marked(self.literals)
        outcome = evaluate(query, finds.folded, found, finds.meta)
        if not outcome.fires:
            return withheld(query, finds.folded, found, finds.meta) if self.excludes else ()
        return _longest({(span.field, span.start, span.end): Term(span.term, "") for span in outcome.spans})


_Terms = dict[str, list[Term]]
_Found = dict[str, list[Span]]
"""The spans of each term, by its normal form. A complemented start (``~start``) cuts through an ASCII word."""
_Place = tuple[Span, Term]


def _by_folded(terms: Iterable[Term]) -> _Terms:
    held: _Terms = {}
    for term in terms:
        held.setdefault(term.folded, []).append(term)
    return held


def _present(terms: _Terms, finds: _Finds) -> list[Term]:
    return [term for folded in finds.found if folded in terms for term in terms[folded]]


class _Finds:
    """What was found in one post, and the verdicts on its spans."""

    def __init__(
        self,
        title: str,
        text: str,
        folded_title: str,
        folded_text: str,
        found: _Found,
        meta: Mapping[str, frozenset[str]],
    ) -> None:
        self.raw: dict[Field, str] = {"title": title, "text": text}
        self.folded: dict[Field, str] = {"title": folded_title, "text": folded_text}
        self.found, self.meta = found, meta
        self._back: dict[Field, Normalised] = {}
        self._crossing: dict[Span, bool] = {}

    def raw_span(self, span: Span) -> tuple[int, int]:
        """Where a span of the normal form stands in the raw text."""
        field, start, end = span
        # A text whose normal form it is itself needs no way back, and most headlines are such.
        if self.raw[field] == self.folded[field]:
            return start, end
        if field not in self._back:
            self._back[field] = Normalised(self.raw[field], self.folded[field])
        return self._back[field].raw_span(start, end)

    def crossing(self, span: Span) -> bool:
        """Whether a hit cuts through words."""
        if span not in self._crossing:
            if len(self._crossing) >= MOST_JUDGED:
                return False
            field, start, end = span
            text = self.folded[field][start:end]
            judged = 2 <= end - start <= LONGEST_JUDGED and not any(map(str.isascii, text))
            raw = self.raw[field]
            self._crossing[span] = judged and boundary.judge(raw, *self.raw_span(span), "soft", segment.lexicon()) < 1
        return self._crossing[span]

    def spans(self, term: Term, *, plain: bool = False) -> list[Span]:
        """Where a term counts; ``plain`` looks at ASCII words only."""
        spans = self.found.get(term.folded, ())
        if term.boundary == "off":
            return [(field, start if start >= 0 else ~start, end) for field, start, end in spans]
        whole = [span for span in spans if span[1] >= 0]
        if not whole or plain or term.boundary == "soft":
            return whole
        return [span for span in whole if not self.crossing(span)]

    def marked(self, wanted: Iterable[str]) -> _Found:
        """The spans of some literals, those that cut through words complemented."""
        return {
            folded: [
                (field, ~start if start >= 0 and self.crossing((field, start, end)) else start, end)
                for field, start, end in self.found[folded]
            ]
            for folded in wanted
            if folded in self.found
        }

    def hit(self, rule: Rule, term: Term, span: Span) -> Hit:
        """One hit, with its place in the raw text; a soft term that cuts through words counts half."""
        weight = term.weight
        if term.boundary == "soft" and self.crossing(span):
            weight *= boundary.DEMOTED
        return Hit(rule.pack, rule.kind, rule.id, term.text, span[0], *self.raw_span(span), weight, term.boundary)


class Matcher:
    """All packs of a station, compiled."""

    def __init__(self, keywords: KeywordSet) -> None:
        self.keywords = keywords
        self._rules = tuple(map(_Compiled, keywords.rules))
        terms = {term.folded for rule in keywords.rules for term in (*rule.any, *rule.all, *rule.none)}
        asked = {folded for rule in keywords.rules if rule.query for folded in literals(rule.query)}
        self._terms = sorted(terms | asked)
        self._automaton = Automaton(self._terms)
        self._may_cut = [bool(term) and (_ascii_word(term[0]) or _ascii_word(term[-1])) for term in self._terms]
        self.asks_meta = any(rule.query is not None for rule in keywords.rules)
        """Whether a rule may look at a post's source, tags or tier."""
        self._rules_of: dict[str, list[int]] = {}
        self._always: list[int] = []
        for i, rule in enumerate(self._rules):
            wanted = frozenset(rule.positive) if rule.query is None else anchors(rule.query)
            if wanted is None:
                self._always.append(i)
            for folded in wanted or ():
                self._rules_of.setdefault(folded, []).append(i)

    def __reduce__(self) -> tuple[type[Matcher], tuple[KeywordSet]]:
        """As what it is made from: compiled anew where it is unpickled."""
        return (Matcher, (self.keywords,))

    def match(self, title: str, text: str, meta: Mapping[str, frozenset[str]] = NOTHING) -> Match:
        """Judge a post's stored title and text. Offsets of the hits point into these; ``meta`` is ``query.about(…)``."""
        return self.match_folded(title, text, fold(title), fold(text), meta)

    def match_folded(
        self,
        title: str,
        text: str,
        folded_title: str,
        folded_text: str,
        meta: Mapping[str, frozenset[str]] = NOTHING,
    ) -> Match:
        """``match`` for a caller that has the normal forms of both already."""
        in_title = self._automaton.find(folded_title)
        in_text = self._automaton.find(folded_text) if folded_text else ()
        if not (in_title or in_text or self._always):
            return _NO_MATCH
        found = self._found(in_title, folded_title, in_text, folded_text)
        return self._verdicts(_Finds(title, text, folded_title, folded_text, found, meta))

    def _verdicts(self, finds: _Finds) -> Match:
        fired: list[tuple[Rule, list[_Place]]] = []
        excluded: list[Exclusion] = []
        for i in self._candidates(finds):
            rule, verdict = self._rules[i].rule, self._rules[i].verdict(finds)
            if isinstance(verdict, list):
                fired.append((rule, verdict))
            else:
                excluded += [Exclusion(rule.pack, rule.kind, rule.id, term, field) for term, field in verdict]
        if fired and not any(rule.kind == "topic" for rule, _ in fired):
            fired = [(rule, places) for rule, places in fired if not all(term.helps for _, term in places)]
        return _match(fired, finds, tuple(excluded)) if fired or excluded else _NO_MATCH

    def nearly(self, title: str, text: str, meta: Mapping[str, frozenset[str]] = NOTHING) -> list[Near]:
        """Which rules have terms in a post and yet do not fire on it, and what keeps each from it; in pack order."""
        folded_title, folded_text = fold(title), fold(text)
        in_title, in_text = self._automaton.find(folded_title), self._automaton.find(folded_text)
        found = self._found(in_title, folded_title, in_text, folded_text)
        finds = _Finds(title, text, folded_title, folded_text, found, meta)
        return [near for i in self._candidates(finds) if (near := self._rules[i].near(finds))]

    def _found(self, in_title: Occurrences, folded_title: str, in_text: Occurrences, folded_text: str) -> _Found:
        found: _Found = {}
        if in_title:
            self._collect(found, "title", folded_title, in_title)
        if in_text:
            self._collect(found, "text", folded_text, in_text)
        return found

    def _candidates(self, finds: _Finds) -> list[int]:
        """The rules that may fire, in pack order."""
        rules = [i for folded in finds.found if folded in self._rules_of for i in self._rules_of[folded]]
        return sorted({*rules, *self._always}) if self._always or len(rules) > 1 else rules

    def _collect(self, found: _Found, field: Field, folded: str, occurrences: Occurrences) -> None:
        for index, start, end in occurrences:
            places = found.setdefault(self._terms[index], [])
            if len(places) < MOST_PLACES:
                whole = not self._may_cut[index] or _edges(folded, start, end)
                places.append((field, start if whole else ~start, end))


_NO_MATCH = Match()


def _edges(folded: str, start: int, end: int) -> bool:
    """Whether no ASCII letter or digit stands beside an ASCII edge of the span."""
    left = start > 0 and _ascii_word(folded[start]) and _ascii_word(folded[start - 1])
    right = end < len(folded) and _ascii_word(folded[end - 1]) and _ascii_word(folded[end])
    return not (left or right)


def _ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _match(fired: Sequence[tuple[Rule, list[_Place]]], finds: _Finds, excluded: tuple[Exclusion, ...]) -> Match:
    hits = [finds.hit(rule, term, span) for rule, places in fired for span, term in places]
    if len(hits) > 1:
        hits.sort(key=lambda h: (h.field != "title", h.start, h.end, h.kind, h.rule))
    return Match(
        tuple(dict.fromkeys([rule.id for rule, _ in fired if rule.kind == "subject"])),
        tuple(dict.fromkeys([rule.id for rule, _ in fired if rule.kind == "topic"])),
        tuple(hits),
        excluded,
    )


def _longest(places: Mapping[Span, Term]) -> list[_Place]:
    """A rule's hits, leftmost first, the longest at each place, none inside another."""
    if len(places) <= 1:
        return list(places.items())
    kept: list[_Place] = []
    last: Span | None = None
    for span in sorted(places, key=lambda s: (s[0], s[1], -s[2])):
        if last is None or span[0] != last[0] or span[1] >= last[2]:
            kept.append((span, places[span]))
            last = span
    return kept
