"""Verdicts: what the silence of a source that answers means; a few queries, then ``silence`` decides.

store.arrivals + store.spells -coverage.blind-> exposure -silence.learn-> Rate -silence.state-> verdict
"""

from __future__ import annotations

from datetime import datetime, timedelta

from yuqing_cli import coverage, silence, times
from yuqing_cli.adapters.store import Store
from yuqing_cli.models import Source, SourceState
from yuqing_cli.records import replace

MEMORY = timedelta(weeks=8)
"""How far back a rate is learnt from: eight of each hour of the week, and no further than habits last."""
EVERY = timedelta(hours=1)
"""A verdict needs the whole history of the source; hours are fine enough for something that takes days."""


def judged(store: Store, source: Source, state: SourceState, now: datetime, *, news: bool) -> SourceState:
    """The state with its verdict; ``news``: this answer brought new posts."""
    if news or state.baseline_at is None:
        return replace(state, verdict="ok", verdict_at=now)
    if state.verdict_at is not None and timedelta(0) <= now - state.verdict_at < EVERY:
        return state
    return replace(state, verdict=_verdict(store, source, state, state.baseline_at, now), verdict_at=now)


def _verdict(store: Store, source: Source, state: SourceState, baseline_at: datetime, now: datetime) -> silence.State:
    since = max(baseline_at, now - MEMORY)
    zone = times.parse_zone(source.timezone)
    arrivals = store.arrivals(source.name, since)
    blind = coverage.blind(source, store.spells(since, now, source.name), since, now)
    return silence.state(
        silence.learn(arrivals, since=since, until=now, zone=zone, blind=blind, every=source.every),
        arrivals[-1] if arrivals else baseline_at,
        now,
        zone,
        blind=blind,
        sameness=silence.Sameness(state.same_body_since, state.repeats, state.repeat_share),
        list_age=now - state.listed_at if state.listed_at else None,
        every=source.every,
    )
