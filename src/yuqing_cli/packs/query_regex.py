"""A regular expression whose cost is known before it runs.

Principle. Python's ``re`` backtracks and has no time limit: ``(a+)+b`` on thirty letters takes minutes, and one such rule would
stop a desk. So a pattern is read here, its worst case is counted, and what could run away is refused with the reason.

Theory. A matcher that backtracks tries, at each place of the text, at most as many ways as the pattern has: one for a
character, the product over a sequence, the sum over alternatives, ``p**m + … + p**n`` for ``{m,n}`` over something with ``p`` ways.
With every repetition bounded (``*`` and ``+`` repeat at most ``OPEN_END`` times, as ``*`` in a term holds at most ten characters)
the number of ways is finite; it may be at most ``WAYS``, so the cost is linear in the length of the text. The count takes
alternatives for overlapping when they are not: ``(a|b)*`` is refused, ``[ab]*`` is not.

The pattern is applied to the normal form, so it is folded too: each literal by itself (folding the pattern as a string would
make ``\\s`` of ``\\S`` and a group of a full-width parenthesis). A blank stands for an optional one, because the normal form has
none between Han characters. Groups capture nothing.

Tried and dropped: refusing only nested repetitions, as is often advised. ``a*a*a*a*b`` has none and is of the fourth power; ``(a|a)*``
has none and is exponential.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from yuqing_cli.i18n import mark
from yuqing_cli.records import Record, replace
from yuqing_cli.text import fold

from .query_nodes import rarity

LENGTH = 200
"""Characters of a pattern."""
REPEATS = 100
"""The most that anything may repeat."""
OPEN_END = 30
"""How often ``*``, ``+`` and ``{2,}``, which name no end, repeat at the most."""
WAYS = 1000
"""The most ways that may be tried at one place of the text: two ``.*`` in a pattern, not three.

