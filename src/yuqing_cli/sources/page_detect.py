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

    Items hold more links than the post's: answers, offices, categories, people. Links to people, and to a place within a page
    that is linked itself, are dropped (``page_links``); of several kinds in one item the first is kept whose addresses do not
    repeat; in tables, where all cells have one path, each column is judged by itself. What kind a page is shows in the
    ``shape`` of its address (the path without numbers), by which a lead story before the list is known, too.

Known failures
    A list that scripts put in later is not there. The front page of a portal has a dozen lists: those that are dated and nearly as
    good as the best come along, the others are lost. So is a lead story that stands in no heading, or has another shape of
    address. Hot words are found where they are numbered in text, not by pictures. Headlines of three Han characters or fewer are
    found only among longer ones. On an article's page the list of related articles is found unless the line before it calls it
    so. Names of people are known by their addresses (``/u/12``, ``uid=``): behind another address they
    may still be taken for posts where nothing on the page is better. Two posts make a list only where both are dated.

Measured
    On pages of our own, of a fictional county. 21 layouts that were there before: 65 of 99 posts right at first (posts lost and
    posts invented both count), 87 of 87 after this was written with them in view, as with 7 more (17 of 45, then 34 of 34).
    16 layouts were written in two sets and not looked at meanwhile: at the first look 34 of 42 (25 of 52 before) and 19 of 39 (13 of
    39), that is 53 of 81 against 38 of 91; 61 of 65 once their faults were mended, which is no measure any more. 4 of the 16
    unseen pages were not exact: expect as much elsewhere, or worse. Of 12 more that were written later and not looked at, 11 were
    exact, 70 of 86 posts; the twelfth had its days below headings of months, which are read since (``page_heads``).
    There is no annotated set of real list pages: the constants are set by reason, not fitted. On 44 real article pages it finds
    as many links as before, but for one (two fewer).

Left out, and why
    Class-free paths below a common ancestor: sidebar and list are both ul, li, a, and would merge. The largest group by text: a
    footer of two hundred friendly links would win. Refusing whatever stands in an element named like furniture: wrappers are called
    ``right-sidebar-layout``, so the name is not believed where most headlines of the page stand in it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from yuqing_cli.records import Record

from .markup import Node, Tree
from .page_clean import cleaned, distinct, mean_worth
from .page_links import Link, address_host, post_links, shapes
from .page_ranks import ranks
from .page_tree import Columns, Paths, between, climb, grounds

_CANDIDATES = 12
_SAMPLE = 24
_LEAST_LINKS, _LEAST_UNDATED = 2, 5
_PAIR = 2
_LEAST_BRIEF, _BRIEF_DATED = 4, 0.9
_MOSTLY = 0.8
_LEAST_WORTH, _LEAST_WORTH_PAIR = 1.5, 1.0
_LEAST_MEAN, _LEAST_MEAN_UNDATED = 0.35, 0.5
_COMPANION = 0.6
"""A dated group this near to the best, and this much dated, is another list of the page, not furniture."""
_RICH = 0.5
_ASIDE_FACTOR = 0.35
_MAX_LEADS = 3
_HEADING_ABOVE = 3

_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))

ReadDate = Callable[[Sequence[Node], Node, str], datetime | None]
"""Finds the date of an item: its elements, its link, its title."""

_ByPath = defaultdict[tuple[int, tuple[int, ...]], list[Link]]


class Entry(Record):
    """One post of a list: its link, its title, the elements that belong to it, and its rank where the list is a ranking."""

    anchor: Node
    title: str
    around: tuple[Node, ...]
    rank: str = ""


class _Group(Record):
    """Links of one path and column; ``family`` is the path. ``score`` is 0 for what is no list."""

    links: tuple[Link, ...]
    family: int
    score: float = 0.0
    dated: float = 0.0

    @property
    def rich(self) -> bool:
        return mean_worth(self.links) >= _RICH


