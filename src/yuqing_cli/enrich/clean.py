"""RawPost -> Post: made harmless, masked, given its identity. The only place where a ``Post`` is made.

Identity (the key of a post within its source) is decided per *document*, because real documents lie: feeds repeat one guid for all
items, lists link every row to one page. In order: the guid where it is unique in the document, else the canonical address where
that is unique, else address and title, else a hash of the row. Two rows with one key are one post; the first is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from yuqing_cli.ids import content_hash, derived_id
from yuqing_cli.models import Post, RawPost
from yuqing_cli.records import replace
from yuqing_cli.text import clean_line, clean_text
from yuqing_cli.urls import canonical

from .mask import mask

MAX_TITLE = 500
MAX_TEXT = 200_000
TITLE_FROM_TEXT = 40


def clean(source: str, raws: Sequence[RawPost], *, masked: bool) -> list[Post]:
    """The posts of one document, oldest first (so that the order of creation in the store is true), each key once."""
    addresses = [canonical(raw.url) if raw.url else "" for raw in raws]
    keys = _keys(raws, addresses)
    posts: dict[str, Post] = {}
    for raw, address, key in zip(raws, addresses, keys, strict=True):
        if key not in posts and (post := _post(source, raw, address, key, masked=masked)):
            posts[key] = post
    return sorted(posts.values(), key=lambda p: (p.published_at is not None, p.published_at or 0, p.id))


def _keys(raws: Sequence[RawPost], addresses: Sequence[str]) -> list[str]:
    guids = Counter([raw.guid for raw in raws if raw.guid])
    urls = Counter(filter(None, addresses))
    return [
        _key(raw, url, bool(raw.guid) and guids[raw.guid] == 1, bool(url) and urls[url] == 1)
        for raw, url in zip(raws, addresses, strict=True)
    ]


def _key(raw: RawPost, url: str, guid_unique: bool, url_unique: bool) -> str:  # noqa: FBT001
    if raw.guid and guid_unique:
        return f"guid\0{raw.guid}"
    if url and url_unique:
        return f"url\0{url}"
    if url:
        return f"title\0{url}\0{raw.title}"
    published = raw.published.isoformat() if raw.published and not raw.row else ""
    return f"row\0{raw.row}\0{raw.title}\0{raw.text}\0{published}"


def _post(source: str, raw: RawPost, address: str, key: str, *, masked: bool) -> Post | None:
    title, text = clean_line(raw.title), clean_text(raw.text) if raw.text else ""
    if masked:
        # Before cutting: a number that the cut splits would be no number any more, and half of it would be stored.
        title, text = mask(title), mask(text) if text else ""
    title, text = title[:MAX_TITLE], text[:MAX_TEXT]
    title = title or clean_line(text)[:TITLE_FROM_TEXT]
    if not title:
        return None
    # Shown on terminals and in Markdown as it is: no blank, no control character, no lone surrogate may be in it.
    url = "".join(clean_line(raw.url).split()) if address else ""
    published = raw.published
    if published is not None:
        published = published.replace(microsecond=published.microsecond // 1000 * 1000)
    content = content_hash(title, text)
    return Post(derived_id(source, key), source, url, address, title, text, published, content, raw.rank, raw.heat)


def with_text(post: Post, text: str, *, masked: bool) -> Post:
    """The same post with the article's full text."""
    cleaned = clean_text(text)
    return replace(post, text=(mask(cleaned) if masked else cleaned)[:MAX_TEXT])