The worst pattern found, ``(a|a|a)`` six times, takes 3 s for 200,000 times ``a``; ``停.*水.*区`` for as much of 停水停水… 0.1 s.
"""
WIDTH = 500
"""The most characters that one match may have."""
DEPTH = 20

_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})(\??)")
_GROUP = re.compile(r"\((\?(?::|=|!|<=|<!)?)?")
_CODE = re.compile(r"u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})")
_CLASSES = "dwsDWS"
_EDGES = "bB"


class RegexError(ValueError):
    """A pattern that is refused, and where (from 0)."""

    def __init__(self, text: str, at: int, **values: object) -> None:
        super().__init__(text)
        self.text, self.at, self.values = text, at, values


class Piece(Record):
    """A part of a pattern that has been read: what to compile, how wide it is, and how many ways there are through it."""

    pattern: str
    least: int = 0
    most: int = 0
    ways: int = 1
    varies: bool = False
    """A repetition without a fixed count is in it."""
    literal: str = ""
    """The text that it is, where it is just that."""
    anchors: frozenset[str] | None = None
    """One of these is in all that it matches."""
    repeats: bool = True
    """Whether it may be repeated at all."""


def read(pattern: str) -> Piece:
    """The pattern, vetted, folded and bounded.

    Raises:
        RegexError: it is empty, too long, not well formed, could match nothing, or could run away.

    """
    if len(pattern) > LENGTH:
        raise RegexError(mark("the pattern is longer than {most} characters"), LENGTH, most=LENGTH)
    reader = _Reader(pattern)
    piece = reader.alternatives(0)
    if reader.at < len(pattern):
        raise RegexError(mark("nothing was opened that this parenthesis could close"), reader.at)
    if piece.least == 0:
        raise RegexError(mark("the pattern matches the empty text, that is, everything"), 0)
    return piece


class _Reader:
    """Reads one pattern, left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def alternatives(self, depth: int) -> Piece:
        if depth > DEPTH:
            raise RegexError(mark("parentheses are nested more than {most} deep"), self.at, most=DEPTH)
        start = self.at
        found = [self._sequence(depth)]
        while self._next() == "|":
            self.at += 1
            if found[-1].least == 0:
                raise RegexError(mark("one of the alternatives matches the empty text"), start)
            start = self.at
            found.append(self._sequence(depth))
        if len(found) == 1:
            return found[0]
        if found[-1].least == 0:
            raise RegexError(mark("one of the alternatives matches the empty text"), start)
        return self._bounded(_either(found), start)

    def _sequence(self, depth: int) -> Piece:
        start = self.at
        pieces: list[Piece] = []
        while self._next() not in {"", "|", ")"}:
            pieces.append(self._repeated(self._atom(depth)))
        return self._bounded(_sequence(pieces), start)

    def _bounded(self, piece: Piece, at: int) -> Piece:
        if piece.ways > WAYS:
            raise RegexError(mark("the pattern has too many ways to match: it would run away"), at)
        if piece.most > WIDTH:
            raise RegexError(mark("one match could be longer than {most} characters"), at, most=WIDTH)
        return piece

    def _atom(self, depth: int) -> Piece:
        char, start = self._next(), self.at
        if char == "(":
            return self._group(depth)
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char in "*+?{":
            raise RegexError(mark("there is nothing before {char} that it could repeat"), start, char=char)
        self.at += 1
        if char in "^$":
            return Piece(char, repeats=False)
        if char == ".":
            return Piece(char, 1, 1)
        return self._blank() if char.isspace() else self._literal(char, start)

    def _blank(self) -> Piece:
        return Piece(" ", 1, 1) if _QUANTIFIER.match(self.pattern, self.at) else Piece(" ?", 0, 1, 2, varies=True)

    def _literal(self, char: str, at: int) -> Piece:
        folded = fold(char)
        if not folded:
            raise RegexError(mark("the character {char} has no normal form"), at, char=ascii(char)[1:-1])
        pattern = re.escape(folded) if len(folded) == 1 else f"(?:{re.escape(folded)})"
        return Piece(pattern, len(folded), len(folded), literal=folded)

    def _group(self, depth: int) -> Piece:
        start = self.at
        opening = _GROUP.match(self.pattern, start)
        kind = (opening and opening[1]) or "?:"
        if kind == "?":
            raise RegexError(mark("only (…), (?:…), (?=…), (?!…), (?<=…) and (?<!…) are known here"), start)
        self.at = opening.end() if opening else start
        inner = self.alternatives(depth + 1)
        if self._next() != ")":
            raise RegexError(mark("this parenthesis is not closed"), start)
        self.at += 1
        pattern = f"({kind}{inner.pattern})"
        if kind == "?:":
            return replace(inner, pattern=pattern, literal="")
        if kind in {"?<=", "?<!"} and (inner.varies or inner.least != inner.most):
            raise RegexError(mark("what is looked for behind must have one width"), start)
        return Piece(pattern, ways=inner.ways, repeats=False)

    def _escape(self) -> Piece:
        start, char = self.at, self.pattern[self.at + 1 : self.at + 2]
        if char in _CLASSES and char:
            self.at += 2
            return Piece(f"\\{char}", 1, 1)
        if char in _EDGES and char:
            self.at += 2
            return Piece(f"\\{char}", repeats=False)
        if char == "n":
            self.at += 2
            return Piece("\\n", 1, 1, literal="\n")
        char = self._escaped()
        return self._blank() if char.isspace() else self._literal(char, start)

    def _escaped(self) -> str:
        """The character that an escape stands for."""
        start = self.at
        char = self.pattern[start + 1 : start + 2]
        if code := _CODE.match(self.pattern, start + 1):
            self.at = code.end()
            return chr(int(code[1] or code[2], 16))
        if not char:
            raise RegexError(mark("nothing follows the backslash"), start)
        if char.isdigit():
            raise RegexError(mark("a pattern cannot refer back to a group"), start)
        if char.isascii() and char.isalpha():
            raise RegexError(mark("the escape {escape} is not known here"), start, escape=f"\\{char}")
        self.at += 2
        return char

    def _class(self) -> Piece:
        start = self.at
        self.at += 1
        negated = self._next() == "^"
        self.at += negated
        members: list[str] = []
        while self._next() != "]":
            if not self._next():
                raise RegexError(mark("this bracket is not closed"), start)
            members.append(self._member())
        self.at += 1
        if not members:
            raise RegexError(mark("there is nothing between the brackets"), start)
        return Piece(f"[{'^' if negated else ''}{''.join(members)}]", 1, 1)

    def _member(self) -> str:
        start = self.at
        if self._next() == "\\" and (char := self.pattern[start + 1 : start + 2]) and char in _CLASSES + "n":
            self.at += 2
            return f"\\{char}"
        low = self._single()
        if self._next() != "-" or self.pattern[self.at + 1 : self.at + 2] in {"", "]"}:
            return re.escape(self._folded(low, start))
        self.at += 1
        high = self._single()
        # The ends of 一-龥 are places in a table, not words: only letters and digits are folded.
        ends = [folded if (folded := fold(end)).isascii() and len(folded) == 1 else end for end in (low, high)]
        if ends[0] > ends[1]:
            raise RegexError(mark("the range {low}-{high} runs backwards"), start, low=low, high=high)
        return "-".join(re.escape(end) for end in ends)

    def _single(self) -> str:
        if self._next() == "\\":
            return self._escaped()
        self.at += 1
        return self.pattern[self.at - 1]

    def _folded(self, char: str, at: int) -> str:
        folded = " " if char == " " else fold(char)
        if len(folded) != 1:
            raise RegexError(mark("the character {char} cannot stand between brackets"), at, char=ascii(char)[1:-1])
        return folded

    def _repeated(self, piece: Piece) -> Piece:
        start = self.at
        if self._next() not in {"*", "+", "?", "{"}:
            return piece
        quantifier = _QUANTIFIER.match(self.pattern, start)
        if not quantifier or quantifier[1] in {"{}", "{,}"}:
            raise RegexError(mark("a repetition is written {example}; a literal brace \\{{"), start, example="{2,5}")
        self.at = quantifier.end()
        least, most = _counts(quantifier)
        if most > REPEATS or least > most:
            raise RegexError(mark("a repetition ends at {most} at the most"), start, most=REPEATS)
        if self._next() in {"*", "+", "?", "{"} or (piece.varies and most > 1):
            raise RegexError(mark("a repetition of a repetition would run away"), start)
        if not piece.repeats:
            raise RegexError(mark("there is nothing before {char} that it could repeat"), start, char=quantifier[0])
        return self._bounded(_repeat(piece, least, most, quantifier[5]), start)


