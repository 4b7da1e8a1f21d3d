"""Export as Parquet, for notebooks and databases: with pyarrow (extra ``parquet``).

Columns are typed: times are timestamps in UTC, lists are lists, counts are whole numbers. A group of rows is
written as soon as it is full, so memory does not grow with the export.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from itertools import islice
from typing import Any

GROUP = 20_000
"""Rows of a group."""
_LISTS = {"topics", "subjects", "matched"}
_WHOLE = {"posts", "sources", "posts_in_window", "start", "end", "rank"}
_REAL = {"score", "weight", "heat"}


def installed() -> bool:
    """Whether the extra is there; looked for without importing it."""
    return find_spec("pyarrow") is not None


def pieces(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """The file, piece by piece; posts have their ``text`` behind the columns."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = iter(rows)
    group = list(islice(rows, GROUP))
    schema = pa.schema([(name, _type(name)) for name in (group[0] if group else columns)])
    sink = _Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        while group:
            writer.write_table(pa.Table.from_pylist([_typed(row) for row in group], schema))
            yield sink.taken()
            group = list(islice(rows, GROUP))
    yield sink.taken()


def _type(name: str) -> Any:
    import pyarrow as pa

    if name.endswith("_at"):
        return pa.timestamp("ms", "UTC")
    if name in _LISTS:
        return pa.list_(pa.string())
    return pa.int64() if name in _WHOLE else pa.float64() if name in _REAL else pa.string()


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(v) if v and name.endswith("_at") else v for name, v in row.items()}


class _Sink(io.RawIOBase):
    """Keeps what the writer writes until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any, /) -> int:
        """Keep a copy: the writer uses its buffer again."""
        self._parts.append(bytes(data))
        self._size += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        """How much was written in all."""
        return self._size

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
