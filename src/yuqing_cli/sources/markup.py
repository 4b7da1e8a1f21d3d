"""HTML into a tree or into plain text. The only room that knows selectolax.

The parser (Lexbor) is fast, but it builds what the HTML standard says, and the standard lets a small input ask for a
huge tree: 200,000 nested ``<div>`` took 227 s (quadratic), 500 unclosed ``<b>`` before 2,000 ``<p>`` made a million
nodes and 370 MB out of 20 KB (each paragraph reopens every unclosed ``<b>``), 20,000 attributes on one tag 0.8 s. So a
page is first read through once, tag by tag, with the depth and the reopening that it would cause. What no honest page
does is not parsed: its tags are blanked out and the words kept. Honest pages pay about a millisecond for that.

Text is taken by marking line breaks in the source (a newline before and after each block element) and then joining all
text nodes: six passes in C instead of a walk over nodes in Python. Breaks must be HTML white space, since any other
character between ``<table>`` and ``<tr>`` would be moved in front of the table; hence form feed for a newline of the
source (which means nothing) and newline for a break (which does).
"""

from __future__ import annotations

import html as _entities
import re

from selectolax.lexbor import LexborHTMLParser as Tree
from selectolax.lexbor import LexborNode as Node

__all__ = ["Node", "Tree", "first_attr", "first_text", "has_markup", "html_to_text", "one_line", "parse", "title_text"]

MAX_HTML_CHARS = 6_000_000
"""What lies beyond is not parsed: six times the largest page of the evaluation set."""
_MAX_TITLE_CHARS = 4_000
_CHECK_FROM_CHARS = 4_000
_MAX_DEPTH = 600
_MAX_REOPENED = 400_000
_MAX_TAG_PIECES = 1_500

