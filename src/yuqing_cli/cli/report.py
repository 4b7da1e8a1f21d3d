"""report: the periodic review of a week, a month or a free span."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n

from .face import open_station, remark_faults
from .writing import Output, Template, check_template, drawn_to, printed

if TYPE_CHECKING:
    from yuqing_cli.digest.review import Review

t = i18n.choose()
Format = Literal["text", "markdown", "html", "json", "xlsx", "docx"]


def report(
    context: typer.Context,
    week: Annotated[bool, typer.Option("--week", help=t("The week so far, from Monday (the default)."))] = False,
    month: Annotated[bool, typer.Option("--month", help=t("The month so far."))] = False,
    last: Annotated[bool, typer.Option("--last", help=t("The whole week or month before instead."))] = False,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help=t("Begin of a free span."))] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help=t("End of a free span (default: now)."))] = "",
    as_of: Annotated[str, typer.Option(metavar="TIME", help=t("With the knowledge of that moment."))] = "",
    format_: Annotated[Format, typer.Option("--format", help=t("How it is written."))] = "text",
    json_: Annotated[bool, typer.Option("--json", help=t("The same as --format json."))] = False,
    template: Template = None,
    output: Output = None,
) -> None:
    from yuqing_cli.digest.window import past
    from yuqing_cli.workflows.report import period
    from yuqing_cli.workflows.report import report as make

    written = _written("json" if json_ else format_, template, output)
    station, words = open_station(context)
    now = station.clock()
    then = past(as_of, now=now, zone=station.zone)
    low, high = period(week=week, month=month, last=last, start=start, end=end, now=then or now, zone=station.zone)
    with station.store() as store:
        keywords, faults = station.good_keywords(store)
        made = make(store, station.settings, keywords, low, high, now=then or now)
    remark_faults(faults, words)
    written(made, words)


report.__doc__ = t(
    "Print the review of a week, a month or a span: how many, how grave, how many answered and how fast."
)


def _written(name: str, template: Path | None, output: Path | None) -> "Callable[[Review, i18n.Translate], None]":
    check_template(name, template)
    if name == "text":
        from yuqing_cli.render.review import outline

        return printed(outline, output)
    from yuqing_cli.render.formats import REVIEW_FORMATS

    return drawn_to(name, REVIEW_FORMATS[name], template, output)


COMMANDS = {"report": report}
