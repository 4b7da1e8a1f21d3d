"""An outline as a Word document, the form in which offices file it: the only room with python-docx (extra ``office``).

Looks come from styles (``Title``, ``Subtitle``, ``Heading 1``, ``Heading 2``, ``List Bullet``, ``Table Grid``, ``Normal``), so that an
office's own template (``--template``) restyles all of it: what stands in the template stays, the outline follows behind. Without one, the
shipped styles get fonts for Chinese, which Word keeps apart from Latin ones.
The same outline makes the same bytes: the document's dates are given, and the archive is written anew with one time for all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

from yuqing_cli.errors import UsageError
from yuqing_cli.i18n import Translate
from yuqing_cli.render.outline import Card, Grid, Item, Line, Outline, Para, Run, Section, line, plain
from yuqing_cli.render.palette import LEVELS
from yuqing_cli.render.safe import shown

from .looks import CROWDED, PAGES, SHEET, Looks, dress, head_pages, number_pages
from .xml import element, qn

LABEL = 2.5
"""How wide the names of facts stand beside them, in cm: ``First report`` in one line."""
_STAMP = (1980, 1, 1, 0, 0, 0)
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def installed() -> bool:
    """Whether the extra is there; looked for without importing it."""
    return find_spec("docx") is not None


def check(template: bytes) -> None:
    """Raise ``UsageError`` where a template is no Word document."""
    _opened(template)


def document(drawn: Outline, t: Translate, at: datetime, head: str, template: bytes | None = None) -> bytes:
    """The whole document, dated ``at``, behind what the template holds, which has the heads and feet of its pages itself.

    ``head`` stands on top of every page. Raises ``UsageError`` where the template is none.
    """
    opened = _opened(template)
    looks = PAGES if not drawn.brief else CROWDED if drawn.crowded else SHEET
    if template is None:
        dress(opened, looks)
        number_pages(opened, t)
        if not drawn.brief:
            head_pages(opened, head)
    _Writer(opened, looks).all(drawn)
    return _stamped(opened, drawn.title, at)


def _opened(template: bytes | None) -> Any:
    import docx

    try:
        return docx.Document(io.BytesIO(template) if template is not None else None)
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise UsageError("the template is no Word document (.docx)") from error


def _stamped(document: Any, title: str, at: datetime) -> bytes:
    """The file, with that time in its properties and none of the machine's in the archive."""
    core = document.core_properties
    at = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.author, core.last_modified_by, core.comments, core.revision = "yuqing-cli", "yuqing-cli", "", 1
    core.title, core.created, core.modified = shown(title, 255), at, at
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


class _Writer:
    """Writes blocks behind one another."""

    def __init__(self, document: Any, looks: Looks) -> None:
        self.document, self.looks = document, looks
        self.styles = {style.name: style.style_id for style in document.styles}

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
            self._inline(self._styled("", "Normal"), (Run(text, "id"),))

    def _styled(self, text: str, style: str) -> Any:
        """A paragraph; in its style where the template has it. (By the style's id: a search for each takes most of the time.)"""
        paragraph = self.document.add_paragraph(text)
        if style in self.styles:
            paragraph._p.style = self.styles[style]
        return paragraph

    def _figures(self, drawn: Outline) -> None:
        labels = [line(Run(f.label, "dim")) for f in drawn.figures]
        values = [line(Run(f.value, "strong"), Run(f" {f.change}" if f.change else "", "dim")) for f in drawn.figures]
        self._table([tuple(labels), tuple(values)], [self.looks.width / len(drawn.figures)] * len(drawn.figures))

    def _section(self, section: Section) -> None:
        from docx.shared import Cm

        self._styled(section.title, "Heading 1")
        for block in section.blocks:
            match block:
                case Card(head=head, facts=facts):
                    self._inline(self._styled("", "Heading 2"), head)
                    self._table(
                        [((Run(label, "dim"),), said) for label, said in facts], [LABEL, self.looks.width - LABEL]
                    )
                case Grid(columns=columns, rows=rows):
                    names = tuple((Run(name, "strong"),) for name in columns)
                    rest = len(columns) - 1
                    self._table([names, *rows], [7.0, *([(self.looks.width - 7.0) / rest] * rest)], header=True)
                case Item(head, details):
                    # What has a number needs no bullet; and no page ends between a head and what belongs to it.
                    first = self._styled("", "Normal" if head[0].text[:1].isdigit() else "List Bullet")
                    first.paragraph_format.keep_with_next = bool(details)
                    self._inline(first, head)
                    for number, detail in enumerate(details, 1):
                        paragraph = self._styled("", "Normal")
                        paragraph.paragraph_format.left_indent = Cm(0.65)
                        paragraph.paragraph_format.keep_with_next = number < len(details)
                        self._inline(paragraph, detail)
                case Para(said):
                    self._inline(self._styled("", "Normal"), said)

    def _table(self, rows: list[tuple[Line, ...]], widths: list[float], *, header: bool = False) -> None:
        """A table; its header row is repeated on every page, no row is torn, an empty first cell belongs to the one above."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt
        from docx.table import _Cell

        table = self.document.add_table(rows=len(rows), cols=len(widths))
        if "Table Grid" in self.styles:
            table.style = "Table Grid"
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for number, (row, marked) in enumerate(zip(rows, table._tbl.tr_lst, strict=True)):
            _mark_row(marked, header=header and number == 0)
            for place, (said, box) in enumerate(zip(row, marked.tc_lst, strict=True)):
                cell = _Cell(box, table)
                if place == 0:
                    _join(box, rows, number)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = 0
                if header and place:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._inline(paragraph, said)
        spacer = self._styled("", "Normal").paragraph_format
        spacer.space_after, spacer.line_spacing = 0, Pt(2 + 6 * self.looks.air)

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
                _MANNERS[piece.emphasis](paragraph.add_run(piece.text), self.looks)


def _plain(_piece: Any, _looks: Looks) -> None:
    """As the paragraph is."""


def _bold(piece: Any, _looks: Looks) -> None:
    piece.bold = True


def _dim(piece: Any, _looks: Looks) -> None:
    _coloured(piece, "56606E")


def _small(piece: Any, looks: Looks) -> None:
    from docx.shared import Pt

    piece.font.size = Pt(round(8.5 * looks.size * 2) / 2)
    _coloured(piece, "56606E")


def _hit(piece: Any, _looks: Looks) -> None:
    piece.bold = True
    _shade(piece, "#FFEFAD", "#1B2430")


_MANNERS: dict[str, Callable[[Any, Looks], None]] = {
    "strong": _bold,
    "dim": _dim,
    "id": _small,
    "hit": _hit,
    "": _plain,
}


def _coloured(piece: Any, colour: str) -> None:
    from docx.shared import RGBColor

    piece.font.color.rgb = RGBColor.from_string(colour)


def _shade(piece: Any, ground: str, letters: str) -> None:
    """Letters on a ground of one colour; the ground is filled in print, too."""
    _coloured(piece, letters.removeprefix("#").upper())
    piece._element.get_or_add_rPr().append(element("w:shd", val="clear", color="auto", fill=ground.removeprefix("#")))


def _hyperlink(paragraph: Any, piece: Run) -> None:
    """A link; python-docx can read them, but has no call that writes one."""
    link = element("w:hyperlink")
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
        cell.get_or_add_tcPr().append(element("w:vMerge"))
    elif empty(number + 1):
        cell.get_or_add_tcPr().append(element("w:vMerge", val="restart"))


def _mark_row(row: Any, *, header: bool) -> None:
    properties = row.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))
