"""doctor: each fault is found by its name, mended where nothing is lost by it, and a sound file has none."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import NOW, save
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from test_keeping import fill
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DATABASE as DATABASE_FAULT
from yuqing_cli.cli.face import DONE
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE

FAULTS = {
    "index": "DELETE FROM search_edition",
    "events": "UPDATE posts SET event_id = CASE WHEN matched THEN NULL ELSE 'e0' END",
    "orphans": "INSERT INTO changes SELECT NULL, 999, 0, '', '', 0, 0, NULL, '[]', '[]', '[]', '', '[]', '[]', ''",
    "clock": "UPDATE sources SET last_asked = 9999999999999, due_at = 9999999999999",
}


def station(make: MakeDesk, *statements: str) -> Desk:
    one = make()
    with Store(one.folder / DATABASE) as store:
        save(
            store,
            "a",
            RawPost("青禾水务停水", "断水", "https://a.example/1", NOW, "1"),
            RawPost("社区运动会", "", "https://a.example/2", NOW, "2"),
        )
    with sqlite3.connect(one.folder / DATABASE) as connection:
        for statement in statements:
            connection.execute(statement)
    return one


def checks(one: Desk) -> list[str]:
    return [finding["repair"] or finding["check"] for finding in one("doctor", "--json").json["findings"]]


def test_a_sound_station_has_no_findings_and_every_check_is_named(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    # What was stored by the test was judged by packs of the test.
    one("rescore")
    outcome = one("doctor")
    assert outcome.code == DONE
    lines = outcome.out.splitlines()
    assert len(lines) == 7
    assert all(line.endswith(": in order") for line in lines)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_named_and_mended(desk: MakeDesk, fault: str) -> None:  # noqa: F811
    one = station(desk, FAULTS[fault])
    outcome = one("doctor")
    assert outcome.code == DATABASE_FAULT
    assert "yuqing doctor --repair" in outcome.out
    assert fault in checks(one)
    before = contents(one)
    mended = one("doctor", "--repair", "--json").json
    assert mended["mended"] == [fault]
    assert fault not in checks(one)
    assert contents(one) == before


def contents(one: Desk) -> list[tuple[object, ...]]:
    """What no repair may change."""
    with sqlite3.connect(one.folder / DATABASE) as connection:
        return connection.execute(
            "SELECT id, title, text, matched, score, first_seen FROM posts ORDER BY id"
        ).fetchall()


def test_posts_that_are_in_no_event_get_the_one_that_they_had(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    query = "SELECT id, event_id FROM posts ORDER BY id"
    with sqlite3.connect(one.folder / DATABASE) as connection:
        before = connection.execute(query).fetchall()
        connection.execute(FAULTS["events"])
    one("doctor", "--repair")
    with sqlite3.connect(one.folder / DATABASE) as connection:
        assert connection.execute(query).fetchall() == before


def test_a_post_from_the_future_is_told_and_not_touched(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk, "UPDATE posts SET first_seen = 9999999999999 WHERE matched")
    assert "clock" in checks(one)
    one("doctor", "--repair")
    assert "clock" in checks(one)


def test_overdue_retention_is_a_fault_that_repair_does(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    with Store(one.folder / DATABASE) as store:
        fill(store)
    assert "purge" in checks(one)
    one("doctor", "--repair")
    assert "purge" not in checks(one)


def test_posts_that_other_packs_judged_are_advice_and_no_fault(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk, "UPDATE posts SET packs = 'other'")
    outcome = one("doctor")
    assert outcome.code == DONE
    assert "yuqing rescore" in outcome.out


def torn(path: Path) -> None:
    """A page in the middle is overwritten with zeros."""
    with Store(path) as store:
        for i in range(200):
            save(store, "a", RawPost(f"停水{i}", "断水" * 100, f"https://a.example/{i}", NOW, str(i)), now=NOW)
        store.settle()
    body = bytearray(path.read_bytes())
    middle = len(body) // 8192 * 4096
    body[middle : middle + 8192] = bytes(8192)
    path.write_bytes(body)


def test_a_damaged_file_is_named_with_the_way_out(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    torn(one.folder / DATABASE)
    outcome = one("doctor")
    assert outcome.code == DATABASE_FAULT
    assert "yuqing restore" in outcome.out + outcome.err or "damaged" in outcome.out + outcome.err


def test_a_source_that_a_wrong_clock_put_off_is_asked_again(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk, FAULTS["clock"])
    one("doctor", "--repair")
    with Store(one.folder / DATABASE) as store:
        assert {state.due_at for state in store.states().values()} == {None}
    one.clock.now += timedelta(minutes=1)
    assert one("doctor").code == DONE
