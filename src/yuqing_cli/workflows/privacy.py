"""Privacy audit: every text of the file, of the station's digests and of given files -> what the mask would still hide.

store.cells -audit.in_cell-> Leak; files.documents -audit.in_document-> Leak
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich import audit
from yuqing_cli.enrich.audit import EXEMPT, Leak


def of_store(store: Store) -> Iterator[Leak]:
    """Leaks in the database."""
    for table, column, row, text in store.cells():
        if column not in EXEMPT and audit.in_cell(text):
            yield Leak(f"{table}.{column}", row)


def of_files(paths: Iterable[Path]) -> Iterator[Leak]:
    """Leaks in files, and in everything below folders. Raises ``UsageError`` for one that cannot be read."""
    for path in paths:
        for name, member, text in files.documents(path):
            for line in audit.in_document(member or name, text):
                yield Leak(name + (f"!{member}" if member else ""), str(line))
