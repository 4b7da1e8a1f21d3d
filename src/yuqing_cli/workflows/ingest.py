"""Ingest: files of rows -> posts -> judged -> saved, the same way as fetched ones; no network.

files -decode-> text -rows.read-> RawPost -clean-> Post -judge-> Judged -store.save_rows-> rows
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import Settings
from yuqing_cli.enrich.clean import clean
from yuqing_cli.errors import Problem, SourceError, UsageError
from yuqing_cli.models import Post, Source, SourceState
from yuqing_cli.sources import parquet, rows
from yuqing_cli.sources.decode import decode

from .outcome import Failure, Judge, Report
from .today import named

BATCH = 2000
"""Posts in one transaction: large enough for speed, small enough that a fetch never waits long."""


class Ingest:
    """One run over some files."""

    def __init__(
        self, store: Store, settings: Settings, judge: Judge, clock: Callable[[], datetime], zone: tzinfo
    ) -> None:
        self._store, self._judge, self._clock, self._zone = store, judge, clock, zone
        self._sources = {source.name: source for source in settings.sources}
        self._states = store.states()
        self._good: set[str] = set()
        self._bad: set[str] = set()
        self.report = Report()
        self.warnings: list[Problem] = []

    def run(self, paths: Iterable[Path]) -> Report:
        """Read every file. A source is ``failed`` when one of its rows was refused, else ``ok``."""
        started = self._clock()
        for path in paths:
            self._file(path)
        self.report.failed = len(self._bad)
        self.report.ok = len(self._good - self._bad)
        self.report.seconds = (self._clock() - started).total_seconds()
        return self.report

    def _file(self, path: Path) -> None:
        found = rows.read(_text(path), str(path), now=self._clock(), zone=self._zone)
        self.warnings += [*found.unread(str(path)), *found.dates]
        self.report.refused_dates += len(found.dates)
        for name, problem in found.refused:
            cause = SourceError("hard", problem.text, **dict(problem.values))
            reason = SourceError("hard", "{where}: {reason}", where=problem.where, reason=cause)
            self.report.failures.append(Failure(name or path.stem, "hard", reason))
            self._bad.add(name or path.stem)
        for name, raws in rows.by_source(found.rows, path.stem).items():
            posts = clean(name, raws, masked=self._judge.masked)
            self.report.posts_seen += len(raws)
            self._good.add(name)
            self._save(named(name, self._sources, self._states), posts)

    def _save(self, source: Source, posts: Sequence[Post]) -> None:
        for start in range(0, len(posts), BATCH):
            batch = posts[start : start + BATCH]
            known = self._store.known(post.id for post in batch)
            fresh = [post for post in batch if post.id not in known or known[post.id].content != post.content]
            judged = self._judge.posts(source, fresh)
            unknown = [] if source.name in self._states else [SourceState(source.name, "", source.tier)]
            self.report.saved += self._store.save_rows(judged, unknown, self._clock())


def _text(path: Path) -> str:
    body = files.read_bytes(path)
    if path.suffix.lower() != parquet.ENDING:
        return decode(body).text
    try:
        return "\n".join(parquet.json_lines(body, str(path)))
    except SourceError as error:  # the whole file, not one row of it
        raise UsageError(error.text, **error.values) from error
