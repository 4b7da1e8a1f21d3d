"""An outline on a sheet of a workbook: the head, the core numbers, and sections below one another."""

from __future__ import annotations

from .outline import Grid, Item, Outline, Para, Section, plain
from .safe import cells
from .sheets import LINE, Sheet, Value

HEAD = {"bold": True, "bg_color": "#E8ECF2", "bottom": 1}
_LEFT = {"align": "left", "text_wrap": False}


def head(sheet: Sheet, drawn: Outline) -> int:
    """Title, window, bottom line and core numbers; the next free row."""
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
        sheet.put(6, column, figure.label, **HEAD)
        value: Value = int(figure.value) if figure.value.isdigit() else figure.value
        sheet.put(7, column, value, bold=True, font_size=16, align="left")
        sheet.put(8, column, figure.change, font_color="#56606E")
    sheet.raw.set_row(7, 24)
    return 10


def chart(sheet: Sheet, row: int, title: str, heads: tuple[str, str], counts: list[tuple[str, int]]) -> int:
    """A native chart of counts, its numbers beside it; the next free row."""
    if not any(count for _, count in counts):
        return row
    sheet.put(0, 8, heads[0], **HEAD)
    sheet.put(0, 9, heads[1], **HEAD)
    for i, (name, count) in enumerate(counts):
        sheet.put(i + 1, 8, name, text_wrap=False)
        sheet.put(i + 1, 9, count)
    here, last = sheet.raw.get_name(), len(counts)
    columns = sheet.book.columns_chart()
    series = {
        "categories": [here, 1, 8, last, 8],
        "values": [here, 1, 9, last, 9],
        "fill": {"color": "#5B7FB5"},
        "gap": 40,
    }
    columns.add_series(series)
    columns.set_title({"name": title, "name_font": {"size": 11}})
    columns.set_legend({"none": True})
    columns.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D8DDE4"}}, "min": 0})
    columns.set_size({"width": 700, "height": 220})
    sheet.raw.insert_chart(row, 0, columns, {"description": title})
    return row + 12


def section(sheet: Sheet, told: Section, row: int) -> int:
    """A section from that row on; the next free row."""
    sheet.put(row, 0, told.title, bold=True, font_size=12, text_wrap=False)
    row += 1
    for block in told.blocks:
        match block:
            case Grid(columns=columns, rows=rows):
                for column, name in enumerate(columns):
                    sheet.put(row, column, name, **HEAD)
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
