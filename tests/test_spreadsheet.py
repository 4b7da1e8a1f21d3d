"""What a spreadsheet makes of our files. Needs LibreOffice; skipped where there is none."""

from __future__ import annotations

import csv
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from yuqing_cli.cli.app import run

SOFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")]

ROWS = """title,text,url,source
城东停水，居民：没人通知,"从早上七点开始停水，一直到中午。",https://qinghe.example/1,青禾论坛
"=HYPERLINK(""http://evil.example"",""停水"")",停水补偿,https://qinghe.example/2,青禾论坛
𠮷野路停水 😀,停水,https://qinghe.example/3,青禾论坛
"""
PACK = '[pack]\nname = "water"\n[[topics]]\nid = "outage"\nany = ["停水"]\n'


def test_an_exported_csv_opens_in_libreoffice_with_its_chinese_and_without_formulas(tmp_path: Path) -> None:
    (tmp_path / "yuqing.toml").write_text('[station]\nname = "青禾"\n', "utf-8")
    (tmp_path / "keywords").mkdir()
    (tmp_path / "keywords" / "water.toml").write_text(PACK, "utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    assert run(["--station", str(tmp_path), "ingest", str(tmp_path / "rows.csv")]) == 0
    assert run(["--station", str(tmp_path), "export", "-o", str(tmp_path / "out.csv")]) == 0
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    # 44,34,76: comma, quote, UTF-8, which is what the import dialog takes from the byte-order mark; headless ignores it.
    utf8 = "--infilter=CSV:44,34,76,1"
    convert = [
        SOFFICE or "",
        home,
        "--headless",
        utf8,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "out.csv"),
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        strings = book.read("xl/sharedStrings.xml").decode("utf-8")
        sheet = book.read("xl/worksheets/sheet1.xml").decode("utf-8")
    for title in ("城东停水，居民：没人通知", "𠮷野路停水 😀"):
        assert title in strings
    assert "<f" not in sheet.replace("<format", ""), "no cell became a formula"
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3


def test_an_exported_workbook_opens_in_libreoffice_with_every_title_as_it_is(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    (tmp_path / "yuqing.toml").write_text('[station]\nname = "青禾"\n', "utf-8")
    (tmp_path / "keywords").mkdir()
    (tmp_path / "keywords" / "water.toml").write_text(PACK, "utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    assert run(["--station", str(tmp_path), "ingest", str(tmp_path / "rows.csv")]) == 0
    assert run(["--station", str(tmp_path), "export", "-o", str(tmp_path / "out.xlsx")]) == 0
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [
        SOFFICE or "",
        home,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
        "--outdir",
    ]
    subprocess.run([*command, str(tmp_path), str(tmp_path / "out.xlsx")], check=True, capture_output=True, timeout=120)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = {row["title"] for row in csv.DictReader(file)}
    assert titles == {row["title"] for row in csv.DictReader(ROWS.splitlines())}
