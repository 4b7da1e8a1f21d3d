"""Judging stored posts again: which were judged by what, their texts in batches, and the outcome put in the place of the former.

A post whose judgement comes out the same gets the new stamps and nothing else. Where it differs the former version goes to ``changes``,
as when its text had changed, so a report of the past stays what it was. Stamps are written with the judgement, in one transaction a
batch: a run that is killed goes on where it stopped, and what a fetch judged anew in between is left alone.

Posts whose text retention has removed are not judged again: there is nothing to read, and what they were counted as remains.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yuqing_cli.digest.shapes import Window
from yuqing_cli.models import Judgement, Post
from yuqing_cli.records import Record

from . import posts
from .bases import INSIDE, bounds
from .handle import Handle
from .rows import chunks, exclusion_row, hit_row, judgement_values, marks

_JUDGEMENT = "matched, score, level, parts, topics, subjects, packs, scoring"
_SET = f"UPDATE posts SET ({_JUDGEMENT}) = (?, ?, ?, ?, ?, ?, ?, ?) WHERE seq = ?"  # noqa: S608
_STAMPS = 2
"""The last columns of a judgement, which say by what it was made."""


class Held(Record):
    """A stored post that may be judged again. ``changed_at`` tells whether another run has written it meanwhile."""

    seq: int
    post: Post
    packs: str
    scoring: str
    changed_at: int | None


class Rescored(Record):
    """What judging again changed."""

    judged: int = 0
    changed: int = 0
    """Judgements that came out otherwise; ``gained`` and ``lost`` are among them."""
    gained: int = 0
    """Posts that match now and did not."""
    lost: int = 0
    """Posts that matched and do not now."""

    def __add__(self, other: Rescored) -> Rescored:
        return Rescored(
            self.judged + other.judged,
            self.changed + other.changed,
            self.gained + other.gained,
            self.lost + other.lost,
        )


class Rescoring(Handle):
    """The store as ``workflows.rescore`` needs it."""

    def held(self, after: int, most: int, window: Window | None = None) -> list[Held]:
        """The next posts in the order of their arrival, above a sequence number."""
        inside = "" if window is None else f"AND {INSIDE}"
        query = f"""SELECT seq, packs, scoring, changed_at, {posts.WHOLE} FROM posts
            WHERE seq > :after AND purged_at IS NULL {inside} ORDER BY seq LIMIT :most"""  # noqa: S608
        values = {"after": after, "most": most} | ({} if window is None else bounds(window))
        with self._read() as connection:
            rows = connection.execute(query, values).fetchall()
        return [Held(seq, posts.from_row(whole), *stamps) for seq, *stamps, whole in map(_split, rows)]

    def held_posts(self, ids: Sequence[str]) -> list[Held]:
        """These posts, as ``held``; those without a text are left out."""
        found: list[Held] = []
        with self._read() as connection:
            for part in chunks(ids):
                query = f"""SELECT seq, packs, scoring, changed_at, {posts.WHOLE} FROM posts
                    WHERE purged_at IS NULL AND id IN ({marks(part)})"""  # noqa: S608
                rows = connection.execute(query, part).fetchall()
                found += [Held(seq, posts.from_row(whole), *stamps) for seq, *stamps, whole in map(_split, rows)]
        return found

    def rejudge(self, judged: Sequence[tuple[Held, Judgement]], now: datetime) -> Rescored:
        """Put these judgements in the place of the stored ones, and regroup what they touch."""
        with self._write() as connection:
            return _rejudge(connection, judged, now)


def _split(row: Sequence[Any]) -> tuple[Any, ...]:
    seq, packs, scoring, changed_at, *whole = row
    return (seq, packs, scoring, changed_at, whole)


def _rejudge(connection: sqlite3.Connection, judged: Sequence[tuple[Held, Judgement]], now: datetime) -> Rescored:
    stored = _stored(connection, [held.seq for held, _ in judged])
    same: list[tuple[object, ...]] = []
    touched: list[str] = []
    done = Rescored()
    for held, judgement in judged:
        former = stored.get(held.seq)
        if former is None or former.changed_at != held.changed_at:
            continue
        values = judgement_values(judgement)
        if former.same(held.seq, values, judgement):
            same.append((*values[-_STAMPS:], held.seq))
            done += Rescored(1)
            continue
        posts.keep_former(connection, held.seq, now)
        connection.execute(_SET, (*values, held.seq))
        posts.follow(connection, held.seq, judgement, now, matched=former.matched)
        touched.append(held.post.id)
        gained = judgement.matched and not former.matched
        done += Rescored(1, 1, int(gained), int(former.matched and not judgement.matched))
    connection.executemany("UPDATE posts SET packs = ?, scoring = ? WHERE seq = ?", same)
    posts.group(connection, touched, now)
    return done


@dataclass(slots=True)
class _Former:
    """A stored judgement as rows."""

    changed_at: int | None
    values: tuple[object, ...]
    hits: list[tuple[object, ...]]
    exclusions: list[tuple[object, ...]]

    @property
    def matched(self) -> bool:
        return bool(self.values[0])

    def same(self, seq: int, values: tuple[object, ...], judgement: Judgement) -> bool:
        """Whether the new judgement says the same, by whatever it was made."""
        return (
            self.values == values[:-_STAMPS]
            and self.hits == [hit_row(seq, hit) for hit in judgement.hits]
            and self.exclusions == [exclusion_row(seq, exclusion) for exclusion in judgement.excluded]
        )


def _stored(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, _Former]:
    found: dict[int, _Former] = {}
    columns = _JUDGEMENT.rsplit(", ", _STAMPS)[0]
    for part in chunks(seqs):
        among = f"IN ({marks(part)})"
        for seq, changed_at, *values in connection.execute(
            f"SELECT seq, changed_at, {columns} FROM posts WHERE seq {among}",  # noqa: S608
            part,
        ):
            found[seq] = _Former(changed_at, tuple(values), [], [])
        for row in connection.execute(f"SELECT * FROM hits WHERE post {among} ORDER BY rowid", part):  # noqa: S608
            found[row[0]].hits.append(row)
        for row in connection.execute(f"SELECT * FROM exclusions WHERE post {among} ORDER BY rowid", part):  # noqa: S608
            found[row[0]].exclusions.append(row)
    return found
