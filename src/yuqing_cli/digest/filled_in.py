"""A digest that was filled in by hand -> what the desk says. Pure.

The columns are those that the workbook of a digest leaves open: 承办单位 names the unit in charge; 处置情况 is what was done, where the
address of a page says that this was published in reply, 办结 (or 已办结) closes the event, and anything else is a note; 备注 is a note.
What is already known is not written again, so a workbook can be read back as often as somebody adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .desk import DeskEntry, Kind, entry

EVENT = "event_id"
OWNER, DONE, REMARK = ("承办单位", "unit in charge"), ("处置情况", "what was done"), ("备注", "remarks")
"""The headings in either language."""
CLOSED = {"办结", "已办结", "closed"}


def said(cells: Mapping[str, str], event: str, at: datetime, *, masked: bool = True) -> list[DeskEntry]:
    """The entries that one row holds. Raises ``UsageError`` as ``desk.entry`` does."""
    filled = [
        (names, text) for names in (OWNER, DONE, REMARK) for name in names if (text := cells.get(name, "").strip())
    ]
    kinds = [(_kind(names, text), text) for names, text in filled]
    return [entry(event, kind, "" if kind == "close" else text, at, masked=masked) for kind, text in kinds]


def _kind(names: tuple[str, str], text: str) -> Kind:
    if names == OWNER:
        return "owner"
    if names == DONE and text in CLOSED:
        return "close"
    # An address with anything beside it is a note; an address that cannot be one is told, and not kept as a note.
    alone = len(text.split()) == 1
    return "answer" if names == DONE and alone and text.lower().startswith(("http://", "https://")) else "note"
