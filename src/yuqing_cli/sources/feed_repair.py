"""What is done to an XML document before a parser sees it: the document type out, broken mark-up mended.

The document type goes whole, since nothing in it is needed and everything dangerous is in it: entity bombs, external
entities and files, attribute defaults. Mending happens only after a strict reading failed, and spares CDATA: there an
ampersand is an ampersand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import entities, escape

__all__ = ["cut_through_an_item", "is_feed_like", "mended", "pieces", "root_name", "starts_of_items", "without_doctype"]

_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]{1,40}:)?([\w.-]{1,40})")
_FEED_START = re.compile(r"<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_ITEM_START = re.compile(r"<(?:\w{1,10}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:\w{1,10}:)?(?:item|entry)\s*>", re.IGNORECASE)
_UNQUOTED_IN_TAG = re.compile(r"<[a-zA-Z][^<>\"']*\s[\w:]+=[^\s\"'<>][^<>]*>")
_STRAY_LESS = re.compile(r"<(?![a-zA-Z_!?]|/[a-zA-Z_])")
_UNQUOTED = re.compile(r"(\s[\w:]{1,40})=([^\s>\"']{1,200})")
_TEXT_START = re.compile(r"<((?:\w{1,10}:)?(?:title|description|summary|content|encoded))(?:\s[^<>]*)?>")
_SECTION = re.compile(r"<!\[CDATA\[|\]\]>")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)", re.IGNORECASE)
_HTML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([a-zA-Z][a-zA-Z0-9]{1,31});")


def is_feed_like(text: str) -> bool:
    """Whether a feed's root element stands anywhere in the text."""
    return _FEED_START.search(text) is not None


def root_name(text: str) -> str:
    """Local name of the first element, lower case; ``""`` where there is none."""
    found = _ROOT.search(without_doctype(text[:20_000]))
    return found[1].lower() if found else ""


def starts_of_items(text: str) -> int:
    """How many entries the document begins, by its tags alone (those inside CDATA too)."""
    return sum(1 for _ in _ITEM_START.finditer(text))


def cut_through_an_item(text: str) -> bool:
    """Whether the document ends inside an entry: other entries are closed, the last is not."""
    ends = [found.start() for found in _ITEM_END.finditer(text)]
    last = max((found.start() for found in _ITEM_START.finditer(text)), default=0)
    return bool(ends) and ends[-1] < last


def without_doctype(text: str) -> str:
    """The document without its document type declaration, internal subset included."""
    start = re.search(r"<!DOCTYPE\b", text[:100_000], re.IGNORECASE)
    if not start:
        return text
    root = _ROOT.search(text)
    if root and root.start() < start.start():  # words in the text, not a document type
        return text
    bracket, end = text.find("[", start.end()), text.find(">", start.end())
    if 0 <= bracket < end:
        end = text.find("]>", bracket) + 1 or end
    return text[: start.start()] + text[end + 1 :] if end >= 0 else text


def mended(text: str) -> str:
    """From the feed's root on, mended outside of CDATA.

    HTML's entities become characters, ``&`` and ``<`` that begin nothing are escaped, values of attributes quoted.
    """
    start = _FEED_START.search(text)
    text = text[start.start() :] if start else text
    # Beyond the last end of a section an open one has none: searching it from each start would be quadratic.
    cut = text.find("<![CDATA[", text.rfind("]]>") + 1)
    text, rest = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
    parts = _CDATA.split(text)
    parts[::2] = map(_mended, parts[::2])
    return "".join(parts) + rest


def pieces(text: str) -> Iterator[str]:
    """Each entry as a document of its own, under the root's start tag (its namespaces), texts shielded."""
    start = _FEED_START.search(text)
    if not start:
        return
    head = text[start.start() : text.find(">", start.start()) + 1]
    begins = [found.start() for found in _ITEM_START.finditer(text)]
    for begin, end in zip(begins, [*begins[1:], len(text)], strict=False):
        yield mended(head + _shielded(text[begin:end]))


def _shielded(item: str) -> str:
    """The entry with the content of its texts escaped, so that broken HTML in them cannot break the entry."""
    done, kept, endless = 0, [], set()
    for opened in _TEXT_START.finditer(item):
        name = opened[1]
        end = -1 if name in endless else item.find(f"</{name}", opened.end())
        if end < 0:
            endless.add(name)  # not found for one, not found for all after it: once is enough
        elif opened.start() >= done:
            inner = item[opened.end() : end]
            kept += [item[done : opened.end()], escape(_SECTION.sub("", inner)) if "<" in inner else inner]
            done = end
    return "".join(kept) + item[done:]


def _mended(text: str) -> str:
    text = _HTML_ENTITY.sub(_character, _STRAY_AMPERSAND.sub("&amp;", text)).replace("&#X", "&#x")
    return _UNQUOTED_IN_TAG.sub(lambda tag: _UNQUOTED.sub(r'\1="\2"', tag[0]), _STRAY_LESS.sub("&lt;", text))


def _character(found: re.Match[str]) -> str:
    return escape(entities.html5.get(f"{found[1]};", "")) or f"&amp;{found[1]};"
