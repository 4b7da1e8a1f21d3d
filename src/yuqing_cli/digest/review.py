"""The periodic review: how many, about what, how grave, how many were answered and how fast. Pure.

    rows + the desk's words + issues -review-> Review

An event belongs to the period in which it has reports. How grave it was is the highest level that an issue of the period showed it with,
else that of its weightiest report. It counts as answered when the desk wrote down a public answer, and the hours run from the first
report that is stored to that entry: so an answer that is written down late counts as late. The median of few events is a weak figure;
it stands beside the number that it is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from yuqing_cli.models import LEVELS, Level
from yuqing_cli.records import Record

from .compare import Tally
from .desk import NOTHING, Standing
from .frame import Frame
from .sections import Count
from .shapes import Coverage, Work

WORST, BUSIEST = 10, 10
"""How many events and sources are named."""


class EventRow(Record):
    """One event as the store counts it over a period. ``first`` is the first report of all."""

    event: str
    post: str
    title: str
    url: str
    score: float
    posts: int
    sources: int
    first: datetime
    last: datetime
    topics: tuple[str, ...] = ()
    told: Level | None = None
    """The highest level that an issue of the period showed it with."""


class Against(Record):
    """The totals of another span of the same length."""

    start: datetime
    end: datetime
    tally: Tally


class Rows(Record):
    """What the store has of a period."""

    tally: Tally
    events: tuple[EventRow, ...] = ()
    sources: tuple[Count, ...] = ()
    days: tuple[tuple[str, int], ...] = ()
    """Matched posts of each day that has some."""
    issues: int = 0
    previous: Against | None = None
    """The span before; None where nothing was stored yet when it began."""
    year_before: Against | None = None


class LevelLine(Record):
    """Events of one level: how many, how many of them answered, and after how many hours in the middle."""

    level: Level
    events: int
    answered: int
    closed: int
    median_hours: float | None


class ReviewEvent(Record):
    """One of the gravest events."""

    id: str
    level: Level
    score: float
    title: str
    first_seen: datetime
    last_seen: datetime
    posts: int
    sources: int
    topics: tuple[str, ...]
    owner: str | None
    status: str
    answer: str | None
    hours: float | None
    """From the first report to the answer."""
    post: str
    url: str


class Review(Record):
    """A period, ready to be rendered; times in the station's zone."""

    station: str
    timezone: str
    start: datetime
    end: datetime
    as_of: datetime
    tally: Tally
    levels: tuple[LevelLine, ...]
    topics: tuple[Count, ...]
    sources: tuple[Count, ...]
    days: tuple[tuple[str, int], ...]
    answered: int
    median_hours: float | None
    unanswered: int
    """Red and orange events that were neither answered nor closed."""
    worst: tuple[ReviewEvent, ...]
    issues: int
    previous: Against | None
    year_before: Against | None
    coverage: Coverage
    version: str
    packs: str
    work: tuple[Work, ...] = ()
    """With ``--as-of``: what was done to stored posts since; where there is nothing, the same moment gives the same bytes."""


def review(frame: Frame, rows: Rows, standings: Mapping[str, Standing], coverage: Coverage) -> Review:
    """Put the period together; the events gravest first."""
    events = [_event(row, standings.get(row.event, NOTHING), frame) for row in rows.events]
    events.sort(key=lambda e: (LEVELS.index(e.level), -e.score, -e.posts, e.first_seen, e.id))
    answered = [event for event in events if event.answer]
    return Review(
        frame.station,
        str(frame.zone),
        frame.local(frame.window.start),
        frame.local(frame.window.end),
        frame.local(frame.as_of),
        rows.tally,
        tuple(_level(level, [event for event in events if event.level == level]) for level in LEVELS),
        _topics(rows.events, frame),
        rows.sources[:BUSIEST],
        rows.days,
        len(answered),
        _middle(answered),
        sum(e.level in {"red", "orange"} and e.status == "open" for e in events),
        tuple(events[:WORST]),
        rows.issues,
        _local(rows.previous, frame),
        _local(rows.year_before, frame),
        coverage,
        frame.version,
        frame.keywords.hash,
    )


def _event(row: EventRow, standing: Standing, frame: Frame) -> ReviewEvent:
    grade = frame.scoring.level(row.score)
    if row.told and LEVELS.index(row.told) < LEVELS.index(grade):
        grade = row.told
    hours = (standing.answered_at - row.first) / timedelta(hours=1) if standing.answered_at else None
    owner = standing.owner or next((rule.owner for rule in frame.topics(row.topics) if rule.owner), None)
    return ReviewEvent(
        id=row.event,
        level=grade,
        score=row.score,
        title=row.title,
        first_seen=frame.local(row.first),
        last_seen=frame.local(row.last),
        posts=row.posts,
        sources=row.sources,
        topics=row.topics,
        owner=owner,
        status=standing.status,
        answer=standing.answer,
        hours=hours,
        post=row.post,
        url=row.url,
    )


def _level(level: Level, events: Sequence[ReviewEvent]) -> LevelLine:
    answered = [event for event in events if event.answer]
    closed = sum(event.status == "closed" for event in events)
    return LevelLine(level, len(events), len(answered), closed, _middle(answered))


def _middle(answered: Iterable[ReviewEvent]) -> float | None:
    hours = [event.hours for event in answered if event.hours is not None]
    return median(hours) if hours else None


def _topics(events: Iterable[EventRow], frame: Frame) -> tuple[Count, ...]:
    """Posts and events of each topic; an event of two topics counts in both, with all of its posts."""
    posts: dict[str, int] = {}
    counts: dict[str, int] = {}
    for event in events:
        for topic in event.topics:
            posts[topic] = posts.get(topic, 0) + event.posts
            counts[topic] = counts.get(topic, 0) + 1
    ordered = sorted(counts, key=lambda topic: (-counts[topic], -posts[topic], topic))
    titles = {topic: rule.title for topic in ordered if (rule := frame.keywords.topic(topic))}
    return tuple(Count(topic, posts[topic], counts[topic], titles.get(topic, "")) for topic in ordered)


def _local(against: Against | None, frame: Frame) -> Against | None:
    return against and Against(frame.local(against.start), frame.local(against.end), against.tally)
