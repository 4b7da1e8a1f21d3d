"""What the desk decided about events by hand, and what an event id means.

Append-only: a decision is taken back by another one. ``groups`` names posts, not events, because ids of events follow their posts:
of a merge the posts of each event, of a split the posts that leave and those that stay, of noise the posts of the event. So a decision
holds whatever the machine makes of these posts later, through changes, rescoring and new editions of the weights.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from yuqing_cli.errors import UsageError
from yuqing_cli.records import Record
from yuqing_cli.times import to_ms

from . import groups
from . import marks as verdicts
from .handle import Handle
from .rows import chunks, dump, marks

_IN_ORDER = "ORDER BY published_at IS NULL, published_at, id"


class Outcome(Record):
    """What a decision made: the events that there are now of those that it was about."""

    events: tuple[str, ...]
    posts: int
    """How many posts it was about."""


class Deciding(Handle):
    """The methods of ``Store`` about what events people mean, and what they decide of them."""

    def resolve(self, event: str) -> str | None:
        """Today's id of an event, by its id, a former one, or the beginning of either; None where none begins so, or several do."""
        with self._read() as connection:
            return resolve(connection, event)

    def merge_events(self, events: Sequence[str], now: datetime) -> Outcome:
        """Make one event of several, for good. Raises ``UsageError`` where an id means no event, or all mean one."""
        with self._write() as connection:
            ids = list(dict.fromkeys(_meant(connection, event) for event in events))
            if len(ids) < 2:
                raise UsageError("{ids} are one event already", ids=", ".join(events))
            parts = [_posts(connection, event) for event in ids]
            return _decide(connection, "merge", ids[0], parts, now)

    def split_event(self, event: str, leaving: Sequence[str], now: datetime) -> Outcome:
        """Make an event of its own of some posts of an event, for good. Raises ``UsageError`` where a post is not of it, or all are."""
        with self._write() as connection:
            id_ = _meant(connection, event)
            held = _posts(connection, id_)
            gone = {_member(held, post, id_) for post in leaving}
            parts = [[post for post in held if post not in gone], [post for post in held if post in gone]]
            if not all(parts):
                raise UsageError("these are all posts of event {id}: nothing would be left of it", id=id_)
            return _decide(connection, "split", id_, parts, now)

    def dismiss_event(self, event: str, now: datetime) -> Outcome:
        """Call an event noise, with everything that will yet come to it. Raises ``UsageError`` where the id means no event."""
        with self._write() as connection:
            id_ = _meant(connection, event)
            held = _posts(connection, id_)
            _record(connection, "noise", id_, [held], now)
            verdicts.add(connection, held, "noise", now)
            return Outcome((id_,), len(held))


def resolve(connection: sqlite3.Connection, event: str) -> str | None:
    """See ``Deciding.resolve``. Of two ids of one event a common beginning means that event."""
    if not event:
        return None
    first, last = event.lower(), event.lower() + "~"
    query = """SELECT event_id FROM posts WHERE event_id >= :first AND event_id < :last
        UNION SELECT event FROM event_aliases WHERE alias >= :first AND alias < :last LIMIT 2"""
    found = connection.execute(query, {"first": first, "last": last}).fetchall()
    return str(found[0][0]) if len(found) == 1 else None


def _meant(connection: sqlite3.Connection, event: str) -> str:
    found = resolve(connection, event)
    if found is None or not _posts(connection, found):
        raise UsageError("there is no event {id}, or several begin so", id=event)
    return found


def _posts(connection: sqlite3.Connection, event: str) -> list[str]:
    """The posts of an event, earliest first."""
    return [row[0] for row in connection.execute(f"SELECT id FROM posts WHERE event_id = ? {_IN_ORDER}", (event,))]  # noqa: S608


def _member(held: Iterable[str], beginning: str, event: str) -> str:
    found = [post for post in held if beginning and post.startswith(beginning.lower())]
    if len(found) != 1:
        raise UsageError("event {event} has no post {post}, or several begin so", event=event, post=beginning)
    return found[0]


def _decide(
    connection: sqlite3.Connection, kind: Literal["merge", "split"], event: str, parts: list[list[str]], now: datetime
) -> Outcome:
    _record(connection, kind, event, parts, now)
    posts = [post for part in parts for post in part]
    seqs: list[int] = []
    for some in chunks(posts):
        seqs += [row[0] for row in connection.execute(f"SELECT seq FROM posts WHERE id IN ({marks(some)})", some)]  # noqa: S608
    groups.regroup_touched(connection, seqs, now)
    first = [connection.execute("SELECT event_id FROM posts WHERE id = ?", (part[0],)).fetchone()[0] for part in parts]
    return Outcome(tuple(dict.fromkeys(first)), len(posts))


def _record(
    connection: sqlite3.Connection,
    kind: Literal["merge", "split", "noise"],
    event: str,
    parts: list[list[str]],
    at: datetime,
) -> None:
    query = "INSERT INTO decisions (kind, event, groups, at) VALUES (?, ?, ?, ?)"
    connection.execute(query, (kind, event, dump(parts), to_ms(at)))
