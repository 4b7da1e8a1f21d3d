"""Words of the net (网言网语) in a text, and what they mean, for whoever has to answer it.

Literal, in the normal form, the longest at each place: 智商税 explains itself, 税 does not. There is no guessing of spellings, and a
word does not have to stand alone: these are sayings, not terms, and they judge nothing.

Known failures. A word that is slang in one sentence is plain in another (看海 by the sea, 打卡 at work); the reader sees which.
"""

from __future__ import annotations

from collections.abc import Iterable

from yuqing_cli.text import fold

from .model import Slang


def explained(text: str, entries: Iterable[Slang]) -> tuple[Slang, ...]:
    """The words of ``entries`` that stand in the text, each once, in the order of the text."""
    folded = fold(text)
    words = {entry.folded: entry for entry in entries}
    places = sorted((at, -len(word), word) for word in words for at in _all(folded, word))
    found: dict[str, Slang] = {}
    end = 0
    for at, minus, word in places:
        if at >= end:
            found.setdefault(word, words[word])
            end = at - minus
    return tuple(found.values())


def _all(text: str, word: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
