"""Makes ``src/yuqing_cli/data/background.txt``, the frozen table of how telling characters and words are.

    python tools/background.py FOLDER      FOLDER has SCOWL's lists, english-words.10 and english-words.20 (Debian: package scowl)

It is run by hand, when the table is to have a new edition (``events.background.EDITION``), and never by a station. Counts of characters
and of two-character words are those of jieba's dictionary (MIT); English words are SCOWL's (see the head of the file that is written).
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from yuqing_cli.segment import lexicon
from yuqing_cli.text import fold, is_han

TARGET = Path(__file__).parents[1] / "src" / "yuqing_cli" / "data" / "background.txt"
RARE = 100
"""Words counted less often say no more than their characters."""
HEAD = """\
# How telling a character or a word is: minus the natural logarithm of its relative frequency, in tenths. Edition 1.
# Frozen: a change makes new links between old posts. Made by tools/background.py.
#
# c  characters, w  words of two characters: counted from the dictionary of jieba 0.42.1
#    (MIT License, Copyright (c) 2013 Sun Junyi).
# e  English words, 1 most common, 2 common: levels 10 and 20 of SCOWL 2020.12.07
#    (Copyright 2000-2020 Kevin Atkinson: permission to use, copy, modify, distribute and sell these word lists, the associated
#    scripts, the output created from the scripts, and its documentation for any purpose is granted without fee, provided that
#    this notice appears in all copies; as is, without warranty). Levels 10 and 20 rest on lists in the public domain.
"""


def han_words() -> Iterable[tuple[str, int]]:
    """The dictionary's words in normal form, with their frequencies."""
    counted: Counter[str] = Counter()
    for word, frequency in lexicon().frequencies.items():
        folded = fold(word)
        if folded and all(map(is_han, folded)):
            counted[folded] += frequency
    return counted.items()


def tenths(frequency: int, total: int) -> int:
    """Information in tenths of a nat."""
    return round(-10 * math.log(frequency / total))


def grouped(kind: str, values: Mapping[str, int]) -> list[str]:
    """One line for all that have one value."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for word, value in values.items():
        lines[value].append(word)
    joint = "" if kind == "c" else " "
    return [f"{kind} {value} {joint.join(sorted(words))}" for value, words in sorted(lines.items())]


def main(folder: Path) -> None:
    """Write the table."""
    words = dict(han_words())
    characters: Counter[str] = Counter()
    for word, frequency in words.items():
        for char in word:
            characters[char] += frequency
    total, all_words = sum(characters.values()), lexicon().total
    chars = {char: tenths(count, total) for char, count in characters.items() if count >= RARE}
    pairs = {word: tenths(count, all_words) for word, count in words.items() if len(word) == 2 and count >= RARE}
    english: dict[str, int] = {}
    for level, file in ((2, "english-words.20"), (1, "english-words.10")):
        found = (fold(line) for line in (folder / file).read_text("latin-1").split())
        english |= {word: level for word in found if re.fullmatch("[a-z][a-z]+", word)}
    lines = [*grouped("c", chars), *grouped("w", pairs), *grouped("e", english)]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(
        len(chars), "characters,", len(pairs), "pairs,", len(english), "English words,", TARGET.stat().st_size, "bytes"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
