"""Floors: what was once reached and must be reached again, for our own sets and for external ones alike.

A test measures a figure (a share, or a count of right answers: more is always better) and hands it to ``check``, which
compares it with the floor pinned under its name: in ``floors.json`` for sets that lie in this folder, in
``floors-external.json`` for those in the folder that ``YUQING_EVAL_DATA`` names. ``tools/floors.py`` measures all of
them and pins them anew.

A floor is what was measured, not what would be nice: a margin below it is where regressions live.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FOLDER = os.environ.get("YUQING_EVAL_DATA", "")
DATA = Path(FOLDER or "/nonexistent").absolute()
RECORD = "YUQING_EVAL_RECORD"
"""Where this names a file, figures are written there and not judged: how ``tools/floors.py`` reads them."""
TOLERANCE = 1e-6
"""Floors are written with six digits; one item of the largest set is a hundred times more."""


def needs(*folders: str) -> pytest.MarkDecorator:
    """Skip, with the reason, where the external folders are not there."""
    missing = [folder for folder in folders if not (DATA / folder).is_dir()]
    reason = f"{', '.join(missing)} not in {DATA}" if FOLDER else "YUQING_EVAL_DATA is not set"
    return pytest.mark.skipif(bool(missing), reason=f"{reason}: the external sets are not here")


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def share(right: int, of: int) -> float:
    """``right`` of ``of``; an empty set measures nothing."""
    assert of > 0, "nothing was measured"
    return right / of


@cache
def pinned(*, external: bool) -> dict[str, dict[str, Any]]:
    """Name -> ``floor``, ``measured`` (when it was last pinned), ``command`` that measures it."""
    text = (HERE / ("floors-external.json" if external else "floors.json")).read_text(encoding="utf-8")
    floors: dict[str, dict[str, Any]] = json.loads(text)
    return floors


def check(name: str, value: float, *, external: bool, detail: object = "") -> None:
    """Print the figure, and fail where it is below its floor or has none. ``detail`` says what was wrong."""
    __tracebackhide__ = True
    if record := os.environ.get(RECORD):
        _write(Path(record), name, value, external=external)
        return
    entry = pinned(external=external).get(name)
    assert entry is not None, f"no floor is pinned for {name} ({value:.6g}): run python tools/floors.py"
    print(f"{name}: {value:.6g} (floor {entry['floor']:.6g})")
    assert value >= entry["floor"] - TOLERANCE, f"{name} fell to {value:.6g}, below {entry['floor']:.6g}; {detail}"


def _write(record: Path, name: str, value: float, *, external: bool) -> None:
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    with record.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, "value": value, "external": external, "test": test}) + "\n")
