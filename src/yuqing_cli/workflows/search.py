"""Search: query -> what the index can say -> what holds -> the first of them, as they are stored.

parse -> store.index_sound -> store.expression -> store.found | (store.candidates -Finder.holds->) -> store.findings -Finder.spans-> Found
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.searching import Bounds, Candidate
from yuqing_cli.findings import Finding, Found, How, Order, Shown
from yuqing_cli.models import Source
from yuqing_cli.packs.query import Node, about, parse
from yuqing_cli.packs.query_find import Finder


def search(
    store: Store, sources: Iterable[Source], query: str, bounds: Bounds, *, order: Order, limit: int, now: datetime
) -> Found:
    """Search all stored posts. Raises ``QueryError``."""
    node = parse(query)
    judge = _Judge(node, sources)
    with store.snapshot():
        sound = store.index_sound()
        match, exact = store.expression(node) if sound else (None, False)
        if match is not None and exact:
            total, seqs = store.found(match, bounds, order, now, limit)
        else:
            seqs = judge.first(store.candidates(match, bounds, order, now), limit)
            total = judge.held
        posts = store.findings(seqs)
    how: How = "read" if match is None else "index" if exact else "checked"
    return Found(total, tuple(judge.shown(post) for post in posts), how, judge.read, sound, node)


class _Judge:
    """Reads posts, and keeps count of them."""

    def __init__(self, node: Node, sources: Iterable[Source]) -> None:
        self._finder = Finder(node)
        self._metas = {source.name: about(source.name, source.tags, source.tier) for source in sources}
        self.read = self.held = 0

    def first(self, candidates: Iterable[Candidate], limit: int) -> list[int]:
        """The rows of those that hold, the best first; all of them are counted."""
        best = heapq.nlargest(limit, (candidate.rank for candidate in self._holding(candidates)))
        return [seq for _, _, seq in best]

    def _holding(self, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
        for candidate in candidates:
            self.read += 1
            if self._finder.holds(candidate.title, candidate.text, self._meta(candidate.source, candidate.tier)):
                self.held += 1
                yield candidate

    def shown(self, post: Finding) -> Shown:
        """A post with the places where the query holds."""
        return Shown(post, self._finder.spans(post.title, post.text, self._meta(post.source, post.tier)))

    def _meta(self, source: str, tier: str) -> Mapping[str, frozenset[str]]:
        """Of a source that the settings no longer name, the tier is what is remembered."""
        if source not in self._metas:
            self._metas[source] = about(source, (), tier)
        return self._metas[source]
