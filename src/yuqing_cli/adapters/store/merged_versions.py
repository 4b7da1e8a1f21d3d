"""Posts that two files both have: which version of each is the later one, and what becomes of the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yuqing_cli.times import to_ms

from . import search
from .rows import chunks, marks

OWN = ("seq", "event_id", "copy_of", "shared")
"""Columns of a post that each file makes for itself."""
_SIGHTINGS = ("id", "first_seen", "baseline", "at", "stay")
_WORDS = ("hits", "exclusions")
_DIFFER = "m.content_hash != o.content_hash AND m.purged_at IS NULL AND o.purged_at IS NULL"
_RANK = """({0}.purged_at IS NULL), CASE WHEN m.content_hash != o.content_hash THEN coalesce({0}.changed_at, {0}.first_seen) ELSE 0 END,
    {0}.content_hash, {0}.packs, {0}.scoring, {0}.matched, {0}.score, {0}.parts, {0}.title, {0}.text, {0}.url, {0}.article,
    {0}.origin, coalesce({0}.changed_at, 0)"""
"""The greater one wins. All of it is the version's own: never in which file it lies. Times decide only where the words differ: when a
post was first seen becomes the same in both files by merging, and must not turn the scale when they are merged again."""
_BOTH = "FROM main.posts AS m JOIN other.posts AS o USING (id)"


def columns_of(connection: sqlite3.Connection, table: str, *without: str) -> list[str]:
    """Names of the columns of a table."""
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})") if row[1] not in without]


def take_words(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> None:
    """Copy the hits and exclusions of posts ``m`` as the other file has them."""
    for table in _WORDS:
        columns = ", ".join(f'w."{name}"' for name in columns_of(connection, table, "post"))
        connection.execute(
            f"""INSERT INTO main.{table} SELECT m.seq, {columns} {_BOTH} JOIN other.{table} AS w ON w.post = o.seq
            WHERE {where} ORDER BY m.seq, w.rowid""",
            values,
        )


def take_versions(connection: sqlite3.Connection, now: datetime) -> list[int]:
    """Put the later version of each common post in its place, keep the other as a former one; sequence numbers of what changed."""
    query = f"SELECT m.seq, m.matched {_BOTH} WHERE ({_RANK.format('o')}) > ({_RANK.format('m')})"
    won = dict(connection.execute(query).fetchall())
    query = f"SELECT m.seq, m.first_seen, o.first_seen {_BOTH} WHERE {_DIFFER}"
    replaced = [(theirs if seq in won else mine, seq) for seq, mine, theirs in connection.execute(query)]
    _join_changes(connection)
    for part in chunks(sorted(won)):
        _take(connection, part)
    # The other desk's words stood there before: from now on the post is one that changed.
    connection.executemany("UPDATE posts SET changed_at = coalesce(changed_at, ?) WHERE seq = ?", replaced)
    came = [seq for (seq,) in connection.execute("SELECT seq FROM posts WHERE matched = 1") if won.get(seq) == 0]
    connection.executemany("INSERT INTO arrivals (post, at) VALUES (?, ?)", [(seq, to_ms(now)) for seq in came])
    return sorted(won)


def _take(connection: sqlite3.Connection, seqs: Sequence[int]) -> None:
    among = f"IN ({marks(seqs)})"
    columns = columns_of(connection, "posts", *OWN, *_SIGHTINGS)
    theirs = ", ".join(f"o.{name}" for name in columns)
    search.unindex(connection, seqs)
    query = f"UPDATE posts SET ({', '.join(columns)}) = ({theirs}) FROM other.posts AS o WHERE o.id = posts.id AND posts.seq {among}"  # noqa: S608
    connection.execute(query, seqs)
    search.index(connection, seqs)
    for table in _WORDS:
        connection.execute(f"DELETE FROM main.{table} WHERE post {among}", seqs)  # noqa: S608
    take_words(connection, f"m.seq {among}", seqs)


def _join_changes(connection: sqlite3.Connection) -> None:
    """The former versions of both files, and of two present ones the earlier; in the order of their times."""
    columns = columns_of(connection, "changes", "seq")
    listed = ", ".join(columns[1:])
    found: dict[int, set[tuple[Any, ...]]] = {}
    theirs = f"SELECT m.seq, {', '.join('c.' + name for name in columns[1:])} {_BOTH} JOIN other.changes AS c ON c.post = o.seq"
    for seq, *row in connection.execute(theirs):
        found.setdefault(seq, set()).add(tuple(row))
    losers: dict[int, tuple[Any, ...]] = {}
    for loser, winner in (("m", "o"), ("o", "m")):
        for seq, *row in connection.execute(_LOSERS.format(**_losing(loser, winner))):
            losers[seq] = tuple(row)
    # Also of posts that only this file has: rows of one instant stand as they were written here, and would stand otherwise there.
    alike = {
        seq for (seq,) in connection.execute("SELECT post FROM changes GROUP BY post, changed_at HAVING count(*) > 1")
    }
    for seq in sorted(found.keys() | losers.keys() | alike):
        held = connection.execute(f"SELECT {listed} FROM changes WHERE post = ? ORDER BY seq", (seq,)).fetchall()  # noqa: S608
        joined = {*held, *found.get(seq, ())}
        if seq in losers and losers[seq][1:3] not in {row[1:3] for row in joined}:
            joined.add(losers[seq])
        ordered = sorted(joined, key=_in_time)
        if ordered != held:
            connection.execute("DELETE FROM changes WHERE post = ?", (seq,))
            insert = f"INSERT INTO changes (post, {listed}) VALUES ({marks(columns)})"  # noqa: S608
            connection.executemany(insert, [(seq, *row) for row in ordered])


def _in_time(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (row[0], *map(str, row))


_JUDGED = "title, text, matched, score, level, parts, topics, subjects, packs"
_HITS = 'json_array(pack, kind, rule, term, field, start, "end", weight, boundary)'
_EXCLUDED = "json_array(pack, kind, rule, term, field)"
_LOSERS = f"""SELECT m.seq, coalesce({{winner}}.changed_at, {{winner}}.first_seen), {{judged}},
    (SELECT json_group_array({_HITS}) FROM {{file}}.hits WHERE post = {{loser}}.seq),
    (SELECT json_group_array({_EXCLUDED}) FROM {{file}}.exclusions WHERE post = {{loser}}.seq), {{loser}}.scoring
    {_BOTH} WHERE {_DIFFER} AND ({{winning}}) > ({{losing}})"""  # noqa: S608
"""Columns as in ``changes``: hits, excluded, scoring stand at the end."""


def _losing(loser: str, winner: str) -> dict[str, str]:
    judged = ", ".join(f"{loser}.{name}" for name in _JUDGED.split(", "))
    ranks = {"winning": _RANK.format(winner), "losing": _RANK.format(loser)}
    return {"winner": winner, "loser": loser, "judged": judged, "file": "main" if loser == "m" else "other"} | ranks
