"""The selectors of a ``page`` source: CSS, with two additions.

``a@href`` reads an attribute (``@href`` alone: of the item itself), and ``a@title | a`` gives alternatives with a bar between blanks,
of which the first that finds anything counts. They are checked when the settings are read, not when the page has come.

``:is()`` and ``:where()`` inside ``:has()`` are refused: of ``li:has(:is(span, em))`` the parser (Lexbor) silently finds only some. The
list belongs into ``:has()`` itself: ``li:has(span, em)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from yuqing_cli.i18n import mark
from yuqing_cli.records import Record
from yuqing_cli.validate import nearest

from .markup import Node, Tree, one_line, parse
from .options import Fault, PageOptions
from .recipes import recipes

MAX_PAGES = 5
ARTICLE_WORDS = ("off", "auto")
_SELECTORS = ("item", "title", "link", "date", "summary", "rank", "heat", "next")
_ATTRIBUTE = re.compile(r"\s*@([A-Za-z_][\w:.-]*)$")
_HALF_BLIND = re.compile(r":has\([^)]*:(?:is|where)\(", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+\|\s+")
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
    )
) | frozenset(("strong", "sub", "sup", "time", "tt", "u", "var", "wbr"))
_MAX_NODES = 200
"""Nodes of one element that are read: an item is small, and a hostile page nests items in items."""
_MAX_CHARS = 5_000


class Selector(Record):
    """One alternative. ``css`` is ``""`` for the item itself, ``attribute`` for the text."""

    css: str
    attribute: str

    def nodes(self, scope: Tree | Node) -> list[Node]:
        """What it finds in the scope, in document order; an item that matches by itself comes first."""
        if self.css:
            return scope.css(self.css)
        return [scope] if isinstance(scope, Node) else []


class Layout(Record):
    """Selectors by option. ``own``: those that the user wrote, which must find something; a recipe's may not."""

    selectors: Mapping[str, str]
    own: frozenset[str]

    @property
    def finds_items(self) -> bool:
        """Whether it says where the posts are."""
        return any(self.selectors.get(field) for field in ("item", "title", "link"))


def layout_of(options: PageOptions) -> Layout:
    """The selectors of the options over those of their recipe."""
    given = {field: value for field in _SELECTORS if (value := getattr(options, field))}
    return Layout({**recipes("page").get(options.recipe, {}), **given}, frozenset(given))


@lru_cache(maxsize=256)
def alternatives(text: str) -> tuple[Selector, ...]:
    """A selector as the settings write it."""
    return tuple(_selector(part) for part in _BETWEEN.split(text.strip()))


def _selector(text: str) -> Selector:
    found = _ATTRIBUTE.search(text)
    return Selector(text[: found.start()].strip(), found[1].lower()) if found else Selector(text.strip(), "")


def select(scope: Tree | Node, text: str) -> list[Node]:
    """The elements of the first alternative that finds any."""
    for selector in alternatives(text):
        nodes = selector.nodes(scope)
        if nodes:
            return nodes
    return []


def pick(scope: Node, text: str) -> tuple[Node, str] | None:
    """The first element whose value is not empty, with that value; with an empty one where all are; ``None`` where none is found."""
    empty: tuple[Node, str] | None = None
    for selector in alternatives(text):
        for node in selector.nodes(scope):
            value = attribute(node, selector.attribute) if selector.attribute else one_line(" ".join(lines(node)))
            if value:
                return node, value
            empty = empty or (node, "")
    return empty


def attribute(node: Node, name: str) -> str:
    """An attribute on one line, ``""`` where it is not there."""
    return one_line((node.attributes.get(name) or "")[:_MAX_CHARS])


def lines(node: Node) -> list[str]:
    """The text of an element as a reader sees it, line by line, of its first few hundred nodes."""
    collected: list[list[str]] = [[]]
    last = 0
    for each in inside(node):
        if each.tag == "-text":
            block = _block(each)
            if block != last and collected[-1]:
                collected.append([])
            last = block
            collected[-1].append((each.text_content or "")[:_MAX_CHARS])
        elif each.tag not in _INLINE:
            collected.append([])
    return [line for pieces in collected if (line := one_line("".join(pieces))[:_MAX_CHARS])]


def inside(node: Node) -> Iterator[Node]:
    """The element and what it holds, text too, in document order, bounded."""
    return islice(node.traverse(include_text=True), _MAX_NODES)


def _block(text: Node) -> int:
    """The identity of the nearest element around a text that breaks lines."""
    node = text.parent
    while node is not None and node.tag in _INLINE:
        node = node.parent
    return node.mem_id if node is not None else 0


def check_options(options: object) -> list[Fault]:
    """Everything that is wrong with the options beyond their types."""
    if not isinstance(options, PageOptions):
        return []
    faults = [fault for field in _SELECTORS if (fault := _check_selector(field, getattr(options, field)))]
    if options.article not in ARTICLE_WORDS and (fault := _check_selector("article", options.article)):
        faults.append(fault)
    if options.pages > MAX_PAGES:
        text = mark("at most {most} pages of a list are read, not {value}")
        faults.append(Fault("pages", text, values=(("most", MAX_PAGES), ("value", options.pages))))
    known = recipes("page")
    if options.recipe and options.recipe not in known:
        near = nearest(options.recipe, known)
        hint = mark("did you mean {near}?") if near else mark("known here: {names}")
        values = (("value", options.recipe), ("near", near), ("names", ", ".join(sorted(known))))
        faults.append(Fault("recipe", mark("unknown recipe {value}"), hint, values))
    return faults


def _check_selector(field: str, text: str) -> Fault | None:
    if not text:
        return None
    whole_page = field in ("item", "next", "article")
    for selector in alternatives(text):
        if _HALF_BLIND.search(selector.css):
            hint = mark("write li:has(span, em)")
            return Fault(field, mark(":is() inside :has() is not reliable: {value}"), hint, (("value", text),))
        if not (selector.css or (selector.attribute and not whole_page)) or not _compiles(selector.css or "a"):
            hint = mark('CSS, optionally with an attribute at its end: "li a@href"')
            return Fault(field, mark("not a CSS selector: {value}"), hint, (("value", text),))
    return None


def _compiles(css: str) -> bool:
    try:
        parse("<p>").css(css)
    except Exception:  # noqa: BLE001  # the parser's own class of error, which only ``markup`` may import
        return False
    return True
