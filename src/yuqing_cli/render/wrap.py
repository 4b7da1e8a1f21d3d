"""Where lines may end in text of both scripts (禁则): rich breaks at blanks and, in Chinese, anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yuqing_cli.text import is_han

STOP_WITHIN = 8
"""A line rather ends at a stop, if that costs less than this share of its width: words of Chinese cannot be seen in the text."""
_STOPS = frozenset("。；！？，")
_NEVER_FIRST = frozenset("，。、；：！？）】》」』”’…—·%％,.;:!?)]}°℃")
_NEVER_LAST = frozenset("（【《「『“‘([{#￥$")


def breaks(text: str, width: int, size: Callable[[str], int]) -> list[int]:
    """Offsets at which new lines begin, so that none is wider than ``width`` cells (``size``: the cells of one character).

    No line begins with a closing mark or ends with an opening one, and a number stays with what it counts, wherever there is another
    place in the line to end it.
    """
    sizes = [*map(size, text)]
    if sum(sizes) <= width:
        return []
    found: list[int] = []
    start = used = 0
    for i, cells in enumerate(sizes):
        used += cells
        if used > width and i > start and text[i] != " ":
            start = _place(text, sizes, start, i, width)
            found.append(start)
            used = sum(sizes[start : i + 1])
    return found


def _place(text: str, sizes: Sequence[int], start: int, i: int, width: int) -> int:
    """Where the line that begins at ``start`` ends, when ``text[i]`` does not fit into it any more."""
    cut = next((j for j in range(i, start, -1) if _may_end(text, j)), 0) or _not_inside(text, i, start)
    room = width // STOP_WITHIN
    for j in range(cut, start, -1):
        if text[j - 1] in _STOPS and _may_end(text, j):
            return j
        room -= sizes[j - 1]
        if room < 0:
            break
    return cut


def _may_end(text: str, i: int) -> bool:
    """Whether a line may end before ``text[i]``."""
    before, after = text[i - 1], text[i]
    if after in _NEVER_FIRST or after == " " or before in _NEVER_LAST or _joined(text, i):
        return False
    if before == " ":
        return not (i > 1 and text[i - 2].isdigit() and (is_han(after) or after.isdigit()))
    if before.isdigit():
        return False
    return is_han(before) or is_han(after) or (before in _NEVER_FIRST and ord(before) > 0x2000)


def _joined(text: str, i: int) -> bool:
    """Whether ``text[i]`` belongs to the character before it: a mark, a joiner, what a joiner joins."""
    return (
        text[i - 1] == "\u200d"
        or text[i] in "\u200d\ufe0f"
        or "\u0300" <= text[i] <= "\u036f"
        or "\U0001f3fb" <= text[i] <= "\U0001f3ff"
    )


def _not_inside(text: str, i: int, start: int) -> int:
    """The offset, or one before it, at which no character is torn."""
    while i > start + 1 and _joined(text, i):
        i -= 1
    return i
