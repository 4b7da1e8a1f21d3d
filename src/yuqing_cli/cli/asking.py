"""sql: reading questions to the file itself."""

import sys
from typing import Annotated, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import open_station, print_json, say

t = i18n.choose()
SqlFormat = Literal["table", "csv", "json", "jsonl"]


def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(metavar="SQL", help=t("One SELECT; - reads it from stdin."))] = "",
    format_: Annotated[SqlFormat, typer.Option("--format", help=t("How the answer is written."))] = "table",
    limit: Annotated[int, typer.Option(min=0, help=t("The most rows; 0: all."))] = 1000,
    seconds: Annotated[float, typer.Option(min=0.1, max=3600, help=t("The most time."))] = 30,
    tables: Annotated[bool, typer.Option("--tables", help=t("List the tables and views with their columns."))] = False,
    datasette: Annotated[
        bool, typer.Option("--datasette", help=t("Print the metadata file that Datasette reads (--metadata)."))
    ] = False,
) -> None:
    from yuqing_cli.adapters.files import write_out
    from yuqing_cli.adapters.store.meaning import TABLES, metadata
    from yuqing_cli.adapters.terminal.drawing import answer as show
    from yuqing_cli.workflows.ask import bounded, written

    station, words = open_station(context)
    if datasette:
        print_json(metadata(station.settings.station.name))
        return
    asked = TABLES if tables else sys.stdin.read() if statement == "-" else statement
    if not asked.strip():
        raise UsageError('what is asked? yuqing sql "SELECT …"; --tables shows what there is')
    zone = station.settings.station.timezone
    with station.store(create=False) as store, store.ask(asked, seconds=seconds, zone=zone) as answer:
        rows, more = bounded(answer.rows, limit)
    if format_ == "table":
        show(answer.columns, rows)
    else:
        write_out(written(answer.columns, rows, format_))
    if more:
        say(words("there are more than {limit} rows; --limit 0 shows all", limit=limit))


sql.__doc__ = t("Ask the file one question in SQL; nothing can be changed.")

COMMANDS = {"sql": sql}
