"""The posts of list pages that nobody described, over pages of a fictional county in 60 layouts.

``data/lists/gold.jsonl`` names each page (ours beside it, and those of ``tests/data/pages``) and the posts on it that a reader
would count, with title, address and local day; null where the page states no day. A post is right when all three are. The
figure is the share of right ones among all that are on the pages or were found: lost and invented posts cost alike. A page
without a list is right when it is refused.

Most of the pages were in view while the detection was written, so the figures here are no forecast: its essay has those of the
pages at their first look.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from floors import HERE, check, rows, share
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, RawPost, Source
from yuqing_cli.sources.options import PageOptions
from yuqing_cli.sources.page import read

PAGES = HERE / "data" / "lists"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 8, 21, 4, tzinfo=UTC)
URL = "https://www.qinghe.example/list/"

Row = tuple[str, str, str | None]
"""Title, address, local day."""


@cache
def gold() -> list[dict[str, Any]]:
    return rows(PAGES / "gold.jsonl")


def row(post: RawPost) -> Row:
    day = post.published.astimezone(SHANGHAI).date().isoformat() if post.published else None
    return post.title, post.url, day


def found(page: dict[str, Any]) -> list[Row]:
    """What the page gives without a selector; nothing where it is refused."""
    source = Source("page", "page", URL, options=PageOptions(), timezone=page.get("zone", "Asia/Shanghai"))
    body = (PAGES / page["file"]).read_bytes()
    try:
        return [row(post) for post in read(source, Answer(Ask("page", URL), URL, 200, {}, body), NOW).posts]
    except SourceError:
        return []


def wanted(page: dict[str, Any]) -> list[Row]:
    return [(post["title"], post["url"], post["day"]) for post in page["posts"]]


def test_the_posts_of_a_list_are_found_with_title_address_and_day() -> None:
    seen = right = 0
    wrong: dict[str, list[Row]] = {}
    for page in gold():
        have, want = set(found(page)), set(wanted(page))
        right += len(have & want)
        seen += len(have | want)
        wrong |= {page["file"]: sorted(have ^ want, key=str)} if have != want else {}
    check("page lists: posts right", share(right, seen), external=False, detail=wrong)
    check("page lists: pages exact", 1 - share(len(wrong), len(gold())), external=False, detail=list(wrong))


def test_posts_that_are_found_are_addresses_of_posts() -> None:
    """Days aside: what is found is a post, and no menu, profile or pager."""
    have = [(page, post[1]) for page in gold() for post in found(page)]
    right = [url for page, url in have if url in {post["url"] for post in page["posts"]}]
    strange = [url for _, url in have if url not in right]
    check("page lists: found ones are posts", share(len(right), len(have)), external=False, detail=strange)


def test_every_page_of_the_folder_is_in_the_set() -> None:
    ours = {page["file"] for page in gold() if "/" not in page["file"]}
    others = {page["file"].rpartition("/")[2] for page in gold() if "/" in page["file"]}
    assert ours == {path.name for path in PAGES.glob("*.html")}
    assert others == {path.name for path in (HERE.parent / "data" / "pages").glob("*.html")}
    assert len(gold()) == 60
