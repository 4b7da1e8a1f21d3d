"""Export as JSON Lines: one object a row, keys as the CSV's columns, plus the whole text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One line a row."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
