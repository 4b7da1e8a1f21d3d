"""The digest as its machine-readable twin. Other people's scripts rely on it: a change of meaning raises ``SCHEMA``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from yuqing_cli import records, times
from yuqing_cli.digest.page import Page
from yuqing_cli.digest.shapes import Digest
from yuqing_cli.i18n import Translate

SCHEMA = 1
_PARTIAL = ("more", "unlisted")
"""What a digest says that was made for a page; of a whole one there is nothing to say."""
_WINDOW = {"from": "start", "to": "end", "shift": "shift", "kind": "kind"}


def to_data(digest: Digest) -> dict[str, Any]:
    """The document as plain data; times are still times."""
    data: dict[str, Any] = records.plain(digest)
    for name in _PARTIAL:
        if not data[name]:
            del data[name]
    window = {name: data.pop(field) or None for name, field in _WINDOW.items()}
    head = {"schema": SCHEMA, "station": data.pop("station"), "timezone": data.pop("timezone"), "window": window}
    return head | data


def packed(digest: Digest) -> bytes:
    """The document as it is stored: the same data as ``to_data``, its times as short as they may be."""
    data = records.as_dict(digest)
    data = {name: value for name, value in data.items() if value or name not in _PARTIAL}
    window = {name: data.pop(field) or None for name, field in _WINDOW.items()}
    return records.packed({"schema": SCHEMA, "window": window} | data)


def from_data(data: dict[str, Any]) -> Digest:
    """A stored document as a digest again. Raises ``ValueError`` when it has another shape."""
    window = data["window"]
    flat = {key: value for key, value in data.items() if key not in {"schema", "window"}}
    return records.shaped(flat | {field: window[name] or "" for name, field in _WINDOW.items()}, Digest)


def dumps(digest: Digest, indent: int | None = None) -> str:
    """The document as JSON text; times ISO 8601 with the station's offset, to the millisecond.

    A lone surrogate, which no encoding can write, becomes "?".
    """
    text = json.dumps(to_data(digest), ensure_ascii=False, indent=indent, default=_iso)
    return text.encode("utf-8", "replace").decode()


def _iso(value: datetime) -> str:
    return times.iso(value, value.tzinfo or "UTC")


def render(page: Page, _words: Translate) -> str:
    """One JSON document, indented, ending in a newline; the same for every reader and in every language, with all events."""
    return dumps(page.digest, indent=1) + "\n"
