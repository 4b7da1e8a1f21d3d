"""Start-up is a feature: what ``--help`` does not need, it does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "httpx",
    "pydantic",
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


UNUSED_BY_A_DIGEST = (
    *(
        "httpx",
        "lxml",
        "feedparser",
        "fastfeedparser",
        "selectolax",
        "jieba",
        "numpy",
        "lark",
        "sqlite_utils",
        "filelock",
    ),
    *("pydantic", "ahocorasick_rs", "rich.console", "rich.table", "rich.progress", "xlsxwriter", "docx", "jinja2"),
    *(
        "yuqing_cli.adapters.store.whole",
        "yuqing_cli.adapters.web",
        "yuqing_cli.render.charts",
        "yuqing_cli.render.sheets",
    ),
    *("yuqing_cli.enrich.mask", "yuqing_cli.enrich.match", "yuqing_cli.enrich.score", "yuqing_cli.enrich.boundary"),
    *("yuqing_cli.events.group", "yuqing_cli.events.sketch", "yuqing_cli.events.words", "yuqing_cli.segment"),
    *("yuqing_cli.digest.review", "yuqing_cli.findings", "yuqing_cli.packs.query", "yuqing_cli.packs.query_match"),
    *("yuqing_cli.packs.query_nodes", "yuqing_cli.events.hot"),
)
"""What fills the file, judges, masks, groups, searches and draws other formats: a digest does none of it."""


def test_a_digest_loads_only_what_reads_back_and_prints(tmp_path: Path) -> None:
    assert "httpx" not in imported_by("init", str(tmp_path))
    # The first one makes the file.
    _, loaded = (imported_by("--station", str(tmp_path), "digest") for _ in range(2))
    assert "yuqing_cli.adapters.store.reporting" in loaded
    assert not [name for name in UNUSED_BY_A_DIGEST if name in loaded]


def test_the_tiers_of_the_command_line_are_those_of_the_model() -> None:
    from typing import get_args

    from yuqing_cli import models
    from yuqing_cli.cli import sources

    assert get_args(sources.Tier) == get_args(models.Tier)
