"""The kind ``json_list``: hot lists and other lists that a site or an aggregator answers as JSON.

    bytes -decode-> text -json-> document -look_up-> items -> RawPost

A hot list has no dates of publication: such posts have none, and the rank is their place from 1 where the list gives no
other. The list's own time (``updated``) goes into ``Reading.listed_at``, since aggregators serve an old list when their
source fails. Only the named paths are read: names of people, which such documents are full of, are never touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, RawPost, Reading, Source
from yuqing_cli.times import parse_date, plausible
from yuqing_cli.urls import resolve

from .decode import decode
from .figures import parse_heat, parse_rank
from .json_paths import NO_RANK, Layout, check_options, layout_of, look_up
from .markup import html_to_text, title_text
from .options import JsonListOptions
from .sound import sound

__all__ = ["MAX_ITEMS", "check_options", "read"]

MAX_ITEMS = 2_000
_MAX_TEXT = 20_000
_MAX_VALUE = 100_000
V = TypeVar("V")
_JSONP = re.compile(r"\s*(?:/\*\*/)?\s*[\w$.]{1,80}\s*\((.*)\)\s*;?\s*", re.DOTALL)


def read(source: Source, answer: Answer, now: datetime) -> Reading:
    """Read one answer. Raises ``SourceError``: no JSON, no list at the path, or a path that finds nothing in any item.

    An empty list is an error for the ready shapes (a hot list is never empty), and no posts otherwise.
    """
    options = source.options if isinstance(source.options, JsonListOptions) else JsonListOptions()
    layout = layout_of(options)
    decoded = decode(answer.body, answer.headers.get("content-type", ""))
    document = _document(decoded.text)
    items = _items(document, layout)
    _check_paths(items, layout)
    reader = _Reader(layout, answer.url or source.url, now, source.timezone)
    posts = [post for place, item in enumerate(items, start=1) if (post := reader.post(item, place))]
    if items and not posts:
        raise SourceError("soft", "no item of the list has a title at {path}", path=layout.paths.get("title", ""))
    return Reading(
        posts=sound(posts),
        charset=decoded.charset,
        method=decoded.method,
        refused_dates=reader.refused,
        listed_at=reader.date(look_up(document, layout.paths["updated"])) if "updated" in layout.paths else None,
    )


def _document(text: str) -> object:
    wrapped = _JSONP.fullmatch(text)
    try:
        return json.loads(wrapped[1] if wrapped else text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("<"):
            raise SourceError("soft", "this is a page or XML, not JSON") from error
        raise SourceError("soft", "the answer does not parse as JSON") from error


def _items(document: object, layout: Layout) -> list[object]:
    path = layout.paths.get("items", "")
    found = look_up(document, path)
    if not isinstance(found, list):
        raise SourceError("soft", "no list at {path} in the answer", path=path or "the root")
    if not found and layout.shaped:
        raise SourceError("soft", "the list is empty")
    return found[:MAX_ITEMS]


def _check_paths(items: list[object], layout: Layout) -> None:
    """A path that the user wrote and that finds nothing anywhere is a redesign, not a list without that field."""
    for field in sorted(layout.own - {"items", "updated"}):
        path = layout.paths[field]
        if (field, path) == ("rank", NO_RANK) or not items:
            continue
        if all(look_up(item, path) is None for item in items):
            raise SourceError("soft", "{field}: nothing at {path} in any item", field=field, path=path)


class _Reader:
    """Items into posts; counts the dates that were refused."""

    def __init__(self, layout: Layout, base: str, now: datetime, zone: str) -> None:
        self._layout, self._base, self._now, self._zone = layout, base, now, zone
        self.refused = 0

    def post(self, item: object, place: int) -> RawPost | None:
        """One item, or ``None`` where it has no title."""
        title = title_text(_string(item) if isinstance(item, str) else self._text(item, "title"))
        if not title:
            return None
        guid = self._text(item, "guid").strip()
        url = self._address(item, title, guid)
        return RawPost(
            title=title,
            text=html_to_text(self._text(item, "summary")[:_MAX_TEXT]),
            url=url,
            published=self._published(item),
            guid=guid,
            row="" if guid or url else title,
            rank=self._rank(item, place),
            heat=self._value(item, "heat", parse_heat),
        )

    def date(self, value: object) -> datetime | None:
        """A date that can be read and can be true."""
        at = parse_date(_string(value), now=self._now, zone=self._zone)
        return plausible(at, now=self._now) if at else None

    def _published(self, item: object) -> datetime | None:
        written = self._text(item, "date").strip()
        at = self.date(written)
        self.refused += bool(written) and at is None
        return at

    def _rank(self, item: object, place: int) -> int | None:
        if self._layout.paths.get("rank") == NO_RANK:
            return None
        return self._value(item, "rank", parse_rank) if "rank" in self._layout.paths else place

    def _address(self, item: object, title: str, guid: str) -> str:
        link = self._text(item, "link").strip()
        url = resolve(self._base, link) if link else ""
        if url or not self._layout.template or ("{guid}" in self._layout.template and not guid):
            return url
        return resolve(self._base, self._layout.template.format(title=quote(title, safe=""), guid=quote(guid, safe="")))

    def _text(self, item: object, field: str) -> str:
        path = self._layout.paths.get(field)
        return _string(look_up(item, path)) if path else ""

    def _value(self, item: object, field: str, parse: Callable[[object], V | None]) -> V | None:
        path = self._layout.paths.get(field)
        return parse(look_up(item, path)) if path else None


def _string(value: object) -> str:
    """Strings and numbers as text; anything else is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value)[:_MAX_VALUE]
    except ValueError:  # an integer of more than 4,300 digits
        return ""
