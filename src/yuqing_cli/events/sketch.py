"""What grouping remembers of a post: a small digest of its title and text, from which links are reckoned without the text.

A sketch has four parts.

*Exactness*: a hash of the whole normal form, and one of the title. Identical posts are found by one look-up.

*MinHash* for near-duplicates (Broder 1997): of all runs of three characters a text has, a sample that two texts share in proportion to
their Jaccard similarity. One hash a run, thrown into 64 bins, the least of each bin kept (one-permutation hashing, Li, Owen & Zhang
2012); empty bins borrow from others by a fixed rule (Shrivastava 2017). Eight bands of four bins are keys under which the store looks
for neighbours: a pair with similarity .8 shares one with probability .985, one with .2 with .01; copies share heavy features too. Eight
bits a bin are kept for the estimate (b-bit minwise hashing, Li & König 2010; standard error .05 at .8).

*Features* for "the same event in other words": the 100 heaviest of characters, pairs of neighbouring characters, words and numbers, as
``background`` weighs them, as a vector of length one, so that the product of two sketches is their cosine. What belongs to the name of a
province, a city, a county or a district is halved in it afterwards: two short reports from 临溪县 had a cosine of .24 to .4 by its name
alone, and a county's desk reads nothing else. (Halved before the vector is made, all else gains: two notices of one form, for two
roads, became one event.) Only the beginning of a text counts: news says first what happened, and a long comment must not outweigh its
occasion.

*Marks* of the title: its numbers and its places. Notices that differ in nothing but these are different notices.

The hashes are CRC-32 and BLAKE2, which are the same everywhere and for ever: sketches are kept for years. The library that was measured
for MinHash (rensa) promises no such thing, and is not needed: 0.3 ms for a text of 1,000 characters.

Known failures. Numbers written in Chinese numerals are no marks; neither are places that do not end like one (``places``). CRC-32 gives
one pair of features in four thousand million the same hash.

Tried and dropped: SimHash, which finds one near-duplicate of two among short posts; 64 permutations of every run, at ten times the cost.
"""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from operator import add
from zlib import crc32

from yuqing_cli.records import Record
from yuqing_cli.text import fold, is_han

from . import background
from .places import areas, places

LEAD = 800
"""Characters of a text that count as features."""
BEGINNING = 60
LONGEST = 20_000
"""Characters of a text of which near-duplicates are told."""
MOST = 100
NEIGHBOURS = 0.35
"""Two English words in a row weigh this much of both together."""
BINS, BANDS, ROWS = 64, 8, 4
FEWEST_RUNS = 30
"""A text with fewer runs of three characters has no bands: chance decides too much, and its features are all there."""
UNIT = 1 << 15
"""The length of a vector of features."""
AREA = 0.5
"""What the name of a county weighs beside other terms: it is rare in the whole language, and in every other report of that county."""
KEYS = 24
"""Heaviest features by which neighbours are looked for: pairs and words, no single characters."""

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_TOKEN = re.compile(rf"[a-z][a-z'\-]*[a-z]|[a-z]|[0-9]+(?:[.,][0-9]+)*|{_HAN.pattern}")
_NUMBERS = re.compile(r"[0-9]+(?:[.,:][0-9]+)*")
_WORD_SIGNS = re.compile(r"[^\w]+")
_ODD = 0x9E3779B1
"""Spreads CRC-32, whose high bits are alike for like runs: Knuth's multiplicative hashing with the golden ratio."""


class Sketch(Record):
    """See the head of the module. ``mass`` is the sum of all weights, repetitions not counted: how much the post says, in nats.

    Everything is whole numbers: a sketch that was just made and one that was read back give the same links to the last bit.
    """

    exact: int
    title: int
    bare: bool
    """Whether it has a headline and nothing else."""
    mass: int
    features: dict[int, int]
    signature: bytes
    """One byte a bin; empty where the text is too short."""
    bands: tuple[int, ...]
    numbers: frozenset[int]
    places: frozenset[int]
    """Those that the headline names (of a post without one, its beginning)."""
    around: frozenset[int]
    """Those that only the text names."""
    figures: int
    """All numbers of the text in one hash; 0 without a text."""

    def keys(self) -> list[int]:
        """Under which the store looks for neighbours: heaviest features, bands, title. Below 2**40, the kind in the upper byte."""
        heaviest = sorted((k for k in self.features if not k & 1), key=lambda k: (-self.features[k], k))[:KEYS]
        named = [_key(1, feature) for feature in heaviest]
        named += [_key(2 + number, band) for number, band in enumerate(self.bands)]
        return named if self.title == 0 else [*named, _key(BANDS + 2, self.title)]


def _key(kind: int, value: int) -> int:
    return kind << 32 | value


def is_word(key: int) -> bool:
    """Whether a key is a feature: one of those that two posts may well share by chance."""
    return key >> 32 == 1


def hashed(text: str) -> int:
    """The same 32 bits for the same text, everywhere and always."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def long_hash(text: str) -> int:
    """The same 63 bits, from 2**62 on, for the same text: no key of another kind is so large."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 2 | 1 << 62


def packed(sketch: Sketch) -> bytes:
    """A sketch as the store keeps it: under 900 bytes, and no text can be read back from it."""
    marks = (sketch.numbers, sketch.places, sketch.around)
    counts = (len(sketch.features), len(sketch.bands), *map(len, marks))
    words = (*sketch.features, *sketch.bands, *(word for some in marks for word in sorted(some)))
    head = struct.pack(_HEAD, sketch.exact, sketch.title, sketch.bare, sketch.mass, sketch.figures, *counts)
    weights = struct.pack(f"<{counts[0]}H", *sketch.features.values())
    return b"".join((head, struct.pack(f"<{len(words)}I", *words), weights, sketch.signature))


