"""Articles out of fourteen pages of our own, of fourteen layouts: what a reader would copy, and what must not come along.

``data/pages/gold.jsonl`` holds for each page its address, title, text, raw date, origin, and strings that must never
appear in the text: by-lines, account names, comments, teasers. The town is fictional.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from yuqing_cli.sources.article import Article, extract

PAGES = Path(__file__).parent / "data" / "pages"
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in (PAGES / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
each_page = pytest.mark.parametrize("gold", GOLD, ids=[gold["file"] for gold in GOLD])


def found(gold: dict[str, Any]) -> Article:
    return extract((PAGES / gold["file"]).read_text(encoding="utf-8"), gold["url"])


@each_page
def test_the_text_is_what_a_reader_would_copy(gold: dict[str, Any]) -> None:
    assert found(gold).text == gold["text"]


@each_page
def test_names_comments_and_furniture_stay_out(gold: dict[str, Any]) -> None:
    text = found(gold).text
    assert [string for string in gold["never"] if string in text] == []


@each_page
def test_title_date_and_origin_are_those_of_the_article(gold: dict[str, Any]) -> None:
    article = found(gold)
    wanted = (gold["title"], gold["published"], gold["origin"])
    assert (article.title if gold["title"] else "", article.published_text, article.origin) == wanted


def test_every_layout_has_a_page() -> None:
    assert len(GOLD) == len(list(PAGES.glob("*.html"))) == 14
