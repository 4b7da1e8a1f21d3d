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
from .outline import Card, Grid, Item, Outline, Para, plain
from .safe import cells
from .sections import outline

if TYPE_CHECKING:
    from jinja2 import Template

PALETTE = {
    "light": {"back": "#f3f4f6", "paper": "#ffffff", "text": "#1b2430", "dim": "#56606e", "line": "#d8dde4", "link": "#0b57d0",
              "soft": "#f6f8fa", "hit": "#ffefad", "bar": "#5b7fb5", "alarm": "#8a3b00", "fine": "#1d6b3a"},
    "dark": {"back": "#12151a", "paper": "#1b2027", "text": "#e7eaee", "dim": "#a9b2be", "line": "#363e49", "link": "#8ab4f8",
             "soft": "#232a33", "hit": "#5a4800", "bar": "#7fa3dc", "alarm": "#ffb68a", "fine": "#7fd69b"},
}  # fmt: skip
LEVELS = {
    "red": ("#b3261e", "#ffffff"),
    "orange": ("#a84300", "#ffffff"),
    "yellow": ("#ffd84d", "#3a2c00"),
    "blue": ("#1a56b0", "#ffffff"),
}
"""Of a level's badge: ground and letters. The same by day and by night."""
TIMELINE = 8
ROOM = 33
"""How many lines an exec page has room for on A4; beyond, it is printed smaller, so that it is one page with the longest texts, too."""


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
        exec=page.audience == "exec",
        tight=_lines(drawn) > ROOM,
        top=LEVELS[words.highest(digest)][0] if digest.events else PALETTE["light"]["line"],
        hours=by_hour,
        sources=charts.ranking(digest.by_source),
        timeline=charts.timeline(digest, timed),
        charts=charts,
        light=PALETTE["light"],
        dark=PALETTE["dark"],
        levels=LEVELS,
    )


def _lines(drawn: Outline) -> int:
    """About how many lines the changing part of a page takes on paper."""
    told = [(drawn.title, 46), (drawn.coverage, 92)]
    for section in drawn.sections:
        for block in section.blocks:
            if isinstance(block, Card):
                told += [(plain(block.head), 66), *((plain(said), 88) for _, said in block.facts)]
            elif isinstance(block, Para):
                told.append((plain(block.line), 100))
    return sum(1 + cells(text) // width for text, width in told)


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
