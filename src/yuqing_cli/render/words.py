"""The sentences of a digest, once for all formats. Every one is a template over stored facts; none is written by a machine."""

from __future__ import annotations

from datetime import datetime

from yuqing_cli.digest.shapes import Delta, Digest, DigestEvent, SourceCoverage
from yuqing_cli.i18n import Translate, mark

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
STATES = {
    "ok": mark("ok"),
    "failing": mark("failing"),
    "silent": mark("silent for longer than is like it"),
    "frozen": mark("has repeated the same page for long"),
    "stale": mark("serves an old list"),
    "disallowed": mark("robots.txt forbids it"),
    "never": mark("not asked"),
}
TOP = 3
"""How many events a reader is asked to act on, unless ``--top`` says otherwise."""


def minute(at: datetime) -> str:
    """``11-22 07:40``."""
    return at.strftime("%m-%d %H:%M")


def clock_span(low: datetime, high: datetime) -> str:
    """``09:10–13:40``, with the days where they differ."""
    if low.date() == high.date():
        return f"{low:%H:%M}–{high:%H:%M}"
    return f"{minute(low)}–{minute(high)}"


def heading(digest: Digest, t: Translate) -> str:
    """Station, and the number of the issue if this is one."""
    name = t("{station}: media digest", station=digest.station)
    if digest.filters:
        return t("{name}, only {filters}", name=name, filters=t(", ").join(digest.filters))
    return name if digest.issue is None else t("{name}, issue {number}", name=name, number=digest.issue)


def window_line(digest: Digest, t: Translate) -> str:
    """The window with its zone, and until when the file was read."""
    span = f"{digest.start:%Y-%m-%d %H:%M} – {digest.end:%Y-%m-%d %H:%M}"
    if (digest.end - digest.start).total_seconds() == 86400 and not (digest.start.hour or digest.start.minute):
        span = f"{digest.start:%Y-%m-%d}"
    shift = t("shift {name}, ", name=digest.shift) if digest.shift else ""
    return t(
        "{shift}{span} ({zone}), as of {as_of}",
        shift=shift,
        span=span,
        zone=digest.timezone,
        as_of=minute(digest.as_of),
    )


def bottom_line(digest: Digest, t: Translate) -> str:
    """The one sentence that the head of the office reads."""
    totals = digest.totals
    if not digest.events and not any(source.last_success for source in digest.coverage.sources):
        return t("Nothing is known: no source was seen in this window.")
    if not digest.events:
        return t("Nothing matched: of the {posts} posts read, none concerns the packs.", posts=totals.posts)
    highest = t(LEVELS[digest.events[0].level])
    text = "{matched} of {posts} posts matched, {events} events, {new} of them new; highest level {highest}."
    return t(
        text, matched=totals.matched, posts=totals.posts, events=totals.events, new=totals.new_events, highest=highest
    )


def coverage_line(digest: Digest, t: Translate) -> str:
    """How far the bottom line can be trusted."""
    sources = digest.coverage.sources
    if not sources:
        return t("No sources are configured.")
    good = sum(source.state == "ok" for source in sources)
    worst = [source.name for source in sources if not source.fully_seen]
    text = "Coverage {ratio}: {good} of {count} sources in order."
    if worst:
        text = "Coverage {ratio}: {good} of {count} sources in order. Not fully seen: {names}."
    ratio = f"{int(digest.coverage.ratio * 100)}%"
    return t(text, ratio=ratio, good=good, count=len(sources), names=names_of(worst, t))


def names_of(names: list[str], t: Translate, most: int = 5) -> str:
    """At most five names, and how many more."""
    shown = t(", ").join(names[:most])
    return shown if len(names) <= most else t("{names} and {count} more", names=shown, count=len(names) - most)


def first_report(event: DigestEvent, t: Translate) -> str:
    """When the event was first reported, by whom, and how far it has spread."""
    first = min(event.links, key=lambda link: (link.published_at or link.first_seen or event.first_seen, link.post))
    tier = t(TIERS[first.tier]) if first.tier in TIERS else ""
    state = t("new") if event.state == "new" else t("day {day}", day=event.day)
    text = "first {at} {source} ({tier}); {state}; reports: {posts}, sources: {sources}{delta}"
    at = minute(event.first_seen)
    values = {"posts": event.posts, "sources": event.sources, "delta": delta(event.delta, t)}
    return t(text, at=at, source=first.source, tier=tier, state=state, **values)


def delta(change: Delta, t: Translate) -> str:
    """``(+2 reports since the last issue)`` where something changed."""
    return t(" ({posts} since the last issue)", posts=f"{change.posts:+d}") if change.posts else ""


def reasons(event: DigestEvent, t: Translate) -> str:
    """The sum that the score is: ``relevance 38.2 + severity 21.0 + reach 13.0 = 72.2``."""
    parts = sorted(event.parts.items(), key=lambda item: -item[1])
    summed = " + ".join(f"{t(PARTS.get(name, name))} {points:.1f}" for name, points in parts)
    return f"{summed} = {event.score:.1f}"


def terms_of(event: DigestEvent, t: Translate) -> str:
    """The first of the words that matched."""
    return names_of(list(event.terms), t, 8)


def source_line(source: SourceCoverage, t: Translate) -> str:
    """State, last success and blind spans of one source."""
    seen = minute(source.last_success) if source.last_success else t("never")
    line = t("{state}; last seen {seen}", state=t(STATES.get(source.state, source.state)), seen=seen)
    if source.reason and source.state != "ok":
        line += t("; {reason}", reason=source.reason)
    if source.blind:
        spans = t(", ").join(clock_span(low, high) for low, high in source.blind)
        line += t("; blind {spans}", spans=spans)
    return line


def healthy_line(sources: list[SourceCoverage], t: Translate) -> str:
    """One line for all sources that were seen all the time."""
    seen = [source.last_success for source in sources if source.last_success]
    return t("{count} sources in order, last seen {seen}.", count=len(sources), seen=minute(min(seen)) if seen else "–")


def method_line(digest: Digest, t: Translate) -> str:
    """With what the numbers were made."""
    method = digest.method
    limits = t(", ").join(f"{t(LEVELS[name])} ≥ {value:g}" for name, value in method.thresholds.items())
    text = "yuqing {version}, packs {packs}, {limits}, watermark {watermark}. Public pages, not verified."
    line = t(text, version=method.version, packs=method.packs[:8], limits=limits, watermark=digest.watermark)
    return f"{line} {stale_line(digest, t)}".rstrip()


def stale_line(digest: Digest, t: Translate) -> str:
    """What is to be done where some of the posts were judged by other packs or settings; empty where none was."""
    if not digest.method.stale:
        return ""
    text = "Other packs or settings judged {count} posts of this window: yuqing rescore judges them again."
    return t(text, count=digest.method.stale)
