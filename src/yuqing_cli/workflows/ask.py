"""Read-only SQL: statement -> store.ask -> rows -> a table, CSV, JSON or JSON Lines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from yuqing_cli.render import csv_table, json_lines

Row = tuple[Any, ...]


def bounded(rows: Iterator[Row], limit: int) -> tuple[list[Row], bool]:
    """At most ``limit`` rows (0: all), and whether there are more."""
    held: list[Row] = []
    for row in rows:
        if limit and len(held) == limit:
            return held, True
        held.append(row)
    return held, False


def written(columns: Sequence[str], rows: Iterable[Row], format_: str) -> Iterator[str]:
    """The rows as text for programs. Bytes become hexadecimal digits, what JSON has no number for becomes null."""
    named = (dict(zip(columns, map(plain, row), strict=True)) for row in rows)
    if format_ == "csv":
        yield from csv_table.lines(named, columns)
    elif format_ == "jsonl":
        yield from json_lines.lines(named)
    else:
        yield json.dumps(list(named), ensure_ascii=False, indent=1) + "\n"


def plain(value: Any) -> Any:
    """A value that every format can hold."""
    if isinstance(value, bytes):
        return value.hex()
    return None if isinstance(value, float) and not math.isfinite(value) else value
