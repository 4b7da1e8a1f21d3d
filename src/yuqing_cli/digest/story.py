"""One event with everything that is stored of it: what ``events show`` shows. Times in UTC, but those of ``event``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yuqing_cli.events.hot import Observed, Sighting
from yuqing_cli.models import Part
from yuqing_cli.records import Record, field

from .shapes import DigestEvent, StoredPost


class Nearby(Record):
    """Another event, and the report in it that resembles one of this event most. ``strength``: of that link, 0..1 (``events.links``)."""

    event: str
    strength: float
    title: str
    post: str
    at: datetime


class Story(Record):
    """``parts`` sum to the score; ``members`` are in the order of time."""

    event: DigestEvent
    parts: tuple[Part, ...]
    members: tuple[StoredPost, ...]
    seen_from: datetime
    former_ids: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """What the packs call its topics."""
    observed: Mapping[str, Observed] = field(default_factory=dict)
    """What hot lists showed of its members, by post."""
    sightings: Mapping[str, tuple[Sighting, ...]] = field(default_factory=dict)
    near: tuple[Nearby, ...] = ()
    """Other events that may be the same, the nearest first."""
