"""Export as CSV that a spreadsheet opens without harm.

A cell that a spreadsheet would take for a formula gets an apostrophe in front: titles are written by strangers, and
``=HYPERLINK(…)`` in one is an attack on whoever opens the file. Numbers are written as they are, lists with ``;`` between.
The byte-order mark that Excel wants is the file writer's business (``utf-8-sig``): a pipe does not get one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""The full-width forms too: some spreadsheets fold them when they read a file."""


def guarded(value: object) -> object:
    """A cell that no spreadsheet runs."""
    if isinstance(value, (list, tuple)):
        value = ";".join(map(str, value))
    if isinstance(value, str):
        return "'" + value if value.startswith(_DANGEROUS) else value
    return "" if value is None else value


def lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """The header, then one line a row; ``\\r\\n`` as RFC 4180 has it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)

    def taken() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    writer.writerow([guarded(column) for column in columns])
    yield taken()
    for row in rows:
        writer.writerow([guarded(row[column]) for column in columns])
        yield taken()
