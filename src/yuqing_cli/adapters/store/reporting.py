"""The store as a digest needs it: what a window reported, what was seen, what earlier issues and the desk said.

A class of its own, because most runs of the program are digests: what fills and keeps the file (grouping, masks, the index of all text)
takes longer to import than a digest to make.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from yuqing_cli.digest.compare import Tally
from yuqing_cli.digest.shapes import Abstract, Passage, StoredPost, Trace, Window, Withheld
from yuqing_cli.models import SourceState, Spell, Verdict
from yuqing_cli.times import from_ms, to_ms

from . import abstracts, bases, exclusions, health, marks, passages, totals, traces, windows
from .desk import DeskWords
from .issues import Issues
from .observations import Observing


class Reporting(DeskWords, Issues, Observing):
    """An open station file that is reported from."""

    def states(self) -> dict[str, SourceState]:
        """What is remembered of every source, by name."""
        with self._read() as connection:
            return health.states(connection)

    def spells(self, since: datetime, until: datetime, source: str | None = None) -> list[Spell]:
        """The history of asks that touches a span, of one source or of all."""
        with self._read() as connection:
            return health.spells(connection, since, until, source)

    def posts_read(self, span: windows.Span) -> windows.Read:
        """How many posts were read for a report, matched or not."""
        with self._read() as connection:
            return windows.read(connection, span)

    def tally(self, start: datetime, end: datetime, as_of: datetime) -> Tally:
        """The totals of a span."""
        with self._read() as connection:
            return totals.tally(connection, start, end, as_of)

    def titles(self, start: datetime, end: datetime, as_of: datetime, most: int) -> list[tuple[str, str]]:
        """(id, title) of the weightiest matched post of each event that has some in the span, the newest first."""
        with self._read() as connection:
            return totals.titles(connection, start, end, as_of, most)

    def first_seen(self) -> datetime | None:
        """When the first post that the file knows came: before that, nothing can be compared."""
        with self._read() as connection:
            return totals.first_seen(connection)

    def bases(self, within: Window | windows.Span | None = None) -> list[bases.Basis]:
        """By what the posts of a window, of a report (as it was known then), or of all days were judged."""
        with self._read() as connection:
            return bases.of(connection, within)

    def stamps(self, span: windows.Span) -> list[tuple[str, str, str]]:
        """(source, packs, scoring) of all judgements that posts of a report may rest on; where none is stale, no post is."""
        with self._read() as connection:
            return bases.stamps(connection, span)

    def reported(self, span: windows.Span) -> list[Trace]:
        """The matched posts of a report and the older posts of their events."""
        with self._read() as connection:
            return traces.reported(connection, span)

    def absent(self, events: Iterable[str], as_of: datetime) -> list[Trace]:
        """The matched posts of events that a window has no news of, as they were then."""
        with self._read() as connection:
            return traces.absent(connection, events, as_of)

    def stored(self, found: Iterable[Trace], as_of: datetime) -> dict[str, StoredPost]:
        """The whole posts of these traces, as they were then, by id."""
        with self._read() as connection:
            return traces.stored(connection, found, as_of)

    def tones(self, found: Iterable[Trace], as_of: datetime) -> dict[str, float]:
        """How upset these posts sound, as they were judged then, by id."""
        with self._read() as connection:
            return traces.tones(connection, found, as_of)

    def passages(self, ids: Iterable[str], as_of: datetime) -> dict[str, Passage]:
        """Texts and hits, for excerpts."""
        with self._read() as connection:
            return passages.passages(connection, ids, as_of)

    def withheld(self, span: windows.Span, first: int = 0) -> list[Withheld]:
        """The posts of a report that only exclusions kept out of it. ``first``: the lowest number of its posts, where it is known."""
        with self._read() as connection:
            return exclusions.of_window(connection, span, first)

    def abstracts(self, events: Iterable[str], as_of: datetime) -> list[Abstract]:
        """Events that a window has no news of, in short; none where something changed since ``as_of``, and ``absent`` is to be asked."""
        with self._read() as connection:
            return abstracts.abstracts(connection, events, as_of)

    def marks(self, as_of: datetime | None = None) -> dict[str, Verdict]:
        """The verdict on each marked post, as it was at ``as_of``; now, without one."""
        with self._read() as connection:
            return marks.latest(connection, as_of)

    def work_since(self, at: datetime) -> list[tuple[str, datetime, int]]:
        """(kind, when, posts) of work after a moment that changed what the file says of the past, oldest first."""
        query = "SELECT kind, at, posts FROM work WHERE at > ? AND posts > 0 ORDER BY seq"
        with self._read() as connection:
            rows = connection.execute(query, (to_ms(at),)).fetchall()
        return [(kind, from_ms(when), posts) for kind, when, posts in rows]
