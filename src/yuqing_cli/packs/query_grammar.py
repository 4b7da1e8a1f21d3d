"""From the text of a query to its nodes (the only room with lark).

Three steps: the text is cut into tokens, the tokens are looked over (parentheses pair, fields are known), and the parser gets
them one by one, so that a fault is told by what stands where, at its column, and never as a list of the parser's states.

Chinese input methods write full-width parentheses, colons and letters. Outside quotation marks and patterns these count as their
ASCII forms, character by character, so columns stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias, cast

from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from lark.exceptions import VisitError

from yuqing_cli.i18n import mark
from yuqing_cli.validate import nearest

from . import query_leaves
from .query_leaves import NEAR_EXAMPLE, QUOTE_HINT
from .query_nodes import (
    FIELD_NAMES,
    META_NAMES,
    And,
    Field,
    FieldName,
    Leaf,
    MetaName,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    QueryError,
    Term,
    Wild,
)

DEPTH = 50
"""Parentheses in parentheses."""
DISTANCE = 100
"""The largest distance of NEAR."""
TERMS = 1000
"""Terms, phrases and patterns of one query."""

_GRAMMAR = r"""
?start: either
?either: both (OR both)*
?both: part (AND? part)*
?part: NOT atom -> negation
     | atom
     | STRAY
?atom: _LPAR either _RPAR
     | FIELD bound -> field
     | META TERM -> meta_term
     | META PHRASE -> meta_phrase
     | bound_leaf
?bound: _LPAR either _RPAR
      | bound_leaf
?bound_leaf: leaf
           | REGEX -> regex
           | NEAR _LPAR operand _COMMA operand _COMMA TERM _RPAR -> near
?leaf: TERM -> term
     | PHRASE -> phrase
operand: unit (OR unit)*
?unit: leaf
     | _LPAR operand _RPAR

