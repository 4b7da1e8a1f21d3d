"""The sentences of a digest, once for all formats. Every one is a template over stored facts; none is written by a machine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from yuqing_cli.digest.shapes import Coverage, Delta, Digest, DigestEvent, Link, SourceCoverage, Work
from yuqing_cli.i18n import Translate, mark
from yuqing_cli.models import LEVELS as GRAVITY
from yuqing_cli.models import Level

from .safe import NAME, TITLE, fitted, shown

LEVELS = {
    "red": mark("red"),
    "orange": mark("orange"),
    "yellow": mark("yellow"),
    "blue": mark("blue"),
}
TIERS = {
    "official": mark("official"),
    "media": mark("media"),
    "trade": mark("trade"),
    "community": mark("community"),
    "hotlist": mark("hot list"),
}
PARTS = {
    "relevance": mark("relevance"),
    "severity": mark("severity"),
    "reach": mark("reach"),
    "tone": mark("tone"),
    "spread": mark("spread"),
    "velocity": mark("velocity"),
    "freshness": mark("freshness"),
}
OUTLOOKS = {"rising": mark("rising"), "steady": mark("steady"), "fading": mark("fading")}
STATUSES = {"open": mark("still open"), "answered": mark("has been answered"), "closed": mark("has been closed")}
STATES = {
    "ok": mark("ok"),
    "failing": mark("failing"),
    "silent": mark("silent for longer than is like it"),
    "frozen": mark("has repeated the same page for long"),
    "stale": mark("serves an old list"),
    "disallowed": mark("robots.txt forbids it"),
    "never": mark("not asked"),
}
"""Levels, the gravest first."""


def minute(at: datetime) -> str:
    """``11-22 07:40``."""
    return at.strftime("%m-%d %H:%M")


def clock_span(low: datetime, high: datetime, *, dated: bool = False) -> str:
    """``09:10–13:40``, with the days where they differ or are asked for."""
    if low.date() == high.date() and not dated:
        return f"{low:%H:%M}–{high:%H:%M}"
    return f"{minute(low)}–{minute(high)}"


def station_title(digest: Digest, t: Translate, room: int = 2 * NAME) -> str:
    """Whose digests these are."""
    return t("{station}: media digest", station=fitted(digest.station, room))


def heading(digest: Digest, t: Translate, room: int = 2 * NAME) -> str:
    """Station, and the number of the issue if this is one; each name in so many cells."""
    name = station_title(digest, t, room)
    if digest.filters:
        return t("{name}, only {filters}", name=name, filters=t(", ").join(fitted(f, room) for f in digest.filters))
    return name if digest.issue is None else t("{name}, issue {number}", name=name, number=digest.issue)


def window_line(digest: Digest, t: Translate, room: int = 2 * NAME) -> str:
    """The window with its zone, and until when the file was read; the name of a shift in so many cells."""
    same = digest.start.date() == digest.end.date()
    span = (
        f"{digest.start:%Y-%m-%d %H:%M} – {digest.end:%H:%M}"
        if same
        else f"{digest.start:%Y-%m-%d %H:%M} – {minute(digest.end)}"
    )
    if (digest.end - digest.start).total_seconds() == 86400 and not (digest.start.hour or digest.start.minute):
        span = f"{digest.start:%Y-%m-%d}"
    shift = t("shift {name}, ", name=fitted(digest.shift, room)) if digest.shift else ""
    return t(
        "{shift}{span} ({zone}), as of {as_of}",
        shift=shift,
        span=span,
        zone=digest.timezone,
        as_of=minute(digest.as_of),
    )


def bottom_line(digest: Digest, t: Translate) -> str:
    """What the head of the office reads."""
    return joined(bottom_sentences(digest, t), t)


def bottom_sentences(digest: Digest, t: Translate) -> list[str]:
    """The numbers, and what they do not show by themselves."""
    said = [_outcome(digest, t)]
    if raised := sum(event.delta.raised(event.level) for event in digest.events):
        said.append(t("Raised to a higher level: {count}.", count=raised))
    if digest.totals.late:
        said.append(t("Late arrivals: {count}.", count=digest.totals.late))
    if waiting := sum(matter.status == "open" for matter in digest.matters):
        said.append(t("To be dealt with: {count}.", count=waiting))
    return said


def _outcome(digest: Digest, t: Translate) -> str:
    totals = digest.totals
    if not digest.events and not any(source.last_success for source in digest.coverage.sources):
        return t("Nothing is known: no source was seen in this window.")
    if not digest.events:
        return t("Nothing matched: no post that was read concerns the packs. Posts: {posts}.", posts=totals.posts)
    text = "Posts: {posts}, matched: {matched}; events: {events}, new: {new}; highest level: {highest}."
    counts = {"matched": totals.matched, "posts": totals.posts, "events": totals.events, "new": totals.new_events}
    return t(text, highest=t(LEVELS[highest(digest)]), **counts)


def highest(digest: Digest) -> Level:
    """The gravest level among the events, of which there is one at least."""
    return min((event.level for event in digest.events), key=GRAVITY.index)


def joined(sentences: list[str], t: Translate) -> str:
    """Sentences in a row: with a blank between in English, without one in Chinese."""
    return t("{first} {second}", first=sentences[0], second=joined(sentences[1:], t)) if sentences[1:] else sentences[0]


def gap_line(digest: Digest, t: Translate) -> str:
    """Which missed span this issue covers; ``""`` where none was missed."""
    if digest.gap is None:
        return ""
    span = clock_span(digest.gap.start, digest.gap.end, dated=True)
    return t("This issue also covers {span}, which no issue has reported.", span=span)


def alarming(coverage: Coverage) -> bool:
    """Whether "nothing found" cannot be trusted, or can only in part."""
    return not coverage.sources or any(not source.fully_seen for source in coverage.sources)


def coverage_line(coverage: Coverage, t: Translate, most: int = 5, room: int = 2 * NAME) -> str:
    """How far the bottom line can be trusted; at most so many sources are named, each in so many cells."""
    sources = coverage.sources
    if not sources:
        return t("No sources are configured.")
    good = sum(source.state == "ok" for source in sources)
    worst = [fitted(source.name, room) for source in sources if not source.fully_seen]
    text = "Coverage {ratio}; sources in order: {good} of {count}."
    if worst:
        text = "Coverage {ratio}; sources in order: {good} of {count}. Not fully seen: {names}."
    return t(text, ratio=percent(coverage.ratio), good=good, count=len(sources), names=names_of(worst, t, most))


def percent(share: float) -> str:
    """A share as whole per cent, rounded down: 99.9 % seen is not all."""
    return f"{int(share * 100)}%"


def number(value: float) -> str:
    """A count as it is, a mean with one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def change(now: float, before: float) -> str:
    """``+25%``; ``±0`` where nothing changed; ``""`` where there is nothing to compare with."""
    if now == before:
        return "±0"
    return f"{(now - before) / before:+.0%}" if before else ""


