"""What the desk says of an event: notes, the unit in charge, what was published in reply, closed and opened again. Pure.

    typed words -entry-> DeskEntry -store-> rows -standing-> Standing (as of a moment)

Entries are only added. ``reopen`` takes back what was said before it of an answer and of closing; the notes and the unit stay. The unit
(承办单位) is never a person: what a person could be reached by is masked, in it as in every note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from yuqing_cli.errors import UsageError
from yuqing_cli.records import Record, field, replace
from yuqing_cli.text import clean_line
from yuqing_cli.urls import is_http

from .sections import Note

Kind = Literal["note", "owner", "answer", "close", "reopen"]
Status = Literal["open", "answered", "closed"]
LONGEST: Mapping[Kind, int] = {"note": 500, "owner": 60, "answer": 2000, "close": 0, "reopen": 0}
"""Characters of each kind's text."""


class DeskEntry(Record):
    """One thing that the desk said of an event, and when."""

    event: str
    kind: Kind
    text: str
    at: datetime


class Standing(Record):
    """Where an event stands with the desk."""

    status: Status = "open"
    owner: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    """When the first answer that still counts was written down."""
    closed_at: datetime | None = None
    notes: tuple[Note, ...] = field(default=())


NOTHING = Standing()


def entry(event: str, kind: Kind, text: str, at: datetime, *, masked: bool = True) -> DeskEntry:
    """What was typed, as it is stored: one line without control characters, personal data masked, an address checked.

    Raises:
        UsageError: it is empty, too long, or no address of a public page.

    """
    if kind == "answer":
        return DeskEntry(event, kind, _address(text), at)
    # Only here: a digest reads entries and types none, and the patterns take longer to compile than a day of them to read.
    from yuqing_cli.enrich.mask import mask

    said = clean_line(text)
    if LONGEST[kind] and not said:
        raise UsageError("nothing is left of the text: it is empty, or only characters that cannot be seen")
    _bounded(said, kind)
    return DeskEntry(event, kind, mask(said) if masked else said, at)


def _bounded(text: str, kind: Kind) -> None:
    if len(text) > LONGEST[kind]:
        raise UsageError("{count} characters are too long; at most {most}", count=len(text), most=LONGEST[kind])


def _address(text: str) -> str:
    given = text.strip()
    _bounded(given, "answer")
    # An account in front of the host (user:word@host) would be stored and printed.
    plain = given.isprintable() and " " not in given and "@" not in urlsplit(given).netloc
    if not (plain and given.lower().startswith(("http://", "https://")) and is_http(given)):
        raise UsageError("{value} is not the address of a public page (https://…)", value=given[:80])
    return given


def standing(entries: Iterable[DeskEntry]) -> Standing:
    """Where one event stands after its entries, which are in the order in which they were written."""
    held = NOTHING
    for each in entries:
        held = _after(held, each)
    return held


def _after(held: Standing, one: DeskEntry) -> Standing:
    if one.kind == "note":
        return replace(held, notes=(*held.notes, Note(one.at, one.text)))
    if one.kind == "owner":
        return replace(held, owner=one.text)
    if one.kind == "answer":
        status: Status = "closed" if held.status == "closed" else "answered"
        return replace(held, status=status, answer=one.text, answered_at=held.answered_at or one.at)
    if one.kind == "close":
        return held if held.status == "closed" else replace(held, status="closed", closed_at=one.at)
    return replace(held, status="open", answer=None, answered_at=None, closed_at=None)


def changes(held: Standing, one: DeskEntry) -> bool:
    """Whether an entry says anything that was not said: the same words twice are one entry."""
    if one.kind == "note":
        return all(note.text != one.text for note in held.notes)
    after = _after(held, one)
    return replace(after, answered_at=held.answered_at) != held if one.kind == "answer" else after != held
