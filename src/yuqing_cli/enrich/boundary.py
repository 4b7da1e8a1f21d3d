"""Whether a hit is the word that it looks like, or a collision of two others.

Principle. Chinese has no blanks, so 校长 is found in 学校长期, 医生 in 中医生态 and 停电 in 涨停电子股. Such a hit is made of
the end of one word and the beginning of the next, and says nothing. But most hits whose edges a segmenter does not find
are right: 水厂 in 自来水厂 is the head of a compound, 被烧 in 被烧毁 the beginning of one, 肉价 in 猪肉价格 its short form.
A desk forgives a wrong line sooner than a missing one: what is not clearly a collision is kept.

Theory. Of all ways to cut the clause into words, weighed by the frequencies of the words (``segment``), the best one that
respects the hit is compared with the best one that cuts through it. Respecting it are the ways with both edges on
boundaries (the hit itself counts as a word, seen ``SEEN`` times if the dictionary has it not: packs hold new words), and
those with the hit inside a longer word. The logarithm of the ratio of the two, the margin, has to exceed a threshold that
depends on the shape: in 学校|长期 both edges lie inside words, which hardly happens by accident; in 地震|中 or 看|海棠 one does,
which an unknown word, or one word more in the dictionary, suffices to produce; with three characters it is rarer still,
and of four and more not one collision was seen in 25,000 hits.

Not every cut through a hit parts it from its meaning. Most Chinese words have a short and a long form (弹性词: Guo 1938,
Duanmu 1999; 价 and 价格, 车 and 车辆, 烧 and 烧毁), and terms are made of the short ones. Where the cut word is the long
form of the character that it shares with the hit (价格 for 价), or a kind of it (猪肉 for 肉), the cut respects the hit as
well; ``boundary_words`` lists them. Conversely, a longer word of the dictionary that is itself two words which the hit
straddles (化学分析 and 学分) is a cut, and those that merely contain the characters (老师傅 and 老师) are listed.

Measured on our own 1,131 sentences, half of them collisions, and on real texts: tests/eval/test_boundaries.py keeps 99.6 %
of the true hits and drops 93 % of the collisions. On 28,000 hits in real headlines and messages 0.4 to 1.2 % are dropped.
In texts that were not in view while the lists were written, 16 % of the pairs of words that caused a drop were no
collisions but long forms that the lists lacked, 0.3 % of all hits; what was found so was added.

Known failures. The dictionary knows few names and no word of the last years: who is called 张大雪 has a hit for 大雪, and an
unknown word beside a hit can pull one character out of it (工信部下架 as 工信 部下 架). Frequencies know no grammar: 大学生还
is 大学 生还 or 大学生 还. What the lists of long forms lack is dropped. Where two words share a character in earnest
(中考生 is 中考 and 考生), the hit stands or falls with the lists. Collisions with a known meaning of their own (大学生活)
are dropped though they are near.

Tried and dropped, on the same sentences: the segmenter's single best cut, a hit being one whose edges are both cuts (keeps
80.5 % of the true hits: 停电 in 停电影响 goes) or one that no cut crosses (86.8 %); one threshold for all shapes (at 0 keeps
96.6 %, at 3 drops 88.8 % of the collisions); no lists of long forms (93.4 % kept).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from yuqing_cli.packs.model import Boundary
from yuqing_cli.records import Record
from yuqing_cli.segment import LONGEST, Lattice, Lexicon, backward, forward, lattice
from yuqing_cli.text import fold, is_han

from . import boundary_words as known

SEEN = 10
"""How often a term that the dictionary does not know is taken to have been seen (of 60 million words)."""

REACH = 12
"""Characters on either side of a hit that are segmented, if no punctuation comes earlier."""

DEMOTED = 0.5

Shape = Literal["both", "left", "right"]
"""Which edges of the hit lie inside words."""

_LONGEST_HIT = 3

_THRESHOLDS: dict[tuple[int, Shape], float] = {
    (2, "both"): 0.0,
    (2, "left"): 3.0,
    (2, "right"): 2.5,
    (3, "right"): 3.0,
}
"""(characters of the hit, shape) -> the margin that makes a collision. What is not here never does."""

_ONES, _TENS = frozenset("一二三四五六七八九"), frozenset("十零〇廿卅")
"""A term that begins with the one is cut out of a number behind the other: 八小时 in 四十八小时, 一中 in 十一中. (五六年级 are two.)"""

_INVISIBLE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")


class Crossing(Record):
    """The two words whose border the hit straddles, and how much more probable they are: a natural logarithm."""

    left: str
    right: str
    margin: float


class _Clause(Record):
    """The characters around a hit, which is ``text[start:end]``; blanks inside the hit became walls."""

    text: str
    folded: str
    start: int
    end: int
    walls: frozenset[int]


class _Path(Record):
    """The best way to cut the clause with these two words in it, which share the hit."""

    left: str
    right: str
    shape: Shape
    worth: float


def judge(text: str, start: int, end: int, mode: Boundary, words: Lexicon) -> float:
    """What the hit ``text[start:end]`` of the raw text is worth: 1 keeps it, 0 drops it (``word``), ``DEMOTED`` (``soft``)."""
    if mode == "off" or crossing(text, start, end, words) is None:
        return 1.0
    return 0.0 if mode == "word" else DEMOTED


def crossing(text: str, start: int, end: int, words: Lexicon) -> Crossing | None:
    """The collision that the hit ``text[start:end]`` of the raw text is, or None.

    Offsets are those of the raw text, since folding loses what tells words apart: 著名 becomes 着名. A blank inside the
    hit is a boundary, and no term begins within a number. Other hits with anything but Han characters and blanks in them are none
    of our business.
    """
    if start and text[start] in _ONES and text[start - 1] in _TENS:
        return Crossing(text[start - 1 : start + 1], "", math.inf)
    clause = _clause(text, start, end)
    if clause is None or _listed(clause, known.COMPOUNDS):
        return None
    if trap := _listed(clause, known.TRAPS):
        return Crossing(trap, "", math.inf)
    if not _edge_inside(clause, clause.start, words) and not _edge_inside(clause, clause.end, words):
        return None
    return _verdict(clause, lattice(clause.text, words, folded=clause.folded, walls=clause.walls), words)


def _clause(text: str, start: int, end: int) -> _Clause | None:
    hit = _INVISIBLE.sub("", text[start:end])
    if not 2 <= len(hit) <= _LONGEST_HIT or not all(map(is_han, hit)):
        return None
    left, right = start, end
    while left > max(start - REACH, 0) and is_han(text[left - 1]):
        left -= 1
    while right < min(end + REACH, len(text)) and is_han(text[right]):
        right += 1
    before = text[left:start]
    blanks = _INVISIBLE.finditer(text, start, end)
    walls = frozenset(len(before) + len(_INVISIBLE.sub("", text[start : blank.start()])) for blank in blanks)
    whole = before + hit + text[end:right]
    folded = fold(whole)
    same = folded == whole or len(folded) != len(whole)
    return _Clause(whole, "" if same else folded, len(before), len(before) + len(hit), walls)


def _listed(clause: _Clause, words: Mapping[str, list[tuple[str, int]]]) -> str:
    """The listed word that holds the hit."""
    for spelling in filter(None, (clause.text, clause.folded)):
        for word, offset in words.get(spelling[clause.start : clause.end], ()):
            if spelling.startswith(word, clause.start - offset) and clause.start >= offset:
                return word
    return ""


def _edge_inside(clause: _Clause, edge: int, words: Lexicon) -> bool:
    """Whether any word reaches over the edge. Three hits of four end here, before the clause is segmented."""
    known_words = words.about(clause.text + clause.folded)
    for i in range(max(edge - LONGEST + 1, 0), edge):
        for j in range(edge + 1, min(i + LONGEST, len(clause.text)) + 1):
            if clause.text[i:j] in known_words or clause.folded[i:j] in known_words:
                return True
    return False


def _verdict(clause: _Clause, found: Lattice, words: Lexicon) -> Crossing | None:
    before, after = forward(found), backward(found)
    unit = _unit(found, clause.start, clause.end, words)
    best = before[clause.start] + unit + after[clause.end]
    bad = []
    for path in _paths(clause, found, before, after):
        if _keeps_meaning(path):
            best = max(best, path.worth)
        else:
            bad.append(path)
    length = clause.end - clause.start
    over = [path for path in bad if path.worth - best > _THRESHOLDS.get((length, path.shape), math.inf)]
    if not over:
        return None
    worst = max(over, key=lambda path: path.worth)
    return Crossing(worst.left, worst.right, worst.worth - best)


def _unit(found: Lattice, start: int, end: int, words: Lexicon) -> float:
    """The hit itself: the words that it consists of, or one word, known or new."""
    return max(forward(found, start, end)[-1], words.log_probability(SEEN), *_as_word(found, start, end))


def _as_word(found: Lattice, start: int, end: int) -> list[float]:
    return [worth for stop, worth in found[start] if stop == end]


def _paths(clause: _Clause, found: Lattice, before: list[float], after: list[float]) -> Iterator[_Path]:
    """All pairs of words that share the hit, and the longer words that hold it."""
    start, end = clause.start, clause.end
    lefts = [
        (i, k, before[i] + p)
        for i in range(max(start - LONGEST, 0), start)
        for k, p in found[i]
        if k > start and clause.text[i:k] not in known.UNRELIABLE
    ]
    rights = [(k, j, p + after[j]) for k in range(start, end) for j, p in found[k] if j > end]
    for i, k, worth in lefts:
        if k < end:
            rest = forward(found, k, end)[-1] + after[end]
            yield _Path(clause.text[i:k], clause.text[k:end], "left", worth + rest)
        else:
            yield _holding(clause, found, i, k, worth + after[k])
    for k, j, worth in rights:
        if k > start:
            rest = before[start] + forward(found, start, k)[-1]
            yield _Path(clause.text[start:k], clause.text[k:j], "right", worth + rest)
        else:
            yield _holding(clause, found, start, j, before[start] + worth)
    for i, k, left in lefts:
        for m, j, right in rights:
            if start < k <= m < end:
                between = forward(found, k, m)[-1]
                yield _Path(clause.text[i:k], clause.text[m:j], "both", left + between + right)


def _holding(clause: _Clause, found: Lattice, i: int, j: int, worth: float) -> _Path:
    """The word ``text[i:j]`` around the hit: two words that the hit straddles if it can be cut so, else one."""
    for k in range(clause.start + 1, clause.end):
        if i < clause.start and clause.end < j and _as_word(found, i, k) and _as_word(found, k, j):
            return _Path(clause.text[i:k], clause.text[k:j], "both", worth)
    return _Path(clause.text[i:j], "", "both", worth)


def _keeps_meaning(path: _Path) -> bool:
    if not path.right or (path.shape == "right" and _passive(path)):
        return True
    left = path.shape == "right" or _is_a_kind(path.left)
    return left and (path.shape == "left" or _is_long_form(path.right))


def _is_a_kind(word: str) -> bool:
    if not {word, word[-2:]}.isdisjoint(known.OTHER_KINDS):
        return True
    return word[-1] in known.KINDS and {word, word[-2:]}.isdisjoint(known.NOT_KINDS)


def _is_long_form(word: str) -> bool:
    return not {word, word[:2]}.isdisjoint(known.LONG_FORMS) or (len(word) == 2 and word[1] in known.RESULTS)


def _passive(path: _Path) -> bool:
    return path.left in known.PASSIVE and path.right not in known.NOT_PASSIVE
