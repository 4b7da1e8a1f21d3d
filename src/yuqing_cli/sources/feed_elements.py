"""A parsed feed document, element by element, into ``WireFeed``. Elements come from ``feed_xml``; no parser is known here.

Elements are looked up by local name in the namespaces that feeds use, whatever their prefix. Nothing here parses a
date: feed libraries take dates without a zone for UTC, and Chinese feeds mean local time by them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from html import escape
from itertools import islice
from typing import Any

from .feed_wire import MAX_TEXT_CHARS, WireEntry, WireFeed, capped
from .markup import fold, html_to_text, one_line, title_text

__all__ = ["read_elements"]

_FEED_ROOTS = frozenset(("rss", "rdf", "feed", "channel", "entry"))
_ITEMS = frozenset(("item", "entry"))
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_PLAIN = re.compile(r"(?i)^$|purl\.org/(?:rss|net/rss|atom)|netscape\.com|userland\.com|harvard\.edu|w3\.org/2005/atom")
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

_UNDECLARED = re.compile(r"^(?:rss|rss1|atom|atom10|a10|feed):")
"""Prefixes of the feed's own elements that a broken document does not declare."""

_CONTENT = ("content:encoded", "content", "xhtml:body", "body", "fullitem")
_SUMMARY = ("description", "summary", "abstract", "dc:description", "tagline", "itunes:summary", "media:description")
_TITLE = ("title", "dc:title", "media:title", "itunes:title")
_PUBLISHED = ("pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created", "date")
_UPDATED = ("updated", "modified", "dcterms:modified", "lastbuilddate")
_MAX_CHILDREN = 2_000
_OTHER = 3
"""Rank of an Atom link that is not the entry's own page."""
_MAX_PIECES = 100_000
"""Read of one text that is a tree of elements."""


def read_elements(roots: list[Any]) -> WireFeed | None:
    """The feed of one root, or of the roots of its pieces, of which the first speaks for all; ``None`` for no feed."""
    root = roots[0]
    if _local(root) not in _FEED_ROOTS:
        return None
    own = _split(root)[0]
    tops = (root, *root.iterfind("{*}channel"))
    header = [pair for top in tops for pair in _names(top, own) if pair[0] in ("link", "ttl")]
    items = capped([item for each in roots for item in _items(each, own)])
    based = any(each.xpath("boolean(//@xml:base)") for each in roots)
    return WireFeed(
        entries=tuple(_entry(item, own, based=based) for item in items),
        base="" if _local(root) == "feed" else _first_plain(header, "link"),
        ttl=_ttl(_first_plain(header, "ttl")),
    )


def _split(element: Any) -> tuple[str, str]:
    """Namespace and local name. By hand: after a recovery tags may be names that ``QName`` refuses (``dc:date``)."""
    tag = element.tag
    return _split_tag(tag) if isinstance(tag, str) else ("", "")


@lru_cache(maxsize=1024)
def _split_tag(tag: str) -> tuple[str, str]:
    space, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    return space, _UNDECLARED.sub("", local.lower())


def _local(element: Any) -> str:
    return _split(element)[1]


def _names(element: Any, own: str) -> Iterator[tuple[str, Any]]:
    """Children with the names that this module uses: plain for RSS and Atom, prefixed for the extensions it knows."""
    for child in element:
        tag = child.tag
        name = _name(tag, own) if isinstance(tag, str) else ""
        if name:
            yield name, child


@lru_cache(maxsize=1024)
def _name(tag: str, own: str) -> str:
    """A feed has thousands of elements with two dozen tags."""
    space, local = _split_tag(tag)
    prefix = _PREFIXES.get(space.lower())
    if prefix:
        return prefix + local
    return local if space == own or _PLAIN.search(space) else ""


def _items(root: Any, own: str) -> list[Any]:
    """At any depth: RDF has them beside the channel, and in a document without end tags they nest."""
    exact = [each for each in root.iter("{*}item", "{*}entry") if _is_plain(each, own)]
    return exact or [each for each in root.iter("{*}*") if _local(each) in _ITEMS and _is_plain(each, own)]


def _is_plain(element: Any, own: str) -> bool:
    space = _split(element)[0]
    return space == own or _PLAIN.search(space) is not None


def _ttl(minutes: str) -> timedelta | None:
    """RSS ``ttl``, in minutes; nonsense (0, a year) counts as not said."""
    return timedelta(minutes=int(minutes)) if re.fullmatch(r"[1-9]\d{0,4}", minutes) else None


