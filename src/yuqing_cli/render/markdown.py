"""The digest as Markdown that 企业微信, 钉钉 and 飞书 show alike: headings, lists and bold only. Their parsers know no tables.

Titles are written by strangers: every character that Markdown could take for markup is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from yuqing_cli.digest.page import Page
from yuqing_cli.i18n import Translate

from .outline import Block, Card, Grid, Item, Line, Outline, Para, Run, plain
from .sections import outline

_MARKUP = re.compile(r"([\\`*_\[\]<>#!|~&])")
_LIST_START = re.compile(r"^(\d+)([.)])|^([-=+])")


_EMPTY_LINES = re.compile(r"\n{3,}")


def escaped(text: str, *, start: bool = False) -> str:
    """Text that no Markdown parser takes for markup. ``start``: it begins a line, where ``1.`` and ``-`` are markup too."""
    text = _MARKUP.sub(r"\\\1", text)
    return (
        _LIST_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)
        if start
        else text
    )


def link(title: str, url: str) -> str:
    """A link, or the title alone where there is no address."""
    if not url:
        return escaped(title)
    address = url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"[{escaped(title)}]({address})"


def render(page: Page, t: Translate) -> str:
    """The whole digest."""
    return draw(outline(page, t), t)


def draw(drawn: Outline, t: Translate) -> str:
    """A page."""
    return _EMPTY_LINES.sub("\n\n", "\n".join(_lines(drawn, t))) + "\n"


def _lines(drawn: Outline, t: Translate) -> Iterable[str]:
    yield from (
        f"# {escaped(drawn.title)}",
        "",
        escaped(drawn.window, start=True),
        "",
        f"**{escaped(drawn.bottom)}**",
        "",
    )
    yield from (f"{'⚠ ' if drawn.alarm else ''}{escaped(drawn.coverage)}", "")
    if drawn.gap:
        yield from (escaped(drawn.gap, start=True), "")
    for section in drawn.sections:
        yield from (f"## {escaped(section.title)}", "")
        for block in section.blocks:
            yield from _block(block, t)
        yield ""
    yield from ("---", "")
    yield from (escaped(text, start=True) for text in drawn.method)


def _block(block: Block, t: Translate) -> Iterable[str]:
    match block:
        case Para(line):
            yield f"- {_inline(line, start=True)}"
        case Item(head, details):
            yield f"- {_inline(head, start=True)}"
            yield from (f"  - {_inline(detail, start=True)}" for detail in details)
        case Card(head=head, facts=facts):
            yield from ("", f"### {_inline(head)}", "")
            label = ""
            for name, line in facts:
                label = name or label
                yield f"- {escaped(label, start=True)}{t(': ')}{_inline(line)}"
        case Grid():
            yield from _rows(block, t)


def _rows(grid: Grid, t: Translate) -> Iterable[str]:
    """A row a line: ``name: posts 12, events 3``."""
    names = grid.columns[1:]
    if grid.columns[0]:
        yield f"- **{escaped(grid.columns[0])}**"
    for first, *cells in grid.rows:
        said = t(", ").join(f"{escaped(name)} {_inline(cell)}" for name, cell in zip(names, cells, strict=True) if cell)
        yield f"{'  ' if grid.columns[0] else ''}- {escaped(plain(first), start=True)}{t(': ')}{said}"


def _inline(line: Line, *, start: bool = False) -> str:
    return "".join(_run(piece, start=start and number == 0) for number, piece in enumerate(line))


def _run(piece: Run, *, start: bool) -> str:
    if piece.url:
        return link(piece.text, piece.url)
    if piece.emphasis == "id":
        return f"`{piece.text.replace('`', '')}`"
    if piece.emphasis == "hit" and piece.text.strip() == piece.text:
        return f"**{escaped(piece.text)}**"
    return escaped(piece.text, start=start)