def detect(tree: Tree, read_date: ReadDate) -> list[Entry]:
    """The posts of the page's list or lists, in document order; empty where there is none."""
    links = post_links(tree)
    kept = _lists(_by_path(links, columns=True), read_date) or _lists(_by_path(links, columns=False), read_date)
    if not kept:
        return _brief(links, read_date) or _ranking(links)
    pairs = [pair for family in _families(kept) for pair in zip(family, _entries(family, read_date), strict=True)]
    pairs += _strays(links, pairs)
    pairs.sort(key=lambda pair: pair[0].place)
    return [entry for _, entry in pairs]


def _lists(by_path: _ByPath, read_date: ReadDate) -> list[_Group]:
    """The best group of links and those that are as good; empty where none is a list."""
    kinds = ((path[0], cleaned(each)) for path, each in by_path.items())
    groups = [_Group(tuple(group), family) for family, group in kinds if len(group) >= _LEAST_LINKS]
    groups.sort(key=lambda group: -sum(link.worth for link in group.links))
    judged = [_judge(group, read_date) for group in groups[:_CANDIDATES]]
    best = max(judged, key=lambda group: group.score, default=None)
    if best is None or not best.score:
        return []
    best = _first_column(best, judged)
    return [group for group in judged if group is best or _is_companion(group, best)]


def _first_column(best: _Group, judged: Sequence[_Group]) -> _Group:
    """Of columns of one table that are nearly as good as the best and as long, the first: what follows tells of it."""
    alike = [
        group
        for group in judged
        if group.family == best.family
        and group.score >= _COMPANION * best.score
        and len(group.links) >= _MOSTLY * len(best.links)
        and group.links[-1].place > best.links[0].place
    ]
    return min(alike, key=lambda group: group.links[0].place, default=best)


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


def _by_path(links: list[Link], *, columns: bool) -> _ByPath:
    """Links by path and, with ``columns``, those of one path by the columns of the tables that they stand in."""
    paths, cells = Paths(), Columns()
    by_path: _ByPath = defaultdict(list)
    for link in links:
        by_path[paths.of(link.node), cells.of(link.node) if columns else ()].append(link)
    return by_path


def _brief(links: list[Link], read_date: ReadDate) -> list[Entry]:
    """A list whose headlines are too short to be known by themselves, and may all be alike (停水通知): each with a date beside it.

    Asked only where there is no other list: on a page that has one, what is short and dated tells of its items.
    """
    best: list[Entry] = []
    for group in sorted(_by_path(links, columns=True).values(), key=len, reverse=True)[:_CANDIDATES]:
        kept = distinct([link for link in group if link.worth > 0 and not link.aside])
        if len(kept) < max(_LEAST_BRIEF, len(best) + 1) or len(kept) < _MOSTLY * len(group) or _leads_everywhere(kept):
            continue
        entries = _entries(kept, read_date)
        near = [entry.around for entry in entries]
        sampled = _sampled(near, [link.node for link in kept], [link.title for link in kept])
        if _share([read_date(*item) is not None for item in sampled]) >= _BRIEF_DATED:
            best = entries
    return best


def _ranking(links: list[Link]) -> list[Entry]:
    """The items of a ranking (hot words), which are too short for headlines: known by the numbers before them, 1, 2, 3."""
    by_path = _by_path(links, columns=True)
    longest: list[Entry] = []
    for group in sorted(by_path.values(), key=len, reverse=True)[:_CANDIDATES]:
        kept = distinct(group)
        roots = grounds([link.node for link in kept])
        numbers = ranks(roots) if len(kept) >= _LEAST_UNDATED else []
        if len(numbers) > len(longest):
            longest = [
                Entry(link.node, link.title, (root,), number)
                for link, root, number in zip(kept, roots, numbers, strict=True)
            ]
    return longest


