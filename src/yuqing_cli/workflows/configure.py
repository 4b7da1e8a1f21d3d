"""Configure: new sources -> yuqing.toml, its text otherwise untouched.

Source -render.source_table-> text -config.load-> proof -files.write-> yuqing.toml
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from yuqing_cli import config
from yuqing_cli.adapters import files
from yuqing_cli.errors import ConfigError, Problem, UsageError
from yuqing_cli.i18n import mark
from yuqing_cli.models import Source
from yuqing_cli.station import SETTINGS
from yuqing_cli.text import clean_line
from yuqing_cli.urls import canonical, host

MAX_NAME = 190
"""Characters: ten less than a name may have, so that a number fits behind it."""


def append(folder: Path, tables: Sequence[str]) -> None:
    """Write ``tables`` (``source_table``) at the end of the station's yuqing.toml, which is read anew: it may have been edited since.

    Raises:
        ConfigError: with them, the file would not load; it stays as it is.
        UsageError: it cannot be written.

    """
    path = (folder / SETTINGS).resolve()
    text = files.read_text(path)
    # ``read_text`` drops the mark, and a file that an editor marked is to stay marked.
    mark_ = "\ufeff" if files.read_bytes(path).startswith(codecs.BOM_UTF8) else ""
    longer = _joined(text, tables)
    try:
        config.load(longer, str(path))
    except ConfigError as error:
        kept = Problem(str(path), mark("stays as it is: with the new sources it would not load"))
        raise ConfigError(error.text, (kept, *error.problems), **error.values) from error
    files.write(path, [mark_, longer])


def _joined(text: str, tables: Sequence[str]) -> str:
    """Below what is there, an empty line before each table, with the line ends that the file has."""
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith("\n") else end
    return text + gap + "".join(end + table.replace("\n", end) for table in tables)


def configured(sources: Iterable[Source]) -> dict[str, Source]:
    """Sources by canonical address."""
    return {canonical(source.url): source for source in sources}


def refuse_known(sources: Collection[Source], *, name: str = "", url: str = "") -> None:
    """Raise ``UsageError`` where the name or the address is a source's already."""
    if name and any(source.name == name for source in sources):
        raise UsageError("there is a source {name} already; give another --name", name=name)
    same = configured(sources).get(canonical(url)) if url else None
    if same:
        raise UsageError("{url} is the source {name} already", url=url, name=same.name)


def unique_name(wanted: str, url: str, taken: Collection[str]) -> str:
    """``wanted`` on one line (the host of ``url`` where it is empty), with a number behind it where somebody has it already."""
    base = clean_line(wanted)[:MAX_NAME].strip() or host(url) or "source"
    numbered = (f"{base} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)
