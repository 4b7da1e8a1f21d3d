"""Workbooks for spreadsheets: the only room with xlsxwriter (extra ``office``).

A cell is what it is given as: text stays text (no title becomes a formula, a number or a link), times become real dates in the zone
they are in, addresses become links only where they are asked for. The same rows make the same bytes: the document's dates are handed
in, and xlsxwriter stamps its files with 1980.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from yuqing_cli.records import Record

from .safe import address, cells, shown

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
LONGEST_CELL = 32_767
LONGEST_LINK = 2_000
FONT = "Microsoft YaHei"
HEAD = {"bold": True, "bg_color": "#E8ECF2", "bottom": 1, "valign": "vcenter", "text_wrap": True}
CELL = {"valign": "top", "text_wrap": True}
NUMBER = {"valign": "top", "align": "center"}
ROW = {"bottom": 1, "bottom_color": "#D8DDE4"}
HAND = {"bg_color": "#FFF9E3", "border": 1, "border_color": "#D9C98C"}
LINE = 15
"""The height of a line in points."""
DATE = {"valign": "top", "num_format": "yyyy-mm-dd hh:mm", "align": "left"}


class Link(Record):
    """A text that leads to an address."""

    text: str
    url: str


class Styled(Record):
    """A value in a format of its own (xlsxwriter's names)."""

    value: Value
    style: tuple[tuple[str, Any], ...]


Value = str | int | float | datetime | Link | Styled | None


class Column(Record):
    """A column of a table: its heading, its width in characters, whether its cells are filled in by hand."""

    name: str
    width: float
    hand: bool = False


def installed() -> bool:
    """Whether the extra is there; looked for without importing it."""
    return find_spec("xlsxwriter") is not None


class Book:
    """A workbook that is written sheet by sheet."""

    def __init__(self, title: str, made: datetime) -> None:
        import xlsxwriter

        self._bytes = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._bytes, OPTIONS)
        self._book.set_properties(
            {"title": shown(title, 255), "created": made.replace(tzinfo=None), "author": "yuqing-cli"}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **given: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(given.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": FONT, "font_size": 10} | given)
        return self._formats[key]

    def sheet(self, name: str) -> Sheet:
        """A new sheet; names longer than Excel's 31 characters are cut."""
        return Sheet(self, self._book.add_worksheet(name[:31]))

    def columns_chart(self) -> Any:
        """A native chart of columns."""
        return self._book.add_chart({"type": "column"})

    def finished(self) -> bytes:
        """The file."""
        self._book.close()
        return self._bytes.getvalue()


class Sheet:
    """One sheet, written from the top."""

    def __init__(self, book: Book, worksheet: Any) -> None:
        self.book, self.raw = book, worksheet
        self.raw.set_paper(9)
        self.raw.set_landscape()
        self.raw.fit_to_pages(1, 0)
        self.raw.set_margins(0.4, 0.4, 0.5, 0.6)
        self.raw.set_footer("&C&P / &N")

    def put(self, row: int, column: int, value: Value, **style: Any) -> None:
        """One cell, 0-based."""
        if isinstance(value, Styled):
            return self.put(row, column, value.value, **(style | dict(value.style)))
        if isinstance(value, datetime):
            self.raw.write_datetime(row, column, value.replace(tzinfo=None), self.book.style(**(DATE | style)))
        elif isinstance(value, Link):
            self._link(row, column, value, style)
        elif isinstance(value, str):
            self.raw.write_string(row, column, shown(value, LONGEST_CELL), self.book.style(**(CELL | style)))
        elif value is None:
            self.raw.write_blank(row, column, None, self.book.style(**(CELL | style)))
        else:
            self.raw.write_number(row, column, value, self.book.style(**(NUMBER | style)))
        return None

    def _link(self, row: int, column: int, link: Link, style: dict[str, Any]) -> None:
        url = address(link.url)
        text = shown(link.text, LONGEST_CELL) or url
        if not url or len(url) > LONGEST_LINK or len(text) > LONGEST_CELL:
            return self.put(row, column, text, **style)
        blue = {"font_color": "#0B57D0", "underline": 1}
        self.raw.write_url(row, column, url, self.book.style(**(CELL | blue | style)), string=text)
        return None

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, frozen: int = 1, printed: int = 0
    ) -> None:
        """A table from the top: header that stays in sight, filters, rows as high as their text.

        ``frozen``: how many columns stay in sight, too. ``printed``: how many are printed (0: all).
        """
        count = 0
        for i, column in enumerate(columns):
            colour = {"bg_color": "#FFE48A"} if column.hand else {}
            self.raw.set_column(i, i, column.width)
            self.put(0, i, column.name, **(HEAD | colour))
        for count, row in enumerate(rows, start=1):
            for i, value in enumerate(row):
                self.put(count, i, value, **(HAND if columns[i].hand else ROW))
            self.raw.set_row(count, LINE * max(map(_lines, row, (column.width for column in columns))))
        self.raw.set_row(0, 2 * LINE)
        self.raw.freeze_panes(1, frozen)
        self.raw.autofilter(0, 0, max(count, 1), len(columns) - 1)
        self.raw.repeat_rows(0)
        self.raw.print_area(0, 0, max(count, 1), (printed or len(columns)) - 1)


def _lines(value: Value, width: float) -> int:
    """How many lines a cell needs. Only Excel reckons this by itself; at most six, so that one text does not fill the screen."""
    text = value.text if isinstance(value, Link) else value.value if isinstance(value, Styled) else value
    return min(1 + int(cells(shown(text)) // max(width, 1)), 6) if isinstance(text, str) else 1


MOST_ROWS = 1_048_576
"""Rows of a sheet, its heading among them."""
_WIDE, _NARROW = 48, 18
_TEXTS = {"title", "url", "excerpt", "text"}


def pieces(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], most: int = MOST_ROWS) -> Iterator[bytes]:
    """Export as a workbook of plain rows: no formula, no link, times as dates of the station's clock, lists with ``;`` between.

    xlsxwriter keeps finished rows in a file of its own, so memory does not grow with them. What a sheet cannot hold goes on in the next.
    """
    import xlsxwriter

    body = io.BytesIO()
    with xlsxwriter.Workbook(body, OPTIONS | {"in_memory": False, "constant_memory": True}) as book:
        styles = {"head": book.add_format(HEAD), "at": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})}
        sheet, number = _heading(book, columns, styles["head"]), 0
        for row in rows:
            if number == most - 1:
                sheet, number = _heading(book, columns, styles["head"]), 0
            number += 1
            for i, column in enumerate(columns):
                _plain(sheet, number, i, column, row[column], styles["at"])
    yield body.getvalue()


def _heading(book: Any, columns: Sequence[str], style: Any) -> Any:
    sheet = book.add_worksheet()
    for i, column in enumerate(columns):
        sheet.set_column(i, i, _WIDE if column in _TEXTS else _NARROW)
        sheet.write_string(0, i, column, style)
    sheet.freeze_panes(1, 0)
    return sheet


def _plain(sheet: Any, row: int, column: int, name: str, value: Any, at: Any) -> None:
    if isinstance(value, list):
        value = ";".join(value)
    if value is None:
        return
    if isinstance(value, str) and name.endswith("_at"):
        sheet.write_datetime(row, column, datetime.fromisoformat(value).replace(tzinfo=None), at)
    elif isinstance(value, str):
        sheet.write_string(row, column, shown(value, LONGEST_CELL))
    else:
        sheet.write_number(row, column, value)
