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

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import exp

from yuqing_cli.config import ScoringSettings
from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.models import Part

SPREAD_SCALE, VELOCITY_SCALE = 3.0, 3.0
COPIES_AT_MOST, COPIES_SCALE = 0.5, 6.0
RECENT = timedelta(hours=6)
HALF_LIFE = timedelta(hours=12)


def event_parts(members: Sequence[StoredPost], at: datetime, scoring: ScoringSettings) -> tuple[Part, ...]:
    """The parts of an event's score at a moment; their points sum to the score, 0..100. No members, no parts.

    Reports that lie after ``at`` count as just made.
    """
    if not members:
        return ()
    best = best_report(members)
    room = 1 - min(1.0, best.score / 100)
    independent = origins(members)
    values = {
        "spread": spread(len(independent), copies(members)),
        "velocity": velocity([post.at for post in independent], at),
        "freshness": freshness(max(post.at for post in members), at),
    }
    weights = scoring.event_weights
    return (*best.parts, *(Part(name, value, weights[name] * room) for name, value in values.items()))


def best_report(members: Iterable[StoredPost]) -> StoredPost:
    """The weightiest; of equals the earliest, then the one with the greatest id. Raises ``ValueError`` where there are none."""
    return max(members, key=lambda post: (post.score, -post.at.timestamp(), post.id))


def origins(members: Iterable[StoredPost]) -> list[StoredPost]:
    """The independent reports, the earliest of each source, address and text, in the order of time.

    Of copies whose original is not among them (it is not of this window, say) one speaks for it.
    """
    found: list[StoredPost] = []
    sources: set[str] = set()
    addresses: set[str] = set()
    voices: set[str] = set()
    for post in sorted(members, key=lambda post: (post.at, post.id)):
        address = post.canonical_url or post.id
        voice = post.copy_of or post.id
        if post.source not in sources and address not in addresses and voice not in voices:
            found.append(post)
            sources.add(post.source)
        addresses.add(address)
        voices.add(voice)
    return found


def copies(members: Sequence[StoredPost]) -> int:
    """How many reports, each address once, carry on what another one said."""
    original = {post.canonical_url or post.id for post in origins(members)}
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
