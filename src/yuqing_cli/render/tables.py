"""The formats of export, in plain sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from yuqing_cli.errors import UsageError

from . import csv_table, json_lines, parquet_table, sheets

Row = Mapping[str, Any]

EXPORT_FORMATS: dict[str, Callable[[Iterable[Row], Sequence[str]], Iterator[str] | Iterator[bytes]]] = {
    "csv": csv_table.lines,
    "jsonl": json_lines.lines,
    "xlsx": sheets.pieces,
    "parquet": parquet_table.pieces,
}

BINARY_EXPORTS = frozenset({"xlsx", "parquet"})
"""Formats of export that are bytes, not text."""

_EXTRAS: dict[str, tuple[str, Callable[[], bool]]] = {
    "xlsx": ("office", sheets.installed),
    "parquet": ("parquet", parquet_table.installed),
}


def require_export(name: str) -> None:
    """Raise ``UsageError`` where a format of export needs an extra that is not installed."""
    extra, installed = _EXTRAS.get(name, ("", lambda: True))
    if not installed():
        text = "--format {name} needs an extra: pip install {extra}"
        raise UsageError(text, name=name, extra=f"'yuqing-cli[{extra}]'")
