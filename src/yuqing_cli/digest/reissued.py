"""The whole of an issue that was made for a page: what the page told stays as it was told, the rest is read from the rows. Pure.

An issue keeps the events that its page lists, each with some of its reports. Whoever asks for the whole of it later must not read of a
listed event something else than the page said. So the issue's own words win; rows only add what it left out: reports behind those that
an event was shown with, and the events that were only counted, on the ranks that are free. Rows are weighed by today's settings: where
these weigh a listed event otherwise than the issue did, the others cannot be compared with it, and the digest says of how many.
"""

from __future__ import annotations

from yuqing_cli.records import replace

from .shapes import Digest, DigestEvent


def completed(issued: Digest, made: Digest) -> Digest:
    """The issue with all events and reports; ``made``: the same window at the same moment, as the rows tell it today."""
    known = {event.id: event for event in made.events}
    # Events may have got another id since, by a merge or an earlier report: their posts know them.
    holders = {link.post: event for event in made.events for link in event.links}
    told, taken, reweighed = [], set(), 0
    for event in issued.events:
        today = known.get(event.id) or next((holders[link.post] for link in event.links if link.post in holders), None)
        if today:
            taken.add(today.id)
            reweighed += (today.score, today.level) != (event.score, event.level)
        told.append(_with_all_reports(event, today) if today else event)
    others = [event for event in made.events if event.id not in taken]
    ranks = {event.rank for event in told}
    free = (rank for rank in range(1, len(told) + len(others) + 1) if rank not in ranks)
    ranked = [*told, *(replace(event, rank=rank) for rank, event in zip(free, others, strict=False))]
    events = tuple(sorted(ranked, key=lambda event: event.rank))
    method = replace(issued.method, reweighed=reweighed)
    return replace(issued, events=events, more={}, unlisted={}, method=method)


def _with_all_reports(event: DigestEvent, today: DigestEvent) -> DigestEvent:
    """The event as it was told, and behind its reports those that it was not shown with."""
    shown = {link.post for link in event.links}
    return replace(event, links=(*event.links, *(link for link in today.links if link.post not in shown)))
