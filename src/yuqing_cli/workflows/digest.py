"""Digest: window -> stored posts + coverage + earlier issues + the desk's words -> Digest; issued ones are stored.

store.span -store.reported-> traces -ranked-> Ranked -listed, store.stored-> events -store.passages-> excerpts -compose-> Digest
    -store.save_issue-> row
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from yuqing_cli import coverage
from yuqing_cli.config import Settings
from yuqing_cli.digest import compare, compose, course, desk, excerpts, held_back, matters, numbers
from yuqing_cli.digest import ranked as ranking
from yuqing_cli.digest.frame import Frame, framed
from yuqing_cli.digest.history import LATE, History, named
from yuqing_cli.digest.listed import REPORTS, listed, unlisted
from yuqing_cli.digest.page import TOP
from yuqing_cli.digest.ranked import Ranked
from yuqing_cli.digest.reissued import completed
from yuqing_cli.digest.sections import Matter, RisingWord
from yuqing_cli.digest.shapes import Digest, DigestEvent, Issue, Trace, Window, Work
from yuqing_cli.digest.told import EVERYTHING, Filters, Told
from yuqing_cli.digest.window import WindowOptions, window
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import replace
from yuqing_cli.render import digest_json
from yuqing_cli.times import parse_zone

from .today import Today
from .told import in_full, read, standings_of

if TYPE_CHECKING:
    from yuqing_cli.adapters.store.reporting import Reporting
    from yuqing_cli.adapters.store.windows import Span

WATCHED = 0.5
"""What share of source-time must have been seen of a span that numbers are compared with."""


MOST_WORDED, LEAST_PAST = 2_000, 20
"""Events in which words are looked for (of more, the words would take longer than the digest), and how many the past must have."""


def digest(
    store: Reporting,
    settings: Settings,
    keywords: KeywordSet,
    options: WindowOptions,
    *,
    now: datetime,
    as_of: datetime | None = None,
    filters: Filters = EVERYTHING,
    whole: bool = True,
) -> Digest:
    """The digest of a window with the knowledge of ``as_of`` (default: now).

    ``whole``: every event with every report; else what a page shows, and of the others how many there are. An issue is stored as it is
    made; where the whole of one is asked for later that was made for a page, what it left out is read from the rows.
    """
    if filters:
        entries = store.desk_entries(as_of)
        filters.check(keywords, {e.text for held in entries.values() for e in held if e.kind == "owner"})
    span = _window(store, settings, options, as_of or now)
    issued = None
    if as_of and not filters and (found := store.exact_issue(span, as_of)):
        issued = digest_json.from_data(json.loads(found.digest))
        if issued.whole or not whole:
            return _with_work(issued, store)
    with store.snapshot():
        made, ranked = _compose(store, settings, keywords, span, as_of or now, filters, live=as_of is None, whole=whole)
    if issued:
        made = completed(issued, made)
    if as_of:
        return _with_work(made, store)
    if made.issue is not None:
        issue = Issue(made.issue, span, now, made.watermark, digest_json.packed(made))
        store.save_issue(issue, made.totals, ranked)
    return made


def _with_work(made: Digest, store: Reporting) -> Digest:
    """A digest of the past with what was done since to the posts that it rests on."""
    zone = made.as_of.tzinfo
    work = tuple(Work(kind, at.astimezone(zone), posts) for kind, at, posts in store.work_since(made.as_of))
    return replace(made, method=replace(made.method, work=work)) if work else made


def _window(store: Reporting, settings: Settings, options: WindowOptions, seen_from: datetime) -> Window:
    zone = parse_zone(settings.station.timezone)
    last = store.last_issue_end(seen_from) if options.since_last else None
    return window(options, now=seen_from, zone=zone, shifts=settings.shifts, last_end=last)


def _compose(
    store: Reporting,
    settings: Settings,
    keywords: KeywordSet,
    span: Window,
    as_of: datetime,
    filters: Filters,
    *,
    live: bool,
    whole: bool,
) -> tuple[Digest, Sequence[Ranked]]:
    """The digest, and all of its events as they are ranked."""
    frame = framed(settings, keywords, span, as_of, store.high_water(as_of))
    bounds = store.span(span, as_of)
    told = read(store, bounds, frame)
    ranked = filters.apply(told, frame)
    chosen, more = (ranked, {}) if whole else _listed(store, told, ranked, frame)
    observed = store.observations(store.hot_posts(span, as_of), as_of)
    events = in_full(store, told, chosen, frame, None if whole else REPORTS)
    events = course.moving(events, told.groups, observed, store.first_seen(), frame)
    events = excerpts.with_excerpts(events, store.passages(excerpts.representatives(events), as_of))
    covered = coverage.of(settings.sources, store.spells(span.start, frame.until), span.start, frame.until)
    kept = {event.id for event in ranked}
    groups = {id_: members for id_, members in told.groups.items() if id_ in kept}
    reported = numbers.reported(groups)
    counted = store.posts_read(bounds)
    counts = numbers.counted(ranked, counted.posts) if filters else numbers.counts(counted.posts, groups)
    # A window without length (--since-last right after an issue) reports nothing: it is no issue.
    issues = span.issues and live and not filters and span.start < span.end
    sections = compose.Sections(
        gap=named(bounds.gap),
        comparisons=() if filters else compare.comparisons(_counted(store, settings, frame)),
        hot=course.hot(store.stored([p for p in reported if p.id in observed], as_of).values(), observed, frame),
        rising=() if filters else _rising(store, reported, frame),
        matters=filters.matters(_matters(store, bounds, told, events, frame), ranked),
        suppressed=held_back.suppressed(
            store.withheld(bounds, counted.first), store.stored(told.noise, as_of).values()
        ),
        more=more,
        unlisted={} if whole else unlisted(chosen),
    )
    made = compose.compose(
        frame,
        ranked,
        events,
        reported,
        counts,
        covered,
        sections,
        issue=store.issue_number(span) if issues else None,
        stale=_stale(store, Today(settings, store.states(), keywords.hash), bounds),
        filters=tuple(value for value in (filters.topic, filters.owner) if value),
    )
    return made, ranked


def _stale(store: Reporting, today: Today, bounds: Span) -> int:
    """How many posts of the report others judged. They are only counted where there can be any."""
    if all(today.judged(*stamps) for stamps in store.stamps(bounds)):
        return 0
    return today.stale(store.bases(bounds))


def _listed(
    store: Reporting, told: Told, ranked: Sequence[Ranked], frame: Frame
) -> tuple[list[Ranked], dict[str, int]]:
    """The events that a page shows, and how many others there are in each of its sections."""
    tones = store.tones((event.top for event in ranked if ranking.hopeful(event)), frame.as_of)
    closed = {event.id for event in ranked if told.standing(event).status == "closed"}
    gravity = ranking.Gravity(frame)
    return listed(ranked, lambda event: ranking.section_of(event, tones, gravity), told.standings, closed)


def _rising(store: Reporting, reported: Sequence[Trace], frame: Frame) -> tuple[RisingWord, ...]:
    """The words that rose against the seven days before, one report an event on either side."""
    first = {post.event: post for post in sorted(reported, key=lambda p: (p.at, p.id), reverse=True)}
    if len(first) > MOST_WORDED:
        return ()
    past = store.titles(frame.window.start - LATE, frame.window.start, frame.as_of, 3 * MOST_WORDED)
    if len(past) < LEAST_PAST:
        return ()
    # Only here: the dictionary behind it takes longer to load than a small digest to make.
    from yuqing_cli.events.words import Wording, rising

    posts = store.stored(first.values(), frame.as_of)
    return rising([Wording(p.id, posts[p.id].title) for p in first.values()], [Wording(*entry) for entry in past])


def _counted(store: Reporting, settings: Settings, frame: Frame) -> dict[str, compare.Tally | None]:
    """The totals of the spans to compare with; None where nobody watched."""
    # Two of the spans may be one: the day before is the window before a day.
    spans = compare.others(frame)
    known = {span: _span_totals(store, settings, frame, span) for span in set(spans.values())}
    return {name: known[span] for name, span in spans.items()}


def _span_totals(store: Reporting, settings: Settings, frame: Frame, span: compare.Other) -> compare.Tally | None:
    if issued := compare.alike(store.issued(frame.window, span.start, frame.as_of), span):
        return issued
    first = store.first_seen()
    if first is None or first > span.start:
        return None
    if (
        settings.sources
        and coverage.of(settings.sources, store.spells(span.start, span.end), span.start, span.end).ratio < WATCHED
    ):
        return None
    return store.tally(span.start, span.end, frame.as_of)


def _matters(
    store: Reporting, bounds: Span, told: Told, events: Sequence[DigestEvent], frame: Frame
) -> tuple[Matter, ...]:
    start = matters.since(frame, bounds.earlier)
    spoken = {id_: desk.standing(entries) for id_, entries in store.desk_entries(frame.as_of).items()}
    wanted = {id_ for id_, held in spoken.items() if matters.in_hand(held, start, frame.as_of)}
    grave = store.grave(frame.window, frame.window.start - LATE, frame.as_of, TOP)
    wanted |= set(store.todays_ids(grave).values())
    gone = _absent(store, wanted - set(told.today.values()), frame)
    standings = standings_of(store, store.todays_ids(event.id for event, _ in gone), frame)
    posts = store.stored((event.top for event, _ in gone), frame.as_of)
    absent = [
        matters.absent(event, topics, posts[event.top.id].title, standings.get(event.id, desk.NOTHING), frame)
        for event, topics in gone
    ]
    return matters.matters(events, absent, {**told.standings, **standings}, frame, start)


def _absent(store: Reporting, events: Iterable[str], frame: Frame) -> list[tuple[Ranked, tuple[str, ...]]]:
    """Events that the window has no news of, ranked among themselves, with their topics."""
    short = {one.event: one for one in store.abstracts(sorted(events), frame.as_of)}
    groups = ranking.groups(post for one in short.values() for post in one.members)
    groups |= ranking.groups(store.absent(sorted(set(events) - short.keys()), frame.as_of))
    return [
        (event, short[event.id].topics if event.id in short else event.topics)
        for event in ranking.ranked(groups, History(), frame)
    ]
