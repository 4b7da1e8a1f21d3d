"""Days that stand above the items and not in them: lists under a heading for each day, or for each month with bare days in the items.

A heading counts for the links that follow it, up to the next one. One that says a whole day is believed only where the items stand
under several of them: 今天是2026年8月21日 at the top of a page says nothing of the list below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from .markup import Node, Tree, one_line

_MAX_HEAD = 40
_MAX_NODES = 200_000
_MONTH = re.compile(r"\W*((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})(?:月份?)?\W*")
_WHOLE_DAY = re.compile(
    r"\W*((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?\W*(?:(?:星期|周)[一二三四五六日天])?\W*"
)


def days_above(anchors: Sequence[Node | None], bare_days: Sequence[str]) -> list[str]:
    """For each item the day that the headings before it say, with its own bare day (``20``) where they say a month only; else ``""``."""
    heads = _heads(anchors)
    several = len({head for head in heads if len(head) == len(("year", "month", "day"))}) > 1
    found = []
    for head, day in zip(heads, bare_days, strict=True):
        if len(head) == len(("year", "month")) and day:
            found.append("-".join((*head, day)))
        else:
            found.append("-".join(head) if several and len(head) == len(("year", "month", "day")) else "")
    return found


def says_months(tree: Tree) -> bool:
    """Whether a heading of the page says a month and no day."""
    body = tree.body
    nodes = islice(body.traverse(include_text=True), _MAX_NODES) if body is not None else ()
    return any(len(_said(node)) == len(("year", "month")) for node in nodes if node.tag == "-text")


def _heads(anchors: Sequence[Node | None]) -> list[tuple[str, ...]]:
    """The last heading before each link: (year, month), (year, month, day), or nothing."""
    first = next((anchor for anchor in anchors if anchor is not None), None)
    if first is None:
        return [() for _ in anchors]
    wanted = {anchor.mem_id for anchor in anchors if anchor is not None}
    root = first
    while root.parent is not None:
        root = root.parent
    seen: dict[int, tuple[str, ...]] = {}
    head: tuple[str, ...] = ()
    for node in islice(root.traverse(include_text=True), _MAX_NODES):
        if node.tag == "-text":
            head = _said(node) or head
        elif node.mem_id in wanted:
            seen[node.mem_id] = head
    return [seen.get(anchor.mem_id, ()) if anchor is not None else () for anchor in anchors]


def _said(node: Node) -> tuple[str, ...]:
    text = node.text_content or ""
    if len(text) > 2 * _MAX_HEAD or len(text := one_line(text)) > _MAX_HEAD:
        return ()
    found = _WHOLE_DAY.fullmatch(text) or _MONTH.fullmatch(text)
    return found.groups() if found else ()
