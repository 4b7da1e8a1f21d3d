"""Reading a workbook that came back from a person: the only room with openpyxl (extra ``office``).

A workbook is a zip of XML from outside. Before it is opened its size and that of every part unpacked are bounded, so that a few hundred
kilobytes cannot become gigabytes; it is read row by row, and no formula is computed or believed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from yuqing_cli.errors import UsageError
from yuqing_cli.records import Record

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 20_000_000, 200_000_000, 2_000
MOST_ROWS, MOST_COLUMNS = 50_000, 200


class Cell(Record):
    """What stands in a cell, as text; ``formula``: it is computed by whoever opens the file."""

    text: str = ""
    formula: bool = False


def rows(path: Path, wanted: Collection[str]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """(row number, heading -> cell) of each row below the headings, in the first sheet that has all ``wanted`` headings.

    Raises:
        UsageError: the extra is missing; the file cannot be read, is no workbook, or too large; no sheet has the headings.

    """
    if find_spec("openpyxl") is None:
        raise UsageError("reading a workbook needs an extra: pip install {extra}", extra="'yuqing-cli[office]'")
    _bounded(path)
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its XML trips over
        raise UsageError("{path} is no workbook (.xlsx) that can be read", path=path) from error
    try:
        for sheet in book.worksheets:
            lines = _lines(sheet, path)
            _, head = next(lines, (0, []))
            names = [cell.text.strip() for cell in head]
            if set(wanted) <= set(names):
                for number, cells in lines:
                    yield number, dict(zip(names, cells, strict=False))
                return
    finally:
        book.close()
    raise UsageError("{path}: no sheet has the columns {columns}", path=path, columns=", ".join(sorted(wanted)))


def _bounded(path: Path) -> None:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except OSError as error:
        raise UsageError("{path} cannot be read: {reason}", path=path, reason=error.strerror or error) from error
    except zipfile.BadZipFile as error:
        raise UsageError("{path} is no workbook (.xlsx) that can be read", path=path) from error
    if size > MOST_BYTES or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UsageError("{path} is too large for a digest that was filled in; it was not opened", path=path)


def _lines(sheet: Any, path: Path) -> Iterator[tuple[int, list[Cell]]]:
    try:
        # Of a sheet's own word on its size nothing is believed.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > MOST_ROWS:
                raise UsageError("{path}: more than {most} rows", path=path, most=MOST_ROWS)
            yield number, [_cell(cell) for cell in row]
    except UsageError:
        raise
    except Exception as error:  # as above
        raise UsageError("{path} is no workbook (.xlsx) that can be read", path=path) from error


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type == "f":
        return Cell(str(value), formula=True)
    return Cell(value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value))
