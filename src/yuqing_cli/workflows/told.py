"""What a window has, read from the store: its events, ranked, and those that are shown in full.

store.reported -> traces -ranked-> Told; store.stored -> posts -ranked.event-> events
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from yuqing_cli.digest import desk
from yuqing_cli.digest import ranked as ranking
from yuqing_cli.digest.frame import Frame
from yuqing_cli.digest.ranked import Ranked
from yuqing_cli.digest.shapes import DigestEvent, Trace
from yuqing_cli.digest.told import Told

if TYPE_CHECKING:
    from yuqing_cli.adapters.store.reporting import Reporting
    from yuqing_cli.adapters.store.windows import Span


def read(store: Reporting, bounds: Span, frame: Frame) -> Told:
    """The events of a window, ranked, with what issues and the desk said of them."""
    marks = store.marks(frame.as_of)
    noise: list[Trace] = []
    posts: list[Trace] = []
    for post in store.reported(bounds):
        (noise if marks.get(post.id) == "noise" else posts).append(post)
    # An event all of whose reports in this window are noise is not told for its older ones.
    groups = {id_: held for id_, held in ranking.groups(posts).items() if any(p.place != "before" for p in held)}
    today = store.todays_ids(groups)
    history = store.history(frame.window, frame.as_of, groups)
    ranked = ranking.ranked(groups, history, frame)
    noise = [post for post in noise if post.place != "before"]
    return Told(groups, ranked, noise, today, standings_of(store, today, frame))


def in_full(
    store: Reporting, told: Told, chosen: Iterable[Ranked], frame: Frame, reports: int | None = None
) -> list[DigestEvent]:
    """Events with their texts, and with so many of their reports (None: all)."""
    held = list(chosen)
    needed = [post for event in held for post in (*ranking.cited(event)[:reports], event.members[0])]
    posts = store.stored(needed, frame.as_of)
    return [ranking.event(event, posts, told.standing(event), frame, reports) for event in held]


def standings_of(store: Reporting, today: Mapping[str, str], frame: Frame) -> dict[str, desk.Standing]:
    """How each event stands with the desk, by the ids of the digest."""
    entries = store.desk_entries(frame.as_of)
    return {id_: desk.standing(entries[now]) for id_, now in today.items() if now in entries}
