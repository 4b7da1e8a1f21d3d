"""User-facing words in Chinese and English, through gettext.

The English text is the message id. ``locale/zh/LC_MESSAGES/yuqing.po`` holds the Chinese; the ``.mo`` beside it is compiled from it
(``python tools/messages.py``) and a test fails when one message is missing or the file is stale.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

from .errors import YuqingError

DOMAIN = "yuqing"
LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh", "en")


class Message(str):
    """A text that is translated where it is shown, also when it stands in a hole of another one."""

    __slots__ = ()


class Translate:
    """``t("posts: {count}", count=3)``: the text in the chosen language with its holes filled.

    A value that is an error or a marked text is translated too: ``robots.txt cannot be read: {reason}`` is one sentence in
    one language.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

    def __call__(self, text: str, /, **values: object) -> str:
        """Translate and fill."""
        translated = self._catalogue.gettext(text) if text else ""
        if not values:
            return translated
        return translated.format(**{name: self._said(value) for name, value in values.items()})

    def _said(self, value: object) -> object:
        if isinstance(value, YuqingError):
            return self(value.text, **value.values)
        return self(value) if isinstance(value, Message) else value


def from_environment(environ: Mapping[str, str] | None = None) -> str:
    """The language that the environment asks for: ``zh`` or ``en`` (also where it says nothing, as under cron)."""
    environ = os.environ if environ is None else environ
    value = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "zh" if value.lower().startswith("zh") else "en"


def choose(station_language: str = "") -> Translate:
    """By the station's setting, else by the environment."""
    return Translate(station_language if station_language in LANGUAGES else from_environment())


def mark(text: str) -> Message:
    """Name a text that is translated later, where it is shown (so that the collector of messages finds it)."""
    return Message(text)


def lend() -> None:
    """Let libraries that ask the process's gettext for words (typer: "Options", "Commands") find ours, by the environment."""
    if from_environment() == "zh":
        gettext.bindtextdomain(DOMAIN, str(LOCALE))
        gettext.textdomain(DOMAIN)
