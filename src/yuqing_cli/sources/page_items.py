"""From a page to its items, by the selectors of the settings or by themselves (``page_detect``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from yuqing_cli.errors import SourceError
from yuqing_cli.records import Record

from .markup import Node, Tree
from .page_dates import Dates, bare_day, date_in_address
from .page_detect import around, detect
from .page_heads import days_above, says_months
from .page_select import Layout, attribute, lines, pick, select
from .page_title import headline, uncut, worth

MAX_ITEMS = 2_000
_MOSTLY = 0.5
_MAX_NESTED = 3
_GIVE_UP = 60
"""Items without a date after which none is looked for any more."""
_LEAST_SUMMARY = 20
_SENTENCE = re.compile(r"[，。！？；]|[,.!?;]\s")
_BY_LINE = re.compile(r"^\W*(?:作者|记者|来源|编辑|责编|发布|时间|日期|by\b)", re.IGNORECASE)


class Item(Record):
    """One post as the page shows it; the address as written."""

    title: str
    href: str = ""
    published: datetime | None = None
    refused: bool = False
    """A date was there, where a selector said, and could not be used."""
    summary: str = ""
    rank: str = ""
    heat: str = ""


class _Part(Record):
    """The elements of one item, and its link where it has one."""

    scope: Node
    around: tuple[Node, ...]
    anchor: Node | None
    title: str
    rank: str = ""


def items(tree: Tree, layout: Layout, dates: Dates) -> list[Item]:
    """Everything that the page lists, at most 2,000. Raises ``SourceError`` (``soft``) for a selector that finds nothing,
    and where no selector is given and no list is found.
    """
    if layout.finds_items:
        parts = _by_item(tree, layout) if layout.selectors.get("item") else _by_title(tree, layout, dates)
    else:
        # A list whose days stand half above it looks undated, and four undated links are no list.
        found = detect(tree, dates.near) or (detect(tree, dates.near_or_bare) if says_months(tree) else [])
        parts = [_Part(each.around[0], each.around, each.anchor, each.title, each.rank) for each in found]
    parts = _unnested(parts[:MAX_ITEMS])
    if not parts:
        raise SourceError(
            "soft", "no list was found on this page; name its parts with item, title, link and date, or use its feed"
        )
    return _Reader(layout, dates).items(parts)


def _unnested(parts: Sequence[_Part]) -> list[_Part]:
    """Without those that lie more than three deep in other items: a page that nests 600 of them would be read 600 times."""
    own = {part.scope.mem_id for part in parts}
    depth: dict[int, int] = {}
    return [part for part in parts if _depth(part.scope, own, depth) <= _MAX_NESTED]


def _depth(node: Node, own: set[int], depth: dict[int, int]) -> int:
    """How many items an item lies in. Outer items come first, so the nearest one around it is known."""
    above = node.parent
    while above is not None and above.mem_id not in own:
        above = above.parent
    depth[node.mem_id] = depth.get(above.mem_id, 0) + 1 if above is not None else 0
    return depth[node.mem_id]


def nothing(field: str, selector: str) -> SourceError:
    """The error of a selector that finds nothing."""
    return SourceError("soft", "{field}: nothing on the page matches {selector}", field=field, selector=selector)


def _by_item(tree: Tree, layout: Layout) -> list[_Part]:
    nodes = select(tree, layout.selectors["item"])
    if not nodes:
        raise nothing("item", layout.selectors["item"])
    return [_Part(node, (node,), None, "") for node in nodes[:MAX_ITEMS]]


def _by_title(tree: Tree, layout: Layout, dates: Dates) -> list[_Part]:
    """Without ``item``: the elements that ``title`` (or ``link``) finds in the page, each with the ground that is its own."""
    field = "title" if layout.selectors.get("title") else "link"
    nodes = select(tree, layout.selectors[field])[:MAX_ITEMS]
    if not nodes:
        raise nothing(field, layout.selectors[field])
    titles = [headline(node) for node in nodes]
    near = around(nodes, titles, dates.near)
    return [
        _Part(own[0] if len(own) == 1 else node, own, node, title)
        for node, own, title in zip(nodes, near, titles, strict=True)
    ]


class _Reader:
    """Reads items and remembers which selectors found something."""

    def __init__(self, layout: Layout, dates: Dates) -> None:
        self._layout, self._dates = layout, dates
        self._found: set[str] = set()

    def items(self, parts: Sequence[_Part]) -> list[Item]:
        """The items with a title. Raises ``SourceError`` for a selector of the user's that found nothing in any of them."""
        anchors = [self._anchor(part) for part in parts]
        titles = [self._title(part, anchor) for part, anchor in zip(parts, anchors, strict=True)]
        hrefs = [self._href(part, anchor) for part, anchor in zip(parts, anchors, strict=True)]
        dated = self._published(parts, anchors, titles, hrefs)
        read = [
            Item(
                title,
                href,
                at,
                refused,
                self._summary(part, title),
                self._text(part, "rank") or part.rank,
                self._text(part, "heat"),
            )
            for part, title, href, (at, refused) in zip(parts, titles, hrefs, dated, strict=True)
            if title
        ]
        for field in sorted(self._layout.own - {"item", "next"} - self._found):
            raise nothing(field, self._layout.selectors[field])
        if not read:
            raise nothing("title", self._layout.selectors.get("title", "a"))
        return read

    def _pick(self, part: _Part, field: str) -> tuple[Node, str] | None:
        selector = self._layout.selectors.get(field)
        if not selector:
            return None
        for scope in part.around:
            found = pick(scope, selector) if scope.tag != "-text" else None
            if found:
                self._found.add(field)
                return found
        return None

    def _text(self, part: _Part, field: str) -> str:
        found = self._pick(part, field)
        return found[1] if found else ""

    def _anchor(self, part: _Part) -> Node | None:
        """The link of the item: by its selector, else the title's, else the one most like a headline."""
        if found := self._pick(part, "link"):
            return found[0]
        found = self._pick(part, "title")
        if found and (link := _link_at(found[0])):
            return link
        if part.anchor is not None:
            return _link_at(part.anchor)
        own = [part.scope] if _is_link(part.scope) else []
        links = [node for node in [*own, *part.scope.css("a[href]")[:20]] if _is_link(node)]
        return max(links, key=lambda node: worth(headline(node)), default=None)

    def _title(self, part: _Part, anchor: Node | None) -> str:
        if self._layout.selectors.get("title"):
            found = self._pick(part, "title")
            if not found or not found[1]:
                return ""
            return uncut(anchor, uncut(found[0], found[1])) if anchor is not None else found[1]
        if part.title:
            return part.title
        if anchor is not None and (text := headline(anchor)):
            return text
        return next(iter(lines(part.scope)), "")

    def _href(self, part: _Part, anchor: Node | None) -> str:
        found = self._pick(part, "link")
        if found and found[1] and "@" in self._layout.selectors["link"] and not _is_link(found[0]):
            return found[1]
        return attribute(anchor, "href") if anchor is not None else ""

    def _published(
        self, parts: Sequence[_Part], anchors: Sequence[Node | None], titles: Sequence[str], hrefs: Sequence[str]
    ) -> list[tuple[datetime | None, bool]]:
        """The date of each item and whether one was refused. Found without a selector, dates count where most items have one."""
        if self._layout.selectors.get("date"):
            return [self._named(part) for part in parts]
        found: list[datetime | None] = []
        for part, anchor, title in zip(parts, anchors, titles, strict=True):
            given_up = len(found) >= _GIVE_UP and not any(found[:_GIVE_UP])
            found.append(None if given_up else self._dates.near(part.around, anchor or part.anchor, title))
        if _mostly(found):
            return [(at, False) for at in found]
        found = [self._dates.first([date_in_address(href)]) for href in hrefs]
        if not _mostly(found):
            days = [
                bare_day(part.around, anchor or part.anchor, title)
                for part, anchor, title in zip(parts, anchors, titles, strict=True)
            ]
            above = [self._dates.first([text]) for text in days_above(anchors, days)]
            found = above if _mostly(above) else found
        return [(at, False) for at in found]

    def _named(self, part: _Part) -> tuple[datetime | None, bool]:
        found = self._pick(part, "date")
        if not found or not found[1]:
            return None, False
        at = self._dates.named(*found)
        return at, at is None

    def _summary(self, part: _Part, title: str) -> str:
        """By its selector; else, where the list was found by itself, the longest that is a sentence and more than title or by-line."""
        found = self._pick(part, "summary")
        if found:
            return "\n".join(lines(found[0])) if "@" not in self._layout.selectors["summary"] else found[1]
        if self._layout.finds_items:
            return ""
        shown = (line for node in part.around for line in lines(node))
        texts = [line for line in shown if len(line.replace(title, "", 1)) >= _LEAST_SUMMARY and _SENTENCE.search(line)]
        return max((text for text in texts if text != title and not _BY_LINE.match(text)), key=len, default="")


def _mostly(found: Sequence[datetime | None]) -> bool:
    return sum(at is not None for at in found) >= _MOSTLY * len(found)


def _is_link(node: Node) -> bool:
    return node.tag == "a" and bool(attribute(node, "href"))


def _link_at(node: Node) -> Node | None:
    """The element itself if it is a link, else the link in it, else the one around it."""
    if _is_link(node):
        return node
    inner = next((each for each in node.css("a[href]")[:5] if _is_link(each)), None)
    above = node.parent
    for _ in range(4):
        if inner is not None or above is None:
            return inner
        if _is_link(above):
            return above
        above = above.parent
    return inner
