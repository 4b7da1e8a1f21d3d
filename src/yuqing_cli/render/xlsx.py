"""The digest as a workbook: 概览 事件 明细 来源健康 方法. What is to be filled in by hand is yellow, and can be read back.

The sheet of events has the event's id in its first column, and columns that the desk fills in (``HAND``): ``yuqing events import``
finds them by these names, in either language. What is printed ends with them; behind them stand the details.
"""

from __future__ import annotations

from collections.abc import Iterable

from yuqing_cli.digest.page import Page
from yuqing_cli.digest.shapes import Digest, DigestEvent, SourceCoverage
from yuqing_cli.i18n import Translate, mark

from . import overview, words
from .outline import Outline
from .sections import outline
from .sheets import Book, Column, Link, Sheet, Styled, Value

EVENTS_SHEET = mark("Events")
EVENT_ID = "event_id"
"""The heading of the first column, the same in every language."""
HAND = (mark("unit in charge"), mark("what was done"), mark("remarks"))
"""The headings of the columns that are filled in by hand, in order."""
LEVELS = {
    "red": (("bg_color", "#B3261E"), ("bold", True), ("font_color", "#FFFFFF"), ("align", "center")),
    "orange": (("bg_color", "#A84300"), ("bold", True), ("font_color", "#FFFFFF"), ("align", "center")),
    "yellow": (("bg_color", "#FFD84D"), ("bold", True), ("font_color", "#3A2C00"), ("align", "center")),
    "blue": (("bg_color", "#1A56B0"), ("bold", True), ("font_color", "#FFFFFF"), ("align", "center")),
}
_OVERVIEW = ("matters", "numbers", "hot", "rising", "suppressed", "rest")


def render(page: Page, t: Translate) -> bytes:
    """The whole workbook; for ``exec`` it has the events of that page only."""
    drawn = outline(page, t)
    events = page.act if page.audience == "exec" else page.digest.events
    book = Book(drawn.title, page.digest.as_of)
    _overview(book.sheet(t("Overview")), drawn, page.digest, t)
    _events(book.sheet(t(EVENTS_SHEET)), events, page, t)
    _reports(book.sheet(t("All reports")), events, t)
    _health(book.sheet(t("Health of sources")), page.digest.coverage.sources, t)
    _method(book.sheet(t("Method")), drawn, page.digest, t)
    return book.finished()


def _overview(sheet: Sheet, drawn: Outline, digest: Digest, t: Translate) -> None:
    row = overview.head(sheet, drawn)
    hours = [(words.hour(digest, i).strftime("%m-%d %H:%M"), count) for i, count in enumerate(digest.hourly)]
    row = overview.chart(sheet, row, t("Matched posts by hour"), (t("hour"), t("matched")), hours)
    for section in drawn.sections:
        if section.key in _OVERVIEW:
            row = overview.section(sheet, section, row)
    sheet.raw.print_area(0, 0, row, 5)


def _events(sheet: Sheet, events: Iterable[DigestEvent], page: Page, t: Translate) -> None:
    key = (
        Column(EVENT_ID, 13),
        Column(t("rank"), 5),
        Column(t("section"), 11),
        Column(t("level"), 6),
        Column(t("score"), 6),
        Column(t("title"), 42),
        Column(t("state"), 18),
        Column(t("first report"), 15),
        Column(t("first source"), 15),
        Column(t("reports"), 6),
        *(Column(t(name), 20, hand=True) for name in HAND),
    )
    more = (
        Column(t("last report"), 15),
        Column(t("sources"), 6),
        Column(t("independent"), 8),
        Column(t("copies"), 6),
        Column(t("since the last issue"), 20),
        Column(t("words"), 20),
        Column(t("excerpt"), 50),
        Column(t("how the score is made"), 40),
        Column(t("topics"), 16),
        Column(t("owner"), 18),
        Column(t("playbook"), 26),
        Column(t("answer"), 30),
        Column(t("remarks of the desk"), 40),
    )
    sheet.table((*key, *more), (_event(event, page, t) for event in events), frozen=6, printed=len(key))


