"""export: rows for spreadsheets, notebooks and other programs."""

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import on_terminal, open_station, progress
from .reporting import Day, From, Shift, SinceLast, To, Today
from .writing import Output

if TYPE_CHECKING:
    from datetime import datetime

    from yuqing_cli.adapters.store import Store
    from yuqing_cli.digest.shapes import Window
    from yuqing_cli.digest.window import WindowOptions
    from yuqing_cli.station import Station

t = i18n.choose()
Table = Literal["posts", "events", "hits", "observations"]
ExportFormat = Literal["csv", "jsonl", "xlsx", "parquet"]
TERMINATED = 143
"""The exit code of a program that was asked to end."""


def export(
    context: typer.Context,
    table: Annotated[Table, typer.Argument(metavar="TABLE", help=t("What is written."))] = "posts",
    today: Today = False,
    date: Day = "",
    shift: Shift = "",
    since_last: SinceLast = False,
    start: From = "",
    end: To = "",
    all_: Annotated[
        bool, typer.Option("--all", help=t("Everything of all days; of posts also the unmatched."))
    ] = False,
    format_: Annotated[
        ExportFormat | None,
        typer.Option("--format", help=t("How it is written; else by the ending of FILE, else csv.")),
    ] = None,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help=t("Replace a file that is there."))] = False,
) -> None:
    from yuqing_cli.adapters import files
    from yuqing_cli.digest.window import WindowOptions
    from yuqing_cli.workflows.export import export as make

    chosen = _format(format_, output)
    station, _ = open_station(context)
    now = station.clock()
    options = WindowOptions(today, date, shift, since_last, start, end)
    if all_ and options.kinds:
        raise UsageError("choose one window, not several: {kinds}", kinds=" ".join(["--all", *options.kinds]))
    with station.store() as store, _ended_in_order():
        window = None if all_ else _window(station, options, now, store)
        watched = on_terminal() and not (output is None and sys.stdout.isatty())
        with progress(store.count_export(table, window) if watched else 0, show=watched) as tick:
            made = make(store, window, table=table, format_=chosen, zone=station.zone, tick=partial(tick, ""))
            # Closed before the file is: a reader that leaves early (``| head``) ends the export in the middle of its snapshot.
            with closing(made) as pieces:
                if output is None:
                    files.write_out(pieces)
                else:
                    # Excel reads a CSV without a byte-order mark in the system's old code page.
                    files.write(output, pieces, encoding="utf-8-sig" if chosen == "csv" else "utf-8", force=force)


export.__doc__ = t("Write stored rows for other programs; by default the matched posts of today, as CSV.")


def _format(given: str | None, output: Path | None) -> str:
    """The format that was named, else that of the file's ending. Raises ``UsageError`` where it cannot be written here."""
    from yuqing_cli.render.tables import BINARY_EXPORTS, EXPORT_FORMATS, require_export

    ending = output.suffix.lower().removeprefix(".") if output else ""
    chosen = given or (ending if ending in EXPORT_FORMATS else "csv")
    require_export(chosen)
    if chosen in BINARY_EXPORTS and output is None and sys.stdout.isatty():
        raise UsageError("{name} is no text for a terminal: name a file with -o, or pipe it", name=chosen)
    return chosen


def _window(station: "Station", options: "WindowOptions", now: "datetime", store: "Store") -> "Window":
    from yuqing_cli.digest.window import window

    last_end = store.last_issue_end(now)
    return window(options, now=now, zone=station.zone, shifts=station.settings.shifts, last_end=last_end)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM unwind the stack, as Ctrl-C does: the half of a file that is being written is taken away."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    former = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


COMMANDS = {"export": export}
