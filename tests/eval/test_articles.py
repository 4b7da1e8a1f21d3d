"""Articles out of fourteen pages of our own, of fourteen layouts: what a reader would copy, and what must not come along.

``data/pages/gold.jsonl`` holds for each page its address, title, text, raw date, origin, and strings that must never
appear in the text: by-lines, account names, comments, teasers. The town is fictional.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from floors import check, rows, share
from yuqing_cli.sources.article import Article, extract

PAGES = Path(__file__).parent / "data" / "pages"
GOLD = rows(PAGES / "gold.jsonl")
each_page = pytest.mark.parametrize("gold", GOLD, ids=[gold["file"] for gold in GOLD])


def found(gold: dict[str, Any]) -> Article:
    return read(gold["file"], gold["url"])


@cache
def read(file: str, url: str) -> Article:
    return extract((PAGES / file).read_text(encoding="utf-8"), url)


def head(gold: dict[str, Any]) -> tuple[str, str, str]:
    article = found(gold)
    return article.title if gold["title"] else "", article.published_text, article.origin


@each_page
def test_the_text_is_what_a_reader_would_copy(gold: dict[str, Any]) -> None:
    assert found(gold).text == gold["text"]


@each_page
def test_names_comments_and_furniture_stay_out(gold: dict[str, Any]) -> None:
    text = found(gold).text
    assert [string for string in gold["never"] if string in text] == []


@each_page
def test_title_date_and_origin_are_those_of_the_article(gold: dict[str, Any]) -> None:
    assert head(gold) == (gold["title"], gold["published"], gold["origin"])


def test_every_layout_has_a_page() -> None:
    assert len(GOLD) == len(list(PAGES.glob("*.html"))) == 14


def test_the_shares_of_right_texts_and_heads_are_above_their_floors() -> None:
    texts = sum(found(gold).text == gold["text"] for gold in GOLD)
    clean = sum(not any(string in found(gold).text for string in gold["never"]) for gold in GOLD)
    heads = sum(head(gold) == (gold["title"], gold["published"], gold["origin"]) for gold in GOLD)
    check("articles: text exact", share(texts, len(GOLD)), external=False)
    check("articles: nothing that must stay out", share(clean, len(GOLD)), external=False)
    check("articles: title, date and origin exact", share(heads, len(GOLD)), external=False)
