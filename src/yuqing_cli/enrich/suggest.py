"""Words that a rule may want, learnt from posts that the desk marked: exclusions from its noise, further terms from what concerned it.

Principle. A machine proposes, the desk decides: nothing here changes a pack. What is proposed is a word with the posts that speak for it
and against it, so that it can be checked by eye. And some words are never proposed, whatever the figures say: names of persons, what was
masked, words for groups of people. The tool is about matters.

Theory. Log-odds with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008, "Fightin' Words", Political Analysis 16:372-403,
equations 15, 16, 22), over the words that a post holds, each once. With ``y`` posts of a side that hold the word, ``n`` words of the
side in all, and the prior ``a`` of the word (``a0`` in all):

    delta = ln((y1 + a) / (n1 + a0 - y1 - a)) - ln((y2 + a) / (n2 + a0 - y2 - a))
    z     = delta / sqrt(1 / (y1 + a) + 1 / (y2 + a))

The prior is ``FLOOR`` and the word's share of the desk's other posts times ``STRENGTH``: a word that is everywhere must differ more. A
word is proposed from ``Z`` on (one-sided 5 %), from ``FEWEST`` posts on, and an exclusion only if it costs hardly a relevant post.

What is a word: the cuts of ``segment`` with a part of speech that names things or doings, and two such words that stand side by side.
Names that the dictionary does not know fall into single characters there, which are never proposed.

Known failures. Z is told for each word by itself, and hundreds are tried: of the weakest some are chance. Two marks of copies of one
report count twice. Slang that the dictionary lacks is not found.

Tried and dropped: chi-square and mutual information, which put words of one post first; counting every occurrence, by which one long
post decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import NamedTuple

from yuqing_cli import segment
from yuqing_cli.packs.model import Rule
from yuqing_cli.packs.query import terms as query_terms
from yuqing_cli.records import Record
from yuqing_cli.text import fold, is_han

FLOOR, STRENGTH = 0.5, 20.0
Z = 1.64
FEWEST = 3
"""Posts that hold a word, for it to be proposed."""
ENOUGH = 5
"""Marked posts of each side that a proposal rests on at the least."""
HARM = 0.1
"""Share of the relevant posts that an exclusion may cost."""
COMMON = 0.05
"""Share of the other posts beyond which a word is no further term: it would flood the desk."""
READ = 2_000
"""Characters of a post that are cut into words."""
LONGEST = 8

_TAGS = frozenset({"n", "v", "vn", "vd", "an", "nz", "j", "l", "i", "ng", "vg"})
"""Parts of speech that name things and doings. Names of persons (``nr``, ``nrt``, ``nrfg``), places and bodies are not among them."""
_PEOPLE_ENDINGS = "人民族者们徒员"
_PEOPLE = (
    "女", "男", "妇", "儿童", "老年", "学生", "考生", "医生", "先生", "师生", "老师", "教师", "职工", "员工", "民工",
    "工人", "农户", "住户", "教", "党", "籍", "宗", "裔", "群体", "穷", "残疾", "同性", "移民", "难民", "网友", "家长",
    "孩子", "邻居", "亲属", "群众", "百姓",
)  # fmt: skip
"""Words for people, by what is in them; a sample that errs on the side of silence."""


class Word(NamedTuple):
    """A proposal: in how many posts of each side it stands, and how clear that is."""

    text: str
    z: float
    relevant: int
    noise: int
    others: int


class Suggestion(Record):
    """For one rule; the numbers of posts that it rests on."""

    relevant: int
    noise: int
    others: int
    exclude: tuple[Word, ...] = ()
    add: tuple[Word, ...] = ()


def suggest(
    rule: Rule, relevant: Sequence[str], noise: Sequence[str], others: Sequence[str], most: int = 10
) -> Suggestion:
    """Proposals for one rule, the clearest first. ``others``: posts that the rule does not fire on, for the prior."""
    sides = [Counter[str]() for _ in range(3)]
    for counter, texts in zip(sides, (relevant, noise, others), strict=True):
        for text in texts:
            counter.update(words(text))
    good, bad, rest = sides
    prior = _prior(rest, len(others))
    taken = _held(rule)
    exclude: list[str] = []
    add: list[str] = []
    if min(len(relevant), len(noise)) >= ENOUGH:
        exclude = [word for word, posts in bad.items() if posts >= FEWEST and good[word] <= HARM * len(relevant)]
    if len(relevant) >= ENOUGH and others:
        add = [word for word, posts in good.items() if posts >= FEWEST and rest[word] <= COMMON * len(others)]
        add = [word for word in add if bad[word] <= HARM * len(noise)]
    proposals = [
        [
            Word(word, _z(one, other, word, prior), *(side[word] for side in sides))
            for word in found
            if not _touches(word, taken)
        ]
        for found, one, other in ((exclude, bad, good), (add, good, rest))
    ]
    best = [_shorter(sorted((w for w in held if w.z >= Z), key=lambda w: (-w.z, w.text)))[:most] for held in proposals]
    return Suggestion(len(relevant), len(noise), len(others), *map(tuple, best))


def _shorter(ordered: Sequence[Word]) -> list[Word]:
    """Without words that tell of the same posts as one before them that is part of them (消防演练 behind 演练)."""
    kept: list[Word] = []
    for word in ordered:
        same = (w for w in kept if (w.text in word.text or word.text in w.text) and w[1:] == word[1:])
        if not any(same):
            kept.append(word)
    return kept


def words(text: str) -> set[str]:
    """What may be proposed of a text: its nouns and verbs, and two of them side by side, in the normal form."""
    folded = fold(text[:READ])
    cuts = segment.cuts(folded)
    parts = [folded[start:end] for start, end in pairwise(cuts)]
    fit = [_fits(part) for part in parts]
    pairs = (a + b for a, b, one, other in zip(parts, parts[1:], fit, fit[1:], strict=False) if one and other)
    return {part for part, one in zip(parts, fit, strict=True) if one} | {
        pair for pair in pairs if len(pair) <= LONGEST
    }


def _fits(word: str) -> bool:
    if len(word) < 2 or not all(map(is_han, word)) or segment.kind(word) not in _TAGS:
        return False
    return word[-1] not in _PEOPLE_ENDINGS and not any(part in word for part in _PEOPLE)


def _prior(rest: Mapping[str, int], posts: int) -> Mapping[str, float]:
    return {word: STRENGTH * count / posts for word, count in rest.items()} if posts else {}


def _z(one: Counter[str], other: Counter[str], word: str, prior: Mapping[str, float]) -> float:
    """How clearly a word belongs to the first side; in standard deviations."""
    a = FLOOR + prior.get(word, 0.0)
    a0 = FLOOR * len(one | other) + sum(prior.values())
    first, second = one[word] + a, other[word] + a
    delta = log(first / (one.total() + a0 - first)) - log(second / (other.total() + a0 - second))
    return delta / sqrt(1 / first + 1 / second)


def _held(rule: Rule) -> Collection[str]:
    asked = query_terms(rule.query) if rule.query else ()
    return {*asked, *(term.folded for term in (*rule.any, *rule.all, *rule.none))}


def _touches(word: str, taken: Iterable[str]) -> bool:
    """Whether the rule has the word already, or one that is part of it or holds it."""
    return any(word in term or term in word for term in taken)
