"""Events, for looking at: which there are in a window, and one with all that is stored of it.

list: store.span -digest.read-> ranked -course.moving-> events with their outlook
show: store.meant -store.events_of-> event -store.members-> posts -ranked.event-> one event, rank.event_parts-> its parts
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yuqing_cli.adapters.store import Store
from yuqing_cli.config import Settings
from yuqing_cli.digest import course, desk
from yuqing_cli.digest import ranked as ranking
from yuqing_cli.digest.frame import framed
from yuqing_cli.digest.shapes import DigestEvent, Window
from yuqing_cli.digest.story import Story
from yuqing_cli.digest.told import Filters
from yuqing_cli.digest.window import WindowOptions, window
from yuqing_cli.errors import UsageError
from yuqing_cli.events.links import JOINED
from yuqing_cli.events.outlook import outlook
from yuqing_cli.events.rank import event_parts, origins
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import replace
from yuqing_cli.times import day_bounds, parse_zone

from .told import in_full, read

NEAR = 5
"""How many events are named beside one that may be the same: grouping rather parts what is one than joins what is two."""


def listed(
    store: Store, settings: Settings, keywords: KeywordSet, options: WindowOptions, *, now: datetime, topic: str = ""
) -> list[DigestEvent]:
    """The events of a window as its digest ranks them; nothing is issued.

    Raises ``UsageError`` for a faulty window, and for a topic that no pack has.
    """
    Filters(topic).check(keywords, ())
    zone = parse_zone(settings.station.timezone)
    last = store.last_issue_end(now) if options.since_last else None
    span = window(options, now=now, zone=zone, shifts=settings.shifts, last_end=last)
    with store.snapshot():
        frame = framed(settings, keywords, span, now)
        told = read(store, store.span(span, now), frame)
        events = in_full(store, told, (event for event in told.ranked if not topic or topic in event.topics), frame)
        observed = store.observations(store.hot_posts(span, now), now)
        return course.moving(events, told.groups, observed, store.first_seen(), frame)


def story(store: Store, settings: Settings, keywords: KeywordSet, beginning: str, *, now: datetime) -> Story:
    """The event that an id, a former id, an id of one of its posts, or the beginning of one of these means.

    Raises ``UsageError`` where there is none, or where several begin so.
    """
    zone = parse_zone(settings.station.timezone)
    with store.snapshot():
        found = store.events_of(store.meant(beginning))
        members = sorted(store.members(found, now), key=lambda post: (post.at, post.id))
        if len(found) != 1 or not members:
            raise UsageError("there is no event {id}, or several begin so", id=beginning)
        former = store.former_ids(found[0])
        observed = store.observations((post.id for post in members), now)
        sightings = {post: tuple(changes) for post, changes in store.sightings(observed, now).items()}
        near = tuple(store.near(found[0], JOINED, NEAR))
        standing = desk.standing(store.desk_entries(now).get(found[0], ()))
        # It stands as in a digest of the day so far.
        today = Window("range", day_bounds(now.astimezone(zone).date(), zone)[0], now)
        history = store.history(today, now, found)
    frame = framed(settings, keywords, today, now)
    parts = event_parts(members, now, settings.scoring)
    (ranked,) = ranking.ranked_anew([ranking.weighed(found[0], [post.trace for post in members], history, frame)])
    event = ranking.event(ranked, {post.id: post for post in members}, standing, frame)
    event = replace(event, outlook=outlook([post.at for post in origins(members)], now, observed.values()))
    named = tuple(titles(keywords, event.topics))
    return Story(event, parts, tuple(members), now, tuple(former), named, observed, sightings, near)


def titles(keywords: KeywordSet, topics: Sequence[str]) -> list[str]:
    """What the packs call these topics, their ids where no pack has them any more."""
    rules = ((topic, keywords.topic(topic)) for topic in topics)
    return [rule.title or topic if rule else topic for topic, rule in rules]
