"""The kind ``feed``: RSS, RDF, Atom and JSON Feed, from bytes to posts.

    bytes -decode-> text -clean_xml-> document -feed_xml | feed_json-> WireFeed -> RawPost

Text that was broken before it was sent is an error of the source, never posts: see ``damage``. A broken entry
among sound ones is left out, or keeps its headline alone.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urljoin

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, RawPost, Reading, Source
from yuqing_cli.records import replace
from yuqing_cli.times import parse_date, plausible

from .decode import clean_xml, damage, decode
from .feed_json import read_json_feed
from .feed_repair import root_name
from .feed_wire import WireEntry, WireFeed
from .feed_xml import read_xml_feed
from .sound import refuse_broken

__all__ = ["read"]

_TITLE_CHARS = 40
_PROVABLE_CHARS = 8
_MAX_URL_CHARS = 2_048
_NOT_FEEDS = {
    "html": 'this is a web page, not a feed; look for its feed, or read it with kind = "page"',
    "opml": "this is an OPML list of feeds, not a feed; sources import reads it",
    "urlset": "this is a sitemap, not a feed",
    "sitemapindex": "this is a sitemap, not a feed",
}


def read(source: Source, answer: Answer, now: datetime) -> Reading:
    """Read one answer. Raises ``SourceError`` for what is no feed (``soft``) and for damaged text (``hard``)."""
    decoded = decode(answer.body, answer.headers.get("content-type", ""))
    feed = _feed(clean_xml(decoded.text))
    base = answer.url or source.url
    posts, refused = [], 0
    for entry in feed.entries:
        published = _published(entry, now, source.timezone)
        refused += bool(entry.dates) and published is None
        posts.append(_post(entry, _join(base, feed.base), published))
    usable = [post for post in posts if post.title or post.url]
    if posts and not usable:
        # Read as an empty feed it would pass for a quiet source for ever.
        raise SourceError("soft", "no entry of the feed has a title or an address; entries: {count}", count=len(posts))
    return Reading(
        posts=_sound(usable),
        charset=decoded.charset,
        method=decoded.method,
        every=feed.ttl,
        refused_dates=refused,
    )


def _feed(text: str) -> WireFeed:
    if not text:
        raise SourceError("soft", "the answer is empty")
    if text[0] in "{[":
        return read_json_feed(text)
    feed = read_xml_feed(text) if "<" in text else None
    if feed is None:
        raise _not_a_feed(text)
    return feed


def _not_a_feed(text: str) -> SourceError:
    root = root_name(text)
    if root in _NOT_FEEDS or "<html" in text[:2_000].lower():
        return SourceError("soft", _NOT_FEEDS.get(root, _NOT_FEEDS["html"]))
    if root:
        return SourceError("soft", "this is XML or HTML (<{root}>), but not a feed", root=root)
    return SourceError("hard", "this is neither XML nor JSON: no feed")


def _post(entry: WireEntry, base: str, published: datetime | None) -> RawPost:
    full = len(entry.content) >= len(entry.summary) and entry.content != entry.summary
    text = entry.content if full else entry.summary
    return RawPost(
        title=entry.title or _title_from(text),
        text=text,
        url=_address(entry, base),
        published=published,
        guid=entry.guid,
        article=full and bool(text),
    )


def _title_from(text: str) -> str:
    """The first line, cut where it is too long for a headline."""
    line = text.partition("\n")[0]
    return line if len(line) <= _TITLE_CHARS else line[:_TITLE_CHARS].rstrip() + "…"


def _address(entry: WireEntry, base: str) -> str:
    """The entry's absolute http(s) address; ``""`` for any other scheme and for absurd lengths."""
    if not entry.link:
        return ""
    url = _join(_join(base, entry.base), entry.link)
    return url if url.lower().startswith(("http://", "https://")) and len(url) <= _MAX_URL_CHARS else ""


def _join(base: str, link: str) -> str:
    """``urljoin``; ``""`` for what is no address at all (an unclosed bracket)."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _published(entry: WireEntry, now: datetime, zone: str) -> datetime | None:
    """The first of the entry's dates that can be read and can be true."""
    read_dates = (parse_date(text, now=now, zone=zone) for text in entry.dates)
    return next((at for at in read_dates if at and plausible(at, now=now)), None)


def _sound(posts: list[RawPost]) -> tuple[RawPost, ...]:
    """The posts without broken ones. Raises ``SourceError`` where the document as a whole is broken."""
    refuse_broken(posts)
    return tuple(sound for sound in map(_without_damage, posts) if sound)


def _without_damage(post: RawPost) -> RawPost | None:
    """The post, its headline where only that is sound, or nothing; headlines under 8 characters prove nothing."""
    if not damage(f"{post.title}\n{post.text}"):
        return post
    if len(post.title) < _PROVABLE_CHARS or damage(post.title):
        return None
    return replace(post, text="", article=False)
