"""The workbook and the Word document from inside, and how the command line treats formats that are no text."""

from __future__ import annotations

import importlib.util
import io
import sys
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.shared import Pt, RGBColor

from conftest import NOW
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from town_digests import ordinary, pages
from yuqing_cli import i18n
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.digest.page import page
from yuqing_cli.errors import UsageError
from yuqing_cli.render import docx as word
from yuqing_cli.render import paper, xlsx
from yuqing_cli.render.sections import outline
from yuqing_cli.render.sheets import Book, Column, Link

CHINESE = i18n.choose("zh")
BINARIES = ("xlsx", "docx")


def opened(made: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made))


def document(made: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(made))


def test_the_sheet_of_events_can_be_filtered_filled_in_and_read_back() -> None:
    shown = page(ordinary())
    sheet = opened(xlsx.render(shown, CHINESE))["事件"]
    names = [cell.value for cell in sheet[1]]
    assert names[0] == xlsx.EVENT_ID
    assert names[10:13] == ["承办单位", "处置情况", "备注"] == [CHINESE(name) for name in xlsx.HAND]
    assert sheet.freeze_panes == "G2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(names)).column_letter}{len(shown.digest.events) + 1}"
    for row, event in zip(sheet.iter_rows(min_row=2), shown.digest.events, strict=True):
        told = dict(zip(names, row, strict=True))
        assert told[xlsx.EVENT_ID].value == event.id
        assert told["标题"].hyperlink.target == event.links[0].url
        assert isinstance(told["首发时间"].value, datetime)
        assert told["首发时间"].value == event.first_seen.replace(tzinfo=None)
        assert told["得分"].value == event.score
        assert all(told[name].value is None for name in ("承办单位", "处置情况", "备注"))


def test_a_workbook_for_the_head_of_the_office_has_the_events_of_the_page_only() -> None:
    book = opened(xlsx.render(pages()["exec"], CHINESE))
    assert book["事件"].max_row - 1 == len(pages()["exec"].act)
    assert book["概览"]["A3"].value == outline(pages()["exec"], CHINESE).bottom


def test_a_table_without_rows_and_an_address_too_long_for_a_cell_are_no_fault() -> None:
    book = Book("x", NOW)
    sheet = book.sheet("名" * 40)
    sheet.table([Column("a", 10), Column("b", 10)], [])
    sheet.put(1, 0, Link("题", f"https://a.example/{'x' * 2_010}"))
    sheet.put(2, 0, "很" * 40_000)
    sheet.put(3, 0, Link("", "https://a.example/1"))
    cells = opened(book.finished())["名" * 31]
    assert (cells["A2"].value, cells["A2"].hyperlink) == ("题", None)
    assert len(cells["A3"].value) == 32_767
    assert (cells["A4"].value, cells["A4"].hyperlink.target) == ("https://a.example/1", "https://a.example/1")


def test_the_word_document_has_headings_repeated_headers_page_fields_and_fonts_for_chinese() -> None:
    made = document(word.render(page(ordinary()), CHINESE))
    titles = [
        paragraph.text for paragraph in made.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"
    ]
    assert titles == [section.title for section in outline(page(ordinary()), CHINESE).sections]
    assert "Heading 2" in {paragraph.style.name for paragraph in made.paragraphs if paragraph.style}
    foot = made.sections[0].footer._element.xml
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
    assert 'w:eastAsia="宋体"' in made.styles["Normal"].element.xml
    assert any("w:tblHeader" in table._element.xml for table in made.tables)


def test_a_template_gives_the_looks_and_keeps_what_stands_in_it() -> None:
    own = docx.Document()
    own.add_paragraph("青禾县人民政府办公室文件")
    own.styles["Heading 1"].font.size, own.styles["Heading 1"].font.color.rgb = Pt(22), RGBColor(0xC0, 0, 0)
    body = io.BytesIO()
    own.save(body)
    made = document(word.render(page(ordinary()), CHINESE, body.getvalue()))
    assert made.paragraphs[0].text == "青禾县人民政府办公室文件"
    assert made.styles["Heading 1"].font.size == Pt(22)
    assert "PAGE" not in made.sections[0].footer._element.xml


def test_a_template_that_lacks_the_styles_is_used_without_them() -> None:
    own = docx.Document()
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet", "Table Grid"):
        own.styles[name].delete()
    body = io.BytesIO()
    own.save(body)
    made = document(word.render(page(ordinary()), CHINESE, body.getvalue()))
    assert "需今日处置" in [paragraph.text for paragraph in made.paragraphs]


@pytest.mark.parametrize("body", [b"", b"text", b"PK\x03\x04broken", "xlsx"])
def test_a_template_that_is_no_word_document_is_refused(body: bytes | str) -> None:
    if isinstance(body, str):
        body = xlsx.render(pages()["empty"], CHINESE)
    with pytest.raises(UsageError, match="Word"):
        paper.check(body)


@pytest.mark.parametrize("name", BINARIES)
def test_a_file_gets_the_bytes_and_a_terminal_is_told_so_before_an_issue_is_made(
    desk: MakeDesk,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    run = desk()
    with monkeypatch.context() as terminal:
        terminal.setattr(sys.stdout, "isatty", lambda: True)
        refused = run("digest", "--format", name)
    assert (refused.code, refused.out) == (USAGE, "")
    assert "-o" in refused.err
    target = tmp_path / f"day.{name}"
    assert run("digest", "--format", name, "-o", target).code == DONE
    assert target.read_bytes()[:2] == b"PK"
    assert run("digest", "--json").json["issue"] == 1


@pytest.mark.parametrize(("name", "library"), [("xlsx", "xlsxwriter"), ("docx", "docx")])
def test_a_missing_extra_is_named_with_the_line_that_adds_it(
    desk: MakeDesk,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    library: str,
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda wanted, *rest: None if wanted == library else find(wanted, *rest)
    )
    for module in ("sheets", "paper"):
        monkeypatch.setattr(f"yuqing_cli.render.{module}.find_spec", importlib.util.find_spec)
    refused = desk()("digest", "--format", name, "-o", tmp_path / "x")
    assert refused.code == USAGE
    assert "pip install 'yuqing-cli[office]'" in refused.err


def test_a_template_is_for_word_documents_and_must_be_there(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    run = desk()
    assert "docx" in run("digest", "--template", tmp_path / "a.docx").err
    missing = run("digest", "--format", "docx", "--template", tmp_path / "a.docx", "-o", tmp_path / "b.docx")
    assert (missing.code, "a.docx" in missing.err) == (USAGE, True)
    (tmp_path / "a.docx").write_text("text")
    wrong = run("digest", "--format", "docx", "--template", tmp_path / "a.docx", "-o", tmp_path / "b.docx")
    assert (wrong.code, (tmp_path / "b.docx").exists()) == (USAGE, False)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "atom"])
def test_exec_is_the_short_form_of_the_same_issue(desk: MakeDesk, form: str) -> None:  # noqa: F811
    run = desk()
    whole, short = run("digest", "--format", form), run("digest", "--format", form, "--for", "exec")
    assert whole.code == short.code == DONE
    assert 0 < len(short.out) <= len(whole.out)
    assert run("digest", "--json", "--for", "exec").out == run("digest", "--json").out
