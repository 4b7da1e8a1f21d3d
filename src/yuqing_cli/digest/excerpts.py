"""The words that matched and a line of the text around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yuqing_cli.records import replace
from yuqing_cli.text import excerpt

from .shapes import DigestEvent, Passage

EXCERPT = 80


def representatives(ranked: Iterable[DigestEvent]) -> list[str]:
    """Ids of the posts whose texts the excerpts are cut from."""
    return [event.links[0].post for event in ranked]


def with_excerpts(ranked: Iterable[DigestEvent], passages: Mapping[str, Passage]) -> list[DigestEvent]:
    """Add to each event the words that matched, one excerpt around the first of them, and where they stand in it."""
    return [_with_excerpt(event, passages.get(event.links[0].post)) for event in ranked]


def _with_excerpt(event: DigestEvent, passage: Passage | None) -> DigestEvent:
    if passage is None:
        return event
    shown, terms = passage_excerpt(passage), matched_words(passage)
    return replace(event, excerpt=shown, terms=terms, highlights=highlights(shown, terms))


def matched_words(passage: Passage) -> tuple[str, ...]:
    """What stands in the text where terms hit, as the source wrote it, each once."""
    fields = {"title": passage.title, "text": passage.text}
    return tuple(dict.fromkeys(fields[hit.field][hit.start : hit.end] for hit in passage.hits))


def passage_excerpt(passage: Passage, length: int = EXCERPT) -> str:
    """About ``length`` characters around the first hit in the text; the beginning of the text when only the title hit."""
    hit = next((h for h in passage.hits if h.field == "text" and h.kind == "topic"), None)
    hit = hit or next((h for h in passage.hits if h.field == "text"), None)
    start, end = (hit.start, hit.end) if hit else (0, 0)
    return excerpt(passage.text, start, end, length)[0]


def highlights(shown: str, terms: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand in an excerpt: in order, what touches or overlaps joined."""
    spans: list[tuple[int, int]] = []
    for term in terms:
        start = shown.find(term) if term else -1
        while start >= 0:
            spans.append((start, start + len(term)))
            start = shown.find(term, start + len(term))
    joined: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)
