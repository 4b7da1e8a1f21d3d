"""Searching all stored posts: by the index alone, by the index and a judge, or by reading everything.

Ranked by ``relevance``: BM25 over the pairs of characters, a word in the title four times one in the text, times 30 / (30 + age in days),
so that of two reports that say the same the newer stands first and a month halves what age can cost. Where the index cannot be asked
there is no BM25, and the newest stand first. The age is that of the post's own time, else of its first sight.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from yuqing_cli.findings import Finding, Order
from yuqing_cli.packs.query_nodes import Node
from yuqing_cli.records import Record
from yuqing_cli.times import from_ms, to_ms

from . import search
from .expression import Expression, compiled
from .handle import Handle
from .rows import moment

HALF_MS = 30 * 86_400_000
"""The age at which a post counts half."""
TITLE, TEXT = 4.0, 1.0

_TIME = "coalesce(posts.at, posts.first_seen)"
_BM25 = f"-bm25(search, {TITLE}, {TEXT}) * {HALF_MS} / ({HALF_MS} + max(:now - {_TIME}, 0))"


class Bounds(Record):
    """Which posts are looked at: a span of their own time (else of their first sight), only the matched ones."""

    start: datetime | None = None
    end: datetime | None = None
    matched: bool = False

    @property
    def where(self) -> str:
        """As SQL, with the holes that ``values`` fills; empty where all posts are."""
        parts = [f"{_TIME} >= :start"] * bool(self.start) + [f"{_TIME} < :end"] * bool(self.end)
        return "".join(f" AND {part}" for part in parts + ["posts.matched = 1"] * self.matched)

    @property
    def values(self) -> dict[str, int]:
        """In milliseconds."""
        return {name: to_ms(at) for name, at in (("start", self.start), ("end", self.end)) if at}


class Candidate(NamedTuple):
    """A post that may be an answer, and its place among the answers (the higher the earlier)."""

    rank: tuple[float, int, int]
    source: str
    tier: str
    title: str
    text: str

    @property
    def seq(self) -> int:
        """The post's row."""
        return self.rank[2]


class Searching(Handle):
    """The methods of the store that search."""

    def index_sound(self) -> bool:
        """The index's self-test, in a few milliseconds. An index that SQLite cannot read is not sound either."""
        try:
            return search.sound(self._connection)
        except sqlite3.DatabaseError:
            return False

    def rebuild_index(self) -> None:
        """Make the index anew from what is stored, in one transaction: a minute for a million headlines."""
        with self._write() as connection:
            search.rebuild(connection)

    def expression(self, node: Node) -> Expression:
        """What the index can say to a query; it is asked whether it takes it."""
        expression = compiled(node)
        try:
            self._connection.execute(
                "SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (expression.match,)
            ).fetchone()
        except sqlite3.OperationalError:
            # SQLite has a bound on how deep an expression may be; what it refuses is read instead.
            return Expression(None, exact=False)
        return expression

    def found(self, match: str, bounds: Bounds, order: Order, now: datetime, limit: int) -> tuple[int, list[int]]:
        """How many posts the index finds, and the rows of the first of them."""
        holes = {"match": match, "now": to_ms(now), "limit": limit} | bounds.values
        join = f"JOIN posts ON posts.seq = search.rowid WHERE search MATCH :match{bounds.where}"
        with self._read() as connection:
            counted = join if bounds.where else "WHERE search MATCH :match"
            total = connection.execute(f"SELECT count(*) FROM search {counted}", holes).fetchone()[0]  # noqa: S608
            ranked = f"{_BM25} DESC, " if order == "relevance" else ""
            query = f"SELECT posts.seq FROM search {join} ORDER BY {ranked}{_TIME} DESC, posts.seq DESC LIMIT :limit"  # noqa: S608
            return total, [row[0] for row in connection.execute(query, holes)]

    def candidates(self, match: str | None, bounds: Bounds, order: Order, now: datetime) -> Iterator[Candidate]:
        """The posts that the index cannot leave out, all of them without ``match``; texts that are gone are passed over."""
        rank = _BM25 if match is not None and order == "relevance" else "0.0"
        stems = (
            ("search JOIN posts ON posts.seq = search.rowid", "search MATCH :match")
            if match is not None
            else ("posts", "(posts.title != '' OR posts.text != '')")
        )
        query = f"""SELECT {rank}, {_TIME}, posts.seq, posts.source, coalesce(sources.tier, ''), posts.title, posts.text
            FROM {stems[0]} LEFT JOIN sources ON sources.name = posts.source WHERE {stems[1]}{bounds.where}"""  # noqa: S608
        with self._read() as connection:
            for row in connection.execute(query, {"match": match, "now": to_ms(now)} | bounds.values):
                yield Candidate(row[:3], *row[3:])

    def findings(self, seqs: Sequence[int]) -> list[Finding]:
        """What is stored in these rows, in the order in which they are named."""
        query = """SELECT id, source, coalesce(sources.tier, ''), posts.url, title, text, published_at, first_seen, level,
            event_id FROM posts LEFT JOIN sources ON sources.name = source WHERE seq = ?"""
        with self._read() as connection:
            rows = [connection.execute(query, (seq,)).fetchone() for seq in seqs]
        return [_finding(*row) for row in rows if row is not None]


def _finding(*row: Any) -> Finding:
    id_, source, tier, url, title, text, published_at, first_seen, level, event = row
    return Finding(id_, source, tier, url, title, text, moment(published_at), from_ms(first_seen), level, event)
