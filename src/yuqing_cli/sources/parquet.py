"""Rows in Parquet files, as the JSON lines that ``rows`` reads. pyarrow is an extra."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from yuqing_cli.errors import SourceError, UsageError

from . import rows

ENDING = ".parquet"


def json_lines(body: bytes, name: str) -> Iterator[str]:
    """The rows as JSON lines; of the columns only those that rows have are even read.

    Raises:
        UsageError: the package that reads it is not installed.
        SourceError: it is no Parquet file that can be read.

    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            "{file}: Parquet needs an extra: pip install {package}", file=name, package='"yuqing-cli[parquet]"'
        ) from error
    try:
        held = parquet.ParquetFile(BytesIO(body))
        columns = [key for key in rows.KEYS if key in held.schema_arrow.names]
        batches = list(held.iter_batches(columns=columns))
    except Exception as error:  # pyarrow's own errors have no common base
        raise SourceError(
            "hard", "{file}: not a Parquet file that can be read: {reason}", file=name, reason=str(error)[:120]
        ) from error
    for batch in batches:
        for record in batch.to_pylist():
            yield json.dumps({key: _plain(value) for key, value in record.items()}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
