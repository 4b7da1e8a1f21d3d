"""A year of asks in the file: what 300 sources at ten minutes add to it, the well-behaved and the worst."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from conftest import NOW
from yuqing_cli import coverage
from yuqing_cli.adapters.store import Store, health
from yuqing_cli.models import Source, Spell, SpellState

EVERY = timedelta(minutes=10)
SOURCES = 300
MOST_BYTES = 5_000_000
Outcome = tuple[SpellState, str]
OK: Outcome = ("ok", "")
ERRORS = (
    "the server answered 500",
    "no answer within 20 seconds",
    "the connection was refused",
    "the server answered 502",
)


def steady(_rng: Random, _n: int) -> Outcome:
    return OK


def one_in_a_hundred_fails(rng: Random, _n: int) -> Outcome:
    return ("failed", rng.choice(ERRORS)) if rng.random() < 0.01 else OK


def every_second_ask_fails(_rng: Random, n: int) -> Outcome:
    return ("failed", ERRORS[0]) if n % 2 else OK


def flaps_every_few_asks(rng: Random, n: int) -> Outcome:
    """Down for half an hour or an hour, up for as long: each of them a true hole."""
    return ("failed", rng.choice(ERRORS)) if Random(n // 4).random() < 0.5 else OK


def never_answers(rng: Random, _n: int) -> Outcome:
    return ("failed", rng.choice(ERRORS))


def falls_silent_and_wakes(_rng: Random, n: int) -> Outcome:
    return ("ok", "silent") if n // 50 % 2 else OK


def asked(path: Path, asks: int, outcome: Callable[[Random, int], Outcome]) -> None:
    """Ask one source so often, straight through the functions of the store, in one transaction."""
    rng, at = Random(1), NOW
    with Store(path) as store, store._write() as connection:
        for n in range(asks):
            state, reason = outcome(rng, n)
            at = NOW + n * EVERY + timedelta(seconds=rng.uniform(0, 20))
            health.extend_spell(
                connection, Spell("青禾日报 要闻", state, at, at, EVERY * rng.uniform(1, 1.1), reason=reason)
            )


def growth(path: Path) -> int:
    """Bytes by which the file grows when every one of the sources has these rows."""
    with Store(path):
        pass
    connection = sqlite3.connect(path, isolation_level=None)
    names = [row[1] for row in connection.execute("PRAGMA table_info(spells)") if row[1] not in {"seq", "source"}]
    columns = ", ".join(names)
    connection.execute("CREATE TEMP TABLE one AS SELECT * FROM spells ORDER BY seq")
    connection.execute("DELETE FROM spells")
    connection.execute("VACUUM")
    (before,) = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    # As they come to lie in the file: all sources in turns.
    connection.execute(
        f"""INSERT INTO spells (source, {columns})
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {SOURCES})
        SELECT source || i, {columns} FROM one, n ORDER BY one.seq, i"""
    )
    (after,) = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    connection.close()
    return int(after - before)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "weeks"),
    [
        (steady, 52),
        (one_in_a_hundred_fails, 52),
        (falls_silent_and_wakes, 52),
        (every_second_ask_fails, 8),
        (flaps_every_few_asks, 8),
        (never_answers, 8),
    ],
)
def test_a_year_of_three_hundred_sources_adds_less_than_five_megabytes(
    tmp_path: Path, outcome: Callable[[Random, int], Outcome], weeks: int
) -> None:
    """Each variant as if all 300 sources were such: 1.2, 2.1, 4.3, 1.0, 4.8 and 2.4 MB.

    Those that change at every few asks are in their steady state after days: what the second half of their eight weeks adds goes on
    for the rest of the year.
    """
    year = float(whole := grown(tmp_path / "whole.db", weeks * 7 * 144, outcome))
    if weeks < 52:
        half = grown(tmp_path / "half.db", weeks * 7 * 72, outcome)
        year += max(whole - half, 0) * (52 - weeks) / (weeks / 2)
    assert 0 < year < MOST_BYTES


def grown(path: Path, asks: int, outcome: Callable[[Random, int], Outcome]) -> int:
    asked(path, asks, outcome)
    return growth(path)


def test_the_holes_of_the_last_weeks_stay_where_they_were_however_a_source_flaps(tmp_path: Path) -> None:
    """Thirty outages of four hours and a half in thirty days, with single failures between."""
    path = tmp_path / "holes.db"
    days = 30

    def outcome(rng: Random, n: int) -> Outcome:
        down = 60 <= n % 144 < 87
        return ("failed", ERRORS[0]) if down or (rng.random() < 0.05 and n % 3 == 0) else OK

    asked(path, days * 144, outcome)
    until = NOW + timedelta(days=days)
    with Store(path) as store:
        spells = store.spells(NOW, until)
    source = Source("青禾日报 要闻", "feed", "https://a.example/feed", every=EVERY)
    holes = coverage.blind(source, spells, NOW, until)
    assert len(holes) == days
    for day, (low, high) in enumerate(holes):
        start = NOW + timedelta(days=day) + 60 * EVERY
        assert abs(low - start) <= 2 * EVERY
        assert abs((high - low) - 27 * EVERY) <= 2 * EVERY


def test_holes_that_are_summed_up_still_count_in_the_ratio(tmp_path: Path) -> None:
    path = tmp_path / "summed.db"
    weeks = 6
    asked(path, weeks * 7 * 144, lambda _rng, n: ("failed", ERRORS[0]) if n % 8 >= 4 else OK)
    source = Source("青禾日报 要闻", "feed", "https://a.example/feed", every=EVERY)
    until = NOW + timedelta(weeks=weeks)
    with Store(path) as store:
        covered = coverage.of([source], store.spells(NOW, until), NOW, until)
        rows = len(store.spells(NOW, until))
    assert rows < 100
    # Four successes, four failures: five of eight intervals lie between two successes too far apart.
    assert covered.ratio == pytest.approx(3 / 8, abs=0.02)


@pytest.mark.parametrize("minutes", [0, 5, 9, 10, 65, 1439, 1440])
def test_the_last_success_as_of_a_moment_is_what_it_was_then(tmp_path: Path, minutes: int) -> None:
    path = tmp_path / "asof.db"
    with Store(path) as store:
        times = []
        rng, until = Random(1), NOW + timedelta(minutes=minutes)
        for n in range(144 * 3):
            at = NOW + n * EVERY + timedelta(seconds=rng.randint(0, 30))
            times.append(at)
            with store._write() as connection:
                health.extend_spell(connection, Spell("a", "ok", at, at, EVERY))
        (spell,) = store.spells(NOW, max(until, NOW + EVERY / 2))
    assert spell.last_at == max(at for at in times if at <= max(until, NOW + EVERY / 2))
