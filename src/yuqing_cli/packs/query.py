"""The query language: what a rule asks for when lists of terms do not say enough.

    (停水 OR 断水) AND 小区 NOT 演练         NOT binds tighter than AND, AND tighter than OR; side by side is AND
    "停水通知" title:停水 text:(a OR b)      quoting makes everything literal; a field before a term, a phrase, a parenthesis
    source:青禾日报 tag:"市民 热线" tier:media   the name, a tag or the tier of the post's source, exactly
    NEAR(停水, 小区, 10)  ONEAR(a, b OR c, 0)   at most so many normalised characters between; in either order, in this order
    停*水  停?水                             ``*`` holds up to 10 characters of one sentence, ``?`` exactly one
    /停水\\d+小时/                            a pattern of bounded cost (``query_regex``)

Principle. A rule that does not do what its author thinks is worse than none: it is silent, or it floods the desk. So nothing is
guessed and nothing is ignored. What cannot be read is refused at its column; so is what would fire on a post without any word
in it (nothing but exclusions, an alternative of exclusions, ``*``). Signs of other languages (``-演练``, ``停水|断水``) are refused
with the way to write them here, because taken as words they would never be found. Lower-case ``or`` is a word, and a caution.

Known failures. A contradiction (``a NOT a``) is read, and never fires.

Tried and dropped: the syntax of the database's full-text index (no fields of the source, no distance in characters, and words of two
Chinese characters need tricks there); precedence from left to right without levels, as some monitors have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yuqing_cli.i18n import mark
from yuqing_cli.records import Record

from .query_match import Outcome, Span, about, anchors, evaluate, literals, terms
from .query_nodes import And, Field, Meta, Near, Node, Not, Or, QueryError, Term
from .query_words import explain

__all__ = (
    "LENGTH",
    "Caution",
    "Node",
    "Outcome",
    "QueryError",
    "Span",
    "about",
    "anchors",
    "cautions",
    "evaluate",
    "explain",
    "literals",
    "parse",
    "terms",
)

LENGTH = 10_000
"""Characters of a query."""

_GLUED = re.compile(r"[^\x00-\x7f](AND|OR|NOT)[^\x00-\x7f]")


def parse(text: str) -> Node:
    """Read a query.

    Raises:
        QueryError: with the place of the first fault.

    """
    if len(text) > LENGTH:
        raise QueryError(mark("the query is longer than {most} characters"), text, LENGTH, most=LENGTH)
    if not text.strip():
        raise QueryError(mark("the query is empty"), text, 0)
    from . import query_grammar  # lark takes 70 ms to import, and most stations have no query

    node = query_grammar.read(text)
    _check_fields(node, text, None)
    _check_positive(node, text)
    return node


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(nodes=nodes) | Or(nodes=nodes):
            return nodes
        case Not(node=inner) | Field(node=inner):
            return (inner,)
        case Near(left=left, right=right):
            return (*left, *right)
    return ()


def _check_fields(node: Node, text: str, outer: Field | None) -> None:
    if isinstance(node, Field | Meta):
        if outer:
            message = mark("{second} cannot stand inside {first}")
            raise QueryError(message, text, node.at, first=f"{outer.name}:", second=f"{node.name}:")
        outer = node if isinstance(node, Field) else None
    for child in _children(node):
        _check_fields(child, text, outer)


def _check_positive(node: Node, text: str) -> None:
    """A query that holds where there is nothing at all consists of exclusions, or has an alternative that does."""
    if not _holds_on_nothing(node):
        return
    guilty = node
    while isinstance(guilty, Or | Field):
        guilty = next(child for child in _children(guilty) if _holds_on_nothing(child))
    if guilty is node:
        message = mark("the query has nothing but exclusions: it would hit everything else")
    else:
        message = mark("this alternative has nothing but exclusions: it would hit everything else")
    raise QueryError(message, text, guilty.at)


def _holds_on_nothing(node: Node) -> bool:
    match node:
        case And(nodes=nodes):
            return all(map(_holds_on_nothing, nodes))
        case Or(nodes=nodes):
            return any(map(_holds_on_nothing, nodes))
        case Not(node=inner):
            return not _holds_on_nothing(inner)
        case Field(node=inner):
            return _holds_on_nothing(inner)
    return False


class Caution(Record):
    """What is unwise in a query that can be read: message ids with holes, and the place of it."""

    text: str
    hint: str
    at: int
    values: tuple[tuple[str, object], ...] = ()


def cautions(node: Node) -> Iterator[Caution]:
    """What its author may not have meant, in the order of the query."""
    if isinstance(node, Term):
        yield from _of_term(node)
    for child in _children(node):
        yield from cautions(child)


def _of_term(term: Term) -> Iterator[Caution]:
    values = (("term", term.text), ("operator", term.folded.upper()))
    if term.folded in {"and", "or", "not", "near", "onear"}:
        text, hint = mark("{term} is a word here, not an operator"), mark("write {operator} if you mean the operator")
        yield Caution(text, hint, term.at, values)
    elif glued := _GLUED.search(term.text):
        text, hint = mark("{term} is one word here"), mark("set blanks around {operator} if you mean the operator")
        yield Caution(text, hint, term.at, (("term", term.text), ("operator", glued[1])))
    elif len(term.folded) == 1:
        text, hint = mark("the term {term} has one character and will hit very often"), mark("use a longer term")
        yield Caution(text, hint, term.at, values)
