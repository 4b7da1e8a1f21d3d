"""The list on a page that nobody described: which of its links are the posts.

Principle
    A template prints the posts of a list, so their links stand at the end of one and the same path of tags and classes. Links
    are grouped by that path, and each group is judged as a whole: by how many headlines it has, how much like headlines they
    are (``worth``: about ten Han characters make one; 首页 and 更多 make none), how distinct, whether dates stand beside them,
    and whether it stands in what its class, id or tag calls navigation. Dates count most: a menu has none, the list of a news
    or notices column nearly always has. The count enters by its logarithm, so that forty links of a sidebar do not outvote
    eight dated notices.

Theory
    Repeated-structure mining: Liu, Grossman and Zhai, "Mining data records in Web pages" (2003), with links in place of subtrees,
    since what is wanted is always linked; paths in place of tree edit distance (Miao et al., "Extracting data records from
    the Web using tag path clustering", 2009), which is one pass and does not care how rich an item is.

    Templates mark states in the same attribute as kinds (``odd``, ``active``, ``th.new``), so a class counts only where most
    siblings of the same tag have it, and words for states never do. Tags that only format are no part of a path: headlines in
    red or bold stay in the list.

Known failures
    A list that scripts put in later is not there. The front page of a portal has a dozen lists: those that are dated and nearly as
    good as the best come along, the others are lost; so is a lead story printed by a template of its own. A list of very
    short titles (hot words) is taken for a menu: name its parts. On an article's page the list of related articles is found.
    Of several links to one address the headline is kept, but two headlines of one template in one item (a category with a
    long name) are two posts.

Measured
    On our own pages of eight layouts (lists, tables, cards, flat runs, definition lists, a forum) every post and every day. There is no
    annotated set of real list pages: the constants are set by reason, not fitted.

Left out, and why
    Class-free paths below a common ancestor: sidebar and list are both ul, li, a, and would merge. The largest group by text: a
    footer of two hundred friendly links would win. Refusing whatever stands in an element named like furniture: wrappers are called
    ``right-sidebar-layout``, so the name is not believed where most headlines of the page stand in it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .markup import Node, Tree
from .page_select import attribute
from .page_title import headline, worth
from .page_tree import Paths, between, climb, grounds

MAX_LINKS = 3_000
_CANDIDATES = 12
_SAMPLE = 24
_LEAST_LINKS, _LEAST_UNDATED = 3, 5
_LEAST_WORTH = 1.5
_LEAST_MEAN, _LEAST_MEAN_UNDATED = 0.35, 0.5
_COMPANION = 0.6
"""A dated group this near to the best, and this much dated, is another list of the page, not furniture."""
_POOR, _RICH = 0.3, 0.5
_MOST = 0.6
_ASIDE_FACTOR = 0.35

_MENU = re.compile(
    r"(?<![a-z])(?:nav(?:s|i|bar|igation)?|(?:sub|main)?menu|bread-?crumbs?|crumbs?|foot(?:er)?|pag(?:es?|er|ing|ination)|copyright|"
    r"friend-?links?|links?|share|login|toolbar|tabs?|position|location|address|weizhi|tags?|lang(?:uage)?|sitemap)(?![a-z])"
)
_ASIDE = re.compile(
    r"(?<![a-z])(?:side(?:bar|r)?|aside|hots?|rank(?:s|ing|list)?|related?|recomm?(?:end)?(?:ed|s)?|tuijian|ads?|banner|header|slide[rs]?|"
    r"swiper|focus|carousel|comments?|author|users?)(?![a-z])"
)
_PERSON = re.compile(r"(?<![a-z])(?:space|profile|authors?|users?|members?|uid|people)(?![a-z])", re.IGNORECASE)
_MENU_TAGS = frozenset(("nav", "footer", "menu"))
_ASIDE_TAGS = frozenset(("aside", "header"))
_LIST_TAGS = frozenset(("ul", "ol", "dl", "table"))
_HOST = re.compile(r"(?:(?:https?:)?//[^/?#]*)?", re.IGNORECASE)
_CAMEL = re.compile(r"([a-z0-9])([A-Z])")

ReadDate = Callable[[Sequence[Node], Node, str], datetime | None]
"""Finds the date of an item: its elements, its link, its title."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a list: its link, its title, and the elements that belong to it."""

    anchor: Node
    title: str
    around: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    node: Node
    href: str
    title: str
    worth: float
    place: int
    above: tuple[int, ...]
    menu: frozenset[int]
    aside: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Group:
    links: tuple[_Link, ...]
    score: float
    dated: float


