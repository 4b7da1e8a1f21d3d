"""The tone of a post: complaint, danger, call for help and grief against neutral notice, praise, thanks and joy. A hint, no more.

Principle. A desk reads what people are upset about before what is announced to them. Whether a text is upset is guessed here from its
words, and a guess of this kind is wrong about once in six times on the texts of strangers; so it is one part of the score among
others, the words that count can be read in ``data/tone.toml``, and nothing but the order of a digest follows from it.

Theory. Each word of the lexicon has a worth, above 0 for trouble, below 0 for content. Of overlapping words the first and then the
longest counts, so that guards (好像, 牛奶, 香菇) keep a praise or a curse inside them from counting. A degree word up to four
characters before, in the same clause, makes a worth half as much again (非常) or less (有点); a negation turns praise into
nearly as much complaint (不好吃), and trouble into a little relief (没有伤亡). A question mark counts a little: people ask the one whom
they blame. The title counts twice; of the text the opening is read, where the matter is said: letters end in courtesies, reports
in history. The sum is divided by the root of one more than the number of words (a long text has many of both kinds), and a logistic
curve makes 0…1 of it: 0.2 where no word was found, for most neutral notices have none.

Measured (area under the curve, complaint against praise; in brackets against praise and neutral together): Weibo, daily life .888
(.825), Weibo in an epidemic .901 (.817), reviews of meals .906, sentences about cars .770 (.674). The HowNet lexicon reaches .761,
.777 and .670 on Weibo and cars, a naive Bayes model that was trained on reviews .86 on meals. ``tests/eval`` pins it.

Known failures. Irony (你可真行) and rhetorical praise are read as said. Trouble without a word for it (为了配把钥匙跑了三趟) is not
seen. In comparisons the praise of one thing counts for the other. A report on a disaster far away is upset, too: relevance must tell.

Tried and dropped: counting only what agrees with the cuts of a segmenter (.881, .897, .763, .892: words that people run together are
lost, and of overlapping entries the longest is nearly always the word); counting exclamation marks (.891 on daily life, but .896 in
the epidemic: praise has as many); the plain mean of all words (the same within .003).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from math import exp, log, sqrt
from pkgutil import get_data
from typing import Literal

from yuqing_cli.records import Record
from yuqing_cli.text import fold

from .automaton import Automaton

READ = 600
"""Characters of the text that are looked at."""
NEAR = 4
"""How many characters before a word its degree or negation may end."""
NEGATED_PRAISE, NEGATED_TROUBLE = -0.8, -0.3
STRONG, WEAK = 1.4, 0.7
QUESTION, QUESTIONS = 0.35, 3
TITLE = 2.0
SILENT = 0.2
"""The tone of a text without any word of the lexicon."""
_BREAK = re.compile(r"[，。！？；、,.!?;…\n~～]")

Role = Literal["word", "degree", "negation", "guard"]


class Word(Record):
    """An entry of the lexicon. ``worth``: of a word, what it says; of a degree, by what it multiplies."""

    role: Role
    worth: float = 0.0


class Lexicon(Record):
    """All entries by normal form, and what finds them."""

    entries: dict[str, Word]
    terms: tuple[str, ...]
    automaton: Automaton


@cache
def lexicon() -> Lexicon:
    """The entries of ``data/tone.toml``, read once in a process. Where a form stands twice, words come before degrees and guards."""
    data = tomllib.loads((get_data("yuqing_cli.data", "tone.toml") or b"").decode("utf-8"))
    entries: dict[str, Word] = {}
    _add(entries, data["negation"]["list"], Word("negation"))
    for group in data["words"]:
        _add(entries, group["list"], Word("word", group["worth"]))
    _add(entries, data["degree"]["strong"], Word("degree", STRONG))
    _add(entries, data["degree"]["weak"], Word("degree", WEAK))
    _add(entries, data["neutral"]["list"], Word("guard"))
    terms = tuple(entries)
    return Lexicon(entries, terms, Automaton(terms))


def _add(entries: dict[str, Word], listed: str, word: Word) -> None:
    for form in map(fold, listed.split()):
        entries.setdefault(form, word)


def tone(title: str, text: str) -> float:
    """How upset a text sounds, 0…1; 0.2 where nothing is said either way."""
    upset = log(1 / SILENT - 1) - lean(title, text)
    return 1 / (1 + exp(min(upset, 700.0)))


def lean(title: str, text: str) -> float:
    """The balance of the words: above 0 trouble, below 0 content; 0 where there are none."""
    head, body = fold(title[:READ]), fold(text[:READ])
    worths = [(TITLE, worth) for worth in worths_of(head)] + [(1.0, worth) for worth in worths_of(body)]
    asked = min(head.count("?") + body.count("?"), QUESTIONS)
    total = QUESTION * asked + sum(weight * worth for weight, worth in worths)
    return total / sqrt(1 + sum(weight for weight, _ in worths))


def worths_of(folded: str) -> Iterator[float]:
    """What each word of a text in normal form is worth, with its degree and negation, in the order of the text."""
    degree, negated, near = 1.0, False, -NEAR - 1
    for start, end, word in _found(folded):
        if start - near > NEAR or _BREAK.search(folded, max(near, 0), start):
            degree, negated = 1.0, False
        if word.role == "degree":
            degree, near = word.worth, end
        elif word.role == "negation":
            negated, near = not negated, end
        else:
            if word.role == "word":
                turned = (NEGATED_PRAISE if word.worth < 0 else NEGATED_TROUBLE) if negated else 1.0
                yield word.worth * degree * turned
            degree, negated, near = 1.0, False, -NEAR - 1


def _found(folded: str) -> Iterator[tuple[int, int, Word]]:
    """(start, end, entry) of the leftmost and longest entries."""
    words = lexicon()
    last = 0
    for start, negative_end, index in sorted(
        (start, -end, index) for index, start, end in words.automaton.find(folded)
    ):
        term, end = words.terms[index], -negative_end
        if start >= last and not _inside_latin(folded, start, end, term):
            last = end
            yield start, end, words.entries[term]


def _inside_latin(text: str, start: int, end: int, term: str) -> bool:
    """Whether a Latin word of the lexicon is only a part of the one in the text: ``sb`` in ``usb``."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return (term[0].isascii() and term[0].isalnum() and before.isascii() and before.isalnum()) or (
        term[-1].isascii() and term[-1].isalnum() and after.isascii() and after.isalnum()
    )
