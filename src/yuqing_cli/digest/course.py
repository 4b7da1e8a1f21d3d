"""How the events of a digest move: outlook, bursts, hot lists. Calls the judgement of ``events`` on what the store gave. Pure.

A burst is asked for the first ``BURSTS`` events only: the test looks at every hour of the past weeks, and who reads the fortieth event
does not ask whether it came in a wave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from yuqing_cli.events.outlook import outlook
from yuqing_cli.events.rank import origins
from yuqing_cli.events.trend import LEAST_ORIGINS, burst
from yuqing_cli.records import replace

from .frame import Frame
from .sections import HotEntry
from .shapes import DigestEvent, StoredPost, Trace

if TYPE_CHECKING:
    from yuqing_cli.events.hot import Observed

BURSTS = 5


def moving(
    ranked: Iterable[DigestEvent],
    groups: Mapping[str, Sequence[Trace]],
    observed: Mapping[str, Observed],
    since: datetime | None,
    frame: Frame,
) -> list[DigestEvent]:
    """The events with their outlook, and the first ones with their burst. ``since``: when the station's record begins."""
    return [_moving(event, groups[event.id], observed, since, frame) for event in ranked]


def _moving(
    event: DigestEvent,
    members: Sequence[Trace],
    observed: Mapping[str, Observed],
    since: datetime | None,
    frame: Frame,
) -> DigestEvent:
    times = [post.at for post in origins(members)]
    lists = [observed[post.id] for post in members if post.id in observed]
    found = replace(event, outlook=outlook(times, frame.until, lists))
    if since is None or event.rank > BURSTS or len(times) < LEAST_ORIGINS or not frame.window.start < frame.until:
        return found
    return replace(found, burst=burst(times, frame.window.start, frame.until, since=since, zone=frame.zone))


def hot(posts: Iterable[StoredPost], observed: Mapping[str, Observed], frame: Frame) -> tuple[HotEntry, ...]:
    """The matched items of hot lists, the best ranks first; items that never had a rank are left out."""
    found = [_entry(post, observed[post.id], frame) for post in posts if post.id in observed]
    entries = [entry for entry in found if entry is not None]
    return tuple(sorted(entries, key=lambda e: (e.best_rank, -e.minutes, e.post)))


def _entry(post: StoredPost, seen: Observed, frame: Frame) -> HotEntry | None:
    if seen.best_rank is None:
        return None
    times = (seen.minutes, seen.heat, seen.slope, frame.local(seen.last_at))
    return HotEntry(post.id, post.event, post.title, post.url, post.source, seen.best_rank, seen.rank, *times)
