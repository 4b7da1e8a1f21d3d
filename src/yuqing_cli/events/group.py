"""Which posts are one event.

An event is a function of the *set* of matched posts: the order in which they arrived never matters. Until reports are also compared by
what they say, posts with one canonical address are one event, and a post without an address is an event of its own.

The id of an event is a hash of its earliest post (by publication, then id; a post without a date comes last). When an earlier post
arrives the older content's id wins, and every former id stays an alias for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yuqing_cli.ids import event_id


@dataclass(frozen=True, slots=True)
class Member:
    """What grouping looks at: a matched post, its publication in milliseconds since 1970 (None: no date), its present event."""

    post: str
    published: int | None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A touched group of posts after regrouping: its id, and the former ids that become aliases of it."""

    event: str
    posts: tuple[str, ...]
    aliases: tuple[str, ...]


def regroup(members: Iterable[Member]) -> Component:
    """The one event that these connected posts are. Raises ``ValueError`` when there are none."""
    ordered = sorted(members, key=lambda m: (m.published is None, m.published or 0, m.post))
    if not ordered:
        raise ValueError("an event has at least one post")
    event = event_id(ordered[0].post)
    former = {m.event for m in ordered if m.event and m.event != event}
    return Component(event, tuple(m.post for m in ordered), tuple(sorted(former)))
