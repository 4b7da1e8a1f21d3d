"""What is drawn with rich: the digest in colours, tables, bars, and the answer to a search."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len, get_character_cell_size
from rich.console import Console
from rich.filesize import decimal
from rich.rule import Rule
from rich.style import Style
from rich.text import Text

from yuqing_cli.i18n import Translate
from yuqing_cli.render.text import Piece, folded
from yuqing_cli.text import clean_line

from . import PIPE_WIDTH

if TYPE_CHECKING:
    from yuqing_cli.findings import Found, Shown

LEVELS = {"red": "bold red", "orange": "bold dark_orange", "yellow": "bold yellow", "blue": "bold blue"}
STYLES = LEVELS | {
    "strong": "bold",
    "dim": "dim",
    "faint": "dim",
    "id": "dim",
    "hit": "bold underline",
    "found": "bold reverse",
    "alarm": "bold yellow",
}
LONGEST_TITLE = 200
NARROWEST = 12
"""Columns of a table that are narrower on average are not readable."""
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


def paint(out: Console, lines: Iterable[Sequence[Piece]]) -> None:
    """Print styled lines. In one piece: rich takes as long for a line as for a page."""
    styles = {name: Style.parse(style) for name, style in STYLES.items()}

    def style(piece: Piece) -> Style:
        found = styles.get(piece.style, Style.null())
        return found + Style(link=piece.url) if piece.url and out.is_terminal else found

    painted = (Text.assemble(*((piece.text, style(piece)) for piece in line)) for line in lines)
    out.print(Text("\n").join(painted), soft_wrap=True)


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


def size(count: int) -> str:
    """A number of bytes as people read it: ``987.1 kB``."""
    return decimal(count)


def print_lines(lines: Iterable[tuple[str, str, int]]) -> None:
    """(text, style, margin) a line: a level, ``strong``, ``faint`` or no style; wrapped where it is too long."""
    out = console()
    for text, style, margin in lines:
        _indented(out, [Piece(text, style)], margin)


def print_found(found: Found, t: Translate, zone: tzinfo) -> None:
    """Print the answer to a search for reading."""
    out = console()
    head = t("found: {total}", total=f"{found.total:,}")
    if len(found.shown) < found.total:
        head = t("found: {total}, here the first {count}", total=f"{found.total:,}", count=len(found.shown))
    out.print(Text(head, style="bold"))
    for number, shown in enumerate(found.shown, start=1):
        _found(out, number, shown, zone)


def _found(out: Console, number: int, shown: Shown, zone: tzinfo) -> None:
    post = shown.post
    _indented(out, [Piece(f"{number}. "), *_highlighted(_clipped(post.title), shown.matched, "found")], 0)
    at = (post.published_at or post.first_seen).astimezone(zone)
    _indented(out, [Piece(f"{at:%Y-%m-%d %H:%M} {_clipped(post.source)}  {post.id}", "dim")])
    if shown.excerpt:
        _indented(out, _highlighted(f"“{clean_line(shown.excerpt)}”", shown.matched, "strong"))
    if post.url:
        address(out, "   ", post.url)


def _clipped(text: str) -> str:
    """A title is one line of a few; some are whole articles."""
    text = clean_line(text)
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE] + "…"


def pointer(query: str, line: int, column: int) -> tuple[str, str]:
    """The line of a query, and under it a sign below the column (from 1) that a fault is at; cut to what a terminal is wide."""
    text = query.split("\n")[line - 1].replace("\t", " ")
    first = max(0, column - 1 - PIPE_WIDTH // 4)
    shown = text[first : column - 1 + PIPE_WIDTH // 4]
    return "  " + shown, "  " + " " * cell_len(text[first : column - 1]) + "^"


def _indented(out: Console, line: list[Piece], by: int = 3) -> None:
    """Folded lines with a margin."""
    paint(out, folded(line, out.width, get_character_cell_size, by))


def _highlighted(text: str, words: Iterable[str], style: str) -> list[Piece]:
    """A text with these words set off."""
    wanted = "|".join(re.escape(clean_line(word)) for word in words if word.strip())
    if not wanted:
        return [Piece(text)]
    return [Piece(part, style if at % 2 else "") for at, part in enumerate(re.split(f"({wanted})", text)) if part]


def address(out: Console, before: str, url: str) -> None:
    """An address on a line of its own, never broken: one that is cut cannot be opened."""
    text = Text(before if url else before.rstrip(), style="dim")
    text.append(url, style=Style(link=url) if url and out.is_terminal else "")
    out.print(text, soft_wrap=True)


def answer(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """What an SQL statement gave, as a table; as one block a row where the columns do not fit side by side."""
    texts = [tuple("" if value is None else clean_line(str(value)) for value in row) for row in rows]
    names = [clean_line(column) for column in columns]
    if len(columns) * NARROWEST > console().width and console().is_terminal:
        _blocks(names, texts)
    else:
        table(names, texts, whole=not console().is_terminal)


def _blocks(names: Sequence[str], rows: Iterable[tuple[str, ...]]) -> None:
    out, width = console(), max(map(cell_len, names), default=0)
    for number, row in enumerate(rows, start=1):
        out.print(Rule(str(number), align="left", characters="─", style="dim"))
        for name, cell in zip(names, row, strict=True):
            line = Text(name + " " * (width - cell_len(name)) + "  ", style="bold").append(
                _clipped(cell), style="not bold"
            )
            out.print(line, soft_wrap=True)
