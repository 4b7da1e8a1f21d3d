"""Digest: window -> stored posts + coverage + earlier issues -> Digest; issued ones are stored.

store.span -store.reported-> posts -compose.events-> ranked -store.passages-> excerpts -compose.compose-> Digest -store.save_issue-> row
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from yuqing_cli import __version__, coverage
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import Settings
from yuqing_cli.digest import compose
from yuqing_cli.digest.shapes import Digest, DigestEvent, Issue, Window
from yuqing_cli.digest.window import WindowOptions, window
from yuqing_cli.errors import UsageError
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.render import digest_json
from yuqing_cli.times import parse_zone
from yuqing_cli.validate import nearest

from .rescore import Today


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a digest; a narrowed digest is never issued."""

    topic: str = ""
    owner: str = ""

    def __bool__(self) -> bool:
        return bool(self.topic or self.owner)

    def check(self, keywords: KeywordSet) -> None:
        """Raise ``UsageError`` where no pack has that topic or that owner: a slip must not read as a quiet day."""
        topics = [rule for rule in keywords.rules if rule.kind == "topic"]
        for value, known in ((self.topic, {r.id for r in topics}), (self.owner, {r.owner for r in topics if r.owner})):
            if value and value not in known:
                near = nearest(value, known)
                text = "no topic of the packs is or belongs to {value}"
                if near:
                    text = "no topic of the packs is or belongs to {value}; did you mean {near}?"
                raise UsageError(text, value=value, near=near)

    def apply(self, ranked: Sequence[DigestEvent]) -> list[DigestEvent]:
        """The events that pass, ranked anew."""
        passed = [
            event
            for event in ranked
            if (not self.topic or self.topic in event.topics) and (not self.owner or self.owner == event.owner)
        ]
        return [replace(event, rank=rank) for rank, event in enumerate(passed, start=1)] if self else passed


def digest(
    store: Store,
    settings: Settings,
    keywords: KeywordSet,
    options: WindowOptions,
    *,
    now: datetime,
    as_of: datetime | None = None,
    filters: Filters = Filters(),
) -> Digest:
    """The digest of a window with the knowledge of ``as_of`` (default: now)."""
    filters.check(keywords)
    span = _window(store, settings, options, as_of or now)
    if as_of and not filters and (issued := store.exact_issue(span, as_of)):
        return digest_json.from_data(json.loads(issued.digest))
    with store.snapshot():
        made = _compose(store, settings, keywords, span, as_of or now, filters, live=as_of is None)
    if made.issue is not None:
        store.save_issue(Issue(made.issue, span, now, made.watermark, digest_json.dumps(made).encode()))
    return made


def _window(store: Store, settings: Settings, options: WindowOptions, seen_from: datetime) -> Window:
    zone = parse_zone(settings.station.timezone)
    last = store.last_issue_end(seen_from) if options.since_last else None
    return window(options, now=seen_from, zone=zone, shifts=settings.shifts, last_end=last)


def _compose(
    store: Store,
    settings: Settings,
    keywords: KeywordSet,
    span: Window,
    as_of: datetime,
    filters: Filters,
    *,
    live: bool,
) -> Digest:
    bounds = store.span(span, as_of)
    posts = store.reported(bounds)
    frame = compose.Frame(
        settings.station.name,
        parse_zone(settings.station.timezone),
        span,
        as_of,
        store.high_water(as_of),
        settings.scoring,
        keywords,
        __version__,
    )
    ranked = filters.apply(compose.events(posts, _history(store, span, as_of), frame))
    counts = store.counts(bounds)
    if filters:
        counts = compose.counted(ranked, counts.posts)
    events = compose.with_excerpts(ranked, store.passages(compose.representatives(ranked), as_of))
    until = min(span.end, as_of)
    covered = coverage.of(settings.sources, store.spells(span.start, until), span.start, until)
    # A window without length (--since-last right after an issue) reports nothing: it is no issue.
    issues = span.issues and live and not filters and span.start < span.end
    number = store.issue_number(span) if issues else None
    stale = Today(settings, store.states(), keywords.hash).stale(store.bases(bounds))
    shown = tuple(value for value in (filters.topic, filters.owner) if value)
    return compose.compose(frame, events, counts, covered, issue=number, stale=stale, filters=shown)


def _history(store: Store, span: Window, as_of: datetime) -> compose.History:
    previous = store.previous_issue(span, as_of)
    if previous is None:
        return compose.History()
    events = json.loads(previous.digest)["events"]
    names = store.todays_ids(event["id"] for event in events)
    figures = {e["id"]: compose.Former(e["rank"], e["posts"], e["sources"]) for e in events}
    # Under the name of then, too: a report of the past calls its events as they were called.
    former = figures | {names[id_]: figure for id_, figure in figures.items()}
    return compose.History(store.reported_before(span, as_of), former)
