"""How a source repeats itself: the current run of 200 answers with one and the same body, and how usual that is for it."""

from __future__ import annotations

from datetime import datetime

from yuqing_cli.records import Record

MEMORY = 0.99
"""The share of repeats is remembered over about 100 answers: two days at half-hourly asks."""


class Sameness(Record):
    """Runs of repeats. A *repeat* is an answer 200 whose body is, byte for byte, that of the 200 before."""

    since: datetime | None = None
    """When the body that is now being repeated was first read; None where the last answer was no repeat."""
    repeats: int = 0
    """Length of the current run."""
    share: float = 1.0
    """Repeats among the answers before the current run. Unknown is 1: nobody is called frozen for a habit not yet learnt."""


def answered(before: Sameness, *, repeat: bool, now: datetime, last_success: datetime | None) -> Sameness:
    """After a successful answer (a failure changes nothing). A 304 and a changed body are no repeats and end the run.

    The share is folded only when a run ends, so that a long run cannot make itself usual.
    """
    if repeat:
        return Sameness(before.since or last_success or now, before.repeats + 1, before.share)
    during = 1.0 - (1.0 - before.share) * MEMORY**before.repeats
    return Sameness(None, 0, during * MEMORY)
