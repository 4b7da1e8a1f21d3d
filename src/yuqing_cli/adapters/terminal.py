"""The terminal: the only room with rich.

Nothing that a source wrote is ever handed to rich as markup: lines are built from ``Text`` objects, so that ``[bold]`` in a title is six
characters. Colour and links are for terminals; a pipe gets plain text of the same words, 80 columns wide.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.cells import cell_len, get_character_cell_size
from rich.console import Console
from rich.rule import Rule
from rich.style import Style
from rich.text import Text

from yuqing_cli.digest.page import Page
from yuqing_cli.i18n import Translate
from yuqing_cli.render.outline import Block, Card, Grid, Item, Line, Para, Run
from yuqing_cli.render.sections import outline
from yuqing_cli.render.wrap import breaks

LEVELS = {"red": "bold red", "orange": "bold dark_orange", "yellow": "bold yellow", "blue": "bold blue"}
STYLES = LEVELS | {"strong": "bold", "dim": "dim", "id": "dim", "hit": "bold underline"}
PIPE_WIDTH = 80
LINE_WIDTH = 120
"""Of running text at most: longer lines are hard to read, however wide the window is."""
WHOLE_WIDTH = 4_000
"""Of a table that a pipe gets uncut: an address of the greatest length that is ever asked, and as much again."""


class Tick(Protocol):
    """Tells who watches that something is done."""

    def __call__(self, name: str = "", advance: int = 1) -> None:
        """``name`` of what is done, and how much that is."""


def console(*, stderr: bool = False) -> Console:
    """A console for the product (stdout) or for remarks (stderr)."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


@contextmanager
def progress(total: int) -> Iterator[Tick]:
    """A bar on stderr that is told what is done, and how much of ``total`` that is."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("{task.fields[name]}", markup=False))
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, name="")

        def tick(name: str = "", advance: int = 1) -> None:
            bar.update(task, advance=advance, name=name[:40])

        yield tick


def digest_text(page: Page, t: Translate, width: int = PIPE_WIDTH) -> str:
    """What a pipe would get, for a file."""
    out = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
    print_digest(page, t, out)
    file = out.file
    return file.getvalue() if isinstance(file, io.StringIO) else ""


def print_digest(page: Page, t: Translate, out: Console | None = None) -> None:
    """Print the digest for reading."""
    out = out or console()
    out.width = min(out.width, LINE_WIDTH)
    drawn = outline(page, t)
    _indented(out, Text(drawn.title, style="bold"), 0)
    _indented(out, Text(drawn.window), 0)
    out.print(Rule(characters="─", style="dim"))
    _indented(out, Text(drawn.bottom, style="bold"), 0)
    _indented(out, Text(drawn.coverage, style="bold yellow" if drawn.alarm else ""), 0)
    if drawn.gap:
        _indented(out, Text(drawn.gap, style="bold yellow"), 0)
    for section in drawn.sections:
        out.print()
        out.print(Text(f"■ {section.title}", style="bold"))
        for block in section.blocks:
            _block(out, block)
    out.print()
    for text in drawn.method:
        _indented(out, Text(text, style="dim"), 0)


def table(
    columns: Iterable[str], rows: Iterable[tuple[str, ...]], *, stderr: bool = False, whole: bool = False
) -> None:
    """A plain table on stdout (or stderr); cells are text, never markup.

    ``whole``: no cell is cut (hosts, addresses); a terminal folds it, a pipe gets lines as long as they have to be.
    """
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        grid.add_column(name, overflow="fold" if whole else "ellipsis")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    out = console(stderr=stderr)
    if whole and not out.is_terminal:
        out.width = WHOLE_WIDTH
    out.print(grid)


def print_lines(lines: Iterable[tuple[str, str, int]]) -> None:
    """(text, style, margin) a line: a level, ``strong``, ``faint`` or no style; wrapped where it is too long."""
    out = console()
    styles = STYLES | {"faint": "dim", "": ""}
    for text, style, margin in lines:
        _indented(out, Text(text, style=styles[style]), margin)


def _indented(out: Console, text: Text, by: int = 3, first: str | None = None) -> None:
    """Folded lines with a margin (``first``: what the first line has instead), and no blanks at their ends."""
    places = breaks(text.plain, max(out.width - by, 10), get_character_cell_size)
    for number, line in enumerate(text.divide(places)):
        line.rstrip()
        margin = " " * by if number or first is None else first
        out.print(Text(margin).append_text(line), soft_wrap=True)


def _block(out: Console, block: Block) -> None:
    match block:
        case Para(line):
            _indented(out, _text(out, line), 2)
        case Item(head, details):
            _indented(out, _text(out, head), 5, first="  " if head[0].text[:1].isdigit() else "- ")
            for detail in details:
                _indented(out, _text(out, detail), 5)
        case Card():
            _card(out, block)
        case Grid():
            _grid(out, block)


def _card(out: Console, card: Card) -> None:
    """The facts below one another, their names in a column of one width."""
    _indented(out, _text(out, card.head), 0)
    margin = max((cell_len(label) for label, _ in card.facts), default=0) + 5
    for label, line in card.facts:
        first = f"   {label}"
        _indented(out, _text(out, line), margin, first=first + " " * (margin - cell_len(first)))
        for piece in line:
            if piece.url and piece.url != piece.text:
                address(out, " " * margin, piece.url)


def _grid(out: Console, grid: Grid) -> None:
    """Columns as wide as their widest cell, numbers to the right; the first is cut so that the row fits."""
    rows = [tuple(Text(name, style="dim") for name in grid.columns)]
    rows += [tuple(_text(out, cell) for cell in row) for row in grid.rows]
    widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    widths[0] = min(widths[0], max(out.width - sum(widths[1:]) - 2 * len(widths), 8))
    for row in rows:
        line = Text("  ")
        for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
            cell.truncate(width, overflow="ellipsis")
            blank = " " * (width - cell.cell_len)
            line.append_text(Text(blank).append_text(cell) if i else cell.append(blank)).append("  ")
        line.rstrip()
        out.print(line, soft_wrap=True)


def _text(out: Console, line: Line) -> Text:
    """A line in its colours; links only where a terminal can follow them."""
    text = Text()
    for piece in line:
        text.append(piece.text, style=_style(piece, linked=out.is_terminal))
    return text


def _style(piece: Run, *, linked: bool) -> Style:
    style = Style.parse(STYLES.get(piece.emphasis, ""))
    return style + Style(link=piece.url) if piece.url and linked else style


def address(out: Console, before: str, url: str) -> None:
    """An address on a line of its own, never broken: one that is cut cannot be opened."""
    text = Text(before if url else before.rstrip(), style="dim")
    text.append(url, style=f"link {url}" if url and out.is_terminal else "")
    out.print(text, soft_wrap=True)
