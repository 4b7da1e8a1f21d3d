"""Which event each matched post is of.

Only the components of links that a change touches are grouped anew (``events.group``), in the transaction of the change. Which event a
post was of before goes to ``former_events``: a report of the past names its events as they were then. Every id that an event once had
stays an alias, in ``event_aliases``, of the event in which its first post is now.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yuqing_cli.events.background import EDITION
from yuqing_cli.events.group import Bond, Event, Hands, regroup
from yuqing_cli.events.links import JOINED
from yuqing_cli.events.origin import Member
from yuqing_cli.ids import event_id
from yuqing_cli.times import to_ms

from . import linking, neighbours
from .hands import hands
from .rows import chunks, marks

BATCH = 2000
"""Posts sketched at a time, where all of a file are."""


def settle(connection: sqlite3.Connection, seqs: Iterable[int], now: datetime) -> int:
    """Group anew what these posts touch: posts that are new, that changed, that match now or do not any more.

    Returns how many events came to be. Runs inside the caller's transaction. A file whose sketches are of another edition, or that has
    none yet, is sketched as a whole first.
    """
    if connection.execute("SELECT edition FROM grouping").fetchall() != [(EDITION,)]:
        seqs = {*seqs, *_outdated(connection)}
    touched = set(seqs)
    for start in range(0, len(held := sorted(seqs)), BATCH):
        run = neighbours.Run(connection)
        for part in chunks(held[start : start + BATCH]):
            neighbours.renew(run, part)
            linking.settle(run)
        touched |= run.touched
    return regroup_touched(connection, touched, now)


def _outdated(connection: sqlite3.Connection) -> list[int]:
    """All matched posts whose sketch is missing or of another edition; from now on the file is of this one."""
    connection.execute("DELETE FROM grouping")
    connection.execute("INSERT INTO grouping (edition) VALUES (?)", (EDITION,))
    query = """SELECT seq FROM posts LEFT JOIN sketches ON sketches.post = seq
        WHERE matched = 1 AND purged_at IS NULL AND coalesce(edition, -1) NOT IN (?, ?)"""
    return [row[0] for row in connection.execute(query, (EDITION, neighbours.BLANK))]


@dataclass(frozen=True, slots=True)
class _Row:
    """What is stored of a post whose component is grouped anew."""

    seq: int
    member: Member
    copy_of: str | None
    matched: bool


def regroup_touched(connection: sqlite3.Connection, touched: Iterable[int], now: datetime) -> int:
    """Group the components of these posts; how many events came to be."""
    decided = hands(connection)
    seqs, bonds = _components(connection, touched, _ties(connection, decided))
    rows = _rows(connection, seqs)
    named = {row.seq: row.member.post for row in rows if row.matched}
    held = [Bond(named[a], named[b], strength, kind) for a, b, strength, kind in bonds if a in named and b in named]
    events = regroup((row.member for row in rows if row.matched), held, decided)
    _write(connection, events, rows, now)
    former = {row.member.post: row.member.event for row in rows}
    return sum(all(former[post] is None for post in event.posts) for event in events)


def _rows(connection: sqlite3.Connection, seqs: Iterable[int]) -> list[_Row]:
    found: list[_Row] = []
    columns = "seq, copy_of, matched, id, published_at, event_id, source, origin"
    for part in chunks(sorted(seqs)):
        query = f"SELECT {columns} FROM posts WHERE seq IN ({marks(part)})"  # noqa: S608
        for seq, copy_of, matched, *member in connection.execute(query, part):
            found.append(_Row(seq, Member(*member), copy_of, bool(matched)))
    return found


Ties = Mapping[int, set[int]]


def _ties(connection: sqlite3.Connection, decided: Hands) -> Ties:
    """Which posts were joined by hand: their components are grouped together although nothing else links them."""
    seq_of: dict[str, int] = {}
    for part in chunks({post for pair in decided.together for post in pair}):
        query = f"SELECT id, seq FROM posts WHERE id IN ({marks(part)})"  # noqa: S608
        seq_of.update(connection.execute(query, part))
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in decided.together:
        if one in seq_of and other in seq_of:
            found[seq_of[one]].add(seq_of[other])
            found[seq_of[other]].add(seq_of[one])
    return found


def _components(
    connection: sqlite3.Connection, touched: Iterable[int], ties: Ties
) -> tuple[set[int], list[tuple[int, int, float, str]]]:
    """All posts of the components that hold these, and all links among them."""
    seen: set[int] = set()
    found: set[tuple[int, int, float, str]] = set()
    frontier = set(touched)
    while frontier:
        seen |= frontier
        reached = {other for seq in frontier for other in ties.get(seq, ())}
        for part in chunks(sorted(frontier)):
            for column in ("later", "earlier"):
                query = f"SELECT later, earlier, strength, kind FROM links WHERE {column} IN ({marks(part)})"  # noqa: S608
                for row in connection.execute(query, part):
                    found.add(row)
                    if row[2] >= JOINED:
                        reached.update(row[:2])
        frontier = reached - seen
    return seen, sorted(row for row in found if row[0] in seen and row[1] in seen)


def _write(connection: sqlite3.Connection, events: Sequence[Event], rows: Sequence[_Row], now: datetime) -> None:
    """Write what is otherwise than before, and keep what it was."""
    after = {post: (event.id, event.copies.get(post)) for event in events for post in event.posts}
    nothing = (None, None)
    changed = [row for row in rows if (row.member.event, row.copy_of) != after.get(row.member.post, nothing)]
    if not changed:
        return
    moment = to_ms(now)
    former = [(row.seq, row.member.event, row.copy_of, moment) for row in changed if row.member.event is not None]
    connection.executemany("INSERT INTO former_events (post, event, copy_of, changed_at) VALUES (?, ?, ?, ?)", former)
    values = [(*after.get(row.member.post, nothing), row.seq) for row in changed]
    connection.executemany("UPDATE posts SET event_id = ?, copy_of = ? WHERE seq = ?", values)
    _rename(connection, rows, {post: event for post, (event, _) in after.items()})


def _rename(connection: sqlite3.Connection, rows: Sequence[_Row], after: Mapping[str, str]) -> None:
    """Keep every former id as an alias of the event in which its first post is now, or where that is gone, its next one."""
    live = set(after.values())
    heirs: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row.member.order):
        if row.member.event is not None and row.member.post in after:
            heirs.setdefault(row.member.event, after[row.member.post])
    founded = {event_id(post): event for post, event in after.items()}
    for part in chunks(sorted(founded)):
        query = f"SELECT alias FROM event_aliases WHERE alias IN ({marks(part)})"  # noqa: S608
        heirs |= {alias: founded[alias] for (alias,) in connection.execute(query, part)}
    heirs |= {former: founded[former] for former in heirs if former in founded}
    for former in sorted(heirs.keys() - live):
        connection.execute("UPDATE event_aliases SET event = ? WHERE event = ?", (heirs[former], former))
        connection.execute("INSERT OR REPLACE INTO event_aliases VALUES (?, ?)", (former, heirs[former]))
    connection.executemany("DELETE FROM event_aliases WHERE alias = ?", [(event,) for event in sorted(live)])
