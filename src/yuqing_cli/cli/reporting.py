"""digest: what was said, for people and for other programs; and the options that name a window."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n

from .face import open_station, remark_faults, uncollected
from .writing import Output, Template, check_template, drawn_to, printed

if TYPE_CHECKING:
    from yuqing_cli.digest.page import Page

t = i18n.choose()
Today = Annotated[bool, typer.Option("--today", help=t("The station's day so far (the default)."))]
Day = Annotated[str, typer.Option("--date", metavar="DATE", help=t("A whole day, such as 2026-11-22."))]
Shift = Annotated[str, typer.Option("--shift", metavar="NAME", help=t("The running or last shift of that name."))]
SinceLast = Annotated[bool, typer.Option("--since-last", help=t("From the last issued digest until now."))]
From = Annotated[str, typer.Option("--from", metavar="TIME", help=t("Begin of a free window."))]
To = Annotated[str, typer.Option("--to", metavar="TIME", help=t("End of a free window (default: now)."))]
DigestFormat = Literal["text", "markdown", "html", "json", "xlsx", "docx", "atom"]
PAGES = frozenset({"text", "markdown", "html", "docx"})
"""Formats that list the first events of each section; the others have all events."""
Audience = Literal["desk", "exec"]


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
    for_: Annotated[
        Audience, typer.Option("--for", help=t("desk: everything; exec: one page, at most three events."))
    ] = "desk",
    format_: Annotated[DigestFormat, typer.Option("--format", help=t("How it is written."))] = "text",
    json_: Annotated[bool, typer.Option("--json", help=t("The same as --format json."))] = False,
    template: Template = None,
    output: Output = None,
) -> None:
    from yuqing_cli.digest.listed import ACT
    from yuqing_cli.digest.page import page
    from yuqing_cli.digest.told import Filters
    from yuqing_cli.digest.window import WindowOptions, past
    from yuqing_cli.workflows.digest import digest as make

    wanted = "json" if json_ else format_
    written = _written(wanted, template, output)
    station, words = open_station(context)
    now = station.clock()
    then = past(as_of, now=now, zone=station.zone)
    options = WindowOptions(today, date, shift, since_last, start, end)
    with uncollected(), station.reporting() as store:
        keywords, faults = station.good_keywords(store)
        narrowed = Filters(topic, owner)
        # What is read by people lists what they can read; programs and spreadsheets get everything.
        whole = wanted not in PAGES or top > ACT
        made = make(store, station.settings, keywords, options, now=now, as_of=then, filters=narrowed, whole=whole)
    remark_faults(faults, words)
    written(page(made, top=top, audience=for_), words)


digest.__doc__ = t("Print the ranked digest of a window, with its coverage.")


def _written(name: str, template: Path | None, output: Path | None) -> "Callable[[Page, i18n.Translate], None]":
    """What writes the digest. Everything that can be wrong with the way out is said before an issue is made."""
    check_template(name, template)
    if name == "text":
        from yuqing_cli.render.sections import outline

        return printed(outline, output)
    from yuqing_cli.render.formats import DIGEST_FORMATS

    return drawn_to(name, DIGEST_FORMATS[name], template, output)


COMMANDS = {"digest": digest}