def detect(tree: Tree, read_date: ReadDate) -> list[Entry]:
    """The posts of the page's list or lists, in document order; empty where there is none."""
    links = _outside_menus(_links(tree))
    groups = _groups(links)
    groups.sort(key=lambda group: -sum(link.worth for link in group))
    judged = [_judge(group, read_date) for group in groups[:_CANDIDATES]]
    best = max(judged, key=lambda group: group.score, default=None)
    if best is None or not best.score:
        return []
    kept = [group for group in judged if group is best or _is_companion(group, best)]
    entries = [pair for group in kept for pair in zip(group.links, _entries(group.links, read_date), strict=True)]
    entries.sort(key=lambda pair: pair[0].place)
    return [entry for _, entry in entries]


def around(anchors: Sequence[Node], titles: Sequence[str], read_date: ReadDate) -> list[tuple[Node, ...]]:
    """For each link of a list the elements that belong to it, with the neighbours where the dates stand there."""
    roots = grounds(anchors)
    alone = [(root,) for root in roots]
    if _share([read_date(*item) is not None for item in _sampled(alone, anchors, titles)]) >= _RICH:
        return list(alone)
    tails, heads = between(roots, after=True), between(roots, after=False)
    if not roots or read_date(tails[-1], anchors[-1], titles[-1]) or not read_date(heads[0], anchors[0], titles[0]):
        return [(root, *tail) for root, tail in zip(roots, tails, strict=True)]
    return [(*head, root) for root, head in zip(roots, heads, strict=True)]


def _links(tree: Tree) -> list[_Link]:
    found = []
    marks: dict[int, tuple[bool, bool]] = {}
    for place, node in enumerate(tree.css("a[href]")[:MAX_LINKS]):
        href = attribute(node, "href")
        if not href or href.startswith("#") or href.lower().startswith(("javascript:", "mailto:", "tel:", "data:")):
            continue
        names = f"{attribute(node, 'class')} {href.partition('?')[0]}"
        title = headline(node)
        if len(title) < 2 or _PERSON.search(names):
            continue
        above = [each.mem_id for each in climb(node) if _mark(each, marks)]
        menu = frozenset(each for each in above if marks[each][0])
        aside = frozenset(each for each in above if marks[each][1])
        found.append(_Link(node, href, title, worth(title), place, tuple(above), menu, aside))
    return found


def _mark(node: Node, marks: dict[int, tuple[bool, bool]]) -> bool:
    """Note what an element calls itself. Always true, so that it can stand in a condition."""
    if node.mem_id not in marks:
        names = _CAMEL.sub(r"\1-\2", f"{attribute(node, 'class')} {attribute(node, 'id')}").lower().replace("_", "-")
        tag = node.tag or ""
        marks[node.mem_id] = (
            tag in _MENU_TAGS or bool(_MENU.search(names)),
            tag in _ASIDE_TAGS or bool(_ASIDE.search(names)),
        )
    return True


def _outside_menus(links: list[_Link]) -> list[_Link]:
    """The links that stand in no menu. A wrapper that holds most of the page's headlines is not believed to be one."""
    held: defaultdict[int, float] = defaultdict(float)
    for link in links:
        for each in link.above:
            held[each] += link.worth
    most = _MOST * sum(link.worth for link in links)
    wrappers = {each for each, total in held.items() if total >= most}
    kept = [replace(link, menu=link.menu - wrappers, aside=link.aside - wrappers) for link in links]
    return [link for link in kept if not link.menu]


