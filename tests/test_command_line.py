"""The command line is made of what is asked for, or of all; nobody can tell by what it does."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from typer.main import get_command

from yuqing_cli.cli.app import COMMANDS, GROUPS, app, asked_for

WORDS = [*(name for names in COMMANDS.values() for name in names), *GROUPS]


@pytest.mark.parametrize("module", COMMANDS)
def test_each_module_has_just_the_commands_that_the_table_says(module: str) -> None:
    assert tuple(import_module(f"yuqing_cli.cli.{module}").COMMANDS) == COMMANDS[module]


def parameters(command: Any) -> Any:
    below = {name: parameters(one) for name, one in getattr(command, "commands", {}).items()}
    options = [(one.name, one.opts, one.required, one.default, getattr(one, "help", "")) for one in command.params]
    return command.name, command.help, options, below


@pytest.mark.parametrize("word", WORDS)
def test_a_command_made_alone_is_the_same_as_among_all(word: str) -> None:
    alone, among = (get_command(app(asked)) for asked in (word, ""))
    assert len(alone.commands) <= 4  # type: ignore[attr-defined]  # with those of its module
    assert parameters(alone.commands[word]) == parameters(among.commands[word])  # type: ignore[attr-defined]


@pytest.mark.parametrize("word", ["", "digst", "--help", "add", "reporting"])
def test_for_any_other_word_there_are_all_commands(word: str) -> None:
    assert sorted(get_command(app(word)).commands) == sorted(WORDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("digest", "--today"), "digest"),
        (("--station", "fetch", "digest"), "digest"),
        (("--station=fetch", "digest"), "digest"),
        (("--version",), ""),
        (("--station",), ""),
        (("-h", "sources"), "sources"),
        ((), ""),
    ],
)
def test_the_command_is_the_first_word_that_belongs_to_no_global_option(arguments: tuple[str, ...], word: str) -> None:
    assert asked_for(arguments) == word
