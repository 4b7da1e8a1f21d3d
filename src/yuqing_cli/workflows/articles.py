"""Articles: posts with only a headline -> asks for their pages -> posts with their text.

    store.wishes -> Ask -web-> Answer -decode-> html -article.extract-> text -with_text-> Post -judge-> Judged -store.save_article-> row

The headline is stored first, with its wish: whatever happens to this run, the next one knows which pages are still to be read, and a
page that has been read is never asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yuqing_cli import times
from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich.clean import with_text
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Known, Post, Source
from yuqing_cli.records import replace
from yuqing_cli.sources.wishes import PER_RUN, selector_of

from .outcome import Failure, Judge, Report

if TYPE_CHECKING:
    from yuqing_cli.sources.article import Article


AT_ONCE = 2
"""Pages of one source that are asked for or waiting in the queue; the others are asked for when one of them has come."""
LONGEST = timedelta(minutes=5)
"""After so long a run begins no more pages. A host with twenty headlines and a Crawl-delay of a minute would else hold the
station's lock for twenty, and cron's next fetch would leave without asking anybody."""
GIVEN_UP = timedelta(days=1)
"""For so long a page that did not come (a time-out, a host that is down) is asked for again, at each ask of its source."""


class Articles:
    """The pages that one run reads for their text."""

    def __init__(
        self, store: Store, judge: Judge, clock: Callable[[], datetime], report: Report, extractor: str = "own"
    ) -> None:
        self._store, self._judge, self._clock, self._report = store, judge, clock, report
        self._extractor = extractor
        self._asked: dict[tuple[str, str], list[str]] = {}
        self._under_way: Counter[str] = Counter()
        self._started = clock()

    def asks(self, source: Source) -> list[Ask]:
        """The next pages of this source that are to be read: the newest, and not too many in one run."""
        now = self._clock()
        if selector_of(source) is None or now - self._started > LONGEST:
            return []
        asked = sum(name == source.name for name, _ in self._asked)
        room = min(PER_RUN - asked, AT_ONCE - self._under_way[source.name])
        if room <= 0:
            return []
        wishes = self._store.wishes(source.name, now - GIVEN_UP, asked + PER_RUN)
        new: dict[str, list[str]] = {}
        for post, url in wishes:
            if (source.name, url) not in self._asked and (url in new or len(new) < room):
                new.setdefault(url, []).append(post)
        self._asked.update(((source.name, url), posts) for url, posts in new.items())
        self._under_way[source.name] += len(new)
        return [Ask(source.name, url, "article", robots=source.robots, depth=1) for url in new]

    def settle(self, source: Source, answer: Answer) -> list[Ask]:
        """One page: its text becomes the post's, or the post stays a headline; the pages to be asked next."""
        self._under_way[source.name] -= 1
        posts = self._asked[source.name, answer.ask.url]
        try:
            if answer.error is not None:
                raise answer.error
            if answer.disallowed:
                self._fail(posts)
            else:
                self._read(source, posts, answer)
        except SourceError as error:
            self._report.remarks.append(Failure(source.name, error.kind, error))
            if error.kind != "temporary":
                self._fail(posts)
        return self.asks(source)

    def _fail(self, posts: Sequence[str]) -> None:
        for post in posts:
            self._store.article_failed(post)

    def _read(self, source: Source, posts: Sequence[str], answer: Answer) -> None:
        from yuqing_cli.sources.article_page import read

        article = read(answer, selector_of(source) or "", self._extractor)
        self._report.articles += 1
        for post in posts:
            self._fill(source, self._store.whole(post), article)

    def _fill(self, source: Source, post: Post, article: Article) -> None:
        now = self._clock()
        whole = replace(with_text(post, article.text, masked=self._judge.masked), article="read")
        if post.published_at is None and article.published_text:
            found = times.parse_date(article.published_text, now=now, zone=source.timezone)
            whole = replace(whole, published_at=found and times.plausible(found, now=now))
        (judged,) = self._judge.posts(source, [whole])
        self._report.saved += self._store.save_article(judged, article.origin, now)

    def keep_texts(self, changed: Sequence[Post], known: Mapping[str, Known]) -> list[Post]:
        """Posts whose headline changed keep the text of the page that was read for them."""
        read = [post.id for post in changed if known[post.id].article == "read"]
        texts = self._store.texts(read) if read else {}
        return [replace(post, text=texts.get(post.id, post.text)) for post in changed]
