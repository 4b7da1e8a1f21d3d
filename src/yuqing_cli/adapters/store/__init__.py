"""The store: one SQLite file, and the only room with SQL.

``Store`` opens the file, holds the transaction of each operation, and hands the work to the module that owns the tables. Every method
raises ``StoreError`` and nothing else when SQLite fails. A digest opens ``reporting.Reporting``, the part of it that reads back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .whole import Store

__all__ = ["Store"]


def __getattr__(name: str) -> object:
    """The whole store, on first use: it knows how to group, mask, search and judge, and a digest does none of these."""
    if name == "Store":
        from .whole import Store

        return Store
    raise AttributeError(name)
