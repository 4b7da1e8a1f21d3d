"""A page as lines of text: what a pipe gets, and what a terminal shows with its colours.

Lines are pieces with the name of a style; what a style looks like, and how many cells a character takes, is the terminal's to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from yuqing_cli.records import Record, replace

from .outline import Block, Card, Grid, Item, Line, Outline, Para
from .wrap import breaks


class Piece(Record):
    """A part of a line: an emphasis of the outline, or ``alarm``; ``url`` where it leads somewhere."""

    text: str
    style: str = ""
    url: str = ""


Pieces = list[Piece]
Cells = Callable[[str], int]
"""How many cells a text takes on the screen."""


def lines(drawn: Outline, width: int, cells: Cells, size: Cells) -> Iterator[Pieces]:
    """The whole page, line by line, at most ``width`` cells wide but for addresses. ``size``: the cells of a single character."""
    return _Lines(width, cells, size).of(drawn)


def plain(line: Iterable[Piece]) -> str:
    """A line without its styles."""
    return "".join([piece.text for piece in line])


_RANK = re.compile(r"\d+\. ")
"""What an event of a list begins with; anything else, a source named 12345热线 too, gets a dash."""


class _Lines:
    """Draws an outline."""

    def __init__(self, width: int, cells: Cells, size: Cells) -> None:
        self.width, self._cells, self._size = width, cells, size

    def of(self, drawn: Outline) -> Iterator[Pieces]:
        """The whole page."""
        alarm = "alarm" if drawn.alarm else ""
        yield from self._folded([Piece(drawn.title, "strong")])
        yield from self._folded([Piece(drawn.window)])
        yield [Piece("─" * self.width, "dim")]
        for text, style in ((drawn.bottom, "strong"), (drawn.coverage, alarm), (drawn.gap, "alarm")):
            yield from self._folded([Piece(text, style)]) if text else ()
        for section in drawn.sections:
            yield []
            yield [Piece(f"■ {section.title}", "strong")]
            for block in section.blocks:
                yield from self._block(block)
        yield []
        for text in drawn.method:
            yield from self._folded([Piece(text, "dim")])

    def _block(self, block: Block) -> Iterator[Pieces]:
        match block:
            case Para(line):
                yield from self._folded(_pieces(line), 2)
            case Item(head, details):
                yield from self._folded(_pieces(head), 5, "  " if _RANK.fullmatch(head[0].text) else "- ")
                for detail in details:
                    yield from self._folded(_pieces(detail), 5)
            case Card():
                yield from self._card(block)
            case Grid():
                yield from self._grid(block)

    def _card(self, card: Card) -> Iterator[Pieces]:
        """The facts below one another, their names in a column of one width; an address whole on a line of its own."""
        yield from self._folded(_pieces(card.head), 3, "")
        margin = max((self._cells(label) for label, _ in card.facts), default=0) + 5
        for label, line in card.facts:
            first = f"   {label}"
            yield from self._folded(_pieces(line), margin, first + " " * (margin - self._cells(first)))
            for piece in line:
                if piece.url and piece.url != piece.text:
                    yield [Piece(" " * margin), Piece(piece.url, "dim", piece.url)]

    def _grid(self, grid: Grid) -> Iterator[Pieces]:
        """Columns as wide as their widest cell, numbers to the right; the first is cut so that the row fits."""
        rows = [tuple([Piece(name, "dim")] for name in grid.columns)]
        rows += [tuple(map(_pieces, row)) for row in grid.rows]
        widths = [max(self._cells(plain(cell)) for cell in column) for column in zip(*rows, strict=True)]
        widths[0] = min(widths[0], max(self.width - sum(widths[1:]) - 2 * len(widths), 8))
        for first, *others in rows:
            cut = self._cut(first, widths[0])
            row = [Piece("  "), *cut, Piece(" " * (widths[0] - self._cells(plain(cut))))]
            for cell, width in zip(others, widths[1:], strict=True):
                row += (Piece("  " + " " * (width - self._cells(plain(cell)))), *cell)
            yield _stripped(row)

    def _cut(self, line: Pieces, most: int) -> Pieces:
        """A line of at most so many cells; "…" says that it was cut."""
        text = plain(line)
        if self._cells(text) <= most:
            return line
        held = 0
        while self._cells(text[: held + 1]) < most:
            held += 1
        return [*_divided(line, [held])[0], Piece("…", line[-1].style)]

    def _folded(self, line: Pieces, by: int = 0, first: str | None = None) -> Iterator[Pieces]:
        return folded(line, self.width, self._size, by, first)


def folded(line: Pieces, width: int, size: Cells, by: int = 0, first: str | None = None) -> Iterator[Pieces]:
    """Lines with a margin (``first``: what the first one has instead), and no blanks at their ends."""
    places = breaks(plain(line), max(width - by, 10), size)
    margin = [Piece(" " * by)] if by else []
    for number, part in enumerate(_divided(line, places)):
        yield [*(margin if number or first is None else [Piece(first)]), *_stripped(part)]


def _pieces(line: Line) -> Pieces:
    return [Piece(run.text, run.emphasis, run.url) for run in line]


def _divided(line: Pieces, places: Iterable[int]) -> list[Pieces]:
    """The line in parts that begin at these offsets (and at its beginning)."""
    parts: list[Pieces] = [[]]
    wanted, done = [*places], 0
    for piece in line:
        text = piece.text
        while wanted and wanted[0] < done + len(text):
            at = wanted.pop(0) - done
            parts[-1].append(replace(piece, text=text[:at]))
            parts.append([])
            text, done = text[at:], done + at
        parts[-1].append(replace(piece, text=text))
        done += len(text)
    return parts


def _stripped(line: Pieces) -> Pieces:
    """The line without blanks at its end."""
    line = list(line)
    while line and not line[-1].text.strip():
        line.pop()
    if line:
        line[-1] = replace(line[-1], text=line[-1].text.rstrip())
    return line
