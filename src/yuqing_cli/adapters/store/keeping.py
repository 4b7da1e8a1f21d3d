"""The store's methods of keeping: what takes old text away, gives room back, and remembers that it was done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from yuqing_cli.times import from_ms, to_ms

from . import copies, retention, search
from .handle import Handle
from .retention import Ages

REWRITE_ABOVE = 0.1
"""Share of empty pages above which the file is rewritten. Below it the pages are used again by the next fetches."""


class Keeping(Handle):
    """Retention, copies, and the log of work that changed what the file says of the past."""

    def purge_due(self, ages: Ages) -> tuple[int, int]:
        """How many matched and how many other posts are old enough to lose their text."""
        with self._read() as connection:
            return retention.due(connection, ages)

    def purge_some(self, ages: Ages, at: datetime) -> int:
        """Take the text of some posts that are old enough, in one transaction; how many (0: none are left)."""
        with self._write() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            return retention.purge_some(connection, ages, at)

    def strip_issues(self) -> int:
        """Blank what stored issues quote of posts whose text is gone; in how many issues."""
        with self._write() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            return retention.strip_issues(connection)

    def wipe(self, *, rewrite: bool | None = None) -> bool:
        """Make what was taken out unreadable in the files, and give their room back; whether the file was rewritten.

        ``rewrite``: always or never; by default where more than ``REWRITE_ABOVE`` of it is empty. A rewrite needs as much room
        on the disk as the file has.
        """
        with self._write() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            search.compact(connection)
        with self._read() as connection:
            if rewrite is None:
                rewrite = retention.free_share(connection) > REWRITE_ABOVE and copies.fits(self.path)
            if rewrite:
                connection.execute("VACUUM")
        self.settle()
        return rewrite

    def settle(self) -> None:
        """Fold the write-ahead log into the file, and empty it: former pages stand in it, too."""
        with self._read() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def log_work(self, kind: str, at: datetime, posts: int) -> None:
        """Remember that so many posts were purged, rescored or merged: reports of the past may differ since."""
        with self._write() as connection:
            connection.execute("INSERT INTO work (kind, at, posts) VALUES (?, ?, ?)", (kind, to_ms(at), posts))

    def last_work(self, kind: str) -> datetime | None:
        """When work of that kind was last done."""
        with self._read() as connection:
            (at,) = connection.execute("SELECT max(at) FROM work WHERE kind = ?", (kind,)).fetchone()
        return None if at is None else from_ms(at)

    def copy(self, to: Path) -> None:
        """Write a proven copy of the file while others read and write it. Raises ``StoreError``."""
        with self._read() as connection:
            copies.copy(connection, self.path, to)
