"""Articles: posts with only a headline -> asks for their pages -> posts with their text.

    store.wishes -> Ask -web-> Answer -decode-> html -article.extract-> text -with_text-> Post -judge-> Judged -store.save_article-> row

The headline is stored first, with its wish: whatever happens to this run, the next one knows which pages are still to be read, and a
page that has been read is never asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from yuqing_cli import times
from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich.clean import with_text
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Known, Post, Source
from yuqing_cli.sources.wishes import PER_RUN, selector_of

from .outcome import Failure, Judge, Report


class Articles:
    """The pages that one run reads for their text."""

    def __init__(
        self, store: Store, judge: Judge, clock: Callable[[], datetime], report: Report, extractor: str = "own"
    ) -> None:
        self._store, self._judge, self._clock, self._report = store, judge, clock, report
        self._extractor = extractor
        self._asked: dict[tuple[str, str], str] = {}

    def asks(self, source: Source) -> list[Ask]:
        """The pages of this source that are still to be read: the newest, and not too many in one run."""
        if selector_of(source) is None:
            return []
        room = PER_RUN - sum(name == source.name for name, _ in self._asked)
        asks = []
        for post, url in self._store.wishes(source.name, PER_RUN):
            if room > 0 and (source.name, url) not in self._asked:
                room -= 1
                self._asked[source.name, url] = post
                asks.append(Ask(source.name, url, "article", robots=source.robots, depth=1))
        return asks

    def settle(self, source: Source, answer: Answer) -> None:
        """One page: its text becomes the post's, or the post stays a headline."""
        post = self._store.whole(self._asked[source.name, answer.ask.url])
        try:
            if answer.error is not None:
                raise answer.error
            if answer.disallowed:
                self._store.article_failed(post.id)
                return
            self._read(source, post, answer)
        except SourceError as error:
            self._report.remarks.append(Failure(source.name, error.kind, error))
            if error.kind != "temporary":
                self._store.article_failed(post.id)

    def _read(self, source: Source, post: Post, answer: Answer) -> None:
        from yuqing_cli.sources.article_page import read

        article = read(answer, selector_of(source) or "", self._extractor)
        now = self._clock()
        whole = replace(with_text(post, article.text, masked=self._judge.masked), article="read")
        if post.published_at is None and article.published_text:
            found = times.parse_date(article.published_text, now=now, zone=source.timezone)
            whole = replace(whole, published_at=found and times.plausible(found, now=now))
        self._report.articles += 1
        (judged,) = self._judge.posts(source, [whole])
        self._report.saved += self._store.save_article(judged, article.origin, now)

    def keep_texts(self, changed: Sequence[Post], known: Mapping[str, Known]) -> list[Post]:
        """Posts whose headline changed keep the text of the page that was read for them."""
        read = [post.id for post in changed if known[post.id].article == "read"]
        texts = self._store.texts(read) if read else {}
        return [replace(post, text=texts.get(post.id, post.text)) for post in changed]
