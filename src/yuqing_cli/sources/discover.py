"""What an address may be read as: the feed that it is, the feeds that its page names, or the list on the page itself.

Principle
    A publisher who has a feed says so in the head of the page (``<link rel="alternate">``), the convention that browsers and readers
    have followed since 2002; that is evidence and comes first. Chinese sites often only print an anchor (RSS, 订阅), which may as well
    lead to a page that lists feeds, to an account or to a newsletter; so an anchor is a guess, and its address tells more than its
    word. Nothing is believed here: whether a candidate is a feed is known when it has been asked and read.

Known failures
    Feeds that scripts put into the page, and feeds that no page names: well-known paths (``/feed``) are not tried, since asking a
    stranger's server for addresses that nobody gave us is what scanners do.

Tried and dropped
    Every ``type`` that speaks of JSON: WordPress declares its programming interface that way on every page, hence ``feed+json`` alone.
    Anchors to any host: the words stand on buttons of feed readers, whose addresses carry the feed's as a parameter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

from yuqing_cli.models import Answer
from yuqing_cli.politeness import registrable_domain
from yuqing_cli.records import Record, replace
from yuqing_cli.text import clean_line
from yuqing_cli.urls import canonical, host, resolve

from .decode import clean_xml, decode
from .feed_repair import is_feed_like, root_name, starts_of_items
from .markup import Node, Tree, first_attr, first_text, one_line, parse, title_text

MAX_FEEDS = 40
"""Feeds named by one page. Sites that list a feed for each column have two or three dozen."""
_MAX_ANCHORS = 5_000
_TITLE_CHARS = 80
_HEAD_CHARS = 20_000

_ROOTS = frozenset(("rss", "feed", "rdf"))
_PAGE_ROOTS = frozenset(("html", "head", "body"))
_OTHER_ROOTS = frozenset(("opml", "urlset", "sitemapindex"))
_FEED_TYPES = frozenset(
    f"{family}/{kind}"
    for family in ("application", "text")
    for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "rss", "atom", "xml")
)
_WORD = re.compile(r"(?<![a-z])(?:rss|atom|feeds?|xml)(?![a-z])|订阅|訂閱", re.IGNORECASE)
_WORD_CHARS = 24
_PATH = re.compile(
    r"[/_.-](?:rss|atom|feeds?)(?:[/_.-]|$)|/(?:rss|feed|atom|index)\w{0,20}\.(?:xml|json)$|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|mod)=(?:rss2?|atom|rdf)(?:&|$)", re.IGNORECASE)
_CARRIES_ADDRESS = re.compile(r"https?(?::|%3a)", re.IGNORECASE)
_COMMENTS = re.compile(r"(?<![a-z])comments?(?![a-z])|评论|評論|留言|回复", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</title>", re.IGNORECASE | re.DOTALL)
_FIRST_ENTRY = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)


class Candidate(Record):
    """One way to read an address. ``title`` is what its document, or the link to it, calls it; ``""`` if nothing does."""

    kind: Literal["feed", "page"]
    url: str
    title: str = ""
    found: Literal["itself", "declared", "linked"] = "itself"
    """It is what was asked, the page's head names it, or an anchor seems to lead to it."""


def candidates(answer: Answer) -> list[Candidate]:
    """What ``answer`` may be read as, the best first; empty where it is neither a feed nor a page. Never raises.

    Of a page: the feeds that its head declares, then those that anchors lead to, then feeds of comments, then the page itself.
    """
    text = clean_xml(decode(answer.body, answer.headers.get("content-type", "")).text)
    if text[:1] in {"{", "["}:
        return _json_feed(text, answer.url)
    root = root_name(text)
    if root in _ROOTS or _is_wrapped_feed(text[:_HEAD_CHARS]):
        return [Candidate("feed", answer.url, _feed_title(text))]
    if not _is_page(text, root, answer.headers.get("content-type", "")):
        return []
    tree = parse(text)
    page = Candidate("page", answer.url, _short(first_text(tree, "title")))
    return [*_feeds(tree, answer.url, page.title), page]


