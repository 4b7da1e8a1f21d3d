"""The town's documents as they go over the wire: RSS 2.0, RSS 1.0, Atom, JSON Feed and pages, defects included.

Fixture code: it writes what the readers must cope with, so it shares nothing with ``render``.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from .town import DemoItem, DemoSource


def _paragraphs(item: DemoItem) -> str:
    return "".join(f"<p>{html.escape(text)}</p>" for text in item.paragraphs)


def _summary(source: DemoSource, item: DemoItem) -> str:
    return "\n".join(item.paragraphs) if source.content == "full" else item.paragraphs[0]


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _date(source: DemoSource, item: DemoItem) -> str:
    if source.dates == "plain":
        return f"{item.at:%Y-%m-%d %H:%M:%S}"
    return format_datetime(item.at) if source.format == "rss" else item.at.isoformat()


def _rss(source: DemoSource, items: tuple[DemoItem, ...], base: str) -> str:
    def row(item: DemoItem) -> str:
        fields = (
            _element("title", item.title),
            _element("link", base + item.path),
            f'<guid isPermaLink="false">{escape(item.guid)}</guid>',
            _element("pubDate", _date(source, item)),
            _element("dc:creator", source.author),
            _element("content:encoded", _paragraphs(item)) if source.content == "html" else "",
            _element("description", _summary(source, item)),
        )
        return f"<item>{''.join(fields)}</item>\n"

    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"{_element('title', source.name)}{_element('link', base + '/')}{_element('description', source.name)}\n"
        f"{''.join(map(row, items))}</channel></rss>\n"
    )


def _rdf(source: DemoSource, items: tuple[DemoItem, ...], base: str) -> str:
    def row(item: DemoItem) -> str:
        link = base + item.path
        return (
            f"<item rdf:about={quoteattr(link)}>{_element('title', item.title)}{_element('link', link)}"
            f"{_element('dc:date', _date(source, item))}{_element('dc:creator', source.author)}"
            f"{_element('description', _summary(source, item))}</item>\n"
        )

    listed = "".join(f"<rdf:li rdf:resource={quoteattr(base + item.path)}/>" for item in items)
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about={quoteattr(base + source.path)}>'
        f"{_element('title', source.name)}{_element('link', base + '/')}{_element('description', source.name)}"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{''.join(map(row, items))}</rdf:RDF>\n"
    )


def _atom(source: DemoSource, items: tuple[DemoItem, ...], base: str) -> str:
    def row(item: DemoItem) -> str:
        author = f"<author>{_element('name', source.author)}</author>" if source.author else ""
        return (
            f"<entry>{_element('title', item.title)}<link href={quoteattr(base + item.path)}/>"
            f"{_element('id', f'urn:demo:{item.guid}')}{author}{_element('published', _date(source, item))}"
            f"{_element('updated', _date(source, item))}{_element('summary', _summary(source, item))}</entry>\n"
        )

    updated = _element("updated", _date(source, items[0])) if items else ""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom">{_element("title", source.name)}'
        f"{_element('id', f'urn:demo:{source.folder}')}{updated}\n{''.join(map(row, items))}</feed>\n"
    )


def _json(source: DemoSource, items: tuple[DemoItem, ...], base: str) -> str:
    rows = [
        {
            "id": item.guid,
            "url": base + item.path,
            "title": item.title,
            "content_text": _summary(source, item),
            "date_published": _date(source, item),
            "authors": [{"name": source.author}] if source.author else [],
        }
        for item in items
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": source.name, "items": rows}
    return json.dumps(feed, ensure_ascii=False, indent=1)


_WRITERS: dict[str, tuple[str, Callable[[DemoSource, tuple[DemoItem, ...], str], str]]] = {
    "rss": ("application/rss+xml", _rss),
    "rdf": ("application/rdf+xml", _rdf),
    "atom": ("application/atom+xml", _atom),
    "json": ("application/feed+json", _json),
}


def media_type(source: DemoSource) -> str:
    """The ``Content-Type`` of the source's document, with the charset it says it has."""
    return f"{_WRITERS[source.format][0]}; charset={source.says}"


def feed_bytes(source: DemoSource, wave: int, base: str) -> bytes:
    """The source's document as it goes over the wire, defects included. ``base`` is the server's address."""
    text = _WRITERS[source.format][1](source, source.published(wave), base)
    if source.format != "json":
        text = f'<?xml version="1.0" encoding="{source.says}"?>\n{text}'
    if "ampersand" in source.defects:
        text = text.replace("&amp;", "&")
    if "truncated" in source.defects:
        text = text[: text.rindex("</description>") - 12]
    return text.encode(source.charset)


def page_bytes(source: DemoSource, item: DemoItem) -> bytes:
    """The page behind an item's link: always the whole text, between a menu and a footer, as pages are."""
    title, name = html.escape(item.title), html.escape(source.name)
    text = (
        f'<!DOCTYPE html><html><head><meta charset="{source.says}"><title>{title} - {name}</title></head><body>'
        f'<nav><a href="/">首页</a> <a href="{source.path}">{name}</a></nav><article><h1>{title}</h1>'
        f'<time datetime="{item.at.isoformat()}">{item.at:%Y-%m-%d %H:%M}</time>{_paragraphs(item)}</article>'
        f"<footer>{name}</footer></body></html>\n"
    )
    return text.encode(source.charset, "xmlcharrefreplace")
