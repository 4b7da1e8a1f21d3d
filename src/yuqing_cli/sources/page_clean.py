"""Links of one path, without those that are no posts: marks before a headline, menus, offices and categories in the same item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .page_links import Link, shape, shapes
from .page_tree import climb

_POOR, _RICH = 0.3, 0.5
_LEAST_MEAN = 0.35
_LEAST_ITEMS, _MAX_IN_ITEM = 2, 4
_MOSTLY = 0.8
_LIST_TAGS = frozenset(("ul", "ol", "dl", "table"))


def cleaned(links: list[Link]) -> list[Link]:
    """The links that may be posts, one an address, in document order."""
    return distinct(_of_one_kind(_without_menus(_without_prefixes(links))))


def _without_prefixes(links: list[Link]) -> list[Link]:
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


def _without_menus(links: list[Link]) -> list[Link]:
    """Without whole lists of poor links: a menu in a table of its own, on pages that name nothing."""
    by_list: defaultdict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_list[next((each.mem_id for each in climb(link.node) if each.tag in _LIST_TAGS), 0)].append(link)
    poor = [each for each in by_list.values() if len(each) > 1 and sum(link.worth for link in each) < _POOR * len(each)]
    menus = {link.place for each in poor for link in each}
    return [link for link in links if link.place not in menus]


def _of_one_kind(links: list[Link]) -> list[Link]:
    """One kind of address an item, where most items hold several links: the first whose addresses do not repeat.

    Length does not tell: the office that answers has a longer name than the question has words.
    """
    by_parent: defaultdict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_parent[link.node.parent.mem_id if link.node.parent is not None else 0].append(link)
    mixed = [each for each in by_parent.values() if len(shapes(each)) > 1 and len(each) <= _MAX_IN_ITEM]
    if len(mixed) < _LEAST_ITEMS or len(mixed) < _RICH * len(by_parent):
        return links
    by_shape: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_shape[shape(link.href)].append(link)
    kinds = [each for each in by_shape.values() if len(each) >= _RICH * len(mixed) and mean_worth(each) >= _LEAST_MEAN]
    return max(
        kinds, key=lambda each: (len({link.href for link in each}) > _MOSTLY * len(each), -each[0].place), default=links
    )


def mean_worth(links: Sequence[Link]) -> float:
    """How much links are like headlines, 0 to 1."""
    return sum(link.worth for link in links) / len(links)


def distinct(links: list[Link]) -> list[Link]:
    """One link an address: the richest."""
    best: dict[str, Link] = {}
    for link in links:
        known = best.get(link.href)
        if known is None or link.worth > known.worth:
            best[link.href] = link
    return sorted(best.values(), key=lambda link: link.place)
