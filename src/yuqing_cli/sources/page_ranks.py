"""Rankings: lists whose items are numbered, which is how a list of hot words differs from a menu.

Both are lists of very short links; no length of text tells them apart. Numbers do: the text of each item begins with one more
than the one before. A pinned item without a number is let pass. Rankings numbered by pictures or by style sheets are not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from .markup import Node, one_line
from .page_select import inside

_MOSTLY = 0.8
_NUMBER = re.compile(r"(?:第|No\.?\s?|TOP\s?)?0?(\d{1,3})(?:名|[.、:：])?", re.IGNORECASE)
_MAX_CHARS = 20


def ranks(roots: Sequence[Node]) -> list[str]:
    """The rank of each item, ``""`` where it shows none; empty where the items are not numbered one after the other."""
    found = [_rank(root) for root in roots]
    numbers = [int(each) for each in found if each]
    steps = sum(one + 1 == other for one, other in pairwise(numbers))
    if len(numbers) < _MOSTLY * len(found) or not numbers or numbers[0] > 1 or steps < _MOSTLY * (len(numbers) - 1):
        return []
    return found


def _rank(root: Node) -> str:
    """The number that the item begins with, before or in its link."""
    for each in inside(root):
        if each.tag != "-text":
            continue
        text = one_line((each.text_content or "")[:_MAX_CHARS])
        if text:
            found = _NUMBER.fullmatch(text)
            return found[1] if found else ""
    return ""
