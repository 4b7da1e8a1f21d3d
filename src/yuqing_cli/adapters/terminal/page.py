"""Digests and reviews on a terminal, or in a pipe.

Colour and links are for terminals; a pipe gets plain text of the same words, 80 columns wide. For a pipe rich is not even loaded, but
for its table of widths: loading and asking it took a tenth of the digest of a busy day.
"""

from __future__ import annotations

import os
import sys

from rich.cells import cell_len, get_character_cell_size

from yuqing_cli.render.outline import Outline
from yuqing_cli.render.text import lines, plain

from . import LINE_WIDTH, PIPE_WIDTH


def page_text(drawn: Outline, width: int = PIPE_WIDTH) -> str:
    """What a pipe or a file gets of a page."""
    return "".join([f"{plain(line)}\n" for line in lines(drawn, width, cell_len, get_character_cell_size)])


def print_page(drawn: Outline) -> None:
    """Print a page for reading, in colours where somebody can see them."""
    if not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        sys.stdout.write(page_text(drawn))
        return
    from .drawing import console, paint

    out = console()
    paint(out, lines(drawn, min(out.width, LINE_WIDTH), cell_len, get_character_cell_size))
