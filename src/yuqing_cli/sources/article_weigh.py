"""Which lines of a page are its text: the block of greatest worth, pruned. The theory stands in ``article``."""

from __future__ import annotations

import re

from .article_outline import Block, Line, Outline

_PRUNE_COST = 3.0
"""What a block may weigh against its parent before it is left out, and what leaving it out costs."""
_NAMED_BODY_BONUS = 4.0
_LONGEST = 200
_CHARS_A_POINT = 20
_FURNITURE_SHARE = 0.5
_REPLIES_SHARE = 0.75
_TITLE_BLOCK_SHARE = 0.1

_BODY = re.compile(
    r"(?<![a-z])(?:content|contents|conts?|body|text|txt|markdown|message|post-?message|details?|rich-?text|article|post|entry"
    r"|story|zoom|trs|ueditor|t-f)(?![a-z])"
)
_LEGAL = re.compile(
    r"copyright|©|版权所有|版權所有|icp\s*[备證证]|公网安备|许可证(?:号|：|:)|powered by|all rights reserved|免责声明|免責聲明"
    r"|特别声明[:：]|版权声明|著作权归|未经.{0,12}(?:授权|许可|允许|同意)|转载.{0,8}注明|侵权.{0,10}(?:联系|删除)|^notice:|举报(?:电话|邮箱)|违法和不良信息",
    re.IGNORECASE,
)
_LEGAL_LONGEST = 400

_PARTS = frozenset(("p", "li", "dd", "dt", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"))
"""Of a text, never the whole: in a short one, the longest paragraph would outweigh the block less what is pruned."""

_OUTSIDE, _REPLY, _POST, _REPLY_FURNITURE, _DEAD = range(5)
"""Where a block of a thread stands."""


def is_legal(line: str) -> bool:
    """Whether a line is a copyright, licence or liability notice."""
    return len(line) < _LEGAL_LONGEST and _LEGAL.search(line) is not None


def worth(line: Line) -> float:
    """Evidence that a line is running text, about in natural log-odds; below zero against it."""
    if line.linked > 0.5 * line.chars:
        return -2.0 if line.chars < 5 else -4.0
    if line.linked > 0.2 * line.chars and line.chars < 40:
        return -1.5
    if is_legal(line.text):
        return -4.0
    if line.chars < 10:
        return -1.0
    if line.marks == 0:
        return 1.0
    return 1.0 + min(line.chars, _LONGEST) / _CHARS_A_POINT


class Selection:
    """The lines of a page weighed, and the block that holds the text (``root``; -1 where there is none)."""

    def __init__(self, page: Outline, title_line: int) -> None:
        self.page = page
        self.title_line = title_line
        self.worths = [worth(line) for line in page.lines]
        self.counts = self._counts()
        self.root = -1
        self.kept = self._choose()

    def article(self) -> list[int]:
        """The numbers of the lines of the text."""
        if self.root < 0:
            return []
        block = self.page.blocks[self.root]
        alive = {self.root}
        for index in range(self.root + 1, block.last):
            if self.kept[index] and self.page.blocks[index].parent in alive:
                alive.add(index)
        return [number for number in range(block.first, block.end) if self.page.lines[number].block in alive]

    def said(self, numbers: list[int]) -> float:
        """How much evidence of text the lines hold, those against it not counted."""
        return sum(max(0.0, self.worths[number]) for number in numbers)

    def holders(self) -> list[str]:
        """The names of the chosen block and of all that hold it, inside out."""
        names, index = [], self.root
        while index >= 0:
            names.append(self.page.blocks[index].names)
            index = self.page.blocks[index].parent
        return names

    def thread(self) -> list[int]:
        """The numbers of the lines of a thread: the first post, what is built like it, and the replies."""
        chosen = set(self.article())
        first = self.page.blocks[self.root] if self.root >= 0 else None
        states: list[int] = []
        for index, block in enumerate(self.page.blocks):
            above = states[block.parent] if block.parent >= 0 else _OUTSIDE
            alike = first is not None and bool(first.names) and block.tag not in ("p", "li")
            if alike and first is not None and block.built == first.built and above != _DEAD:
                states.append(_POST)
            else:
                states.append(_state(block, above, dead=not (self.counts[index] or block.replies)))
        for number, line in enumerate(self.page.lines):
            if states[line.block] in (_REPLY, _POST) and line.linked * 2 < line.chars:
                chosen.add(number)
        return sorted(chosen)

    def _mass(self) -> list[float]:
        blocks = self.page.blocks
        totals = [0.0] * len(blocks)
        for line, value in zip(self.page.lines, self.worths, strict=True):
            if value > 0:
                totals[line.block] += line.chars
        for index in range(len(totals) - 1, 0, -1):
            totals[blocks[index].parent] += totals[index]
        return totals

    def _counts(self) -> list[bool]:
        """For each block whether it may hold text: not furniture, nor inside any, unless too much of the page is."""
        mass = self._mass()
        counts: list[bool] = []
        for index, block in enumerate(self.page.blocks):
            out = (block.furniture or block.replies) and mass[index] <= mass[0] * self._share(block)
            counts.append(not out and (block.parent < 0 or counts[block.parent]))
        return counts

    def _share(self, block: Block) -> float:
        if block.replies:
            return _REPLIES_SHARE
        holds_title = block.first <= self.title_line < block.end
        return _TITLE_BLOCK_SHARE if holds_title else _FURNITURE_SHARE

    def _choose(self) -> list[bool]:
        blocks = self.page.blocks
        best, value = 0.0, [0.0] * len(blocks)
        for line, each in zip(self.page.lines, self.worths, strict=True):
            value[line.block] += each
        for index in range(len(value) - 1, -1, -1):
            if not self.counts[index]:
                continue
            total, block = value[index], blocks[index]
            if total > 0 and _BODY.search(block.names):
                total += _NAMED_BODY_BONUS
            if total > best and block.end > self.title_line + 1 and block.tag not in _PARTS:
                best, self.root = total, index
            if index:
                value[block.parent] += max(value[index], -_PRUNE_COST)
        return [self.counts[index] and each >= -_PRUNE_COST for index, each in enumerate(value)]


def _state(block: Block, above: int, *, dead: bool) -> int:
    if above in (_OUTSIDE, _DEAD):
        if dead or above == _DEAD:
            return _DEAD
        if not block.replies:
            return _OUTSIDE
    if above == _POST:
        return _REPLY_FURNITURE if block.furniture else _POST
    if block.tag == "form":
        return _DEAD
    body = _BODY.search(block.names) is not None
    if not body and (block.furniture or above == _REPLY_FURNITURE):
        return _REPLY_FURNITURE
    return _POST if body else _REPLY
