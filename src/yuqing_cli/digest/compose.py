"""The parts of a digest -> ``Digest``: every time in the station's zone. Pure.

Each part has a module: ``ranked`` the events, ``excerpts`` their texts, ``matters`` what is handed over, ``numbers`` and ``compare`` the
figures, ``held_back`` what was suppressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yuqing_cli.records import Record, field, replace

from . import held_back, numbers
from .frame import Frame
from .ranked import Ranked
from .sections import Comparison, Gap, HotEntry, Matter, RisingWord, Suppressed
from .shapes import Counts, Coverage, Digest, DigestEvent, Method, SourceCoverage, Totals, Trace


class Sections(Record):
    """What a digest says beside its events, times in UTC."""

    more: Mapping[str, int] = field(default_factory=dict)
    """Events that are counted and not told, by the section of the page they stand in."""
    unlisted: Mapping[str, int] = field(default_factory=dict)
    """Reports that events have besides their links."""

    gap: Gap | None = None
    comparisons: tuple[Comparison, ...] = ()
    matters: tuple[Matter, ...] = ()
    hot: tuple[HotEntry, ...] = ()
    rising: tuple[RisingWord, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()


def compose(
    frame: Frame,
    ranked: Sequence[Ranked],
    events: Sequence[DigestEvent],
    reported: Sequence[Trace],
    counts: Counts,
    coverage: Coverage,
    sections: Sections,
    *,
    issue: int | None,
    stale: int = 0,
    filters: tuple[str, ...] = (),
) -> Digest:
    """Put the parts together. ``ranked``: all events; ``events``: those that are told in full.

    ``reported``: the posts that the numbers by topic, source, tier and hour are counted from.
    """
    sources = {post.source for event in ranked for post in event.members}
    new = sum(event.first_told for event in ranked)
    thresholds = {name: getattr(frame.scoring, name) for name in ("red", "orange", "yellow")}
    gap = sections.gap
    return Digest(
        station=frame.station,
        timezone=str(frame.zone),
        start=frame.local(frame.window.start),
        end=frame.local(frame.window.end),
        shift=frame.window.shift,
        kind=frame.window.kind,
        as_of=frame.local(frame.as_of),
        issue=issue,
        watermark=frame.watermark,
        totals=Totals(counts.posts, counts.matched, len(ranked), new, len(sources), counts.late),
        coverage=Coverage(coverage.ratio, tuple(_local_coverage(entry, frame) for entry in coverage.sources)),
        events=tuple(events),
        suppressed=held_back.totals(sections.suppressed),
        method=Method(frame.version, frame.keywords.hash, thresholds, stale),
        filters=filters,
        gap=gap and Gap(frame.local(gap.start), frame.local(gap.end)),
        comparisons=sections.comparisons,
        by_topic=numbers.by_topic(reported, frame),
        by_source=numbers.by_source(reported),
        by_tier=numbers.by_tier(reported),
        hourly=numbers.hourly(reported, frame),
        matters=sections.matters,
        hot=sections.hot,
        rising=sections.rising,
        suppressed_samples=sections.suppressed,
        more=sections.more,
        unlisted=sections.unlisted,
    )


def _local_coverage(entry: SourceCoverage, frame: Frame) -> SourceCoverage:
    spans = tuple((frame.local(low), frame.local(high)) for low, high in entry.blind)
    return replace(entry, last_success=frame.maybe_local(entry.last_success), blind=spans)
