"""What is remembered of sources: validators, schedule, runs of asks with one outcome, robots.txt."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from yuqing_cli.models import SourceState, Spell, SpellState
from yuqing_cli.records import names, replace
from yuqing_cli.times import from_ms, to_ms

from . import asktimes
from .condense import CONDENSE_EACH, LOOKED_AT, STEPS_FOR, condensed
from .rows import source_state, source_values

_COLUMNS = names(SourceState)
_SPELL = "source, state, first_at, last_at, pace, asks, reason, dark, steps"
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


def extend_spell(connection: sqlite3.Connection, spell: Spell) -> None:
    """Add one ask to the source's history: its last spell grows when the outcome is the same and the pace was kept.

    So a month of successes is one row, and a machine that was off for a night leaves a hole that coverage sees. Where a new row
    begins, older ones are condensed. Times are kept to the second.
    """
    at = spell.last_at.replace(microsecond=0)
    query = f"SELECT seq, {_SPELL} FROM spells WHERE source = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608
    row = connection.execute(query, (spell.source,)).fetchone()
    last = _spell(row[1:]) if row else None
    same = last and (last.state, last.reason) == (spell.state, spell.reason)
    if last and same and at - last.last_at <= last.patience:
        # The pace of the last ask, not the slowest of all: one answer that asked for six hours would hide every later hole.
        steps = asktimes.added(last.steps, at - last.last_at) if spell.state == "ok" else b""
        values = (to_ms(max(at, last.last_at)), _duration(spell.pace), steps, row[0])
        connection.execute("UPDATE spells SET last_at = ?, pace = ?, asks = asks + 1, steps = ? WHERE seq = ?", values)
        return
    _add(connection, replace(spell, first_at=at, last_at=at))
    forget = "UPDATE spells SET steps = x'' WHERE source = ? AND last_at < ? AND steps != x''"
    connection.execute(forget, (spell.source, to_ms(at - STEPS_FOR)))
    (rows,) = connection.execute("SELECT count(*) FROM spells WHERE source = ?", (spell.source,)).fetchone()
    if rows % CONDENSE_EACH == 0:
        _condense(connection, spell.source)


def _add(connection: sqlite3.Connection, spell: Spell) -> None:
    times = (to_ms(spell.first_at), to_ms(spell.last_at), _duration(spell.pace))
    values = (spell.source, spell.state, *times, spell.asks, spell.reason, _duration(spell.dark), spell.steps)
    connection.execute(f"INSERT INTO spells ({_SPELL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608


def _condense(connection: sqlite3.Connection, source: str) -> None:
    query = f"SELECT seq, {_SPELL} FROM spells WHERE source = ? ORDER BY seq DESC LIMIT ?"  # noqa: S608
    rows = connection.execute(query, (source, LOOKED_AT)).fetchall()
    before = [(row[0], _spell(row[1:])) for row in reversed(rows)]
    after = condensed(before)
    connection.executemany("DELETE FROM spells WHERE seq = ?", [(seq,) for seq, _ in before if seq not in after])
    for seq, former in before:
        spell = after.get(seq, former)
        if spell != former:
            times = (to_ms(spell.first_at), to_ms(spell.last_at), _duration(spell.pace))
            values = (spell.state, *times, spell.asks, spell.reason, _duration(spell.dark), spell.steps, seq)
            update = """UPDATE spells SET state = ?, first_at = ?, last_at = ?, pace = ?, asks = ?, reason = ?, dark = ?, steps = ?
                WHERE seq = ?"""
            connection.execute(update, values)


def _duration(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _spell(row: tuple[str, SpellState, int, int, int, int, str, int, bytes]) -> Spell:
    source, state, first, last, pace, asks, reason, dark, steps = row
    length = timedelta(milliseconds=pace)
    return Spell(
        source, state, from_ms(first), from_ms(last), length, asks, reason, timedelta(milliseconds=dark), steps
    )


def spells(connection: sqlite3.Connection, since: datetime, until: datetime, source: str | None) -> list[Spell]:
    """Every spell that touches the span, and of each source the last success and the last ask before it; oldest first.

    They are cut at the last ask before ``until``, as far as that is still known. The last ask tells how the source was when the
    span began.
    """
    of = "" if source is None else "source = :source AND "
    query = f"""SELECT {_SPELL} FROM spells
        WHERE {of} first_at <= :until AND (last_at >= :since OR seq IN
            (SELECT max(seq) FROM spells WHERE {of} last_at < :since GROUP BY source, state = 'ok')) ORDER BY seq"""  # noqa: S608
    rows = connection.execute(query, {"since": to_ms(since), "until": to_ms(until), "source": source})
    return [_cut(spell, until) for spell in map(_spell, rows)]


def _cut(spell: Spell, until: datetime) -> Spell:
    if spell.last_at <= until:
        return spell
    return replace(
        spell, last_at=max(spell.first_at, asktimes.last_before(spell.last_at, spell.steps, until)), steps=b""
    )


def robots(connection: sqlite3.Connection, origin: str) -> tuple[str, datetime] | None:
    """robots.txt of an origin as last read: its text, and when."""
    row = connection.execute("SELECT text, fetched_at FROM robots WHERE origin = ?", (origin,)).fetchone()
    return None if row is None else (row[0], from_ms(row[1]))


def save_robots(connection: sqlite3.Connection, origin: str, text: str, at: datetime) -> None:
    """Remember a robots.txt."""
    connection.execute(
        "INSERT OR REPLACE INTO robots (origin, fetched_at, text) VALUES (?, ?, ?)", (origin, to_ms(at), text)
    )
