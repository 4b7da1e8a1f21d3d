"""Discover: an address -> what can be read there; nothing is stored.

url -> Ask -web-> Answer -sources.candidates-> Candidate -> Ask -web-> Answer -kind.read-> Found

Candidates are asked one after the other and the first that has posts is taken: a page may name forty feeds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

from yuqing_cli.adapters.web import Web
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, RawPost, Source
from yuqing_cli.records import Record, replace
from yuqing_cli.sources.discover import Candidate, candidates
from yuqing_cli.sources.kinds import KINDS, read
from yuqing_cli.urls import canonical

MAX_ASKS = 8
"""Requests for one address, robots.txt and redirects not counted."""
_MAX_DEPTH = 2
"""The page, a page of feeds that it leads to, and the feeds on that."""


class Found(Record):
    """A candidate that was read. ``url`` is its address, where it has moved to if it moved for good."""

    candidate: Candidate
    url: str
    posts: tuple[RawPost, ...] = ()


class Discovery(Record):
    """What came of an address: the best find or why there is none, and the feeds that were named but not asked."""

    found: Found | None = None
    others: tuple[Candidate, ...] = ()
    error: SourceError | None = None
    disallowed: bool = False


def discover(
    url: str, web: Web, clock: Callable[[], datetime], *, zone: str, robots: Literal["obey", "own"]
) -> Discovery:
    """Ask ``url``, and what it leads to until something with posts is found. ``zone`` is that of dates without one."""
    search = _Search(Source(url, "feed", url, timezone=zone, robots=robots), clock)
    web.run([Ask(url, url, robots=robots)], search.handle, own={url: url})
    return search.outcome()


class _Search:
    """One search. ``source`` stands for all that is asked on its behalf, so that only the given address may be a private one."""

    def __init__(self, source: Source, clock: Callable[[], datetime]) -> None:
        self._source, self._clock = source, clock
        self._left: deque[tuple[Candidate, int]] = deque()
        self._asked: dict[str, Candidate] = {}
        self._found: Found | None = None
        self._empty: Found | None = None
        self._error: SourceError | None = None
        self._disallowed = False
        self._page: tuple[Candidate, Answer] | None = None

    def handle(self, answer: Answer) -> Iterable[Ask]:
        """Judge one answer; the next ask, if one is needed."""
        first = answer.ask.depth == 0
        if answer.error or answer.disallowed:
            if first:
                self._error, self._disallowed = answer.error, answer.disallowed
        elif first:
            self._open(answer)
        else:
            self._try(answer)
        return self._next()

    def outcome(self) -> Discovery:
        """The find, or the reason why there is none."""
        asked = {canonical(url) for url in self._asked}
        others = [each for each, _ in self._left if each.kind == "feed" and canonical(each.url) not in asked]
        found = self._found or self._empty
        return Discovery(found, tuple(others), None if found else self._error, self._disallowed)

    def _open(self, answer: Answer) -> None:
        found = candidates(answer)
        if not found:
            self._read(Candidate("feed", answer.url), answer)
        for candidate in found:
            if candidate.found == "itself" and candidate.kind == "feed":
                self._read(candidate, answer)
            elif candidate.kind == "page":
                self._page = candidate, answer
            else:
                self._left.append((candidate, 1))

    def _try(self, answer: Answer) -> None:
        candidate = self._asked[answer.ask.url]
        within = candidates(answer)
        if any(each.found == "itself" and each.kind == "feed" for each in within):
            title = candidate.title or within[0].title
            self._read(replace(candidate, title=title), answer)
        elif answer.ask.depth < _MAX_DEPTH:
            # Behind "RSS" there is often a page that lists the feeds of all columns.
            self._left.extend((each, answer.ask.depth + 1) for each in within if each.kind == "feed")

    def _next(self) -> list[Ask]:
        while self._left and not self._found and len(self._asked) < MAX_ASKS - 1:
            candidate, depth = self._left.popleft()
            if candidate.url not in self._asked:
                self._asked[candidate.url] = candidate
                return [Ask(self._source.name, candidate.url, robots=self._source.robots, depth=depth)]
        if self._page and not self._found:
            (candidate, answer), self._page = self._page, None
            self._read(candidate, answer)
        return []

    def _read(self, candidate: Candidate, answer: Answer) -> None:
        kind = KINDS.get(candidate.kind)
        if kind is None:
            self._error = SourceError("soft", "this is a web page without a feed")
            return
        source = replace(self._source, kind=candidate.kind, url=answer.url, options=kind.options())
        try:
            posts = read(source, answer, self._clock()).posts
        except SourceError as error:
            self._error = error
            return
        found = Found(candidate, answer.permanent_url or answer.ask.url, posts)
        if posts:
            self._found = found
        elif candidate.kind == "feed":
            self._empty = self._empty or found
        else:
            self._error = SourceError("soft", "no list of posts was found on the page")
