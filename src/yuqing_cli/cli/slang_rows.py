"""How words of the net are told: the word, its plain meaning, its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from yuqing_cli.i18n import Translate, mark

from .face import harmless

if TYPE_CHECKING:
    from yuqing_cli.packs.model import KeywordSet, Slang

TONES = {
    "complaint": mark("complaint"),
    "danger": mark("danger"),
    "help": mark("asks for help"),
    "neutral": mark("neutral"),
    "positive": mark("praise"),
}
REGISTERS = {"net": mark("on the net"), "spoken": mark("everyday speech"), "press": mark("in the press too")}


def slang_line(entry: Slang, t: Translate) -> str:
    """One line, in the reader's language; the Chinese meaning where there is no other."""
    meaning = entry.meaning if t.language == "zh" else entry.meaning_en or entry.meaning
    text = "{term}: {meaning} ({tone}, {register})"
    colours = {"tone": t(TONES[entry.tone]), "register": t(REGISTERS[entry.register])}
    return harmless(t(text, term=entry.term, meaning=meaning, **colours))


def slang_row(entry: Slang) -> dict[str, str]:
    """The twin of one line."""
    return {
        "term": entry.term,
        "meaning": entry.meaning,
        "meaning_en": entry.meaning_en,
        "tone": entry.tone,
        "register": entry.register,
    }


def print_slang(text: str, keywords: KeywordSet, t: Translate) -> None:
    """The words of the net in a text that is being looked at; nothing where there are none."""
    from yuqing_cli.packs.slang import explained

    found = explained(text, keywords.slang)
    if found:
        typer.echo(t("words of the net in it:"))
    for entry in found:
        typer.echo(f"  {slang_line(entry, t)}")
