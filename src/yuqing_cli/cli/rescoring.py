"""rescore: history through changed packs."""

from typing import Annotated

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import on_terminal, open_station, print_json, progress

t = i18n.choose()


def rescore(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help=t("Only posts from then on."))] = "",
    end: Annotated[str, typer.Option("--to", metavar="TIME", help=t("Only posts until then (default: now)."))] = "",
    all_: Annotated[
        bool, typer.Option("--all", help=t("Every post, also what today's packs and settings have judged."))
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))] = False,
) -> None:
    from yuqing_cli.digest.window import WindowOptions, window
    from yuqing_cli.enrich.match import Matcher
    from yuqing_cli.records import as_dict
    from yuqing_cli.workflows.outcome import Judge
    from yuqing_cli.workflows.rescore import Rescore

    station, words = open_station(context)
    keywords, now = station.keywords.require(), station.clock()
    if end and not start:
        raise UsageError("--to needs --from")
    span = window(WindowOptions(start=start, end=end), now=now, zone=station.zone, shifts={}) if start else None
    with station.store(create=False) as store:
        store.save_packs(keywords.hash, keywords.files, now)
        judge = Judge(Matcher(keywords), station.settings.scoring, station.settings.privacy.mask)
        work = Rescore(store, station.settings, judge, station.clock, span)
        due = work.due(everything=all_)
        with progress(due, show=on_terminal() and not json_) as tick:
            done = work.run(everything=all_, progress=tick)
    if json_:
        print_json({"schema": 1} | as_dict(done))
        return
    text = "posts judged again: {judged}; match now: {gained}, no longer: {lost}, judged differently: {changed}"
    typer.echo(words(text, **as_dict(done)))


rescore.__doc__ = t("Judge stored posts again by today's packs and settings; goes on where a run was stopped.")

COMMANDS = {"rescore": rescore}
