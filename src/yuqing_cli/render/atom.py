"""The digest as an Atom feed (RFC 4287): one entry for the digest itself, one for each event. For readers and for other programs.

Identities are derived, never made up: the feed's from the station, an entry's from the event, so that a reader that is shown the next
issue sees an event it knows as changed, not as another one. ``updated`` is the digest's knowledge time. The author that the standard
demands is the station.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as ET

from yuqing_cli import times
from yuqing_cli.digest.page import Page
from yuqing_cli.digest.shapes import Digest, DigestEvent
from yuqing_cli.i18n import Translate

from . import cards, words
from .outline import Outline, plain
from .safe import address, shown
from .sections import outline

ATOM = "http://www.w3.org/2005/Atom"
_OURS = "https://yuqing-cli.invalid/"


def render(page: Page, t: Translate) -> str:
    """The feed, with everything that is on the page as entries in the order of rank."""
    digest, drawn = page.digest, outline(page, t)
    station = uuid5(NAMESPACE_URL, f"{_OURS}{shown(digest.station)}")
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN" if t.language == "zh" else "en"})
    _texts(feed, {"id": station.urn, "title": words.station_title(digest, t), "updated": _at(digest.as_of)})
    ET.SubElement(feed, "generator", {"version": digest.method.version}).text = "yuqing-cli"
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = shown(digest.station) or "yuqing-cli"
    _whole(feed, drawn, digest, station)
    events = page.act if page.audience == "exec" else digest.events
    for event in events:
        _event(feed, event, station, t)
    ET.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _whole(feed: ET.Element, drawn: Outline, digest: Digest, station: UUID) -> None:
    entry = ET.SubElement(feed, "entry")
    window = f"{digest.kind} {shown(digest.shift)} {digest.start.isoformat()}"
    identity = uuid5(station, f"digest {window}").urn
    _texts(entry, {"id": identity, "title": f"{drawn.title} · {drawn.window}", "updated": _at(digest.as_of)})
    _content(
        entry, "".join(_paragraph(text) for text in (drawn.bottom, drawn.coverage, drawn.gap, *drawn.method) if text)
    )


def _event(feed: ET.Element, event: DigestEvent, station: UUID, t: Translate) -> None:
    entry = ET.SubElement(feed, "entry")
    title = plain(cards.head(event, t)[1:])
    _texts(
        entry, {"id": uuid5(station, f"event {shown(event.id)}").urn, "title": title, "updated": _at(event.last_seen)}
    )
    _texts(entry, {"published": _at(event.first_seen)})
    if link := next((found for found in (address(link.url) for link in event.links) if found), ""):
        ET.SubElement(entry, "link", {"rel": "alternate", "href": link})
    for topic in event.topics:
        ET.SubElement(entry, "category", {"term": shown(topic)})
    _content(entry, "".join(_facts(event, t)))


def _facts(event: DigestEvent, t: Translate) -> Iterable[str]:
    label = ""
    for name, line in cards.card(event, t).facts:
        label = name or label
        yield _paragraph(f"{label}{t(': ')}{plain(line)}")


def _paragraph(text: str) -> str:
    paragraph = ET.Element("p")
    paragraph.text = text
    return ET.tostring(paragraph, encoding="unicode")


def _content(entry: ET.Element, html: str) -> None:
    ET.SubElement(entry, "content", {"type": "html"}).text = html


def _texts(parent: ET.Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text


def _at(at: datetime) -> str:
    return times.iso(at, at.tzinfo or "UTC")
