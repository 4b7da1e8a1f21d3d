"""What is remembered of a source from one ask to the next. Pure: old memory and what just happened in, new memory out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from random import Random

from . import politeness
from .errors import SourceError
from .models import Answer, Reading, Source, SourceState
from .silence import Sameness, answered


def of(source: Source, state: SourceState | None) -> SourceState:
    """The memory of ``source``; one that moved to another address begins anew (validators and baseline are of the old one)."""
    if state is None or state.url != source.url:
        return SourceState(source.name, source.url, source.tier)
    return replace(state, tier=source.tier)


def body_hash(answer: Answer) -> str:
    """Identity of a body: some servers answer 200 with the same bytes for ever."""
    return blake2b(answer.body, digest_size=16).hexdigest()


def unchanged(state: SourceState, answer: Answer) -> bool:
    """Whether the answer says (304), or is, what was read last time."""
    return answer.not_modified or (state.last_success is not None and state.body_hash == body_hash(answer))


def succeeded(state: SourceState, answer: Answer, reading: Reading | None, now: datetime) -> SourceState:
    """After an ask that worked. ``reading`` is None where nothing had changed.

    Validators are taken only from an answer that was read: they are saved together with its posts, so a run that dies
    between the two asks for everything again.
    """
    if not (answer.ask.etag or answer.ask.last_modified):
        state = replace(state, full_at=now)
    state = _sameness(state, now, repeat=reading is None and not answer.not_modified)
    if reading is not None:
        state = replace(
            state,
            listed_at=reading.listed_at,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
            body_hash=body_hash(answer),
            charset=reading.charset,
            method=reading.method,
        )
    baseline = state.baseline_at or now
    return replace(state, baseline_at=baseline, last_success=now, failures=0.0, last_error="", last_error_kind="")


def _sameness(state: SourceState, now: datetime, *, repeat: bool) -> SourceState:
    before = Sameness(state.same_body_since, state.repeats, state.repeat_share)
    after = answered(before, repeat=repeat, now=now, last_success=state.last_success)
    return replace(state, same_body_since=after.since, repeats=after.repeats, repeat_share=after.share)


def failed(state: SourceState, error: SourceError, reason: str) -> SourceState:
    """After an ask that failed; ``reason`` is the error in the station's language."""
    weight = politeness.failure_weight(error.kind)
    return replace(state, failures=state.failures + weight, last_error=reason, last_error_kind=error.kind)


def scheduled(
    state: SourceState, source: Source, answer: Answer, reading: Reading | None, now: datetime, rng: Random
) -> SourceState:
    """With the time of the next ask: what the user wants, unless the server or the document asks for more patience."""
    due_at = politeness.next_due(
        now,
        every=source.every,
        ttl=reading.every if reading else None,
        max_age=politeness.max_age(answer.headers),
        retry_after=politeness.parse_retry_after(answer.headers.get("retry-after"), now),
        failures=state.failures,
        rng=rng,
    )
    return replace(state, last_asked=now, due_at=due_at)
