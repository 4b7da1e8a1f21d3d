"""The standard streams as every command may count on them: there, in UTF-8, and no traceback when their reader leaves.

Cron gives a bare locale, a GBK locale gives GBK, and a daemon may give none at all; what a pipe or a file gets must not depend on it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO, cast

from yuqing_cli.errors import UsageError

from .face import DONE

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def prepare() -> None:
    """Put the streams in order, once, before anything is opened: with 1 or 2 closed, the next file would get that number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    sys.stdout = _sound(sys.stdout, _stdout_broke, "replace")
    sys.stderr = _sound(sys.stderr, _stderr_broke, "backslashreplace")


class _Wall(io.FileIO):
    """A file descriptor whose faults are turned into what the program means by them."""

    def __init__(self, number: int, broke: Callable[[OSError], None]) -> None:
        super().__init__(number, "w", closefd=False)
        self._broke = broke

    def write(self, data: ReadableBuffer, /) -> int:
        """Write; after a fault everything goes nowhere, so that the flush at the end finds no second one."""
        try:
            return super().write(data)
        except OSError as error:
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
                os.dup2(nowhere.fileno(), self.fileno())
            self._broke(error)
            return memoryview(data).nbytes


def _stdout_broke(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise SystemExit(DONE) from None  # ``| head`` has what it wanted
    raise UsageError("the output cannot be written: {reason}", reason=error.strerror) from error


def _stderr_broke(_error: OSError) -> None:
    """Remarks that nobody reads stop no work."""


def _sound(stream: TextIO, broke: Callable[[OSError], None], errors: str) -> TextIO:
    """The stream in UTF-8; a terminal keeps its own encoding, which it alone knows, unless that is none."""
    if stream.isatty() or os.name == "nt":
        cast("io.TextIOWrapper", stream).reconfigure(
            encoding="utf-8" if stream.encoding.lower() in _NONE else None, errors=errors
        )
        return stream
    stream.flush()
    raw = io.BufferedWriter(_Wall(stream.fileno(), broke))
    return io.TextIOWrapper(raw, "utf-8", errors, newline="\n", write_through=broke is _stderr_broke)


_NONE = {"ascii", "us-ascii", "ansi_x3.4-1968", "646"}
