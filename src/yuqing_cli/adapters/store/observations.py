"""Where the items of hot lists stood, and when: changes only.

A row says where an item stood from ``at`` on; ``listed`` marks the newest row of each item that is on its list at present, so that a
fetch reads these few and not the past. Heat counts as changed from a tenth on: it moves with every second, and a row for each fetch
would be the largest table of the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from yuqing_cli.digest.shapes import Window
from yuqing_cli.events.hot import Observed, Sighting, observed
from yuqing_cli.models import Post
from yuqing_cli.times import from_ms, to_ms

from .handle import Handle
from .posts import chunks, marks

MOVED = 0.1
"""The share by which a heat must differ from the last one that was kept."""
LOOK_BACK = timedelta(days=3)
"""How long before a window an item may have last changed and still count as listed in it."""

_INSERT = "INSERT OR REPLACE INTO observations (post, at, rank, heat, listed) VALUES (?, ?, ?, ?, ?)"
_HOT = """SELECT id FROM posts WHERE matched = 1 AND seq IN (
        SELECT post FROM observations WHERE at >= :start AND at < :end
        UNION SELECT post FROM observations AS one WHERE at >= :back AND at < :start AND coalesce(rank, heat) IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM observations AS other WHERE other.post = one.post AND other.at > one.at AND other.at < :start))
    ORDER BY seq"""


class Observing(Handle):
    """What was observed of hot lists."""

    def sightings(self, posts: Iterable[str], as_of: datetime) -> dict[str, list[Sighting]]:
        """The changes of these posts until ``as_of``, ascending; posts that were never on a list are left out."""
        with self._read() as connection:
            return _sightings(connection, posts, as_of)

    def observations(self, posts: Iterable[str], as_of: datetime) -> dict[str, Observed]:
        """Best rank, time on the list, direction … of these posts, as it was known at ``as_of``."""
        with self._read() as connection:
            seen = _sightings(connection, posts, as_of)
            read = _last_read(connection, seen, as_of)
        found = ((post, observed(changes, max(read[post], changes[-1].at))) for post, changes in seen.items())
        return {post: summary for post, summary in found if summary is not None}

    def hot_posts(self, window: Window, as_of: datetime) -> list[str]:
        """Ids of the matched posts that stood on a hot list in the window, in the order of their arrival."""
        end = min(window.end, as_of + timedelta(milliseconds=1))
        values = {"start": to_ms(window.start), "end": to_ms(end), "back": to_ms(window.start - LOOK_BACK)}
        with self._read() as connection:
            return [row[0] for row in connection.execute(_HOT, values)]


def record(connection: sqlite3.Connection, source: str, posts: Sequence[Post], now: datetime, *, whole: bool) -> None:
    """Write down what changed on a hot list. ``whole``: ``posts`` are all of it, so that what is not among them has left.

    The posts must be stored already. Runs inside the caller's transaction.
    """
    query = """SELECT post, observations.rank, observations.heat FROM observations JOIN posts ON seq = post
        WHERE listed = 1 AND source = ?"""
    listed = {seq: (rank, heat) for seq, rank, heat in connection.execute(query, (source,))}
    ranked = {post.id: post for post in posts if post.rank is not None or post.heat is not None}
    if not (ranked or listed):
        return
    present = {seq: ranked[id_] for id_, seq in _seqs(connection, ranked).items()}
    moved = [seq for seq, post in present.items() if seq not in listed or _moved(listed[seq], post)]
    left = [seq for seq in listed if seq not in present] if whole else []
    at = to_ms(now)
    closed = [(seq,) for seq in (*moved, *left) if seq in listed]
    connection.executemany("UPDATE observations SET listed = 0 WHERE listed = 1 AND post = ?", closed)
    connection.executemany(_INSERT, [(seq, at, present[seq].rank, present[seq].heat, 1) for seq in moved])
    connection.executemany(_INSERT, [(seq, at, None, None, 0) for seq in left])


def _moved(before: tuple[int | None, float | None], post: Post) -> bool:
    rank, heat = before
    if post.rank != rank or (post.heat is None) != (heat is None):
        return True
    return post.heat is not None and heat is not None and abs(post.heat - heat) > MOVED * abs(heat)


def _seqs(connection: sqlite3.Connection, posts: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in chunks(posts):
        found.update(connection.execute(f"SELECT id, seq FROM posts WHERE id IN ({marks(part)})", part))  # noqa: S608
    return found


def _sightings(connection: sqlite3.Connection, posts: Iterable[str], as_of: datetime) -> dict[str, list[Sighting]]:
    found: dict[str, list[Sighting]] = {}
    for part in chunks(posts):
        query = f"""SELECT id, observations.at, observations.rank, observations.heat FROM observations
            JOIN posts ON seq = post WHERE id IN ({marks(part)}) AND observations.at <= ? ORDER BY post, observations.at"""  # noqa: S608
        for id_, at, rank, heat in connection.execute(query, (*part, to_ms(as_of))):
            found.setdefault(id_, []).append(Sighting(from_ms(at), rank, heat))
    return found


def _last_read(connection: sqlite3.Connection, posts: Iterable[str], as_of: datetime) -> dict[str, datetime]:
    """When the list of each post was last read well, until ``as_of``; the beginning of time where it is not known."""
    found: dict[str, datetime] = {}
    for part in chunks(posts):
        query = f"""SELECT id, (SELECT coalesce(max(min(last_at, ?)), 0) FROM spells
            WHERE spells.source = posts.source AND state = 'ok' AND first_at <= ?) FROM posts WHERE id IN ({marks(part)})"""  # noqa: S608
        found.update((id_, from_ms(at)) for id_, at in connection.execute(query, (to_ms(as_of), to_ms(as_of), *part)))
    return found
