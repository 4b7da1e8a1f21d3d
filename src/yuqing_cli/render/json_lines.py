"""Export as JSON Lines: one object a row, keys as the CSV's columns, plus the whole text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def lines(rows: Iterable[Mapping[str, Any]], _columns: Sequence[str] = ()) -> Iterator[str]:
    """One line a row; its keys are its own."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
