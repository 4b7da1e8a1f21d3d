"""The digest as one HTML file: for the browser, for mail, for paper.

No script, no outside asset, no form; a content policy in the head forbids them besides. Everything that a mail program needs stands in
``style`` attributes and tables, since many drop ``<style>``; what it may drop (dark colours, print, drawings) stands in ``<style>`` and
inline SVG, and nothing is said in a drawing alone. Jinja escapes every value that the template prints.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from yuqing_cli.digest.page import Page
from yuqing_cli.i18n import Translate

from . import charts, words
from .outline import Card, Grid, Item, Para
from .palette import LEVELS, PALETTE
from .sections import outline

if TYPE_CHECKING:
    from jinja2 import Template

TIMELINE = 8


def render(page: Page, t: Translate) -> str:
    """The whole document."""
    digest, drawn = page.digest, outline(page, t)
    timed = [event for event in digest.events if not event.late][:TIMELINE]
    by_hour = charts.hours(digest)
    return _template().render(
        o=drawn,
        bottom=words.bottom_sentences(digest, t),
        colon=t(": "),
        comma=t(", "),
        sections_word=t("Sections"),
        hours_title=t("Matched posts by hour"),
        hours_text=t("Most: {count} at {hour}.", count=by_hour.most, hour=by_hour.peak) if by_hour else "",
        sources_title=t("Matched posts by source"),
        timeline_title=t("When events were first and last reported"),
        lang="zh-CN" if t.language == "zh" else "en",
        top=LEVELS[words.highest(digest)][0] if digest.events else PALETTE["light"]["line"],
        hours=by_hour,
        sources=charts.ranking(digest.by_source),
        timeline=charts.timeline(digest, timed),
        charts=charts,
        light=PALETTE["light"],
        dark=PALETTE["dark"],
        levels=LEVELS,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("yuqing_cli.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.tests["para"] = lambda block: isinstance(block, Para)
    environment.tests["item"] = lambda block: isinstance(block, Item)
    environment.tests["card"] = lambda block: isinstance(block, Card)
    environment.tests["grid"] = lambda block: isinstance(block, Grid)
    return environment.get_template("digest.html.j2")