def _is_wrapped_feed(head: str) -> bool:
    """Feeds come inside of HTML, and without their root; the kind reads them all the same."""
    return is_feed_like(head) and starts_of_items(head) > 0


def _is_page(text: str, root: str, content_type: str) -> bool:
    """Whether it is HTML: by its root, by its head, or (fragments, pages that begin with a script) by its sender's word."""
    if root in _PAGE_ROOTS or "<html" in text[:2_000].lower():
        return True
    return "html" in content_type.lower() and "<" in text and root not in _OTHER_ROOTS


def _json_feed(text: str, url: str) -> list[Candidate]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(document, dict) or "jsonfeed.org/version/" not in str(document.get("version")):
        return []
    title = document.get("title")
    return [Candidate("feed", url, _short(title if isinstance(title, str) else ""))]


def _feed_title(text: str) -> str:
    """The title of the channel: the first one, if it stands before the first entry."""
    entry = _FIRST_ENTRY.search(text)
    found = _TITLE.search(text[: entry.start() if entry else _HEAD_CHARS][:_HEAD_CHARS])
    return _short(found[1]) if found else ""


def _short(title: str) -> str:
    return clean_line(title_text(title))[:_TITLE_CHARS]


def _feeds(tree: Tree, address: str, page_title: str) -> list[Candidate]:
    base = resolve(address, first_attr(tree, "base", "href") or address) or address
    unique: dict[str, Candidate] = {}
    for found in (*_declared(tree, base), *_linked(tree, base, address)):
        key = canonical(found.url)
        if key and key != canonical(address):
            unique.setdefault(key, found)
    feeds = [_named(each, page_title) for each in unique.values()]
    return sorted(feeds, key=_is_of_comments)[:MAX_FEEDS]


def _named(candidate: Candidate, page_title: str) -> Candidate:
    """A link called "RSS" says nothing of what is behind it."""
    bare = _WORD.sub("", candidate.title).strip(" -_|·»>[]()（）【】")
    return candidate if bare else replace(candidate, title=page_title)


def _is_of_comments(candidate: Candidate) -> bool:
    return bool(_COMMENTS.search(f"{candidate.title} {candidate.url}"))


def _declared(tree: Tree, base: str) -> Iterator[Candidate]:
    for link in tree.css("link[href]"):
        relations = _value(link, "rel").lower().split()
        kind = _value(link, "type").lower().partition(";")[0].strip()
        if kind in _FEED_TYPES and not {"alternate", "feed"}.isdisjoint(relations):
            yield Candidate("feed", resolve(base, _value(link, "href")), _short(_value(link, "title")), "declared")


def _linked(tree: Tree, base: str, address: str) -> list[Candidate]:
    """Anchors whose address looks like a feed's come before those where only the word says so."""
    by_address, by_word = [], []
    site = registrable_domain(host(address))
    for link in tree.css("a[href]")[:_MAX_ANCHORS]:
        url = resolve(base, _value(link, "href"))
        path, _, query = ("/" + url.partition("#")[0].partition("//")[2].partition("/")[2]).partition("?")
        if not url or _CARRIES_ADDRESS.search(path + query):
            continue
        words = _words(link)
        if _PATH.search(path) or _QUERY.search(query):
            by_address.append(Candidate("feed", url, _short(words), "linked"))
        elif len(words) <= _WORD_CHARS and _WORD.search(words) and registrable_domain(host(url)) == site:
            by_word.append(Candidate("feed", url, _short(words), "linked"))
    return [*by_address, *by_word]


def _words(link: Node) -> str:
    """What the anchor says: its text, else its title, else the text of its picture."""
    return one_line(link.text()[:200]) or one_line(_value(link, "title")) or one_line(first_attr(link, "img", "alt"))


def _value(node: Node, name: str) -> str:
    return (node.attributes.get(name) or "").strip()