def _groups(links: list[_Link]) -> list[list[_Link]]:
    paths = Paths()
    by_path: defaultdict[int, list[_Link]] = defaultdict(list)
    for link in links:
        by_path[paths.of(link.node)].append(link)
    cleaned = (_distinct(_without_menus(_without_prefixes(each))) for each in by_path.values())
    return [group for group in cleaned if len(group) >= _LEAST_LINKS]


def _without_prefixes(links: list[_Link]) -> list[_Link]:
    """Without [公告] and the like: poor links beside a rich one in the same element."""
    best: dict[int, float] = {}
    for link in links:
        parent = link.node.parent
        key = parent.mem_id if parent is not None else 0
        best[key] = max(best.get(key, 0.0), link.worth)
    return [
        link
        for link in links
        if link.worth >= _POOR or link.node.parent is None or best[link.node.parent.mem_id] < _RICH
    ]


def _without_menus(links: list[_Link]) -> list[_Link]:
    """Without whole lists of poor links: a menu in a table of its own, on pages that name nothing."""
    by_list: defaultdict[int, list[_Link]] = defaultdict(list)
    for link in links:
        by_list[next((each.mem_id for each in climb(link.node) if each.tag in _LIST_TAGS), 0)].append(link)
    poor = [each for each in by_list.values() if len(each) > 1 and sum(link.worth for link in each) < _POOR * len(each)]
    menus = {link.place for each in poor for link in each}
    return [link for link in links if link.place not in menus]


def _distinct(links: list[_Link]) -> list[_Link]:
    """One link an address: the richest."""
    best: dict[str, _Link] = {}
    for link in links:
        known = best.get(link.href)
        if known is None or link.worth > known.worth:
            best[link.href] = link
    return sorted(best.values(), key=lambda link: link.place)


def _judge(links: list[_Link], read_date: ReadDate) -> _Group:
    total = sum(link.worth for link in links)
    mean = total / len(links)
    if total < _LEAST_WORTH or mean < _LEAST_MEAN:
        return _Group(tuple(links), 0.0, 0.0)
    distinct = len({link.title for link in links}) / len(links)
    anchors, titles = [link.node for link in links], [link.title for link in links]
    near = around(anchors, titles, read_date)
    dated = _share([read_date(*item) is not None for item in _sampled(near, anchors, titles)])
    if (not dated and (len(links) < _LEAST_UNDATED or mean < _LEAST_MEAN_UNDATED)) or _leads_everywhere(links):
        return _Group(tuple(links), 0.0, 0.0)
    aside = _share([bool(link.aside) for link in links])
    factor = _ASIDE_FACTOR if aside > _RICH else 1.0
    score = math.log2(1 + total) * (0.5 + mean) * (1 + dated) * distinct**2 * factor
    return _Group(tuple(links), score, dated)


def _leads_everywhere(links: list[_Link]) -> bool:
    """Every other link to a host of its own: friendly links (友情链接), however long their names."""
    hosts = {(_HOST.match(link.href) or [""])[0].lower() for link in links}
    return len(hosts) > _RICH * len(links)


def _is_companion(group: _Group, best: _Group) -> bool:
    return group.score >= _COMPANION * best.score and min(group.dated, best.dated) >= _COMPANION


def _entries(links: Sequence[_Link], read_date: ReadDate) -> list[Entry]:
    anchors, titles = [link.node for link in links], [link.title for link in links]
    near = around(anchors, titles, read_date)
    return [Entry(anchor, title, nodes) for anchor, title, nodes in zip(anchors, titles, near, strict=True)]


def _sampled(
    near: Sequence[tuple[Node, ...]], anchors: Sequence[Node], titles: Sequence[str]
) -> list[tuple[tuple[Node, ...], Node, str]]:
    step = max(1, len(anchors) // _SAMPLE)
    return list(zip(near, anchors, titles, strict=True))[::step][:_SAMPLE]


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
