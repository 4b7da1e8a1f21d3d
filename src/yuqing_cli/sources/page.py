"""The kind ``page``: a web page that lists posts, read by selectors, by a ready layout, or by itself.

    bytes -decode-> text -unpack, parse-> tree -page_items-> Item -> RawPost, and the Ask for the next page

What a list does not give (the full text) is fetched by whoever reads the option ``article``; here are titles, addresses, dates and
summaries only. Names of people are not looked for, and links to profiles are never taken for posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, RawPost, Reading, Source
from yuqing_cli.records import replace
from yuqing_cli.urls import canonical, host, resolve

from .decode import clean_xml, decode
from .figures import parse_heat, parse_rank
from .markup import MAX_HTML_CHARS, Tree, first_attr, one_line, parse
from .options import PageOptions
from .page_dates import Dates
from .page_items import MAX_ITEMS, Item, items
from .page_select import MAX_PAGES, Layout, attribute, check_options, layout_of, pick, select
from .sound import sound

__all__ = ["check_options", "read"]

_DROPPED = ["script", "style", "noscript", "template", "iframe", "object", "svg", "math", "select", "button"]
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[", re.IGNORECASE)
_RECORD_END = "]]>"
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_NEXT_TEXT = re.compile(r"(?:下一?页|下一?頁|后一?页|後一?頁|next(?: page)?)\s*[>›»→]*|[>›»]{1,2}", re.IGNORECASE)
_NEXT_LINKS = "a[rel~=next]@href | link[rel~=next]@href"
_MAX_LINKS = 5_000


def read(source: Source, answer: Answer, now: datetime) -> Reading:
    """Read one page. Raises ``SourceError`` (``soft``): no page, no list on it, or a selector that finds nothing."""
    options = source.options if isinstance(source.options, PageOptions) else PageOptions()
    layout = layout_of(options)
    decoded = decode(answer.body, answer.headers.get("content-type", ""))
    tree = _tree(clean_xml(decoded.text[:MAX_HTML_CHARS]))
    address = answer.url or source.url
    base = resolve(address, first_attr(tree, "base", "href") or address) or address
    found = items(tree, layout, Dates(now, source.timezone))
    return Reading(
        posts=sound(_posts(found, base)),
        asks=_next(source, answer, options, layout, tree, base),
        charset=decoded.charset,
        method=decoded.method,
        refused_dates=sum(item.refused for item in found),
    )


def _tree(text: str) -> Tree:
    if not text.strip():
        raise SourceError("soft", "the answer is empty")
    if text.lstrip()[0] in "{[" and "<html" not in text[:2_000].lower():
        raise SourceError("soft", 'this is JSON, not a page; kind = "json_list" reads it')
    if _FEED.search(text[:500]):
        raise SourceError("soft", 'this is a feed, not a page; kind = "feed" reads it')
    tree = parse(_unpacked(text))
    tree.strip_tags(_DROPPED)
    return tree


def _unpacked(text: str) -> str:
    """The page with its CDATA records as markup: where 大汉 jpage keeps a list until its script prints it."""
    if "<![CDATA[" not in text:
        return text
    rows = (f"<table>{each}</table>" if each.lstrip()[:3].lower() == "<tr" else each for each in _records(text))
    return "".join(f'<div class="record">{row}</div>' for row in rows) + text


def _records(text: str) -> Iterator[str]:
    """By hand: a lazy pattern is tried anew from each of 300,000 beginnings without an end."""
    start = _RECORD.search(text)
    for _ in range(MAX_ITEMS):
        end = text.find(_RECORD_END, start.end()) if start else -1
        if start is None or end < 0:
            return
        yield text[start.end() : end]
        start = _RECORD.search(text, end)


def _posts(found: list[Item], base: str) -> list[RawPost]:
    posts: dict[tuple[str, str], RawPost] = {}
    for item in found:
        url = resolve(base, item.href) if item.href else ""
        post = RawPost(
            title=item.title,
            text=item.summary,
            url=url,
            published=item.published,
            row="" if url else item.title,
            rank=parse_rank(item.rank),
            heat=parse_heat(item.heat),
        )
        known = posts.setdefault((url, item.title), post)
        if known.published is None and post.published:
            posts[url, item.title] = replace(known, published=post.published)
    return list(posts.values())


def _next(
    source: Source, answer: Answer, options: PageOptions, layout: Layout, tree: Tree, base: str
) -> tuple[Ask, ...]:
    """The ask for the next page: on the same host, not this one again, within the number of pages."""
    depth = answer.ask.depth + 1
    if depth >= min(options.pages, MAX_PAGES):
        return ()
    address = answer.url or source.url
    url = resolve(base, _next_address(tree, layout.selectors.get("next", "")))
    key = canonical(url)
    if not key or host(url) != host(address) or key in (canonical(address), canonical(source.url)):
        return ()
    return (Ask(source.name, url, "next", robots=source.robots, depth=depth),)


def _next_address(tree: Tree, selector: str) -> str:
    root = tree.root
    if selector:
        nodes = select(tree, selector)
        found = pick(root, selector) if root is not None else None
        return attribute(nodes[0], "href") or (found[1] if found and "@" in selector else "") if nodes else ""
    marked = pick(root, _NEXT_LINKS) if root is not None else None
    if marked and marked[1]:
        return marked[1]
    for link in tree.css("a[href]")[:_MAX_LINKS]:
        if _NEXT_TEXT.fullmatch(one_line((link.text() or "")[:40])):
            return attribute(link, "href")
    return ""
