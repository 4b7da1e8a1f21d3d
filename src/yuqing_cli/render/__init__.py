"""The formats of digest and export, in plain sight. Pure: models in, text out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yuqing_cli.digest.shapes import Digest
from yuqing_cli.i18n import Translate

from . import csv_table, digest_json, json_lines, markdown

Row = Mapping[str, Any]

DIGEST_FORMATS: dict[str, Callable[[Digest, Translate, int], str]] = {
    "markdown": markdown.render,
    "json": digest_json.render,
}
"""``text`` is not here: it belongs to the terminal (``adapters.terminal``)."""

EXPORT_FORMATS: dict[str, Callable[[Iterable[Row]], Iterator[str]]] = {
    "csv": csv_table.lines,
    "jsonl": json_lines.lines,
}

__all__ = ["DIGEST_FORMATS", "EXPORT_FORMATS", "Row"]
