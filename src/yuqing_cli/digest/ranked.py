"""Stored posts -> the events of a digest, ranked. Pure.

Late arrivals come behind the window's own events. Within both, events are ranked by their score, then by how many reports they have,
then by the newest, then by id, so that the order is the same for the same facts.

What changed is counted from what issues of earlier windows had, post by post, and not from the figures that they printed: an event that
took another one in does not count the other's reports as news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from yuqing_cli.events.rank import best_report, copies, event_parts, origins
from yuqing_cli.events.states import state
from yuqing_cli.models import Level
from yuqing_cli.packs.model import Rule

from .desk import NOTHING, Standing
from .frame import Frame
from .history import Former, History
from .shapes import Delta, DigestEvent, Link, StoredPost

CALM = 0.3
"""The greatest tone (0..1) of a report that counts as good news. Of the fictional town's events of the lowest level it keeps
notices and openings, and none that has a complaint in it; it misses good news that tells at length what was bad before."""


def groups(posts: Iterable[StoredPost]) -> dict[str, list[StoredPost]]:
    """The posts of each event, in the order of time."""
    found: dict[str, list[StoredPost]] = {}
    for post in posts:
        found.setdefault(post.event, []).append(post)
    for members in found.values():
        members.sort(key=lambda post: (post.at, post.id))
    return found


def events(
    grouped: Mapping[str, Sequence[StoredPost]], history: History, standings: Mapping[str, Standing], frame: Frame
) -> list[DigestEvent]:
    """The events of a window, ranked, without excerpts yet (``excerpts.representatives`` says which texts these need)."""
    drafts = [event(id_, members, history, standings.get(id_, NOTHING), frame) for id_, members in grouped.items()]
    drafts.sort(key=lambda e: (e.late, -e.score, -e.posts, -e.last_seen.timestamp(), e.id))
    return ranked_anew(drafts, history)


def ranked_anew(ordered: Iterable[DigestEvent], history: History | None = None) -> list[DigestEvent]:
    """Events with their ranks by the order in which they stand, and with the change of rank where a history is given."""
    placed = []
    for rank, each in enumerate(ordered, start=1):
        former = history.last.get(each.id) if history else None
        delta = replace(each.delta, rank=former.rank - rank) if former else each.delta
        placed.append(replace(each, rank=rank, delta=delta))
    return placed


def event(id_: str, members: Sequence[StoredPost], history: History, standing: Standing, frame: Frame) -> DigestEvent:
    """One event, not ranked yet; its members in the order of time."""
    top = best_report(members)
    parts = event_parts(members, frame.until, frame.scoring)
    score = sum(part.points for part in parts)
    first, last = frame.local(members[0].at), frame.local(members[-1].at)
    addresses = {post.canonical_url or post.id for post in members}
    sources = {post.source for post in members}
    grade = frame.scoring.level(score)
    topics = _union(post.topics for post in members)
    rules = frame.topics(topics)
    return DigestEvent(
        id=id_,
        rank=0,
        level=grade,
        score=score,
        parts={part.name: part.points for part in parts},
        state=_state(id_, members, history, frame),
        title=top.title,
        excerpt="",
        topics=topics,
        subjects=_union(post.subjects for post in members),
        first_seen=first,
        last_seen=last,
        posts=len(addresses),
        sources=len(sources),
        origins=len(origins(members)),
        copies=copies(members),
        delta=_delta(members, addresses, sources, history.last.get(id_), grade),
        owner=standing.owner or next((rule.owner for rule in rules if rule.owner), None),
        answer=standing.answer,
        links=tuple(_link(post, frame) for post in sorted(members, key=lambda p: p is not top)),
        late=all(post.place != "window" for post in members),
        day=(last.date() - first.date()).days + 1,
        playbook=next((rule.playbook for rule in rules if rule.playbook), None),
        hourly=frame.hourly([post.at for post in members if post.place == "window"]),
        origin=members[0].origin or None,
        good=_good(top, rules, grade),
        status=standing.status,
        answered_at=frame.maybe_local(standing.answered_at),
        notes=tuple(replace(note, at=frame.local(note.at)) for note in standing.notes),
    )


def _good(top: StoredPost, rules: Sequence[Rule], grade: Level) -> bool:
    """Positive news and official replies, as far as facts can say it.

    Either its gravest topic is one of those that only tell what was already said (severity 1), below orange; or an event of the lowest
    level whose weightiest report comes from an authority or a newspaper and has next to no words of complaint, danger or help in it.
    """
    if rules and rules[0].severity <= 1:
        return grade not in {"red", "orange"}
    tone = next((part.value for part in top.parts if part.name == "tone"), 1.0)
    return grade == "blue" and top.tier in {"official", "media"} and tone <= CALM


def _state(
    id_: str, members: Sequence[StoredPost], history: History, frame: Frame
) -> Literal["new", "continuing", "resurgent", "subsided"]:
    """New where no other issue claims it, whatever its reports are like: else it would be told to nobody as new."""
    if id_ not in history.claimed:
        return "new"
    return state([post.at for post in members], frame.until, since=frame.window.start, shown=True)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Each name once, what most reports have first: of equally grave topics it says whose event it is, and who is to answer."""
    return tuple(name for name, _ in Counter(name for names in lists for name in names).most_common())


def _link(post: StoredPost, frame: Frame) -> Link:
    published = frame.maybe_local(post.published_at)
    return Link(post.id, post.title, post.url, post.source, published, post.tier, frame.local(post.first_seen))


def _delta(
    members: Sequence[StoredPost], addresses: set[str], sources: set[str], former: Former | None, grade: str
) -> Delta:
    """What came since the last issue of an earlier window; nothing where none told the event."""
    if former is None:
        return Delta()
    told = [post for post in members if post.told]
    return Delta(
        len(addresses) - len({post.canonical_url or post.id for post in told}),
        len(sources) - len({post.source for post in told}),
        level=former.level if former.level != grade else None,
    )
