"""What the workflows that bring posts in share: the judge, and the report of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.score import judge
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Judged, Judgement, Post, Saved, Source
from yuqing_cli.records import Record
from yuqing_cli.text import fold


class Judge(Record):
    """Everything that turns raw posts into judged ones."""

    matcher: Matcher
    scoring: ScoringSettings
    masked: bool

    def posts(self, source: Source, posts: Iterable[Post]) -> list[Judged]:
        """Match and score."""
        return [self._judged(source, post) for post in posts]

    def one(self, source: Source, post: Post) -> Judgement:
        """What the packs say of one post of a source."""
        return judge(self.matcher, post, source, self.scoring)

    def _judged(self, source: Source, post: Post) -> Judged:
        folded = (_folded(post.title), _folded(post.text))
        return Judged(post, judge(self.matcher, post, source, self.scoring, folded), folded)


def _folded(text: str) -> str:
    """The normal form; where it is the text itself, the same object, which goes to another process once."""
    folded = fold(text)
    return text if folded == text else folded


class Failure(Record):
    """One source that failed, for people and for the JSON twin."""

    source: str
    kind: str
    reason: SourceError
    first: bool = True
    """Whether it was in order before: cron is told of a change of state, not of every run."""


@dataclass(slots=True)
class Report:
    """What a fetch (or an ingest) did. ``sources = ok + not_modified + failed + disallowed``."""

    ok: int = 0
    not_modified: int = 0
    failed: int = 0
    disallowed: int = 0
    posts_seen: int = 0
    saved: Saved = field(default_factory=Saved)
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    refused_dates: int = 0
    articles: int = 0
    """Pages that were read for their text."""
    remarks: list[Failure] = field(default_factory=list)
    """Trouble that does not make a source fail: a further page, an article."""

    @property
    def sources(self) -> int:
        """Sources that were asked."""
        return self.ok + self.not_modified + self.failed + self.disallowed


def print_nothing(_name: str = "", _advance: int = 1) -> None:
    """Progress that nobody watches."""
