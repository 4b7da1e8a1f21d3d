"""missed: coverage that was missed, and whether it still is."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from yuqing_cli import i18n

from .explaining import STAGES, Json, Url, asker, finding_lines, finding_twin, say_out
from .face import CONFIG, DONE, open_station, print_json, say

if TYPE_CHECKING:
    from yuqing_cli.workflows.missed import Checked

t = i18n.choose()
HELP = t("Coverage that was missed: say so, and see it mended.")
OUTCOMES = {"open": i18n.mark("missed"), "cured": i18n.mark("cured"), "broken": i18n.mark("missed again")}


def add(
    context: typer.Context,
    url: Url,
    title: Annotated[str, typer.Option(help=t("Its headline: then it is also tried on the packs."))] = "",
    note: Annotated[str, typer.Option(help=t("Where it was found, or whom it concerned."))] = "",
    json_: Json = False,
) -> None:
    station, words = open_station(context)
    with station.store() as store:
        finding, kept = asker(station, store)[1].add(url, title, note)
    if json_:
        print_json(finding_twin(finding, words) | {"kept": kept})
        return
    for line in finding_lines(finding, words):
        say_out(line)
    if not kept:
        say(words("it was not missed, and is not kept as a case"))


add.__doc__ = t("Say that a report was missed: why is found out and kept, and missed check watches over it.")


def check(context: typer.Context, json_: Json = False) -> None:
    station, words = open_station(context)
    with station.store() as store:
        checked = list(asker(station, store)[1].check())
    broken = sum(entry.outcome == "broken" for entry in checked)
    if json_:
        counts = {name: sum(entry.outcome == name for entry in checked) for name in OUTCOMES}
        print_json({"schema": 1} | counts | {"cases": [_checked_twin(entry, words) for entry in checked]})
    else:
        for entry in checked:
            say_out(f"{words(OUTCOMES[entry.outcome])}  {entry.case.url}")
            if entry.outcome != "cured":
                for line in finding_lines(entry.finding, words):
                    say_out("  " + line)
    if broken:
        say(words("cases that were cured and are missed again: {count}", count=broken))
    raise typer.Exit(CONFIG if broken else DONE)


check.__doc__ = t("Try every case again; exit status 3 where one that was cured is missed again.")


def _checked_twin(entry: "Checked", words: i18n.Translate) -> dict[str, Any]:
    twin = {"url": entry.case.url, "outcome": entry.outcome, "cause": entry.case.cause}
    return twin | finding_twin(entry.finding, words)


def list_(context: typer.Context, json_: Json = False) -> None:
    from yuqing_cli.records import as_dict
    from yuqing_cli.times import iso

    station, words = open_station(context)
    with station.store() as store:
        cases = store.cases()
    if json_:
        rows = [
            as_dict(case)
            | {"at": iso(case.at, station.zone), "cured_at": case.cured_at and iso(case.cured_at, station.zone)}
            for case in cases
        ]
        print_json({"schema": 1, "cases": rows})
        return
    for case in cases:
        cured = words("cured") if case.cured_at else words("missed")
        say_out(f"{case.at.astimezone(station.zone):%Y-%m-%d}  {cured}  {words(STAGES[case.cause])}  {case.url}")
        if case.title or case.note:
            say_out("  " + "  ".join(filter(None, (case.title, case.note))))


list_.__doc__ = t("List the cases with their causes.")

COMMANDS = {"add": add, "check": check, "list": list_}
