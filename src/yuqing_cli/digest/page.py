"""Who reads a digest decides what stands on the page: the same facts and numbers, arranged once for all formats.

``exec`` is one page for the head of the office: the bottom line and at most three events. ``desk`` is everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .shapes import Delta, Digest, DigestEvent

Audience = Literal["exec", "desk"]
TOP = 3
"""How many events a reader is asked to act on, unless ``--top`` says otherwise; for ``exec`` never more."""


@dataclass(frozen=True, slots=True)
class Page:
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


def page(digest: Digest, *, top: int = TOP, audience: Audience = "desk") -> Page:
    """Arrange a digest."""
    late = tuple(e for e in digest.events if e.late)
    good = tuple(e for e in digest.events if e.good and not e.late)
    rest = [e for e in digest.events if not e.late and not e.good]
    act = _first(rest, min(top, TOP) if audience == "exec" else top)
    others = [e for e in rest if e not in act]
    fresh = tuple(e for e in others if e.state == "new")
    known = [e for e in others if e.state != "new"]
    still = tuple(e for e in known if not _changed(e))
    return Page(digest, audience, act, fresh, tuple(e for e in known if e not in still), still, late, good)


def _first(events: Iterable[DigestEvent], top: int) -> tuple[DigestEvent, ...]:
    return tuple([event for event in events if event.status != "closed"][:top])


def _changed(event: DigestEvent) -> bool:
    """Whether something happened to a known event since the last issue."""
    change = event.delta
    return event.state != "continuing" or change == Delta() or bool(change.posts or change.sources or change.level)
