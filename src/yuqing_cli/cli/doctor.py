"""doctor: what is wrong with the station's file, and what mends it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from yuqing_cli import i18n

from .face import DATABASE, DONE, WAIT, open_station, print_json, remark_faults

if TYPE_CHECKING:
    from datetime import datetime

    from yuqing_cli.adapters.store import Store
    from yuqing_cli.station import Station
    from yuqing_cli.workflows.doctor import Finding

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]


def doctor(
    context: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help=t("Mend what can be mended without losing anything."))
    ] = False,
    json_: Json = False,
) -> None:
    from yuqing_cli.adapters.files import locked
    from yuqing_cli.workflows.doctor import mend

    station, words = open_station(context)
    now, mended = station.clock(), []
    remark_faults(station.keywords.problems, words)
    with locked(station.lock, WAIT if repair else 0) as mine, station.store(create=False) as store:
        found = _examined(station, store, now)
        if repair and mine:
            mended = [finding for finding in found if finding.repair]
            for finding in mended:
                mend(store, station.settings.privacy, now, finding)
            found = _examined(station, store, now) if mended else found
    if json_:
        twin = [_twin(finding, words) for finding in found]
        print_json({"schema": 1, "findings": twin, "mended": [finding.repair for finding in mended]})
    else:
        _show(found, mended, words)
    raise typer.Exit(DATABASE if any(finding.severity == "fault" for finding in found) else DONE)


doctor.__doc__ = t("Look for faults in the database, the clock and the disk, and say what mends them.")


def _examined(station: "Station", store: "Store", now: "datetime") -> "list[Finding]":
    from yuqing_cli.workflows.doctor import examine
    from yuqing_cli.workflows.today import Today

    keywords, _ = station.good_keywords(store)
    stale = Today(station.settings, store.states(), keywords.hash).stale(store.bases())
    return examine(store, station.settings.privacy, now, stale=stale)


def _twin(finding: "Finding", words: i18n.Translate) -> dict[str, Any]:
    text, advice = words(finding.text, **dict(finding.values)), words(finding.advice)
    return {
        "check": finding.check,
        "severity": finding.severity,
        "text": text,
        "advice": advice,
        "repair": finding.repair,
    }


def _show(found: "list[Finding]", mended: "list[Finding]", words: i18n.Translate) -> None:
    from yuqing_cli.workflows.doctor import CHECKS

    for finding in mended:
        typer.echo(words("mended: {what}", what=words(finding.text, **dict(finding.values))))
    for check, name in CHECKS.items():
        wrong = [finding for finding in found if finding.check == check]
        if not wrong:
            typer.echo(words("{check}: in order", check=words(name)))
        for finding in wrong:
            text = words(finding.text, **dict(finding.values))
            typer.echo(
                words("{check}: {fault} – {advice}", check=words(name), fault=text, advice=words(finding.advice))
            )


COMMANDS = {"doctor": doctor}
