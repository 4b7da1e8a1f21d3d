"""The review as a workbook: the overview as it is on paper, and the gravest events as a table that can be sorted and filled in."""

from __future__ import annotations

from yuqing_cli.digest.review import Review, ReviewEvent
from yuqing_cli.i18n import Translate

from . import overview, review, words
from .sheets import Book, Column, Link, Styled, Value
from .xlsx import EVENT_ID, EVENTS_SHEET, LEVELS


def render(made: Review, t: Translate) -> bytes:
    """The whole workbook."""
    drawn = review.outline(made, t)
    book = Book(drawn.title, made.as_of)
    sheet = book.sheet(t("Overview"))
    row = overview.head(sheet, drawn)
    counts = review.by_time(made)
    row = overview.chart(sheet, row, t("Matched posts over time"), (t("day"), t("matched")), counts)
    for section in drawn.sections:
        if section.key != "worst":
            row = overview.section(sheet, section, row)
    for text in drawn.method:
        sheet.put(row, 0, text, font_color="#56606E", text_wrap=False)
        row += 1
    sheet.raw.print_area(0, 0, row, 5)
    _events(book, made, t)
    return book.finished()


def _events(book: Book, made: Review, t: Translate) -> None:
    columns = (
        Column(EVENT_ID, 13),
        Column(t("level"), 6),
        Column(t("score"), 6),
        Column(t("title"), 48),
        Column(t("first report"), 15),
        Column(t("last report"), 15),
        Column(t("reports"), 6),
        Column(t("sources"), 6),
        Column(t("state"), 10),
        Column(t("hours to the answer"), 9),
        Column(t("owner"), 18),
        Column(t("answer"), 34),
    )
    book.sheet(t(EVENTS_SHEET)).table(columns, (_event(event, t) for event in made.worst), frozen=4)


def _event(event: ReviewEvent, t: Translate) -> tuple[Value, ...]:
    return (
        event.id,
        Styled(t(words.LEVELS[event.level]), LEVELS[event.level]),
        Styled(event.score, (("num_format", "0.0"),)),
        Link(event.title, event.url),
        event.first_seen,
        event.last_seen,
        event.posts,
        event.sources,
        t(review.STATUS.get(event.status, event.status)),
        None if event.hours is None else Styled(event.hours, (("num_format", "0.0"),)),
        event.owner or "",
        Link(event.answer, event.answer) if event.answer else "",
    )
