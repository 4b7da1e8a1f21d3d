"""The formats of digests and reviews, in plain sight. Apart, so that what only needs the sentences does not load all formats."""

from __future__ import annotations

from collections.abc import Callable

from yuqing_cli.digest.page import Page
from yuqing_cli.digest.review import Review
from yuqing_cli.errors import UsageError
from yuqing_cli.i18n import Translate

from . import atom, digest_json, docx, html, markdown, paper, review, review_xlsx, sheets, xlsx

DIGEST_FORMATS: dict[str, Callable[[Page, Translate], str | bytes]] = {
    "markdown": markdown.render,
    "html": html.render,
    "json": digest_json.render,
    "xlsx": xlsx.render,
    "docx": docx.render,
    "atom": atom.render,
}
"""``text`` is not here: it belongs to the terminal (``adapters.terminal``)."""

REVIEW_FORMATS: dict[str, Callable[[Review, Translate], str | bytes]] = {
    "markdown": review.as_markdown,
    "html": review.as_html,
    "json": review.as_json,
    "xlsx": review_xlsx.render,
    "docx": review.as_docx,
}
"""Of the periodic review; ``text`` is again the terminal's."""

BINARY = frozenset({"xlsx", "docx"})
"""Formats that are bytes, not text: a terminal cannot show them."""

_NEEDS: dict[str, Callable[[], bool]] = {"xlsx": sheets.installed, "docx": paper.installed}


def require(name: str) -> None:
    """Raise ``UsageError`` where the format needs an extra that is not installed."""
    if name in _NEEDS and not _NEEDS[name]():
        raise UsageError("--format {name} needs an extra: pip install {extra}", name=name, extra="'yuqing-cli[office]'")
