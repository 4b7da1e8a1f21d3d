"""One automaton over all terms of all packs (the only room with ahocorasick_rs).

Overlapping matches are wanted: with leftmost-longest semantics 国产芯片厂 of one pack would hide 芯片厂 of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ahocorasick_rs import AhoCorasick, MatchKind

Found = list[tuple[int, int, int]]
"""(index of the term, start, end) of each occurrence, offsets in characters."""


class Automaton:
    """Finds every occurrence of every term, overlaps included, in one pass whose cost does not grow with the number of terms."""

    def __init__(self, terms: Sequence[str]) -> None:
        engine = AhoCorasick(list(terms), matchkind=MatchKind.Standard) if terms else None
        # Bound once: most texts hold no term, and a method of ours around the engine's would cost as much as the search.
        self.find: Callable[[str], Found] = (
            partial(engine.find_matches_as_indexes, overlapping=True) if engine else _nothing
        )


def _nothing(_text: str) -> Found:
    return []
