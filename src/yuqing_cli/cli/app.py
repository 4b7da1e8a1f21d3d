"""The root command and the way out: every error of ours becomes a message and an exit code, here and nowhere else."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command

from yuqing_cli import __version__, i18n
from yuqing_cli.errors import YuqingError

from . import (
    asking,
    desk,
    doctor,
    event_hands,
    events,
    explaining,
    exporting,
    fetching,
    keeping,
    keyword_files,
    keyword_tuning,
    keywords,
    looking,
    privacy,
    report,
    reporting,
    rescoring,
    searching,
    setup,
    sources,
    streams,
    tuning,
)
from .as_given import eased
from .face import BUG, Globals, show_error

t = i18n.choose()
i18n.lend()
MANNERS = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    name="yuqing",
    help=t("Listen to public sources, match, score, and print the digest of the day."),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=MANNERS,
)
FAMILIES = (
    setup,
    fetching,
    reporting,
    report,
    exporting,
    searching,
    asking,
    looking,
    explaining,
    tuning,
    rescoring,
    keeping,
    doctor,
)
for family in FAMILIES:
    for command in family.COMMANDS:
        app.command(context_settings=MANNERS)(command)
for command in desk.COMMANDS:
    events.app.command(context_settings=MANNERS)(command)
events.app.command("import", context_settings=MANNERS)(desk.import_)
app.add_typer(sources.app, name="sources", context_settings=MANNERS)
for name, command in (*keyword_tuning.COMMANDS, *keyword_files.COMMANDS):
    keywords.app.command(name, context_settings=MANNERS)(command)
app.add_typer(keywords.app, name="keywords", context_settings=MANNERS)
app.add_typer(privacy.app, name="privacy", context_settings=MANNERS)
for name, command in event_hands.COMMANDS:
    events.app.command(name, context_settings=MANNERS)(command)
app.add_typer(events.app, name="events", context_settings=MANNERS)
app.add_typer(explaining.app, name="missed", context_settings=MANNERS)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"yuqing {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    station: Annotated[
        Path | None, typer.Option(help=t("The station folder; else $YUQING_STATION, else the nearest one above."))
    ] = None,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help=t("Print the version and leave."))
    ] = False,
) -> None:
    """Take the global options."""
    context.ensure_object(Globals).station = station


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Errors of ours are printed, anything else is a bug and keeps its traceback."""
    held = Globals()
    try:
        eased(get_command(app))(list(arguments), prog_name="yuqing", obj=held)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else BUG
    except YuqingError as error:
        show_error(error, held.t or i18n.choose())
        return error.exit_code
    return 0


def main() -> None:
    """The entry point of the program."""
    streams.prepare()
    sys.exit(_flushed(run(sys.argv[1:])))


def _flushed(code: int) -> int:
    """The exit code, once everything is written: here a full disk is still an error of ours, at the exit it is Python's."""
    try:
        sys.stdout.flush()
    except YuqingError as error:
        show_error(error, i18n.choose())
        return error.exit_code
    except SystemExit:
        return code
    return code
