"""A digest in XLSX that was filled in by hand and comes back: taken whole or not at all, once, masked, and never trusted."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from test_marks import event_of, two_reports
from yuqing_cli.adapters import workbook
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import CONFIG, DONE, USAGE
from yuqing_cli.digest.desk import standing
from yuqing_cli.digest.filled_in import DONE as DONE_
from yuqing_cli.digest.filled_in import OWNER, REMARK
from yuqing_cli.station import DATABASE

openpyxl = pytest.importorskip("openpyxl")
HEAD = ("event_id", "标题", "承办单位", "处置情况", "备注")
WHEN = datetime.fromisoformat("2026-03-10T08:30")
REPLY = "https://www.qinghe.example/notice/1"


def book(path: Path, *rows: Sequence[Any], head: Sequence[str] = HEAD) -> Path:
    made = openpyxl.Workbook()
    made.active.append(["概览"])
    sheet = made.create_sheet("事件")
    for row in (head, *rows):
        sheet.append(row)
    made.save(path)
    return path


@pytest.fixture
def one(desk: MakeDesk) -> Desk:  # noqa: F811
    return desk()


@pytest.fixture
def event(one: Desk) -> str:
    with Store(one.folder / DATABASE) as store:
        return event_of(store, two_reports(store)[0][0])


def entries(one: Desk) -> list[tuple[str, str]]:
    with sqlite3.connect(one.folder / DATABASE) as connection:
        return connection.execute("SELECT kind, text FROM desk_entries ORDER BY seq").fetchall()


def test_what_was_filled_in_is_written_once_and_masked(one: Desk, event: str, tmp_path: Path) -> None:
    path = book(
        tmp_path / "d.xlsx", (event, "停水", "供水科", "已现场抢修", "电13800138000"), ("other", "x", None, " ", "")
    )
    first = one("events", "import", path, "--json").json
    assert (first["rows"], first["written"], len(first["changes"])) == (1, True, 3)
    assert entries(one) == [("owner", "供水科"), ("note", "已现场抢修"), ("note", "电■■■■■■■■■■■")]
    again = one("events", "import", path)
    assert (again.code, again.out) == (DONE, "")
    assert len(entries(one)) == 3


def test_an_address_is_an_answer_and_the_word_for_done_closes(one: Desk, event: str, tmp_path: Path) -> None:
    one("events", "import", book(tmp_path / "a.xlsx", (event, "停水", None, REPLY, None)))
    one("events", "import", book(tmp_path / "b.xlsx", (event, "停水", None, "已办结", None)))
    with Store(one.folder / DATABASE) as store:
        held = standing(store.desk_entries()[event])
    assert (held.answer, held.status) == (REPLY, "closed")


def test_english_headings_numbers_and_dates_are_read_as_text(one: Desk, event: str, tmp_path: Path) -> None:
    head = ("event_id", "unit in charge", "what was done", "remarks")
    one("events", "import", book(tmp_path / "d.xlsx", (event, 12, WHEN, 1.5), head=head))
    assert entries(one) == [("owner", "12"), ("note", "2026-03-10 08:30"), ("note", "1.5")]


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(one: Desk, event: str, tmp_path: Path) -> None:
    outcome = one("events", "import", book(tmp_path / "d.xlsx", (event, "停水", "供水科", None, None)), "--dry-run")
    assert (outcome.code, outcome.out) == (DONE, f"in charge  {event}  青禾水务停水  供水科\n")
    assert entries(one) == []


def test_one_faulty_row_is_named_with_its_number_and_nothing_is_written(one: Desk, event: str, tmp_path: Path) -> None:
    rows = [
        (event, "", "供水科", None, None),
        ("zzzz", "", "供水科", None, None),
        (event, "", None, '=HYPERLINK("https://evil.example")', None),
        (event, "", "科" * 61, None, None),
        (event, "", None, "https://user:word@evil.example/", None),
        (None, "", "供水科", None, None),
    ]
    outcome = one("events", "import", book(tmp_path / "d.xlsx", *rows))
    assert (outcome.code, outcome.out) == (CONFIG, "")
    lines = outcome.err.splitlines()
    assert [line.split(":")[1] for line in lines] == ["3", "4", "5", "6", "7"]
    assert "zzzz" in lines[0]
    assert entries(one) == []


def bomb(path: Path) -> Path:
    """A small archive that says it unpacks to a gigabyte."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(250):
            part.write(b" " * 1_000_000)
    return path


@pytest.mark.slow
def test_an_archive_that_unpacks_to_far_more_is_not_opened(one: Desk, event: str, tmp_path: Path) -> None:
    outcome = one("events", "import", bomb(tmp_path / "bomb.xlsx"))
    assert outcome.code == USAGE
    assert "too large" in outcome.err


def test_what_is_no_filled_in_digest_is_refused_with_its_name(one: Desk, event: str, tmp_path: Path) -> None:
    text, empty, other = tmp_path / "t.xlsx", tmp_path / "e.xlsx", book(tmp_path / "o.xlsx", head=("a", "b"))
    text.write_text("no zip")
    with zipfile.ZipFile(empty, "w"):
        pass
    for path in (text, empty, other, tmp_path / "missing.xlsx", tmp_path):
        outcome = one("events", "import", path)
        assert outcome.code == USAGE, path
        assert str(path) in outcome.err


def test_entities_of_a_document_are_not_expanded(one: Desk, event: str, tmp_path: Path) -> None:
    path = book(tmp_path / "d.xlsx", (event, "停水", "供水科", None, None))
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts.items():
            if name.endswith("sharedStrings.xml"):
                shared = body.replace("供水科".encode(), b"&b;").replace(b"<sst", laughs.encode() + b"<sst", 1)
                archive.writestr(name, shared)
            else:
                archive.writestr(name, body)
    one("events", "import", path)
    assert not [text for _, text in entries(one) if "haha" in text]


def test_too_many_rows_are_refused(one: Desk, event: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    path = book(tmp_path / "d.xlsx", *[(event, "", "供水科", None, None)] * 4)
    assert one("events", "import", path).code == USAGE


def test_without_the_extra_the_line_that_adds_it_is_said(
    one: Desk, event: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "find_spec", lambda _name: None)
    outcome = one("events", "import", tmp_path / "d.xlsx")
    assert outcome.code == USAGE
    assert "pip install" in outcome.err


def test_the_workbook_of_a_digest_is_read_back_by_its_own_headings(one: Desk, event: str, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "digest.xlsx"
    assert one("digest", "--date", "2026-03-10", "--format", "xlsx", "-o", path).code == DONE
    filled = openpyxl.load_workbook(path)
    sheet = next(s for s in filled.worksheets if s.cell(1, 1).value == "event_id")
    heads = [cell.value for cell in sheet[1]]
    assert not [name for names in (OWNER, DONE_, REMARK) if not set(names) & set(heads) for name in names]
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == event)
    sheet.cell(row, heads.index("unit in charge") + 1).value = "供水科"
    filled.save(path)
    assert one("events", "import", path).code == DONE
    assert entries(one) == [("owner", "供水科")]
