"""The digest as a Word document: the outline on ``paper``, dated when the digest was made."""

from __future__ import annotations

from yuqing_cli.digest.page import Page
from yuqing_cli.i18n import Translate

from . import paper
from .sections import outline


def render(page: Page, t: Translate, template: bytes | None = None) -> bytes:
    """The whole document, behind what the template holds. Raises ``UsageError`` where the template is none."""
    drawn = outline(page, t)
    return paper.document(drawn, t, page.digest.as_of, f"{drawn.title}  {drawn.window}", template)