def unpacked(stored: bytes) -> Sketch:
    """The inverse of ``packed``."""
    exact, title, bare, mass, figures, features, bands, numbers, places, around = struct.unpack_from(_HEAD, stored)
    at = struct.calcsize(_HEAD)
    words = struct.unpack_from(f"<{features + bands + numbers + places + around}I", stored, at)
    at += 4 * len(words)
    weights = struct.unpack_from(f"<{features}H", stored, at)
    marks = words[features + bands :]
    return Sketch(
        exact,
        title,
        bool(bare),
        mass,
        dict(zip(words, weights, strict=False)),
        stored[at + 2 * features :],
        words[features : features + bands],
        frozenset(marks[:numbers]),
        frozenset(marks[numbers : numbers + places]),
        frozenset(marks[numbers + places :]),
        figures,
    )


_HEAD = "<QI?IIHHHHH"


def make(title: str, text: str) -> Sketch:
    """The sketch of a post. Nothing is learned, nothing is looked up but the frozen table."""
    head, body = fold(title), fold(text[:LONGEST])
    both = f"{head}\n{body}"
    plain = _WORD_SIGNS.sub("", both)
    mass, features = _features(head, body)
    signature, bands = _minhash(plain)
    naming = (head or body[:BEGINNING])[:MOST]
    named = frozenset(places(naming))
    bare_title = _WORD_SIGNS.sub("", head)
    return Sketch(
        exact=long_hash(plain) if plain else 0,
        title=hashed(bare_title) if len(bare_title) >= 4 else 0,
        bare=not body or body == head,
        mass=mass,
        features=features,
        signature=signature,
        bands=bands,
        numbers=frozenset(map(hashed, _NUMBERS.findall(naming))),
        places=named,
        around=frozenset(places(body[:LEAD])[:MOST]) - named,
        figures=hashed("\n" + " ".join(sorted(_NUMBERS.findall(body[:LEAD])))) if body else 0,
    )


def _features(head: str, body: str) -> tuple[int, dict[int, int]]:
    """The mass, and the heaviest features with their weights in a vector of length ``UNIT``; less where areas are named."""
    han: Counter[str] = Counter()
    others: Counter[tuple[str, float]] = Counter()
    # A headline is the event in one line: it counts as if it stood in the text once more.
    for text in (head, f"{head}\n{body}"[:LEAD] if body else ""):
        for run in _HAN.findall(text):
            han.update(run)
            han.update(map(add, run, run[1:]))
        others.update(_other_terms(text))
    counted = [(term, _of_han(term), n) for term, n in han.items()]
    counted += [(term, weight, n) for (term, weight), n in others.items()]
    weighed = {term: (1 + math.log(n)) * weight for term, weight, n in counted if weight}
    heaviest = sorted(weighed, key=lambda term: (-weighed[term], term))[:MOST]
    length = math.sqrt(sum(weighed[term] ** 2 for term in heaviest))
    wide = {part for name in areas(f"{head}\n{body[:LEAD]}") for part in (*name, *map(add, name, name[1:]))}
    features = {
        _feature(term): round(weighed[term] * (AREA if term in wide else 1) / length * UNIT) for term in heaviest
    }
    return round(math.fsum(weight for _, weight, _ in counted)), features


def _feature(term: str) -> int:
    """Odd where it is a single character: that is common, and no key."""
    return hashed(term) & ~1 | (len(term) == 1)


def _of_han(term: str) -> float:
    return background.of_character(term) if len(term) == 1 else background.of_pair(term)


def _other_terms(text: str) -> Iterator[tuple[str, float]]:
    """What is not Han, with its weight; what has none is left out."""
    before, weight_before = "", 0.0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if is_han(token[0]):
            before = ""
            continue
        following = text[match.end() : match.end() + 1]
        if token[0].isdigit() and following and is_han(following):
            # 10岁 and 10年 share next to nothing.
            yield token, background.COUNT
            yield token + following, background.COUNTED
            before = ""
            continue
        word, weight = background.stem(token), background.of_token(token)
        if weight:
            yield word, weight
            if before:
                yield f"{before} {word}", NEIGHBOURS * (weight_before + weight)
        before, weight_before = word if weight else "", weight


def _minhash(plain: str) -> tuple[bytes, tuple[int, ...]]:
    """Eight bits of each bin, and the bands; both empty for a text that is too short."""
    if len(plain) < FEWEST_RUNS + 2:
        return b"", ()
    raw = plain.encode("utf-32-le", "surrogatepass")
    bins = [-1] * BINS
    for run in {raw[i : i + 12] for i in range(0, len(raw) - 8, 4)}:
        value = crc32(run) * _ODD & 0xFFFFFFFF
        place = value >> 26
        if bins[place] < 0 or value < bins[place]:
            bins[place] = value
    filled = [value if value >= 0 else _borrowed(bins, place) for place, value in enumerate(bins)]
    banded = (filled[i : i + ROWS] for i in range(0, BANDS * ROWS, ROWS))
    bands = tuple(crc32(struct.pack(f"<{ROWS}I", *some)) for some in banded)
    return bytes(value & 0xFF for value in filled), bands


def _borrowed(bins: list[int], place: int) -> int:
    """What an empty bin shows: another one's least, found by a fixed walk; marked, so that it is not taken for that bin's own."""
    for attempt in range(1, 4 * BINS):
        other = (place * 31 + attempt * attempt * 17 + attempt) * _ODD >> 13 & (BINS - 1)
        if bins[other] >= 0:
            return bins[other]
    return next(value for value in bins if value >= 0)
