"""One automaton over all terms of all packs (the only room with ahocorasick_rs).

Overlapping matches are wanted: with leftmost-longest semantics 国产芯片厂 of one pack would hide 芯片厂 of another.
"""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind


class Automaton:
    """Finds every occurrence of every term, overlaps included, in one pass whose cost does not grow with the number of terms."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._engine = AhoCorasick(list(terms), matchkind=MatchKind.Standard) if terms else None

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(index of the term, start, end) of each occurrence, offsets in characters."""
        if self._engine is None or not text:
            return []
        found: list[tuple[int, int, int]] = self._engine.find_matches_as_indexes(text, overlapping=True)
        return found
