"""Values of options that are already what they should be: they are handed on without a conversion.

typer builds a pydantic adapter for every option of a command, also for those that nobody gave, and importing pydantic takes as long as
all the rest of a start. It makes one exception itself, for flags. Here the others follow: defaults, texts, one of the words that an
option may have, and plain paths. Whatever else is given is typer's to convert and to refuse, as before.

The classes say the same in pairs: Python changes the class of an object only where its layout stays, and a base in common is another one.
"""

import os
from gettext import gettext
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.models import ParameterInfo

CONVERT = object()
"""Stands for a value that typer has to look at."""


def as_given(parameter: TyperOption | TyperArgument, value: Any) -> Any:
    """What typer would make of a value, or ``CONVERT`` where that takes more than looking at it."""
    if parameter.multiple or parameter.nargs != 1:
        return CONVERT
    if value is None:
        return CONVERT if parameter.required else None
    wanted, info = parameter.type_descriptor.annotation, parameter.type_descriptor.parameter_info
    if info.parser is not None:
        return CONVERT
    if wanted is str and type(value) is str:
        return value
    if wanted is Path and type(value) is str and _unconditional(info):
        path = Path(value)
        return path if os.access(path, os.R_OK) or not os.path.lexists(path) else CONVERT
    if get_origin(wanted) is not None:
        return value if value in get_args(wanted) else CONVERT
    return value if isinstance(wanted, type) and type(value) is wanted and value == parameter.default else CONVERT


def _unconditional(info: ParameterInfo) -> bool:
    asks = info.exists or info.resolve_path or info.allow_dash or info.writable
    return not asks and info.file_okay and info.dir_okay and info.path_type is None


class Option(TyperOption):
    """An option that converts only what has to be converted."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """The value as the command gets it."""
        found = as_given(self, value)
        if found is CONVERT:
            return super().process_value(ctx, value)
        return self.callback(ctx, self, found) if self.callback else found


class Argument(TyperArgument):
    """An argument that converts only what has to be converted."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """The value as the command gets it."""
        found = as_given(self, value)
        if found is CONVERT:
            return super().process_value(ctx, value)
        return self.callback(ctx, self, found) if self.callback else found


class Command(TyperCommand):
    """A command whose option for help is made as the others."""

    def get_help_option(self, ctx: Any) -> Any:
        """``--help``: typer makes it when a command line is read."""
        return _eased(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """``Usage: …``, whose first word typer never asks a translation for."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=gettext("Usage: "))


class Group(TyperGroup):
    """A group whose option for help is made as the others."""

    def get_help_option(self, ctx: Any) -> Any:
        """``--help``: typer makes it when a command line is read."""
        return _eased(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """``Usage: …``, whose first word typer never asks a translation for."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=gettext("Usage: "))


_OURS: dict[type, type] = {TyperOption: Option, TyperArgument: Argument, TyperCommand: Command, TyperGroup: Group}


def eased(command: Any) -> Any:
    """The command, its parameters and those of all commands below it made to convert only what has to be converted."""
    for below in getattr(command, "commands", {}).values():
        eased(below)
    for parameter in command.params:
        _eased(parameter)
    return _eased(command)


def _eased(one: Any) -> Any:
    """Only typer's own classes become ours: what a later version brings stays as it is."""
    if type(one) in _OURS:
        one.__class__ = _OURS[type(one)]
        if getattr(one, "help", None):
            one.help = gettext(one.help)  # of typer's own options; ours speak the user's language already
    return one
