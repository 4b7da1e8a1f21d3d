"""What strangers wrote, made fit to be shown: one line, no controls, no mountains of marks, and links that are addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yuqing_cli.text import clean_line
from yuqing_cli.urls import is_http

TITLE, EXEC_TITLE, EXEC_EXCERPT = 160, 48, 80
"""The longest title that is drawn, in characters: a whole page must not be one headline."""
NAME = 28
"""Of a station, a source, a unit, a word."""

_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
"""Noncharacters: no XML document may hold the last two, and none of them is text."""
_PILED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})[\u0300-\u036f\u0483-\u0489"
                    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
"""More than two marks on one letter: no language needs them, and they run over the lines above."""
_BARS = "▁▂▃▄▅▆▇█"


def shown(text: str, most: int = 0) -> str:
    """A text as one harmless line of at most ``most`` characters (0: as long as it is); "…" says that it was cut."""
    line = _PILED.sub(r"\1", _NO_CHARACTER.sub("", clean_line(text)))
    if not most or len(line) <= most:
        return line
    # A joiner or a mark at the cut would seize the ellipsis.
    return re.sub("[\u200d\ufe0f\u0300-\u036f\\s]+$", "", line[: most - 1]) + "…"


def address(url: str) -> str:
    """An address that may stand in a link; ``""`` for ``javascript:``, for garbage, and for what a control could hide in."""
    return url if url and is_http(url) and shown(url) == url and " " not in url else ""


def spark(counts: Sequence[int]) -> str:
    """A row of bars, one a number; ``""`` where there is nothing to see."""
    most = max(counts, default=0)
    if most <= 0 or len(counts) > 48:
        return ""
    return "".join(_BARS[round(max(n, 0) / most * (len(_BARS) - 1))] for n in counts)


def cells(text: str) -> int:
    """About how wide a text is, in Latin letters."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
