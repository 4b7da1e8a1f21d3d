"""Where a report comes from, by its own word, and which reports are therefore no evidence of their own.

Principle. Twelve copies of one wire story are one voice; three reporters who went there are three. Copies that keep the wording are found
by their text (``links``). Others are rewritten, and say so: 来源：…, 转自…, 据…报道. Of the reports of one event that name one origin,
the earliest stands for it and the rest repeat it; where the origin itself reported before them, all of them repeat that.

The chain of an event follows: who was first by publication, who names whom, who came later with the same text.

Known failures. 综合 several origins names none. A newspaper that quotes its own website names itself, under another name. 据目击者称
is no origin: only names that end like a publisher's, or stand in a 来源 line, count after 据.

Tried and dropped: agencies' lines at the head of a text (新华社北京3月1日电) as origins of everything below: they are what the page's own
来源 already says, and where a page is the agency's own they would make it its own copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from yuqing_cli.records import Record
from yuqing_cli.text import fold

LONGEST_NAME = 20

_LABELLED = re.compile(
    r"(?:(?:文章|稿件|信息|消息)?来源\s*[:：丨|]|(?:转自|转载自|转载于|摘自)\s*[:：]?)\s*[《“「\"]?"
    r"([^\s，。,;；:：|丨（）()《》“”「」\"\n]{2,20})"
)
_REPORTED = re.compile(
    r"据(?:了解[，,])?[《“「]?([^\s，。,;；:：（）()《》“”「」\n]{2,14}"
    r"(?:社|报|网|台|日报|晚报|晨报|都市报|电视台|广播|客户端|新闻|传媒|在线|频道|公众号|官微|周刊|杂志))[》”」]?"
    r"(?:\d+月\d+日|\d+日|今天|今日|昨日|昨天)?(?:最新)?(?:消息|报道|援引|称|发布|刊文|电)"
)
_NAMES_NOBODY = frozenset(("网络", "互联网", "本站", "本网", "综合", "未知", "原创", "不详", "于网络", "自网络"))


class Member(Record):
    """What grouping looks at: a matched post, its publication in milliseconds since 1970 (None: no date), its present event.

    ``source`` and ``origin`` are names: who published it, and where it says that it comes from.
    """

    post: str
    published: int | None
    event: str | None = None
    source: str = ""
    origin: str = ""

    @property
    def order(self) -> tuple[bool, int, str]:
        """The place of the post among all posts."""
        return (self.published is None, self.published or 0, self.post)


def stated(title: str, text: str) -> str:
    """The origin that a post names, as it is written there; empty where it names none. Looks at both ends of the text."""
    for part in (title, text[:400], text[-200:] if len(text) > 400 else ""):
        for pattern in (_LABELLED, _REPORTED):
            match = pattern.search(part)
            if match and match[1] not in _NAMES_NOBODY and "综合" not in match[1]:
                return match[1][:LONGEST_NAME]
    return ""


def borrowed(members: Iterable[Member]) -> dict[str, str]:
    """Which reports of one event repeat which, because they name it or name the same origin. ``members``: earliest first."""
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for member in members:
        origin = _name(member.origin)
        original = first.get(origin) if origin else None
        if original is not None:
            # An original that itself repeats another hands its copies on.
            found[member.post] = found.get(original, original)
        for name in filter(None, (_name(member.source), origin)):
            first.setdefault(name, member.post)
    return found


def _name(written: str) -> str:
    return fold(written)
