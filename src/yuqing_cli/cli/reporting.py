"""digest, export: what was said, for people and for other programs."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import open_station, remark_faults

if TYPE_CHECKING:
    from yuqing_cli.digest.shapes import Digest, Window
    from yuqing_cli.digest.window import WindowOptions
    from yuqing_cli.station import Station

t = i18n.choose()
Today = Annotated[bool, typer.Option("--today", help=t("The station's day so far (the default)."))]
Day = Annotated[str, typer.Option("--date", metavar="DATE", help=t("A whole day, such as 2026-11-22."))]
Shift = Annotated[str, typer.Option("--shift", metavar="NAME", help=t("The running or last shift of that name."))]
SinceLast = Annotated[bool, typer.Option("--since-last", help=t("From the last issued digest until now."))]
From = Annotated[str, typer.Option("--from", metavar="TIME", help=t("Begin of a free window."))]
To = Annotated[str, typer.Option("--to", metavar="TIME", help=t("End of a free window (default: now)."))]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help=t("Write to a file instead of stdout."))
]
DigestFormat = Literal["text", "markdown", "json"]
ExportFormat = Literal["csv", "jsonl"]


def digest(
    context: typer.Context,
    today: Today = False,
    date: Day = "",
    shift: Shift = "",
    since_last: SinceLast = False,
    start: From = "",
    end: To = "",
    top: Annotated[int, typer.Option(min=0, help=t("How many events are asked to be acted on."))] = 3,
    topic: Annotated[str, typer.Option(help=t("Only events of this topic; such a digest is no issue."))] = "",
    owner: Annotated[str, typer.Option(help=t("Only events of this unit; such a digest is no issue."))] = "",
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help=t("With the knowledge of that moment; such a digest is no issue."))
    ] = "",
    format_: Annotated[DigestFormat, typer.Option("--format", help=t("How it is written."))] = "text",
    json_: Annotated[bool, typer.Option("--json", help=t("The same as --format json."))] = False,
    output: Output = None,
) -> None:
    from yuqing_cli.digest.window import WindowOptions, moment
    from yuqing_cli.workflows.digest import Filters
    from yuqing_cli.workflows.digest import digest as make

    station, words = open_station(context)
    now = station.clock()
    then = moment(as_of, now=now, zone=station.zone) if as_of else None
    if then and then > now:
        raise UsageError("--as-of lies in the future: {value}", value=as_of)
    options = WindowOptions(today, date, shift, since_last, start, end)
    with station.store() as store:
        keywords, faults = station.good_keywords(store)
        made = make(store, station.settings, keywords, options, now=now, as_of=then, filters=Filters(topic, owner))
    remark_faults(faults, words)
    _show(made, words, "json" if json_ else format_, top, output)


digest.__doc__ = t("Print the ranked digest of a window, with its coverage.")


def _show(made: "Digest", words: i18n.Translate, format_: str, top: int, output: Path | None) -> None:
    from yuqing_cli.adapters import files
    from yuqing_cli.render import DIGEST_FORMATS

    if format_ != "text":
        text = DIGEST_FORMATS[format_](made, words, top)
        files.write(output, [text]) if output else files.write_out([text])
        return
    from yuqing_cli.adapters import terminal

    if output is None:
        terminal.print_digest(made, words, top)
    else:
        files.write(output, [terminal.digest_text(made, words, top)])


def export(
    context: typer.Context,
    today: Today = False,
    date: Day = "",
    shift: Shift = "",
    since_last: SinceLast = False,
    start: From = "",
    end: To = "",
    all_: Annotated[bool, typer.Option("--all", help=t("Every stored post of all days, matched or not."))] = False,
    format_: Annotated[ExportFormat, typer.Option("--format", help=t("How it is written."))] = "csv",
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help=t("Replace a file that is there."))] = False,
) -> None:
    from yuqing_cli.adapters import files
    from yuqing_cli.digest.window import WindowOptions
    from yuqing_cli.workflows.export import export as make

    station, _ = open_station(context)
    now = station.clock()
    options = WindowOptions(today, date, shift, since_last, start, end)
    if all_ and options.kinds:
        raise UsageError("choose one window, not several: {kinds}", kinds=" ".join(["--all", *options.kinds]))
    with station.store() as store:
        span = None if all_ else _span(station, options, now, store.last_issue_end(now))
        lines = make(store, span, format_=format_, zone=station.zone, now=now)
        if output is None:
            files.write_out(lines)
        else:
            # Excel reads a CSV without a byte-order mark in the system's old code page.
            files.write(output, lines, encoding="utf-8-sig" if format_ == "csv" else "utf-8", force=force)


export.__doc__ = t("Write posts as CSV or JSON Lines; by default the matched ones of today.")


def _span(station: "Station", options: "WindowOptions", now: datetime, last_end: datetime | None) -> "Window":
    from yuqing_cli.digest.window import window

    return window(options, now=now, zone=station.zone, shifts=station.settings.shifts, last_end=last_end)


COMMANDS = (digest, export)
