"""What the tools for tuning read: stored posts as they were judged, one after the other.

Read whole, in the order of arrival, and streamed: a station's year does not fit into memory. Posts whose text was purged are
left out, for they cannot be judged again; whoever counts says over how many days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from yuqing_cli.records import Record
from yuqing_cli.times import from_ms, to_ms

from .handle import Handle
from .rows import chunks, marks


class Passage(Record):
    """A stored post for judging again. ``matched``: what the store says of it today."""

    id: str
    source: str
    title: str
    text: str
    at: datetime
    """First seen."""
    matched: bool
    topics: str
    """JSON, as stored."""


_COLUMNS = "SELECT id, source, title, text, first_seen, matched, topics FROM posts"


class Tuning(Handle):
    """Posts for ``keywords check``, ``diff``, ``health`` and ``suggest``."""

    def judgeable(self, since: datetime, most: int | None = None) -> Iterator[Passage]:
        """Posts first seen since then that still have text, newest first; at most so many."""
        query = f"{_COLUMNS} WHERE first_seen >= ? AND (title != '' OR text != '') ORDER BY seq DESC LIMIT ?"
        with self._read() as connection:
            for row in connection.execute(query, (to_ms(since), -1 if most is None else most)):
                yield _passage(row)

    def judgeable_of(self, ids: Iterable[str]) -> Iterator[Passage]:
        """Those of these posts that still have text."""
        with self._read() as connection:
            for part in chunks(ids):
                query = f"{_COLUMNS} WHERE id IN ({marks(part)}) AND (title != '' OR text != '')"
                yield from map(_passage, connection.execute(query, part).fetchall())


def _passage(row: tuple[str, str, str, str, int, int, str]) -> Passage:
    post, source, title, text, seen, matched, topics = row
    return Passage(post, source, title, text, from_ms(seen), bool(matched), topics)
