"""OPML 1.0 and 2.0: the list of feeds that one reader hands to another. Bytes in, outlines out.

Folders become tags, and so do the categories of OPML 2.0, where ``/news/local`` is a path of two. What real files do is understood:
names of attributes in any case, ``feed:`` addresses, bare ampersands in addresses, encodings of their own.

A file of a stranger is not trusted: expat expands entities and reads external ones only where a document type declares them, so
one with a declaration is refused as a whole (no OPML needs one); depth and number are bounded. ``type="include"`` is not followed.
"""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.parsers import expat

from yuqing_cli.errors import UsageError
from yuqing_cli.records import Record, replace
from yuqing_cli.text import clean_line
from yuqing_cli.urls import canonical, host

from .decode import clean_xml, decode

MAX_BYTES = 20_000_000
MAX_DEPTH = 64
MAX_OUTLINES = 20_000
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_FEED_SCHEME = re.compile(r"feed:(?://)?(https?:)?(?://)?", re.IGNORECASE)
_ESCAPED = re.compile(r"%(?:25|2C|2F)", re.IGNORECASE)


class Outline(Record):
    """One feed of the list. ``url`` is as the file has it, ``line`` counts from 1."""

    title: str
    url: str
    tags: tuple[str, ...] = ()
    line: int = 0


def read(body: bytes, file: str) -> list[Outline]:
    """The feeds of an OPML file, in its order; ``file`` names it in errors.

    Raises:
        UsageError: it is too large, not XML, not OPML, or declares a document type.

    """
    if len(body) > MAX_BYTES:
        raise UsageError("{file} is larger than {bytes} bytes", file=file, bytes=MAX_BYTES)
    text = decode(body).text
    clean = clean_xml(text)
    reader = _Reader(file, text.count("\n") - clean.count("\n"))
    return reader.read(_BARE_AMPERSAND.sub("&amp;", clean))


def merged(outlines: list[Outline]) -> list[Outline]:
    """Each address once, with the tags of all its places: readers list a feed again in every folder that holds it."""
    unique: dict[str, Outline] = {}
    for outline in outlines:
        key = canonical(outline.url) or outline.url
        first = unique.setdefault(key, outline)
        unique[key] = replace(first, tags=tuple(dict.fromkeys((*first.tags, *outline.tags))))
    return list(unique.values())


class _Reader:
    """Walks the document once without building a tree, so that depth costs nothing."""

    def __init__(self, file: str, lines_before: int) -> None:
        self._file, self._lines_before = file, lines_before
        self._open: list[str] = []
        self._root = ""
        self._found: list[Outline] = []
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, text: str) -> list[Outline]:
        try:
            self._parser.Parse(text, True)  # noqa: FBT003 - the library has it by place
        except expat.ExpatError as error:
            line, reason = error.lineno + self._lines_before, expat.ErrorString(error.code)
            raise UsageError("{file}:{line}: not OPML: {reason}", file=self._file, line=line, reason=reason) from error
        return self._found

    def _doctype(self, *_declared: object) -> None:
        raise UsageError("{file} declares a document type, which no OPML needs; it is not read", file=self._file)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._root:
            self._root = name.lower()
            if self._root != "opml":
                raise UsageError("{file} is not OPML: it begins with <{name}>", file=self._file, name=name[:40])
        if len(self._open) >= MAX_DEPTH or len(self._found) >= MAX_OUTLINES:
            raise UsageError("{file} is nested too deeply or lists too many feeds", file=self._file)
        self._open.append(self._outline(attributes) if name.lower() == "outline" else "")

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _outline(self, attributes: dict[str, str]) -> str:
        """Keep a feed, or return the name of a folder."""
        values = {name.lower(): value.strip() for name, value in attributes.items()}
        title = clean_line(values.get("text") or values.get("title", ""))
        url = _address(values.get("xmlurl", ""))
        if not url:
            return title
        folders = [name for name in self._open if name]
        tags = tuple(dict.fromkeys((*folders, *_categories(values.get("category", "")))))
        line = self._parser.CurrentLineNumber + self._lines_before
        self._found.append(Outline(title or host(url), url, tags, line))
        return ""


def _address(url: str) -> str:
    """``feed://example.org/a`` and ``feed:https://example.org/a`` are web addresses in disguise."""
    return (
        _FEED_SCHEME.sub(lambda found: f"{found[1] or 'http:'}//", url, count=1) if url[:5].lower() == "feed:" else url
    )


def _categories(text: str) -> list[str]:
    """``/news/local,weather`` -> news, local, weather."""
    parts = (clean_line(_unescaped(part)) for part in re.split("[,/]", text))
    return [part for part in parts if part]


def _unescaped(category: str) -> str:
    """OPML cannot write a comma or a slash in a category; ``render.opml`` escapes them as addresses do."""
    return _ESCAPED.sub(lambda found: unquote(found[0]), category)
