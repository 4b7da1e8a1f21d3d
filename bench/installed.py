"""The package as a user has it: pip compiles what it installs, a checkout is compiled when it is first run, or never.

Without this, a bench that starts the program measures Python's compiler (30,000 lines: half a second a start) wherever
``PYTHONDONTWRITEBYTECODE`` is set.
"""

from __future__ import annotations

import compileall
from pathlib import Path

import yuqing_cli


def compiled() -> None:
    """Compile the package. Call it before the first start that is measured."""
    compileall.compile_dir(str(Path(yuqing_cli.__file__).parent), quiet=1)
