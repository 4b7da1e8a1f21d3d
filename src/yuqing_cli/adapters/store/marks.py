"""Verdicts of the desk on single posts: what concerned it, and what was noise.

Append-only: a verdict is taken back by giving another, and what was known at an earlier moment can be asked for. The rows name posts
by their ids and outlive their texts, so that health and precision can be told of what retention has removed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from yuqing_cli.ids import event_id
from yuqing_cli.models import Verdict
from yuqing_cli.times import to_ms

_LATEST = "SELECT post, verdict FROM marks WHERE seq IN (SELECT max(seq) FROM marks WHERE at <= ? GROUP BY post)"
_FOREVER = 2**62


def add(connection: sqlite3.Connection, posts: Iterable[str], verdict: Verdict, at: datetime) -> int:
    """Write the verdict on each post that does not have it already; how many these are."""
    held = _given(connection, _FOREVER)
    rows = [(post, verdict, to_ms(at)) for post in dict.fromkeys(posts) if held.get(post) != verdict]
    connection.executemany("INSERT INTO marks (post, verdict, at) VALUES (?, ?, ?)", rows)
    return len(rows)


def latest(connection: sqlite3.Connection, as_of: datetime | None = None) -> dict[str, Verdict]:
    """The verdict that each marked post had at ``as_of``; now, without one. What comes to an event called noise is noise."""
    moment = _FOREVER if as_of is None else to_ms(as_of)
    by_event: dict[str, Verdict] = dict.fromkeys(sorted(_dismissed(connection, moment)), "noise")
    return by_event | _given(connection, moment)


def _given(connection: sqlite3.Connection, moment: int) -> dict[str, Verdict]:
    return dict(connection.execute(_LATEST, (moment,)).fetchall())


def _dismissed(connection: sqlite3.Connection, as_of_ms: int) -> set[str]:
    """Posts of events that had been called noise by then: those that the events had, and those that they have now.

    An event goes by its first post; where that was marked relevant afterwards, the event is no noise any more.
    """
    query = "SELECT groups, at FROM decisions WHERE kind = 'noise' AND at <= ?"
    found: set[str] = set()
    for stored, at in connection.execute(query, (as_of_ms,)).fetchall():
        (posts,) = json.loads(stored)
        kept = "SELECT 1 FROM marks WHERE post = ? AND verdict = 'relevant' AND at BETWEEN ? AND ? LIMIT 1"
        if connection.execute(kept, (posts[0], at, as_of_ms)).fetchone() is None:
            now = connection.execute("SELECT id FROM posts WHERE event_id = ?", (event_id(posts[0]),))
            found.update(posts, (row[0] for row in now))
    return found


def meant(connection: sqlite3.Connection, beginning: str) -> list[str]:
    """Ids of the posts that a person means: one post by its id or its beginning, or all posts of an event by any of its ids.

    Empty where nothing begins so, or where several do.
    """
    first, last = beginning.lower(), beginning.lower() + "~"
    posts = _column(connection, "SELECT id FROM posts WHERE id >= ? AND id < ? LIMIT 2", (first, last))
    events = _column(
        connection,
        """SELECT event_id FROM posts WHERE event_id >= ? AND event_id < ?
            UNION SELECT event FROM event_aliases WHERE alias >= ? AND alias < ? LIMIT 2""",
        (first, last, first, last),
    )
    if len(posts) + len(events) != 1 or not beginning:
        return []
    return posts or _column(connection, "SELECT id FROM posts WHERE event_id = ? ORDER BY seq", events)


def _column(connection: sqlite3.Connection, query: str, values: Sequence[str]) -> list[str]:
    return [row[0] for row in connection.execute(query, values)]
