"""What a digest counts beside its events: by topic, by source, by tier, by the hour. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .frame import Frame
from .ranked import Ranked
from .sections import Count
from .shapes import Counts, Trace

MOST = 20
"""Entries of each list; the rest are few posts each."""


def counted(ranked: Sequence[Ranked], posts: int) -> Counts:
    """Totals of the events that passed a filter, out of ``posts`` that were read."""
    late = sum(event.posts for event in ranked if event.late)
    return Counts(posts, sum(event.posts for event in ranked), late)


def counts(posts: int, grouped: Mapping[str, Sequence[Trace]]) -> Counts:
    """Totals of a report out of ``posts`` that were read, each address once; what the desk called noise is in no group."""
    told = [post for members in grouped.values() for post in members if post.place != "before"]
    late = {post.canonical_url or post.id for post in told if post.place == "late"}
    return Counts(posts, len({post.canonical_url or post.id for post in told}), len(late))


def reported(grouped: Mapping[str, Sequence[Trace]]) -> list[Trace]:
    """The posts that this digest reports, each canonical address once; without the older posts of its events."""
    once = {
        post.canonical_url or post.id: post
        for members in grouped.values()
        for post in members
        if post.place != "before"
    }
    return list(once.values())


def by_topic(posts: Iterable[Trace], frame: Frame) -> tuple[Count, ...]:
    """Posts and events of each topic, with its title; a post of two topics counts in both."""
    found = _by((topic, post.event) for post in posts for topic in post.topics)
    titles = {count.name: rule.title for count in found if (rule := frame.keywords.topic(count.name))}
    return tuple(Count(c.name, c.posts, c.events, titles.get(c.name, "")) for c in found)


def by_source(posts: Iterable[Trace]) -> tuple[Count, ...]:
    """Posts and events of each source."""
    return _by((post.source, post.event) for post in posts)


def by_tier(posts: Iterable[Trace]) -> tuple[Count, ...]:
    """Posts and events of each kind of publisher."""
    return _by((post.tier, post.event) for post in posts)


def _by(reports: Iterable[tuple[str, str]]) -> tuple[Count, ...]:
    """The most frequent names, of pairs of a name and an event, one a report."""
    told = [*reports]
    posts, events = (Counter(name for name, _ in pairs) for pairs in (told, {*told}))
    ordered = sorted(posts, key=lambda name: (-posts[name], name))
    return tuple(Count(name, posts[name], events[name]) for name in ordered[:MOST])


def hourly(posts: Iterable[Trace], frame: Frame) -> tuple[int, ...]:
    """Matched posts in each hour of the window, from its start; late ones lie before it."""
    return frame.hourly([post.at for post in posts if post.place == "window"])
