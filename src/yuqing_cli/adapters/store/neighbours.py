"""Sketches and keys in the store: which posts may be of one event.

What is kept is a function of the stored posts alone, whatever their order of arrival. Two posts are near under a key where fewer than
``NEAREST`` others stand there between them in time. Neighbours are near under two keys, or under one that says enough alone: their text,
title or address, or a band of it. (One word in common is common: under one key alone, twice as many posts a day made twice as many
pairs for each of them, nearly all of them strangers.) A post that comes, goes or changes alters that for few pairs: it has its own
neighbours, and of those around it some pairs are pushed away from each other, or let near again. Just these pairs are handed to
``linking``; nobody looks for all its neighbours a second time. (When every follower did, a month of hot lists in mixed order took
twenty times as long: its posts have a day and no hour, so that each of them had hundreds of followers.)

Of identical posts only the first of each day or month is looked for; the others hang on the one before them.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yuqing_cli.events import background, links, origin, sketch
from yuqing_cli.records import Record, replace

from .rows import chunks, marks

NEAREST = 32
"""So many posts before a post, and as many after it, are its neighbours under a key."""
NEIGHBOURS, ADDRESS = 2, 1 << 16
BLANK = 0
"""The edition of a sketch whose text retention has removed: it keeps its links and looks for no others."""
TIE_BITS = 20
"""Below the milliseconds of a place: bits of the post's id, so that posts of one moment have an order that is not that of arrival."""
SAME_ADDRESS = 1 << 61

_BEFORE = """SELECT post FROM sketch_keys WHERE key = ? AND (at, post) < (?, ?) AND at >= ?
    ORDER BY at DESC, post DESC LIMIT ?"""
_AFTER = "SELECT post FROM sketch_keys WHERE key = ? AND (at, post) > (?, ?) AND at <= ? ORDER BY at, post LIMIT ?"
_STAND = "INSERT INTO sketch_keys (key, at, post) VALUES (?, ?, ?)"
_LEAVE = "DELETE FROM sketch_keys WHERE key = ? AND at = ? AND post = ?"
_ALWAYS = 1 << 62
_EARLIEST, _LATEST = -(1 << 41), (1 << 42) - 1
"""Milliseconds that still have room for the tie; the years 1900 and 2109."""

_NOTHING = sketch.make("", "")

Pair = tuple[int, int]
"""Rows of two posts, the later one first."""


class Held(Record):
    """A sketched post: its place in time, and under which keys it stands."""

    seq: int
    at: int
    body: sketch.Sketch
    address: int
    hidden: bool
    blank: bool = False

    @property
    def milliseconds(self) -> int:
        """Its time, since 1970."""
        return self.at >> TIE_BITS

    def firm_keys(self) -> list[int]:
        """Under these it stands even where it is hidden behind an identical post: they bring one neighbour each."""
        return [key for key in (self.body.exact, self.address) if key]

    def all_keys(self) -> list[int]:
        """Under these it stands."""
        return self.firm_keys() if self.hidden else [*self.firm_keys(), *self.body.keys()]


@dataclass(slots=True)
class Run:
    """One settling: what was read so far, which pairs have come near or may not be any more, whose component is touched."""

    connection: sqlite3.Connection
    held: dict[int, Held] = field(default_factory=dict)
    come: defaultdict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    """How near they have come."""
    doubtful: set[Pair] = field(default_factory=set)
    """How near these are depends on more than what is known here."""
    touched: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)

    def load(self, seqs: Iterable[int]) -> None:
        """Read sketches that are not in memory yet."""
        for part in chunks(seq for seq in seqs if seq not in self.held):
            query = f"""SELECT sketches.post, sketches.at, body, hidden, canonical_url, edition FROM sketches
                JOIN posts ON posts.seq = sketches.post WHERE sketches.post IN ({marks(part)}) AND edition IN (?, ?)"""  # noqa: S608
            values = (*part, background.EDITION, BLANK)
            for seq, at, body, hidden, address, edition in self.connection.execute(query, values):
                made = _NOTHING if edition == BLANK else sketch.unpacked(body)
                self.held[seq] = Held(seq, at, made, _address(address), bool(hidden), edition == BLANK)


