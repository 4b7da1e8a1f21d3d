"""A page as one HTML file: for the browser, for mail, for paper.

No script, no outside asset, no form; a content policy in the head forbids them besides. Everything that a mail program needs stands in
``style`` attributes and tables, since many drop ``<style>``; what it may drop (dark colours, print, drawings) stands in ``<style>`` and
inline SVG, and nothing is said in a drawing alone. Jinja escapes every value that the template prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from yuqing_cli.digest.page import Page
from yuqing_cli.i18n import Translate
from yuqing_cli.models import Level
from yuqing_cli.records import Record

from . import charts, words
from .outline import Card, Grid, Item, Outline, Para
from .palette import LEVELS, PALETTE
from .sections import outline

if TYPE_CHECKING:
    from jinja2 import Template

TIMELINE = 8


class Drawings(Record):
    """What is drawn besides: posts over time, and what that is called; posts by source; when events were reported."""

    title: str
    times: charts.Columns | None = None
    sources: tuple[charts.Bar, ...] = ()
    timeline: charts.Timeline | None = None


def render(page: Page, t: Translate) -> str:
    """The whole digest."""
    digest = page.digest
    timed = [event for event in digest.events if not event.late][:TIMELINE]
    drawings = Drawings(
        t("Matched posts by hour"),
        charts.hours(digest),
        charts.ranking(digest.by_source),
        charts.timeline(digest, timed),
    )
    level: Level | Literal[""] = words.highest(digest) if digest.events else ""
    return draw(outline(page, t), t, words.bottom_sentences(digest, t), level, drawings)


def draw(drawn: Outline, t: Translate, bottom: Sequence[str], level: Level | Literal[""], drawings: Drawings) -> str:
    """A page. ``bottom``: its bottom line in sentences, none of which is torn; ``level``: the highest one, whose colour it has."""
    times = drawings.times
    return _template().render(
        o=drawn,
        bottom=bottom,
        colon=t(": "),
        comma=t(", "),
        sections_word=t("Sections"),
        hours_title=drawings.title,
        hours_text=t("Most: {count} at {hour}.", count=times.most, hour=times.peak) if times else "",
        sources_title=t("Matched posts by source"),
        timeline_title=t("When events were first and last reported"),
        lang="zh-CN" if t.language == "zh" else "en",
        top=LEVELS[level][0] if level else PALETTE["light"]["line"],
        hours=times,
        sources=drawings.sources,
        timeline=drawings.timeline,
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
