"""Init: templates -> a station folder that works at once.

data/yuqing.toml + data/catalogue.toml + keywords/*.toml -files.write-> folder
keywords/*.toml -files.write-> keywords/.shipped, from which ``keywords update`` sees later what the desk has changed
"""

from __future__ import annotations

from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.errors import UsageError
from yuqing_cli.station import DIGESTS, KEYWORDS, SETTINGS, SHIPPED
from yuqing_cli.tomltext import quoted


def shipped_packs() -> dict[str, str]:
    """The packs that come with the program: file name -> text. In the wheel, or beside ``src`` in a checkout."""
    inside: Traversable = resources("yuqing_cli") / "data" / KEYWORDS
    folder = inside if inside.is_dir() else Path(__file__).parents[3] / KEYWORDS
    return {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")}


def template(name: str) -> str:
    """One of the program's own data files."""
    return (resources("yuqing_cli") / "data" / name).read_text("utf-8")


def settings_text(*, name: str, language: str, contact: str, sources: str) -> str:
    """A commented yuqing.toml. The values are the user's words, so they are written as TOML strings, not pasted."""
    text = template("yuqing.toml")
    for hole, value in (("NAME", name), ("LANGUAGE", language), ("CONTACT", contact)):
        text = text.replace(f'"@{hole}@"', quoted(value))
    return text + "\n" + sources


def init(folder: Path, *, name: str, language: str, contact: str, sources: str | None = None) -> None:
    """Make a station. Nothing that is there is overwritten.

    Raises:
        UsageError: the folder is a station already, or cannot be made.

    """
    if (folder / SETTINGS).exists():
        raise UsageError("{folder} is a station already", folder=folder)
    try:
        for part in (SHIPPED, DIGESTS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("{folder} cannot be made: {reason}", folder=folder, reason=error.strerror) from error
    for file, text in shipped_packs().items():
        if not (folder / KEYWORDS / file).exists():
            files.write(folder / KEYWORDS / file, [text])
            files.write(folder / SHIPPED / file, [text])
    catalogue = template("catalogue.toml") if sources is None else sources
    # The settings come last: a folder becomes a station only when everything else is in it.
    files.write(folder / SETTINGS, [settings_text(name=name, language=language, contact=contact, sources=catalogue)])
