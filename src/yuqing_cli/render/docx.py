"""The digest as a Word document, the form in which offices file it: the only room with python-docx (extra ``office``).

Looks come from styles (``Title``, ``Heading 1``, ``Heading 2``, ``List Bullet``, ``Table Grid``, ``Normal``), so that an office's own
template (``--template``) restyles all of it: what stands in the template stays, the digest follows behind. Without one, the shipped
styles get fonts for Chinese, which Word keeps apart from Latin ones.
The same digest makes the same bytes: the document's dates are the digest's, and the archive is written anew with one time for all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC
from importlib.util import find_spec
from typing import Any

from yuqing_cli.digest.page import Page
from yuqing_cli.errors import UsageError
from yuqing_cli.i18n import Translate

from .html import LEVELS
from .outline import Card, Grid, Item, Line, Outline, Para, Run, Section, line, plain
from .safe import shown
from .sections import outline

LATIN, HAN, HAN_HEADING = "Calibri", "宋体", "黑体"
_STAMP = (1980, 1, 1, 0, 0, 0)
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def installed() -> bool:
    """Whether the extra is there; looked for without importing it."""
    return find_spec("docx") is not None


def check(template: bytes) -> None:
    """Raise ``UsageError`` where a template is no Word document."""
    _opened(template)


def render(page: Page, t: Translate, template: bytes | None = None) -> bytes:
    """The whole document, behind what the template holds. Raises ``UsageError`` where the template is none."""
    document = _opened(template)
    _Writer(document, t, own=template is None).all(outline(page, t))
    return _stamped(document, page)


def _opened(template: bytes | None) -> Any:
    import docx

    try:
        return docx.Document(io.BytesIO(template) if template is not None else None)
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise UsageError("the template is no Word document (.docx)") from error


def _stamped(document: Any, page: Page) -> bytes:
    """The file, with the digest's time in its properties and none of the machine's in the archive."""
    core = document.core_properties
    at = page.digest.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.author, core.last_modified_by, core.comments, core.revision = "yuqing-cli", "yuqing-cli", "", 1
    core.title, core.created, core.modified = shown(page.digest.station, 255), at, at
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


class _Writer:
    """Writes blocks behind one another."""

    def __init__(self, document: Any, t: Translate, *, own: bool) -> None:
        self.document = document
        self.styles = {style.name: style.style_id for style in document.styles}
        if own:
            _dress(document)
            _number_pages(document, t)

    def all(self, drawn: Outline) -> None:
        self._styled(drawn.title, "Title")
        self._styled(drawn.window, "Subtitle")
        self._inline(self._styled("", "Normal"), (Run(drawn.bottom, "strong"),))
        for text in (drawn.coverage, drawn.gap):
            if text:
                self._styled(text, "Normal")
        self._figures(drawn)
        for section in drawn.sections:
            self._section(section)
        for text in drawn.method:
            paragraph = self._styled(text, "Normal")
            for piece in paragraph.runs:
                _small(piece)

    def _styled(self, text: str, style: str) -> Any:
        """A paragraph; in its style where the template has it. (By the style's id: a search for each takes most of the time.)"""
        paragraph = self.document.add_paragraph(text)
        if style in self.styles:
            paragraph._p.style = self.styles[style]
        return paragraph

    def _figures(self, drawn: Outline) -> None:
        labels = [line(Run(f.label, "dim")) for f in drawn.figures]
        values = [line(Run(f.value, "strong"), Run(f" {f.change}" if f.change else "", "dim")) for f in drawn.figures]
        self._table([tuple(labels), tuple(values)], [16 / len(drawn.figures)] * len(drawn.figures))

    def _section(self, section: Section) -> None:
        self._styled(section.title, "Heading 1")
        for block in section.blocks:
            match block:
                case Card(head=head, facts=facts):
                    self._inline(self._styled("", "Heading 2"), head)
                    self._table([((Run(label, "dim"),), said) for label, said in facts], [2.2, 13.8])
                case Grid(columns=columns, rows=rows):
                    names = tuple((Run(name, "strong"),) for name in columns)
                    rest = len(columns) - 1
                    self._table([names, *rows], [7.0, *([9.0 / rest] * rest)], header=True)
                case Item(head, details):
                    self._inline(self._styled("", "List Bullet"), head)
                    for detail in details:
                        paragraph = self._styled("", "Normal")
                        paragraph.paragraph_format.left_indent = _cm(0.65)
                        self._inline(paragraph, detail)
                case Para(said):
                    self._inline(self._styled("", "Normal"), said)

    def _table(self, rows: list[tuple[Line, ...]], widths: list[float], *, header: bool = False) -> None:
        """A table; its header row is repeated on every page, no row is torn, an empty first cell belongs to the one above."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.table import _Cell

        table = self.document.add_table(rows=len(rows), cols=len(widths))
        if "Table Grid" in self.styles:
            table.style = "Table Grid"
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = _cm(width)
        for number, (row, marked) in enumerate(zip(rows, table._tbl.tr_lst, strict=True)):
            _mark_row(marked, header=header and number == 0)
            for place, (said, element) in enumerate(zip(row, marked.tc_lst, strict=True)):
                cell = _Cell(element, table)
                if place == 0:
                    _join(element, rows, number)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = 0
                if header and place:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._inline(paragraph, said)
        spacer = self._styled("", "Normal").paragraph_format
        spacer.space_after, spacer.line_spacing = 0, _pt(8)

    def _inline(self, paragraph: Any, said: Line) -> None:
        for piece in said:
            if piece.url:
                _hyperlink(paragraph, piece)
            elif piece.emphasis in LEVELS:
                badge = paragraph.add_run(f" {piece.text.strip('[]【】')} ")
                badge.bold = True
                _shade(badge, *LEVELS[piece.emphasis])
                paragraph.add_run(" ")
            elif piece.text:
                _MANNERS[piece.emphasis](paragraph.add_run(piece.text))


def _plain(_piece: Any) -> None:
    """As the paragraph is."""


def _bold(piece: Any) -> None:
    piece.bold = True


def _dim(piece: Any) -> None:
    _coloured(piece, "56606E")


def _small(piece: Any) -> None:
    from docx.shared import Pt

    piece.font.size = Pt(8.5)
    _coloured(piece, "56606E")


def _hit(piece: Any) -> None:
    piece.bold = True
    _shade(piece, "#FFEFAD", "#1B2430")


_MANNERS: dict[str, Callable[[Any], None]] = {"strong": _bold, "dim": _dim, "id": _small, "hit": _hit, "": _plain}


def _coloured(piece: Any, colour: str) -> None:
    from docx.shared import RGBColor

    piece.font.color.rgb = RGBColor.from_string(colour)


def _shade(piece: Any, ground: str, letters: str) -> None:
    """Letters on a ground of one colour; the ground is filled in print, too."""
    _coloured(piece, letters.removeprefix("#").upper())
    piece._element.get_or_add_rPr().append(_element("w:shd", val="clear", color="auto", fill=ground.removeprefix("#")))


def _cm(length: float) -> Any:
    from docx.shared import Cm

    return Cm(length)


def _pt(length: float) -> Any:
    from docx.shared import Pt

    return Pt(length)


def _element(name: str, text: str = "", **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    if text:
        element.text = text
    return element


def _hyperlink(paragraph: Any, piece: Run) -> None:
    """A link; python-docx can read them, but has no call that writes one."""
    from docx.oxml.ns import qn

    link = _element("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(piece.url, _LINK, is_external=True))
    run = paragraph.add_run(piece.text)
    run.bold = piece.emphasis == "strong"
    _coloured(run, "0B57D0")
    link.append(run._element)
    paragraph._element.append(link)


def _join(cell: Any, rows: list[tuple[Line, ...]], number: int) -> None:
    """Make an empty first cell one with the cell above it."""

    def empty(row: int) -> bool:
        return 0 < row < len(rows) and not plain(rows[row][0])

    if empty(number):
        cell.get_or_add_tcPr().append(_element("w:vMerge"))
    elif empty(number + 1):
        cell.get_or_add_tcPr().append(_element("w:vMerge", val="restart"))


def _mark_row(row: Any, *, header: bool) -> None:
    properties = row.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if header:
        properties.append(_element("w:tblHeader"))


def _dress(document: Any) -> None:
    """The shipped styles on A4, with fonts for both scripts, in ink."""
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    sizes = {"Normal": 10.5, "Title": 20, "Subtitle": 10.5, "Heading 1": 14, "Heading 2": 12, "List Bullet": 10.5}
    for name, size in sizes.items():
        style = document.styles[name]
        heading = name not in {"Normal", "List Bullet", "Subtitle"}
        style.font.size, style.font.name, style.font.italic = Pt(size), LATIN, False
        style.font.color.rgb = RGBColor.from_string("56606E" if name == "Subtitle" else "1B2430")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[key]
        for attribute, value in {"eastAsia": HAN_HEADING if heading else HAN, "hAnsi": LATIN, "cs": LATIN}.items():
            from docx.oxml.ns import qn

            fonts.set(qn(f"w:{attribute}"), value)
        style.paragraph_format.space_after = Pt(4)
    for name, before in {"Heading 1": 14, "Heading 2": 8}.items():
        document.styles[name].paragraph_format.space_before = Pt(before)
    _rule(document.styles["Table Grid"].element)


def _rule(style: Any) -> None:
    """Tables with thin grey lines between the rows only, and air around the text."""
    properties = style.get_or_add_tblPr() if hasattr(style, "get_or_add_tblPr") else style.find(_qn("w:tblPr"))
    for name in ("w:tblBorders", "w:tblCellMar"):
        for old in properties.findall(_qn(name)):
            properties.remove(old)
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="C9D0D9"))
    margins = _element("w:tblCellMar")
    for side, width in {"top": "40", "left": "60", "bottom": "40", "right": "60"}.items():
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    properties.append(borders)
    properties.append(margins)


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _number_pages(document: Any, t: Translate) -> None:
    """``第 1 页 共 3 页`` at the foot of every page, as fields that Word counts."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, rest = t("page {page} of {pages}", page="\x00", pages="\x01").split("\x00")
    between, after = rest.split("\x01")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        if text:
            paragraph.add_run(text)
        if field:
            for kind in ("begin", field, "end"):
                inside = _element("w:instrText", kind) if kind == field else _element("w:fldChar", fldCharType=kind)
                paragraph.add_run()._element.append(inside)
