"""Headlines of list pages: how much a text is like one, and which text of a link is one."""

from __future__ import annotations

import re

from .markup import Node, one_line
from .page_select import attribute, inside, lines, pick

_HAN = re.compile(r"[\u3400-\u9fff\u3041-\u30ff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[A-Za-z]")
_CUT = re.compile(r"\s*(?:…+|\.{2,})$")
_NONE = re.compile(
    r"\W*(?:(?:查看|阅读|点击|了解|展开)?(?:更多|全文|详情|详细|原文).{0,4}|(?:read|view|show)? ?more.{0,12}|continue reading.{0,3})",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"[\[(（【]?\s*(?:(?:(?:19|20)?\d\d|1\d\d)\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*[\])）】]?"
    r"|\d{1,2}:\d\d|(?:19|20)\d\d[-/.年]\d{1,2}月?|[前昨今]天(?:\s*\d{1,2}:\d\d)?|刚刚|\d+\s?(?:秒|分钟|小时|天)前"
    r"|[\[(（]?\d+(?:\.\d+)?\s?[万w]?\s?(?:评论?|跟贴|回复|阅读?|赞|次|条评论|浏览)?[\])）]?|NEW|新|热|顶|置顶|图|HOT",
    re.IGNORECASE,
)
"""What stands in an element of its own beside the headline in one link: a date, a count, a mark."""
_LEAST, _FULL, _LONGEST = 3.0, 12.0, 100.0
_LATIN = 0.4
_MAX_BESIDE = 40
_LEAST_REST = 2
_MAX_MARKS = 4
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
        text = found[1] if found and found[0].mem_id != link.mem_id and found[1] else _best(shown)
    else:
        text = _alone(link, shown[0]) if shown else ""
    return uncut(link, text) if text else ""


def _alone(link: Node, text: str) -> str:
    """A line without the dates and counts that stand in elements of their own at its ends."""
    pieces = [each for each in inside(link) if each.tag == "-text" and (each.text_content or "").strip()]
    marks = {each.mem_id for each in pieces if each.parent is not None and each.parent.mem_id != link.mem_id}
    for ordered, cut in ((pieces[: -_MAX_MARKS - 1 : -1], str.removesuffix), (pieces[:_MAX_MARKS], str.removeprefix)):
        for each in ordered:
            piece = one_line((each.text_content or "")[:_MAX_BESIDE])
            rest = cut(text, piece).strip()
            if each.mem_id not in marks or not _BESIDE.fullmatch(piece) or len(rest) < _LEAST_REST:
                break
            text = rest
    return text


def uncut(node: Node, text: str) -> str:
    """The whole title where the page shows it cut (…) and has all of it in ``title`` of the link."""
    whole = one_line(attribute(node, "title"))
    stem = _CUT.sub("", text)
    return whole if stem != text and stem and whole.startswith(stem) else text


def _best(shown: list[str]) -> str:
    good = next((line for line in shown if worth(line) >= 0.5), "")
    return good or max(shown, key=worth)
