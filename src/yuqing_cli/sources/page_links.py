"""The links of a page that may be posts, with what is known about each before any is compared with another.

Left out from the start: links that go nowhere (``javascript:``), to people (profiles, names), and to a place within a page that
is linked itself (``#reply``, ``&page=2``). What an element calls itself (navigation, aside) is noted, not yet believed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from yuqing_cli.records import Record, replace

from .markup import Node, Tree
from .page_select import attribute, inside
from .page_title import headline, worth
from .page_tree import climb

MAX_LINKS = 3_000
_MOST = 0.6
_MAX_ADDRESS = 300
_MENU = re.compile(
    r"(?<![a-z])(?:nav(?:s|i|bar|igation)?|(?:sub|main)?menu|bread-?crumbs?|crumbs?|foot(?:er)?|pag(?:es?|er|ing|ination)|copyright|"
    r"friend-?links?|links?|share|login|toolbar|tabs?|position|location|address|weizhi|tags?|lang(?:uage)?|sitemap)(?![a-z])"
)
_ASIDE = re.compile(
    r"(?<![a-z])(?:side(?:bar|r)?|aside|hots?|rank(?:s|ing|list)?|related?|recomm?(?:end)?(?:ed|s)?|tuijian|ads?|banner|header|slide[rs]?|"
    r"swiper|focus|carousel|comments?|author|users?)(?![a-z])"
)
_PERSON = re.compile(
    r"(?<![a-z])(?:space|profile|authors?|(?:disp|show|view)?(?:users?|members?)(?:info)?|uid|people)(?![a-z])"
    r"|/u[-/]\w+/?$|/home/\d+/?$|/@[^/]+/?$",
    re.IGNORECASE,
)
_PERSON_KEYS = re.compile(r"[?&](?:uid|user(?:id|name)?|author(?:id)?|mod=space)\b", re.IGNORECASE)
_THREAD_KEYS = re.compile(r"[?&][a-z]*(?:tid|thread|topic)", re.IGNORECASE)
_ASIDE_HEADING = re.compile(
    r"\W*(?:本[周月站]|今日|一周|实时)?(?:热门|熱門|热点|最热|点击|阅读|閱讀|人气|浏览)(?:文章|新闻|新聞|帖子|主题|推荐|排行榜?|榜)"
    r"|\W*(?:排行榜?|(?:为[您你]|编辑|小编|精彩|图文|站长)?(?:推荐|推薦)(?:阅读|閱讀|文章|新闻|内容)?)(?:更多|>|»)*",
)
_RELATED_HEADING = re.compile(
    r"\W*(?:(?:相关|相關|延伸|扩展|拓展)(?:阅读|閱讀|新闻|新聞|文章|链接|連結|内容|推荐|资讯|信息|报道|稿件|搜索)|猜[你您]喜欢)\W*(?:更多|>|»)*"
)
_NO_HEADINGS = frozenset(("a", "li", "tr", "td", "img", "-comment"))
_MAX_BLANKS, _MAX_HEADING = 3, 20
_MENU_TAGS = frozenset(("nav", "footer", "menu"))
_ASIDE_TAGS = frozenset(("aside", "header"))
_NOWHERE = ("#", "javascript:", "mailto:", "tel:", "data:")
_CAMEL = re.compile(r"([a-z0-9])([A-Z])")
_WITHIN = re.compile(r"(?:#(?![!/])|[?&](?:page|p|pn|last|goto|action)=).*$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_HOST = re.compile(r"(?:(?:https?:)?//[^/?#]*)?", re.IGNORECASE)
_VALUE = re.compile(r"=[^&]*")


class Link(Record):
    """A link, the title that it shows, and the elements above that call themselves menus or asides.

    ``place`` counts the links of the page.
    """

    node: Node
    href: str
    title: str
    worth: float
    place: int
    above: tuple[int, ...]
    menu: frozenset[int]
    aside: frozenset[int]


def post_links(tree: Tree) -> list[Link]:
    """The links of the page that stand in no menu and may lead to posts, in document order."""
    return _outside_menus(_to_pages(_links(tree)))


def shape(href: str) -> str:
    """What is alike in the addresses of one kind of page: the path without numbers, the names of the query's values."""
    path, _, query = href[:_MAX_ADDRESS].partition("#")[0].partition("?")
    folder, _, page = _NUMBER.sub("0", path).rpartition("/")
    if "0" in page or not query:
        page = _NUMBER.sub("0", page)
    return f"{folder}/{page}?{_VALUE.sub('', query)}"


