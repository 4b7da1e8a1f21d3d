"""Pieces of a document that python-docx has no call for."""

from __future__ import annotations

from typing import Any


def qn(name: str) -> str:
    """``w:p`` with its namespace written out."""
    from docx.oxml.ns import qn as long

    return str(long(name))


def element(name: str, text: str = "", **attributes: str) -> Any:
    """An element; the names of its attributes are those of ``w:``."""
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    if text:
        made.text = text
    return made
