"""Rows that people hand in: JSONL and CSV -> raw posts by source. Pure: text in, rows and faults out.

Keys ``url, title, text, published_at, source``; all but the title are optional. Anything else in a row, an author above all, is not even
read. A row that cannot be used is refused with its line and the others go on; a date that cannot be used counts as no date, and is
reported.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from yuqing_cli import times
from yuqing_cli.errors import Problem, UsageError
from yuqing_cli.i18n import mark
from yuqing_cli.models import RawPost
from yuqing_cli.records import Record
from yuqing_cli.text import clean_line
from yuqing_cli.urls import canonical

KEYS = ("url", "title", "text", "published_at", "source")
MEANT = {
    "title": ("headline", "subject", "标题", "題目", "题目"),
    "url": ("link", "href", "address", "链接", "网址", "原文链接", "地址"),
    "text": ("content", "body", "summary", "description", "正文", "内容", "摘要"),
    "published_at": (
        *("published", "pubdate", "pub_date", "publish_time", "published_time", "publish_date", "date", "time"),
        *("datetime", "created_at", "发布时间", "发布日期", "时间", "日期"),
    ),
    "source": ("site", "media", "platform", "publisher", "来源", "媒体", "平台", "网站", "站点"),
}
"""What other programs, and people, call what the keys are: no other name of a row is ever remembered or said."""
MAX_FIELD = 10_000_000
"""Characters in one CSV field. Python's own limit of 131,072 stops at long articles, and at the whole file with them."""


class Row(Record):
    """One usable row and the source that it names (``""``: none)."""

    source: str
    post: RawPost


@dataclass(slots=True)
class Rows:
    """What a file holds. ``refused``: (source, problem) of rows left out; ``dates``: rows kept without their date."""

    rows: list[Row] = field(default_factory=list)
    refused: list[tuple[str, Problem]] = field(default_factory=list)
    dated: bool = False
    """Whether any row says when it was published."""
    dates: list[Problem] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    """Names of ``MEANT`` that rows have."""

    def unread(self, file: str) -> list[Problem]:
        """Where no row has a key, but another name for it: else a file of last year's news would count as today's."""
        filled = {"url": any(row.post.url for row in self.rows), "text": any(row.post.text for row in self.rows)}
        filled |= {"source": any(row.source for row in self.rows), "published_at": self.dated}
        text = mark("no row has {key}, and nothing reads {name}: call it {key}")
        return [
            Problem(
                file, text, values=(("key", key), ("name", next(name for name in MEANT[key] if name in self.others)))
            )
            for key, there in filled.items()
            if self.rows and not there and not self.others.isdisjoint(MEANT[key])
        ]


def read(text: str, file: str, *, now: datetime, zone: tzinfo) -> Rows:
    """Read a file by its ending, ``.csv`` or ``.jsonl`` (``.ndjson``, ``.json`` with one object a line or one array).

    Of ``.parquet`` it takes the JSON lines that ``parquet`` makes.

    Raises:
        UsageError: another ending, a CSV without a title column, or an array that is no JSON.

    """
    found = Rows()
    for line, record in _records(text, file, found):
        _take(record, line, file, found, now, zone)
    return found


