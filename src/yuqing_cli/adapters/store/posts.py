"""Posts, their hits, their former versions, and the events that they form."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.models import Judged, Judgement, Known, Post, Saved
from yuqing_cli.text import fold
from yuqing_cli.times import from_ms, to_ms

from . import groups, search
from .rows import chunks, dump, exclusion_row, hit_row, judgement_values, marks, moment, ms, stored_post

_INSERT = """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, published_at, first_seen, at, baseline,
    rank, heat, article, matched, score, level, parts, topics, subjects, packs, scoring)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ARRIVE = "INSERT INTO arrivals (post, at) VALUES (?, ?)"
_ARRIVE_SINCE = "INSERT INTO arrivals (post, at) SELECT seq, ? FROM posts WHERE seq > ? ORDER BY seq"
_UPDATE = """UPDATE posts SET title = ?, text = ?, content_hash = ?, url = ?, changed_at = ?, purged_at = NULL,
    matched = ?, score = ?, level = ?, parts = ?, topics = ?, subjects = ?, packs = ?, scoring = ? WHERE seq = ?"""
_FORMER = "title, text, matched, score, level, parts, topics, subjects, packs, scoring"
_KEEP = f"""INSERT INTO changes (post, changed_at, {_FORMER}, hits, excluded)
    SELECT seq, ?, {_FORMER}, ?, ? FROM posts WHERE seq = ?"""  # noqa: S608
_HIT = "INSERT INTO hits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EXCLUSION = "INSERT INTO exclusions VALUES (?, ?, ?, ?, ?, ?)"


T = TypeVar("T")


def known(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Known]:
    """What is stored of these posts, by id."""
    found: dict[str, Known] = {}
    for part in chunks(ids):
        query = f"SELECT id, content_hash, article FROM posts WHERE id IN ({marks(part)})"  # noqa: S608
        found.update((row[0], Known(row[1], row[2])) for row in connection.execute(query, part))
    return found