def _entry(item: Any, own: str, *, based: bool) -> WireEntry:
    parts: dict[str, list[Any]] = {}
    for name, child in islice(_names(item, own), _MAX_CHILDREN):
        parts.setdefault(name, []).append(child)
    guid = _plain_first(parts, ("guid", "id")) or (item.get(_RDF_ABOUT) or "").strip()
    link, element = _link(item, parts)
    return WireEntry(
        title=_first_text(parts, _TITLE, title=True),
        content=(content := _first_text(parts, _CONTENT)),
        summary="" if _is_longer(content, parts) else _first_text(parts, _SUMMARY),
        link=link,
        base=(element.base or "") if based and element is not None else "",
        guid=guid,
        dates=tuple(date for name in _PUBLISHED + _UPDATED for date in map(_plain, parts.get(name, ())) if date),
    )


def _plain(element: Any) -> str:
    return one_line(_content(element))


def _content(element: Any) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def _first_plain(pairs: list[tuple[str, Any]], name: str) -> str:
    return next((text for text in (_plain(element) for each, element in pairs if each == name) if text), "")


def _plain_first(parts: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    return next((text for name in names for text in map(_plain, parts.get(name, ())) if text), "")


def _link(item: Any, parts: dict[str, list[Any]]) -> tuple[str, Any]:
    """Where the entry can be read, and the element that says so.

    FeedBurner's original link first: its own redirects have died. Then the text of an RSS link, an Atom link that is
    the page itself, a guid that is an address, an Atom link of another relation.
    """
    original = parts.get("feedburner:origlink", [])
    links = parts.get("link", [])
    hrefs = sorted((each for each in links if (each.get("href") or "").strip()), key=_remoteness)
    texts = [each for each in links if _plain(each)]
    guids = [each for each in parts.get("guid", []) + parts.get("id", []) if _is_address(each)]
    for element in (*original, *texts):
        return _plain(element), element
    for element in (*(each for each in hrefs if _remoteness(each) < _OTHER), *guids, *hrefs):
        return (element.get("href") or _plain(element)).strip(), element
    return (item.get("href") or item.get(_RDF_ABOUT) or "").strip(), item


def _remoteness(link: Any) -> int:
    relation = (link.get("rel") or "alternate").strip().rpartition("/")[2].lower()
    if relation == "alternate":
        return 0 if "html" in (link.get("type") or "html") else 1
    return {"related": _OTHER, "via": _OTHER + 1, "self": _OTHER + 2}.get(relation, _OTHER + 3)


def _is_address(element: Any) -> bool:
    return element.get("isPermaLink", "true").lower() != "false" and _plain(element).startswith(("http://", "https://"))


def _is_longer(content: str, parts: dict[str, list[Any]]) -> bool:
    """Whether no summary can be as long as the content: then none need be read, which is as dear as the content itself."""
    summaries = [element for name in _SUMMARY for element in parts.get(name, ())]
    return all(not len(element) and len(content) > len(element.text or "") for element in summaries)


def _first_text(parts: dict[str, list[Any]], names: tuple[str, ...], *, title: bool = False) -> str:
    elements = (element for name in names for element in parts.get(name, ()))
    return next((text for text in (_text(element, title=title) for element in elements) if text), "")


def _text(element: Any, *, title: bool) -> str:
    """Plain text of an RSS or Atom text, by its ``type`` and (Atom 0.3) ``mode``.

    RSS says nothing about types: there everything is HTML. Atom's plain text is plain, unless it closes a tag: then
    whoever wrote it meant HTML.
    """
    kind = (element.get("type") or "").strip().lower()
    if kind.startswith(("image/", "audio/", "video/")):
        return ""
    raw = _markup(element, escape_text=kind not in ("html", "text/html")) if len(element) else element.text or ""
    raw = raw[:MAX_TEXT_CHARS]
    if element.get("mode") == "base64" or (kind and "/" in kind and not kind.startswith("text/")):
        raw = _from_base64(raw)
    if title:
        return title_text(raw)
    if kind in ("text", "text/plain") and "</" not in raw:
        return fold(raw)
    return html_to_text(raw)


def _markup(element: Any, *, escape_text: bool) -> str:
    """The content of an element that holds elements, as HTML without prefixes.

    Under ``type="html"`` the text between them is markup in its turn, and must not be escaped again.
    """
    text = escape if escape_text else str
    pieces: list[str] = []

    def add(node: Any) -> None:  # no deeper than libxml2 goes, 256
        pieces.append(text(node.text or ""))
        for child in node:
            name = _local(child)
            if not name or len(pieces) > _MAX_PIECES:  # no name: an entity that nothing defines
                continue
            pieces.append(f"<{name}>")
            add(child)
            pieces.append(f"</{name}>" + text(child.tail or ""))

    add(element)
    return "".join(pieces)


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text
