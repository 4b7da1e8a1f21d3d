"""Sources as OPML 2.0, for any feed reader and for ``sources import``.

The first tag is the folder, since folders are what readers show; all tags are categories. Only feeds are written: to a reader every
``xmlUrl`` is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from yuqing_cli.models import Source

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ESCAPES = {"%": "%25", ",": "%2C", "/": "%2F"}


def feeds_of(sources: Iterable[Source]) -> list[Source]:
    """Those that OPML can hold."""
    return [source for source in sources if source.kind == "feed"]


def lines(sources: Iterable[Source], *, title: str, now: datetime) -> Iterator[str]:
    """The document, line by line. ``now`` is its date."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
    yield f"<head><title>{escape(_plain(title))}</title><dateCreated>{format_datetime(now)}</dateCreated></head>\n<body>\n"
    folders: dict[str, list[Source]] = {}
    for source in feeds_of(sources):
        folders.setdefault(source.tags[0] if source.tags else "", []).append(source)
    for folder, members in folders.items():
        yield from _folder(folder, members) if folder else map(_outline, members)
    yield "</body>\n</opml>\n"


def _folder(name: str, members: list[Source]) -> Iterator[str]:
    yield f"<outline text={_quoted(name)} title={_quoted(name)}>\n"
    for source in members:
        yield "  " + _outline(source)
    yield "</outline>\n"


def _outline(source: Source) -> str:
    name = _quoted(source.name)
    category = f" category={_quoted(','.join(map(_category, source.tags)))}" if source.tags else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={_quoted(source.url)}{category}/>\n'


def _category(tag: str) -> str:
    """A comma or a slash in a tag would make two of it; OPML knows no escape, so addresses' is used."""
    return "".join(_ESCAPES.get(char, char) for char in tag)


def _quoted(text: str) -> str:
    return quoteattr(_plain(text))


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
