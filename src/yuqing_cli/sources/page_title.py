"""Headlines of list pages: how much a text is like one, and which text of a link is one."""

from __future__ import annotations

import re

from .markup import Node, one_line
from .page_select import attribute, lines, pick

_HAN = re.compile(r"[\u3400-\u9fff\u3041-\u30ff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[A-Za-z]")
_CUT = re.compile(r"\s*(?:…+|\.{2,})$")
_NONE = re.compile(
    r"\W*(?:(?:查看|阅读|点击|了解|展开)?(?:更多|全文|详情|详细|原文).{0,4}|(?:read|view|show)? ?more.{0,12}|continue reading.{0,3})",
    re.IGNORECASE,
)
_LEAST, _FULL, _LONGEST = 3.0, 12.0, 100.0
_LATIN = 0.4
_HEADINGS = ":is(h1, h2, h3, h4, h5, h6) | [class*=title], [class*=Title] | [class*=tit]"


def worth(text: str) -> float:
    """How much a text is like a headline, 0 to 1: nothing up to three Han characters, all from twelve on.

    A Latin letter counts 0.4 Han characters, what exceeds 100 is a paragraph.
    """
    if _NONE.fullmatch(text):
        return 0.0
    length = len(_HAN.findall(text)) + _LATIN * len(_WORD.findall(text))
    if length > _LONGEST:
        return 0.3
    return min(max((length - _LEAST) / (_FULL - _LEAST), 0.0), 1.0)


def headline(link: Node) -> str:
    """The title of a linked item: the heading in the link, else its first line that is like one; not cut where that is known."""
    shown = lines(link)
    if len(shown) > 1:
        found = pick(link, _HEADINGS)
        text = found[1] if found and found[0] != link and found[1] else _best(shown)
    else:
        text = shown[0] if shown else ""
    return uncut(link, text) if text else ""


def uncut(node: Node, text: str) -> str:
    """The whole title where the page shows it cut (…) and has all of it in ``title`` of the link."""
    whole = one_line(attribute(node, "title"))
    stem = _CUT.sub("", text)
    return whole if stem != text and stem and whole.startswith(stem) else text


def _best(shown: list[str]) -> str:
    good = next((line for line in shown if worth(line) >= 0.5), "")
    return good or max(shown, key=worth)
