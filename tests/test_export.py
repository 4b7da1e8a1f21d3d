"""Export: the columns that scripts rely on, a CSV that Excel opens without harm, and JSON Lines with the same keys."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, Clock, feed, save
from test_cli import MakeDesk, desk
from test_fetch import A, B, item
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import Window
from yuqing_cli.models import RawPost
from yuqing_cli.render.csv_table import guarded, lines
from yuqing_cli.workflows.export import export

__all__ = ["desk"]  # the fixture

COLUMNS = "id,published_at,fetched_at,source,tier,title,url,topics,subjects,level,score,event_id,matched,excerpt"
ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
TODAY = Window("today", NOW - 10 * HOUR, NOW + 14 * HOUR)


def jsonl(store: Store, window: Window | None = None) -> list[dict[str, Any]]:
    made = export(store, window, format_="jsonl", zone=ZONE, now=NOW + 10 * HOUR)
    return [json.loads(line) for line in made]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_columns_are_these_and_in_this_order(desk: MakeDesk) -> None:
    one = desk({A: feed(item()), B: feed()})
    one("fetch")
    for words in (("export",), ("export", "--all"), ("export", "--date", "2020-01-01")):
        assert one(*words).out.partition("\r\n")[0] == COLUMNS
    (row,) = one("export", "--format", "jsonl").out.splitlines()
    assert list(json.loads(row)) == [*COLUMNS.split(","), "text"]


def test_an_empty_export_is_a_header_in_csv_and_nothing_in_json_lines(desk: MakeDesk) -> None:
    one = desk()
    assert one("export").out == COLUMNS + "\r\n"
    assert one("export", "--format", "jsonl").out == ""


def test_a_byte_order_mark_is_for_files_only(desk: MakeDesk, tmp_path: Any) -> None:
    one = desk({A: feed(item()), B: feed()})
    one("fetch")
    piped = one("export").out
    assert piped.startswith("id,")
    one("export", "-o", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == b"\xef\xbb\xbf" + piped.encode()
    one("export", "--format", "jsonl", "-o", tmp_path / "x.jsonl")
    assert (tmp_path / "x.jsonl").read_bytes().startswith(b"{")


def test_by_default_the_matched_posts_of_today_and_with_all_everything(store: Store) -> None:
    today, earlier = NOW - HOUR, NOW - 30 * HOUR
    save(store, "a", RawPost("停水", published=today, guid="1"), RawPost("天气", published=today, guid="2"))
    save(store, "a", RawPost("断水", published=earlier, guid="3"), RawPost("风", published=earlier, guid="4"))
    save(store, "b", RawPost("没有日期", guid="5"), baseline=True)
    assert [row["title"] for row in jsonl(store, TODAY)] == ["停水"]
    assert [row["title"] for row in jsonl(store)][-1] == "没有日期"
    assert {row["title"] for row in jsonl(store)} == {"断水", "风", "停水", "天气", "没有日期"}


def test_times_have_the_stations_offset_and_numbers_are_not_rounded(store: Store) -> None:
    (entry,) = save(store, "a", RawPost("停水", "青禾水务今天停水", published=NOW - HOUR), now=NOW)
    (row,) = jsonl(store, TODAY)
    assert (row["published_at"], row["fetched_at"]) == ("2026-03-10T09:00:00+08:00", "2026-03-10T10:00:00+08:00")
    assert row["score"] == entry.judgement.score
    assert (row["topics"], row["subjects"], row["matched"]) == (["outage"], ["works"], ["停水", "青禾水务"])


def test_an_unmatched_post_has_score_0_and_empty_cells(store: Store) -> None:
    save(store, "a", RawPost("天气晴", "明天也晴", "https://x.example/1", None))
    (row,) = jsonl(store)
    assert (row["score"], row["level"], row["event_id"], row["published_at"]) == (0, None, None, None)
    assert (row["topics"], row["matched"], row["excerpt"], row["text"]) == ([], [], "明天也晴", "明天也晴")
    (text,) = table("".join(export(store, None, format_="csv", zone=ZONE, now=NOW)))
    assert (text["score"], text["level"], text["published_at"]) == ("0.0", "", "")


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "－1",
    "＋1",
    "＠x",
    '=HYPERLINK("https://x.example")',
]


@pytest.mark.parametrize("evil", FORMULAS)
def test_no_cell_is_a_formula(store: Store, evil: str) -> None:
    save(store, evil.strip(), RawPost(evil + "停水", evil + "停水", f"https://x.example/{evil}", guid=evil))
    (row,) = table("".join(export(store, None, format_="csv", zone=ZONE, now=NOW)))
    assert not [
        value for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    ]
    assert jsonl(store)[0]["title"] == evil.strip() + "停水"


def test_the_guard_leaves_honest_cells_alone() -> None:
    for honest in ("停水", "'quoted", "1-2", "a=b", -3.5, 0, 12):
        assert guarded(honest) == honest
    assert guarded(["-a", "b"]) == "'-a;b"
    assert guarded(None) == ""


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.lists(CELL, min_size=14, max_size=14), max_size=4))
@hypothesis_settings(deadline=None, max_examples=60)
def test_whatever_the_cells_hold_the_table_is_read_back_with_its_guards(rows: list[list[str]]) -> None:
    names = COLUMNS.split(",")
    text = "".join(lines(dict(zip(names, row, strict=True)) for row in rows))
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [names, *([str(guarded(cell)) for cell in row] for row in rows)]


def test_export_is_streamed_in_pieces_and_holds_every_row(store: Store) -> None:
    save(store, "a", *(RawPost(f"停水{i}", published=NOW - HOUR, guid=str(i)) for i in range(1201)))
    rows = jsonl(store, TODAY)
    assert len({row["id"] for row in rows}) == len(rows) == 1201
    assert all(row["matched"] == ["停水"] for row in rows)


def test_export_tells_the_present_version_of_a_changed_post(store: Store) -> None:
    save(store, "a", RawPost("停水", published=NOW - HOUR, guid="1"))
    save(store, "a", RawPost("断水", published=NOW - HOUR, guid="1"), now=NOW + HOUR)
    (row,) = jsonl(store, TODAY)
    assert (row["title"], row["matched"]) == ("断水", ["断水"])


def test_the_clock_of_the_test_stands(clock: Clock) -> None:
    assert clock() == NOW
