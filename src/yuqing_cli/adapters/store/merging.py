"""Two desks' files into one: what either collected, judged and wrote down, each thing once.

Principle. The result is a function of the two *sets* of facts, not of which file took in the other, nor of how often: merging is
commutative and idempotent. So every conflict is decided by the facts themselves. Of two versions of one post the later one wins (by when
it changed, else by when it was first seen; ties by its content and judgement), a version with text before one whose text is gone; the
other version is kept as a former one. A post was first seen when the first of the two desks saw it. Marks, the desk's words and all else
that is only ever added to are joined and put in the order of their times. Events are grouped anew from the joined posts, and every id
that an event had in either file stays an alias.

What is not joined: issues are documents of the desk that issued them, and their numbers would collide; the schedule, validators and
history of sources that both desks ask stay this file's, because coverage says what *this* machine could have seen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from yuqing_cli.ids import event_id
from yuqing_cli.records import Record
from yuqing_cli.times import to_ms

from . import groups, posts, search
from .handle import Handle
from .merged_versions import OWN, columns_of, take_versions, take_words
from .rows import chunks, marks

ADDED_TO = ("marks", "desk_entries", "decisions")
"""Tables that are only ever added to; ``seq`` is the order of their times."""
_SIGHTED = """UPDATE posts SET first_seen = min(posts.first_seen, o.first_seen), baseline = min(posts.baseline, o.baseline),
    stay = max(posts.stay, o.stay),
    at = coalesce(posts.published_at, min(coalesce(posts.at, o.at), coalesce(o.at, posts.at)))
    FROM other.posts AS o WHERE o.id = posts.id"""
_UNDATED = """SELECT m.seq FROM main.posts AS m JOIN other.posts AS o USING (id)
    WHERE m.published_at IS NULL AND m.first_seen != o.first_seen"""
"""Without a date a post stands in time where it was first seen, and that may have become earlier."""
_OBSERVED = """INSERT INTO observations (post, at, rank, heat) SELECT m.seq, w.at, w.rank, w.heat
    FROM other.observations AS w JOIN other.posts AS o ON o.seq = w.post JOIN main.posts AS m ON m.id = o.id WHERE true
    ON CONFLICT (post, at) DO UPDATE SET rank = min(coalesce(rank, excluded.rank), coalesce(excluded.rank, rank)),
    heat = max(coalesce(heat, excluded.heat), coalesce(excluded.heat, heat))"""
_BLANK = "SELECT seq FROM posts WHERE seq IN ({marks}) AND purged_at IS NOT NULL"
"""``settle`` passes these over: there is nothing to sketch, and their links are all that groups them."""
_BLANK_SKETCHES = """INSERT OR IGNORE INTO sketches (post, edition, at, body, hidden)
    SELECT m.seq, s.edition, s.at, s.body, s.hidden FROM other.sketches AS s JOIN other.posts AS o ON o.seq = s.post
    JOIN main.posts AS m ON m.id = o.id WHERE m.purged_at IS NOT NULL"""
_BLANK_LINKS = """INSERT OR IGNORE INTO links (later, earlier, strength, kind)
    SELECT m.seq, n.seq, l.strength, l.kind FROM other.links AS l
    JOIN other.posts AS o ON o.seq = l.later JOIN main.posts AS m ON m.id = o.id
    JOIN other.posts AS p ON p.seq = l.earlier JOIN main.posts AS n ON n.id = p.id
    WHERE m.purged_at IS NOT NULL OR n.purged_at IS NOT NULL"""


class Merged(Record):
    """What merging another file brought."""

    posts: int
    matched: int
    """Of the posts that are new here, those that match."""
    changed: int
    """Posts of both files of which the other's version is the later one."""
    notes: int
    """Marks, notes, answers and decisions that are new here."""


class Merging(Handle):
    """Taking in another station's file."""

    def merge(self, other: Path, now: datetime) -> Merged:
        """Join everything of a file of the same schema into this one, in one transaction. ``other`` is only read."""
        with self._read() as connection:
            connection.execute("ATTACH ? AS other", (str(other),))
        try:
            with self._write() as connection:
                return _merge(connection, now)
        finally:
            with self._read() as connection:
                connection.execute("DETACH other")


def _merge(connection: sqlite3.Connection, now: datetime) -> Merged:
    connection.execute(_NAMED)
    new = _new_posts(connection, now)
    changed = take_versions(connection, now)
    sighted = [row[0] for row in connection.execute(_UNDATED)]
    connection.execute(_SIGHTED)
    connection.execute(_OBSERVED)
    notes = sum(_join(connection, table) for table in ADDED_TO if columns_of(connection, table))
    _introduce(connection)
    _regroup(connection, [*new, *changed, *sighted], now)
    _keep_names(connection)
    connection.execute("DROP TABLE named")
    return Merged(len(new), _matched(connection, new), len(changed), notes)


