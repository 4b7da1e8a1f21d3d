"""What a window has: its events as they are ranked, and what the desk said of them. Pure; ``Filters`` narrow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yuqing_cli.errors import UsageError
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import Record
from yuqing_cli.validate import nearest

from . import desk
from . import ranked as ranking
from .frame import Frame
from .ranked import Ranked
from .sections import Matter
from .shapes import Trace


class Told(Record):
    """What the store had of a window."""

    groups: Mapping[str, Sequence[Trace]]
    ranked: list[Ranked]
    noise: list[Trace]
    """Reported posts that the desk called noise; they are in no event."""
    today: dict[str, str]
    """The id that each event has today."""
    standings: Mapping[str, desk.Standing]

    def standing(self, event: Ranked) -> desk.Standing:
        """How an event stands with the desk."""
        return self.standings.get(event.id, desk.NOTHING)


class Filters(Record):
    """What narrows a digest; a narrowed digest is never issued."""

    topic: str = ""
    owner: str = ""

    def __bool__(self) -> bool:
        return bool(self.topic or self.owner)

    def check(self, keywords: KeywordSet, owners: Iterable[str]) -> None:
        """Raise ``UsageError`` where no pack has that topic, and neither a pack nor the desk (``owners``) that unit.

        A slip must not read as a quiet day.
        """
        topics = [rule for rule in keywords.rules if rule.kind == "topic"]
        units = {rule.owner for rule in topics if rule.owner} | set(owners)
        for value, known in ((self.topic, {rule.id for rule in topics}), (self.owner, units)):
            if value and value not in known:
                near = nearest(value, known)
                text = "no topic of the packs is or belongs to {value}"
                if near:
                    text = "no topic of the packs is or belongs to {value}; did you mean {near}?"
                raise UsageError(text, value=value, near=near)

    def apply(self, told: Told, frame: Frame) -> list[Ranked]:
        """The events that pass, ranked anew."""
        passed = [
            event
            for event in told.ranked
            if (not self.topic or self.topic in event.topics)
            and (not self.owner or self.owner == ranking.owner(event.topics, told.standing(event), frame))
        ]
        return ranking.ranked_anew(passed) if self else told.ranked

    def matters(self, found: tuple[Matter, ...], ranked: Iterable[Ranked]) -> tuple[Matter, ...]:
        """The matters that pass: of a unit, or of an event that passed."""
        kept = {event.id for event in ranked}
        return tuple(m for m in found if m.event in kept or (self.owner and m.owner == self.owner)) if self else found


EVERYTHING = Filters()
"""Nothing is left out."""
