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

The file stands in the order of the words' first characters, 30 words to one, and a text has a few hundred different characters: only
their words are taken in. Reading all of it took every run that met one doubtful word 0.35 s and 60 MB; finding where each character's
words stand takes 0.09 s and 15 MB, at the first use. A clause of 25 characters then costs 0.1 ms.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from .records import Record

LONGEST = 8
"""Characters of the longest word that is looked up. All but 538 of the words are shorter, and each character more costs time."""

NEVER = -math.inf

Lattice = list[list[tuple[int, float]]]
"""For each offset the words that begin there: (where it ends, natural logarithm of its relative frequency)."""


_SAME_BEGINNING = re.compile(r"(.).*\n(?:\1.*\n)*")
"""Lines on end that begin with one character."""
_TOTALS = {"abb0fde2fd1e81ed00bf609b85ac28bf": 60_101_964}
"""The sum of all frequencies of a dictionary, by the digest of its file: that of jieba 0.42. Adding up takes longer than the rest."""


class Words(Mapping[str, int]):
    """Words with their frequencies, taken from the lines of a dictionary (word, frequency, part of speech) as they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text if text.endswith("\n") else text + "\n"
        self._unread: dict[str, list[tuple[int, int]]] = {}
        for run in _SAME_BEGINNING.finditer(self._text):
            self._unread.setdefault(run[1], []).append(run.span())
        self._frequencies: dict[str, int] = {}
        self._kinds: dict[str, str] = {}

    def beginning(self, characters: str) -> Mapping[str, int]:
        """A plain table that has at least all words which begin with one of these characters."""
        for character in characters:
            for start, end in self._unread.pop(character, ()):
                fields = self._text[start:end].split()
                self._frequencies.update(zip(fields[::3], map(int, fields[1::3]), strict=True))
                self._kinds.update(zip(fields[::3], map(sys.intern, fields[2::3]), strict=True))
        return self._frequencies

    def kind(self, word: str) -> str:
        """The word's part of speech, in the dictionary's own letters (``n`` nouns, ``nr`` names of persons …), or nothing."""
        self.beginning(word[:1])
        return self._kinds.get(word, "")

    def __getitem__(self, word: str) -> int:
        return self.beginning(word[:1])[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self.beginning("".join(self._unread)))

    def __len__(self) -> int:
        return len(self.beginning("".join(self._unread)))


class Lexicon(Record):
    """Words with their frequencies, and the sum of all frequencies."""

    frequencies: Mapping[str, int]
    total: int

    def about(self, text: str) -> Mapping[str, int]:
        """A table of at least all words that may stand in the text."""
        words = self.frequencies
        return words.beginning(text) if isinstance(words, Words) else words

    def log_probability(self, frequency: int) -> float:
        """Natural logarithm of the relative frequency; what was never counted counts as seen once."""
        return math.log(max(frequency, 1) / self.total)


@cache
def lexicon() -> Lexicon:
    """The dictionary that comes with jieba, read once in a process. Raises ``ModuleNotFoundError`` where it is missing."""
    words, digest = _dictionary()
    return Lexicon(words, _TOTALS.get(digest) or sum(words.values()))


def kind(word: str) -> str:
    """A word's part of speech (``Words.kind``) in the dictionary that comes with jieba. Raises as ``lexicon`` does."""
    return _dictionary()[0].kind(word)


@cache
def _dictionary() -> tuple[Words, str]:
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    raw = Path(spec.origin).with_name("dict.txt").read_bytes()
    return Words(raw.decode("utf-8")), blake2b(raw, digest_size=16).hexdigest()


def lattice(text: str, words: Lexicon, *, folded: str = "", walls: Collection[int] = ()) -> Lattice:
    """All words in the text. Every single character is one, so that there is always a path.

    ``folded``, if given, is a second spelling of the same length, looked up where the first is no word; no word spans an
    offset in ``walls``.
    """
    found: Lattice = []
    frequencies = words.about(text + folded)
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
