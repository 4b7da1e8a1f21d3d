"""What every family of the store's methods stands on: the open file, and the transaction of each operation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from .database import connect, transaction, wrapped


class Handle:
    """An open station file. Used by one thread; several processes may have it open."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self._connection = connect(path, create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it when nobody else has it open."""
        self._connection.close()

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with wrapped(self.path):
            yield self._connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever other runs write meanwhile."""
        with self._read() as connection:
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.execute("ROLLBACK" if connection.in_transaction else "SELECT 1")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with wrapped(self.path), transaction(self._connection):
            yield self._connection
