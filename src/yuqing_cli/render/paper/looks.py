"""How a document of ours looks: page, styles, rules of tables, what stands at the foot of every page."""

from __future__ import annotations

from typing import Any

from yuqing_cli.i18n import Translate
from yuqing_cli.records import Record

from .xml import element, qn

LATIN, HAN, HAN_HEADING = "Calibri", "宋体", "黑体"


class Looks(Record):
    """How large the letters are (1: 小四 and 五号, as offices set), how much air is between lines and blocks, how wide the text (cm)."""

    size: float
    air: float
    margin: float
    width: float


PAGES, SHEET, CROWDED = Looks(1.0, 1.0, 2.2, 16), Looks(0.9, 0.5, 1.5, 17.4), Looks(0.8, 0.25, 1.2, 18)
"""A document of several pages; one that must be one sheet; and one that is one sheet with all texts as long as they may be."""


def dress(document: Any, looks: Looks) -> None:
    """The shipped styles on A4, with fonts for both scripts, in ink."""
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - looks.width) / 2)
    section.top_margin, section.bottom_margin = Cm(looks.margin), Cm(looks.margin)
    section.header_distance = section.footer_distance = Cm(looks.margin / 2)
    sizes = {"Normal": 10.5, "Title": 20, "Subtitle": 10.5, "Heading 1": 14, "Heading 2": 12, "List Bullet": 10.5}
    for name, size in sizes.items():
        style = document.styles[name]
        heading = name not in {"Normal", "List Bullet", "Subtitle"}
        style.font.size, style.font.name, style.font.italic = Pt(round(size * looks.size * 2) / 2), LATIN, False
        style.font.color.rgb = RGBColor.from_string("56606E" if name == "Subtitle" else "1B2430")
        for spread in style.element.findall(f"{qn('w:rPr')}/{qn('w:spacing')}"):
            spread.getparent().remove(spread)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[key]
        for attribute, value in {"eastAsia": HAN_HEADING if heading else HAN, "hAnsi": LATIN, "cs": LATIN}.items():
            fonts.set(qn(f"w:{attribute}"), value)
        style.paragraph_format.space_after = Pt(4 * looks.air)
    for name, before in {"Heading 1": 14, "Heading 2": 8}.items():
        document.styles[name].paragraph_format.space_before = Pt(before * looks.air)
    _rule(document.styles["Table Grid"].element, looks)


def _rule(style: Any, looks: Looks) -> None:
    """Tables with thin grey lines between the rows only, and air around the text."""
    properties = style.get_or_add_tblPr() if hasattr(style, "get_or_add_tblPr") else style.find(qn("w:tblPr"))
    for name in ("w:tblBorders", "w:tblCellMar"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="C9D0D9"))
    margins = element("w:tblCellMar")
    for side, width in {"top": 40 * looks.air, "left": 60, "bottom": 40 * looks.air, "right": 60}.items():
        margins.append(element(f"w:{side}", w=f"{width:.0f}", type="dxa"))
    properties.append(borders)
    properties.append(margins)


def head_pages(document: Any, text: str) -> None:
    """Whose report of which time this is, at the top of every page: one that is lost from a pile finds back."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph = document.sections[0].header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    piece = paragraph.add_run(text)
    piece.font.size, piece.font.color.rgb = Pt(8.5), RGBColor.from_string("56606E")


def number_pages(document: Any, t: Translate) -> None:
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
                inside = element("w:instrText", kind) if kind == field else element("w:fldChar", fldCharType=kind)
                paragraph.add_run()._element.append(inside)
