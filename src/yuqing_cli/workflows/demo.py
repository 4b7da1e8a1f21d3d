"""Demo: a fictional town on loopback, then the real commands.

DemoServer + init -> station -fetch-> store -digest-> terminal, digests/ -export-> CSV
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.station import KEYWORDS

from .init import init, template

NAME = "青禾县值班监测台"
FOLDER = "yuqing-demo"


def free_folder(parent: Path) -> Path:
    """``yuqing-demo`` in ``parent``, or the first numbered one that is not there."""
    names = [FOLDER, *(f"{FOLDER}-{n}" for n in range(2, 1000))]
    return next(parent / name for name in names if not (parent / name).exists())


def prepare(folder: Path, sources: str, language: str) -> None:
    """Make the town's station: no waiting between requests, because the only server asked is our own."""
    init(folder, name=NAME, language=language, contact="demo@qinghe.example", sources=sources)
    files.write(folder / KEYWORDS / "us.toml", [template("demo/us.toml")])
    path = folder / "yuqing.toml"
    text = files.read_text(path)
    files.write(path, [text.replace("host_gap_seconds = 5.0 ", "host_gap_seconds = 0.0 ")])


def run(folder: Path, command: Callable[[list[str]], int]) -> None:
    """Fetch, export and digest through ``command``, which is the program itself: what the demo shows is what a user gets."""
    station = ["--station", str(folder)]
    digests = folder / "digests"
    command([*station, "fetch"])
    command([*station, "export", "--force", "-o", str(digests / "posts.csv")])
    command([*station, "digest", "--format", "markdown", "-o", str(digests / "today.md")])
    command([*station, "digest", "--today"])
