"""Which of the ranked events a page lists; of the others it tells how many there are. Pure.

Nobody reads four thousand lines at the end of a shift, and nobody should wait until they are made. Formats for programs have all.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from .page import ITEMS, Section
from .ranked import Ranked

ACT = 20
"""Up to so many events to act on a page can be arranged; who asks for more gets all events."""
REPORTS = 8
"""How many reports of an event go with it to a page: as many as it shows (``render.cards``)."""


def listed(
    ranked: Iterable[Ranked], section_of: Callable[[Ranked], Section], held: Container[str], closed: Container[str]
) -> tuple[list[Ranked], dict[str, int]]:
    """The events that a page may list, in the order of their rank, and of the others how many stand in each section.

    Listed are the first of each section, with as many more as may have to be acted on; and whatever else a page counts or names: what was
    raised to a graver level, and what the desk holds (``held``). ``closed``: events that nobody has to act on any more.
    """
    chosen: list[Ranked] = []
    placed: dict[str, int] = {}
    more: dict[str, int] = {}
    acting = 0
    for each in ranked:
        section = section_of(each)
        placed[section] = placed.get(section, 0) + 1
        to_act = section not in {"late", "good"} and each.id not in closed and acting < ACT
        acting += to_act
        if placed[section] <= ITEMS + ACT or to_act or each.id in held or each.delta.raised(each.level):
            chosen.append(each)
        else:
            more[section] = more.get(section, 0) + 1
    return chosen, more


def unlisted(chosen: Iterable[Ranked]) -> dict[str, int]:
    """How many reports of these events do not go to the page with them, by event; of most there are none."""
    return {each.id: len(each.members) - REPORTS for each in chosen if len(each.members) > REPORTS}
