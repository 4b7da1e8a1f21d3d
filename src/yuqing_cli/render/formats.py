"""The formats of a digest, in plain sight. A module of its own, so that what only needs the sentences does not load all formats."""

from __future__ import annotations

from collections.abc import Callable

from yuqing_cli.digest.page import Page
from yuqing_cli.errors import UsageError
from yuqing_cli.i18n import Translate

from . import atom, digest_json, docx, html, markdown, paper, sheets, xlsx

DIGEST_FORMATS: dict[str, Callable[[Page, Translate], str | bytes]] = {
    "markdown": markdown.render,
    "html": html.render,
    "json": digest_json.render,
    "xlsx": xlsx.render,
    "docx": docx.render,
    "atom": atom.render,
}
"""``text`` is not here: it belongs to the terminal (``adapters.terminal``)."""

BINARY = frozenset({"xlsx", "docx"})
"""Formats that are bytes, not text: a terminal cannot show them."""

_NEEDS: dict[str, Callable[[], bool]] = {"xlsx": sheets.installed, "docx": paper.installed}


def require(name: str) -> None:
    """Raise ``UsageError`` where the format needs an extra that is not installed."""
    if name in _NEEDS and not _NEEDS[name]():
        raise UsageError("--format {name} needs an extra: pip install {extra}", name=name, extra="'yuqing-cli[office]'")
