"""The date of an item of a list: where it may stand, and which of several is meant.

Principle: what is written for machines goes before what is shown, what stands earlier before what stands later (a thread's
first post before its last reply), a whole piece of text before a line made of several. The headline is no place for a date,
nor is a longer text: both tell of events. ``times`` refuses what can be read in two ways.

Known failures: a bare clock (10:22) is today's in a forum and a duration beside a video, so it is not read unless a selector
names it; two-digit counts with a slash (12/30) pass for a day, which is why ``page`` drops dates that fewer than half of the
items have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, pairwise
from urllib.parse import urlsplit

from yuqing_cli.records import Record
from yuqing_cli.times import parse_date, plausible

from .markup import Node, one_line
from .page_select import attribute, inside, lines

_MAX_TRIED = 12
_MAX_PIECE = 40
_MAX_PIECES = 60
_MAX_TEXT = 200
_SPEAKING = re.compile(r"\d|[前昨今刚]|ago|yesterday|today", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_DAY = re.compile(r"(\d{1,2})日?")
_MONTH = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})月?")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?!\d)"
)
_UNDATED = frozenset(("a", "img", "-comment"))
_DATED_ATTRIBUTES = ("datetime", "title")


class Dates(Record):
    """Reads dates of a source in ``zone`` (an IANA name), asked at ``now``."""

    now: datetime
    zone: str

    def first(self, texts: Iterable[str]) -> datetime | None:
        """The first text that can be read as a date and can be true, in UTC."""
        for text in texts:
            at = parse_date(text, now=self.now, zone=self.zone)
            if at and plausible(at, now=self.now):
                return at
        return None

    def named(self, node: Node, value: str) -> datetime | None:
        """The date in an element that a selector named, whose value is ``value``."""
        pieces = _pieces([node], frozenset(), "")
        return self.first([value, *_bounded(_joined(pieces)), *_bounded(pieces), *_bounded(lines(node))])

    def near(self, around: Sequence[Node], headline: Node | None, title: str) -> datetime | None:
        """The date that stands in an item outside its headline."""
        skipped = frozenset(each.mem_id for each in inside(headline)) if headline is not None else frozenset()
        pieces = _pieces(around, skipped, title)
        shown = (line for node in around for line in lines(node) if title not in line)
        tried = chain(_bounded(_joined(pieces)), _bounded(pieces), _bounded(shown))
        return self.first(text for text in tried if not _CLOCK.fullmatch(text))

    def near_or_bare(self, around: Sequence[Node], headline: Node | None, title: str) -> datetime | None:
        """As ``near``; where there is only the day of a month, whose month stands elsewhere, some moment in its place."""
        return self.near(around, headline, title) or (self.now if bare_day(around, headline, title) else None)


def bare_day(around: Sequence[Node], headline: Node | None, title: str) -> str:
    """The first piece of an item that is a day of a month and nothing more (``20``, ``6日``), without 日; else ``""``."""
    skipped = frozenset(each.mem_id for each in inside(headline)) if headline is not None else frozenset()
    days = (_DAY.fullmatch(piece) for piece in _pieces(around, skipped, title))
    return next((day[1] for day in days if day), "")


def date_in_address(url: str) -> str:
    """The day that an article's address holds (``/2026-08/21/``, ``t20260821_``), as ``times`` reads it; else ``""``."""
    try:
        found = _IN_ADDRESS.search(urlsplit(url).path)
    except ValueError:
        return ""
    return "-".join(part for part in found.groups() if part) if found else ""


def _pieces(around: Sequence[Node], skipped: frozenset[int], title: str) -> list[str]:
    """Attributes and pieces of text, in document order. In the headline only what is not part of the title counts."""
    found: list[str] = []
    for node in (each for root in around for each in inside(root)):
        if len(found) >= _MAX_PIECES:
            break
        if node.tag == "-text":
            text = one_line((node.text_content or "")[:_MAX_TEXT])
            if text and not (node.mem_id in skipped and text in title):
                found.append(text)
        elif node.tag not in _UNDATED and node.attributes:
            found += [value for name in _DATED_ATTRIBUTES if (value := attribute(node, name))]
    return found


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    tried = 0
    for text in texts:
        if len(text) <= _MAX_PIECE and _SPEAKING.search(text):
            yield text
            tried += 1
            if tried == _MAX_TRIED:
                return


def _joined(pieces: Sequence[str]) -> list[str]:
    """Dates set in two pieces, the day large and the month small: 21 and 2026-08, 08-21 and 2026."""
    found = []
    for one, other in pairwise(pieces):
        for left, right in ((one, other), (other, one)):
            if (day := _DAY.fullmatch(left)) and (month := _MONTH.fullmatch(right)):
                found.append(f"{month[1]}-{month[2]}-{day[1]}")
            if (day := _MONTH_DAY.fullmatch(left)) and (year := _YEAR.fullmatch(right)):
                found.append(f"{year[1]}-{day[1]}-{day[2]}")
    return found
