"""The periodic review as text, Markdown, HTML and JSON. Every line is a template over stored facts and leads to an event or a post.

What a section says is put into lines once (``sections``), and the formats only draw them, so that none says more than another.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from yuqing_cli import records, times
from yuqing_cli.digest.review import Against, Review, ReviewEvent
from yuqing_cli.i18n import Translate, mark
from yuqing_cli.records import Record
from yuqing_cli.text import clean_line
from yuqing_cli.urls import is_http

from . import words
from .markdown import escaped, link

SCHEMA = 1
TITLE = 80
"""Characters of a title that are shown."""
TOPICS = 15
"""Topics that are listed; the rest are counted."""
STATUS = {"open": mark("open"), "answered": mark("answered"), "closed": mark("closed")}


class Line(Record):
    """One line: what it says, and the page that it leads to, if there is one."""

    text: str
    title: str = ""
    url: str = ""
    rest: str = ""


class Section(Record):
    """A heading and the lines below it."""

    title: str
    lines: tuple[Line, ...]


def heading(review: Review, t: Translate) -> str:
    """Station and period."""
    last = review.end - timedelta(milliseconds=1)
    span = f"{review.start:%Y-%m-%d} – {last:%Y-%m-%d}"
    return t("{station}: review of {span}", station=review.station, span=span)


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
        return t("Nothing matched: of the {posts} posts read, none concerns the packs.", posts=tally.posts)
    text = "{matched} of {posts} posts matched, {events} events ({levels}); {answered} answered{fast}; {open} grave ones open."
    counts = [(line.events, t(words.LEVELS[line.level])) for line in review.levels if line.events]
    levels = t(", ").join(t("{level} {count}", level=level, count=count) for count, level in counts)
    fast = "" if review.median_hours is None else t(" (median {hours} h)", hours=f"{review.median_hours:.1f}")
    values = {"matched": tally.matched, "posts": tally.posts, "events": tally.events, "levels": levels, "fast": fast}
    return t(text, answered=review.answered, open=review.unanswered, **values)


def coverage_line(review: Review, t: Translate) -> str:
    """How far the numbers can be trusted."""
    sources = review.coverage.sources
    if not sources:
        return t("No sources are configured.")
    dark = [source.name for source in sources if not source.fully_seen]
    text = "Coverage {ratio}: {good} of {count} sources in order."
    if dark:
        text = "Coverage {ratio}: {good} of {count} sources in order. Not fully seen: {names}."
    good = sum(source.state == "ok" for source in sources)
    ratio = f"{int(review.coverage.ratio * 100)}%"
    return t(text, ratio=ratio, good=good, count=len(sources), names=words.names_of(dark, t))


def sections(review: Review, t: Translate) -> list[Section]:
    """All that stands below the head, without the empty parts."""
    made = [
        Section(t("Levels and answers"), tuple(_levels(review, t))),
        Section(t("The gravest events"), tuple(_event(event, t) for event in review.worst)),
        Section(t("Topics"), tuple(_topics(review, t))),
        Section(t("Busiest sources"), tuple(Line(_count(c.name, c.posts, c.events, t)) for c in review.sources)),
        Section(
            t("By day"), tuple(Line(t("{day}: {posts} posts", day=day, posts=posts)) for day, posts in review.days)
        ),
        Section(t("In comparison"), tuple(_comparisons(review, t))),
    ]
    return [section for section in made if section.lines]


def _levels(review: Review, t: Translate) -> list[Line]:
    found = []
    for level in review.levels:
        if not level.events:
            continue
        text = "{level}: events {events}, answered {answered}, closed {closed}{fast}"
        fast = (
            ""
            if level.median_hours is None
            else t(", median {hours} h to the answer", hours=f"{level.median_hours:.1f}")
        )
        counts = {"events": level.events, "answered": level.answered, "closed": level.closed}
        found.append(Line(t(text, level=t(words.LEVELS[level.level]), fast=fast, **counts)))
    return found


def _topics(review: Review, t: Translate) -> list[Line]:
    lines = [Line(_count(c.title or c.name, c.posts, c.events, t)) for c in review.topics[:TOPICS]]
    more = len(review.topics) - TOPICS
    return [*lines, Line(t("and {count} more topics", count=more))] if more > 0 else lines


def _event(event: ReviewEvent, t: Translate) -> Line:
    badge = f"[{t(words.LEVELS[event.level])} {event.score:.0f}]"
    text = "first {at}; reports: {posts}, sources: {sources}; {status}"
    at = words.minute(event.first_seen)
    status = t(STATUS.get(event.status, event.status))
    rest = [t(text, at=at, posts=event.posts, sources=event.sources, status=status)]
    if event.hours is not None:
        rest.append(t("answered after {hours} h", hours=f"{event.hours:.1f}"))
    if event.owner:
        rest.append(t("owner: {owner}", owner=clean_line(event.owner)))
    title = clean_line(event.title)
    title = title if len(title) <= TITLE else title[: TITLE - 1] + "…"
    return Line(badge, title, event.url if is_http(event.url) else "", f"{t('; ').join(rest)}  {event.id}")


def _count(name: str, posts: int, events: int, t: Translate) -> str:
    return t("{name}: {posts} posts, {events} events", name=clean_line(name), posts=posts, events=events)


def _comparisons(review: Review, t: Translate) -> list[Line]:
    against = ((t("the span before"), review.previous), (t("a year before"), review.year_before))
    return [Line(_against(name, other, review, t)) for name, other in against if other]


def _against(name: str, other: Against, review: Review, t: Translate) -> str:
    text = "{name} ({span}): {posts} posts, {matched} matched ({change}), {events} events"
    span = f"{other.start:%Y-%m-%d} – {other.end - timedelta(milliseconds=1):%Y-%m-%d}"
    tally, now = other.tally, review.tally.matched
    change = f"{(now - tally.matched) / tally.matched:+.0%}" if tally.matched else "–"
    return t(text, name=name, span=span, posts=tally.posts, matched=tally.matched, change=change, events=tally.events)


def method_line(review: Review, t: Translate) -> str:
    """With what the numbers were made, and what they cannot say."""
    text = (
        "yuqing {version}, packs {packs}. Answers are those that the desk wrote down; hours run from the first stored report. "
        "Public pages, not verified."
    )
    return t(text, version=review.version, packs=review.packs[:8])


def text_lines(review: Review, t: Translate) -> str:
    """For a terminal, a pipe, a mail."""
    lines = [heading(review, t), knowledge(review, t), "", bottom_line(review, t), coverage_line(review, t)]
    for section in sections(review, t):
        lines += ["", f"■ {section.title}"]
        for line in section.lines:
            lines.append(f"  {' '.join(part for part in (line.text, line.title) if part)}")
            lines += [f"    {part}" for part in (line.rest, line.url) if part]
    return "\n".join([*lines, "", method_line(review, t), ""])


def markdown(review: Review, t: Translate) -> str:
    """Headings and lists only: chat programs know no tables."""
    lines = [f"# {escaped(heading(review, t))}", "", escaped(knowledge(review, t)), ""]
    lines += [f"**{escaped(bottom_line(review, t))}**", "", escaped(coverage_line(review, t)), ""]
    for section in sections(review, t):
        lines += [f"## {escaped(section.title)}", ""]
        for line in section.lines:
            title = link(line.title, line.url) if line.title else ""
            lines.append("- " + " ".join(part for part in (escaped(line.text), title, escaped(line.rest)) if part))
        lines.append("")
    return "\n".join([*lines, "---", "", escaped(method_line(review, t)), ""])


_STYLE = (
    "body{font:15px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;max-width:46rem;margin:1.5rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;border-bottom:1px solid #bbb}small{color:#555}"
    "a{color:#0b57d0}@page{size:A4;margin:18mm}@media print{body{margin:0;max-width:none}}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#151515}small{color:#aaa}a{color:#8ab4f8}h2{border-color:#444}}"
)


def html(review: Review, t: Translate) -> str:
    """One file without outside assets and without a script; prints on A4."""
    lines = [f"<!doctype html><html lang={t.language}><meta charset=utf-8><title>{escape(heading(review, t))}</title>"]
    lines.append(f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>")
    lines.append(f"<h1>{escape(heading(review, t))}</h1><p><small>{escape(knowledge(review, t))}</small></p>")
    lines.append(f"<p><strong>{escape(bottom_line(review, t))}</strong></p><p>{escape(coverage_line(review, t))}</p>")
    for section in sections(review, t):
        lines.append(f"<h2>{escape(section.title)}</h2><ul>")
        lines += [f"<li>{_html_line(line)}</li>" for line in section.lines]
        lines.append("</ul>")
    return "\n".join([*lines, f"<p><small>{escape(method_line(review, t))}</small></p></html>", ""])


def _html_line(line: Line) -> str:
    title = escape(line.title)
    if title and line.url:
        title = f'<a rel="noreferrer" href="{escape(line.url)}">{title}</a>'
    rest = f"<br><small>{escape(line.rest)}</small>" if line.rest else ""
    return " ".join(part for part in (escape(line.text), title) if part) + rest


def as_json(review: Review, _words: Translate) -> str:
    """One document; times ISO 8601 with the station's offset, hours and scores not rounded."""
    data = {"schema": SCHEMA} | records.plain(review)
    return json.dumps(data, ensure_ascii=False, indent=1, default=_iso) + "\n"


def _iso(value: datetime) -> str:
    return times.iso(value, value.tzinfo or "UTC")


REVIEW_FORMATS: dict[str, Callable[[Review, Translate], str]] = {
    "text": text_lines,
    "markdown": markdown,
    "html": html,
    "json": as_json,
}
