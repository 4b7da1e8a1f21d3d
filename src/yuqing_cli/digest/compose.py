"""Stored posts, coverage and the previous issue -> ``Digest``.

Late arrivals come behind the window's own events. Within both, events are ranked by their score, then by how many reports
they have, then by the newest, then by id, so that the order is the same for the same facts. An event's score is that of its
weightiest report: until events are grouped by content, every event is one address.
"new" means that no issue of an earlier window has shown it; the deltas compare with the last of these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from yuqing_cli.config import ScoringSettings
from yuqing_cli.digest.shapes import (
    Counts,
    Coverage,
    Delta,
    Digest,
    DigestEvent,
    Link,
    Method,
    Passage,
    SourceCoverage,
    StoredPost,
    Totals,
    Window,
)
from yuqing_cli.enrich.score import level
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.text import excerpt

EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Former:
    """What the previous issue said of an event."""

    rank: int
    posts: int
    sources: int


@dataclass(frozen=True, slots=True)
class History:
    """What earlier issues have shown: every event id (today's ids), and the figures of the last issue before this window."""

    shown: Collection[str] = ()
    last: Mapping[str, Former] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything about a digest that is not an event."""

    station: str
    zone: tzinfo
    window: Window
    as_of: datetime
    watermark: int
    scoring: ScoringSettings
    keywords: KeywordSet
    version: str

    def local(self, at: datetime) -> datetime:
        """A time in the station's zone."""
        return at.astimezone(self.zone)


def events(posts: Iterable[StoredPost], history: History, frame: Frame) -> list[DigestEvent]:
    """The events of a window, ranked, without excerpts yet (``representatives`` says which texts these need)."""
    groups: dict[str, list[StoredPost]] = {}
    for post in posts:
        groups.setdefault(post.event, []).append(post)
    drafts = [_event(id_, members, history, frame) for id_, members in groups.items()]
    drafts.sort(key=lambda e: (e.late, -e.score, -e.posts, -e.last_seen.timestamp(), e.id))
    return [replace(event, rank=rank, delta=_delta(event, rank, history)) for rank, event in enumerate(drafts, start=1)]


def _event(id_: str, members: Sequence[StoredPost], history: History, frame: Frame) -> DigestEvent:
    ordered = sorted(members, key=lambda p: (p.at, p.id))
    top = max(ordered, key=lambda p: (p.score, -p.at.timestamp(), p.id))
    first, last = frame.local(ordered[0].at), frame.local(ordered[-1].at)
    return DigestEvent(
        id=id_,
        rank=0,
        level=level(top.score, frame.scoring),
        score=top.score,
        parts={part.name: part.points for part in top.parts},
        state="continuing" if id_ in history.shown else "new",
        title=top.title,
        excerpt="",
        topics=_union(post.topics for post in ordered),
        subjects=_union(post.subjects for post in ordered),
        first_seen=first,
        last_seen=last,
        posts=len({post.canonical_url or post.id for post in ordered}),
        sources=len({post.source for post in ordered}),
        origins=1,
        delta=Delta(),
        owner=_owner(top, frame.keywords),
        answer=None,
        links=tuple(_link(post, frame) for post in sorted(ordered, key=lambda p: (p is not top, p.at, p.id))),
        late=all(post.place != "window" for post in ordered),
        day=(last.date() - first.date()).days + 1,
    )


def _owner(post: StoredPost, keywords: KeywordSet) -> str | None:
    """The unit of the gravest topic that names one."""
    rules = [rule for topic in post.topics if (rule := keywords.topic(topic)) and rule.owner]
    return max(rules, key=lambda rule: rule.severity).owner if rules else None


def counted(ranked: Sequence[DigestEvent], posts: int) -> Counts:
    """Totals of the events that passed a filter, out of ``posts`` that were read."""
    late = sum(event.posts for event in ranked if event.late)
    return Counts(posts, sum(event.posts for event in ranked), late)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def _link(post: StoredPost, frame: Frame) -> Link:
    published = frame.local(post.published_at) if post.published_at else None
    return Link(post.id, post.title, post.url, post.source, published, post.tier, frame.local(post.first_seen))


def _delta(event: DigestEvent, rank: int, history: History) -> Delta:
    former = (history.last or {}).get(event.id)
    if former is None:
        return Delta()
    return Delta(event.posts - former.posts, event.sources - former.sources, former.rank - rank)


def representatives(ranked: Iterable[DigestEvent]) -> list[str]:
    """Ids of the posts whose texts the excerpts are cut from."""
    return [event.links[0].post for event in ranked]


def with_excerpts(ranked: Iterable[DigestEvent], passages: Mapping[str, Passage]) -> tuple[DigestEvent, ...]:
    """Add to each event the words that matched and one excerpt around the first of them."""
    return tuple(_with_excerpt(event, passages.get(event.links[0].post)) for event in ranked)


def _with_excerpt(event: DigestEvent, passage: Passage | None) -> DigestEvent:
    if passage is None:
        return event
    return replace(event, excerpt=passage_excerpt(passage), terms=matched_words(passage))


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


def compose(
    frame: Frame,
    ranked: Sequence[DigestEvent],
    counts: Counts,
    coverage: Coverage,
    *,
    issue: int | None,
    stale: int = 0,
    filters: tuple[str, ...] = (),
) -> Digest:
    """Put the parts together; every time in the station's zone."""
    sources = {link.source for event in ranked for link in event.links}
    new = sum(event.state == "new" for event in ranked)
    thresholds = {name: getattr(frame.scoring, name) for name in ("red", "orange", "yellow")}
    return Digest(
        station=frame.station,
        timezone=str(frame.zone),
        start=frame.local(frame.window.start),
        end=frame.local(frame.window.end),
        shift=frame.window.shift,
        kind=frame.window.kind,
        as_of=frame.local(frame.as_of),
        issue=issue,
        watermark=frame.watermark,
        totals=Totals(counts.posts, counts.matched, len(ranked), new, len(sources), counts.late),
        coverage=Coverage(coverage.ratio, tuple(_local_coverage(entry, frame) for entry in coverage.sources)),
        events=tuple(ranked),
        suppressed={},
        method=Method(frame.version, frame.keywords.hash, thresholds, stale),
        filters=filters,
    )


def _local_coverage(entry: SourceCoverage, frame: Frame) -> SourceCoverage:
    seen = frame.local(entry.last_success) if entry.last_success else None
    spans = tuple((frame.local(low), frame.local(high)) for low, high in entry.blind)
    return replace(entry, last_success=seen, blind=spans)
