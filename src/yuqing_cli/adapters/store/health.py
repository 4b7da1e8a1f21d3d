"""What is remembered of sources: validators, schedule, runs of asks with one outcome, robots.txt."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from yuqing_cli.models import SourceState, Spell, SpellState
from yuqing_cli.times import from_ms, to_ms

from .rows import source_state, source_values

_COLUMNS = tuple(SourceState.__slots__)
_SPELL = "source, state, first_at, last_at, pace, asks, reason"
_INSERT = f"INSERT INTO sources ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + c for c in _COLUMNS)}) "  # noqa: S608
_INTRODUCE = f"{_INSERT} ON CONFLICT (name) DO NOTHING"
_UPSERT = f"{_INSERT} ON CONFLICT (name) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _COLUMNS[1:])}"


def states(connection: sqlite3.Connection) -> dict[str, SourceState]:
    """All sources that were ever asked or ingested, by name."""
    rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM sources")  # noqa: S608
    rows.row_factory = sqlite3.Row
    return {row["name"]: source_state(row) for row in rows}


def save_state(connection: sqlite3.Connection, state: SourceState) -> None:
    """Write one source's memory. Runs inside the caller's transaction."""
    connection.execute(_UPSERT, source_values(state))


def introduce(connection: sqlite3.Connection, state: SourceState) -> None:
    """Write the memory of a source that has none yet: a fetch may have made one since the caller looked."""
    connection.execute(_INTRODUCE, source_values(state))


EXACT = timedelta(days=2)
"""For so long every failed ask stays in the history; after that a failure that left no hole is folded into the successes around
it. With one ask in a hundred failing, 300 sources at ten minutes would add 31 MB of spells a year; folded they add 2 MB, nearly all
of it true holes (two failures on end)."""


FOLDED = timedelta(days=30)
"""How far back is looked for what can be folded; a machine that is off for longer than that keeps a few rows more."""


def extend_spell(connection: sqlite3.Connection, spell: Spell) -> None:
    """Add one ask to the source's history: its last spell grows when the outcome is the same and the pace was kept.

    So a month of successes is one row, and a machine that was off for a night leaves a hole that coverage sees. Where a new row
    begins, older ones are folded.
    """
    query = f"SELECT seq, {_SPELL} FROM spells WHERE source = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608
    row = connection.execute(query, (spell.source,)).fetchone()
    last = _spell(row[1:]) if row else None
    same = last and (last.state, last.reason) == (spell.state, spell.reason)
    if last and same and spell.last_at - last.last_at <= last.patience:
        # The pace of the last ask, not the slowest of all: one answer that asked for six hours would hide every later hole.
        values = (to_ms(spell.last_at), _duration(spell.pace), row[0])
        connection.execute("UPDATE spells SET last_at = ?, pace = ?, asks = asks + 1 WHERE seq = ?", values)
        return
    times = (to_ms(spell.first_at), to_ms(spell.last_at), _duration(spell.pace))
    insert = f"INSERT INTO spells ({_SPELL}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
    connection.execute(insert, (spell.source, spell.state, *times, spell.asks, spell.reason))
    _fold(connection, spell.source, spell.last_at - EXACT)


def _fold(connection: sqlite3.Connection, source: str, before: datetime) -> None:
    """Join successes of a source that ended before that and are no hole apart; what failed between them goes."""
    query = f"SELECT seq, {_SPELL} FROM spells WHERE source = ? AND last_at BETWEEN ? AND ? ORDER BY seq"  # noqa: S608
    kept: tuple[int, Spell] | None = None
    between: dict[int, int] = {}
    for row in connection.execute(query, (source, to_ms(before - FOLDED), to_ms(before))).fetchall():
        seq, spell = row[0], _spell(row[1:])
        if spell.state != "ok":
            between[seq] = spell.asks
            continue
        if kept and kept[1].reason == spell.reason and spell.first_at - kept[1].last_at <= kept[1].patience:
            asks = kept[1].asks + spell.asks + sum(between.values())
            kept = kept[0], replace(spell, first_at=kept[1].first_at, asks=asks)
            values = (to_ms(spell.last_at), _duration(spell.pace), asks, kept[0])
            connection.execute("UPDATE spells SET last_at = ?, pace = ?, asks = ? WHERE seq = ?", values)
            connection.executemany("DELETE FROM spells WHERE seq = ?", [(gone,) for gone in (*between, seq)])
        else:
            kept = seq, spell
        between.clear()


def _duration(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _spell(row: tuple[str, SpellState, int, int, int, int, str]) -> Spell:
    source, state, first, last, pace, asks, reason = row
    return Spell(source, state, from_ms(first), from_ms(last), timedelta(milliseconds=pace), asks, reason)


def spells(connection: sqlite3.Connection, since: datetime, until: datetime, source: str | None) -> list[Spell]:
    """Every spell that touches the span, and of each source the last success and the last ask before it; oldest first.

    They are cut at ``until``. The last ask tells how the source was when the span began.
    """
    of = "" if source is None else "source = :source AND "
    query = f"""SELECT {_SPELL} FROM spells
        WHERE {of} first_at <= :until AND (last_at >= :since OR seq IN
            (SELECT max(seq) FROM spells WHERE {of} last_at < :since GROUP BY source, state = 'ok')) ORDER BY seq"""  # noqa: S608
    rows = connection.execute(query, {"since": to_ms(since), "until": to_ms(until), "source": source})
    return [replace(spell, last_at=min(spell.last_at, until)) for spell in map(_spell, rows)]


def robots(connection: sqlite3.Connection, origin: str) -> tuple[str, datetime] | None:
    """robots.txt of an origin as last read: its text, and when."""
    row = connection.execute("SELECT text, fetched_at FROM robots WHERE origin = ?", (origin,)).fetchone()
    return None if row is None else (row[0], from_ms(row[1]))


def save_robots(connection: sqlite3.Connection, origin: str, text: str, at: datetime) -> None:
    """Remember a robots.txt."""
    connection.execute(
        "INSERT OR REPLACE INTO robots (origin, fetched_at, text) VALUES (?, ?, ?)", (origin, to_ms(at), text)
    )
