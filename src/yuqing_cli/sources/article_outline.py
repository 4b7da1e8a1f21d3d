"""A page as the reader meets it: lines of text, each in the blocks that hold it. First half of ``article``.

The tree is walked once, by hand and without recursion, so that a page of a million nodes costs a bounded time and none
of them costs a stack frame. Inline elements melt into their line; block elements, and any element whose class or id
says what it is for, become ``Block`` entries in document order, so a parent always precedes its children and every pass
over the outline is one loop, forwards or backwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .article_names import FURNITURE_PURPOSE, NO_PURPOSE, Purpose, read_names, words
from .markup import Node

MAX_NODES = 150_000
"""What lies beyond is not read: eight times the largest honest page seen, a quarter of a second of work."""

NOT_TEXT = words(
    "script style noscript template iframe object svg math head button select textarea input canvas video audio map"
    " datalist dialog rp rt title meta link"
)
"""Elements whose content is never read."""
_SKIPPED = frozenset((*NOT_TEXT, "-comment", "!doctype"))
_INLINE = frozenset(
    words(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rb ruby s samp"
        " small source span strike strong sub sup time tt u var wbr"
    )
)
_FORMATTING = frozenset(words("b big del em font i ins s strike strong sub sup tt u"))
_CELLS = frozenset(("td", "th"))
"""Those that hold bare, unlinked text make one line a row, so that a timetable is not taken for buttons."""
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "menu"))
_NEVER_FURNITURE = frozenset(("html", "body", "main", "article"))

_DIGIT_RUN = re.compile(r"\d+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE_MARKS = re.compile(r"[，。！？；、：…,;!?]|\.(?=\s|$)")

_APPEAL_SHARE = 0.2
"""Furniture with a smaller share of the page's sentence marks cannot be its text whatever the rest is."""
_BY_LINES_READ = 600
"""Characters (white space included) up to which furniture is read all the same if it seems to hold date or origin."""
_BY_LINES = re.compile(r"(?:19|20)\d\d[-/.年]\s*\d{1,2}|\d[:：]\d\d|[时天]前|来源|來源|[转轉]自|稿源")
_MEASURED_TIMES = 4
_MAX_PRE_LINES = 20_000

_MELTED, _OPENED, _PASSED = range(3)


@dataclass(slots=True)
class Line:
    """One line as it would be shown. ``linked`` and ``chars`` count characters that are not white space."""

    text: str
    block: int
    chars: int
    linked: int
    marks: int
    """Sentence punctuation in it."""


@dataclass(slots=True)
class Block:
    """One block element. ``first`` and ``end`` bound its lines, ``last`` its descendants (both exclusive)."""

    parent: int
    tag: str
    names: str
    """Class and id, lower case, camelCase split with hyphens."""
    furniture: bool
    replies: bool
    first: int
    end: int = 0
    last: int = 0

    @property
    def built(self) -> tuple[str, str]:
        """Tag and names without numbers: blocks that agree in it come from one template."""
        return self.tag, _DIGIT_RUN.sub("", self.names)


