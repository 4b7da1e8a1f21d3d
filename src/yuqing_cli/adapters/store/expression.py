"""From a query to an expression of the full-text index: what narrows a search to the posts that are worth reading.

Principle. The index may only ever leave out what cannot be an answer. So every node is put as something that *must* be in the index for
the node to hold, and beside it stands whether that is all there is to it. Where it is (terms, phrases, AND, OR, NOT and fields over them)
the index answers alone; where it is not, each candidate is read and judged (``packs.query_find``); where there is nothing to look up,
every post is.

Theory. A phrase of overlapping pairs stands exactly where its text stands (``store.search``). Necessary conditions are closed under AND
(what cannot be told is left out) and under OR (only if every alternative can be told), and not under NOT: the opposite of a necessary
condition is no necessary condition. So an exclusion is looked up only where its inside is exact, and otherwise left to the judge.

    停*水, NEAR(停水, 小区, 10)     their literals: places and distances are judged
    /停水\\d+小时/                   one of the literals without which it cannot hold
    source: tag: tier:              nothing: the index holds texts only
    ■                               never indexed; a term with it is looked up by its other parts
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from yuqing_cli.enrich.mask import MASK
from yuqing_cli.packs.query_nodes import And, Field, Meta, Near, Node, Not, Or, Phrase, Regex, Term, Wild

from .search import phrase


class Expression(NamedTuple):
    """``match`` is for ``search MATCH ?``; None where the index cannot narrow the search. ``exact``: it needs no judge."""

    match: str | None
    exact: bool


UNKNOWN = Expression(None, exact=False)


def compiled(node: Node, column: str = "") -> Expression:
    """What the index is asked for a query. ``column`` is the field that is looked at: title, text, or (empty) both."""
    match node:
        case Term(folded=folded) | Phrase(folded=folded):
            return _literal(folded, column)
        case Field(name=name, node=inner):
            return compiled(inner, name)
        case And(nodes=nodes):
            return _every(nodes, column)
        case Or(nodes=nodes):
            return _either([compiled(each, column) for each in nodes])
        case Wild(parts=parts):
            return _judged(_all(_literal(part, column) for part in _telling(parts)))
        case Near(left=left, right=right):
            sides = (_either([compiled(each, column) for each in side]) for side in (left, right))
            return _judged(_all(sides))
        case Regex(anchors=anchors):
            return _judged(_either([_literal(each, column) for each in sorted(anchors or ())]))
        case Not() | Meta():
            return UNKNOWN


def _literal(folded: str, column: str) -> Expression:
    parts = [part for part in folded.split(MASK) if part]
    where = f"{column} : " if column else ""
    known = _all(Expression(f"{where}{phrase(part)}", exact=True) for part in parts)
    return known if MASK not in folded else _judged(known)


def _telling(parts: Sequence[str]) -> list[str]:
    """The parts of a wildcard that leave out most: single characters stand almost everywhere."""
    return [part for part in parts if len(part) > 1] or [part for part in parts if part]


def _judged(known: Expression) -> Expression:
    return Expression(known.match, exact=False)


def _every(nodes: Sequence[Node], column: str) -> Expression:
    wanted = _all(compiled(node, column) for node in nodes if not isinstance(node, Not))
    denied = [compiled(node.node, column) for node in nodes if isinstance(node, Not)]
    exact = wanted.exact and all(known.exact for known in denied)
    sure = [known.match for known in denied if known.exact]
    if wanted.match is None or not sure:
        return Expression(wanted.match, exact)
    return Expression(f"({wanted.match} NOT ({' OR '.join(map(str, sure))}))", exact)


def _all(each: Iterable[Expression]) -> Expression:
    held = list(each)
    known = [expression.match for expression in held if expression.match is not None]
    if not known:
        return UNKNOWN
    return Expression(_grouped(" AND ", known), all(expression.exact for expression in held))


def _either(held: Sequence[Expression]) -> Expression:
    known = [expression.match for expression in held if expression.match is not None]
    if not known or len(known) < len(held):
        return UNKNOWN
    return Expression(_grouped(" OR ", known), all(expression.exact for expression in held))


def _grouped(operator: str, known: Sequence[str]) -> str:
    return known[0] if len(known) == 1 else f"({operator.join(known)})"
