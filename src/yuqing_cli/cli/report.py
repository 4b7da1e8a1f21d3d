"""report: the periodic review of a week, a month or a free span."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from yuqing_cli import i18n

from .face import open_station, remark_faults

t = i18n.choose()
Format = Literal["text", "markdown", "html", "json"]


def report(
    context: typer.Context,
    week: Annotated[bool, typer.Option("--week", help=t("The week so far, from Monday (the default)."))] = False,
    month: Annotated[bool, typer.Option("--month", help=t("The month so far."))] = False,
    last: Annotated[bool, typer.Option("--last", help=t("The whole week or month before instead."))] = False,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help=t("Begin of a free span."))] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help=t("End of a free span (default: now)."))] = "",
    format_: Annotated[Format, typer.Option("--format", help=t("How it is written."))] = "text",
    json_: Annotated[bool, typer.Option("--json", help=t("The same as --format json."))] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=t("Write to a file instead of stdout."))
    ] = None,
) -> None:
    from yuqing_cli.adapters import files
    from yuqing_cli.render.review import REVIEW_FORMATS
    from yuqing_cli.workflows.report import period
    from yuqing_cli.workflows.report import report as make

    station, words = open_station(context)
    now = station.clock()
    low, high = period(week=week, month=month, last=last, start=start, end=end, now=now, zone=station.zone)
    with station.store() as store:
        keywords, faults = station.good_keywords(store)
        made = make(store, station.settings, keywords, low, high, now=now)
    remark_faults(faults, words)
    text = REVIEW_FORMATS["json" if json_ else format_](made, words)
    files.write(output, [text]) if output else files.write_out([text])


report.__doc__ = t(
    "Print the review of a week, a month or a span: how many, how grave, how many answered and how fast."
)

COMMANDS = {"report": report}
