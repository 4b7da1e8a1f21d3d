"""What is remembered of a source from one ask to the next. Pure: old memory and what just happened in, new memory out."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random

from . import __version__, politeness
from .errors import SourceError
from .models import Answer, Reading, Source, SourceState
from .records import replace
from .silence import Sameness, answered


def of(source: Source, state: SourceState | None) -> SourceState:
    """The memory of ``source``; one that moved to another address begins anew (validators and baseline are of the old one).

    One that is read in another way now (a corrected selector, a newer version of ours) forgets its validators: else what was
    misread would stay so until the document changes, for months on a page of notices.
    """
    if state is None or state.url != source.url:
        return SourceState(source.name, source.url, source.tier)
    if not state.body_hash.startswith(_way(source)):
        state = replace(state, etag="", last_modified="", body_hash="")
    return replace(state, tier=source.tier)


def _way(source: Source) -> str:
    """How a source is read, in eight characters."""
    way = (__version__, source.kind, source.timezone, source.options)
    return blake2b(repr(way).encode("utf-8", "replace"), digest_size=4).hexdigest()


def body_hash(source: Source, answer: Answer) -> str:
    """Identity of a body and of the way in which it is read: some servers answer 200 with the same bytes for ever."""
    return _way(source) + blake2b(answer.body, digest_size=16).hexdigest()


def unchanged(source: Source, state: SourceState, answer: Answer) -> bool:
    """Whether the answer says (304), or is, what was read last time."""
    return answer.not_modified or (state.last_success is not None and state.body_hash == body_hash(source, answer))


def succeeded(
    source: Source, state: SourceState, answer: Answer, reading: Reading | None, now: datetime
) -> SourceState:
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
            body_hash=body_hash(source, answer),
            charset=reading.charset,
            method=reading.method,
        )
    baseline = state.baseline_at or now
    return replace(state, baseline_at=baseline, last_success=now, failures=0.0, last_error="", last_error_kind="")


def _sameness(state: SourceState, now: datetime, *, repeat: bool) -> SourceState:
    before = Sameness(state.same_body_since, state.repeats, state.repeat_share)
    after = answered(before, repeat=repeat, now=now, last_success=state.last_success)
    return replace(state, same_body_since=after.since, repeats=after.repeats, repeat_share=after.share)


GRACE = timedelta(hours=6)
"""For so long after its last success a source that fails is asked at its own pace. With the back-off from the first failure on, an
outage of four and a half hours of a ten-minute source was seen to end up to 110 minutes late; the host gets no request more than
in good times."""


def failed(state: SourceState, error: SourceError, reason: str, now: datetime) -> SourceState:
    """After an ask that failed; ``reason`` is the error in the station's language.

    Failures that may mend themselves weigh nothing for the first hours; those that will not (``hard``) weigh at once.
    """
    weight = politeness.failure_weight(error.kind)
    if weight < 1.0 and state.last_success is not None and now - state.last_success < GRACE:
        weight = 0.0
    return replace(state, failures=state.failures + weight, last_error=reason, last_error_kind=error.kind)


def scheduled(
    state: SourceState,
    source: Source,
    answer: Answer,
    reading: Reading | None,
    started: datetime,
    now: datetime,
    rng: Random,
) -> SourceState:
    """With the time of the next ask: what the user wants, unless the server or the document asks for more patience.

    Reckoned from the start of the run, so that a source that is answered late in one run is still due in the next; but a
    server means by Retry-After: from its answer.
    """
    pause = politeness.parse_retry_after(answer.headers.get("retry-after"), now)
    due_at = politeness.next_due(
        started,
        every=source.every,
        ttl=reading.every if reading else None,
        max_age=politeness.max_age(answer.headers),
        retry_after=None if pause is None else now + pause - started,
        failures=state.failures,
        rng=rng,
    )
    return replace(state, last_asked=started, due_at=due_at)


def postponed(state: SourceState, source: Source, answer: Answer, now: datetime) -> SourceState:
    """After a further page or an article that came to nothing: where its host is the source's and asked for a pause, all wait."""
    pause = politeness.parse_retry_after(answer.headers.get("retry-after"), now) if answer.error else None
    shared = {*politeness.gate_keys(answer.url)} & {*politeness.gate_keys(source.url)}
    if pause is None or not shared or state.last_asked is None or state.due_at is None:
        return state
    # ``is_due`` lets nine tenths of a wait pass for the whole; a pause that was asked for is kept whole.
    wait = (now + pause - state.last_asked) / politeness.TOLERANCE
    return replace(state, due_at=max(state.due_at, state.last_asked + wait))
