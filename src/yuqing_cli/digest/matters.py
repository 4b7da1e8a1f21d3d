"""遗留与交接: what is in the desk's hands, and what earlier windows left in nobody's. Pure.

Listed is every event that the desk has spoken of and not settled, and what it answered or closed since the last issue; and every event
that an issue of the last seven days asked to act on (red or orange, and among its first), that nobody answered or closed, and that this
window has no news of: without a line here it would be forgotten by the next shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from yuqing_cli.models import LEVELS, Level
from yuqing_cli.records import Record, replace

from .desk import NOTHING, Standing
from .frame import Frame
from .history import LATE, Earlier
from .ranked import Ranked, owner
from .sections import Matter, Note
from .shapes import DigestEvent


def since(frame: Frame, earlier: Earlier | None) -> datetime:
    """From when on the desk's doings are news: from the last issue on, or from the window's start where this was later made."""
    return min(frame.window.start, earlier.as_of) if earlier else frame.window.start


def in_hand(standing: Standing, start: datetime, end: datetime) -> bool:
    """Whether an event that the desk spoke of is still open, or was answered or closed in ``start <= t < end``."""
    done = standing.closed_at if standing.status == "closed" else standing.answered_at
    return standing.status == "open" or (done is not None and start <= done < end)


class Absent(Record):
    """An event that the window has no news of. Times in the station's zone."""

    id: str
    title: str
    level: Level
    first_seen: datetime
    last_seen: datetime
    owner: str | None
    notes: tuple[Note, ...]


def absent(found: Ranked, topics: tuple[str, ...], title: str, standing: Standing, frame: Frame) -> Absent:
    """An event that the window has no news of, with the title of its weightiest report; ``topics`` of all its reports."""
    return Absent(
        found.id,
        title,
        found.level,
        frame.local(found.members[0].at),
        frame.local(found.members[-1].at),
        owner(topics, standing, frame),
        tuple(replace(note, at=frame.local(note.at)) for note in standing.notes),
    )


def matters(
    told: Iterable[DigestEvent],
    absent: Iterable[Absent],
    standings: Mapping[str, Standing],
    frame: Frame,
    start: datetime,
) -> tuple[Matter, ...]:
    """The desk's matters: of the digest's own events those in hand; of the ``absent`` ones also what was grave and is still open.

    Gravest first, then the oldest.
    """
    end = frame.as_of if frame.window.issues else frame.until
    found = [
        _matter(e, standings[e.id], frame) for e in told if e.id in standings and in_hand(standings[e.id], start, end)
    ]
    for event in absent:
        standing = standings.get(event.id)
        fresh = event.last_seen >= frame.window.start - LATE
        if (standing and in_hand(standing, start, end)) or (not standing and fresh):
            found.append(_matter(event, standing or NOTHING, frame))
    return tuple(sorted(found, key=lambda m: (LEVELS.index(m.level), m.first_seen, m.event)))


def _matter(event: DigestEvent | Absent, standing: Standing, frame: Frame) -> Matter:
    return Matter(
        event.id,
        event.title,
        event.level,
        standing.status,
        event.first_seen,
        event.owner,
        standing.answer,
        frame.maybe_local(standing.answered_at),
        frame.maybe_local(standing.closed_at),
        event.notes,
    )
