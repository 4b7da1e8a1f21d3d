"""Retention: the text of a post goes when it is old enough; what is needed to count it and to know it again stays.

A row of ``posts`` keeps its id, source, addresses, hash, times, judgement and event: an old item that stands in its feed for months must
not come back as new, and last year's numbers must stay what they were. Title, text and origin are blanked, and what grouping compares;
hits, exclusions and former versions go whole. Stored issues lose the excerpts of such posts.

What is taken out is overwritten (``secure_delete``), the index is merged into one piece and the log folded back, so that the words are
gone from the files and not only from the answers. Work is done in transactions of ``BATCH`` posts: a fetch waits a moment at the most,
and a purge that is killed goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from yuqing_cli.records import Record
from yuqing_cli.times import to_ms

from . import neighbours, search
from .rows import dump

BATCH = 500


class Ages(Record):
    """Text first seen before these moments goes: of matched posts, and of the others."""

    matched: datetime
    unmatched: datetime

    @property
    def values(self) -> dict[str, int]:
        """As SQL parameters, in milliseconds."""
        return {"matched_before": to_ms(self.matched), "unmatched_before": to_ms(self.unmatched)}


_DUE = """purged_at IS NULL AND ((matched = 1 AND first_seen < :matched_before)
    OR (matched = 0 AND first_seen < :unmatched_before))"""


def due(connection: sqlite3.Connection, ages: Ages) -> tuple[int, int]:
    """How many matched and how many other posts are to lose their text."""
    query = f"SELECT coalesce(sum(matched), 0), count(*) FROM posts WHERE {_DUE}"  # noqa: S608
    matched, total = connection.execute(query, ages.values).fetchone()
    return int(matched), int(total) - int(matched)


def purge_some(connection: sqlite3.Connection, ages: Ages, at: datetime) -> int:
    """Take the text of up to ``BATCH`` posts; how many there were. Runs inside the caller's transaction."""
    query = f"SELECT seq FROM posts WHERE {_DUE} LIMIT {BATCH}"  # noqa: S608
    seqs = [seq for (seq,) in connection.execute(query, ages.values)]
    if seqs:
        _remove(connection, seqs, at)
    return len(seqs)


def _remove(connection: sqlite3.Connection, seqs: Sequence[int], at: datetime) -> None:
    search.unindex(connection, seqs)
    marks = ",".join("?" * len(seqs))
    blank = f"UPDATE posts SET title = '', text = '', origin = '', article = '', purged_at = ? WHERE seq IN ({marks})"  # noqa: S608
    connection.execute(blank, (to_ms(at), *seqs))
    for table in ("hits", "exclusions", "changes"):
        connection.execute(f"DELETE FROM {table} WHERE post IN ({marks})", seqs)  # noqa: S608
    search.index(connection, seqs)
    neighbours.blank(connection, seqs)


_WORDS: dict[str, Any] = {"excerpt": "", "highlights": [], "terms": []}
"""What an issue quotes of a post. Its title stays: it is what the office was told."""


def strip_issues(connection: sqlite3.Connection) -> int:
    """Blank what stored issues quote of posts whose text is gone; in how many issues. An excerpt is cut from the first link's post."""
    query = """SELECT number, digest FROM issues WHERE EXISTS (
        SELECT 1 FROM json_each(digest, '$.events') AS event JOIN posts ON posts.id = json_extract(event.value, '$.links[0].post')
        WHERE json_extract(event.value, '$.excerpt') != '' AND purged_at IS NOT NULL)"""
    issues = connection.execute(query).fetchall()
    for number, text in issues:
        digest = json.loads(text)
        quoted = {event["links"][0]["post"]: event for event in digest["events"] if event["links"]}
        for post in _purged(connection, quoted):
            quoted[post].update({key: value for key, value in _WORDS.items() if key in quoted[post]})
        connection.execute("UPDATE issues SET digest = ? WHERE number = ?", (dump(digest), number))
    return len(issues)


def _purged(connection: sqlite3.Connection, posts: Iterable[str]) -> set[str]:
    query = "SELECT id FROM posts WHERE purged_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in connection.execute(query, (dump(list(posts)),))}


def free_share(connection: sqlite3.Connection) -> float:
    """The share of the file that is empty, 0..1."""
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    return float(free) / max(int(pages), 1)
