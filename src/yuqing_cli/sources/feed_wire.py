"""What a feed document says, before anything is judged: the shape that every feed dialect is read into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from yuqing_cli.records import Record

__all__ = ["MAX_ENTRIES", "MAX_TEXT_CHARS", "WireEntry", "WireFeed", "capped"]

T = TypeVar("T")

MAX_ENTRIES = 2_000
"""Entries read of one document; feeds with more are archives."""
MAX_TEXT_CHARS = 500_000
"""Read of one text, as HTML; no article comes near it, and 20 MB of ``<p>`` in one entry took 14 s."""


def capped(items: Sequence[T]) -> Sequence[T]:
    """At most ``MAX_ENTRIES`` of them, the first and the last: most feeds begin with the newest entry, some end with it."""
    half = MAX_ENTRIES // 2
    return items if len(items) <= MAX_ENTRIES else [*items[:half], *items[-half:]]


class WireEntry(Record):
    """One item or entry. Texts are plain already, links and dates are as they stand in the document."""

    title: str = ""
    content: str = ""
    """The full text, where the document has an element for it."""
    summary: str = ""
    link: str = ""
    base: str = ""
    """What ``link`` is relative to, by ``xml:base``; ``""`` where the document does not say."""
    guid: str = ""
    dates: tuple[str, ...] = ()
    """Date strings, the best first: published before updated."""


class WireFeed(Record):
    """One document."""

    entries: tuple[WireEntry, ...] = ()
    base: str = ""
    """What links without a base of their own are relative to: an RSS channel's link."""
    ttl: timedelta | None = None
