"""Write docs/commands.md: what every command says of itself with ``--help``, in English, 100 columns wide.

    python tools/docs.py            write the file
    python tools/docs.py --check    change nothing; exit 1 when the file is not what the program says now

The file is the program's own words: it cannot promise an option that is not there.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
WIDTH = 100
HEAD = """\
# Commands

Written by `python tools/docs.py` from the program itself; do not edit it here.

The global option `--station` stands before the command: `yuqing --station ~/mystation digest`. Exit codes and the JSON
documents are described in [formats.md](formats.md), `yuqing.toml` in [settings.md](settings.md), keyword packs in
[packs.md](packs.md).
"""


def helps() -> Iterator[tuple[str, str]]:
    """Every command with its help, parents before their children, in the order in which the program lists them."""
    # The face chooses its language when it is imported.
    os.environ["LC_ALL"] = "C.UTF-8"
    import typer

    from yuqing_cli.cli.app import app

    yield from _below("yuqing", typer.main.get_command(app()), None)


def _below(name: str, command: Any, parent: Any) -> Iterator[tuple[str, str]]:
    context = command.make_context(name, [], parent=parent, resilient_parsing=True, terminal_width=WIDTH)
    yield context.command_path, command.get_help(context)
    for child, below in getattr(command, "commands", {}).items():
        yield from _below(child, below, context)


def text() -> str:
    """The whole file."""
    parts = [f"## {path}\n\n```text\n{_trimmed(page)}\n```\n" for path, page in helps()]
    return "\n".join([HEAD, *parts])


def _trimmed(page: str) -> str:
    return "\n".join(line.rstrip() for line in page.strip().splitlines())


def main(arguments: list[str] | None = None) -> int:
    """The program; its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the file is stale")
    if not parser.parse_args(arguments).check:
        FILE.write_text(text(), encoding="utf-8")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != text():
        sys.stdout.write(f"docs/{FILE.name} is stale: run python tools/docs.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