def _counts(quantifier: re.Match[str]) -> tuple[int, int]:
    sign, low, comma, high = quantifier.group(1, 2, 3, 4)
    if sign in {"*", "+", "?"}:
        return int(sign == "+"), 1 if sign == "?" else OPEN_END
    # int() refuses a number of 4,301 digits; a pattern has at most 200 characters.
    least = int(low or 0)
    return least, (int(high) if high else max(OPEN_END, least)) if comma else least


def _repeat(piece: Piece, least: int, most: int, lazy: str) -> Piece:
    # Group what is longer than one atom; a group in a group costs nothing.
    pattern = f"(?:{piece.pattern}){{{least},{most}}}{lazy}"
    ways = 0
    for count in range(least, most + 1):
        ways = min(ways + min(piece.ways**count, WAYS + 1), WAYS + 1)
    anchors = (frozenset({piece.literal}) if piece.literal else piece.anchors) if least else None
    return Piece(pattern, piece.least * least, piece.most * most, ways, piece.varies or least != most, anchors=anchors)


def _sequence(pieces: Iterable[Piece]) -> Piece:
    ways, least, most, varies = 1, 0, 0, False
    pattern, run = "", ""
    choices: list[frozenset[str]] = []
    alone = True
    for piece in pieces:
        ways = min(ways * piece.ways, WAYS + 1)
        least, most, varies = least + piece.least, most + piece.most, varies or piece.varies
        pattern += piece.pattern
        if piece.literal:
            run += piece.literal
            continue
        alone = False
        choices += [frozenset({run})] if run else []
        choices += [piece.anchors] if piece.anchors else []
        run = ""
    choices += [frozenset({run})] if run else []
    anchors = max(choices, key=rarity, default=None)
    return Piece(pattern, least, most, ways, varies, run if alone else "", anchors)


def _either(pieces: list[Piece]) -> Piece:
    known = [piece.anchors for piece in pieces if piece.anchors is not None]
    return Piece(
        "|".join(piece.pattern for piece in pieces),
        min(piece.least for piece in pieces),
        max(piece.most for piece in pieces),
        sum(piece.ways for piece in pieces),
        any(piece.varies for piece in pieces),
        anchors=frozenset().union(*known) if len(known) == len(pieces) else None,
    )
