"""Import: a word list of another program -> a pack file, proved by reading it.

files.read_text -trendradar.convert-> TOML -load-> proof -files.write-> keywords/NAME.toml
"""

from __future__ import annotations

from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.errors import ConfigError
from yuqing_cli.packs.load import load
from yuqing_cli.packs.trendradar import Imported, convert


def read_list(path: Path, name: str, *, word: bool) -> Imported:
    """The pack that a ``frequency_words.txt`` makes. Raises ``ConfigError``: not UTF-8, or nothing to look for."""
    made = convert(files.read_text(path), path.name, name, word=word)
    if not made.topics:
        raise ConfigError("{file} holds no group of words", made.remarks, file=path)
    load([(f"{name}.toml", made.text)]).require()
    return made


def write_pack(made: Imported, path: Path, *, force: bool) -> None:
    """Write the pack. Raises ``UsageError`` where there is one already and ``force`` is off."""
    files.write(path, [made.text], force=force)
