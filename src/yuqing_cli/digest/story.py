"""One event with everything that is stored of it: what ``events show`` shows. Times in UTC, but those of ``event``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yuqing_cli.models import Part

from .shapes import DigestEvent, StoredPost


@dataclass(frozen=True, slots=True)
class Story:
    """``parts`` sum to the score; ``members`` are in the order of time."""

    event: DigestEvent
    parts: tuple[Part, ...]
    members: tuple[StoredPost, ...]
    seen_from: datetime
    former_ids: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """What the packs call its topics."""
