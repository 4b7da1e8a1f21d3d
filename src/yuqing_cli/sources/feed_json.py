"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from yuqing_cli.errors import SourceError

from .feed_wire import MAX_TEXT_CHARS, WireEntry, WireFeed, capped
from .markup import fold, html_to_text, title_text

__all__ = ["read_json_feed"]


def read_json_feed(text: str) -> WireFeed:
    """Read a JSON Feed. Raises ``SourceError`` for JSON that does not parse or is something else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("soft", "the answer begins like JSON but does not parse as JSON") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not _is_feed(document, items):
        raise SourceError("soft", 'the answer is JSON but not a JSON Feed; kind = "json_list" reads other JSON')
    return WireFeed(tuple(_entry(item) for item in capped(items) if isinstance(item, dict)))


def _is_feed(document: dict[str, Any], items: list[Any]) -> bool:
    """By its version, or, since that is forgotten at times, by what only JSON Feed calls so."""
    if "jsonfeed.org/version/" in str(document.get("version", "")):
        return True
    first = items[0] if items and isinstance(items[0], dict) else {}
    return "id" in first and any(key in first for key in ("content_html", "content_text", "date_published"))


def _entry(item: dict[str, Any]) -> WireEntry:
    return WireEntry(
        title=title_text(_string(item, "title")),
        content=html_to_text(_string(item, "content_html")) or fold(_string(item, "content_text")),
        summary=html_to_text(_string(item, "summary")),
        link=_string(item, "url") or _string(item, "external_url"),
        guid=_string(item, "id"),
        dates=tuple(filter(None, (_string(item, "date_published"), _string(item, "date_modified")))),
    )


def _string(item: dict[str, Any], key: str) -> str:
    """The member as text; the standard asks readers to take a numeric ``id`` as its digits."""
    value = item.get(key)
    return (
        str(value)[:MAX_TEXT_CHARS].strip()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else ""
    )
