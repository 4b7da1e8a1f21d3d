"""Whether a query fires on a post, and where.

Principle. The same as of plain rules: literal, in the normal form, told with its places. A query holds or not; there is no score in it.

Theory. The automaton of all packs has found the literals already (``found``), so a query costs what its hits cost: a term is a look-up,
NEAR a bisection in sorted places, a wildcard a walk of at most ``WILDCARDS * GAP`` characters from each place of its first part. Only
patterns read the text again, and ``query_regex`` has bounded what they may cost there; of a field they see ``READ`` characters.

``anchors`` are what makes it cheap: literals of which one must be in the text for the query to hold at all. Where there are
none (a pattern without a fixed text, ``source:`` alone) the query must be asked for every post.

Spans are told of what made the query hold: of every alternative that holds, not of the first; never of an exclusion.

Known failures. NEAR counts across sentences and lines. Wildcards take the shortest end at each beginning. A term that overlaps the
other (停水 and 水管 in 停水管) is not near it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from yuqing_cli.records import Record
from yuqing_cli.text import fold

from .query_nodes import (
    FIELD_NAMES,
    And,
    Field,
    FieldName,
    Leaf,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Term,
    Wild,
    rarity,
)

MOST_SPANS = 256
"""Of one pattern in one field; ``enrich.match`` says why."""
READ = 200_000
"""Characters of a field that patterns are applied to."""
STOPS = frozenset("。!?;\n")
"""Ends of sentences in the normal form: a wildcard does not cross them."""

Denials = tuple[tuple[str, FieldName | Literal[""]], ...]
"""Exclusions that were met: the term as it was written and its field, or ``source:…`` and no field."""

Places = Mapping[str, Sequence[tuple[FieldName, int, int]]]
"""Literal -> where it is. A complemented start (``~start``) is a place that cuts through an ASCII word."""


class Span(NamedTuple):
    """One place of what a query looks for: the term as it was written, and offsets in the folded field."""

    term: str
    field: FieldName
    start: int
    end: int


class Outcome(Record):
    """Whether the query holds, and the places that made it hold, in the order of the text (title first)."""

    fires: bool = False
    spans: tuple[Span, ...] = ()


def about(source: str = "", tags: Sequence[str] = (), tier: str = "") -> Mapping[str, frozenset[str]]:
    """What ``source:``, ``tag:`` and ``tier:`` are compared with."""
    return {
        "source": frozenset({fold(source)}),
        "tag": frozenset(fold(tag) for tag in tags),
        "tier": frozenset({fold(tier)}),
    }


def evaluate(
    node: Node,
    fields: Mapping[FieldName, str],
    found: Places,
    meta: Mapping[str, frozenset[str]],
    *,
    bounded: bool = True,
) -> Outcome:
    """Judge one post.

    ``fields`` are folded; ``found`` holds the places of (at least) ``literals(node)`` in them; ``meta`` is ``about(…)``. Not
    ``bounded``: a wildcard may begin and end inside of an ASCII word, as whoever searches wants it.
    """
    spans = _Post(fields, found, meta, bounded).seek(node, FIELD_NAMES)
    if spans is None:
        return Outcome()
    ordered = sorted(set(spans), key=lambda span: (FIELD_NAMES.index(span.field), span.start, span.end, span.term))
    return Outcome(fires=True, spans=tuple(ordered))


def withheld(node: Node, fields: Mapping[FieldName, str], found: Places, meta: Mapping[str, frozenset[str]]) -> Denials:
    """The exclusions that alone keep a query from holding; none where it holds, or where more than they is in the way.

    Those of the title first, then of the text, then of the source.
    """
    denials = _Post(fields, found, meta).denied(node, FIELD_NAMES)
    return tuple(sorted(dict.fromkeys(denials or ()), key=lambda denial: (*FIELD_NAMES, "").index(denial[1])))


def whole(text: str, start: int, end: int) -> bool:
    """Whether no ASCII letter or digit stands beside an ASCII edge of the span: ``ai`` is not in ``gmail``."""
    return _left(text, start) and _right(text, end)


def _left(text: str, start: int) -> bool:
    return not (start > 0 and _word(text[start]) and _word(text[start - 1]))


def _right(text: str, end: int) -> bool:
    return not (end < len(text) and _word(text[end - 1]) and _word(text[end]))


def _word(char: str) -> bool:
    return char.isascii() and char.isalnum()


class _Post(Record):
    fields: Mapping[FieldName, str]
    found: Places
    meta: Mapping[str, frozenset[str]]
    bounded: bool = True

    def seek(self, node: Node, scope: tuple[FieldName, ...]) -> list[Span] | None:
        """The spans that make the node hold; None where it does not hold."""
        match node:
            case Term() | Phrase() | Wild():
                return self._leaf(node, scope) or None
            case And(nodes=nodes):
                return self._every(nodes, scope)
            case Or(nodes=nodes):
                held = [spans for each in nodes if (spans := self.seek(each, scope)) is not None]
                return [span for spans in held for span in spans] if held else None
            case Not(node=inner):
                return [] if self.seek(inner, scope) is None else None
            case Field(name=name, node=inner):
                return self.seek(inner, (name,))
            case Meta(name=name, folded=folded):
                return [] if folded in self.meta.get(name, ()) else None
            case Near():
                return [span for field in scope for span in self._near(node, field)] or None
            case Regex():
                return [span for field in scope for span in islice(self._regex(node, field), MOST_SPANS)] or None

    def denied(self, node: Node, scope: tuple[FieldName, ...]) -> list[tuple[str, FieldName | Literal[""]]] | None:
        """The exclusions without which the node would hold: none where it holds; None where more is in the way."""
        match node:
            case Not(node=Not(node=inner)):
                return self.denied(inner, scope)
            case Not(node=inner):
                spans = self.seek(inner, scope)
                met = [(span.term, span.field) for span in spans or ()]
                return [] if spans is None else [*met, *self._sources(inner)] or None
            case And(nodes=nodes):
                parts = [self.denied(each, scope) for each in nodes]
                return None if None in parts else [denial for part in parts if part for denial in part]
            case Or(nodes=nodes):
                ways = [way for each in nodes if (way := self.denied(each, scope)) is not None]
                return [denial for way in ways for denial in way] if all(ways) and ways else [] if ways else None
            case Field(name=name, node=inner):
                return self.denied(inner, (name,))
        return None if self.seek(node, scope) is None else []

    def _sources(self, node: Node) -> Iterator[tuple[str, Literal[""]]]:
        """What of an exclusion stands in no text but is true of the source."""
        if isinstance(node, Meta) and self.seek(node, FIELD_NAMES) is not None:
            yield f"{node.name}:{node.text}", ""
        for each in node.nodes if isinstance(node, And | Or) else ():
            yield from self._sources(each)

    def _every(self, nodes: tuple[Node, ...], scope: tuple[FieldName, ...]) -> list[Span] | None:
        out: list[Span] = []
        for node in nodes:
            spans = self.seek(node, scope)
            if spans is None:
                return None
            out += spans
        return out

    def _leaf(self, leaf: Leaf, scope: tuple[FieldName, ...]) -> list[Span]:
        if isinstance(leaf, Wild):
            there = [field for field in scope if self._there(literals(leaf), field)]
            found = (_wild(leaf, field, self.fields[field], bounded=self.bounded) for field in there)
            return [span for spans in found for span in islice(spans, MOST_SPANS)]
        places = self.found.get(leaf.folded, ())
        return [Span(leaf.text, *place) for place in places if place[1] >= 0 and place[0] in scope]

    def _there(self, wanted: frozenset[str], field: FieldName) -> bool:
        return any(place[0] == field for literal in wanted for place in self.found.get(literal, ()))

    def _near(self, near: Near, field: FieldName) -> Iterator[Span]:
        left = [span for leaf in near.left for span in self._leaf(leaf, (field,))]
        right = [span for leaf in near.right for span in self._leaf(leaf, (field,))]
        yield from _pairs(left, right, near.distance)
        if not near.ordered:
            yield from _pairs(right, left, near.distance)

    def _regex(self, regex: Regex, field: FieldName) -> Iterator[Span]:
        if regex.anchors is not None and not self._there(regex.anchors, field):
            return
        for hit in _compiled(regex.pattern).finditer(self.fields.get(field, ""), 0, READ):
            yield Span(f"/{regex.text}/", field, *hit.span())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _pairs(first: list[Span], second: list[Span], distance: int) -> Iterator[Span]:
    """The spans of ``first`` that end at most ``distance`` before one of ``second`` begins, and those of ``second``."""
    starts, ends = sorted(span.start for span in second), sorted(span.end for span in first)
    for span in first:
        if bisect_left(starts, span.end) < bisect_right(starts, span.end + distance):
            yield span
    for span in second:
        if bisect_left(ends, span.start - distance) < bisect_right(ends, span.start):
            yield span


def _wild(wild: Wild, field: FieldName, text: str, *, bounded: bool) -> Iterator[Span]:
    first = wild.parts[0]
    known: dict[tuple[int, int], int | None] = {}

    def end(gap: int, at: int) -> int | None:
        """The nearest end where the parts before the gap have been found up to ``at``; worked out once for all beginnings."""
        if gap == len(wild.gaps):
            return at if not bounded or _right(text, at) else None
        if (gap, at) not in known:
            part = wild.parts[gap + 1]
            starts = (start for start in _reach(text, at, *wild.gaps[gap]) if text.startswith(part, start))
            ends = (end(gap + 1, start + len(part)) for start in starts)
            known[gap, at] = min((each for each in ends if each is not None), default=None)
        return known[gap, at]

    start = text.find(first)
    while start >= 0:
        found = end(0, start + len(first)) if not bounded or _left(text, start) else None
        if found is not None:
            yield Span(wild.text, field, start, found)
        start = text.find(first, start + 1)


def _reach(text: str, start: int, least: int, most: int) -> Iterator[int]:
    """Where a gap that begins at ``start`` may end."""
    for width in range(most + 1):
        if width >= least:
            yield start + width
        if start + width >= len(text) or text[start + width] in STOPS:
            return


def literals(node: Node) -> frozenset[str]:
    """What the automaton must know for ``evaluate``, exclusions too."""
    match node:
        case Term(folded=folded) | Phrase(folded=folded):
            return frozenset({folded})
        case Wild():
            return frozenset({node.anchor})
        case Near(left=left, right=right):
            return frozenset().union(*map(literals, (*left, *right)))
        case And(nodes=nodes) | Or(nodes=nodes):
            return frozenset().union(*map(literals, nodes))
        case Not(node=inner) | Field(node=inner):
            return literals(inner)
    # A pattern's anchors only spare the pattern a post that cannot hold a match.
    return node.anchors or frozenset() if isinstance(node, Regex) else frozenset()


def excludes(node: Node) -> bool:
    """Whether there is an exclusion in the query."""
    match node:
        case And(nodes=nodes) | Or(nodes=nodes):
            return any(map(excludes, nodes))
        case Field(node=inner):
            return excludes(inner)
    return isinstance(node, Not)


def terms(node: Node) -> tuple[str, ...]:
    """The literals that the query looks for, without exclusions, folded, each once, in the order of the query."""
    return tuple(dict.fromkeys(_positive(node, wanted=True)))


def _positive(node: Node, *, wanted: bool) -> Iterator[str]:
    match node:
        case Not(node=inner):
            yield from _positive(inner, wanted=not wanted)
        case Field(node=inner):
            yield from _positive(inner, wanted=wanted)
        case And(nodes=nodes) | Or(nodes=nodes):
            for each in nodes:
                yield from _positive(each, wanted=wanted)
        case Near(left=left, right=right) if wanted:
            for leaf in (*left, *right):
                yield from _positive(leaf, wanted=True)
        case Term(folded=folded) | Phrase(folded=folded) if wanted:
            yield folded
        case Wild(parts=parts) if wanted:
            yield from (part for part in parts if part)


def anchors(node: Node) -> frozenset[str] | None:
    """Literals of which one must be in a post for the query to hold; None where there are none such."""
    match node:
        case Term() | Phrase() | Wild():
            return literals(node)
        case Regex(anchors=known):
            return known
        case Near(left=left, right=right):
            return max(frozenset().union(*map(literals, left)), frozenset().union(*map(literals, right)), key=rarity)
        case Field(node=inner):
            return anchors(inner)
        case And(nodes=nodes):
            return max((known for each in nodes if (known := anchors(each))), key=rarity, default=None)
        case Or(nodes=nodes):
            every = [known for each in nodes if (known := anchors(each))]
            return frozenset().union(*every) if len(every) == len(nodes) else None
    return None
