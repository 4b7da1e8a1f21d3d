"""Export: window -> stored rows of one moment -> rows of export -> pieces of a file, streamed.

store.export_… -store.hits_of-> rows.post_row | rows.plain_row -render-> pieces
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import tzinfo
from itertools import islice
from typing import Any

from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.exporting import BATCH, Table
from yuqing_cli.digest.rows import COLUMNS, plain_row, post_row
from yuqing_cli.digest.shapes import Window
from yuqing_cli.render.tables import EXPORT_FORMATS

Row = dict[str, Any]
Tick = Callable[[int], object]


def export(
    store: Store,
    window: Window | None,
    *,
    table: Table = "posts",
    format_: str,
    zone: tzinfo,
    tick: Tick = lambda _count: None,
) -> Generator[str | bytes]:
    """Pieces of a file of the chosen format: of the matched posts of a window, or of ``None`` of all days.

    ``tick`` is told how many rows were read since the last time.
    """
    with store.snapshot():
        yield from EXPORT_FORMATS[format_](_told(_rows(store, table, window, zone), tick), COLUMNS[table])


def _rows(store: Store, table: Table, window: Window | None, zone: tzinfo) -> Iterator[Row]:
    if table == "posts":
        return _posts(store, window, zone)
    read = {
        "events": store.export_events,
        "hits": store.export_hits,
        "observations": store.export_observations,
    }[table]
    return (plain_row(row, COLUMNS[table], zone) for row in read(window))


def _posts(store: Store, window: Window | None, zone: tzinfo) -> Iterator[Row]:
    for batch in _batches(store.export_posts(window)):
        hits = store.hits_of([row["seq"] for row in batch if row["event_id"]])
        for row in batch:
            yield post_row(row, hits.get(row["seq"], ()), zone)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _told(rows: Iterator[Row], tick: Tick) -> Iterator[Row]:
    for batch in _batches(rows):
        yield from batch
        tick(len(batch))
