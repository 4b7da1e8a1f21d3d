"""Export: the columns that scripts rely on, a CSV that Excel opens without harm, and JSON Lines with the same keys."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
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
from yuqing_cli.adapters.store.exporting import Table
from yuqing_cli.digest.shapes import Window
from yuqing_cli.models import RawPost
from yuqing_cli.render import sheets
from yuqing_cli.render.csv_table import guarded, lines
from yuqing_cli.workflows.export import export

__all__ = ["desk"]  # the fixture

COLUMNS = "id,published_at,fetched_at,source,tier,title,url,topics,subjects,level,score,event_id,matched,excerpt"
ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
TODAY = Window("today", NOW - 10 * HOUR, NOW + 14 * HOUR)


def jsonl(store: Store, window: Window | None = None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(store, "jsonl", window).splitlines()]


def written(store: Store, format_: str, window: Window | None = None, table: Table = "posts") -> str:
    pieces = export(store, window, table=table, format_=format_, zone=ZONE)
    return "".join(piece for piece in pieces if isinstance(piece, str))


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
    (text,) = table(written(store, "csv"))
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
    (row,) = table(written(store, "csv"))
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
    text = "".join(lines((dict(zip(names, row, strict=True)) for row in rows), names))
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


# ---- other tables, other formats ----


def test_an_event_is_told_whole_and_how_much_of_it_lies_in_the_window(store: Store) -> None:
    old, new = NOW - 30 * HOUR, NOW - HOUR
    save(
        store, "a", RawPost("城东停水", "", "https://x.example/1", old), RawPost("断水", "", "https://x.example/2", old)
    )
    save(store, "b", RawPost("城东停水停水", "青禾水务", "https://x.example/1", new))
    (row,) = table(written(store, "csv", TODAY, "events"))
    assert (row["posts"], row["sources"], row["posts_in_window"]) == ("1", "2", "1")
    assert (row["first_at"], row["last_at"]) == ("2026-03-09T04:00:00+08:00", "2026-03-10T09:00:00+08:00")
    assert row["title"] == "城东停水停水"
    assert row["id"] == jsonl(store, TODAY)[0]["event_id"]
    assert len(table(written(store, "csv", None, "events"))) == 2


def test_every_hit_is_told_with_what_stands_there(store: Store) -> None:
    save(store, "a", RawPost("城東停水", "青禾水务：停水", "https://x.example/1", NOW - HOUR), RawPost("风", guid="2"))
    rows = [json.loads(line) for line in written(store, "jsonl", TODAY, "hits").splitlines()]
    assert [(row["field"], row["term"], row["found"]) for row in rows] == [
        ("title", "停水", "停水"),
        ("text", "青禾水务", "青禾水务"),
        ("text", "停水", "停水"),
    ]
    assert {row["post_id"] for row in rows} == {jsonl(store, TODAY)[0]["id"]}


def test_where_the_items_of_hot_lists_stood_is_told_change_by_change(store: Store) -> None:
    save(store, "hot", RawPost("停水", guid="1", rank=3, heat=10.0), RawPost("风", guid="2", rank=4))
    with sqlite3.connect(store.path) as file:
        file.execute("DELETE FROM observations")
        for rank, hours in ((3, 0), (1, 1), (None, 2)):
            query = "INSERT INTO observations SELECT seq, ?, ?, NULL, 0 FROM posts"
            file.execute(query, (int((NOW + hours * HOUR).timestamp() * 1000), rank))
    rows = [json.loads(line) for line in written(store, "jsonl", TODAY, "observations").splitlines()]
    assert [(row["title"], row["rank"]) for row in rows] == [("停水", 3), ("停水", 1), ("停水", None)]
    assert rows[1]["observed_at"] == "2026-03-10T11:00:00+08:00"
    assert len(written(store, "jsonl", None, "observations").splitlines()) == 6
    assert store.count_export("observations", TODAY) == 3


@pytest.mark.parametrize("what", ["posts", "events", "hits", "observations"])
def test_parquet_holds_what_json_lines_holds_with_types(store: Store, what: Table, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    save(
        store,
        "a",
        *(RawPost(f"停水{i}", "=1+1", published=NOW - HOUR, guid=str(i)) for i in range(20)),
        RawPost("风", guid="x"),
    )
    pieces = export(store, None, table=what, format_="parquet", zone=ZONE)
    (tmp_path / "x.parquet").write_bytes(b"".join(piece for piece in pieces if isinstance(piece, bytes)))
    back = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert len(back) == store.count_export(what, None)
    rows = [json.loads(line) for line in written(store, "jsonl", None, what).splitlines()]
    for row in rows:
        row.update({k: datetime.fromisoformat(v) for k, v in row.items() if k.endswith("_at") and v})
    assert back == rows


def test_parquet_of_nothing_is_a_file_with_columns(store: Store, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pieces = export(store, TODAY, format_="parquet", zone=ZONE)
    (tmp_path / "x.parquet").write_bytes(b"".join(piece for piece in pieces if isinstance(piece, bytes)))
    assert parquet.read_table(tmp_path / "x.parquet").column_names == COLUMNS.split(",")


def book(store: Store, what: Table = "posts") -> Any:
    openpyxl = pytest.importorskip("openpyxl")
    pieces = export(store, None, table=what, format_="xlsx", zone=ZONE)
    return openpyxl.load_workbook(io.BytesIO(b"".join(piece for piece in pieces if isinstance(piece, bytes))))


def test_a_workbook_holds_the_columns_of_the_csv_with_dates_and_without_formulas(store: Store) -> None:
    for i, evil in enumerate(FORMULAS):
        save(
            store,
            "a",
            RawPost(evil + "停水\ufffe\x01", f"https://x.example {evil}", f"https://x.example/{i}", NOW - HOUR, str(i)),
        )
    sheet = book(store).active
    rows = list(sheet.iter_rows(values_only=True))
    assert ",".join(map(str, rows[0])) == COLUMNS
    assert len(rows) == len(FORMULAS) + 1
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "d", "inlineStr"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert str(rows[1][1]) == "2026-03-10 09:00:00"
    assert [row[5] for row in rows[1:]] == [row["title"].replace("\ufffe", "") for row in jsonl(store)]


def test_a_cell_is_cut_where_a_spreadsheet_could_not_hold_it(store: Store) -> None:
    save(store, "a", RawPost("停水" * 30_000, published=NOW - HOUR, guid="1"))
    title = str(book(store).active["F2"].value)
    assert len(title) <= 32_767
    assert title.startswith("停水停水")


def test_what_a_sheet_cannot_hold_goes_on_in_the_next() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pieces = sheets.pieces(({"a": i} for i in range(5)), ["a"], most=3)
    made = openpyxl.load_workbook(io.BytesIO(b"".join(pieces)))
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in made] == [
        ["a", 0, 1],
        ["a", 2, 3],
        ["a", 4],
    ]


def test_the_ending_of_the_file_names_the_format(desk: MakeDesk, tmp_path: Path) -> None:
    one = desk({A: feed(item()), B: feed()})
    one("fetch")
    one("export", "-o", tmp_path / "x.jsonl")
    assert json.loads((tmp_path / "x.jsonl").read_text("utf-8"))["id"]
    one("export", "-o", tmp_path / "x.txt")
    assert (tmp_path / "x.txt").read_text("utf-8-sig").startswith("id,")
    one("export", "hits", "-o", tmp_path / "y.csv")
    assert (tmp_path / "y.csv").read_text("utf-8-sig").startswith("post_id,")


def test_a_format_whose_extra_is_missing_is_refused_with_the_line_that_adds_it(
    desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("yuqing_cli.render.parquet_table.find_spec", lambda _name: None)
    said = desk()("export", "-o", tmp_path / "x.parquet")
    assert said.code == 2
    assert "pip install 'yuqing-cli[parquet]'" in said.err
    assert not (tmp_path / "x.parquet").exists()


def test_a_fetch_writes_while_an_export_reads_and_the_export_is_of_one_moment(store: Store) -> None:
    save(store, "a", *(RawPost(f"停水{i}", published=NOW - HOUR, guid=str(i)) for i in range(1200)))
    pieces = export(store, None, format_="jsonl", zone=ZONE)
    first = next(pieces)
    with Store(store.path) as other:
        save(other, "b", RawPost("断水", published=NOW - HOUR, guid="b"))
        save(other, "a", RawPost("改了", published=NOW - HOUR, guid="1199"))
    rest = [json.loads(piece)["title"] for piece in (first, *pieces)]
    assert sorted(rest) == sorted(f"停水{i}" for i in range(1200))
    assert {"断水", "改了"} <= {row["title"] for row in jsonl(store)}


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit(143), RuntimeError])
def test_an_export_that_is_interrupted_leaves_no_half_of_a_file(
    desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    one = desk({A: feed(item()), B: feed()})
    one("fetch")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.csv").write_text("former", "utf-8")

    def stop(*_: object) -> None:
        raise end

    monkeypatch.setattr("yuqing_cli.workflows.export.post_row", stop)
    with contextlib.suppress(RuntimeError, KeyboardInterrupt, SystemExit):
        assert one("export", "-o", tmp_path / "out" / "x.csv", "--force").code != 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x.csv"]
    assert (tmp_path / "out" / "x.csv").read_text("utf-8") == "former"


def test_a_reader_that_leaves_early_is_no_failure_and_nothing_is_said(desk: MakeDesk) -> None:
    one = desk({A: feed(item()), B: feed()})
    with Store(one.folder / "yuqing.db") as store:
        save(store, "a", *(RawPost(f"停水{i}", "水" * 500, guid=str(i)) for i in range(2000)))
    command = [sys.executable, "-m", "yuqing_cli", "--station", str(one.folder), "export", "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline().startswith(b"id,")
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_an_export_that_is_asked_to_end_ends_and_takes_its_half_file_away(desk: MakeDesk, tmp_path: Path) -> None:
    one = desk({A: feed(item()), B: feed()})
    one("fetch")
    (tmp_path / "out").mkdir()
    script = f"""
import os, signal, sys
from yuqing_cli.workflows import export
def stop(*_):
    os.kill(os.getpid(), signal.SIGTERM)
    return post_row(*_)
post_row, export.post_row = export.post_row, stop
from yuqing_cli.cli.app import run
sys.exit(run(["--station", {str(one.folder)!r}, "export", "--all", "-o", {str(tmp_path / "out" / "x.csv")!r}]))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 143
    assert not list((tmp_path / "out").iterdir())
