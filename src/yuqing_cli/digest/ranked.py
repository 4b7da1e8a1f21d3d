"""Traces of reports -> the events of a digest, ranked; and of those that are shown, the events in full. Pure.

Late arrivals come behind the window's own events. Within both, events are ranked by their score, then by how many reports they have,
then by the newest, then by id, so that the order is the same for the same facts.

What changed is counted from what issues of earlier windows had, post by post, and not from the figures that they printed: an event that
took another one in does not count the other's reports as news.

Ranking looks at traces only: a busy day has thousands of events, and a page shows a few hundred of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from yuqing_cli.events.rank import Weight, weight
from yuqing_cli.events.states import state
from yuqing_cli.models import Level
from yuqing_cli.records import Record, replace

from .desk import Standing
from .frame import Frame
from .history import Former, History
from .page import Section, section
from .shapes import Delta, DigestEvent, Link, StoredPost, Trace

CALM = 0.3
"""The greatest tone (0..1) of a report that counts as good news. Of the fictional town's events of the lowest level it keeps
notices and openings, and none that has a complaint in it; it misses good news that tells at length what was bad before."""
UNCHANGED = Delta()
"""Of an event that no earlier issue told."""


class Ranked(Record):
    """An event as it is ranked; its members in the order of time."""

    id: str
    members: Sequence[Trace]
    weight: Weight[Trace]
    score: float
    level: Level
    state: Literal["new", "continuing", "resurgent", "subsided"]
    late: bool
    posts: int
    delta: Delta
    first_told: bool
    """See ``DigestEvent``: exactly one issue tells an event first, whatever its state there is."""
    rank: int = 0

    @property
    def top(self) -> Trace:
        """The weightiest report."""
        return self.weight.best

    @property
    def topics(self) -> tuple[str, ...]:
        """Of all members."""
        if len(self.members) == 1:
            return self.members[0].topics
        return _union(post.topics for post in self.members)


def groups(posts: Iterable[Trace]) -> dict[str, list[Trace]]:
    """The posts of each event, in the order of time."""
    found: defaultdict[str, list[Trace]] = defaultdict(list)
    for post in posts:
        found[post.event].append(post)
    for members in found.values():
        if len(members) > 1:
            members.sort(key=lambda post: (post.at, post.id))
    return dict(found)


def ranked(grouped: Mapping[str, Sequence[Trace]], history: History, frame: Frame) -> list[Ranked]:
    """The events of a window, ranked."""
    shares = frame.scoring.event_weights
    drafts = [weighed(id_, members, history, frame, shares) for id_, members in grouped.items()]
    drafts.sort(key=lambda e: (e.late, -e.score, -e.posts, -e.members[-1].at.timestamp(), e.id))
    return ranked_anew(drafts, history)


def ranked_anew(ordered: Iterable[Ranked], history: History | None = None) -> list[Ranked]:
    """Events with their ranks by the order in which they stand, and with the change of rank where a history is given."""
    placed = []
    for rank, each in enumerate(ordered, start=1):
        former = history.last.get(each.id) if history else None
        delta = replace(each.delta, rank=former.rank - rank) if former else each.delta
        placed.append(replace(each, rank=rank, delta=delta))
    return placed


def weighed(
    id_: str, members: Sequence[Trace], history: History, frame: Frame, shares: Mapping[str, float] | None = None
) -> Ranked:
    """One event, not ranked yet; its members in the order of time. ``shares``: what the parts of an event weigh, where it is known."""
    found = weight(members, frame.until, shares or frame.scoring.event_weights)
    score = found.score
    grade = frame.scoring.level(score)
    former = history.last.get(id_)
    addresses = 1 if len(members) == 1 else len({post.canonical_url or post.id for post in members})
    delta = _delta(members, addresses, former, grade) if former else UNCHANGED
    late = "window" not in [post.place for post in members]
    first = id_ not in history.claimed
    return Ranked(id_, members, found, score, grade, _state(members, frame, first=first), late, addresses, delta, first)


def event(
    found: Ranked, posts: Mapping[str, StoredPost], standing: Standing, frame: Frame, reports: int | None = None
) -> DigestEvent:
    """An event in full. ``posts`` has the whole posts of the first ``reports`` of ``cited`` (None: of all)."""
    members, top = found.members, posts[found.top.id]
    first, last = frame.local(members[0].at), frame.local(members[-1].at)
    topics = found.topics
    rules = frame.topics(topics)
    links = tuple(_link(posts[post.id], frame) for post in cited(found)[:reports])
    return DigestEvent(
        id=found.id,
        rank=found.rank,
        level=found.level,
        score=found.score,
        parts={part.name: part.points for part in (*top.parts, *found.weight.added)},
        state=found.state,
        title=top.title,
        excerpt="",
        topics=topics,
        subjects=_union(post.subjects for post in members),
        first_seen=first,
        last_seen=last,
        posts=found.posts,
        sources=len({post.source for post in members}),
        origins=len(found.weight.origins),
        copies=found.weight.copies,
        delta=found.delta,
        owner=owner(topics, standing, frame),
        answer=standing.answer,
        links=links,
        late=found.late,
        day=(last.date() - first.date()).days + 1,
        playbook=next((rule.playbook for rule in rules if rule.playbook), None),
        hourly=frame.hourly([post.at for post in members if post.place == "window"]),
        origin=posts[members[0].id].origin or None,
        good=good(found, tone(top), Gravity(frame)),
        status=standing.status,
        answered_at=frame.maybe_local(standing.answered_at),
        notes=tuple(replace(note, at=frame.local(note.at)) for note in standing.notes),
        first_told=found.first_told,
    )


def cited(found: Ranked) -> list[Trace]:
    """The reports of an event in the order in which they are listed: the weightiest, then all others in the order of time."""
    return sorted(found.members, key=lambda post: post is not found.top)


def owner(topics: tuple[str, ...], standing: Standing, frame: Frame) -> str | None:
    """The unit that an event belongs to: the desk's word, else that of the gravest of its topics."""
    return standing.owner or next((rule.owner for rule in frame.topics(topics) if rule.owner), None)


