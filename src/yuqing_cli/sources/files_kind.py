"""The kind ``files``: rows and saved pages that others put into a folder: JSONL, CSV, Parquet, HTML.

    (name, bytes) -by its ending-> rows.read | article.extract -> RawPost

The file is read by the workflow; here are only its name and its bytes. Rows mean what they mean to ``ingest`` (``rows``), except that all
of them belong to this source, whatever their ``source`` says.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath

from yuqing_cli.errors import SourceError, UsageError
from yuqing_cli.models import Answer, RawPost, Reading, Source
from yuqing_cli.times import parse_date, parse_zone, plausible
from yuqing_cli.urls import is_http

from . import parquet, rows
from .article import extract
from .decode import decode
from .options import FILE_ENDINGS, PAGE_ENDINGS, ROW_ENDINGS
from .sound import sound

__all__ = ["read", "read_file"]

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,2048})\s", re.IGNORECASE)


def read(source: Source, answer: Answer, now: datetime) -> Reading:
    """Read one file that stands in an ``Answer``: its path as ``url``, its bytes as ``body``."""
    return read_file(answer.url, answer.body, source, now)


def read_file(name: str, body: bytes, source: Source, now: datetime) -> Reading:
    """Read one file by the ending of its name.

    Raises:
        SourceError: an ending that is not read, a file without a usable row, a page without an article.
        UsageError: Parquet without the package that reads it.

    """
    ending = PurePath(name).suffix.lower()
    if ending in ROW_ENDINGS:
        decoded = decode(body)
        return _rows(decoded.text, name, source, now, decoded.charset, decoded.method)
    if ending == parquet.ENDING:
        return _rows("\n".join(parquet.json_lines(body, name)), name, source, now)
    if ending in PAGE_ENDINGS:
        return _page(name, body, source, now)
    raise SourceError("soft", "{file}: files of this kind are not read; known: {endings}", file=name, endings=_known())


def _known() -> str:
    return ", ".join(sorted(FILE_ENDINGS))


def _rows(text: str, name: str, source: Source, now: datetime, charset: str = "", method: str = "") -> Reading:
    try:
        found = rows.read(text, name, now=now, zone=parse_zone(source.timezone))
    except UsageError as error:  # of one file, which must not stop the others
        raise SourceError("hard", error.text, **error.values) from error
    if found.refused and not found.rows:
        text = "{file}: no row of {count} can be used; the first fault is in line {line}"
        raise SourceError("hard", text, file=name, count=len(found.refused), line=found.refused[0][1].line)
    posts = sound([row.post for row in found.rows])
    return Reading(posts, charset=charset, method=method, refused_dates=len(found.dates))


def _page(name: str, body: bytes, source: Source, now: datetime) -> Reading:
    decoded = decode(body)
    saved = _SAVED_FROM.search(decoded.text[:2_000])
    address = saved[1] if saved and is_http(saved[1]) else ""
    article = extract(decoded.text, address)
    if not article.text and not article.title:
        raise SourceError("soft", "{file}: no article was found in this page", file=name)
    at = parse_date(article.published_text, now=now, zone=source.timezone) if article.published_text else None
    published = plausible(at, now=now) if at else None
    url = article.canonical_url or address
    file = PurePath(name).name
    post = RawPost(
        article.title,
        article.text,
        url,
        published,
        "" if url else file,
        row="" if url else file,
        article=bool(article.text),
    )
    return Reading(
        sound([post]),
        charset=decoded.charset,
        method=decoded.method,
        refused_dates=int(bool(article.published_text) and published is None),
    )
