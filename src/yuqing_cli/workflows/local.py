"""Local: a source that is files in a folder -> one answer, one reading; no network.

files.matching -> bytes -kind.read-> Reading, one a file -> merged
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, RawPost, Reading, Source
from yuqing_cli.sources.kinds import read
from yuqing_cli.sources.options import FILE_ENDINGS

MOST_BYTES = 200_000_000
"""One file; it is read whole."""
File = tuple[str, bytes]


def answer(source: Source, folder: Path) -> tuple[Answer, list[File]]:
    """The source's files, and an answer in their place: its body names them with their hashes, so it changes when they do."""
    ask = Ask(source.name, "")
    pattern = str(getattr(source.options, "path", ""))
    try:
        found = files.matching(folder, pattern, FILE_ENDINGS, MOST_BYTES)
    except SourceError as error:
        return Answer(ask, "", error=error), []
    names = "\n".join(f"{name} {blake2b(body, digest_size=16).hexdigest()}" for name, body in found)
    return Answer(ask, "", 200, body=names.encode("utf-8", "surrogateescape")), found


def merged(source: Source, found: Sequence[File], now: datetime) -> tuple[Reading, list[SourceError]]:
    """The posts of all files, and the files that could not be read. Raises the first error where none could."""
    posts: list[RawPost] = []
    errors: list[SourceError] = []
    refused = 0
    for name, body in found:
        try:
            reading = read(source, Answer(Ask(source.name, name), name, 200, body=body), now)
        except SourceError as error:
            errors.append(error)
            continue
        posts += reading.posts
        refused += reading.refused_dates
    if len(errors) == len(found):
        raise errors[0]
    return Reading(tuple(posts), refused_dates=refused), errors
