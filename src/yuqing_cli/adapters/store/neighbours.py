"""Sketches, keys and links in the store: which posts may be of one event.

What is kept is a function of the stored posts alone, whatever their order of arrival. A post looks for its neighbours under each of its
keys: the ``NEAREST`` posts before it in time. Whether a later post is also there does not matter, and one that arrives afterwards finds
those that come after it and lets them look again, so a cap that keeps cost bounded never depends on who came first. Of identical posts
only the first of each day or month is looked for; the others hang on the one before them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yuqing_cli.events import background, links, origin, sketch

from .rows import chunks, marks

NEAREST = 32
"""Neighbours before a post that one key may bring."""
BLANK = 0
"""The edition of a sketch whose text retention has removed: it keeps its links and looks for no others."""
TIE_BITS = 20
"""Below the milliseconds of a place: bits of the post's id, so that posts of one moment have an order that is not that of arrival."""
SAME_ADDRESS = 1 << 61

_PLACED = "SELECT post FROM sketch_keys WHERE key = ? AND at < ? AND at >= ? ORDER BY at DESC, post DESC LIMIT ?"
_FOLLOWING = "SELECT post FROM sketch_keys WHERE key = ? AND at > ? AND at <= ? ORDER BY at, post LIMIT ?"
_TAKE = "DELETE FROM sketch_keys WHERE key = ? AND at = ? AND post = ?"
_ALWAYS = 1 << 62
_EARLIEST, _LATEST = -(1 << 41), (1 << 42) - 1
"""Milliseconds that still have room for the tie; the years 1900 and 2109."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A sketched post: its place in time, and under which keys it stands."""

    seq: int
    at: int
    body: sketch.Sketch
    address: int
    hidden: bool
    blank: bool = False

    @property
    def milliseconds(self) -> int:
        return self.at >> TIE_BITS

    def firm_keys(self) -> list[int]:
        """Under these it stands even where it is hidden behind an identical post: they bring one neighbour each."""
        return [key for key in (self.body.exact, self.address) if key]

    def all_keys(self) -> list[int]:
        return self.firm_keys() if self.hidden else [*self.firm_keys(), *self.body.keys()]


@dataclass(slots=True)
class _Run:
    """One settling: what was read so far, who must look for neighbours again, whose component is touched."""

    connection: sqlite3.Connection
    held: dict[int, _Held] = field(default_factory=dict)
    looking: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)

    def load(self, seqs: Iterable[int]) -> None:
        """Read sketches that are not in memory yet."""
        for part in chunks(seq for seq in seqs if seq not in self.held):
            query = f"""SELECT sketches.post, sketches.at, body, hidden, canonical_url, edition FROM sketches
                JOIN posts ON posts.seq = sketches.post WHERE sketches.post IN ({marks(part)})"""  # noqa: S608
            for seq, at, body, hidden, address, edition in self.connection.execute(query, part):
                made = sketch.unpacked(body)
                self.held[seq] = _Held(seq, at, made, _address(address), bool(hidden), edition == BLANK)


def renew(connection: sqlite3.Connection, seqs: Iterable[int]) -> set[int]:
    """Sketch these posts anew, those that do not match any more not at all; whose components must be grouped again.

    Those whose text retention has removed stay as they are.
    """
    run = _Run(connection)
    for part in chunks(sorted(seqs)):
        query = f"SELECT seq FROM posts WHERE seq IN ({marks(part)}) AND purged_at IS NULL"  # noqa: S608
        run.fresh.update(row[0] for row in connection.execute(query, part))
    for part in chunks(sorted(run.fresh)):
        _forget(run, part)
        _sketch(run, part)
    _look(run)
    return run.touched | run.fresh


