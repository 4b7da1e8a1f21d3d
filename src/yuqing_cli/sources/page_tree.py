"""What ``page_detect`` asks of the tree: how an element is named among its siblings, the path to it, whose ground it stands on.

Everything is kept by element identity, so a page of 5,000 links under one another costs each ancestor once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from .markup import Node

MAX_CLIMB = 60
"""Levels that are looked at above a link. Honest pages have 15 to 30."""
_MAX_GAP = 6
_MAX_SIBLINGS = 500
_MAX_CLASSES = 6
_ALIKE_FROM = 4
_ALIKE_SHARE = 0.6
_MAX_CELLS = 2
_REPEATING = frozenset(("li", "tr", "td", "dd", "dt", "tbody", "p"))
_FORMATS = frozenset(("b", "strong", "font", "em", "i", "u", "big", "small", "mark"))
_STATE = re.compile(
    r"^(?:odd|even|alt|first|last|active|current|cur|on|off|hover|new|hot|top|common|lock|visited|read|unread|bold|red|highlight|"
    r"selected|clearfix|clear|fl|fr)$"
)
_NUMBER = re.compile(r"\d+")


def climb(node: Node) -> Iterator[Node]:
    """The ancestors of an element from its parent up to below ``body``, bounded."""
    above = node.parent
    for _ in range(MAX_CLIMB):
        if above is None or above.tag in ("body", "html", "-document"):
            return
        yield above
        above = above.parent


class Paths:
    """The way down to an element as a number: alike elements of alike parents have the same."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._numbers: dict[tuple[int, str], int] = {}
        self._siblings: dict[tuple[int, str], frozenset[str] | None] = {}

    def of(self, node: Node) -> int:
        """The number of the path of an element."""
        unknown = []
        number = 0
        for each in (node, *climb(node)):
            known = self._known.get(each.mem_id)
            if known is not None:
                number = known
                break
            unknown.append(each)
        for each in reversed(unknown):
            name = self._name(each)
            if name:
                number = self._numbers.setdefault((number, name), len(self._numbers) + 1)
            self._known[each.mem_id] = number
        return number

    def _name(self, node: Node) -> str:
        """Tag and classes; ``""`` for what only formats, since a headline in red is still one of the list."""
        tag = node.tag or ""
        own = _classes(node)
        if tag in _FORMATS or (tag == "span" and not own):
            return ""
        shared = self._shared(node, tag)
        if shared is not None:
            own = own & shared
        return f"{tag}.{'.'.join(sorted(own))}"

    def _shared(self, node: Node, tag: str) -> frozenset[str] | None:
        """The classes that mark the kind, not the state, of an element with many siblings of its tag; ``None``: all its own."""
        parent = node.parent
        if parent is None:
            return None
        key = parent.mem_id, tag
        if key not in self._siblings:
            self._siblings[key] = _common(
                [_classes(each) for each in islice(parent.iter(), _MAX_SIBLINGS) if each.tag == tag], tag
            )
        return self._siblings[key]


class Columns:
    """The columns of the table cells around an element, innermost first: the cells of one column hold one kind of thing."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, node: Node) -> tuple[int, ...]:
        """The columns of the two nearest cells; shorter where there are fewer."""
        cells = islice((each for each in climb(node) if each.tag in ("td", "th")), _MAX_CELLS)
        return tuple(self._column(cell) for cell in cells)

    def _column(self, cell: Node) -> int:
        if cell.mem_id not in self._known and cell.parent is not None:
            row = (each for each in cell.parent.iter() if each.tag in ("td", "th"))
            self._known |= {each.mem_id: number for number, each in enumerate(row)}
        return self._known.get(cell.mem_id, 0)


def _classes(node: Node) -> frozenset[str]:
    words = (node.attributes.get("class") or "").lower().split(None, _MAX_CLASSES)[:_MAX_CLASSES]
    return frozenset(kept for word in words if not _STATE.match(word) and (kept := _NUMBER.sub("", word).strip("-_")))


def _common(siblings: Sequence[frozenset[str]], tag: str) -> frozenset[str] | None:
    if len(siblings) < _ALIKE_FROM:
        return None
    counts = Counter(word for each in siblings for word in each)
    common = frozenset(word for word, count in counts.items() if count >= _ALIKE_SHARE * len(siblings))
    return common if common or tag in _REPEATING else None


def grounds(anchors: Sequence[Node]) -> list[Node]:
    """For each link of a list the largest element that holds no other link of it: the item."""
    holders: Counter[int] = Counter()
    for anchor in anchors:
        holders.update(each.mem_id for each in climb(anchor))
    return [_ground(anchor, holders, len(anchors)) for anchor in anchors]


def _ground(anchor: Node, holders: Counter[int], links: int) -> Node:
    ground = anchor
    for above in climb(anchor):
        if holders[above.mem_id] > 1 or links == 1:
            break
        ground = above
    return ground


def between(grounds_: Sequence[Node], *, after: bool) -> list[tuple[Node, ...]]:
    """For each item what stands between it and the next (or, not ``after``, the one before): where flat lists put their dates.

    Beyond the last item only as much counts as stands behind the others.
    """
    taken = {node.mem_id for node in grounds_}
    gaps = [_gap(node, taken, after=after) for node in grounds_]
    closed = [len(nodes) for nodes, stopped in gaps if stopped]
    usual = max(closed, default=0)
    return [nodes if stopped else nodes[:usual] for nodes, stopped in gaps]


def _gap(node: Node, taken: set[int], *, after: bool) -> tuple[tuple[Node, ...], bool]:
    found: list[Node] = []
    each = node.next if after else node.prev
    while each is not None and len(found) < _MAX_GAP:
        if each.mem_id in taken:
            return tuple(found), True
        found.append(each)
        each = each.next if after else each.prev
    return tuple(found), False