def _judge(group: _Group, read_date: ReadDate) -> _Group:
    links = group.links
    pair = len(links) == _PAIR
    total = sum(link.worth for link in links)
    mean = total / len(links)
    if total < (_LEAST_WORTH_PAIR if pair else _LEAST_WORTH) or mean < _LEAST_MEAN:
        return group
    anchors, titles = [link.node for link in links], [link.title for link in links]
    near = around(anchors, titles, read_date)
    dated = _share([read_date(*item) is not None for item in _sampled(near, anchors, titles)])
    aside = _share([bool(link.aside) for link in links])
    if (not dated and (len(links) < _LEAST_UNDATED or mean < _LEAST_MEAN_UNDATED)) or (pair and (dated < 1 or aside)):
        return group
    different = len(set(titles)) / len(links)
    if dated < _RICH and _leads_everywhere(links):
        return group
    factor = _ASIDE_FACTOR if aside > _RICH else 1.0
    score = math.log2(1 + total) * (0.5 + mean) * (1 + dated) * different**2 * factor
    return _Group(links, group.family, score, dated)


def _leads_everywhere(links: Sequence[Link]) -> bool:
    """Every other link to a host of its own: friendly links (友情链接), however long their names."""
    return len({address_host(link.href) for link in links}) > _RICH * len(links)


def _is_companion(group: _Group, best: _Group) -> bool:
    """Another list of the page, or another column of the best; never another link of the same items (answers, categories)."""
    if group.score < _COMPANION * best.score:
        return False
    alike = bool(shapes(group.links) & shapes(best.links))
    if not group.dated and not best.dated:
        return alike and group.family == best.family and group.rich
    apart = group.links[0].place > best.links[-1].place or group.links[-1].place < best.links[0].place
    return min(group.dated, best.dated) >= _COMPANION and (apart or alike)


def _families(groups: Sequence[_Group]) -> list[list[Link]]:
    """The links of groups of one path together again, so that each knows where the next begins."""
    families: defaultdict[int, list[Link]] = defaultdict(list)
    for group in groups:
        families[group.family] += group.links
    return [distinct(links) for links in families.values()]


def _entries(links: Sequence[Link], read_date: ReadDate) -> list[Entry]:
    anchors, titles = [link.node for link in links], [link.title for link in links]
    near = around(anchors, titles, read_date)
    return [Entry(anchor, title, nodes) for anchor, title, nodes in zip(anchors, titles, near, strict=True)]


def _strays(links: Sequence[Link], pairs: Sequence[tuple[Link, Entry]]) -> list[tuple[Link, Entry]]:
    """Posts with a template of their own: a lead story in a heading before the list, an odd card between its items.

    Their addresses have the shape of the list's.
    """
    known = {link.href for link, _ in pairs}
    alike = shapes(link for link, _ in pairs)
    first, last = min(link.place for link, _ in pairs), max(link.place for link, _ in pairs)
    taken = {node.mem_id for _, entry in pairs for node in entry.around}
    found: dict[str, Link] = {}
    for link in links:
        if link.place > last or len(found) == _MAX_LEADS:
            break
        stands = link.worth >= _RICH and not link.aside and link.href not in known and shapes([link]) <= alike
        if stands and (_in_heading(link.node) if link.place < first else _outside(link.node, taken)):
            found.setdefault(link.href, link)
    others = [link for link in links if link.href not in found]
    strays = list(found.values())
    roots = grounds([*(link.node for link in strays), *(link.node for link in others)])
    return [(link, Entry(link.node, link.title, (root,))) for link, root in zip(strays, roots, strict=False)]


def _in_heading(node: Node) -> bool:
    return any(each.tag in _HEADINGS for _, each in zip(range(_HEADING_ABOVE), climb(node), strict=False)) or bool(
        node.css_first("h1, h2, h3, h4")
    )


def _outside(node: Node, taken: set[int]) -> bool:
    return not any(each.mem_id in taken for each in climb(node))


def _sampled(
    near: Sequence[tuple[Node, ...]], anchors: Sequence[Node], titles: Sequence[str]
) -> list[tuple[tuple[Node, ...], Node, str]]:
    step = max(1, len(anchors) // _SAMPLE)
    return list(zip(near, anchors, titles, strict=True))[::step][:_SAMPLE]


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