def _event(event: DigestEvent, page: Page, t: Translate) -> tuple[Value, ...]:
    first = words.first_link(event) if event.links else None
    return (
        event.id,
        event.rank,
        _place(event, page, t),
        Styled(t(words.LEVELS[event.level]), LEVELS[event.level]),
        Styled(event.score, (("num_format", "0.0"),)),
        Link(event.title, event.links[0].url if event.links else ""),
        words.course(event, t),
        event.first_seen,
        first.source if first else "",
        event.posts,
        *(None for _ in HAND),
        event.last_seen,
        event.sources,
        event.origins,
        event.copies,
        words.change_since(event.delta, t),
        words.terms_of(event, t),
        event.excerpt,
        words.reasons(event, t, 9),
        t(", ").join(event.topics),
        event.owner or "",
        Link(event.playbook, event.playbook) if event.playbook else "",
        Link(event.answer, event.answer) if event.answer else "",
        t("; ").join(f"{words.minute(note.at)} {note.text}" for note in event.notes),
    )


def _place(event: DigestEvent, page: Page, t: Translate) -> str:
    """In which section of the page the event stands."""
    if event in page.act:
        return t("To act on today")
    if event.late:
        return t("Late arrivals")
    if event.good:
        return t("Good news and official replies")
    return t("Other new events") if event.news else t("Continuing events")


def _reports(sheet: Sheet, events: Iterable[DigestEvent], t: Translate) -> None:
    columns = (
        Column(EVENT_ID, 12),
        Column(t("event rank"), 8),
        Column(t("post"), 14),
        Column(t("title"), 60),
        Column(t("source"), 18),
        Column(t("kind of source"), 12),
        Column(t("published"), 16),
        Column(t("first seen"), 16),
        Column(t("address"), 50),
    )
    rows = (
        (
            event.id,
            event.rank,
            link.post,
            Link(link.title, link.url),
            link.source,
            words.tier(link.tier, t),
            link.published_at,
            link.first_seen,
            link.url,
        )
        for event in events
        for link in event.links
    )
    sheet.table(columns, rows, frozen=3)


def _health(sheet: Sheet, sources: Iterable[SourceCoverage], t: Translate) -> None:
    columns = (
        Column(t("source"), 24),
        Column(t("state"), 22),
        Column(t("last seen"), 16),
        Column(t("blind spans"), 44),
        Column(t("reason"), 60),
    )
    rows = (
        (
            source.name,
            Styled(
                t(words.STATES.get(source.state, source.state)),
                () if source.fully_seen else (("font_color", "#8A3B00"), ("bold", True)),
            ),
            source.last_success,
            t(", ").join(words.clock_span(low, high) for low, high in source.blind),
            source.reason,
        )
        for source in sources
    )
    sheet.table(columns, rows)


def _method(sheet: Sheet, drawn: Outline, digest: Digest, t: Translate) -> None:
    sheet.raw.set_column(0, 0, 26)
    sheet.raw.set_column(1, 1, 100)
    limits = [
        (t("from {level}", level=t(words.LEVELS[name])), value) for name, value in digest.method.thresholds.items()
    ]
    rows: list[tuple[str, Value]] = [
        (t("window"), drawn.window),
        (t("time zone"), digest.timezone),
        (t("knowledge of"), digest.as_of),
        (t("issue"), digest.issue),
        (t("watermark"), digest.watermark),
        (t("version"), digest.method.version),
        (t("packs"), digest.method.packs),
        *limits,
        *((t("method"), text) for text in drawn.method),
        (
            t("filled in by hand"),
            t("The yellow columns of the events; yuqing events import FILE reads them back by the first column."),
        ),
    ]
    for row, (name, value) in enumerate(rows):
        sheet.put(row, 0, name, bold=True)
        sheet.put(row, 1, value)