@dataclass(slots=True)
class Outline:
    """``blocks[0]`` is the body. Parents precede children; lines are in document order."""

    blocks: list[Block] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class _Walk:
    """The state of one walk: the open blocks, the line being collected, and how much of it stands in links."""

    def __init__(self, root: Node, wanted: str) -> None:
        whole = root.text()
        self.outline = Outline()
        self.open: list[int] = []
        self.pieces: list[str] = []
        self.linked = 0
        self.in_link = 0
        self.in_pre = 0
        self.in_replies = 0
        self.purposes: dict[tuple[str | None, str | None], Purpose] = {}
        self.wanted = wanted
        self.clauses_to_appeal = _APPEAL_SHARE * _count_clauses(whole)
        self.budget = _MEASURED_TIMES * len(whole)

    def enter(self, node: Node, tag: str) -> int:
        """Open a node: ``_MELTED`` into the line, ``_OPENED`` as a block, or ``_PASSED`` over."""
        if tag in _FORMATTING:
            return _MELTED
        names, furniture, replies = self._purpose(node, tag)
        if tag in _INLINE and not (furniture or replies):
            self.in_link += tag == "a"
            return _MELTED
        if self.pieces and tag not in _CELLS:
            self.flush()
        if furniture and not replies and not self.in_replies and self._may_pass(node):
            return _PASSED
        blocks = self.outline.blocks
        parent = self.open[-1] if self.open else -1
        self.open.append(len(blocks))
        blocks.append(Block(parent, tag, names, furniture, replies, len(self.outline.lines)))
        self.in_link += tag == "a"
        self.in_pre += tag == "pre"
        self.in_replies += replies
        return _OPENED

    def leave(self, tag: str, how: int) -> None:
        """Close what ``enter`` opened."""
        if tag == "a":
            self.in_link -= 1
        if how == _MELTED:
            return
        index = self.open.pop()
        closed = self.outline.blocks[index]
        if self.pieces:
            if tag in _CELLS and not (closed.names or self.linked) and index + 1 == len(self.outline.blocks):
                self.pieces.append(" ")
            else:
                self.open.append(index)
                self.flush()
                self.open.pop()
        closed.end = len(self.outline.lines)
        closed.last = len(self.outline.blocks)
        self.in_pre -= tag == "pre"
        self.in_replies -= closed.replies

    def text(self, text: str) -> None:
        """Add a text node to the line. An address that is its own link text is not counted as linked."""
        if text.isspace():
            if self.pieces:
                self.pieces.append(" ")
            return
        if self.in_pre and "\n" in text:
            *ended, text = text.split("\n", _MAX_PRE_LINES)
            for piece in ended:
                self.pieces.append(piece)
                self.flush()
        self.pieces.append(text)
        if self.in_link and not text.startswith("http"):
            self.linked += len("".join(text.split()))

    def flush(self) -> None:
        """End the line."""
        text = " ".join("".join(self.pieces).split())
        if text and self.open:
            chars = len(text) - text.count(" ")
            linked = min(self.linked, chars)
            self.outline.lines.append(Line(text, self.open[-1], chars, linked, _count_marks(text)))
        self.pieces = []
        self.linked = 0

    def _may_pass(self, node: Node) -> bool:
        """Whether furniture needs no reading: no headline in it, too much of it for a date, few sentences.

        Three quarters of the blocks of a page are furniture, so this makes the walk three times faster. What is read
        over and over in nested furniture is bounded by the budget.
        """
        if self.budget <= 0:
            return False
        text = node.text()
        self.budget -= len(text)
        if self.wanted and self.wanted in text:
            return False
        if len(text) <= _BY_LINES_READ and _BY_LINES.search(text):
            return False
        return _count_clauses(text) <= self.clauses_to_appeal

    def _purpose(self, node: Node, tag: str) -> Purpose:
        attributes = node.attributes
        if not attributes:
            return FURNITURE_PURPOSE if tag in _FURNITURE_TAGS else NO_PURPOSE
        key = attributes.get("class"), attributes.get("id")
        known = self.purposes.get(key)
        if known is None:
            known = self.purposes[key] = read_names(key[0] or "", key[1] or "")
        if self.in_pre or tag in _NEVER_FURNITURE:
            return (known[0], False, False)
        if known[1]:
            return known
        style = attributes.get("style")
        hidden = "hidden" in attributes or (style is not None and _HIDDEN.search(style) is not None)
        return (known[0], True, known[2]) if hidden or tag in _FURNITURE_TAGS else known


def outline(root: Node, wanted: str = "") -> Outline:
    """The outline of everything below ``root``, in document order, at most ``MAX_NODES`` nodes of it.

    Large furniture is passed over, unless ``wanted`` (the beginning of the page's title) stands in it.
    """
    walk = _Walk(root, wanted)
    path: list[tuple[Node, str, int]] = []
    node: Node | None = root
    for _ in range(MAX_NODES):
        if node is None:
            break
        tag = node.tag or ""
        child = None
        if tag == "-text":
            walk.text(node.text_content or "")
        else:
            child = _visit(walk, node, tag, path)
        node = child or (node.next if path else None)
        while node is None and path:
            parent, tag, how = path.pop()
            walk.leave(tag, how)
            node = parent.next if path else None
    while path:
        _, tag, how = path.pop()
        walk.leave(tag, how)
    _mark_teasers(walk.outline)
    return walk.outline


def _count_marks(text: str) -> int:
    return len(_SENTENCE_MARKS.findall(text))


def _count_clauses(text: str) -> int:
    return text.count("，") + text.count("。") + text.count(", ") + text.count(". ")


def _mark_teasers(page: Outline) -> None:
    """Furniture, too: three or more alike blocks, each a linked headline with at most a short text."""
    headlines = [0] * len(page.blocks)
    texts = [0] * len(page.blocks)
    for line in page.lines:
        headlines[line.block] += line.chars >= 8 and line.linked * 2 > line.chars
        texts[line.block] += line.chars >= 15 and line.linked * 2 <= line.chars
    alike: dict[tuple[int, str, str], list[int]] = {}
    for index in range(len(page.blocks) - 1, 0, -1):
        block = page.blocks[index]
        headlines[block.parent] += headlines[index]
        texts[block.parent] += texts[index]
        if headlines[index] and texts[index] <= 2 * headlines[index] and texts[index] <= 3:
            alike.setdefault((block.parent, *block.built), []).append(index)
    for group in alike.values():
        if len(group) >= 3:
            for index in group:
                page.blocks[index].furniture = True


def _visit(walk: _Walk, node: Node, tag: str, path: list[tuple[Node, str, int]]) -> Node | None:
    """Enter an element; its first child, if it is to be read."""
    if tag in _SKIPPED:
        return None
    child = node.first_child
    if child is None:
        if tag not in _INLINE:
            walk.flush()
        return None
    how = walk.enter(node, tag)
    if how == _PASSED:
        return None
    path.append((node, tag, how))
    return child
