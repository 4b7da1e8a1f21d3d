"""What a query is once it is read, and the error of one that cannot be.

Nodes compare by what they ask for; ``at`` (where they begin in the query, from 0) is left out of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from yuqing_cli.errors import UsageError

FieldName = Literal["title", "text"]
MetaName = Literal["source", "tag", "tier"]
FIELD_NAMES: tuple[FieldName, ...] = ("title", "text")
META_NAMES: tuple[MetaName, ...] = ("source", "tag", "tier")
GAP = 10
"""Characters that ``*`` in a term holds at the most."""


class QueryError(UsageError):
    """A query that is refused. ``at`` is the place in the query, from 0; ``line`` and ``column`` count from 1.

    ``text`` and ``hint`` are message ids whose holes ``values`` fills.
    """

    def __init__(self, text: str, query: str, at: int, hint: str = "", /, **values: object) -> None:
        super().__init__(text, **values)
        self.hint = hint
        self.at = at
        self.line = query.count("\n", 0, at) + 1
        self.column = at - query.rfind("\n", 0, at)


@dataclass(frozen=True, slots=True)
class Term:
    """A literal. ``text`` is as it was written, ``folded`` what is searched for."""

    text: str
    folded: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A literal in quotation marks."""

    text: str
    folded: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Wild:
    """A term with wildcards: ``parts[0] gap parts[1] gap …``, folded. A gap is the least and the most characters that it holds.

    ``停*水?`` has the parts 停, 水 and "" and the gaps (0, 10) and (1, 1).
    """

    text: str
    parts: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]
    at: int = field(default=0, compare=False)

    @property
    def anchor(self) -> str:
        """The longest part: no match without it."""
        return max(self.parts, key=len)


Leaf: TypeAlias = Term | Phrase | Wild


@dataclass(frozen=True, slots=True)
class Near:
    """One of ``left`` and one of ``right`` in one field, not overlapping, at most ``distance`` normalised characters between."""

    left: tuple[Leaf, ...]
    right: tuple[Leaf, ...]
    distance: int
    ordered: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """``text`` is as it was written, ``pattern`` what is compiled: folded and bounded. One of ``anchors`` is in every match."""

    text: str
    pattern: str
    anchors: frozenset[str] | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """Everything below looks at one field only."""

    name: FieldName
    node: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of the post's source is exactly ``folded``."""

    name: MetaName
    text: str
    folded: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    nodes: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    nodes: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    node: Node
    at: int = field(default=0, compare=False)


Node: TypeAlias = Term | Phrase | Wild | Near | Regex | Field | Meta | And | Or | Not


def rarity(anchors: frozenset[str]) -> tuple[int, int]:
    """Which set of texts is found less often, by a guess: the one whose shortest text is longer, then the smaller set."""
    return min(map(len, anchors), default=0), -len(anchors)
