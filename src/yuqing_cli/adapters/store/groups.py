"""Which event each matched post is of.

Only the pieces of the web of links that a change touches are grouped anew (``events.pieces``), in the transaction of the change. Which
event a post was of before goes to ``former_events``: a report of the past names its events as they were then. Every id that an event
once had stays an alias, in ``event_aliases``, of the event in which its first post is now.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter

from yuqing_cli.events import background
from yuqing_cli.events.group import Bond, Event, Hands, regroup
from yuqing_cli.events.links import COPIED, JOINED
from yuqing_cli.events.origin import Member
from yuqing_cli.events.pieces import FIRM, Piece, Tie, Web, pieces
from yuqing_cli.ids import event_id
from yuqing_cli.records import Record
from yuqing_cli.times import to_ms

from . import linking, neighbours
from .hands import hands
from .rows import CHUNK, chunks, dump, marks

BATCH = 2000
"""Posts sketched at a time, where all of a file are."""


def settle(connection: sqlite3.Connection, seqs: Iterable[int], now: datetime) -> int:
    """Group anew what these posts touch: posts that are new, that changed, that match now or do not any more.

    Returns how many events came to be. Runs inside the caller's transaction. A file whose sketches are of another edition, or that has
    none yet, is sketched as a whole first.
    """
    if connection.execute("SELECT edition FROM grouping").fetchall() != [(background.EDITION,)]:
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
    """All matched posts, in a file whose sketches are of another edition or missing; from now on it is of this one."""
    neighbours.drop(connection)
    connection.execute("DELETE FROM grouping")
    connection.execute("INSERT INTO grouping (edition) VALUES (?)", (background.EDITION,))
    return [row[0] for row in connection.execute("SELECT seq FROM posts WHERE matched = 1 AND purged_at IS NULL")]


def regroup_touched(connection: sqlite3.Connection, touched: Iterable[int], now: datetime) -> int:
    """Group anew the pieces that hold these posts; how many events came to be."""
    decided = hands(connection)
    web = Web(partial(_fetch, connection, _ties(connection, decided)))
    rows: list[_Row] = []
    events: list[Event] = []
    levels: list[tuple[int, int]] = []
    for some in _bundles(pieces(touched, web)):
        levels += [
            (piece.level, seq)
            for piece in some
            for seq in piece.posts
            if web.levels.get(seq) not in {piece.level, None}
        ]
        held = {row.seq: row for row in _rows(connection, [seq for piece in some for seq in piece.posts])}
        bonds = _bonds(connection, some, held)
        for number, piece in enumerate(some):
            members = [held[seq].member for seq in piece.posts if held[seq].matched]
            events += regroup(members, bonds[number], decided)
        rows += held.values()
    connection.executemany("UPDATE sketches SET level = ? WHERE post = ?", levels)
    _write(connection, events, rows, now)
    former = {row.member.post: row.member.event for row in rows}
    return sum(all(former[post] is None for post in event.posts) for event in events)


class _Row(Record):
    """What is stored of a post that is grouped anew."""

    seq: int
    member: Member
    copy_of: str | None
    matched: bool


def _rows(connection: sqlite3.Connection, seqs: Iterable[int]) -> list[_Row]:
    found: list[_Row] = []
    columns = "seq, copy_of, matched, id, published_at, event_id, source, origin"
    for part in chunks(seqs):
        query = f"SELECT {columns} FROM posts WHERE seq IN ({marks(part)})"  # noqa: S608
        for seq, copy_of, matched, *member in connection.execute(query, part):
            found.append(_Row(seq, Member(*member), copy_of, bool(matched)))
    return found


Ties = Mapping[int, set[int]]


def _ties(connection: sqlite3.Connection, decided: Hands) -> Ties:
    """Which posts were joined by hand: they are grouped together although nothing else links them."""
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


def _fetch(
    connection: sqlite3.Connection, by_hand: Ties, seqs: Sequence[int]
) -> tuple[dict[int, list[Tie]], dict[int, int]]:
    """The ties of posts that may hold a piece together, and how often their components were cut; all of a report at once."""
    found, levels = _tied(connection, by_hand, seqs)
    firm = {other for ties in found.values() for other, strength in ties if strength == FIRM} - found.keys()
    if firm:
        more = _tied(connection, by_hand, sorted(_reports(connection, firm) - found.keys()))
        found, levels = found | more[0], levels | more[1]
    return found, levels


def _tied(
    connection: sqlite3.Connection, by_hand: Ties, seqs: Sequence[int]
) -> tuple[dict[int, list[Tie]], dict[int, int]]:
    found: dict[int, list[Tie]] = {seq: [(other, FIRM) for other in sorted(by_hand.get(seq, ()))] for seq in seqs}
    levels: dict[int, int] = {}
    strength = "iif(kind = 'event', strength, ?)"
    for part in chunks(seqs):
        for one, other in (("later", "earlier"), ("earlier", "later")):
            query = f"SELECT {one}, {other}, {strength} FROM links WHERE {one} IN ({marks(part)}) AND strength >= ?"  # noqa: S608
            for seq, tied, held in connection.execute(query, (FIRM, *part, JOINED)):
                found[seq].append((tied, held))
        query = f"SELECT post, level FROM sketches WHERE post IN ({marks(part)})"  # noqa: S608
        levels.update(connection.execute(query, part))
    for ties in found.values():
        ties.sort(key=itemgetter(1), reverse=True)
    return found, levels


def _reports(connection: sqlite3.Connection, seqs: Iterable[int]) -> set[int]:
    """All posts that are one report with one of these. Identical posts are a chain: link by link, a thousand took a thousand queries."""
    query = """WITH RECURSIVE report (post) AS (SELECT value FROM json_each(?)
        UNION SELECT earlier FROM report JOIN links ON later = post WHERE kind != 'event'
        UNION SELECT later FROM report JOIN links ON earlier = post WHERE kind != 'event' AND strength >= ?)
        SELECT post FROM report"""
    return {row[0] for row in connection.execute(query, (dump(sorted(seqs)), COPIED))}


def _bundles(found: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces, so many at a time that a statement is worth its while."""
    held: list[Piece] = []
    for piece in found:
        held.append(piece)
        if sum(len(one.posts) for one in held) >= CHUNK:
            yield held
            held = []
    if held:
        yield held


