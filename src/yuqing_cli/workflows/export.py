"""Export: window -> stored posts -> rows -> lines, streamed.

store.export_posts -store.passages-> rows.export_row -render-> lines
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.rows import export_row
from yuqing_cli.digest.shapes import Window
from yuqing_cli.render import EXPORT_FORMATS

BATCH = 500


def export(store: Store, window: Window | None, *, format_: str, zone: tzinfo, now: datetime) -> Iterator[str]:
    """Lines of the chosen format: the matched posts of a window, or of ``None`` every post of all days."""
    return EXPORT_FORMATS[format_](_rows(store, window, zone, now))


def _rows(store: Store, window: Window | None, zone: tzinfo, now: datetime) -> Iterator[dict[str, Any]]:
    for batch in _batches(store.export_posts(window)):
        passages = store.passages((row["id"] for row in batch if row["event_id"]), now)
        for row in batch:
            yield export_row(row, passages.get(row["id"]), zone)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch
