"""Feeds that others captured, or wrote to test their parsers: what of it do we read as they expect?

Needs ``YUQING_EVAL_DATA`` (a folder with ``feeds_legacy``, ``feeds_real`` and ``feeds_cases``). Texts are compared as plain
text without white space, since the expectations are HTML. Reached are 142 of 150 (gofeed) and 806 of 817
(feedparser). What differs, by decision: ids stay as they stand in the document (relative, without their tags); of several
links or dates the first counts; content types that are no text are skipped; entities of a document type are not expanded;
``Content-Location`` is not believed; CDF is not read; a summary longer than the content wins.
"""

from __future__ import annotations

import ast
import calendar
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from floors import DATA, check, needs, share
from floors import rows as lines
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, RawPost, Reading, Source
from yuqing_cli.sources.decode import clean_xml, decode
from yuqing_cli.sources.feed import read
from yuqing_cli.sources.feed_xml import read_xml_feed
from yuqing_cli.sources.markup import html_to_text, title_text
from yuqing_cli.times import parse_date, plausible

pytestmark = needs("feeds_legacy", "feeds_real", "feeds_cases")

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "http://127.0.0.1:8097/feed.xml"

Check = tuple[str, str, object, object]
"""File, field, what we read, what is expected."""


def reading(path: Path) -> Reading:
    source = Source("s", "feed", URL, timezone="UTC")
    try:
        return read(source, Answer(Ask("s", URL), URL, 200, {}, path.read_bytes()), NOW)
    except SourceError:
        return Reading()


def first_entry(path: Path) -> RawPost:
    """The first post; for an entry of nothing but an id or a date, which is no post, those two."""
    posts = reading(path).posts
    if posts:
        return posts[0]
    try:
        feed = read_xml_feed(clean_xml(decode(path.read_bytes()).text))
    except SourceError:
        feed = None
    if feed is None or not feed.entries:
        return RawPost()
    entry = feed.entries[0]
    dates = [parse_date(text, now=NOW, zone="UTC") for text in entry.dates]
    return RawPost(guid=entry.guid, published=next(filter(None, dates), None))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def titles_agree(post: RawPost, title: str) -> bool:
    """Entries without a title get one from their text."""
    return bare(post.title) == bare(title_text(title)) or not title.strip()


def test_every_legacy_chinese_feed_has_its_items_titles_links_and_dates() -> None:
    wrong = []
    every = lines(DATA / "feeds_legacy" / "gold.jsonl")
    for gold in every:
        found = reading(DATA / "feeds_legacy" / gold["file"])
        family = {"Big5": "big5hkscs", "GB2312": "gb18030"}[gold["charset"]]
        dates = [parse_date(text, now=NOW, zone="UTC") if text else None for text in gold["published"]]
        exact = (
            found.charset == family
            and len(found.posts) == gold["items_by_tag"]
            and all(map(titles_agree, found.posts, gold["titles"]))
            and [post.url for post in found.posts] == gold["links"]
            and [post.published for post in found.posts] == dates
        )
        wrong += [] if exact else [gold["file"]]
    assert len(every) == 22
    check("feeds: legacy files exact", 1 - share(len(wrong), len(every)), external=True, detail=wrong)


def test_every_modern_feed_has_all_its_items_and_first_titles() -> None:
    wrong = []
    every = lines(DATA / "feeds_real" / "gold.jsonl")
    for gold in every:
        found = reading(DATA / "feeds_real" / gold["file"])
        exact = len(found.posts) >= gold["items_feedparser"] and all(map(titles_agree, found.posts, gold["titles"]))
        wrong += [] if exact else [gold["file"]]
    assert len(every) == 54
    check("feeds: modern files exact", 1 - share(len(wrong), len(every)), external=True, detail=wrong)


def gofeed_checks() -> Iterator[Check]:
    folder = DATA / "feeds_cases"
    for case in lines(folder / "cases.jsonl"):
        if case["suite"] != "gofeed":
            continue
        expected = json.loads((folder / case["expected"]).read_text("utf-8"))
        items = [item for key in ("items", "entries") for item in expected.get(key) or ()]
        posts = reading(folder / case["file"]).posts or [first_entry(folder / case["file"])]
        for post, item in zip(posts, items, strict=False):
            yield from item_checks(case["file"], item, post)


def sole_link(item: dict[str, Any]) -> str:
    """The only Atom link, if there is but one and it is the page."""
    links = [each for each in item.get("links") or () if isinstance(each, dict) and each.get("href")]
    return links[0]["href"] if len(links) == 1 and links[0].get("rel", "alternate") == "alternate" else ""


def item_checks(file: str, item: dict[str, Any], post: RawPost) -> Iterator[Check]:
    if item.get("title"):
        yield file, "title", bare(post.title), bare(title_text(item["title"]))
    link = item.get("link") or sole_link(item)
    if str(link).startswith("http"):
        yield file, "link", post.url, link
    guid = item.get("guid") or item.get("id")
    if guid:
        yield file, "id", post.guid, guid["value"] if isinstance(guid, dict) else guid
    date = item.get("publishedParsed") or item.get("pubDateParsed") or item.get("updatedParsed")
    if date:
        at = parse_date(date, now=NOW, zone="UTC")
        yield file, "date", post.published, at and plausible(at, now=NOW)
    content = item.get("content")
    text = (
        (content.get("value") if isinstance(content, dict) else content)
        or item.get("description")
        or item.get("summary")
    )
    if text:
        yield file, "text", bare(post.text), bare(html_to_text(str(text)))


EXPECT = re.compile(r"Expect:\s*(?:not bozo and )?entries\[0\]((?:\[[^\]]+\])+) == (.*)")
FIELDS = {
    "['title']": "title",
    "['title_detail']['value']": "title",
    "['description']": "text",
    "['summary']": "text",
    "['summary_detail']['value']": "text",
    "['content'][0]['value']": "text",
    "['link']": "link",
    "['id']": "id",
    "['guid']": "id",
    "['published_parsed']": "date",
    "['updated_parsed']": "date",
    "['created_parsed']": "date",
}


def feedparser_checks() -> Iterator[Check]:
    folder = DATA / "feeds_cases"
    for case in lines(folder / "cases.jsonl"):
        found = EXPECT.match("Expect: " + str(case.get("expect", "")))
        field = FIELDS.get(found[1]) if found else None
        if found is None or field is None:
            continue
        try:
            want = ast.literal_eval(found[2].strip())
        except (SyntaxError, ValueError):
            continue
        yield case["file"], field, *compared(field, first_entry(folder / case["file"]), want)


def compared(field: str, post: RawPost, want: Any) -> tuple[object, object]:
    if field == "date":
        return post.published, datetime.fromtimestamp(calendar.timegm(want), UTC)
    if field == "title":
        return bare(post.title), bare(title_text(want))
    if field == "text":
        return bare(post.text), bare(want) if bare(post.text) == bare(want) else bare(html_to_text(want))
    return (post.url if field == "link" else post.guid), want


@pytest.mark.parametrize(
    ("name", "checks", "size"), [("gofeed", gofeed_checks, 150), ("feedparser", feedparser_checks, 817)]
)
def test_other_parsers_cases_are_read_as_they_expect(name: str, checks: Any, size: int) -> None:
    done = list(checks())
    differing = [each for each in done if each[2] != each[3]]
    assert len(done) == size
    check(f"feeds: cases of {name}", 1 - share(len(differing), size), external=True, detail=differing)
