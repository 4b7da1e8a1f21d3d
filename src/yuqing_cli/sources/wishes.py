"""Which posts deserve that their page is read. Pure.

A headline without a text cannot be judged by what it is about. A summary can: reading its page too would double the requests for little.
A new source's back catalogue is not read at all beyond its last days: nobody will act on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yuqing_cli.models import Post, Source
from yuqing_cli.records import replace

PER_RUN = 20
"""Pages of one source in one run: at five seconds between two, under two minutes."""
RECENT = timedelta(days=2)


def selector_of(source: Source) -> str | None:
    """The selector of an article's text (``""``: find it), or None where the source's pages are not to be read."""
    wanted = getattr(source.options, "article", "off")
    return None if wanted == "off" else "" if wanted == "auto" else str(wanted)


def wishing(posts: Sequence[Post], source: Source, now: datetime, *, baseline: bool) -> list[Post]:
    """New posts, those of which the page is to be read marked as such."""
    if selector_of(source) is None:
        return list(posts)
    left = PER_RUN if baseline else len(posts)
    marked = []
    for post in posts:
        wants = left > 0 and bool(post.url) and not post.text and _recent(post, now, baseline=baseline)
        left -= wants
        marked.append(replace(post, article="wanted") if wants else post)
    return marked


def _recent(post: Post, now: datetime, *, baseline: bool) -> bool:
    return not baseline or post.published_at is None or now - post.published_at <= RECENT
