"""Rows for export, streamed: posts, events, hits and observations of a window, or of all days.

A million rows must not stand in memory, and a long export must not hold up a fetch. So only row numbers are put in order (8 bytes each);
the rows are read in batches by number, inside the caller's snapshot: everything is of one moment, and writers go on meanwhile.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from yuqing_cli.digest.shapes import Window
from yuqing_cli.models import Hit
from yuqing_cli.times import to_ms

from .handle import Handle

Table = Literal["posts", "events", "hits", "observations"]
BATCH = 500

_TIME = "coalesce(posts.at, posts.first_seen)"
_IN_WINDOW = "matched = 1 AND posts.at >= :start AND posts.at < :end"

_POSTS = """SELECT seq, id, published_at, first_seen AS fetched_at, source, coalesce(sources.tier, 'community') AS tier, title,
    posts.url AS url, topics, subjects, level, score, event_id, text
    FROM posts LEFT JOIN sources ON sources.name = source WHERE seq IN ({seqs})"""

_HITS = f"""SELECT posts.seq, hits.rowid AS hit, id AS post_id, published_at, {_TIME} AS at, source, title, posts.url AS url, pack,
    kind, rule, term, field, start, end, weight, boundary,
    substr(iif(field = 'title', title, text), start + 1, end - start) AS found, event_id
    FROM hits JOIN posts ON posts.seq = hits.post WHERE posts.seq IN ({{seqs}})"""  # noqa: S608

_EVENTS = """SELECT event_id AS id, title, level, score, topics, subjects, posts.url AS url, posts.id AS post_id,
    first_at, last_at, posts, sources, posts_in_window FROM (
        SELECT event_id AS event, min({time}) AS first_at, max({time}) AS last_at, count(DISTINCT source) AS sources,
            count(DISTINCT coalesce(nullif(canonical_url, ''), id)) AS posts,
            count(DISTINCT iif({inside}, coalesce(nullif(canonical_url, ''), id), NULL)) AS posts_in_window
        FROM posts WHERE event_id IS NOT NULL {touched} GROUP BY event_id
    ) AS whole JOIN posts ON posts.seq = (
        SELECT seq FROM posts AS report WHERE report.event_id = whole.event
        ORDER BY report.score DESC, coalesce(report.at, report.first_seen), report.id DESC LIMIT 1)
    ORDER BY first_at, event_id"""


_OBSERVATIONS = """SELECT id AS post_id, observations.at AS observed_at, source, title, posts.url AS url, observations.rank AS rank,
    observations.heat AS heat FROM observations JOIN posts ON posts.seq = observations.post {where}
    ORDER BY observations.at, observations.post"""
_OBSERVED = "WHERE matched = 1 AND observations.at >= :start AND observations.at < :end"


class Exporting(Handle):
    """The methods of the store that export."""

    def count_export(self, table: Table, window: Window | None) -> int:
        """How many rows an export will have, for whoever watches."""
        where = _IN_WINDOW if window else ("1" if table == "posts" else "matched = 1")
        query = {
            "posts": f"SELECT count(*) FROM posts WHERE {where}",  # noqa: S608
            "events": f"SELECT count(DISTINCT event_id) FROM posts WHERE {where}",  # noqa: S608
            "hits": f"SELECT count(*) FROM posts JOIN hits ON post = seq WHERE {where}",  # noqa: S608
            "observations": f"SELECT count(*) FROM observations JOIN posts ON post = seq {_OBSERVED if window else ''}",  # noqa: S608
        }[table]
        with self._read() as connection:
            return int(connection.execute(query, _bounds(window)).fetchone()[0])

    def export_posts(self, window: Window | None) -> Iterator[dict[str, Any]]:
        """The matched posts of a window, or (None) every post of all days; by time, then arrival."""
        for batch in self._batches(_IN_WINDOW if window else "1", window):
            yield from self._rows(_POSTS, batch, "seq")

    def export_hits(self, window: Window | None) -> Iterator[dict[str, Any]]:
        """Every hit of the posts of a window, or of all; by the time of the post, then in the order of its text."""
        for batch in self._batches(_IN_WINDOW if window else "matched = 1", window):
            yield from self._rows(_HITS, batch, "hit")

    def export_events(self, window: Window | None) -> Iterator[dict[str, Any]]:
        """The events that have a report in the window, as they are now, with all of their reports; by their beginning."""
        touched = f"AND event_id IN (SELECT event_id FROM posts WHERE {_IN_WINDOW})" if window else ""  # noqa: S608
        query = _EVENTS.format(time=_TIME, inside=_IN_WINDOW if window else "1", touched=touched)
        with self._read() as connection:
            yield from _named(connection.execute(query, _bounds(window)))

    def export_observations(self, window: Window | None) -> Iterator[dict[str, Any]]:
        """Where items of hot lists stood, changes only: of matched posts within the window, or of all; in the order of time."""
        with self._read() as connection:
            query = _OBSERVATIONS.format(where=_OBSERVED if window else "")
            yield from _named(connection.execute(query, _bounds(window)))

    def hits_of(self, seqs: Sequence[int]) -> dict[int, tuple[Hit, ...]]:
        """The hits of posts, by row, in the order of the text."""
        query = f"SELECT * FROM hits WHERE post IN ({_list(seqs)}) ORDER BY post, rowid"  # noqa: S608
        found: dict[int, list[Hit]] = {}
        with self._read() as connection:
            for post, *values in connection.execute(query):
                found.setdefault(post, []).append(Hit(*values))
        return {post: tuple(hits) for post, hits in found.items()}

    def _batches(self, where: str, window: Window | None) -> Iterator[Sequence[int]]:
        query = f"SELECT seq FROM posts WHERE {where} ORDER BY {_TIME}, seq"  # noqa: S608
        with self._read() as connection:
            seqs = array("q", (row[0] for row in connection.execute(query, _bounds(window))))
        rest = iter(seqs)
        while batch := list(islice(rest, BATCH)):
            yield batch

    def _rows(self, query: str, batch: Sequence[int], within: str) -> Iterator[dict[str, Any]]:
        place = {seq: i for i, seq in enumerate(batch)}
        with self._read() as connection:
            rows = list(_named(connection.execute(query.format(seqs=_list(batch)))))
        yield from sorted(rows, key=lambda row: (place[row["seq"]], row[within]))


def _bounds(window: Window | None) -> Mapping[str, int]:
    return {"start": to_ms(window.start), "end": to_ms(window.end)} if window else {}


def _list(seqs: Sequence[int]) -> str:
    """Row numbers are ours and whole: they may stand in the query."""
    return ",".join(map(str, seqs))


def _named(cursor: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)