def _bonds(connection: sqlite3.Connection, some: Sequence[Piece], rows: Mapping[int, _Row]) -> list[list[Bond]]:
    """Of each piece the links among its posts, the weak ones too."""
    place = {seq: number for number, piece in enumerate(some) for seq in piece.posts if rows[seq].matched}
    found: list[list[Bond]] = [[] for _ in some]
    for part in chunks(place):
        query = f"SELECT later, earlier, strength, kind FROM links WHERE later IN ({marks(part)})"  # noqa: S608
        for later, earlier, strength, kind in connection.execute(query, part):
            if place.get(earlier) == place[later]:
                bond = Bond(rows[later].member.post, rows[earlier].member.post, strength, kind)
                found[place[later]].append(bond)
    return found


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
    _rename(connection, rows, changed, {post: event for post, (event, _) in after.items()})


def _rename(
    connection: sqlite3.Connection, rows: Sequence[_Row], changed: Sequence[_Row], after: Mapping[str, str]
) -> None:
    """Keep every former id as an alias of the event in which its first post is now, or where that is gone, its next one.

    A post that stays where it was leaves all ids where they were that were made of it.
    """
    live = set(after.values())
    gone = {row.member.event for row in changed} - live
    heirs: dict[str, str] = {}
    for row in sorted((row for row in rows if row.member.event in gone), key=lambda row: row.member.order):
        if row.member.event is not None and row.member.post in after:
            heirs.setdefault(row.member.event, after[row.member.post])
    moved = [row.member.post for row in changed if row.member.post in after]
    founded = {event_id(post): after[post] for post in moved}
    for part in chunks(sorted(founded)):
        query = f"SELECT alias FROM event_aliases WHERE alias IN ({marks(part)})"  # noqa: S608
        heirs |= {alias: founded[alias] for (alias,) in connection.execute(query, part)}
    heirs |= {former: founded[former] for former in heirs if former in founded}
    for former in sorted(heirs.keys() - live):
        connection.execute("UPDATE event_aliases SET event = ? WHERE event = ?", (heirs[former], former))
        connection.execute("INSERT OR REPLACE INTO event_aliases VALUES (?, ?)", (former, heirs[former]))
    connection.executemany("DELETE FROM event_aliases WHERE alias = ?", [(event,) for event in sorted(live)])