def names_of(names: list[str], t: Translate, most: int = 5, of: int = 0) -> str:
    """At most five names, and how many more; ``of``: how many there are, where not all were named."""
    listed, count = t(", ").join(names[:most]), max(of, len(names))
    return listed if count <= most else t("{names} and {count} more", names=listed, count=count - most)


def tier(name: str, t: Translate) -> str:
    """The word for a kind of publisher; an unknown one as it is."""
    return t(TIERS[name]) if name in TIERS else name


def first_link(event: DigestEvent) -> Link:
    """The earliest report of an event."""
    return min(event.links, key=lambda link: (link.published_at or link.first_seen or event.first_seen, link.post))


def first_report(event: DigestEvent, t: Translate, room: int = 2 * NAME) -> str:
    """When the event was first reported, and by whom; and whom they name as their source (来源). A name takes so many cells."""
    if not event.links:
        return minute(event.first_seen)
    first = first_link(event)
    source = fitted(first.source, room)
    text = "{at} {source} ({tier})" if first.tier else "{at} {source}"
    said = t(text, at=minute(event.first_seen), source=source, tier=tier(first.tier, t))
    return said + t(", which names {origin}", origin=fitted(event.origin, room)) if event.origin else said


def state(event: DigestEvent, t: Translate) -> str:
    """``new``, ``day 3``, ``resurgent, day 9``, ``subsided``."""
    if event.state == "continuing":
        return t("day {day}", day=event.day)
    if event.state == "resurgent":
        return t("resurgent, day {day}", day=event.day)
    return t("new") if event.state == "new" else t("subsided")


def course(event: DigestEvent, t: Translate) -> str:
    """The state, and everything that says where the event is going."""
    said = [state(event, t)]
    if event.delta.level and event.delta.raised(event.level):
        said.append(t("raised from {level}", level=t(LEVELS[event.delta.level])))
    elif event.delta.level:
        said.append(t("lowered from {level}", level=t(LEVELS[event.delta.level])))
    if event.burst:
        text = "burst: {reports} where {expected} would be usual"
        said.append(t(text, reports=event.burst.reports, expected=number(event.burst.expected)))
    if event.outlook:
        said.append(t(OUTLOOKS[event.outlook]))
    if event.status != "open":
        said.append(t(STATUSES[event.status]))
    return t("; ").join(said)