def _links(tree: Tree) -> list[Link]:
    found = []
    marks: dict[int, tuple[bool, bool, bool]] = {}
    for place, node in enumerate(tree.css("a[href]")[:MAX_LINKS]):
        href = attribute(node, "href")
        if not href or href.lower().startswith(_NOWHERE) or _to_person(node, href):
            continue
        title = headline(node)
        if len(title) < 2:
            continue
        above = [each.mem_id for each in climb(node) if _mark(each, marks)]
        if any(marks[each][2] for each in above):
            continue
        menu = frozenset(each for each in above if marks[each][0])
        aside = frozenset(each for each in above if marks[each][1])
        found.append(Link(node, href, title, worth(title), place, tuple(above), menu, aside))
    return found


def _to_person(node: Node, href: str) -> bool:
    path, _, query = href[:_MAX_ADDRESS].partition("?")
    if _PERSON.search(f"{attribute(node, 'class')} {path}"):
        return True
    return bool(query) and bool(_PERSON_KEYS.search(f"?{query}")) and not _THREAD_KEYS.search(f"?{query}")


def _mark(node: Node, marks: dict[int, tuple[bool, bool, bool]]) -> bool:
    """Note what an element calls itself. Always true, so that it can stand in a condition."""
    if node.mem_id not in marks:
        names = _CAMEL.sub(r"\1-\2", f"{attribute(node, 'class')} {attribute(node, 'id')}").lower().replace("_", "-")
        tag, heading = node.tag or "", _heading(node)
        marks[node.mem_id] = (
            tag in _MENU_TAGS or bool(_MENU.search(names)),
            tag in _ASIDE_TAGS or bool(_ASIDE.search(names) or _ASIDE_HEADING.fullmatch(heading)),
            bool(_RELATED_HEADING.fullmatch(heading)),
        )
    return True


def _heading(node: Node) -> str:
    """The short text right before an element: what a block is called."""
    before = node.prev
    for _ in range(_MAX_BLANKS):
        if before is None or before.tag != "-text":
            break
        before = before.prev
    if before is None or before.tag in _NO_HEADINGS:
        return ""
    texts = (each.text_content or "" for each in islice(inside(before), _MAX_HEADING) if each.tag == "-text")
    return "".join("".join(text[:_MAX_HEADING] for text in texts).split())[:_MAX_HEADING]


def _to_pages(links: list[Link]) -> list[Link]:
    """Without the links to the answers, comments and further pages of what another link leads to."""
    whole = {link.href for link in links}
    return [link for link in links if (page := _page(link.href)) == link.href or page not in whole]


def _page(href: str) -> str:
    return _WITHIN.sub("", href) if len(href) <= _MAX_ADDRESS else href


def _outside_menus(links: list[Link]) -> list[Link]:
    """The links that stand in no menu. A wrapper that holds most of the page's headlines is not believed to be one."""
    held: defaultdict[int, float] = defaultdict(float)
    for link in links:
        for each in link.above:
            held[each] += link.worth
    most = _MOST * sum(link.worth for link in links)
    wrappers = {each for each, total in held.items() if total >= most}
    kept = [replace(link, menu=link.menu - wrappers, aside=link.aside - wrappers) for link in links]
    return [link for link in kept if not link.menu]


def address_host(href: str) -> str:
    """The scheme and host that an address names; ``""`` for one of this site."""
    return (_HOST.match(href) or [""])[0].lower()


def shapes(links: Iterable[Link]) -> frozenset[str]:
    """The shapes of the addresses of several links."""
    return frozenset(shape(link.href) for link in links)
