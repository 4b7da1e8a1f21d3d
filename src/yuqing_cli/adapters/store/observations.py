"""Where the items of hot lists stood, and when: changes only.

A row says where an item stood from ``at`` on; ``listed`` marks the newest row of each item that is on its list at present, so that a
fetch reads these few and not the past. Heat counts as changed from a tenth on: it moves with every second, and a row for each fetch
would be the largest table of the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yuqing_cli.digest.shapes import Window
from yuqing_cli.models import Post
from yuqing_cli.times import from_ms, to_ms

from .handle import Handle
from .rows import chunks, marks

if TYPE_CHECKING:
    from yuqing_cli.events.hot import Observed, Sighting

MOVED = 0.1
"""The share by which a heat must differ from the last one that was kept."""
STEPS = (0.0, 30.0, 60.0, 120.0, 240.0, 480.0)
"""Minutes on a list, as far as a score tells them apart."""
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
        if not seen:
            return {}
        from yuqing_cli.events.hot import observed

        found = ((post, observed(changes, max(read[post], changes[-1].at))) for post, changes in seen.items())
        return {post: summary for post, summary in found if summary is not None}

    def stayed(self, source: str, now: datetime) -> tuple[str, ...]:
        """The list of a source was read and is as it was: what ``record`` returns, for those who have stood there for longer now."""
        with self._read() as connection:
            listed = _listed(connection, source)
        if not listed:
            return ()
        with self._write() as connection:
            return _climbed(connection, listed, now)

    def hot_posts(self, window: Window, as_of: datetime) -> list[str]:
        """Ids of the matched posts that stood on a hot list in the window, in the order of their arrival."""
        end = min(window.end, as_of + timedelta(milliseconds=1))
        values = {"start": to_ms(window.start), "end": to_ms(end), "back": to_ms(window.start - LOOK_BACK)}
        with self._read() as connection:
            return [row[0] for row in connection.execute(_HOT, values)]


def record(
    connection: sqlite3.Connection, source: str, posts: Sequence[Post], now: datetime, *, whole: bool
) -> tuple[str, ...]:
    """Write down what changed on a hot list. ``whole``: ``posts`` are all of it, so that what is not among them has left.

    The posts must be stored already. Runs inside the caller's transaction. Returns the ids of the matched posts that now have a better
    rank, more heat or a longer stay than they were judged by: for them these three are kept with the post, and it is to be judged again.
    """
    listed = _listed(connection, source)
    ranked = {post.id: post for post in posts if post.rank is not None or post.heat is not None}
    if not (ranked or listed):
        return ()
    present = {seq: ranked[id_] for id_, seq in _seqs(connection, ranked).items()}
    moved = [seq for seq, post in present.items() if seq not in listed or _moved(listed[seq], post)]
    left = [seq for seq in listed if seq not in present] if whole else []
    at = to_ms(now)
    closed = [(seq,) for seq in (*moved, *left) if seq in listed]
    connection.executemany("UPDATE observations SET listed = 0 WHERE listed = 1 AND post = ?", closed)
    connection.executemany(_INSERT, [(seq, at, present[seq].rank, present[seq].heat, 1) for seq in moved])
    connection.executemany(_INSERT, [(seq, at, None, None, 0) for seq in left])
    return _climbed(connection, present, now)


def _listed(connection: sqlite3.Connection, source: str) -> dict[int, tuple[int | None, float | None]]:
    """Where the items of a source stand at present, by the number of their post."""
    query = """SELECT post, observations.rank, observations.heat FROM observations JOIN posts ON seq = post
        WHERE listed = 1 AND source = ?"""
    return {seq: (rank, heat) for seq, rank, heat in connection.execute(query, (source,))}


def _climbed(connection: sqlite3.Connection, present: Iterable[int], now: datetime) -> tuple[str, ...]:
    judged: dict[str, tuple[int, int | None, float | None, float]] = {}
    for part in chunks(present):
        query = f"SELECT id, seq, rank, heat, stay FROM posts WHERE matched = 1 AND seq IN ({marks(part)})"  # noqa: S608
        judged.update((id_, (seq, *stands)) for id_, seq, *stands in connection.execute(query, part))
    from yuqing_cli.events.hot import observed

    found = []
    for id_, sightings in _sightings(connection, judged, now).items():
        seq, rank, heat, stay = judged[id_]
        best = observed(sightings, now)
        if best is None:
            continue
        after = (_better(rank, best.best_rank), _hotter(heat, best.heat), max(stay, _step(best.minutes)))
        if after != (rank, heat, stay):
            connection.execute("UPDATE posts SET rank = ?, heat = ?, stay = ? WHERE seq = ?", (*after, seq))
            found.append(id_)
    return tuple(found)


def _step(minutes: float) -> float:
    """A stay counts in steps, so that an item that stays all day is judged again six times and not at each fetch."""
    return max(step for step in STEPS if step <= minutes)


def _hotter(before: float | None, after: float | None) -> float | None:
    return after if before is None or (after is not None and after > before * (1 + MOVED)) else before


def _better(before: int | None, after: int | None) -> int | None:
    return min((rank for rank in (before, after) if rank is not None), default=None)


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
    held = list(posts)
    if not held:
        return {}
    # Only here: most digests have no hot list.
    from yuqing_cli.events.hot import Sighting

    found: dict[str, list[Sighting]] = {}
    for part in chunks(held):
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
