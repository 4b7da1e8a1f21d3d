"""Start-up is a feature: what ``--help`` does not need, it does not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "httpx",
    "jieba",
    "rich.table",
    "rich.console",
    "sqlite_utils",
    "sqlite3",
    "lark",
    "lxml",
    "numpy",
    "selectolax",
    "msgspec",
    "protego",
)


def imported_by(*words: str) -> set[str]:
    """The modules that a run of the program has loaded at its end."""
    code = (
        "import sys\n"
        "from yuqing_cli.cli.app import run\n"
        f"run({list(words)!r})\n"
        "print('\\n' + '\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("fetch", "--help"), ("digest", "-h"), ("--version",)])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert not [name for name in HEAVY if name in imported_by(*words)]


def test_a_digest_imports_no_client_no_parser_and_no_segmenter(tmp_path: object) -> None:
    run = imported_by("init", str(tmp_path))
    assert "httpx" not in run
    loaded = imported_by("--station", str(tmp_path), "digest")
    assert not [
        name
        for name in ("httpx", "lxml", "feedparser", "fastfeedparser", "selectolax", "jieba", "numpy")
        if name in loaded
    ]


def test_the_tiers_of_the_command_line_are_those_of_the_model() -> None:
    from typing import get_args

    from yuqing_cli import models
    from yuqing_cli.cli import sources

    assert get_args(sources.Tier) == get_args(models.Tier)
