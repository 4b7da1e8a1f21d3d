"""Words that stand in more posts of a window than their past lets expect. Pure.

Principle. The list shows what the desk did not think of putting into a pack: it is made of all words, not of the terms of the packs.
It never names people: words that a dictionary knows as personal names are left out, names that it does not know fall apart into single
characters and are no words, and masked runs are cut out before anything is counted.

Theory. A word counts once a post, however often it stands there. If nothing has changed, the posts with the word fall into the window
in proportion to its share of all posts: given their total T, the count of the window is binomial (T, window / (window + past)), an
exact test that needs no rate and holds for rare words. Many words are tested, so the stated chance is divided by how many are
(Bonferroni). Of words that stand in the same posts (自来水, 来水) the longest is shown.

Known failures. What no dictionary knows (a new product, a nickname of a street) is not seen. A wire story that thirty papers print lifts
all of its words: give this room one post an origin.

Tried and dropped: all pairs of neighbouring characters. They find new words, but of 27 that rose on three days of a hot list seven were
names of actors or parts of them, and nine were halves of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import exp, lgamma, log

from yuqing_cli import segment
from yuqing_cli.digest.sections import RisingWord
from yuqing_cli.records import Record
from yuqing_cli.text import fold

LEAST_POSTS = 3
ALARM = 0.01
READ = 400
"""Characters of a post that are looked at."""
SAMPLES = 3
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_STOP = frozenset(
    fold(word) for word in ("我们", "你们", "他们", "自己", "一个", "没有", "什么", "怎么", "可以", "不是", "就是")
)
"""Fillers that rise with the length of posts."""


class Wording(Record):
    """A post as this room reads it."""

    post: str
    text: str
    """Title and text, masked."""


def rising(window: Iterable[Wording], past: Iterable[Wording], most: int = 10) -> tuple[RisingWord, ...]:
    """The words of the window that rose, the least probable first; at most ``most``.

    ``past`` are the posts of a longer time before, chosen as those of the window were. Without a past there is nothing to compare with.
    """
    now, before = _posts_by_word(window), _posts_by_word(past)
    here, there = len(now.posts), len(before.posts)
    if not there:
        return ()
    tested = {word: posts for word, posts in now.words.items() if len(posts) >= LEAST_POSTS}
    share = here / (here + there)
    found = []
    for word, posts in tested.items():
        total = len(posts) + len(before.words.get(word, ()))
        probability = _tail(len(posts), total, share)
        if probability * len(tested) <= ALARM:
            expected = len(before.words.get(word, ())) * here / there
            found.append((probability, RisingWord(word, len(posts), expected, tuple(posts[:SAMPLES]))))
    found.sort(key=lambda entry: (entry[0], -len(entry[1].word), entry[1].word))
    return tuple(_longest([word for _, word in found], tested)[:most])


def words_of(text: str) -> list[str]:
    """The words of two or more Han characters, each once, in their order; personal names, masked runs and fillers left out."""
    lexicon = segment.lexicon()
    found: dict[str, None] = {}
    for run in _HAN.findall(fold(text[:READ])):
        offsets = segment.cuts(run, lexicon)
        pieces = (run[start:end] for start, end in pairwise(offsets) if end - start > 1)
        found |= dict.fromkeys(word for word in pieces if word not in _STOP and not segment.kind(word).startswith("nr"))
    return list(found)


class _Index(Record):
    posts: tuple[str, ...]
    words: Mapping[str, list[str]]


def _posts_by_word(wordings: Iterable[Wording]) -> _Index:
    words: dict[str, list[str]] = {}
    posts: dict[str, None] = {}
    for wording in wordings:
        if wording.post not in posts:
            posts[wording.post] = None
            for word in words_of(wording.text):
                words.setdefault(word, []).append(wording.post)
    return _Index(tuple(posts), words)


def _longest(found: Sequence[RisingWord], posts: Mapping[str, Sequence[str]]) -> list[RisingWord]:
    """Without the words that are part of a longer one which stands in the same posts."""
    return [
        one
        for one in found
        if not any(one.word in other.word and one != other and posts[one.word] == posts[other.word] for other in found)
    ]


def _tail(count: int, total: int, share: float) -> float:
    """How probable ``count`` or more of ``total`` are, each with the chance ``share``."""
    if share >= 1:
        return 1.0
    terms = (
        exp(lgamma(total + 1) - lgamma(x + 1) - lgamma(total - x + 1) + x * log(share) + (total - x) * log(1 - share))
        for x in range(count, total + 1)
    )
    return min(1.0, sum(terms))
