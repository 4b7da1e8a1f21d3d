"""The digest as a workbook: 概览 事件 明细 来源健康 方法. What is to be filled in by hand is yellow, and can be read back.

The sheet of events has the event's id in its first column, and columns that the desk fills in (``HAND``): ``yuqing events import``
finds them by these names, in either language. What is printed ends with them; behind them stand the details.
"""

from __future__ import annotations

from collections.abc import Iterable

from yuqing_cli.digest.page import Page
from yuqing_cli.digest.shapes import Digest, DigestEvent, SourceCoverage
from yuqing_cli.i18n import Translate, mark

from . import words
from .outline import Grid, Item, Outline, Para, Section, plain
from .safe import cells
from .sections import outline
from .sheets import LINE, Book, Column, Link, Sheet, Styled, Value

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
    sheet.raw.set_column(0, 0, 34)
    sheet.raw.set_column(1, 5, 14)
    sheet.raw.set_column(8, 8, 13)
    sheet.raw.hide_gridlines(2)
    sheet.raw.set_portrait()
    sheet.raw.set_row(0, 26)
    sheet.put(0, 0, drawn.title, bold=True, font_size=16, text_wrap=False)
    sheet.put(1, 0, drawn.window, font_color="#56606E", text_wrap=False)
    for row, text in enumerate((drawn.bottom, drawn.coverage, drawn.gap), start=2):
        if text:
            colour = {"font_color": "#8A3B00"} if row > 2 and drawn.alarm else {}
            sheet.raw.merge_range(row, 0, row, 5, "", sheet.book.style(text_wrap=True, valign="top"))
            sheet.put(row, 0, text, bold=row == 2, **colour)
            sheet.raw.set_row(row, LINE * (1 + cells(text) // 95))
    for column, figure in enumerate(drawn.figures):
        sheet.put(6, column, figure.label, **_HEAD)
        value: Value = int(figure.value) if figure.value.isdigit() else figure.value
        sheet.put(7, column, value, bold=True, font_size=16, align="left")
        sheet.put(8, column, figure.change, font_color="#56606E")
    sheet.raw.set_row(7, 24)
    row = _hours(sheet, digest, 10, t)
    for section in drawn.sections:
        if section.key in _OVERVIEW:
            row = _section(sheet, section, row)
    sheet.raw.print_area(0, 0, row, 5)


_LEFT = {"align": "left", "text_wrap": False}
_HEAD = {"bold": True, "bg_color": "#E8ECF2", "bottom": 1}


def _hours(sheet: Sheet, digest: Digest, row: int, t: Translate) -> int:
    """A native chart of the hours, its numbers beside it; the next free row."""
    if not any(digest.hourly):
        return row
    sheet.put(0, 8, t("hour"), **_HEAD)
    sheet.put(0, 9, t("matched"), **_HEAD)
    for i, count in enumerate(digest.hourly):
        sheet.put(i + 1, 8, words.hour(digest, i).strftime("%m-%d %H:%M"), text_wrap=False)
        sheet.put(i + 1, 9, count)
    name, last = sheet.raw.get_name(), len(digest.hourly)
    chart = sheet.book.columns_chart()
    series = {
        "categories": [name, 1, 8, last, 8],
        "values": [name, 1, 9, last, 9],
        "fill": {"color": "#5B7FB5"},
        "gap": 40,
    }
    chart.add_series(series)
    chart.set_title({"name": t("Matched posts by hour"), "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D8DDE4"}}, "min": 0})
    chart.set_size({"width": 700, "height": 220})
    sheet.raw.insert_chart(row, 0, chart, {"description": t("Matched posts by hour")})
    return row + 12


def _section(sheet: Sheet, section: Section, row: int) -> int:
    sheet.put(row, 0, section.title, bold=True, font_size=12, text_wrap=False)
    row += 1
    for block in section.blocks:
        match block:
            case Grid(columns=columns, rows=rows):
                for column, name in enumerate(columns):
                    sheet.put(row, column, name, **_HEAD)
                for offset, values in enumerate(rows, start=1):
                    for column, cell in enumerate(values):
                        text = plain(cell)
                        sheet.put(row + offset, column, int(text) if text.isdigit() and column else text, **_LEFT)
                row += len(rows) + 2
            case Item(head, details):
                sheet.put(row, 0, plain(head), text_wrap=False)
                for offset, detail in enumerate(details, start=1):
                    sheet.put(row + offset, 0, "    " + plain(detail), font_color="#56606E", text_wrap=False)
                row += len(details) + 1
            case Para(line, key) if key != "hours":
                sheet.put(row, 0, plain(line), text_wrap=False)
                row += 1
            case _:
                pass
    return row + 1


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
