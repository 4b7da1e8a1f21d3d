"""What all commands share: opening the station, saying things on stderr, turning errors into exit codes."""

from __future__ import annotations

import gc
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import ConfigError, Problem, YuqingError

if TYPE_CHECKING:
    from yuqing_cli.adapters.terminal.drawing import Tick
    from yuqing_cli.station import Station

DONE, BUG, USAGE, CONFIG, SOME_FAILED, ALL_FAILED, DATABASE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130

WAIT = 60.0
"""Seconds that a command waits for another one that holds the station's lock."""


@dataclass(slots=True)
class Globals:
    """The global options, and the translator once a station has named its language."""

    station: Path | None = None
    t: i18n.Translate | None = None


def translator(context: typer.Context | None = None) -> i18n.Translate:
    """The station's language where one is open, else that of the environment."""
    held = context.find_object(Globals) if context else None
    return held.t if held and held.t else i18n.choose()


def open_station(context: typer.Context) -> tuple[Station, i18n.Translate]:
    """The station that this command is about, and the words to speak in."""
    from yuqing_cli import station

    held = context.ensure_object(Globals)
    opened = station.Station.open(station.find(held.station))
    held.t = i18n.choose(opened.settings.station.language)
    return opened, held.t


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: what ends in a second and makes ten thousand small things leaves none worth looking for."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def say(text: str) -> None:
    """A remark, on stderr."""
    typer.echo(harmless(text), err=True)


def harmless(text: str) -> str:
    """Control characters of strangers (in file names, server messages, packs) are shown, not obeyed."""
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


def describe(error: YuqingError, t: i18n.Translate) -> str:
    """An error in the user's language; a value may be an error itself (why robots.txt could not be read)."""
    return t(error.text, **error.values)


def problem_lines(problems: Iterable[Problem], t: i18n.Translate) -> list[str]:
    """``file:line:column: what is wrong (the fix)``, one line each."""
    lines = []
    for problem in problems:
        values = dict(problem.values)
        said = t(problem.text, **values)
        if problem.hint:
            said = t("{fault} ({hint})", fault=said, hint=t(problem.hint, **values))
        lines.append(f"{problem.where}: {said}")
    return lines


def remark_faults(faults: Collection[Problem], t: i18n.Translate) -> None:
    """One line where the packs are faulty, in commands that are not about packs: what they show was judged by others."""
    if faults:
        say(t("faults in the keyword packs: {count}; yuqing keywords check lists them", count=len(faults)))


def show_error(error: YuqingError, t: i18n.Translate) -> None:
    """Print an error with all of its problems."""
    if isinstance(error, ConfigError) and error.problems:
        for line in problem_lines(error.problems, t):
            say(line)
        return
    say(t("yuqing: {reason}", reason=describe(error, t)))


def print_json(value: object) -> None:
    """The machine-readable twin: one document on stdout."""
    import json

    from yuqing_cli.adapters.files import write_out

    write_out([json.dumps(value, ensure_ascii=False, indent=1) + "\n"])


def on_terminal() -> bool:
    """Whether a person is watching (stderr is a terminal)."""
    return sys.stderr.isatty()


def progress(total: int, *, show: bool) -> AbstractContextManager[Tick]:
    """A bar for who watches. Under cron nobody does, and what draws it is not even imported (it takes 0.1 s)."""
    if not show:
        return nullcontext(_unseen)
    from yuqing_cli.adapters.terminal import drawing

    return drawing.progress(total)


def _unseen(name: str = "", advance: int = 1) -> None:
    """Progress that nobody watches."""


def agreed(t: i18n.Translate, question: str, *, yes: bool) -> bool:
    """Whether it is to be written: by ``--yes``, or by the answer of somebody who sits there."""
    if yes:
        return True
    if not (sys.stdin.isatty() and on_terminal()):
        say(t("nothing was written; --yes writes it"))
        return False
    try:
        answer = typer.confirm(t(question), err=True)
    except typer.Abort:
        raise typer.Exit(INTERRUPTED) from None
    if not answer:
        say(t("nothing was written"))
    return answer