def _records(text: str, file: str, found: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    ending = file.lower().rpartition(".")[2]
    if ending == "csv":
        return _csv(text, file, found)
    if ending in {"jsonl", "ndjson", "json", "parquet"}:
        return _json(text, file, found)
    raise UsageError("{file}: ingest reads .jsonl, .csv and .parquet files", file=file)


def _csv(text: str, file: str, found: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    whole = f"{text}\n{_END}\n"
    csv.field_size_limit(
        max(MAX_FIELD, len(whole))
    )  # too long a field is refused below, with its line; csv would stop at it
    reader = csv.DictReader(io.StringIO(whole, newline=""), restkey="")
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    found.others.update(_OTHERS.intersection(names))
    if "title" not in names:
        meant = next((name for name in names if name in MEANT["title"]), "")
        text = "{file}: the first line must name the columns, title among them"
        if meant:
            text = "{file}: the first line must name the columns, title among them: call {name} so"
        raise UsageError(text, file=file, name=meant)
    if twice := next((name for name in KEYS if names.count(name) > 1), ""):
        raise UsageError("{file}: two columns are named {name}; rename one of them", file=file, name=twice)
    reader.fieldnames = names
    for record in reader:
        values = [value or "" for value in record.values() if not isinstance(value, list)]
        if values[0] == _END:
            return
        # What an open quote has swallowed ends in our own line break.
        begin = reader.line_num - sum(len(_BREAK.findall(value.removesuffix(f"{_END}\n"))) for value in values)
        if fault := _csv_fault(values):
            found.refused.append(("", Problem(file, fault, begin)))
        else:
            yield begin, {key: record.get(key) or "" for key in KEYS}


_OTHERS = frozenset(name for names in MEANT.values() for name in names)
_BREAK = re.compile(r"\r\n|\r|\n")
_END = "\x00end of file\x00"
"""A row of our own behind the last one: where it comes back inside a field, a quote was never closed and has swallowed all rows."""


def _csv_fault(values: Iterable[str]) -> str:
    if any(value.endswith(f"{_END}\n") for value in values):
        return mark("a quote that begins in this row is never closed")
    if any(len(value) > MAX_FIELD for value in values):
        return mark("a field of this row is too long")
    return ""


def _json(text: str, file: str, found: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    entries = _document(text, file)
    lines = enumerate(text.split("\n") if entries is None else entries, start=1)
    for number, line in lines:
        if isinstance(line, str) and entries is None and not line.strip():
            continue
        try:
            record = json.loads(line) if entries is None else line
            yield number, _strings(record)
            found.others.update(_OTHERS.intersection(record))
        except (ValueError, TypeError, RecursionError) as error:
            problem = Problem(file, mark("not a JSON object: {reason}"), number, values=(("reason", str(error)[:120]),))
            found.refused.append(("", problem))


def _document(text: str, file: str) -> list[Any] | None:
    """The rows of a file that is one array, or one object over several lines; None where each line is a row of its own.

    Rows of an array are counted as if each stood on its own line.
    """
    if text.lstrip().startswith("["):
        try:
            entries: list[Any] = json.loads(text)
        except (ValueError, RecursionError) as error:
            reason = str(error)[:120]
            raise UsageError("{file}: not a JSON array of objects: {reason}", file=file, reason=reason) from error
        return entries
    if file.lower().endswith(".json"):
        with suppress(ValueError, RecursionError):
            return [json.loads(text)]
    return None


def _strings(record: object) -> dict[str, str]:
    if not isinstance(record, dict):
        raise TypeError(f"{type(record).__name__} found")
    # NaN is how pandas writes that nothing is there.
    values = {key: None if (value := record.get(key)) != value else value for key in KEYS}
    for key, value in values.items():
        if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
            raise TypeError(f"{key} is no text")
    return {key: "" if value is None else str(value) for key, value in values.items()}


def _take(record: dict[str, str], line: int, file: str, found: Rows, now: datetime, zone: tzinfo) -> None:
    source, url = clean_line(record["source"]), record["url"].strip()
    if not record["title"].strip():
        found.refused.append((source, Problem(file, mark("the row has no title"), line)))
        return
    if url and not canonical(url):
        text = mark("not an absolute web address: {url}")
        found.refused.append((source, Problem(file, text, line, values=(("url", url[:200]),))))
        return
    found.dated = found.dated or bool(record["published_at"].strip())
    published = _published(record["published_at"].strip(), line, file, found.dates, now, zone)
    row = "\0".join(record[key] for key in KEYS)
    found.rows.append(Row(source, RawPost(record["title"], record["text"], url, published, row=row, article=True)))


def _published(text: str, line: int, file: str, problems: list[Problem], now: datetime, zone: tzinfo) -> datetime:
    """When it was published; no date means now."""
    if not text:
        return now
    found = times.parse_date(text, now=now, zone=zone)
    good = found and times.plausible(found, now=now)
    if good is None:
        problem = mark("the date {value} cannot be used; the row counts as published now")
        problems.append(Problem(file, problem, line, values=(("value", text[:60]),)))
    return good or now


def by_source(rows: Iterable[Row], default: str) -> dict[str, list[RawPost]]:
    """The rows of each source, in file order; rows without a source belong to ``default``."""
    grouped: dict[str, list[RawPost]] = {}
    for row in rows:
        grouped.setdefault(row.source or default, []).append(row.post)
    return grouped
