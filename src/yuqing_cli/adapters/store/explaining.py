"""What the explanations ask of the file: posts by address, which sources bring a host, the packs that judged, and missed coverage."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from yuqing_cli.models import Post
from yuqing_cli.records import Record
from yuqing_cli.times import from_ms, to_ms

from . import posts
from .handle import Handle
from .rows import moment


class Located(Record):
    """A stored post as ``why-not`` looks at it. ``at`` is its time in windows; None: nobody knows when it happened."""

    post: Post
    first_seen: datetime
    at: datetime | None
    baseline: bool
    matched: bool
    event: str

    @property
    def purged(self) -> bool:
        """Whether retention has removed its text."""
        return not self.post.title


class Case(Record):
    """Coverage that was missed: an address, why it was not shown, and since when it would be."""

    url: str
    title: str
    note: str
    cause: str
    at: datetime
    cured_at: datetime | None = None


_LOCATED = "first_seen, at, baseline, matched, coalesce(event_id, '')"
_BY_HOST = "SELECT DISTINCT source FROM posts WHERE canonical_url >= ? AND canonical_url < ?"
_CASES = "SELECT url, title, note, cause, at, cured_at FROM missed ORDER BY seq"
_ADD = "INSERT INTO missed (url, title, note, cause, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET"


class Explaining(Handle):
    """The store as ``why``, ``why-not`` and ``missed`` need it."""

    def by_address(self, canonical: str) -> list[Located]:
        """The posts of one canonical address, in the order of their arrival."""
        query = f"SELECT {_LOCATED}, {posts.WHOLE} FROM posts WHERE canonical_url = ? ORDER BY seq"  # noqa: S608
        with self._read() as connection:
            return [_located(row) for row in connection.execute(query, (canonical,))]

    def sources_of_host(self, host: str) -> set[str]:
        """Names of the sources that have brought posts of a host."""
        found: set[str] = set()
        with self._read() as connection:
            for beginning in (f"https://{host}/", f"https://{host}:"):
                found |= {row[0] for row in connection.execute(_BY_HOST, (beginning, beginning + "\U0010ffff"))}
        return found

    def posts_of(self, source: str) -> int:
        """How many posts a source has brought."""
        with self._read() as connection:
            query = "SELECT count(*) FROM posts WHERE source = ?"
            return int(connection.execute(query, (source,)).fetchone()[0])

    def packs_of(self, pack_hash: str) -> tuple[tuple[str, str], ...]:
        """The files of a good set of packs that is kept: (name, text); empty where it is not."""
        with self._read() as connection:
            row = connection.execute("SELECT files FROM packsets WHERE hash = ?", (pack_hash,)).fetchone()
        return tuple((name, text) for name, text in json.loads(row[0])) if row else ()

    def add_case(self, case: Case) -> None:
        """Keep a case; one address is one case, and what is said of it anew replaces what was."""
        with self._write() as connection:
            values = (case.url, case.title, case.note, case.cause, to_ms(case.at))
            update = "title = excluded.title, note = excluded.note, cause = excluded.cause, at = excluded.at, cured_at = NULL"
            connection.execute(f"{_ADD} {update}", values)

    def cases(self) -> list[Case]:
        """All cases, oldest first."""
        with self._read() as connection:
            return [_case(row) for row in connection.execute(_CASES)]

    def cured(self, url: str, at: datetime) -> None:
        """A case would be shown since then; the first time counts."""
        with self._write() as connection:
            query = "UPDATE missed SET cured_at = ? WHERE url = ? AND cured_at IS NULL"
            connection.execute(query, (to_ms(at), url))


def _located(row: sqlite3.Row | tuple[object, ...]) -> Located:
    first_seen, at, baseline, matched, event, *whole = row
    seen = from_ms(first_seen)  # type: ignore[arg-type]
    return Located(posts.from_row(whole), seen, moment(at), bool(baseline), bool(matched), str(event))  # type: ignore[arg-type]


def _case(row: tuple[str, str, str, str, int, int | None]) -> Case:
    url, title, note, cause, at, cured_at = row
    return Case(url, title, note, cause, from_ms(at), moment(cured_at))
