"""What an event weighs at a moment: the parts of its weightiest report, and what its reports together add to them.

Principle. An event is at least as grave as its gravest report, and a matter that several publishers found for themselves weighs more
than one that a single publisher found and others copied. So the score is that of the best report, and three parts share what is
missing from it to 100: the sum stays a sum of named points, never passes 100, and an old event of one report has exactly the score
that ``yuqing why`` shows for this report.

Theory. ``points = (100 - best report) * weight * value``, with each value in 0..1 and the weights in ``[scoring]``.
- *spread*: ``1 - exp(-(n - 1) / 3)`` for n origins: reports that copy no other (``origin``), each address and each source once.
  The copies of an event count together as less than half an origin, however many they are: twelve copies of one wire story weigh
  less than two independent reports.
- *velocity*: ``1 - exp(-m / 3)`` for the m origins of the last six hours that an earlier report was already there for.
- *freshness*: halves with every twelve hours since the newest report.
Only these depend on time. They are computed when an event is ranked and are never stored.

Known failures. Two newsrooms that rewrite one press release count as two origins. A source that publishes one event under five
addresses counts once, also where these are five developments.

Not done: adding up the scores of all reports (forty posts of one forum on one pothole would lead every digest); weights beside those of
the post's parts (a single report could hardly be red, and ``why`` and the digest would name different scores for it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp
from typing import Generic, Protocol, TypeVar

from yuqing_cli.config import ScoringSettings
from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.models import Part
from yuqing_cli.records import Record

SPREAD_SCALE, VELOCITY_SCALE = 3.0, 3.0
COPIES_AT_MOST, COPIES_SCALE = 0.5, 6.0
RECENT = timedelta(hours=6)
HALF_LIFE = timedelta(hours=12)


class Report(Protocol):
    """What is asked of a report: whole posts and their traces have it."""

    @property
    def id(self) -> str:
        """Of the post."""

    @property
    def source(self) -> str:
        """Who published it."""

    @property
    def canonical_url(self) -> str:
        """Empty where it has no address."""

    @property
    def at(self) -> datetime:
        """When it was published."""

    @property
    def score(self) -> float:
        """Of the post, 0..100."""

    @property
    def copy_of(self) -> str | None:
        """The post whose text it repeats."""


R = TypeVar("R", bound=Report)


class Weight(Record, Generic[R]):
    """What an event weighs: its best report, and what its reports together add."""

    best: R
    origins: Sequence[R]
    copies: int
    spread: float
    velocity: float
    freshness: float
    shares: Mapping[str, float]
    """What the three weigh, of what the best report lacks of 100."""

    @property
    def added(self) -> tuple[Part, Part, Part]:
        """The three as parts."""
        room, shares = 1 - min(1.0, self.best.score / 100), self.shares
        return (
            Part("spread", self.spread, shares["spread"] * room),
            Part("velocity", self.velocity, shares["velocity"] * room),
            Part("freshness", self.freshness, shares["freshness"] * room),
        )

    @property
    def score(self) -> float:
        """The sum of all parts, 0..100."""
        best, shares = self.best.score, self.shares
        room = 1 - min(1.0, best / 100)
        if not self.spread and not self.velocity:
            return best + 100.0 * (shares["freshness"] * room) * self.freshness
        spreading, fast, fresh = self.added
        return best + spreading.points + fast.points + fresh.points


def weight(members: Sequence[R], at: datetime, shares: Mapping[str, float]) -> Weight[R]:
    """What an event weighs at a moment. Raises ``ValueError`` where it has no members.

    ``members`` are in the order of time, and of one moment by id. Those that lie after ``at`` count as just made. ``shares``:
    ``ScoringSettings.event_weights``.
    """
    fresh = freshness(members[-1].at, at)
    if len(members) == 1:
        # Of four thousand events of a busy day nine of ten have one report: nothing spreads, and nothing follows.
        return Weight(members[0], members, 0, 0.0, 0.0, fresh, shares)
    independent = _origins(members)
    copied = _copies(members, independent)
    fast = velocity([post.at for post in independent], at)
    return Weight(best_report(members), independent, copied, spread(len(independent), copied), fast, fresh, shares)


def event_parts(members: Iterable[StoredPost], at: datetime, scoring: ScoringSettings) -> tuple[Part, ...]:
    """The parts of an event's score at a moment; their points sum to the score, 0..100. No members, no parts."""
    ordered = sorted(members, key=lambda post: (post.at, post.id))
    if not ordered:
        return ()
    found = weight(ordered, at, scoring.event_weights)
    return (*found.best.parts, *found.added)


def best_report(members: Iterable[R]) -> R:
    """The weightiest; of equals the earliest, then the one with the greatest id. Raises ``ValueError`` where there are none."""
    ordered = [*members]
    best = max(post.score for post in ordered)
    return max((post for post in ordered if post.score == best), key=lambda post: (-post.at.timestamp(), post.id))


def origins(members: Iterable[R]) -> list[R]:
    """The independent reports, the earliest of each source, address and text, in the order of time.

    Of copies whose original is not among them (it is not of this window, say) one speaks for it.
    """
    return _origins(sorted(members, key=lambda post: (post.at, post.id)))


def _origins(ordered: Iterable[R]) -> list[R]:
    found: list[R] = []
    sources: set[str] = set()
    addresses: set[str] = set()
    voices: set[str] = set()
    for post in ordered:
        address = post.canonical_url or post.id
        voice = post.copy_of or post.id
        if post.source not in sources and address not in addresses and voice not in voices:
            found.append(post)
            sources.add(post.source)
        addresses.add(address)
        voices.add(voice)
    return found


def copies(members: Sequence[Report]) -> int:
    """How many reports, each address once, carry on what another one said."""
    return _copies(members, origins(members))


def _copies(members: Iterable[Report], independent: Iterable[Report]) -> int:
    original = {post.canonical_url or post.id for post in independent}
    return len({post.canonical_url or post.id for post in members if post.copy_of is not None} - original)


def spread(origins: int, copies: int = 0) -> float:
    """0 for one report; towards 1 with the number of independent ones."""
    carried = COPIES_AT_MOST * (1 - exp(-copies / COPIES_SCALE))
    return 1 - exp(-max(0.0, origins - 1 + carried) / SPREAD_SCALE)


def velocity(times: Iterable[datetime], at: datetime) -> float:
    """How fast independent reports follow the first one: 0 where none did in the last six hours."""
    later = sorted(times)[1:]
    return 1 - exp(-sum(at - when < RECENT for when in later) / VELOCITY_SCALE)


def freshness(newest: datetime, at: datetime) -> float:
    """1 for what was just said; half after twelve hours."""
    age = max(timedelta(0), at - newest)
    return float(0.5 ** (age / HALF_LIFE))
