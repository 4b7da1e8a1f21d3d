"""Charsets found, and text that arrived broken, over sentences of a fictional county in every encoding that can hold them.

``data/sentences.tsv`` has four kinds of text. Samples of 60 and 400 characters begin at forty evenly spaced places of a kind,
so that headlines and articles are both there, cut anywhere as a page would not be. A sample is right when ``decode`` gives
the document exactly. The header is right, wrong in each way that servers are wrong (UTF-8, Latin-1, or the other of GB2312
and Big5 where the text is neither), absent with an XML declaration, absent without.

Then each sample is damaged as careless servers damage it, and the sentinel has to see it; on the sound ones it has to be
silent. Two of the 25 damages are beyond it by nature and count as missed: Big5 read as GB18030, and the reverse, give rare
but real characters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from floors import HERE, check, share
from yuqing_cli.sources.decode import damage, decode

WITHIN = {
    "utf-8": ("simplified", "traditional", "hongkong", "rare"),
    "gb2312": ("simplified",),
    "gbk": ("simplified", "traditional"),
    "gb18030": ("simplified", "traditional", "rare"),
    "big5": ("traditional",),
    "big5-hkscs": ("traditional", "hongkong"),
    "utf-16": ("simplified", "traditional", "hongkong", "rare"),
}
"""Which kinds of text an encoding can hold."""
WRONG = ("utf-8", "iso-8859-1", "gb2312", "big5")
SAMPLES = 40
SIZES = pytest.mark.parametrize("size", [60, 400])


@cache
def texts() -> dict[str, str]:
    """Kind -> its sentences, one after the other."""
    found: dict[str, str] = defaultdict(str)
    for line in (HERE / "data" / "sentences.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, sentence = line.split("\t")
            found[kind] += sentence
    return found


def samples(kind: str, size: int) -> Iterator[str]:
    text = texts()[kind]
    endless = text * (size // len(text) + 2)
    for number in range(SAMPLES):
        start = number * len(text) // SAMPLES
        yield endless[start : start + size]


def html(text: str) -> str:
    return f"<html><body><p>{text}</p></body></html>"


def xml(text: str, label: str) -> str:
    return f'<?xml version="1.0" encoding="{label}"?>\n<t>{text}</t>'


def family(label: str) -> str:
    return label[:2]


def documents(condition: str, label: str, text: str) -> Iterator[tuple[str, str]]:
    """(document, Content-Type)"""
    if condition == "xml declaration":
        yield xml(text, label), "text/xml"
    elif condition == "nothing said":
        yield html(text), "text/html"
    elif condition == "header right":
        yield html(text), f"text/html; charset={label}"
    else:
        yield from ((html(text), f"text/html; charset={wrong}") for wrong in WRONG if family(wrong) != family(label))


@SIZES
@pytest.mark.parametrize("condition", ["header right", "header wrong", "xml declaration", "nothing said"])
def test_documents_are_decoded_exactly(condition: str, size: int) -> None:
    cases = [
        (label, document, content_type)
        for label, kinds in WITHIN.items()
        for kind in kinds
        for text in samples(kind, size)
        for document, content_type in documents(condition, label, text)
    ]
    wrong = Counter(
        f"{label}, {content_type}"
        for label, document, content_type in cases
        if decode(document.encode(label), content_type).text != document
    )
    right = 1 - share(wrong.total(), len(cases))
    check(f"decoding: {condition}, {size} characters", right, external=False, detail=wrong)


def through(text: str, *steps: str) -> str:
    """The text encoded and decoded by turns; what does not fit is lost, as servers lose it."""
    for wrote, read in zip(steps[::2], steps[1::2], strict=True):
        text = text.encode(wrote, "ignore").decode(read, "replace")
    return text


_UNICODE_WAYS = (
    ("utf-8", "gb18030"),
    ("utf-8", "gbk"),
    ("utf-8", "big5"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("utf-8", "latin-1", "utf-8", "latin-1"),
)
WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "simplified": (
        *_UNICODE_WAYS,
        ("gbk", "latin-1"),
        ("gbk", "cp1252"),
        ("gbk", "utf-8"),
        ("gbk", "latin-1", "utf-8", "gbk"),
        ("gbk", "utf-8", "utf-8", "gbk"),
        ("gbk", "big5"),
    ),
    "traditional": (
        *_UNICODE_WAYS,
        ("big5", "latin-1"),
        ("big5", "cp1252"),
        ("big5", "utf-8"),
        ("big5", "utf-8", "utf-8", "gbk"),
        ("big5", "gb18030"),
    ),
}


def damaged(kind: str, size: int) -> Iterator[tuple[str, str]]:
    """(what happened, what is left of the text)"""
    for text in samples(kind, size):
        yield "question marks", text.encode("ascii", "replace").decode("ascii")
        yield from ((" > ".join(steps), through(text, *steps)) for steps in WAYS[kind])


@SIZES
def test_damaged_text_is_recognised(size: int) -> None:
    cases = [case for kind in WAYS for case in damaged(kind, size)]
    missed = Counter(what for what, broken in cases if damage(broken) is None)
    recall = 1 - share(missed.total(), len(cases))
    check(f"decoding: damage seen, {size} characters", recall, external=False, detail=missed)


@SIZES
def test_sound_text_raises_no_alarm(size: int) -> None:
    alarms = [(damage(text), text) for kind in texts() for text in samples(kind, size) if damage(text)]
    silent = 1 - share(len(alarms), SAMPLES * len(texts()))
    check(f"decoding: sound text raises no alarm, {size} characters", silent, external=False, detail=alarms)
