"""The periodic review: its sentences and blocks, once for all formats. Every line is a template over stored facts.

``outline`` arranges a ``Review`` into the same shapes as a digest, and the formats of the digest draw them; so a review looks like the
digests of the station, and no format says more than another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from yuqing_cli import records, times
from yuqing_cli.digest.review import Against, Review, ReviewEvent
from yuqing_cli.digest.sections import Count
from yuqing_cli.i18n import Translate, mark
from yuqing_cli.models import LEVELS as GRAVITY
from yuqing_cli.models import Level

from . import cards, charts, html, markdown, paper, words
from .outline import Block, Figure, Grid, Item, Line, Outline, Para, Run, Section, line, run
from .safe import NAME, TITLE, fitted, shown, spark

SCHEMA = 1
TOPICS = 15
"""Topics that are listed; the rest are counted."""
DAYS = 62
"""A longer period is told by month."""
STATUS = {"open": mark("open"), "answered": mark("answered"), "closed": mark("closed")}


def outline(review: Review, t: Translate) -> Outline:
    """The review as blocks, ready to be drawn."""
    made = (
        Section("levels", t("Levels and answers"), tuple(_levels(review, t))),
        Section("worst", t("The gravest events"), tuple(_event(n, e, t) for n, e in enumerate(review.worst, 1))),
        Section("topics", t("Topics"), tuple(_counts("topics", t("topic"), review.topics, t))),
        Section("busiest", t("Busiest sources"), tuple(_counts("busiest", t("source"), review.sources, t))),
        Section("days", t("Over time"), tuple(_days(review, t))),
        Section("against", t("In comparison"), tuple(_comparisons(review, t))),
    )
    return Outline(
        title=heading(review, t),
        window=knowledge(review, t),
        gap="",
        bottom=bottom_line(review, t),
        coverage=words.coverage_line(review.coverage, t),
        alarm=words.alarming(review.coverage),
        figures=_figures(review, t),
        sections=tuple(section for section in made if section.blocks),
        method=tuple(said for said in (method_line(review, t), words.work_line(review.work, t)) if said),
    )


def span(start: datetime, end: datetime) -> str:
    """From the first day to the last one: an end at midnight belongs to the day before."""
    return f"{start:%Y-%m-%d} – {end - timedelta(milliseconds=1):%Y-%m-%d}"


def heading(review: Review, t: Translate) -> str:
    """Station and period."""
    return t(
        "{station}: review of {span}", station=fitted(review.station, 2 * NAME), span=span(review.start, review.end)
    )


def knowledge(review: Review, t: Translate) -> str:
    """Until when the file was read, and how many issues the period had."""
    at = f"{review.as_of:%Y-%m-%d %H:%M}"
    return t("as of {as_of} ({zone}); issues: {issues}", as_of=at, zone=review.timezone, issues=review.issues)


def bottom_line(review: Review, t: Translate) -> str:
    """The one sentence that the head of the office reads."""
    tally = review.tally
    if not tally.posts and not any(source.last_success for source in review.coverage.sources):
        return t("Nothing is known: no source was seen in this period.")
    if not tally.matched:
        return t(
            "Nothing matched: none of the posts that were read concerns the packs. Posts: {posts}.", posts=tally.posts
        )
    text = (
        "Posts: {posts}, matched: {matched}; events: {events} ({levels}), answered: {answered}{fast}; "
        "red or orange ones still open: {open}."
    )
    counts = [(entry.events, t(words.LEVELS[entry.level])) for entry in review.levels if entry.events]
    levels = t(", ").join(t("{level} {count}", level=level, count=count) for count, level in counts)
    fast = "" if review.median_hours is None else t(" (median {hours} h)", hours=f"{review.median_hours:.1f}")
    values = {"matched": tally.matched, "posts": tally.posts, "events": tally.events, "levels": levels, "fast": fast}
    return t(text, answered=review.answered, open=review.unanswered, **values)


def highest(review: Review) -> Level | None:
    """The gravest level that an event of the period had."""
    return min((entry.level for entry in review.levels if entry.events), key=GRAVITY.index, default=None)


def _figures(review: Review, t: Translate) -> tuple[Figure, ...]:
    now, before = review.tally, review.previous.tally if review.previous else review.tally
    counted = (
        (t("posts"), now.posts, before.posts),
        (t("matched"), now.matched, before.matched),
        (t("events"), now.events, before.events),
    )
    compared = review.previous is not None
    return (
        *(Figure(label, str(n), words.change(n, then) if compared else "") for label, n, then in counted),
        Figure(t("answered"), str(review.answered)),
        Figure(t("coverage"), words.percent(review.coverage.ratio)),
    )


def _levels(review: Review, t: Translate) -> Iterable[Block]:
    rows = [
        (
            line(t(words.LEVELS[entry.level])),
            line(str(entry.events)),
            line(str(entry.answered)),
            line(str(entry.closed)),
            line("–" if entry.median_hours is None else f"{entry.median_hours:.1f}"),
        )
        for entry in review.levels
        if entry.events
    ]
    if rows:
        names = (t("level"), t("events"), t("answered"), t("closed"), t("hours to the answer (median)"))
        yield Grid("levels", names, tuple(rows))


def _event(number: int, event: ReviewEvent, t: Translate) -> Item:
    # The level alone: it is the gravest that the event ever had, and the score is that of one report.
    badge = Run(t("[{level}]", level=t(words.LEVELS[event.level])), event.level)
    title = run(shown(event.title) or t("(without a title)"), "strong", event.url, TITLE)
    status = t(STATUS.get(event.status, event.status))
    text = "first {at}; reports: {posts}, sources: {sources}; {status}"
    said = [t(text, at=f"{event.first_seen:%Y-%m-%d %H:%M}", posts=event.posts, sources=event.sources, status=status)]
    if event.hours is not None:
        said.append(t("answered after {hours} h", hours=f"{event.hours:.1f}"))
    if event.owner:
        said.append(t("owner: {owner}", owner=fitted(event.owner, 2 * NAME)))
    details = [line(t("; ").join(said), " ", run(event.id, "id"))]
    if event.answer:
        details.append(line(t("answer: "), run(event.answer, url=event.answer, room=2 * TITLE)))
    return Item(line(f"{number}. ", *cards.tagged(badge), title), tuple(details), event.id)


def _counts(key: str, title: str, counts: Sequence[Count], t: Translate) -> Iterable[Block]:
    rows = [
        (line(run(count.title or count.name, room=2 * NAME)), line(str(count.posts)), line(str(count.events)))
        for count in counts[:TOPICS]
    ]
    if rows:
        yield Grid(key, (title, t("matched"), t("events")), tuple(rows))
    if (more := len(counts) - TOPICS) > 0:
        yield Para(line(Run(t("and {count} more", count=more), "dim")))


def by_time(review: Review) -> list[tuple[str, int]]:
    """Matched posts of every day that the period had so far, or of every month where it is long; also where there were none."""
    last = max(min(review.end, review.as_of) - timedelta(milliseconds=1), review.start).date()
    first, matched = review.start.date(), dict(review.days)
    days = [(day.isoformat(), matched.get(day.isoformat(), 0)) for day in _each(first, last)]
    if len(days) <= DAYS:
        return days
    months: dict[str, int] = {}
    for day, count in days:
        months[day[:7]] = months.get(day[:7], 0) + count
    return list(months.items())


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _days(review: Review, t: Translate) -> Iterable[Block]:
    counts = by_time(review)
    if not any(count for _, count in counts):
        return
    if bars := spark([count for _, count in counts]):
        yield Para(
            line(t("from {first} to {last}: {bars}", first=counts[0][0], last=counts[-1][0], bars=bars)), key="hours"
        )
    name = t("month") if len(counts[0][0]) == len("2026-11") else t("day")
    yield Grid("days", (name, t("matched")), tuple((line(day), line(str(count))) for day, count in counts))


def _comparisons(review: Review, t: Translate) -> Iterable[Block]:
    against = ((t("the span before"), review.previous), (t("a year before"), review.year_before))
    rows = [_against(name, other, review) for name, other in against if other]
    if rows:
        tally = review.tally
        here = (line(t("this period")), *(line(str(n)) for n in (tally.posts, tally.matched, tally.events)))
        yield Grid("against", (t("period"), t("posts"), t("matched"), t("events")), (here, *rows))


def _against(name: str, other: Against, review: Review) -> tuple[Line, ...]:
    then, now = other.tally, review.tally
    pairs = ((now.posts, then.posts), (now.matched, then.matched), (now.events, then.events))
    told = [f"{before} ({change})" if (change := words.change(n, before)) else str(before) for n, before in pairs]
    return (line(f"{name} {span(other.start, other.end)}"), *(line(text) for text in told))


def method_line(review: Review, t: Translate) -> str:
    """With what the numbers were made, and what they cannot say."""
    text = (
        "yuqing {version}, packs {packs}. Answers are those that the desk wrote down; hours run from the first stored report. "
        "Public pages, not verified."
    )
    return t(text, version=review.version, packs=review.packs[:8])


def as_markdown(review: Review, t: Translate) -> str:
    """Headings and lists only: chat programs know no tables."""
    return markdown.draw(outline(review, t), t)


def as_html(review: Review, t: Translate) -> str:
    """One file without outside assets and without a script; prints on A4."""
    counts = by_time(review)
    marks = [name[5:] if len(name) == len("2026-11-22") else name for name, _ in counts]
    drawn = charts.columns([count for _, count in counts], [name for name, _ in counts], marks)
    drawings = html.Drawings(t("Matched posts over time"), drawn)
    return html.draw(outline(review, t), t, [bottom_line(review, t)], highest(review) or "", drawings)


def as_docx(review: Review, t: Translate, template: bytes | None = None) -> bytes:
    """A Word document, behind what the template holds. Raises ``UsageError`` where the template is none."""
    return paper.document(outline(review, t), t, review.as_of, heading(review, t), template)


def as_json(review: Review, _words: Translate) -> str:
    """One document; times ISO 8601 with the station's offset, hours and scores not rounded."""
    data = {"schema": SCHEMA} | records.plain(review)
    return json.dumps(data, ensure_ascii=False, indent=1, default=_iso).encode("utf-8", "replace").decode() + "\n"


def _iso(value: datetime) -> str:
    return times.iso(value, value.tzinfo or "UTC")
