"""Update: shipped packs that have changed since the station took them over -> the station's own, edits kept.

keywords/.shipped (base) + keywords/ (mine) + shipped -packs.merge-> plan, shown first -files.write-> keywords/, keywords/.replaced
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from yuqing_cli.adapters import files
from yuqing_cli.errors import ConfigError, UsageError
from yuqing_cli.packs.load import load
from yuqing_cli.packs.merge import Choice, Conflict, merge
from yuqing_cli.records import Record
from yuqing_cli.station import KEYWORDS, REPLACED, SHIPPED

from .init import shipped_packs

State = Literal["same", "new", "merged", "conflict", "unknown", "deleted", "faulty", "yours", "gone"]
"""``unknown``: it differs and nobody knows from what it began; ``yours``: a pack that only the station has or writes."""
OWN = "us.toml"
"""Written by each station for itself: never merged."""


class Step(Record):
    """What is to be done with one file. ``before`` and ``after`` are its texts in the station, empty where there is none."""

    name: str
    state: State
    before: str = ""
    after: str = ""
    shipped: str = ""
    conflicts: tuple[Conflict, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether the station's file changes."""
        return self.before != self.after


def plan(folder: Path, choice: Choice | None) -> list[Step]:
    """One step a file, in the order of their names. Conflicts stay open unless ``choice`` says whose word counts."""
    shipped = shipped_packs()
    mine, base = _texts(folder / KEYWORDS), _texts(folder / SHIPPED)
    return [_step(name, mine, base, shipped, choice) for name in sorted({*shipped, *base}) if name != OWN]


def _texts(folder: Path) -> dict[str, str]:
    """By file name; a byte order mark stays. Raises ``ConfigError`` for what is not UTF-8."""
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    marked = {path.name: files.read_bytes(path).startswith(b"\xef\xbb\xbf") for path in paths}
    return {path.name: "\ufeff" * marked[path.name] + files.read_text(path) for path in paths}


def _step(
    name: str, mine: Mapping[str, str], base: Mapping[str, str], shipped: Mapping[str, str], choice: Choice | None
) -> Step:
    own, new = mine.get(name, ""), shipped.get(name, "")
    if name not in shipped:
        return Step(name, "gone", own, own)
    if name not in mine:
        return Step(name, "deleted") if name in base else Step(name, "new", "", new, new)
    if _plain(own) == new:
        return Step(name, "same", own, own, new)
    if name not in base or load([(name, base[name])]).problems:
        return Step(name, "unknown", own, own, new)
    if base[name] == new:
        return Step(name, "same", own, own, new)
    if load([(name, own)]).problems:
        return Step(name, "faulty", own, own, new)
    merged = merge(base[name], own, new, choice or "mine")
    if (merged.conflicts and choice is None) or load([(name, merged.text)]).problems:
        return Step(name, "conflict", own, own, new, merged.conflicts)
    return Step(name, "merged", own, merged.text, new, merged.conflicts)


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def write(folder: Path, steps: Sequence[Step], now: datetime) -> list[Path]:
    """Write what changes and remember the shipped texts as the base; where the replaced files were put.

    Raises:
        ConfigError: with the new texts the packs would not load together; nothing is written.
        UsageError: a file cannot be written, or was edited since it was planned.

    """
    done = [step for step in steps if step.state in {"same", "new", "merged"}]
    _prove(folder, done)
    kept = [_replace(folder, step, now) for step in done if step.writes]
    for step in done:
        remember(folder, step)
    return [path for path in kept if path]


def remember(folder: Path, step: Step) -> None:
    """Take the shipped text of today as what the station's file began from."""
    path = folder / SHIPPED / step.name
    if not path.exists() or files.read_text(path) != step.shipped:
        _made(path.parent)
        files.write(path, [step.shipped])


def _prove(folder: Path, steps: Sequence[Step]) -> None:
    texts = _texts(folder / KEYWORDS)
    before = load(texts.items()).problems
    after = load((texts | {step.name: step.after for step in steps}).items()).problems
    if len(after) > len(before):
        raise ConfigError("with the new packs there would be faults; nothing was written", after)


def _replace(folder: Path, step: Step, now: datetime) -> Path | None:
    path = folder / KEYWORDS / step.name
    if _texts(folder / KEYWORDS).get(step.name, "") != step.before:
        raise UsageError("{file} was edited meanwhile; run it again", file=path)
    kept = None
    if step.before:
        kept = folder / REPLACED / f"{now:%Y%m%dT%H%M%S}-{step.name}"
        _made(kept.parent)
        files.write(kept, [step.before])
    files.write(path, [step.after])
    return kept


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("{folder} cannot be made: {reason}", folder=folder, reason=error.strerror) from error
