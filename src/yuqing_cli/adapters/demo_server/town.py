"""The fictional town 青禾县: who publishes what, and when, relative to a moment ``now``.

The content is data, one file a source, in ``data/demo/sources/*.toml``; the file's name is the source's folder.

    [source]   name, tier, tags, every   as in yuqing.toml
               format    rss | rdf | atom | json
               charset   of the bytes;  declared  what the document and the header say (default: the same)
               content   full (all paragraphs) | summary (the first; the page has the rest) | html (content:encoded)
               dates     standard | plain (local time without a zone)
               author    put where the format has a place for authors, so that readers can be seen to drop it
               defects   ampersand (unescaped) | truncated (ends inside the last item) | unavailable (503, a page)
               disallow  robots.txt forbids the folder
    [[items]]  guid, title, text (one paragraph a line), at, link (another item's page: "water/w07"), wave (1)

``at`` is a clock time on an earlier day, ``-1d 18:52``, or a share of today so far, ``34%``. Offsets in minutes would
put this morning's posts into yesterday whenever the demo is run early; shares are today at every hour, and in the same
order. The share counts from midnight, or from 14 hours ago where that is later, since nobody posts around the clock.
``{date}`` and ``{time}`` in a title or text stand for the item's own.

Items of ``wave = 2`` are the town's answers, published later. One that repeats a guid replaces the item.
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from yuqing_cli.models import Tier
from yuqing_cli.records import Record

_ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST_DAY = timedelta(hours=14)
_CLOCK = re.compile(r"-(\d+)d (\d\d):(\d\d)")
_SHARE = re.compile(r"(\d{1,3})%")
_TIERS: tuple[Tier, ...] = ("official", "media", "trade", "community", "hotlist")


class DemoItem(Record):
    """One item of a demo source, its date fixed. ``path`` is the address of its page on the server."""

    guid: str
    title: str
    paragraphs: tuple[str, ...]
    at: datetime
    path: str
    wave: int


class DemoSource(Record):
    """One demo source. ``folder`` is the first part of its addresses; ``items`` are in the file's order, all waves."""

    folder: str
    name: str
    tier: Tier
    format: Literal["rss", "rdf", "atom", "json"]
    tags: tuple[str, ...] = ()
    every: str = "30m"
    charset: str = "utf-8"
    declared: str = ""
    content: Literal["full", "summary", "html"] = "full"
    dates: Literal["standard", "plain"] = "standard"
    author: str = ""
    defects: tuple[str, ...] = ()
    disallow: bool = False
    items: tuple[DemoItem, ...] = ()

    @property
    def path(self) -> str:
        """The feed's address on the server."""
        return f"/{self.folder}/feed.{'json' if self.format == 'json' else 'xml'}"

    @property
    def says(self) -> str:
        """The charset that the document and the header declare, right or wrong."""
        return self.declared or self.charset

    def published(self, wave: int) -> tuple[DemoItem, ...]:
        """What the source shows at a wave, newest first. Of two items with one guid, the later in the file."""
        shown = {item.guid: item for item in self.items if item.wave <= wave}
        return tuple(sorted(shown.values(), key=lambda item: (item.at, item.guid), reverse=True))


def moment(at: str, now: datetime) -> datetime:
    """The time that ``at`` means when it is ``now`` (aware, in the town's zone), to the second and never after ``now``.

    Raises ``ValueError`` for a form that is not one of the two.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if clock := _CLOCK.fullmatch(at):
        days, hours, minutes = map(int, clock.groups())
        return midnight - timedelta(days=days) + timedelta(hours=hours, minutes=minutes)
    if share := _SHARE.fullmatch(at):
        start = max(midnight, now - _LONGEST_DAY)
        return (start + (now - start) * min(int(share[1]), 100) / 100).replace(microsecond=0)
    raise ValueError(f"not a time of the demo: {at!r}")


def town(now: datetime) -> tuple[DemoSource, ...]:
    """All sources of the town as they are at ``now``, official ones first. Reads the data files."""
    here = now.astimezone(_ZONE)
    folder = files("yuqing_cli").joinpath("data", "demo", "sources")
    found = [f for f in folder.iterdir() if f.name.endswith(".toml")]
    sources = [_source(f.name.removesuffix(".toml"), tomllib.loads(f.read_text("utf-8")), here) for f in found]
    return tuple(sorted(sources, key=lambda source: (_TIERS.index(source.tier), source.folder)))


def _source(folder: str, data: dict[str, Any], now: datetime) -> DemoSource:
    settings: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data["source"].items()}
    items = tuple(_item(folder, row, now) for row in data.get("items", ()))
    return DemoSource(folder=folder, items=items, **settings)


def _item(folder: str, row: dict[str, Any], now: datetime) -> DemoItem:
    at = moment(row["at"], now)
    names = {"{date}": f"{at.month}月{at.day}日", "{time}": f"{at.hour}时{at.minute:02}分"}

    def fill(text: str) -> str:
        return re.sub(r"\{(?:date|time)\}", lambda hole: names[hole[0]], text)

    return DemoItem(
        guid=row["guid"],
        title=fill(row["title"]),
        paragraphs=tuple(fill(row["text"]).strip().splitlines()),
        at=at,
        path=f"/{row.get('link', folder + '/' + row['guid'])}.html",
        wave=row.get("wave", 1),
    )
