"""events note, owner, answer, close, reopen, import: what the desk says of an event, kept and carried into the digests and the report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import open_station, print_json, say

if TYPE_CHECKING:
    from yuqing_cli.digest.desk import Kind

t = i18n.choose()
Event = Annotated[
    str, typer.Argument(metavar="ID", help=t("Id of an event or of one of its posts, or the beginning of an id."))
]
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
SAID = {
    "note": i18n.mark("noted"),
    "owner": i18n.mark("in charge"),
    "answer": i18n.mark("answered"),
    "close": i18n.mark("closed"),
    "reopen": i18n.mark("opened again"),
}


def note(
    context: typer.Context,
    id_: Event,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=t("What is to be handed on; personal data is masked."))],
    json_: Json = False,
) -> None:
    _say(context, id_, "note", text, json_)


note.__doc__ = t("Write a note on an event.")


def owner(
    context: typer.Context,
    id_: Event,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=t("The unit in charge; never a person."))],
    json_: Json = False,
) -> None:
    _say(context, id_, "owner", unit, json_)


owner.__doc__ = t("Name the unit that is in charge of an event.")


def answer(
    context: typer.Context,
    id_: Event,
    url: Annotated[str, typer.Argument(metavar="URL", help=t("The page that was published in reply."))],
    json_: Json = False,
) -> None:
    _say(context, id_, "answer", url, json_)


answer.__doc__ = t("Say what was published in reply to an event.")


def close(context: typer.Context, id_: Event, json_: Json = False) -> None:
    _say(context, id_, "close", "", json_)


close.__doc__ = t("Close an event: nothing is left to be done.")


def reopen(context: typer.Context, id_: Event, json_: Json = False) -> None:
    _say(context, id_, "reopen", "", json_)


reopen.__doc__ = t("Open an event again; what was said of an answer and of closing no longer counts.")


def _say(context: typer.Context, id_: str, kind: "Kind", text: str, json_: bool) -> None:
    from yuqing_cli.digest.desk import entry

    station, words = open_station(context)
    with station.store(create=False) as store:
        meant = store.event_meant(id_)
        if meant is None:
            raise UsageError("there is no event {id}, or several begin so", id=id_)
        event, title = meant
        said = entry(event, kind, text, station.clock(), masked=station.settings.privacy.mask)
        changed = bool(store.desk_add([said]))
    if json_:
        print_json({"schema": 1, "event": event, "kind": kind, "text": said.text, "changed": changed})
        return
    typer.echo("  ".join(part for part in (words(SAID[kind]), event, title, said.text) if part))


def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=t("A digest in XLSX whose yellow columns were filled in."))
    ],
    dry: Annotated[bool, typer.Option("--dry-run", help=t("Show what would be written, and write nothing."))] = False,
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.fill_in import fill_in

    station, words = open_station(context)
    with station.store(create=False) as store:
        found = fill_in(store, file, station.clock(), masked=station.settings.privacy.mask, dry=dry)
    if json_:
        changes = [{"event": entry.event, "kind": entry.kind, "text": entry.text} for entry in found.new]
        print_json({"schema": 1, "rows": found.rows, "written": not dry, "changes": changes})
        return
    for entry in found.new:
        typer.echo(
            "  ".join(
                part for part in (words(SAID[entry.kind]), entry.event, found.titles[entry.event], entry.text) if part
            )
        )
    text = (
        "rows filled in: {rows}; entries that would be new: {new}"
        if dry
        else "rows filled in: {rows}; new entries: {new}"
    )
    say(words(text, rows=found.rows, new=len(found.new)))


import_.__doc__ = t("Read back the unit in charge, what was done and the remarks from a digest in XLSX.")

COMMANDS = {"note": note, "owner": owner, "answer": answer, "close": close, "reopen": reopen, "import": import_}
