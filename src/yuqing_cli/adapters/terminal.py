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

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from yuqing_cli.digest.shapes import Digest, DigestEvent
from yuqing_cli.i18n import Translate
from yuqing_cli.render import words

STYLES = {"red": "bold red", "orange": "bold dark_orange", "yellow": "bold yellow", "blue": "bold blue"}
PIPE_WIDTH = 80
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


def digest_text(digest: Digest, t: Translate, top: int = words.TOP) -> str:
    """What a pipe would get, for a file."""
    out = Console(file=io.StringIO(), width=PIPE_WIDTH, markup=False, highlight=False, emoji=False)
    print_digest(digest, t, top, out)
    file = out.file
    return file.getvalue() if isinstance(file, io.StringIO) else ""


def print_digest(digest: Digest, t: Translate, top: int = words.TOP, out: Console | None = None) -> None:
    """Print the digest for reading."""
    out = out or console()
    main = [event for event in digest.events if not event.late]
    late = [event for event in digest.events if event.late]
    out.print(Text(words.heading(digest, t), style="bold"))
    out.print(Text(words.window_line(digest, t)))
    out.print(Rule(characters="─", style="dim"))
    out.print(Text(words.bottom_line(digest, t), style="bold"))
    _indented(out, Text(words.coverage_line(digest, t)), 0)
    _title(out, t("To act on today"), main[:top])
    for event in main[:top]:
        _full(out, event, t)
    _briefs(out, t("Other events"), main[top:], t)
    _briefs(out, t("Late arrivals"), late, t)
    _coverage(out, digest, t)
    out.print()
    _indented(out, Text(words.method_line(digest, t), style="dim"), 0)


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
    styles = STYLES | {"strong": "bold", "faint": "dim", "": ""}
    for text, style, margin in lines:
        _indented(out, Text(text, style=styles[style]), margin)


def _title(out: Console, title: str, entries: Iterable[object]) -> None:
    if list(entries):
        out.print()
        out.print(Text(f"■ {title}", style="bold"))


def _indented(out: Console, text: Text, by: int = 3) -> None:
    """Wrapped lines with a margin, and no blanks at their ends (which padding would leave in a pipe)."""
    for line in text.wrap(out, out.width - by):
        line.rstrip()
        out.print(Text(" " * by).append_text(line), soft_wrap=True)


def _badge(event: DigestEvent, t: Translate) -> Text:
    return Text(f"[{t(words.LEVELS[event.level])} {event.score:.0f}]", style=STYLES[event.level])


def _full(out: Console, event: DigestEvent, t: Translate) -> None:
    line = Text(f"{event.rank}. ").append_text(_badge(event, t)).append(" ").append(event.title, style="bold")
    _indented(out, line, 0)
    _indented(out, Text(words.first_report(event, t)))
    if event.excerpt:
        _indented(out, _excerpt(event))
    _indented(out, Text(t("words: {terms}", terms=words.terms_of(event, t))))
    _indented(out, Text(t("why: {reasons}", reasons=words.reasons(event, t)), style="dim"))
    if event.owner:
        _indented(out, Text(t("owner: {owner}", owner=event.owner)))
    for entry in event.links:
        address(out, f"   {entry.post}  ", entry.url)


def _excerpt(event: DigestEvent) -> Text:
    text = Text(f"“{event.excerpt}”")
    text.highlight_words([term for term in event.terms if term], style="bold")
    return text


def address(out: Console, before: str, url: str) -> None:
    """An address on a line of its own, never broken: one that is cut cannot be opened."""
    text = Text(before if url else before.rstrip(), style="dim")
    text.append(url, style=f"link {url}" if url and out.is_terminal else "")
    out.print(text, soft_wrap=True)


def _briefs(out: Console, title: str, events: list[DigestEvent], t: Translate) -> None:
    _title(out, title, events)
    for event in events:
        _indented(out, Text(f"{event.rank}. ").append_text(_badge(event, t)).append(f" {event.title}"), 0)
        where = f"{words.minute(event.first_seen)} {event.links[0].source}  {event.links[0].post}"
        _indented(out, Text(where, style="dim"))


def _coverage(out: Console, digest: Digest, t: Translate) -> None:
    sources = digest.coverage.sources
    _title(out, t("Coverage"), sources)
    trouble = [source for source in sources if not source.fully_seen]
    for source in trouble:
        _indented(out, Text(source.name, style="bold").append(t(": ") + words.source_line(source, t)))
    good = [source for source in sources if source.fully_seen]
    if good:
        _indented(out, Text(words.healthy_line(good, t)))
