"""Titles, addresses, ranks and heats of captured hot lists, all of which must be right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from floors import DATA, check, needs, rows, share
from yuqing_cli.models import Answer, Ask, RawPost, Source
from yuqing_cli.sources import json_list, page
from yuqing_cli.sources.options import JsonListOptions, PageOptions
from yuqing_cli.urls import resolve

pytestmark = needs("hotlists")
NOW = datetime(2026, 9, 1, tzinfo=UTC)
OPTIONS: dict[str, tuple[str, PageOptions | JsonListOptions]] = {
    "zhihu-hot-question": ("https://www.zhihu.com/hot", JsonListOptions(shape="zhihu-hot")),
    "zhihu-search": ("https://www.zhihu.com/topsearch", PageOptions(recipe="zhihu-topsearch")),
    "weibo": ("https://s.weibo.com/top/summary", JsonListOptions()),
    "multi-toutiao": ("https://so.toutiao.com/", JsonListOptions(title="word")),
}


def posts(folder: Path, file: str) -> tuple[str, tuple[RawPost, ...]]:
    url, options = next(value for prefix, value in OPTIONS.items() if file.startswith(prefix))
    kind = page if isinstance(options, PageOptions) else json_list
    answer = Answer(Ask("list", url), url, 200, {}, (folder / file).read_bytes())
    return url, kind.read(Source("list", "list", url, options=options), answer, NOW).posts


def heat(text: str | None) -> float | None:
    number = (text or "").partition(" 万")[0]
    return float(number) * 10_000 if number[:1].isdigit() else None


def agrees(url: str, post: RawPost, item: dict[str, Any], place: int) -> bool:
    return (
        post.title == " ".join(item["title"].split())
        and post.rank == item.get("rank", place)
        and post.heat == heat(item.get("heat"))
        and ("url" not in item or post.url == resolve(url, item["url"]))
    )


def test_every_title_rank_address_and_heat_of_the_hot_lists_is_right() -> None:
    folder = DATA / "hotlists"
    wrong, seen, right = [], 0, 0
    for gold in rows(folder / "gold.jsonl"):
        url, found = posts(folder, gold["file"])
        good = sum(
            agrees(url, post, item, n) for n, (post, item) in enumerate(zip(found, gold["items"], strict=False), 1)
        )
        right += good
        seen += max(len(found), len(gold["items"]))
        if not good == len(found) == len(gold["items"]):
            wrong.append((gold["file"], good, len(found), len(gold["items"])))
    assert seen >= 2_600
    check("hot lists: items right", share(right, seen), external=True, detail=wrong)
