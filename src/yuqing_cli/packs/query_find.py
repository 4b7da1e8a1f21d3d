"""Whether a query holds on a stored text, and where, when somebody searches: substrings of the normal form, without boundaries.

A rule must not fire on ``gmail`` for ``ai``; whoever searches for ``ai`` is better served with too much than with too little, and
sees at once what was found. So everything is found wherever it stands, also inside of words, Chinese or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yuqing_cli.text import Normalised, fold

from .query_match import Outcome, Places, anchors, evaluate, literals
from .query_nodes import FieldName, Node


class Finder:
    """A query that is asked of many texts."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._literals = sorted(literals(node))
        self._anchors = anchors(node)

    def holds(self, title: str, text: str, meta: Mapping[str, frozenset[str]]) -> bool:
        """Whether a post is an answer. ``meta`` is ``query.about(…)``."""
        return self._asked(fold(title), fold(text), meta).fires

    def spans(
        self, title: str, text: str, meta: Mapping[str, frozenset[str]]
    ) -> tuple[tuple[FieldName, int, int], ...]:
        """Where in the raw title and text the query holds, in the order of the text; none where it does not."""
        raw: dict[FieldName, Normalised] = {
            "title": Normalised(title, fold(title)),
            "text": Normalised(text, fold(text)),
        }
        outcome = self._asked(raw["title"].text, raw["text"].text, meta)
        return tuple((span.field, *raw[span.field].raw_span(span.start, span.end)) for span in outcome.spans)

    def _asked(self, title: str, text: str, meta: Mapping[str, frozenset[str]]) -> Outcome:
        if self._anchors is not None and not any(anchor in title or anchor in text for anchor in self._anchors):
            return Outcome()
        fields: dict[FieldName, str] = {"title": title, "text": text}
        return evaluate(self._node, fields, self._found(fields), meta, bounded=False)

    def _found(self, fields: Mapping[FieldName, str]) -> Places:
        places = {
            literal: [(field, *span) for field, text in fields.items() for span in _occurrences(literal, text)]
            for literal in self._literals
        }
        return {literal: spans for literal, spans in places.items() if spans}


def _occurrences(literal: str, text: str) -> Iterator[tuple[int, int]]:
    """Overlapping ones too."""
    at = text.find(literal)
    while at >= 0:
        yield at, at + len(literal)
        at = text.find(literal, at + 1)