class Gravity(dict[tuple[str, ...], int]):
    """The severity of the gravest of some topics, 0 where today's packs have none of them; each list of topics looked up once."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame

    def __missing__(self, topics: tuple[str, ...]) -> int:
        rules = self._frame.topics(topics)
        found = self[topics] = rules[0].severity if rules else 0
        return found


def section_of(found: Ranked, tones: Mapping[str, float], gravity: Gravity) -> Section:
    """Where on the page an event stands that nobody has to act on. ``tones``: see ``hopeful``."""
    fine = good(found, tones.get(found.top.id, 1.0), gravity)
    return section(late=found.late, good=fine, news=found.first_told, state=found.state, change=found.delta)


def names_by_reports(lists: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Each name once, what most reports have first: of equally grave topics it says whose event it is, and who is to answer."""
    found: Counter[str] = Counter()
    for names, reports in lists.items():
        found.update(dict.fromkeys(names, reports))
    return tuple(name for name, _ in found.most_common())


def hopeful(found: Ranked) -> bool:
    """Whether the tone of its weightiest report decides if an event is good news."""
    return found.level == "blue" and found.top.tier in {"official", "media"}


def good(found: Ranked, tone: float, gravity: Gravity) -> bool:
    """Positive news and official replies, as far as facts can say it.

    Either its gravest topic is one of those that only tell what was already said (severity 1), below orange; or an event of the lowest
    level whose weightiest report comes from an authority or a newspaper and has next to no words of complaint, danger or help in it.
    """
    if gravity[found.topics] == 1:
        return found.level not in {"red", "orange"}
    return hopeful(found) and tone <= CALM


def tone(post: StoredPost) -> float:
    """How upset a report sounds, 0..1; 1 where nobody has judged it."""
    return next((part.value for part in post.parts if part.name == "tone"), 1.0)


def _state(
    members: Sequence[Trace], frame: Frame, *, first: bool
) -> Literal["new", "continuing", "resurgent", "subsided"]:
    """An event that is told first is new, or back after a silence that no issue was there to see."""
    if first and len(members) == 1:
        return "new"
    found = state([post.at for post in members], frame.until, since=frame.window.start, shown=not first)
    return "new" if first and found != "resurgent" else found


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    different = Counter(lists)
    return next(iter(different)) if len(different) == 1 else names_by_reports(different)


def _link(post: StoredPost, frame: Frame) -> Link:
    published = frame.maybe_local(post.published_at)
    return Link(post.id, post.title, post.url, post.source, published, post.tier, frame.local(post.first_seen))


def _delta(members: Sequence[Trace], addresses: int, former: Former, grade: str) -> Delta:
    """What came since the last issue of an earlier window that told the event."""
    known = [post for post in members if post.told]
    return Delta(
        addresses - len({post.canonical_url or post.id for post in known}),
        len({post.source for post in members}) - len({post.source for post in known}),
        level=former.level if former.level != grade else None,
    )
