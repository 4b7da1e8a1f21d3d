"""What strangers wrote, made fit to be shown: one line, no controls, no mountains of marks, and links that are addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from yuqing_cli.text import clean_line
from yuqing_cli.urls import is_http

TITLE = 160
"""The longest title that is drawn, in characters: a whole page must not be one headline."""
NAME = 28
"""Of a station, a source, a unit, a word."""
EXEC_TITLE, EXEC_EXCERPT, EXEC_LINE, EXEC_NAME = 84, 160, 72, 28
"""What the page for the head of the office has room for, in cells (a Chinese character takes two): of a headline, of an excerpt, of what
the desk wrote, of a name. They are cut before anything is drawn, so that all formats say the same; numbers, levels and ids never are."""

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
    return _ended(line[: most - 1])


def fitted(text: str, room: int) -> str:
    """A text as one harmless line that takes at most so many cells; "…" says that it was cut."""
    line = shown(text)
    if cells(line) <= room:
        return line
    taken = accumulate(map(cells, line), initial=cells("…"))
    return _ended(line[: next(place for place, used in enumerate(taken) if used > room) - 1])


def _ended(text: str) -> str:
    """What was cut, with its ellipsis, which a joiner or a mark at the cut would seize."""
    return re.sub("[\u200d\ufe0f\u0300-\u036f\\s]+$", "", text) + "…"


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
