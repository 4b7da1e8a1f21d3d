"""What typer refuses, in the user's words: it says so in English, of numbers in the words of the library that converts them.

Its errors are told apart by their class and, where one class stands for several faults, by how their English text begins. What a later
version says otherwise is shown as it stands.
"""

from __future__ import annotations

import re
from typing import Any

from typer.exceptions import TyperException

from yuqing_cli.i18n import Translate

from .face import say

_CHOICE = re.compile(r"(?:Value error, )?(?P<value>'.*?') is not one of (?P<names>.+?)\.?", re.DOTALL)
_LEAST = re.compile(r"Input should be greater than or equal to (?P<least>.+)")
_MOST = re.compile(r"Input should be less than or equal to (?P<most>.+)")
_NUMBER = re.compile(r"Input should be a valid (?:integer|number|decimal).*", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)", re.DOTALL)
_BARE = re.compile(r"Option (?P<name>'.*') requires an argument\.?", re.DOTALL)


def show(error: TyperException, t: Translate) -> int:
    """Print the usage of the command and what is wrong with how it was called; the exit code."""
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":  # its text is the page of help
        say(error.format_message())
        return error.exit_code
    if context is not None:
        say(context.get_usage())
        say(t("more: {command} -h", command=context.command_path) + "\n")
    say(t("yuqing: {reason}", reason=_reason(error, t)))
    return error.exit_code


def _reason(error: Any, t: Translate) -> str:
    match type(error).__name__:
        case "NoSuchOption":
            said = t("there is no option {name}", name=error.option_name)
            near = ", ".join(sorted(error.possibilities or ()))
            return t("{said}; did you mean {name}?", said=said, name=near) if near else said
        case "MissingParameter":
            return t("{name} is missing", name=_name(error))
        case "BadParameter":
            return t("{name}: {reason}", name=_name(error), reason=_wrong(error.message, t))
    if found := _EXTRA.fullmatch(error.message):
        return t("not expected here: {words}", words=found["words"])
    if found := _BARE.fullmatch(error.message):
        return t("{name} needs a value", name=found["name"].strip("'"))
    return str(error.format_message())


def _name(error: Any) -> str:
    """``--top``, ``--output / -o`` or ``ID``, without the marks around it."""
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).replace("'", "")


def _wrong(said: str, t: Translate) -> str:
    if found := _CHOICE.fullmatch(said):
        return t("{value} is none of {names}", value=found["value"].strip("'"), names=found["names"].replace("'", ""))
    if found := _LEAST.fullmatch(said):
        return t("it must be {least} or more", least=found["least"])
    if found := _MOST.fullmatch(said):
        return t("it must be {most} or less", most=found["most"])
    return t("it must be a number") if _NUMBER.fullmatch(said) else said