def _new_posts(connection: sqlite3.Connection, now: datetime) -> list[int]:
    """Insert the posts that only the other file has. They arrive now, so that the next issue tells them (补报)."""
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM posts").fetchone()
    columns = ", ".join(columns_of(connection, "posts", *OWN))
    connection.execute(
        f"""INSERT INTO posts ({columns}) SELECT {columns} FROM other.posts
        WHERE id NOT IN (SELECT id FROM main.posts) ORDER BY seq"""  # noqa: S608
    )
    arrive = "INSERT INTO arrivals (post, at) SELECT seq, ? FROM posts WHERE seq > ? ORDER BY seq"
    connection.execute(arrive, (to_ms(now), last))
    take_words(connection, "m.seq > ?", (last,))
    new = [row[0] for row in connection.execute("SELECT seq FROM posts WHERE seq > ? ORDER BY seq", (last,))]
    search.index(connection, new)
    return new


def _matched(connection: sqlite3.Connection, seqs: Sequence[int]) -> int:
    query = "SELECT count(*) FROM posts WHERE matched = 1 AND seq >= ?"
    return int(connection.execute(query, seqs[:1]).fetchone()[0]) if seqs else 0


def _join(connection: sqlite3.Connection, table: str) -> int:
    """Join a table that is only added to, in the order of its times; how many rows are new here."""
    columns = columns_of(connection, table, "seq")
    listed = ", ".join(columns)
    held = connection.execute(f"SELECT {listed} FROM main.{table} ORDER BY seq").fetchall()  # noqa: S608
    joined = {*held, *connection.execute(f"SELECT {listed} FROM other.{table}")}  # noqa: S608
    at = columns.index("at")
    ordered = sorted(joined, key=lambda row: (row[at], *map(str, row)))
    # Also where nothing is new: rows of one instant stand as they were written here, and would stand otherwise there.
    if ordered != held:
        connection.execute(f"DELETE FROM main.{table}")  # noqa: S608
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO main.{table} ({listed}) VALUES ({marks})", ordered)  # noqa: S608
    return len(joined) - len(set(held))


def _introduce(connection: sqlite3.Connection) -> None:
    """Sources that only the other desk asked, with their history; packs that judged its posts; addresses that it missed."""
    history = ", ".join(columns_of(connection, "spells", "seq"))
    connection.execute(
        f"""INSERT INTO spells ({history}) SELECT {history} FROM other.spells
        WHERE source NOT IN (SELECT source FROM main.spells) ORDER BY seq"""  # noqa: S608
    )
    for table in ("sources", "packsets", "missed"):
        columns = ", ".join(columns_of(connection, table, "seq"))
        connection.execute(f"INSERT OR IGNORE INTO {table} ({columns}) SELECT {columns} FROM other.{table}")  # noqa: S608


def _regroup(connection: sqlite3.Connection, seqs: Sequence[int], now: datetime) -> None:
    """Group what these posts touch. Of one without text the sketch and the links are the other file's: a pair's link is its own."""
    connection.execute(_BLANK_SKETCHES)
    connection.execute(_BLANK_LINKS)
    touched: list[str] = []
    for part in chunks(seqs):
        touched += [row[0] for row in connection.execute(f"SELECT id FROM posts WHERE seq IN ({marks(part)})", part)]  # noqa: S608
    posts.group(connection, touched, now)
    blank = [seq for part in chunks(seqs) for (seq,) in connection.execute(_BLANK.format(marks=marks(part)), part)]
    groups.regroup_touched(connection, blank, now)


_NAMED = "CREATE TEMP TABLE named AS " + " UNION ".join(  # noqa: S608
    f"""SELECT event_id AS name, id FROM {file}.posts WHERE event_id IS NOT NULL
    UNION SELECT alias, id FROM {file}.event_aliases JOIN {file}.posts ON event_id = event"""  # noqa: S608
    for file in ("main", "other")
)
_HEIRS = """SELECT name, event_id FROM named JOIN posts USING (id) WHERE matched = 1
    ORDER BY name, published_at IS NULL, published_at, id"""


def _keep_names(connection: sqlite3.Connection) -> None:
    """Let every former id mean the event of the post that it was made from, or where that is gone, of the first of its posts.

    Both are the same in whatever order files are joined.
    """
    founded = {
        event_id(post): event for post, event in connection.execute("SELECT id, event_id FROM posts WHERE matched = 1")
    }
    live = set(founded.values())
    heirs: dict[str, str] = {}
    for name, event in connection.execute(_HEIRS):
        heirs.setdefault(name, event)
    connection.execute("INSERT OR IGNORE INTO event_aliases SELECT alias, event FROM other.event_aliases")
    known = [(name, founded.get(name, heir)) for name, heir in heirs.items() if name not in live]
    connection.executemany("INSERT OR REPLACE INTO event_aliases VALUES (?, ?)", known)
    connection.executemany("DELETE FROM event_aliases WHERE alias = ?", [(event,) for event in live])
