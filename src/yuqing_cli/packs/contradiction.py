"""Whether a query can hold at all.

Theory. A query is brought to a list of ways to hold (its disjunctive normal form); each way is a set of things that must be there and
of things that must not. A way is blocked where it forbids what it asks for: the same term in a field that both look at, a longer term
that cannot stand there without a forbidden shorter one, two different sources at once. A query whose every way is blocked never fires.

Only what is certain is told. Of NEAR, wildcards and patterns only what they need is known, not what their denial allows, so a denied
one blocks nothing. A forbidden term of two or three characters inside a longer one blocks nothing either: it counts only where
no word is cut, which the text around decides. A query of more than ``WAYS`` ways is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

from yuqing_cli.records import Record

from .query_match import whole
from .query_nodes import FIELD_NAMES, And, Field, FieldName, Meta, Near, Node, Not, Or, Phrase, Term, Wild

WAYS = 512
LONGEST_JUDGED = 3
"""As in ``enrich.match``."""


class Claim(Record):
    """One thing that must, or must not, be there."""

    wanted: bool
    node: Term | Phrase | Meta
    scope: frozenset[FieldName]


Way: TypeAlias = tuple[Claim, ...]


class Clash(Record):
    """Two claims that cannot both hold: what is asked for, and what forbids it."""

    asked: Term | Phrase | Meta
    forbidden: Term | Phrase | Meta


def clash(node: Node) -> Clash | None:
    """Why the query can never hold, by the first of its ways; None where it can, or where that is not certain."""
    ways = _ways(node, frozenset(FIELD_NAMES), wanted=True)
    if ways is None:
        return None
    found = [_blocked(way) for way in ways]
    return found[0] if found and all(found) else None


def blocked_alternatives(node: Node) -> Iterator[tuple[Node, Clash]]:
    """The alternatives of a query that can never hold while another one can."""
    if isinstance(node, Field):
        yield from blocked_alternatives(node.node)
    elif isinstance(node, Or):
        for each in node.nodes:
            if found := clash(each):
                yield each, found
            else:
                yield from blocked_alternatives(each)


def covers(shorter: str, longer: str) -> bool:
    """Whether ``shorter`` is found in every text that holds ``longer`` as a whole (both folded), by the rule for ASCII words."""
    start = longer.find(shorter)
    while start >= 0:
        if whole(longer, start, start + len(shorter)):
            return True
        start = longer.find(shorter, start + 1)
    return False


def _ways(node: Node, scope: frozenset[FieldName], *, wanted: bool) -> list[Way] | None:
    match node:
        case Not(node=inner):
            return _ways(inner, scope, wanted=not wanted)
        case Field(name=name, node=inner):
            return _ways(inner, frozenset({name}), wanted=wanted)
        case And(nodes=nodes) | Or(nodes=nodes):
            parts = [_ways(each, scope, wanted=wanted) for each in nodes]
            return _joined(parts) if isinstance(node, And) is wanted else _listed(parts)
        case Term() | Phrase() | Meta():
            return [(Claim(wanted, node, scope),)]
        case Near(left=left, right=right) if wanted:
            sides = [_listed([_ways(leaf, scope, wanted=True) for leaf in side]) for side in (left, right)]
            return _joined(sides)
        case Wild(parts=parts) if wanted:
            # A part is found as it stands, whatever words it cuts through, so only what no boundary judges is certain.
            kept = [part for part in parts if part and not _judged(part) and not any(map(str.isascii, part))]
            return [tuple(Claim(wanted=True, node=Phrase(part, part, node.at), scope=scope) for part in kept)]
    return [()]


def _listed(parts: list[list[Way] | None]) -> list[Way] | None:
    known = [way for part in parts if part is not None for way in part]
    return None if None in parts or len(known) > WAYS else known


def _joined(parts: list[list[Way] | None]) -> list[Way] | None:
    ways: list[Way] = [()]
    for part in parts:
        if part is None or len(ways) * len(part) > WAYS:
            return None
        ways = [(*first, *second) for first, second in product(ways, part)]
    return ways


def _blocked(way: Way) -> Clash | None:
    asked = [claim for claim in way if claim.wanted]
    denied = [claim for claim in way if not claim.wanted]
    clashes = (Clash(a.node, d.node) for a in asked for d in denied if _forbids(d, a))
    others = (Clash(a.node, b.node) for a in asked for b in asked if _two_sources(a.node, b.node))
    return next(clashes, None) or next(others, None)


def _forbids(denied: Claim, asked: Claim) -> bool:
    first, second = asked.node, denied.node
    if isinstance(first, Meta) or isinstance(second, Meta):
        return first == second
    if not asked.scope <= denied.scope:
        return False
    if first.folded == second.folded:
        return True
    return not _judged(second.folded) and covers(second.folded, first.folded)


def _judged(folded: str) -> bool:
    """Whether a hit of it may be dropped because it cuts through words."""
    return 2 <= len(folded) <= LONGEST_JUDGED and not any(map(str.isascii, folded))


def _two_sources(first: Node, second: Node) -> bool:
    if not (isinstance(first, Meta) and isinstance(second, Meta)):
        return False
    return first.name == second.name != "tag" and first.folded != second.folded
