"""Dates as the pages of a fictional town (青禾县) write them: ours, so every one of them is to be right.

``at`` is local to ``zone`` (Asia/Shanghai unless given), without a clock where only a day was written, null where None
is the answer. ``now`` is 2024-08-21 14:30 (a Wednesday) in that zone unless given.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from floors import HERE, check, rows, share
from yuqing_cli.times import parse_moment

ROWS = rows(HERE / "data" / "dates.jsonl")


def judged() -> list[tuple[str, dict[str, Any], object]]:
    return [verdict(row) for row in ROWS]


def verdict(row: dict[str, Any]) -> tuple[str, dict[str, Any], object]:
    zone = ZoneInfo(row.get("zone", "Asia/Shanghai"))
    now = datetime.fromisoformat(row.get("now", "2024-08-21T14:30")).replace(tzinfo=zone)
    found = parse_moment(row["text"], now=now.astimezone(UTC), zone=zone)
    wanted = row["at"]
    if found is None:
        return ("right" if wanted is None else "none"), row, None
    same = wanted is not None and found.at == datetime.fromisoformat(wanted).replace(tzinfo=zone)
    return ("right" if same and found.date_only == ("T" not in wanted) else "silently wrong"), row, found


def test_the_set_is_large_enough_to_mean_something() -> None:
    assert len(ROWS) >= 120
    assert sum(row["at"] is None for row in ROWS) >= 40


def test_no_date_of_the_town_is_read_silently_wrong() -> None:
    wrong = [(row, found) for result, row, found in judged() if result == "silently wrong"]
    check("dates: not silently wrong", 1 - share(len(wrong), len(ROWS)), external=False, detail=wrong)


def test_the_dates_of_the_town_are_read() -> None:
    missed = [(result, row) for result, row, _ in judged() if result != "right"]
    check("dates: read rightly", 1 - share(len(missed), len(ROWS)), external=False, detail=missed)
