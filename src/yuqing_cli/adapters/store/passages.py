"""The texts of posts and what hit in them, as they were at a moment: what excerpts are cut from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from yuqing_cli.digest.shapes import Passage
from yuqing_cli.models import Hit
from yuqing_cli.times import to_ms

from .rows import chunks, marks


def passages(connection: sqlite3.Connection, ids: Iterable[str], as_of: datetime) -> dict[str, Passage]:
    """Title, text and hits of posts as they were at ``as_of``; three statements for every ``CHUNK`` posts."""
    found: dict[str, Passage] = {}
    for part in chunks(ids):
        query = f"SELECT seq, id, title, text FROM posts WHERE id IN ({marks(part)})"  # noqa: S608
        rows = connection.execute(query, part).fetchall()
        seqs = [row[0] for row in rows]
        former, hits = _former_passages(connection, seqs, as_of), _hits(connection, seqs)
        found |= {
            post: former.get(seq) or Passage(title, text, tuple(hits.get(seq, ()))) for seq, post, title, text in rows
        }
    return found


def _hits(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    query = f"SELECT * FROM hits WHERE post IN ({marks(seqs)}) ORDER BY rowid"  # noqa: S608
    for row in connection.execute(query, seqs):
        found.setdefault(row[0], []).append(Hit(*row[1:]))
    return found


def _former_passages(connection: sqlite3.Connection, seqs: Sequence[int], as_of: datetime) -> dict[int, Passage]:
    query = f"""SELECT post, title, text, hits FROM changes WHERE post IN ({marks(seqs)}) AND changed_at > ?
        ORDER BY seq DESC"""  # noqa: S608
    # The oldest later change comes last, and holds the version of that moment.
    rows = connection.execute(query, (*seqs, to_ms(as_of)))
    return {row[0]: Passage(row[1], row[2], tuple(Hit(*hit) for hit in json.loads(row[3]))) for row in rows}