def renew(run: Run, seqs: Iterable[int]) -> None:
    """Sketch these posts anew, those that do not match any more not at all, and collect which pairs that brings together or parts.

    Those whose text retention has removed stay as they are.
    """
    held = sorted(seqs)
    query = f"SELECT seq FROM posts WHERE seq IN ({marks(held)}) AND purged_at IS NULL ORDER BY seq"  # noqa: S608
    fresh = [row[0] for row in run.connection.execute(query, held)]
    run.fresh.update(fresh)
    _forget(run, fresh)
    _sketch(run, fresh)


def blank(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Forget what these posts said, because their texts are to be forgotten; their links, and so their events, stay."""
    run = Run(connection)
    for part in chunks(sorted(seqs)):
        run.load(part)
        for held in (run.held[seq] for seq in part if seq in run.held):
            keys = [key for key in held.all_keys() if key != held.address]
            connection.executemany(_LEAVE, [(key, held.at, held.seq) for key in keys])
        query = f"UPDATE sketches SET body = ?, edition = ? WHERE post IN ({marks(part)})"  # noqa: S608
        connection.execute(query, (b"", BLANK, *part))


def drop(connection: sqlite3.Connection) -> None:
    """Forget all sketches but those of posts without text, and what was made of them: they are of another edition.

    What cannot be made again stays: the links of posts without text, and under which address they stand.
    """
    held = "(SELECT post FROM sketches WHERE edition = ?)"
    query = f"DELETE FROM sketch_keys WHERE key < ? OR key >= ? OR post NOT IN {held}"  # noqa: S608
    connection.execute(query, (SAME_ADDRESS, _ALWAYS, BLANK))
    query = f"DELETE FROM links WHERE later NOT IN {held} AND earlier NOT IN {held}"  # noqa: S608
    connection.execute(query, (BLANK, BLANK))
    connection.execute("DELETE FROM sketches WHERE edition != ?", (BLANK,))


def nearness(run: Run, later: Held, earlier: Held) -> int:
    """How near two posts are: neighbours from ``NEIGHBOURS`` on, of one address from ``ADDRESS`` on."""
    shared = set(later.all_keys()).intersection(earlier.all_keys())
    return sum(_worth(key) for key in shared if earlier.seq in _before(run, key, later))


def _forget(run: Run, seqs: Sequence[int]) -> None:
    """Take posts out of all that was known of them."""
    run.load(seqs)
    former = [run.held.pop(seq) for seq in seqs if seq in run.held]
    if not former:
        return
    gone = {held.seq for held in former}
    for column in ("later", "earlier"):
        query = f"DELETE FROM links WHERE {column} IN ({marks(seqs)}) RETURNING later, earlier"  # noqa: S608
        for pair in run.connection.execute(query, seqs).fetchall():
            run.touched.update(pair)
    run.connection.execute(f"DELETE FROM sketches WHERE post IN ({marks(seqs)})", seqs)  # noqa: S608
    for held in former:
        _leave(run, held, held.all_keys())
    for held in former:
        _unveil(run, held)
    for pair in [pair for pair in run.come if not gone.isdisjoint(pair)]:
        del run.come[pair]
    run.doubtful = {pair for pair in run.doubtful if gone.isdisjoint(pair)}


def _sketch(run: Run, seqs: Sequence[int]) -> None:
    """Sketch those of the posts that match, and put them under their keys."""
    query = f"""SELECT seq, id, title, text, coalesce(published_at, first_seen), canonical_url, origin FROM posts
        WHERE seq IN ({marks(seqs)}) AND matched = 1 ORDER BY seq"""  # noqa: S608
    fresh, named = [], []
    for seq, post, title, text, at, address, known in run.connection.execute(query, seqs).fetchall():
        place = min(max(at, _EARLIEST), _LATEST) << TIE_BITS | sketch.hashed(post) & ((1 << TIE_BITS) - 1)
        fresh.append(Held(seq, place, sketch.make(title, text), _address(address), hidden=False))
        if not known and (found := origin.stated(title, text)):
            named.append((found, seq))
    run.connection.executemany("UPDATE posts SET origin = ? WHERE seq = ?", named)
    rows = [(held.seq, background.EDITION, held.at, sketch.packed(held.body), 0) for held in fresh]
    run.connection.executemany("INSERT INTO sketches (post, edition, at, body, hidden) VALUES (?, ?, ?, ?, ?)", rows)
    run.held.update((held.seq, held) for held in fresh)
    for held in fresh:
        _enter(run, held)


def _enter(run: Run, held: Held) -> None:
    """Put a post under its keys: all of them, or where an identical one came shortly before it, those of identity only."""
    _stand(run, held, held.firm_keys())
    _hide(run, held.seq, new=True)
    _unveil(run, held)


def _unveil(run: Run, held: Held) -> None:
    """An identical post that comes next may have to hide behind this one, or to come forward."""
    if held.body.exact:
        for follower in _after(run, held.body.exact, held):
            _hide(run, follower, new=False)


def _hide(run: Run, seq: int, *, new: bool) -> None:
    """Find out whether an identical post stands before this one, and put it under its keys or take it away accordingly."""
    run.load([seq])
    held = run.held[seq]
    before = _before(run, held.body.exact, held) if held.body.exact else []
    run.load(before)
    hidden = any(
        links.same(held.body, run.held[one].body, held.milliseconds - run.held[one].milliseconds) for one in before
    )
    if hidden == held.hidden and not new:
        return
    run.held[seq] = replace(held, hidden=hidden)
    if hidden != held.hidden:
        run.connection.execute("UPDATE sketches SET hidden = ? WHERE post = ?", (int(hidden), seq))
    if not hidden:
        _stand(run, held, held.body.keys())
    elif not new:
        _leave(run, held, held.body.keys())


# ---- places ----


def _stand(run: Run, held: Held, keys: Iterable[int]) -> None:
    """Put a post under keys: it has neighbours there, and stands between others."""
    for key in keys:
        before, after, worth = _before(run, key, held), _after(run, key, held), _worth(key)
        for earlier in before:
            run.come[held.seq, earlier] += worth
        for later in after:
            run.come[later, held.seq] += worth
        run.doubtful.update(_across(before, after, _most(key)))
    run.connection.executemany(_STAND, [(key, held.at, held.seq) for key in keys])


def _leave(run: Run, held: Held, keys: Iterable[int]) -> None:
    """Take a post away from keys: it has no neighbours there any more, and others become neighbours."""
    run.connection.executemany(_LEAVE, [(key, held.at, held.seq) for key in keys])
    for key in keys:
        before, after = _before(run, key, held), _after(run, key, held)
        run.doubtful.update((held.seq, earlier) for earlier in before)
        run.doubtful.update((later, held.seq) for later in after)
        for pair in _across(before, after, _most(key)):
            run.come[pair] += _worth(key)
            run.doubtful.add(pair)


def _across(before: Sequence[int], after: Sequence[int], most: int) -> list[Pair]:
    """The pairs on both sides of a post, nearest first, that are neighbours only where it is not between them."""
    return [(later, before[most - 1 - far]) for far, later in enumerate(after) if most - 1 - far < len(before)]


def _worth(key: int) -> int:
    """How much nearer two posts are that stand near each other under a key."""
    if sketch.is_word(key):
        return 1
    return ADDRESS if SAME_ADDRESS <= key < _ALWAYS else NEIGHBOURS


def _most(key: int) -> int:
    return 1 if key >= SAME_ADDRESS else NEAREST


def _span(key: int) -> int:
    """How far from each other neighbours under a key may be: an address holds for ever."""
    return _ALWAYS if SAME_ADDRESS <= key < _ALWAYS else links.LONGEST_MS << TIE_BITS


def _before(run: Run, key: int, held: Held) -> list[int]:
    values = (key, held.at, held.seq, held.at - _span(key), _most(key))
    return [row[0] for row in run.connection.execute(_BEFORE, values)]


def _after(run: Run, key: int, held: Held) -> list[int]:
    values = (key, held.at, held.seq, held.at + _span(key), _most(key))
    return [row[0] for row in run.connection.execute(_AFTER, values)]


def _address(canonical_url: str) -> int:
    return SAME_ADDRESS | sketch.long_hash(canonical_url) & (SAME_ADDRESS - 1) if canonical_url else 0
