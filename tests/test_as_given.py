"""Options reach the commands as typer would hand them over, whether it was asked or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import typer
from typer.main import get_command

from yuqing_cli.cli.as_given import eased


def seen(*words: str, ease: bool) -> Any:
    """What a command with an option of every kind gets, or the exit code where it is refused."""
    app = typer.Typer(rich_markup_mode=None)
    found: list[Any] = []

    @app.command()
    def command(
        name: str,
        others: Annotated[list[str] | None, typer.Argument()] = None,
        text: str = "",
        word: Literal["one", "two"] = "one",
        path: Path | None = None,
        folder: Annotated[Path | None, typer.Option(file_okay=False, exists=True)] = None,
        count: Annotated[int, typer.Option(min=0)] = 3,
        share: float | None = None,
        flag: bool = False,
        many: Annotated[list[str] | None, typer.Option()] = None,
    ) -> None:
        found.append((name, others, text, word, path, folder, count, share, flag, many))

    made = get_command(app)
    try:
        (eased(made) if ease else made)(list(words), prog_name="x", standalone_mode=True)
    except SystemExit as leaving:
        return found or leaving.code
    return found


@pytest.mark.parametrize(
    "words",
    [
        ("a",),
        ("",),
        (),
        ("a", "b", "c"),
        ("a", "--text", "停水", "--word", "two", "--path", "/nowhere/x", "--flag"),
        ("a", "--word", "three"),
        ("a", "--word", ""),
        ("a", "--path", ""),
        ("a", "--path", "."),
        ("a", "--folder", "/nowhere"),
        ("a", "--folder", "."),
        ("a", "--count", "5", "--share", "0.5"),
        ("a", "--count", "-1"),
        ("a", "--count", "x"),
        ("a", "--many", "1", "--many", "2"),
        ("a", "--none"),
        ("--help",),
    ],
)  # fmt: skip
def test_a_command_gets_what_typer_would_give_it(words: tuple[str, ...]) -> None:
    assert seen(*words, ease=True) == seen(*words, ease=False)
