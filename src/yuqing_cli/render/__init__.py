"""The formats of digest (``formats``) and export, in plain sight. Pure: models in, text or bytes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from . import csv_table, json_lines

Row = Mapping[str, Any]

EXPORT_FORMATS: dict[str, Callable[[Iterable[Row]], Iterator[str]]] = {
    "csv": csv_table.lines,
    "jsonl": json_lines.lines,
}

__all__ = ["EXPORT_FORMATS", "Row"]