def blank(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Forget what these posts said, because their texts are to be forgotten; their links, and so their events, stay."""
    run = _Run(connection)
    for part in chunks(sorted(seqs)):
        run.load(part)
        for held in (run.held[seq] for seq in part if seq in run.held):
            keys = [key for key in held.all_keys() if key != held.address]
            connection.executemany(_TAKE, [(key, held.at, held.seq) for key in keys])
        query = f"UPDATE sketches SET body = ?, edition = ? WHERE post IN ({marks(part)})"  # noqa: S608
        connection.execute(query, (sketch.packed(sketch.make("", "")), BLANK, *part))


def _forget(run: _Run, seqs: Sequence[int]) -> None:
    """Take posts out of all that was known of them, and let those who saw them look again."""
    run.load(seqs)
    former = [run.held.pop(seq) for seq in seqs if seq in run.held]
    query = f"SELECT later, earlier FROM links WHERE later IN ({marks(seqs)}) OR earlier IN ({marks(seqs)})"  # noqa: S608
    for pair in run.connection.execute(query, (*seqs, *seqs)).fetchall():
        run.touched.update(pair)
    for column in ("later", "earlier"):
        run.connection.execute(f"DELETE FROM links WHERE {column} IN ({marks(seqs)})", seqs)  # noqa: S608
    run.connection.execute(f"DELETE FROM sketches WHERE post IN ({marks(seqs)})", seqs)  # noqa: S608
    for held in former:
        run.connection.executemany(_TAKE, [(key, held.at, held.seq) for key in held.all_keys()])
    for held in former:
        _wake(run, held, held.all_keys())
        _unveil(run, held)


def _sketch(run: _Run, seqs: Sequence[int]) -> None:
    """Sketch those of the posts that match, and put them under their keys."""
    query = f"""SELECT seq, id, title, text, coalesce(published_at, first_seen), canonical_url, origin FROM posts
        WHERE seq IN ({marks(seqs)}) AND matched = 1 ORDER BY seq"""  # noqa: S608
    fresh, named = [], []
    for seq, post, title, text, at, address, known in run.connection.execute(query, seqs).fetchall():
        place = min(max(at, _EARLIEST), _LATEST) << TIE_BITS | sketch.hashed(post) & ((1 << TIE_BITS) - 1)
        fresh.append(_Held(seq, place, sketch.make(title, text), _address(address), hidden=False))
        if not known and (found := origin.stated(title, text)):
            named.append((found, seq))
    run.connection.executemany("UPDATE posts SET origin = ? WHERE seq = ?", named)
    rows = [(held.seq, background.EDITION, held.at, sketch.packed(held.body), 0) for held in fresh]
    run.connection.executemany("INSERT INTO sketches (post, edition, at, body, hidden) VALUES (?, ?, ?, ?, ?)", rows)
    for held in fresh:
        run.held[held.seq] = held
    for held in fresh:
        _enter(run, held)


def _enter(run: _Run, held: _Held) -> None:
    """Put a post under its keys: all of them, or where an identical one came shortly before it, those of identity only."""
    _put(run, held, held.firm_keys())
    _hide(run, held.seq, new=True)
    _unveil(run, held)
    run.looking.add(held.seq)


def _unveil(run: _Run, held: _Held) -> None:
    """An identical post that comes next may have to hide behind this one, or to come forward."""
    if held.body.exact:
        for follower in _following(run, held.body.exact, held, 1):
            _hide(run, follower, new=False)


def _hide(run: _Run, seq: int, *, new: bool) -> None:
    """Find out whether an identical post stands before this one, and put it under its keys or take it away accordingly."""
    run.load([seq])
    held = run.held[seq]
    before = _before(run, held.body.exact, held, 1) if held.body.exact else []
    run.load(before)
    hidden = any(
        links.same(held.body, run.held[one].body, held.milliseconds - run.held[one].milliseconds) for one in before
    )
    if hidden == held.hidden and not new:
        return
    seen = held.body.keys()
    run.held[seq] = _Held(held.seq, held.at, held.body, held.address, hidden)
    if hidden != held.hidden:
        run.connection.execute("UPDATE sketches SET hidden = ? WHERE post = ?", (int(hidden), seq))
    if not hidden:
        _put(run, held, seen)
    elif not new:
        run.connection.executemany(_TAKE, [(key, held.at, held.seq) for key in seen])
        _wake(run, held, seen)
    run.looking.add(seq)


def _put(run: _Run, held: _Held, keys: Sequence[int]) -> None:
    run.connection.executemany(
        "INSERT OR IGNORE INTO sketch_keys (key, at, post) VALUES (?, ?, ?)", [(key, held.at, held.seq) for key in keys]
    )
    _wake(run, held, keys)


def _wake(run: _Run, held: _Held, keys: Sequence[int]) -> None:
    """Let those look again among whose neighbours this post is, or was."""
    for key in keys:
        run.looking.update(_following(run, key, held, _most(key)))


def _most(key: int) -> int:
    return 1 if key >= SAME_ADDRESS else NEAREST


def _span(key: int) -> int:
    """How far from each other neighbours under a key may be: an address holds for ever."""
    return _ALWAYS if SAME_ADDRESS <= key < _ALWAYS else links.LONGEST_MS << TIE_BITS


def _before(run: _Run, key: int, held: _Held, most: int) -> list[int]:
    return [row[0] for row in run.connection.execute(_PLACED, (key, held.at, held.at - _span(key), most))]


def _following(run: _Run, key: int, held: _Held, most: int) -> list[int]:
    return [row[0] for row in run.connection.execute(_FOLLOWING, (key, held.at, held.at + _span(key), most))]


def _address(canonical_url: str) -> int:
    return SAME_ADDRESS | sketch.long_hash(canonical_url) & (SAME_ADDRESS - 1) if canonical_url else 0


# ---- links ----


def _look(run: _Run) -> None:
    """Reckon the links of everyone who has to look for neighbours."""
    run.load(run.looking)
    for part in chunks(sorted(seq for seq in run.looking if seq in run.held and not run.held[seq].blank)):
        found = {seq: _neighbours(run, run.held[seq]) for seq in part}
        run.load({other for others in found.values() for other in others})
        rows = [row for seq, others in found.items() for row in _links(run, seq, others)]
        stored = f"SELECT later, earlier, strength, kind FROM links WHERE later IN ({marks(part)})"  # noqa: S608
        before, after = set(run.connection.execute(stored, part).fetchall()), set(rows)
        gone, come = sorted(before - after), sorted(after - before)
        run.connection.executemany("DELETE FROM links WHERE later = ? AND earlier = ?", [row[:2] for row in gone])
        run.connection.executemany("INSERT INTO links (later, earlier, strength, kind) VALUES (?, ?, ?, ?)", come)
        for later, earlier, strength, _ in (*gone, *come):
            if strength >= links.JOINED or not {later, earlier} & run.fresh:
                run.touched.update((later, earlier))


def _neighbours(run: _Run, held: _Held) -> dict[int, bool]:
    """The posts to compare with; True where they have one address."""
    found: dict[int, bool] = {}
    for key in held.all_keys():
        for seq in _before(run, key, held, _most(key)):
            found[seq] = found.get(seq, False) or key == held.address
    return found


def _links(run: _Run, seq: int, others: Mapping[int, bool]) -> Iterator[tuple[int, int, float, str]]:
    one = run.held[seq]
    for other in sorted(others):
        if others[other]:
            yield (seq, other, 1.0, "address")
            continue
        held = run.held[other]
        link = links.compare(one.body, held.body, one.milliseconds - held.milliseconds)
        if link is not None:
            yield (seq, other, link.strength, link.kind)