def texts(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """The stored texts of these posts, by id."""
    found: dict[str, str] = {}
    for part in chunks(ids):
        found.update(connection.execute(f"SELECT id, text FROM posts WHERE id IN ({marks(part)})", part))  # noqa: S608
    return found


def arrivals(connection: sqlite3.Connection, source: str, since: datetime) -> list[datetime]:
    """When posts of the source were first seen, oldest first; those of its baseline are no arrivals."""
    query = "SELECT first_seen FROM posts WHERE source = ? AND first_seen >= ? AND baseline = 0 ORDER BY first_seen"
    return [from_ms(row[0]) for row in connection.execute(query, (source, to_ms(since)))]


def wishes(connection: sqlite3.Connection, source: str, since: datetime, most: int) -> list[tuple[str, str]]:
    """(id, address) of the posts, first seen since then, whose page is still to be read; newest first."""
    query = """SELECT id, url FROM posts
        WHERE source = ? AND article = 'wanted' AND first_seen >= ? ORDER BY seq DESC LIMIT ?"""
    return connection.execute(query, (source, to_ms(since), most)).fetchall()


def save(connection: sqlite3.Connection, judged: Sequence[Judged], now: datetime, *, baseline: bool) -> Saved:
    """Insert what is new, update what changed, regroup what both touch. Runs inside the caller's transaction.

    What is stored is compared again here, inside the write lock: another run may have stored the same posts meanwhile.
    """
    stored = known(connection, (j.post.id for j in judged))
    fresh = [j for j in judged if j.post.id not in stored]
    changed = [j for j in judged if j.post.id in stored and stored[j.post.id].content != j.post.content]
    _insert(connection, fresh, now, baseline=baseline)
    for entry in changed:
        _change(connection, entry, now)
    matched = sum(entry.judgement.matched for entry in (*fresh, *changed))
    touched = [entry.post.id for entry in (*(f for f in fresh if f.judgement.matched), *changed)]
    return Saved(len(fresh), len(changed), matched, group(connection, touched, now))


def save_article(connection: sqlite3.Connection, entry: Judged, origin: str, now: datetime) -> Saved:
    """Put a post's full text in the place of its summary and judge it by that. The version before stays in ``changes``:

    a digest as of an earlier moment must not know it. A date that only the article has becomes the post's.
    """
    _change(connection, entry, now)
    values = (entry.post.article, origin, ms(entry.post.published_at), ms(entry.post.published_at), entry.post.id)
    query = """UPDATE posts SET article = ?, origin = ?, at = coalesce(published_at, ?, at),
        published_at = coalesce(published_at, ?) WHERE id = ?"""
    connection.execute(query, values)
    return Saved(events_new=group(connection, [entry.post.id], now))


def _insert(connection: sqlite3.Connection, fresh: Sequence[Judged], now: datetime, *, baseline: bool) -> None:
    """In a few statements, however many there are. Inside the write lock nobody else's rows come between."""
    if not fresh:
        return
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM posts").fetchone()
    seen = to_ms(now)
    connection.executemany(_INSERT, [_row(entry, seen, baseline=baseline) for entry in fresh])
    connection.execute(_ARRIVE_SINCE, (seen, last))
    seqs = dict(connection.execute("SELECT id, seq FROM posts WHERE seq > ?", (last,)))
    folded = ((entry, entry.folded or (fold(entry.post.title), fold(entry.post.text))) for entry in fresh)
    search.index_new(connection, ((seqs[entry.post.id], *texts) for entry, texts in folded))
    _write_words(connection, ((seqs[entry.post.id], entry.judgement) for entry in fresh))


def _row(entry: Judged, seen: int, *, baseline: bool) -> tuple[object, ...]:
    post, published = entry.post, ms(entry.post.published_at)
    # A post without a date happened when it was first seen; in the first reading of a source nobody knows when.
    at = published if published is not None else (None if baseline else seen)
    values = (post.id, post.source, post.url, post.canonical_url, post.title, post.text, post.content)
    times = (published, seen, at, int(baseline), post.rank, post.heat, post.article)
    return (*values, *times, *judgement_values(entry.judgement))


def _write_words(connection: sqlite3.Connection, judgements: Iterable[tuple[int, Judgement]]) -> None:
    """The hits and the exclusions of posts that have none in the store yet."""
    held = list(judgements)
    connection.executemany(_HIT, [hit_row(seq, hit) for seq, judgement in held for hit in judgement.hits])
    rows = [exclusion_row(seq, exclusion) for seq, judgement in held for exclusion in judgement.excluded]
    connection.executemany(_EXCLUSION, rows)


def _change(connection: sqlite3.Connection, entry: Judged, now: datetime) -> None:
    post = entry.post
    seq, matched = connection.execute("SELECT seq, matched FROM posts WHERE id = ?", (post.id,)).fetchone()
    keep_former(connection, seq, now)
    # The canonical address stays the first one: it decides the event, and a post does not leave its event by moving house.
    values = (post.title, post.text, post.content, post.url, to_ms(now))
    search.unindex(connection, [seq])
    connection.execute(_UPDATE, (*values, *judgement_values(entry.judgement), seq))
    search.index(connection, [seq])
    follow(connection, seq, entry.judgement, now, matched=matched)


def keep_former(connection: sqlite3.Connection, seq: int, now: datetime) -> None:
    """Write down what a post is and how it is judged before either changes: a report as of an earlier moment shows that."""
    words = [dump([row[1:] for row in _words(connection, table, seq)]) for table in ("hits", "exclusions")]
    connection.execute(_KEEP, (to_ms(now), *words, seq))


def follow(connection: sqlite3.Connection, seq: int, judgement: Judgement, now: datetime, *, matched: bool) -> None:
    """What else changes with the judgement of a post that was ``matched``: its hits, its exclusions, its arrival."""
    connection.execute("DELETE FROM hits WHERE post = ?", (seq,))
    connection.execute("DELETE FROM exclusions WHERE post = ?", (seq,))
    _write_words(connection, [(seq, judgement)])
    if judgement.matched and not matched:
        # It concerns the desk from now on: it arrives again, so that an issue that is already out does not hide it.
        connection.execute(_ARRIVE, (seq, to_ms(now)))


def group(connection: sqlite3.Connection, touched: Iterable[str], now: datetime) -> int:
    """Group anew what posts touch that are new, changed, or judged otherwise; how many events came to be."""
    seqs: list[int] = []
    for part in chunks(touched):
        seqs += [row[0] for row in connection.execute(f"SELECT seq FROM posts WHERE id IN ({marks(part)})", part)]  # noqa: S608
    return groups.settle(connection, seqs, now) if seqs else 0


def one(connection: sqlite3.Connection, beginning: str) -> StoredPost | None:
    """The one post whose id begins so."""
    query = """SELECT posts.*, sources.tier AS tier FROM posts LEFT JOIN sources ON sources.name = source
        WHERE id >= ? AND id < ? LIMIT 2"""
    cursor = connection.execute(query, (beginning.lower(), beginning.lower() + "~"))
    cursor.row_factory = sqlite3.Row
    rows = cursor.fetchall()
    return stored_post(rows[0], "window") if len(rows) == 1 else None


WHOLE = "id, source, url, canonical_url, title, text, published_at, content_hash, rank, heat, article, stay"
"""The columns of a ``Post``, for ``from_row``."""


def from_row(row: Sequence[Any]) -> Post:
    """A row of ``WHOLE``."""
    values: dict[str, Any] = dict(zip(WHOLE.split(", "), row, strict=True))
    values["published_at"] = moment(values["published_at"])
    values["content"] = values.pop("content_hash")
    return Post(**values)


def whole(connection: sqlite3.Connection, post: str) -> Post:
    """A stored post. Raises ``KeyError``."""
    row = connection.execute(f"SELECT {WHOLE} FROM posts WHERE id = ?", (post,)).fetchone()  # noqa: S608
    if row is None:
        raise KeyError(post)
    return from_row(row)


def _words(connection: sqlite3.Connection, table: Literal["hits", "exclusions"], seq: int) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT * FROM {table} WHERE post = ? ORDER BY rowid", (seq,)).fetchall()  # noqa: S608
