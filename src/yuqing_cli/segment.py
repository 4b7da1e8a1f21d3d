"""Chinese words: which strings are words and how frequent they are (the only room with jieba).

What is used of jieba is its dictionary, a text file of 349,045 words with their frequencies; none of its code is run or
even imported. So there is nothing to silence (importing it prints to standard error, warns of invalid escapes while it
compiles, and pulls in ``pkg_resources``), no cache file (it reads ``jieba.cache`` from the shared temporary folder with
``marshal``, where another user of the machine can plant one, to gain 0.1 s of 0.7), and no global tokenizer that a user
dictionary or ``jieba.add_word`` could change: a text always has the same cuts.

Theory: a sentence is cut where the product of the words' relative frequencies is largest (the unigram model), found by
dynamic programming over the lattice of all words in it. These are jieba's own cuts with ``HMM=False``, but for words of
more than eight characters, of which the dictionary has 538. The hidden Markov model that jieba puts on top guesses
unknown words, names above all; nothing here needs names.

Cost (2 cores, CPython 3.11): 0.4 s and 60 MB once, at the first use; then 0.1 ms for a clause of 25 characters.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LONGEST = 8
"""Characters of the longest word that is looked up. All but 538 of the words are shorter, and each character more costs time."""

NEVER = -math.inf

Lattice = list[list[tuple[int, float]]]
"""For each offset the words that begin there: (where it ends, natural logarithm of its relative frequency)."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with their frequencies, and the sum of all frequencies."""

    frequencies: Mapping[str, int]
    total: int

    def log_probability(self, frequency: int) -> float:
        """Natural logarithm of the relative frequency; what was never counted counts as seen once."""
        return math.log(max(frequency, 1) / self.total)


@cache
def lexicon() -> Lexicon:
    """The dictionary that comes with jieba, read once in a process. Raises ``ModuleNotFoundError`` where it is missing."""
    fields = _fields()
    counts = map(int, fields[1::3])
    frequencies = dict(zip(fields[::3], counts, strict=True))
    return Lexicon(frequencies, sum(frequencies.values()))


@cache
def names() -> frozenset[str]:
    """The words that the dictionary knows as names of persons (part of speech ``nr…``). Raises as ``lexicon`` does."""
    fields = _fields()
    tagged = zip(fields[::3], fields[2::3], strict=True)
    return frozenset(word for word, kind in tagged if kind.startswith("nr"))


@cache
def tags() -> Mapping[str, str]:
    """The part of speech of each word, in the dictionary's own letters: ``n`` nouns, ``v`` verbs, ``nr`` names of persons …"""
    fields = _fields()
    return dict(zip(fields[::3], map(sys.intern, fields[2::3]), strict=True))


def _fields() -> list[str]:
    """The dictionary as a flat list: a word, its frequency, its part of speech, the next word …"""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    return Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8").split()


def lattice(text: str, words: Lexicon, *, folded: str = "", walls: Collection[int] = ()) -> Lattice:
    """All words in the text. Every single character is one, so that there is always a path.

    ``folded``, if given, is a second spelling of the same length, looked up where the first is no word; no word spans an
    offset in ``walls``.
    """
    found: Lattice = []
    frequencies = words.frequencies
    for start in range(len(text)):
        here = [(start + 1, words.log_probability(_frequency(text[start], folded[start : start + 1], frequencies)))]
        stop = min(start + LONGEST, len(text), *(wall for wall in walls if wall > start))
        here += [
            (end, words.log_probability(frequency))
            for end in range(start + 2, stop + 1)
            if (frequency := _frequency(text[start:end], folded[start:end], frequencies))
        ]
        found.append(here)
    return found


def _frequency(word: str, folded: str, frequencies: Mapping[str, int]) -> int:
    return frequencies.get(word) or (frequencies.get(folded, 0) if folded else 0)


def forward(words: Lattice, start: int = 0, end: int | None = None) -> list[float]:
    """For each offset from ``start`` to ``end``, the best logarithm of a path from ``start`` to it."""
    end = len(words) if end is None else end
    best = [0.0, *[NEVER] * (end - start)]
    for i in range(start, end):
        for j, worth in words[i]:
            if j <= end and best[i - start] + worth > best[j - start]:
                best[j - start] = best[i - start] + worth
    return best


def backward(words: Lattice) -> list[float]:
    """For each offset, the best logarithm of a path from it to the end."""
    best = [*[NEVER] * len(words), 0.0]
    for i in range(len(words) - 1, -1, -1):
        best[i] = max(worth + best[j] for j, worth in words[i])
    return best


def cuts(text: str, words: Lexicon | None = None) -> tuple[int, ...]:
    """Where words begin and end in the most probable cut of the text: ascending offsets, 0 and the length included.

    Of equally probable words the longest wins. Latin letters and digits are cut one by one: whoever needs their
    boundaries looks at the characters.
    """
    found = lattice(text, words or lexicon())
    best = backward(found)
    offsets = [0]
    while offsets[-1] < len(text):
        offsets.append(max((worth + best[end], end) for end, worth in found[offsets[-1]])[1])
    return tuple(offsets)
