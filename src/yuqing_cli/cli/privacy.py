"""privacy audit: proves that what the mask hides stands nowhere."""

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from yuqing_cli import i18n

from .face import DATABASE, DONE, open_station, print_json, say

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
SHOWN = 20

HELP = t("Personal data: look whether any is kept.")


def audit(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...", help=t("Exports and digests to look through too; folders with all below them.")
        ),
    ] = None,
    json_: Json = False,
) -> None:
    from yuqing_cli import station as stations
    from yuqing_cli.workflows import privacy

    station, words = open_station(context)
    digests = station.folder / stations.DIGESTS
    paths = [*(files or []), *([digests] if digests.is_dir() else [])]
    with station.store(create=False) as store:
        leaks = list(chain(privacy.of_store(store), privacy.of_files(paths)))
    if not station.settings.privacy.mask:
        say(words("[privacy] mask is off: what comes in is stored as it is"))
    if json_:
        print_json({"schema": 1, "leaks": [{"place": leak.place, "row": leak.row} for leak in leaks]})
    else:
        for leak in leaks[:SHOWN]:
            typer.echo(words("{place}, {row}: holds what the mask would hide", place=leak.place, row=leak.row))
        if len(leaks) > SHOWN:
            typer.echo(words("and {count} more", count=len(leaks) - SHOWN))
        if not leaks:
            typer.echo(words("nothing found that the mask would hide"))
    raise typer.Exit(DATABASE if leaks else DONE)


audit.__doc__ = t("Look through the database, digests/ and given files for personal data; says where, never what.")

COMMANDS = {"audit": audit}
