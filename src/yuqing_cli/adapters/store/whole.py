"""Everything that the workflows ask of the file, in one class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.models import Exclusion, Judged, Known, Post, Saved, SourceState, Spell, Verdict
from yuqing_cli.records import replace
from yuqing_cli.times import to_ms

from . import exclusions, health, marks, observations, posts
from .asking import Asking
from .decisions import Deciding
from .examining import Examining
from .explaining import Explaining
from .exporting import Exporting
from .keeping import Keeping
from .merging import Merging
from .reporting import Reporting
from .rescoring import Rescoring
from .review import Reviewing
from .searching import Searching
from .telling import Telling
from .tuning import Tuning


class Store(
    Reporting,
    Asking,
    Deciding,
    Examining,
    Explaining,
    Exporting,
    Keeping,
    Merging,
    Rescoring,
    Reviewing,
    Searching,
    Telling,
    Tuning,
):
    """An open station file with everything that the workflows ask of it; each family of methods that grows gets a module of its own."""

    # ---- fetching ----

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """What is stored of these posts, by id."""
        with self._read() as connection:
            return posts.known(connection, ids)

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """The stored texts of these posts, by id."""
        with self._read() as connection:
            return posts.texts(connection, ids)

    def arrivals(self, source: str, since: datetime) -> list[datetime]:
        """When posts of the source were first seen, without its baseline."""
        with self._read() as connection:
            return posts.arrivals(connection, source, since)

    def save_state(self, state: SourceState) -> None:
        """What is remembered of a source, without another ask in its history."""
        with self._write() as connection:
            health.save_state(connection, state)

    def wishes(self, source: str, since: datetime, most: int) -> list[tuple[str, str]]:
        """(id, address) of posts of the source, first seen since then, whose page is still to be read; newest first."""
        with self._read() as connection:
            return posts.wishes(connection, source, since, most)

    def save_article(self, judged: Judged, origin: str, now: datetime) -> Saved:
        """A post with its full text, judged by it."""
        with self._write() as connection:
            return posts.save_article(connection, judged, origin, now)

    def article_failed(self, post: str) -> None:
        """Do not ask for this post's page again."""
        with self._write() as connection:
            connection.execute("UPDATE posts SET article = 'failed' WHERE id = ?", (post,))

    def save_page(
        self, judged: Sequence[Judged], now: datetime, *, baseline: bool, source: str = "", seen: Sequence[Post] = ()
    ) -> Saved:
        """The posts of a further page of a source whose first page was saved before; ``seen``: all that stand on it."""
        with self._write() as connection:
            saved = posts.save(connection, judged, now, baseline=baseline)
            return replace(saved, climbed=observations.record(connection, source, seen, now, whole=False))

    def save_answer(
        self,
        judged: Sequence[Judged],
        state: SourceState,
        spell: Spell,
        now: datetime,
        *,
        baseline: bool,
        seen: Sequence[Post] | None = None,
        whole: bool = True,
    ) -> Saved:
        """Everything that one answer changes, in one transaction: a run that is killed has either all of it or none.

        ``seen``: all posts that stand in the answer, known ones too, where it was read; ``whole``: they are the whole list.
        """
        with self._write() as connection:
            saved = posts.save(connection, judged, now, baseline=baseline)
            climbed = () if seen is None else observations.record(connection, spell.source, seen, now, whole=whole)
            health.save_state(connection, state)
            health.extend_spell(connection, spell)
        return replace(saved, climbed=climbed)

    def save_rows(self, judged: Sequence[Judged], states: Iterable[SourceState], now: datetime) -> Saved:
        """Ingested posts, which have no schedule and no baseline; sources that are new get their tier."""
        with self._write() as connection:
            for state in states:
                health.introduce(connection, state)
            return posts.save(connection, judged, now, baseline=False)

    def robots(self, origin: str) -> tuple[str, datetime] | None:
        """robots.txt of an origin as last read: its text, and when."""
        with self._read() as connection:
            return health.robots(connection, origin)

    def save_robots(self, origin: str, text: str, at: datetime) -> None:
        """Remember a robots.txt."""
        with self._write() as connection:
            health.save_robots(connection, origin, text, at)

    # ---- marks ----

    def mark(self, ids: Iterable[str], verdict: Verdict, at: datetime) -> int:
        """Give posts a verdict; on how many it is a new one."""
        with self._write() as connection:
            return marks.add(connection, ids, verdict, at)

    def meant(self, beginning: str) -> list[str]:
        """Ids of the posts that an id, or its beginning, of a post or an event means; empty where none does, or several do."""
        with self._read() as connection:
            return marks.meant(connection, beginning)

    # ---- looking ----

    def exclusions(self, ids: Iterable[str], as_of: datetime) -> dict[str, tuple[Exclusion, ...]]:
        """Which rules only their exclusions kept from firing on these posts, by id; posts without any are left out."""
        with self._read() as connection:
            return exclusions.of_posts(connection, ids, as_of)

    def post(self, beginning: str) -> StoredPost | None:
        """The one post whose id begins so; None when there is none, or when several do."""
        with self._read() as connection:
            return posts.one(connection, beginning)

    def whole(self, post: str) -> Post:
        """A stored post as it was when it was judged. Raises ``KeyError``."""
        with self._read() as connection:
            return posts.whole(connection, post)

    def totals(self) -> tuple[int, int, int]:
        """Posts, matched posts, events of all days."""
        query = "SELECT count(*), count(*) FILTER (WHERE matched), count(DISTINCT event_id) FROM posts"
        with self._read() as connection:
            row = connection.execute(query).fetchone()
        return (int(row[0]), int(row[1]), int(row[2]))

    def size(self) -> int:
        """Bytes on disk, the write-ahead log included."""
        beside = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(path.stat().st_size for path in beside if path.exists())

    def recent_by_source(self, since: datetime) -> dict[str, int]:
        """Posts first seen since then, by source."""
        query = "SELECT source, count(*) FROM posts WHERE first_seen >= ? GROUP BY source"
        with self._read() as connection:
            return dict(connection.execute(query, (to_ms(since),)).fetchall())