FIELD.5: /[^\s()"“”,、:*?\/]+:/
NEAR.4: /O?NEAR(?=\s*\()/
AND.4: /AND(?![^\s()"“”,、:])/
OR.4: /OR(?![^\s()"“”,、:])/
NOT.4: /NOT(?![^\s()"“”,、:])/
PHRASE.3: /"[^"]*"|[“”][^”]*”/
REGEX.3: /\/(?:\\.|[^\/\\\n])*\/(?=[\s()]|$)/
TERM.2: /[^\s()"“”,、:\/][^\s()"“”,、:]*/
_LPAR: "("
_RPAR: ")"
_COMMA: /[,、]/
STRAY: /["“”:\/]/
%ignore /\s+/
%declare META
"""

_ASCII_FORMS = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: 0x20}

_OPERATORS = frozenset({"AND", "OR", "NOT"})


@cache
def _lark() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)


def read(query: str) -> Node:
    """The nodes of a query that is not empty.

    Raises:
        QueryError: with the place of the first fault.

    """
    text = query.translate(_ASCII_FORMS)
    tokens = _Tokens(query, _lark().lex(text)).checked
    parser = _lark().parse_interactive()
    previous: Token | None = None
    for token, in_near in tokens:
        try:
            parser.feed_token(token)
        except UnexpectedToken:
            raise _unexpected(query, previous, token, in_near=in_near) from None
        previous = token
    try:
        tree = parser.feed_token(Token("$END", "", len(query)))
    except UnexpectedToken:
        raise _unexpected(query, previous, Token("$END", "", len(query)), in_near=False) from None
    try:
        return _Builder(query).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None


def _at(token: Token) -> int:
    return token.start_pos or 0


class _Tokens:
    """The tokens that the parser gets, and for each whether it stands inside of a NEAR."""

    def __init__(self, query: str, found: Iterable[Token]) -> None:
        self.query = query
        self.open: list[tuple[Token, bool]] = []
        self.checked: list[tuple[Token, bool]] = []
        leaves = 0
        for token in found:
            leaves += token.type in {"TERM", "PHRASE", "REGEX"}
            if leaves > TERMS:
                raise QueryError(mark("the query has more than {most} terms"), query, _at(token), most=TERMS)
            self._check(token)
        if self.open:
            raise QueryError(mark("this parenthesis is not closed"), query, _at(self.open[-1][0]))

    def _check(self, token: Token) -> None:
        if token.type == "STRAY":
            raise self._stray(token)
        if token.type == "FIELD":
            token = self._field(token)
        inside = any(near for _, near in self.open)
        if token.type == "_LPAR":
            self._opened(token)
        elif token.type == "_RPAR":
            self._closed(token)
        self.checked.append((token, inside))

    def _opened(self, token: Token) -> None:
        if len(self.open) == DEPTH:
            text = mark("parentheses are nested more than {most} deep")
            raise QueryError(text, self.query, _at(token), most=DEPTH)
        self.open.append((token, bool(self.checked) and self.checked[-1][0].type == "NEAR"))

    def _closed(self, token: Token) -> None:
        if not self.open:
            text = mark("nothing was opened that this parenthesis could close")
            raise QueryError(text, self.query, _at(token))
        self.open.pop()

    def _stray(self, token: Token) -> QueryError:
        sign = str(token)
        if sign == ":":
            return QueryError(mark("nothing stands before the colon"), self.query, _at(token), QUOTE_HINT)
        if sign == "/":
            text = mark("a pattern is written /…/ with a blank or a parenthesis after it")
            return QueryError(text, self.query, _at(token), QUOTE_HINT)
        return QueryError(mark("the quotation mark is not closed"), self.query, _at(token))

    def _field(self, token: Token) -> Token:
        """A field under the kind of field that it is."""
        name = token[:-1].casefold()
        if name in META_NAMES:
            return token.update(type="META")
        if name in FIELD_NAMES:
            return token
        near = nearest(name, (*FIELD_NAMES, *META_NAMES))
        hint = mark("did you mean {near}?") if near else QUOTE_HINT
        text = mark("there is no field {name}; known here: {names}")
        names = " ".join(f"{known}:" for known in (*FIELD_NAMES, *META_NAMES))
        raise QueryError(text, self.query, _at(token), hint, name=token[:-1], near=f"{near}:", names=names)


def _unexpected(query: str, previous: Token | None, token: Token, *, in_near: bool) -> QueryError:
    """What is wrong with a token that the parser did not expect, by what stands before it."""
    before, found = (previous.type if previous else ""), token.type
    known = _after_operator(query, previous, token) if previous is not None and before in _OPERATORS else None
    if known is not None:
        return known
    if in_near:
        return _in_near(query, token)
    if previous is not None and before in {"FIELD", "META"}:
        return _after_field(query, previous, token)
    if found in _OPERATORS:
        return QueryError(mark("nothing stands before {operator}"), query, _at(token), operator=str(token))
    if found == "_RPAR" and previous is not None:
        return QueryError(mark("there is nothing between the parentheses"), query, _at(previous))
    if found == "_COMMA":
        hint = mark("write OR or AND, or put the text in quotation marks")
        return QueryError(mark("a comma stands only between the parts of NEAR"), query, _at(token), hint)
    return QueryError(mark("{token} cannot stand here"), query, _at(token), token=str(token))


def _after_operator(query: str, previous: Token, token: Token) -> QueryError | None:
    if token.type == previous.type == "OR":
        return QueryError(mark("an alternative is empty"), query, _at(token))
    if token.type in _OPERATORS:
        text = mark("{first} and {second} cannot stand side by side")
        return QueryError(text, query, _at(token), first=str(previous), second=str(token))
    if token.type in {"$END", "_RPAR", "_COMMA"}:
        return QueryError(mark("nothing follows {operator}"), query, _at(previous), operator=str(previous))
    return None


def _after_field(query: str, previous: Token, token: Token) -> QueryError:
    if token.type in {"$END", "_RPAR", "_COMMA", *_OPERATORS}:
        return QueryError(mark("nothing follows {operator}"), query, _at(previous), operator=str(previous))
    if token.type in {"FIELD", "META"}:
        text = mark("{second} cannot stand inside {first}")
        return QueryError(text, query, _at(token), first=str(previous), second=str(token))
    text = mark("{field} takes one name; write {field} before each, with OR between them")
    return QueryError(text, query, _at(token), field=str(previous))


def _in_near(query: str, token: Token) -> QueryError:
    if token.type in {"$END", "_RPAR", "_COMMA", "OR"}:
        return QueryError(mark("NEAR is written {example}"), query, _at(token), example=NEAR_EXAMPLE)
    text = mark("the parts of NEAR are terms or quoted phrases, with OR between them")
    hint = mark("NEAR is written {example}")
    return QueryError(text, query, _at(token), hint, example=NEAR_EXAMPLE)


_Part: TypeAlias = Node | Token | tuple[Leaf, ...]


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Makes nodes; what is well formed and yet senseless is refused here, at its token."""

    def __init__(self, query: str) -> None:
        super().__init__()
        self.query = query

    def either(self, *parts: _Part) -> Node:
        return _joined(parts, Or)

    def both(self, *parts: _Part) -> Node:
        return _joined(parts, And)

    def negation(self, sign: Token, node: Node) -> Node:
        return Not(node, _at(sign))

    def field(self, name: Token, node: Node) -> Node:
        return Field(cast("FieldName", name[:-1].casefold()), node, _at(name))

    def meta_term(self, name: Token, value: Token) -> Node:
        return self._meta(name, self._raw(value), value)

    def meta_phrase(self, name: Token, value: Token) -> Node:
        return self._meta(name, self._raw(value)[1:-1], value)

    def operand(self, *parts: _Part) -> tuple[Leaf, ...]:
        return tuple(_leaves(parts))

    def near(self, sign: Token, left: tuple[Leaf, ...], right: tuple[Leaf, ...], distance: Token) -> Node:
        if not re.fullmatch(r"[0-9]{1,9}", distance) or int(distance) > DISTANCE:
            text = mark("the distance of NEAR is a number from 0 to {most}")
            raise QueryError(text, self.query, _at(distance), most=DISTANCE)
        return Near(left, right, int(distance), sign == "ONEAR", _at(sign))

    def term(self, token: Token) -> Leaf:
        return query_leaves.term(self.query, token, _at(token))

    def phrase(self, token: Token) -> Leaf:
        return query_leaves.phrase(self.query, self._raw(token), _at(token))

    def regex(self, token: Token) -> Node:
        return query_leaves.regex(self.query, self._raw(token), _at(token))

    def _meta(self, name: Token, text: str, value: Token) -> Node:
        key = cast("MetaName", name[:-1].casefold())
        return query_leaves.meta(self.query, key, text, _at(name), _at(value))

    def _raw(self, token: Token) -> str:
        return self.query[_at(token) : _at(token) + len(token)]


def _joined(parts: tuple[_Part, ...], kind: type[And | Or]) -> Node:
    """``(a OR b) OR c`` is ``a OR b OR c``, and ``a OR a`` is ``a``."""
    nodes = tuple(dict.fromkeys(_flat(parts, kind)))
    return kind(nodes, nodes[0].at) if len(nodes) > 1 else nodes[0]


def _flat(parts: tuple[_Part, ...], kind: type[And | Or]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.nodes
        elif not isinstance(part, Token | tuple):
            yield part


def _leaves(parts: tuple[_Part, ...]) -> Iterator[Leaf]:
    for part in parts:
        if isinstance(part, tuple):
            yield from part
        elif isinstance(part, Term | Phrase | Wild):
            yield part
