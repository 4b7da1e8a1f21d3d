"""Who reads a digest decides what stands on the page: the same facts and numbers, arranged once for all formats.

``exec`` is one page for the head of the office: the bottom line and at most three events. ``desk`` is everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from yuqing_cli.records import Record

from .shapes import Delta, Digest, DigestEvent

Audience = Literal["exec", "desk"]
TOP = 3
"""How many events a reader is asked to act on, unless ``--top`` says otherwise; for ``exec`` never more."""

ITEMS = 100
"""How many events of a section are listed: nobody reads four thousand lines at the end of a shift."""


class Page(Record):
    """A digest and its events by where they stand, each in one place only, in the order of their rank."""

    digest: Digest
    audience: Audience
    act: tuple[DigestEvent, ...]
    """需今日处置: the weightiest that are neither good news, nor late, nor closed by the desk."""
    new: tuple[DigestEvent, ...]
    continuing: tuple[DigestEvent, ...]
    """Continuing, resurgent or subsided ones in which something changed since the last issue."""
    unchanged: tuple[DigestEvent, ...]
    late: tuple[DigestEvent, ...]
    good: tuple[DigestEvent, ...]


Section = Literal["late", "good", "new", "continuing", "unchanged"]
"""Where an event stands that nobody has to act on."""


def section(*, late: bool, good: bool, news: bool, state: str, change: Delta) -> Section:
    """Where an event stands. Of known ones it matters whether something happened to them since the last issue."""
    if late:
        return "late"
    if good:
        return "good"
    if news:
        return "new"
    changed = state != "continuing" or change == Delta() or bool(change.posts or change.sources or change.level)
    return "continuing" if changed else "unchanged"


def page(digest: Digest, *, top: int = TOP, audience: Audience = "desk") -> Page:
    """Arrange a digest."""
    placed = [(section(late=e.late, good=e.good, news=e.news, state=e.state, change=e.delta), e) for e in digest.events]
    rest = [event for name, event in placed if name not in {"late", "good"}]
    act = _first(rest, min(top, TOP) if audience == "exec" else top)

    def stand(where: Section) -> tuple[DigestEvent, ...]:
        return tuple(event for name, event in placed if name == where and not any(event is one for one in act))

    return Page(
        digest, audience, act, stand("new"), stand("continuing"), stand("unchanged"), stand("late"), stand("good")
    )


def _first(events: Iterable[DigestEvent], top: int) -> tuple[DigestEvent, ...]:
    return tuple([event for event in events if event.status != "closed"][:top])
