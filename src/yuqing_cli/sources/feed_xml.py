"""RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0 into ``WireFeed``. The only room that knows lxml.

Three readings, each only where the one before fails: strictly; tolerantly, after mending what is broken in small (an
undefined ``&nbsp;``, a stray ``&``); entry by entry, where tags do not match, so that one broken entry spoils no other.

Two libraries were tried and dropped, measured behind the same decoding. fastfeedparser agreed with 808 of 967
expectations in the test suites of two other parsers (this reading: 948) and found 423 of 433 entries of real feeds (433):
it cuts a text at its first child element, does not know ``xml:base`` or Atom's text types, and hands out dates as UTC.
feedparser, as the last resort, added nothing on the same data, and took 23 s for 280 KB of unclosed tags.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from yuqing_cli.errors import SourceError
from yuqing_cli.records import replace

from .feed_elements import read_elements
from .feed_repair import cut_through_an_item, is_feed_like, mended, pieces, starts_of_items, without_doctype
from .feed_wire import MAX_ENTRIES, WireFeed, capped

__all__ = ["read_xml_feed"]

_MAX_TAGS = 2_000_000
"""libxml2 takes about 140 bytes for each: 280 MB, for a document of 20 MB that has a tag every ten characters."""
_MAX_BROKEN_CHARS = 5_000_000
"""Recovery logs every error it meets: a broken document is read this far, and its newest entries come first."""


def read_xml_feed(text: str) -> WireFeed | None:
    """Read a feed from text without an XML declaration; ``None`` where it is no feed. No network, no files.

    A sound document may have no entries; a broken one without entries raises ``SourceError``, lest it pass for that.
    """
    tags = text.count("<")
    if tags > _MAX_TAGS:
        raise SourceError("hard", "this document has {tags} tags, more than any feed needs", tags=tags)
    text = without_doctype(text)
    root = _strictly(text)
    feed = read_elements([root]) if root is not None else None
    if feed is not None or not is_feed_like(text):
        return feed
    feed = _rescued(text[:_MAX_BROKEN_CHARS])  # broken, or a feed inside a web page
    if feed is None or feed.entries:
        return feed
    if root is None:
        raise SourceError("soft", "this feed is broken: not one entry of it can be read")
    return None


def _rescued(text: str) -> WireFeed | None:
    """A broken document, as far as it can be read.

    Where it ends inside an entry, half a title without an address would stay as a post of its own, beside the whole one
    of next time: that one is left out.
    """
    feed = _as_readable(text)
    if feed is None or not feed.entries or not cut_through_an_item(text):
        return feed
    last = feed.entries[-1]
    return feed if last.link or last.guid else replace(feed, entries=feed.entries[:-1])


def _as_readable(text: str) -> WireFeed | None:
    """As a whole where the tags match, else entry by entry."""
    whole, tags_match = _tolerantly(mended(text))
    feed = read_elements([whole]) if whole is not None else None
    found = len(feed.entries) if feed else 0
    if tags_match and found >= min(starts_of_items(text), MAX_ENTRIES):
        return feed
    roots = [root for root, _ in map(_tolerantly, capped(list(pieces(text)))) if root is not None]
    apart = read_elements(roots) if roots else None
    return apart if apart and len(apart.entries) >= found else feed


def _options() -> dict[str, bool]:
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
        "collect_ids": False,
    }


def _strictly(text: str) -> Any:
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), etree.XMLParser(**_options()))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _tolerantly(text: str) -> tuple[Any, bool]:
    """The recovered root (``None`` where nothing was), and whether every end tag closed what was open."""
    parser = etree.XMLParser(recover=True, **_options())
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    return root, all(error.type != etree.ErrorTypes.ERR_TAG_NAME_MISMATCH for error in parser.error_log)
