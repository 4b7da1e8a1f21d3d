"""The headline of a page, without the name of the site.

The ``<title>`` carries the headline with the site's name behind it, the page shows the headline alone. So the longest
beginning of the title (or of a meta that states it) that the page also shows as a heading is the headline; then one
that it shows on any line. Only where nothing on the page agrees is the end of the title judged by what site names look
like. A heading alone is not believed: on a third of the pages the first ``<h1>`` is the logo, a login box or a blog's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .article_clean import plain
from .article_head import Head
from .article_outline import Outline

_MOST_CUTS, _MOST_NAMES, _MOST_HEADINGS = 12, 10, 200
_TITLE_SHORTEST = 4
_HEADING_SHORTEST = 6
_HEADINGS = ("h1", "h2", "h3")
_TITLE_LONGEST = 200
_CHANNEL_LONGEST = 6
_SITE_LONGEST = 12
_TITLE_METAS = ("og:title", "twitter:title", "articletitle", "headline", "title", "dc.title")
_SITE_METAS = ("og:site_name", "sitename", "application-name")
_SEPARATOR = re.compile(r"\s*(?:_+|\||｜|丨|--+|——|::|»|·|@| [-–—:] ?|(?<=\S)-(?=\S)|- )\s*")
_SITE_LIKE = re.compile(
    r"(?:网|网站|新闻|频道|官网|门户|论坛|社区|日报|晚报|早报|时报|快报|都市报|在线|贴吧|吧|博客|微博|首页|栏目|客户端|公众号|政府|委员会"
    r"|局|厅|中心|办公室|热线|广播|电视台|融媒|头条|订阅|号|知乎|专栏|平台|资讯|要闻|滚动|正文|财经|中文网|\.(?:com|cn|net|org))$",
    re.IGNORECASE,
)
_EMPTY_TITLE = re.compile(
    r"^(?:无标题文档|untitled(?: document)?|new page \d*|正文|详情|详情页|文章详情|新闻详情|首页)?$", re.IGNORECASE
)


def choose_title(head: Head, page: Outline) -> str:
    """The headline without the name of the site; ``""`` where the page has none."""
    named = _named(head)
    headings = _headings(page)
    return (
        _shown(named, headings, page) or _contained(named, headings) or _trimmed(head, named) or _any(named, headings)
    )


def may_be_site(head: Head) -> bool:
    """Whether the head may name no more than the site: nothing, or one short name without a separator."""
    named = _named(head)
    return not named or (len(named) == 1 and len(named[0]) <= _SITE_LONGEST and not _SEPARATOR.search(named[0]))


def _named(head: Head) -> list[str]:
    """What the head calls the page, the ``<title>`` first."""
    named = [head.title, *(head.metas[name] for name in _TITLE_METAS if name in head.metas)]
    named += [headline for entry in head.data if isinstance(headline := entry.get("headline"), str)]
    named = [title[:_TITLE_LONGEST] for title in named if not _EMPTY_TITLE.match(title.strip())]
    return named[:_MOST_NAMES]


def _headings(page: Outline) -> list[str]:
    lines = (line for line in page.lines if page.blocks[line.block].tag in _HEADINGS)
    texts = [line.text for line in lines if _TITLE_SHORTEST <= line.chars <= _TITLE_LONGEST]
    return texts[:_MOST_HEADINGS]


def _shown(named: list[str], headings: list[str], page: Outline) -> str:
    """The longest beginning of a name that is a heading, else a line; the whole name last, as share texts repeat it."""
    tops = {plain(heading) for heading in headings}
    lines = {plain(line.text) for line in page.lines if line.chars <= _TITLE_LONGEST}
    for title in named:
        starts = [start for start in _beginnings(title) if len(plain(start)) >= _TITLE_SHORTEST]
        for start in starts:
            if plain(start) in tops:
                return start
        for start in (*starts[1:], *starts[:1]):
            if plain(start) in lines:
                return start
    return ""


def _contained(named: list[str], headings: list[str]) -> str:
    """A heading that a name contains: the site's name stands in front, or without a separator."""
    for title in named:
        whole = plain(title)
        for heading in headings:
            if len(plain(heading)) >= _HEADING_SHORTEST and plain(heading) in whole:
                return heading
    return ""


def _trimmed(head: Head, named: list[str]) -> str:
    sites = {plain(head.metas.get(name, "")) for name in _SITE_METAS}
    return next((bare for title in (*named[1:], *named[:1]) if (bare := _without_site(title, sites))), "")


def _any(named: list[str], headings: list[str]) -> str:
    return next(iter(headings), "") or next(iter(named), "")


def _beginnings(title: str) -> Iterator[str]:
    """The title, then ever shorter beginnings of it, each ending before a separator."""
    yield title
    for found in reversed(list(_SEPARATOR.finditer(title))[:_MOST_CUTS]):
        yield title[: found.start()].strip()


def _without_site(title: str, sites: set[str]) -> str:
    cuts = list(_SEPARATOR.finditer(title))[:_MOST_CUTS]
    end = len(title)
    for found in reversed(cuts):
        rest = title[found.end() : end].strip()
        head = title[: found.start()].strip()
        known = plain(rest) in sites or _SITE_LIKE.search(rest) or rest.isascii()
        channel = end < len(title) and len(rest) <= _CHANNEL_LONGEST
        if len(head) < _TITLE_SHORTEST or not (known or channel or "_" in found[0]):
            break
        end = found.start()
    bare = title[:end].strip()
    return "" if plain(bare) in sites or (not cuts and len(bare) <= 10 and _SITE_LIKE.search(bare)) else bare
