"""Terms, phrases, patterns and names as they stand in a query, made into nodes; what is well formed and yet senseless is refused here.

``token`` is the text with ASCII signs for full-width ones, of the same length as the raw text at ``at``: signs are looked for in the
one, words are taken from the other.
"""

from __future__ import annotations

import re
from typing import get_args

from yuqing_cli.i18n import mark
from yuqing_cli.models import Tier
from yuqing_cli.text import fold
from yuqing_cli.validate import nearest

from . import query_regex
from .query_nodes import GAP, Leaf, Meta, MetaName, Phrase, QueryError, Regex, Term, Wild

LENGTH = 200
"""Characters of one term or phrase."""
WILDCARDS = 5
"""Wildcards of one term."""
NEAR_EXAMPLE = "NEAR(停水, 小区, 10)"
QUOTE_HINT = mark("put the text in quotation marks to search for it as it stands")

_FOREIGN_SIGNS = {"-": "NOT", "!": "NOT", "+": "AND", "&": "AND", "|": "OR", "~": NEAR_EXAMPLE}
"""How other tools write operators at the beginning of a word: taken literally such a word would never be found."""
_FOREIGN_NEAR = re.compile(r"(?:O?NEAR|W)(?:/\d+.?)?")
_WILDCARDS = re.compile(r"([*?]+)")


def term(query: str, token: str, at: int) -> Leaf:
    """A word that is not quoted, with or without wildcards."""
    _refuse_foreign(query, token, at)
    if _WILDCARDS.search(token):
        return _wild(query, token, at)
    text = query[at : at + len(token)]
    return Term(text, _folded(query, text, at), at)


def phrase(query: str, raw: str, at: int) -> Leaf:
    """A text with its quotation marks."""
    return Phrase(raw[1:-1], _folded(query, raw[1:-1], at), at)


def regex(query: str, raw: str, at: int) -> Regex:
    """A pattern with its slashes."""
    body = raw[1:-1]
    try:
        piece = query_regex.read(body.replace("\\/", "/"))
    except query_regex.RegexError as error:
        # Behind an escaped slash every place stands one further to the right.
        place = error.at
        for escaped in re.finditer(r"\\/", body):
            place += escaped.start() < place
        raise QueryError(error.text, query, at + 1 + place, **error.values) from None
    return Regex(body, piece.pattern, piece.anchors, at)


def meta(query: str, key: MetaName, text: str, at: int, value_at: int) -> Meta:
    """A name of the source, a tag, a tier."""
    folded = _folded(query, text, value_at)
    tiers = get_args(Tier)
    if key == "tier" and folded not in tiers:
        near = nearest(folded, tiers)
        hint = mark("did you mean {near}?") if near else mark("known here: {names}")
        names = ", ".join(tiers)
        raise QueryError(mark("there is no tier {name}"), query, value_at, hint, name=text, near=near, names=names)
    return Meta(key, text, folded, at)


def _folded(query: str, text: str, at: int) -> str:
    if len(text) > LENGTH:
        raise QueryError(mark("a term has at most {most} characters"), query, at, most=LENGTH)
    folded = fold(text).strip()
    if not folded:
        raise QueryError(mark("the term {term} matches everything"), query, at, term=repr(text))
    return folded


def _refuse_foreign(query: str, token: str, at: int) -> None:
    place = 0 if token[0] in _FOREIGN_SIGNS else token.find("|")
    if place >= 0:
        text, sign = mark("{sign} is not an operator here; write {instead}"), token[place]
        raise QueryError(text, query, at + place, QUOTE_HINT, sign=sign, instead=_FOREIGN_SIGNS[sign])
    if _FOREIGN_NEAR.fullmatch(token):
        raise QueryError(mark("NEAR is written {example}"), query, at, example=NEAR_EXAMPLE)


def _wild(query: str, token: str, at: int) -> Wild:
    _check_wildcards(query, token, at)
    parts, gaps, done = [], [], 0
    for run in _WILDCARDS.finditer(token):
        if run[0].count("*") > 1:
            raise QueryError(mark("two * stand side by side"), query, at + run.start())
        parts.append(_folded(query, query[at + done : at + run.start()], at))
        gaps.append((run[0].count("?"), run[0].count("?") + GAP * run[0].count("*")))
        done = run.end()
    text = query[at : at + len(token)]
    parts.append(_folded(query, text[done:], at) if text[done:] else "")
    return Wild(text, tuple(parts), tuple(gaps), at)


def _check_wildcards(query: str, token: str, at: int) -> None:
    if not token.strip("*?"):
        raise QueryError(mark("the term {term} matches everything"), query, at, term=repr(str(token)))
    if token[0] in "*?":
        raise QueryError(mark("a term cannot begin with a wildcard"), query, at)
    if len(re.findall(r"[*?]", token)) > WILDCARDS:
        raise QueryError(mark("a term has at most {most} wildcards"), query, at, most=WILDCARDS)
