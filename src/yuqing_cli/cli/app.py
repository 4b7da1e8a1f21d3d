"""The root command and the way out: every error of ours becomes a message and an exit code, here and nowhere else."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from yuqing_cli import __version__, i18n
from yuqing_cli.errors import YuqingError

from . import streams
from .as_given import eased
from .face import BUG, INTERRUPTED, Globals, show_error

t = i18n.choose()
i18n.lend()

COMMANDS = {
    "setup": ("init", "demo"),
    "fetching": ("fetch", "ingest"),
    "reporting": ("digest",),
    "report": ("report",),
    "exporting": ("export",),
    "searching": ("search",),
    "asking": ("sql",),
    "looking": ("status",),
    "explaining": ("why", "why-not"),
    "tuning": ("mark",),
    "rescoring": ("rescore",),
    "keeping": ("purge", "backup", "restore", "merge"),
    "doctor": ("doctor",),
}
"""The words that the modules of commands answer to."""
GROUPS = {
    "sources": ("sources",),
    "keywords": ("keywords", "keyword_tuning", "keyword_files"),
    "privacy": ("privacy",),
    "events": ("events", "desk", "event_hands"),
    "missed": ("missed",),
}
"""The words below which other commands stand, and the modules that have these; the first says what the group is about."""


def _version(value: bool) -> None:
    if value:
        typer.echo(f"yuqing {__version__}")
        raise typer.Exit


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


def app(word: str = "") -> typer.Typer:
    """The command line; where ``word`` is one of its commands, that one alone, with the others of its module.

    A run needs one of fifty commands, and what typer makes of all of them takes 30 ms, a tenth of most. For any other word (a slip, none
    at all, a request for help) there are all of them.
    """
    made = typer.Typer(
        name="yuqing",
        help=t("Listen to public sources, match, score, and print the digest of the day."),
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(root)
    known = {*GROUPS, *(name for names in COMMANDS.values() for name in names)}
    for module, names in COMMANDS.items():
        if word in names or word not in known:
            _fill(made, module)
    for name, modules in GROUPS.items():
        if word == name or word not in known:
            group = typer.Typer(help=_module(modules[0]).HELP, no_args_is_help=True, rich_markup_mode=None)
            _fill(group, *modules)
            made.add_typer(group, name=name)
    return made


def _module(name: str) -> Any:
    return import_module(f".{name}", __package__)


def _fill(group: typer.Typer, *modules: str) -> None:
    for module in modules:
        for name, command in _module(module).COMMANDS.items():
            group.command(name)(command)


def asked_for(arguments: Sequence[str]) -> str:
    """The word of a command line that names the command, where there is one: the first that belongs to no global option."""
    words = iter(arguments)
    for word in words:
        if word == "--station":
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Errors of ours are printed, anything else is a bug and keeps its traceback."""
    held = Globals()
    try:
        command = eased(get_command(app(asked_for(arguments))))
        left = command(list(arguments), prog_name="yuqing", obj=held, standalone_mode=False)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else BUG
    except YuqingError as error:
        show_error(error, held.t or i18n.choose())
        return error.exit_code
    except TyperException as refusal:
        from . import refused

        return refused.show(refusal, held.t or i18n.choose())
    except typer.Abort:
        return INTERRUPTED
    return left if isinstance(left, int) else 0


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