def extent(event: DigestEvent, t: Translate) -> str:
    """How far the event has spread, and by how much since the last issue."""
    text = "reports: {posts}, sources: {sources}, independent: {origins}, copies: {copies}{delta}"
    values = {"posts": event.posts, "sources": event.sources, "origins": event.origins, "copies": event.copies}
    return t(text, delta=delta(event.delta, t), **values)


def delta(change: Delta, t: Translate) -> str:
    """``(+2 reports, +1 sources since the last issue)`` where something changed."""
    said = change_since(change, t)
    return t(" ({changes} since the last issue)", changes=said) if said else ""


def change_since(change: Delta, t: Translate) -> str:
    """What changed since the last issue, in words; ``""`` where nothing did."""
    said = []
    if change.posts:
        said.append(t("reports {count}", count=f"{change.posts:+d}"))
    if change.sources:
        said.append(t("sources {count}", count=f"{change.sources:+d}"))
    if change.rank:
        text = "rank up {count}" if change.rank > 0 else "rank down {count}"
        said.append(t(text, count=abs(change.rank)))
    return t(", ").join(said)


def reasons(event: DigestEvent, t: Translate, most: int = 3) -> str:
    """The sum that the score is, its strongest parts by name: ``relevance 38.2 + severity 21.0 + reach 13.0 = 72.2``."""
    parts = sorted(event.parts.items(), key=lambda item: -item[1])
    summed = [f"{t(PARTS.get(name, name))} {points:.1f}" for name, points in parts[:most]]
    if rest := sum(points for _, points in parts[most:]):
        summed.append(t("others {points}", points=f"{rest:.1f}"))
    return f"{' + '.join(summed)} = {event.score:.1f}"


def terms_of(event: DigestEvent, t: Translate) -> str:
    """The first of the words that matched."""
    return names_of([shown(term, NAME) for term in event.terms], t, 8)


def source_line(source: SourceCoverage, t: Translate) -> str:
    """State, last success and blind spans of one source."""
    seen = minute(source.last_success) if source.last_success else t("never")
    line = t("{state}; last seen {seen}", state=t(STATES.get(source.state, source.state)), seen=seen)
    if source.reason and source.state != "ok":
        line += t("; {reason}", reason=shown(source.reason, TITLE))
    if source.blind:
        spans = names_of([clock_span(low, high) for low, high in source.blind], t)
        line += t("; blind {spans}", spans=spans)
    return line


def healthy_line(sources: list[SourceCoverage], t: Translate) -> str:
    """One line for all sources that were seen all the time."""
    seen = [source.last_success for source in sources if source.last_success]
    return t("In order: {count}, last seen {seen}.", count=len(sources), seen=minute(min(seen)) if seen else "–")


def method_lines(digest: Digest, t: Translate) -> list[str]:
    """With what the numbers were made, and what to be careful about."""
    method = digest.method
    limits = t(", ").join(f"{t(LEVELS[name])} ≥ {value:g}" for name, value in method.thresholds.items())
    text = "yuqing {version}, packs {packs}, {limits}, watermark {watermark}. Public pages, not verified."
    line = t(text, version=method.version, packs=method.packs[:8], limits=limits, watermark=digest.watermark)
    return [
        entry
        for entry in (line, stale_line(digest, t), work_line(digest.method.work, t), weighed_line(digest, t))
        if entry
    ]


WORKS = {"purge": mark("removal of old text"), "rescore": mark("judging again"), "merge": mark("merging of files")}


def work_line(work: Iterable[Work], t: Translate) -> str:
    """Why a report of the past may differ from what was told then; empty where nothing was done to posts since."""
    done = [
        t(
            "{work} on {at} (posts: {posts})",
            work=t(WORKS.get(each.kind, each.kind)),
            at=minute(each.at),
            posts=each.posts,
        )
        for each in work
    ]
    return t("May differ from what was told then: since, {work}.", work=t(", ").join(done)) if done else ""


def weighed_line(digest: Digest, t: Translate) -> str:
    """That an issue and today's settings weigh events differently, where both stand in one list; empty where they do not."""
    if not digest.method.reweighed:
        return ""
    text = (
        "Settings or posts changed since this issue: listed events that would be weighed differently today: {count}. "
        "They stand as they were told; the others are weighed by today's settings."
    )
    return t(text, count=digest.method.reweighed)


def stale_line(digest: Digest, t: Translate) -> str:
    """What is to be done where some of the posts were judged by other packs or settings; empty where none was."""
    if not digest.method.stale:
        return ""
    text = "Posts of this window that other packs or settings judged: {count}. yuqing rescore judges them again."
    return t(text, count=digest.method.stale)


def hour(digest: Digest, number: int) -> datetime:
    """When that hour of the window begins: hours are counted in real time, also where clocks are put back."""
    return (digest.start.astimezone(UTC) + timedelta(hours=number)).astimezone(digest.start.tzinfo)
