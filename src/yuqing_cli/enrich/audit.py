"""Looking for personal data where none should be: everything that is kept or handed out is put through the mask once more.

What the mask would still change is a finding. So the audit knows exactly what the mask knows, and no more: it proves that nothing came
in by another way (an older version, a tool that wrote into the file, a form that was filled in by hand), not that the mask is perfect.
Addresses (URLs) are exempt, as they are for the mask; so are ids and hashes, which are letters and digits of our own making.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from yuqing_cli.records import Record

from .mask import mask

EXEMPT = frozenset(
    [
        "url",
        "canonical_url",
        "guid",
        "id",
        "post",
        "event",
        "event_id",
        "alias",
        "hash",
        "content_hash",
        "body_hash",
        "packs",
        "scoring",
        "etag",
        "last_modified",
        "answer",
    ]
)
"""Columns, and keys of JSON, that hold an address, an id or a hash."""

_BLOCKS = re.compile(r"</(?:w:p|w:tc|si|is|c|t|p|li|td|th|tr|h[1-6]|div|entry|title|summary|content)>", re.IGNORECASE)
_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,10000}>", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")


class Leak(Record):
    """Something that the mask would hide. It is named by its place, never by what it is."""

    place: str
    """``table.column``, or the name of a file."""
    row: str
    """The id of the row, or the line."""


def personal(text: str) -> bool:
    """Whether the mask would hide something in it. A number with a decimal point (a score, a share) is none of anybody's."""
    return bool(text) and not (_NUMBER.fullmatch(text) and "." in text) and mask(text) != text


def strings(value: Any, key: str = "") -> Iterator[str]:
    """Every text in a JSON value, without what stands under an exempt key."""
    if key in EXEMPT:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from strings(entry, name)
    elif isinstance(value, list):
        for entry in value:
            yield from strings(entry, key)


def in_cell(text: str) -> bool:
    """Whether a stored text, or any text in stored JSON, is personal."""
    if text[:1] in "[{":
        try:
            return any(map(personal, strings(json.loads(text))))
        except ValueError:
            pass
    return personal(text)


def in_lines(text: str) -> Iterator[int]:
    """Numbers of the lines (from 1) that are personal."""
    for number, line in enumerate(text.splitlines(), start=1):
        if personal(line):
            yield number


def in_document(name: str, text: str) -> Iterator[int]:
    """Lines of a file that hold personal data, read as what its name says that it is."""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in {"json", "jsonl"}:
        yield from _in_json(text)
    elif ending == "csv":
        rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        yield from (number for number, row in enumerate(rows, start=1) if any(map(personal, row)))
    elif ending in {"html", "htm", "xml", "atom", "rels", "opml"}:
        yield from in_lines(shown(text))
    else:
        yield from in_lines(text)


def _in_json(text: str) -> Iterator[int]:
    try:
        documents = [(1, json.loads(text))]
    except ValueError:
        documents = []
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                documents.append((number, json.loads(line)))
            except ValueError:
                documents.append((number, line))
    yield from (number for number, document in documents if any(map(personal, strings(document))))


def shown(markup: str) -> str:
    """What a reader sees of HTML or XML: tags gone, a line a block, entities resolved. Addresses in attributes are exempt."""
    return html.unescape(_TAGS.sub("", _BLOCKS.sub("\n", markup)))
