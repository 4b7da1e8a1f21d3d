"""The user's files: read as bytes first, written whole or not at all."""

from __future__ import annotations

import codecs
import os
import re
import sys
import tempfile
from codecs import getincrementalencoder
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path

from yuqing_cli.errors import ConfigError, Problem, SourceError, UsageError
from yuqing_cli.i18n import mark

PACK_SUFFIXES = {".toml", ".txt"}


def read_text(path: Path) -> str:
    """A settings or pack file, which is UTF-8.

    Raises:
        ConfigError: it cannot be read, or is not UTF-8 (then with the line).

    """
    try:
        body = path.read_bytes()
    except OSError as error:
        problem = Problem(str(path), "cannot be read: {reason}", values=(("reason", error.strerror),))
        raise ConfigError("{file} cannot be read", (problem,), file=path) from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, body, error.start) from error
    found = _MODIFIERS.search(text)
    if found and max(text) < "\u0800" and not body.startswith(codecs.BOM_UTF8):
        raise _not_utf8(path, body, len(text[: found.start()].encode()))
    return text


_MODIFIERS = re.compile("[\u02b0-\u036f]")
"""A short list in GBK may be valid UTF-8: 停水 reads as two of these, and nothing from beyond U+07FF stands beside them."""


def _not_utf8(path: Path, body: bytes, at: int) -> ConfigError:
    """The refusal, with the line and column of the byte ``at``; names GBK where that is what it is."""
    line_start = body.rfind(b"\n", 0, at) + 1
    hint = mark("save it as UTF-8")
    with suppress(UnicodeDecodeError):
        body.decode("gb18030")
        hint = mark("it is in GBK: open it in an editor and save it again with the encoding UTF-8")
    column = len(body[line_start:at].decode("utf-8", "replace")) + 1
    problem = Problem(str(path), "is not UTF-8", body.count(b"\n", 0, at) + 1, column, hint)
    return ConfigError("{file} is not UTF-8", (problem,), file=path)


def read_packs(folder: Path) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Every pack file of a folder as (path, text), and those that cannot be read as problems.

    A folder that is gone (a mount that failed, a slip of the hand) is a problem too: without packs every day is quiet.
    """
    files: list[tuple[str, str]] = []
    problems: list[Problem] = []
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in PACK_SUFFIXES and not p.name.startswith("."))
    except OSError as error:
        return [], [Problem(str(folder), "cannot be read: {reason}", values=(("reason", error.strerror),))]
    if not paths:
        problems.append(Problem(str(folder), "holds no keyword packs: nothing can match"))
    for path in paths:
        try:
            files.append((str(path), read_text(path)))
        except ConfigError as error:
            problems.extend(error.problems)
    return files, problems


def read_bytes(path: Path) -> bytes:
    """A file that was named on the command line. Raises ``UsageError``."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError("{file} cannot be read: {reason}", file=path, reason=error.strerror) from error


def matching(folder: Path, pattern: str, endings: frozenset[str], most: int) -> list[tuple[str, bytes]]:
    """The files that a folder, a file or a glob pattern names, as (name, bytes), in the order of their names.

    Relative patterns start at ``folder``. At most ``most`` bytes a file.

    Raises:
        SourceError: there is nothing of that name, or a file cannot be read or is too large.

    """
    given = folder / pattern
    if given.is_dir():
        found = [path for path in given.rglob("*") if path.suffix.lower() in endings]
    else:
        found = [Path(name) for name in glob(str(given), recursive=True)]  # noqa: PTH207 - absolute patterns too
    paths = sorted(path for path in found if path.is_file())
    if not paths:
        raise SourceError("soft", "there are no files at {path}", path=given)
    return [(str(path), _bounded(path, most)) for path in paths]


def _bounded(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise SourceError("hard", "{file} is larger than {max_bytes} bytes", file=path, max_bytes=most)
        return path.read_bytes()
    except OSError as error:
        raise SourceError("soft", "{file} cannot be read: {reason}", file=path, reason=error.strerror) from error


MOST_PACKED = 200_000_000
"""Bytes that the parts of a packed document (XLSX, DOCX) may have together: a small file can claim any size."""
_PACKED, _UNREAD = {".xlsx", ".docx", ".odt", ".ods"}, {".db", ".parquet", ".png", ".pdf", ".gz", ".zip"}


def documents(path: Path) -> Iterator[tuple[str, str, str]]:
    """(file, part, text) of every text in a file or below a folder; parts are those of a packed document (XLSX, DOCX).

    Hidden files, databases and pictures are passed over; bytes that are not UTF-8 become U+FFFD.

    Raises:
        UsageError: a file cannot be read, is no packed document although it is called one, or unpacks to too much.

    """
    if path.is_dir():
        for below in sorted(path.iterdir()):
            if not below.name.startswith("."):
                yield from documents(below)
    elif path.suffix.lower() in _PACKED:
        yield from _parts(path)
    elif path.suffix.lower() not in _UNREAD:
        yield str(path), "", read_bytes(path).decode("utf-8-sig", "replace")


def _parts(path: Path) -> Iterator[tuple[str, str, str]]:
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as packed:
            entries = [entry for entry in packed.infolist() if entry.filename.endswith(".xml")]
            if sum(entry.file_size for entry in entries) > MOST_PACKED:
                raise UsageError("{file} is larger than {max_bytes} bytes", file=path, max_bytes=MOST_PACKED)
            for entry in entries:
                yield str(path), entry.filename, packed.read(entry).decode("utf-8", "replace")
    except (OSError, BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UsageError("{file} cannot be read: {reason}", file=path, reason=error) from error


def write(path: Path, pieces: Iterable[str | bytes], *, encoding: str = "utf-8", force: bool = True) -> None:
    """Write a file atomically: a reader sees the old one or the whole new one, never half of it.

    Text is encoded; a byte-order mark that the encoding wants stands once, in front.

    A file that is replaced keeps its mode: what the user made private stays so.

    Raises:
        UsageError: it is there already and ``force`` is off, or it cannot be written.

    """
    if path.exists() and not force:
        raise UsageError("{file} is there already; --force replaces it", file=path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError("{file} cannot be written: {reason}", file=path, reason=error.strerror) from error
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            encode = getincrementalencoder(encoding)("replace").encode
            file.writelines(piece if isinstance(piece, bytes) else encode(piece) for piece in pieces)
        half.chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        half.replace(path)
    except OSError as error:
        raise UsageError("{file} cannot be written: {reason}", file=path, reason=error.strerror) from error
    finally:
        half.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_out(pieces: Iterable[str | bytes]) -> None:
    """Write to standard output, always UTF-8 and with the line ends as they are."""
    sys.stdout.flush()
    for piece in pieces:
        sys.stdout.buffer.write(piece if isinstance(piece, bytes) else piece.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


@contextmanager
def locked(path: Path, wait: float) -> Iterator[bool]:
    """Hold the station's lock; False when somebody else still has it after ``wait`` seconds.

    The operating system frees the lock of a process that was killed: there is nothing to clean up.

    Raises:
        UsageError: the lock file cannot be made.

    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait, poll_interval=0.2)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise UsageError("{file} cannot be written: {reason}", file=path, reason=error.strerror) from error
    try:
        yield True
    finally:
        lock.release()
