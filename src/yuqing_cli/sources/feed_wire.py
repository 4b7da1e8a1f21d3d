"""What a feed document says, before anything is judged: the shape that every feed dialect is read into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["MAX_ENTRIES", "MAX_TEXT_CHARS", "WireEntry", "WireFeed"]

MAX_ENTRIES = 2_000
"""Entries read of one document; feeds with more are archives, and their first entries are the newest."""
MAX_TEXT_CHARS = 500_000
"""Read of one text, as HTML; no article comes near it, and 20 MB of ``<p>`` in one entry took 14 s."""


@dataclass(frozen=True, slots=True)
class WireEntry:
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


@dataclass(frozen=True, slots=True)
class WireFeed:
    """One document."""

    entries: tuple[WireEntry, ...] = ()
    base: str = ""
    """What links without a base of their own are relative to: an RSS channel's link."""
    ttl: timedelta | None = None