_BLOCKS = (
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h[1-6]|header|hgroup|hr|li|legend|main|menu|nav|ol|optgroup|option|p|pre|section|summary|table|tbody|"
    "tfoot|thead|tr|ul"
)
_BREAK_BEFORE = re.compile(rf"<(?=(?:{_BLOCKS}|br)[\s/>])", re.IGNORECASE)
_BREAK_AFTER = re.compile(rf"</(?:{_BLOCKS})\s*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG_START = re.compile(r"(</?[^\s<>/]{1,10}(?:\s*>|[\s/])?)")
"""No name above is longer than ten letters."""
_SPECIAL = re.compile(r"</?(?:iframe|pre)\b", re.IGNORECASE)
_IFRAME = re.compile(r"</?iframe\b[^<>]*>", re.IGNORECASE)
"""An open one would swallow the rest of a summary that was cut off."""
_PRE = re.compile(r"(<(/?)pre\b)", re.IGNORECASE)
_DROPPED = ["script", "style", "noscript", "template", "svg", "math", "title"]

_WIDE = "\u2e80-\u303f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_WRAP_IN_HAN = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*\f[ \t\f]*(?=[{_WIDE}])")
_NEWLINE = re.compile(r"\r\n?|\n")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TITLE_TAG = re.compile(
    r"</?(?:a|abbr|applet|audio|b|big|blink|br|center|cite|code|del|div|em|embed|font|frame|frameset|h[1-6]|i|iframe|img|"
    r"ins|li|link|mark|marquee|meta|nobr|object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|table|td|tr|"
    r"tt|u|ul|video|wbr)(?:[\s/][^<>]*)?>|<!--.{0,2000}?-->",
    re.IGNORECASE | re.DOTALL,
)

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
_TAG_PIECE = re.compile(r"[\s/\"']")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_CLOSED_BY_NEXT = frozenset(
    ("a", "body", "colgroup", "dd", "dt", "head", "html", "li", "nobr", "option", "optgroup", "p")
) | frozenset(("tbody", "td", "tfoot", "th", "thead", "tr"))
"""A second one closes the first by itself, so that unclosed ones do not add to the depth."""
_SCOPES = frozenset(("applet", "button", "marquee", "math", "object", "select", "svg", "table", "template"))
"""End tags inside one of these cannot close what was opened outside."""
_FORMATTING = re.compile(r"<(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)[\s/>]", re.IGNORECASE)
_MANY_TAGS = 3000
_REOPENED = frozenset(("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))


def parse(html: str) -> Tree:
    """The tree of a page or fragment. Never raises; hostile markup (see above) comes back as bare words."""
    html = html[:MAX_HTML_CHARS]
    return Tree(_words_only(html) if _hostile(html) else html)


def html_to_text(html: str) -> str:
    """Plain text of HTML: one line a block, no blank lines, entities resolved once, white space folded.

    A line wrapped in the source between two Han characters is joined without a blank, as CSS Text 3 (4.1.3) asks; a
    blank that is written there stays. Text without any markup keeps its lines.
    """
    if not has_markup(html):
        return fold(html)
    body = parse(_with_breaks(html[:MAX_HTML_CHARS])).body
    if body is None:
        return ""
    body.strip_tags(_DROPPED if "</object" not in html else [*_DROPPED, "object"])
    return _folded_text(body.text())


def title_text(text: str) -> str:
    """A headline on one line: known HTML tags removed, entities resolved.

    Only tags that HTML knows count as such, so that ``List<T>`` and ``<今日关注>`` in a headline stay.
    """
    text = one_line(text[:_MAX_TITLE_CHARS])
    if _TITLE_TAG.search(text):
        text = html_to_text(text)
    return one_line(_ENTITY.sub(lambda found: _entities.unescape(found[0]), text))


def has_markup(text: str) -> bool:
    """Whether the text holds a tag, a comment or an entity."""
    return _MARKUP.search(text) is not None


def fold(text: str) -> str:
    """White space within lines folded to one blank, empty lines dropped."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join([line for line in lines if line])


def _folded_text(text: str) -> str:
    """``fold``, with the lines of the source (parted by form feeds) joined where Han characters meet."""
    lines = [
        " ".join((_WRAP_IN_HAN.sub("", line) if "\f" in line and not line.isascii() else line).split())
        for line in text.split("\n")
    ]
    return "\n".join([line for line in lines if line])


def one_line(text: str) -> str:
    """All white space, newlines too, folded to one blank."""
    return " ".join(text.split())


def first_attr(scope: Tree | Node, selector: str, name: str) -> str:
    """The attribute of the first element that the selector finds and that has it non-empty, stripped; else ``""``."""
    for node in scope.css(selector):
        value = (node.attributes.get(name) or "").strip()
        if value:
            return value
    return ""


def first_text(scope: Tree | Node, selector: str) -> str:
    """The text of the first element that the selector finds and that has any, on one line; else ``""``."""
    for node in scope.css(selector):
        value = one_line(node.text())
        if value:
            return value
    return ""


def _with_breaks(html: str) -> str:
    """Marks before and after each block element.

    A page has thousands of tags and a dozen spellings of their starts: each spelling is judged once. Patterns over the
    whole page took three times as long.
    """
    if _SPECIAL.search(html):
        html = _keep_pre(_IFRAME.sub("", html))
    parts = _TAG_START.split(html.replace("\r\n", "\f").replace("\r", "\f").replace("\n", "\f"))
    marks = {tag: _marked(tag) for tag in set(parts[1::2])}
    parts[1::2] = [marks[tag] for tag in parts[1::2]]
    return "".join(parts)


def _marked(tag: str) -> str:
    if _BREAK_BEFORE.match(tag):
        return f"\n{tag}"
    if _BREAK_AFTER.match(tag):
        return f"{tag}\n"
    return f" {tag}" if _CELL_END.match(tag) else tag


def _keep_pre(html: str) -> str:
    """Newlines inside ``<pre>`` as ``<br>``: there they mean something."""
    parts = _PRE.split(html)
    if len(parts) == 1:
        return html
    kept, inside = [parts[0]], False
    for tag, slash, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        inside = not slash
        kept += [tag, _NEWLINE.sub("<br>", after) if inside else after]
    return "".join(kept)


def _words_only(html: str) -> str:
    return _TAG.sub("\n", html).replace(">", "\n").replace("<", "\n")


def _hostile(html: str) -> bool:
    """Whether the tree would be far deeper or larger than the page (the three attacks above)."""
    return len(html) > _CHECK_FROM_CHARS and not _harmless(html) and _Growth().exceeds(html)


def _harmless(html: str) -> bool:
    """Whether counting alone proves that nothing can grow: 44 of 45 pages need no more, and it takes a twentieth of the time.

    Unclosed tags bound the depth; tags that are reopened cost at most one node for each that is open.
    """
    opened = html.count("<") - html.count("</")
    if opened > _MAX_DEPTH and opened * len(_FORMATTING.findall(html)) > _MAX_REOPENED:
        return False
    if opened > _MANY_TAGS:
        return False
    pieces = (piece.partition(">")[0] for piece in html.split("<") if len(piece) > _MAX_TAG_PIECES)
    return all(len(_TAG_PIECE.findall(piece)) <= _MAX_TAG_PIECES for piece in pieces)


class _Growth:
    """How deep the open elements stand, and how many nodes reopening them makes, without building anything."""

    def __init__(self) -> None:
        self.scopes: list[tuple[str, dict[str, int]]] = [("", {})]
        self.depth = 0
        self.formatting = 0
        self.reopened = 0

    def exceeds(self, html: str) -> bool:
        """Read tag by tag, up to the first excess."""
        for found in _TAG.finditer(html):
            slash, name, rest = found[1], found[2].lower(), found[3]
            if len(rest) > _MAX_TAG_PIECES and len(_TAG_PIECE.findall(rest)) > _MAX_TAG_PIECES:
                return True
            if slash:
                self._close(name)
            elif name not in _VOID:
                self._open(name)
                if self.depth > _MAX_DEPTH or self.reopened > _MAX_REOPENED:
                    return True
        return False

    def _open(self, name: str) -> None:
        if name not in _REOPENED:
            self.reopened += self.formatting
        if name in _CLOSED_BY_NEXT:
            return
        self.depth += 1
        if name in _SCOPES:
            self.scopes.append((name, {}))
            return
        self.formatting += name in _REOPENED
        opened = self.scopes[-1][1]
        opened[name] = opened.get(name, 0) + 1

    def _close(self, name: str) -> None:
        if name in _SCOPES:
            self._leave(name)
            return
        opened = self.scopes[-1][1]
        if opened.get(name):
            opened[name] -= 1
            self.depth -= 1
            self.formatting -= name in _REOPENED

    def _leave(self, name: str) -> None:
        if not any(scope == name for scope, _ in self.scopes):
            return
        while True:
            scope, opened = self.scopes.pop()
            self.depth -= 1 + sum(opened.values())
            self.formatting -= sum(count for tag, count in opened.items() if tag in _REOPENED)
            if scope == name:
                return
