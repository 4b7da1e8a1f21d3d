"""What a page says, block by block, before any format draws it.

``sections.outline`` arranges a digest into these shapes once; the formats only decide how a block looks. So no format
says more, less or something else than another one, and an exec page cannot disagree with the desk's.

All text in here is harmless (``safe.shown``) and all addresses may be linked (``safe.address``);
each format still escapes its own markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from yuqing_cli.models import Level
from yuqing_cli.records import Record

from .safe import address, cells, fitted, shown

Emphasis = Literal["", "strong", "dim", "hit", "id", "red", "orange", "yellow", "blue"]
Key = Literal[
    "act",
    "new",
    "continuing",
    "late",
    "matters",
    "numbers",
    "hot",
    "rising",
    "good",
    "suppressed",
    "coverage",
    "rest",
    "levels",
    "worst",
    "topics",
    "busiest",
    "days",
    "against",
]


class Run(Record):
    """A piece of a line in one manner. ``url`` makes it a link."""

    text: str
    emphasis: Emphasis = ""
    url: str = ""


Line = tuple[Run, ...]
ROOM = 34
"""How many lines a sheet of A4 has room for in letters of the usual size, besides headings and figures."""


class Para(Record):
    """One sentence. ``key`` says which one it is, where a format has a drawing of the same (``hours``)."""

    line: Line
    key: str = ""


class Item(Record):
    """One entry of a list: a head, and lines below it. ``id`` is the event's, for anchors."""

    head: Line
    details: tuple[Line, ...] = ()
    id: str = ""


class Card(Record):
    """One event in full: a head, and facts as label and value."""

    id: str
    level: Level
    head: Line
    facts: tuple[tuple[str, Line], ...]


class Grid(Record):
    """A small table. The first column names the row; ``numeric`` ones are numbers. ``key`` says which one it is."""

    key: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    numeric: bool = True


Block = Para | Item | Card | Grid


class Section(Record):
    """A heading and what stands below it."""

    key: Key
    title: str
    blocks: tuple[Block, ...]


class Figure(Record):
    """One of the core numbers; ``change`` against the window before, where that is known."""

    label: str
    value: str
    change: str = ""


class Outline(Record):
    """A page as it is drawn: conclusion first, method last."""

    title: str
    window: str
    gap: str
    bottom: str
    coverage: str
    alarm: bool
    """Whether the coverage is such that the numbers must not be taken for all there was."""
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    method: tuple[str, ...]
    brief: bool = False
    """Whether it must be one sheet of A4, as that for the head of the office must."""

    @property
    def crowded(self) -> bool:
        """Whether it is printed smaller, so that a brief one is one sheet with the longest texts, too."""
        return self.brief and _lines(self) > ROOM


def run(text: str, emphasis: Emphasis = "", url: str = "", most: int = 0, room: int = 0) -> Run:
    """A piece that is safe to draw, of at most so many characters, or cells."""
    return Run(fitted(text, room) if room else shown(text, most), emphasis, address(url))


def line(*pieces: Run | str) -> Line:
    """A line of pieces; bare text is our own words or already harmless. Empty pieces fall out."""
    return tuple(Run(piece) if isinstance(piece, str) else piece for piece in pieces if piece and piece != Run(""))


def plain(pieces: Iterable[Run]) -> str:
    """A line without its manner."""
    return "".join(piece.text for piece in pieces)


def _lines(drawn: Outline) -> int:
    """About how many lines the changing part of a page takes on paper."""
    told = [
        (drawn.title, 46),
        (drawn.bottom, 60),
        (drawn.coverage, 84),
        (drawn.gap, 84),
        *((text, 110) for text in drawn.method),
    ]
    for section in drawn.sections:
        for block in section.blocks:
            if isinstance(block, Card):
                told += [(plain(block.head), 62), *((plain(said), 80) for _, said in block.facts)]
            elif isinstance(block, Para):
                told.append((plain(block.line), 92))
    return sum(1 + cells(text) // width for text, width in told if text)
