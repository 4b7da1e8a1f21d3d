"""The way out of what is written for readers: a file, a pipe or a terminal; what can be wrong with it is said before anything is made."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

if TYPE_CHECKING:
    from yuqing_cli.render.outline import Outline

t = i18n.choose()
Template = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help=t("A Word document whose styles and letterhead are used (docx).")),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help=t("Write to a file instead of stdout."))
]


def check_template(name: str, template: Path | None) -> None:
    """Raise ``UsageError`` where there is a template for a format that has none."""
    if template and name != "docx":
        raise UsageError("--template is for --format docx")


def drawn_to(
    name: str, render: Callable[..., str | bytes], template: Path | None, output: Path | None
) -> Callable[[Any, i18n.Translate], None]:
    """What draws a report in a format and writes it."""
    from yuqing_cli.adapters import files
    from yuqing_cli.render import paper
    from yuqing_cli.render.formats import BINARY, require

    if name in BINARY and output is None and sys.stdout.isatty():
        raise UsageError("{name} is no text for a terminal: name a file with -o, or pipe it", name=name)
    require(name)
    if template:
        body = files.read_bytes(template)
        paper.check(body)
        render = partial(render, template=body)

    def write(made: Any, words: i18n.Translate) -> None:
        pieces = [render(made, words)]
        files.write(output, pieces) if output else files.write_out(pieces)

    return write


def printed(
    draw: "Callable[[Any, i18n.Translate], Outline]", output: Path | None
) -> Callable[[Any, i18n.Translate], None]:
    """What draws a report as lines of text and prints or writes them."""
    from yuqing_cli.adapters import files
    from yuqing_cli.adapters.terminal.page import page_text, print_page

    def write(made: Any, words: i18n.Translate) -> None:
        drawn = draw(made, words)
        files.write(output, [page_text(drawn)]) if output else print_page(drawn)

    return write
