"""The HTML as mail programs, screen readers and printers need it, and the feed as readers of feeds need it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from conftest import NOW
from town_digests import accident, ordinary, pages
from yuqing_cli import i18n
from yuqing_cli.digest.page import page
from yuqing_cli.models import Answer, Ask, Source
from yuqing_cli.records import replace
from yuqing_cli.render import atom, charts, html
from yuqing_cli.sources.feed import read

CHINESE = i18n.choose("zh")
ATOM = "{http://www.w3.org/2005/Atom}"
VOID = {"meta", "br", "img", "link", "rect", "line", "circle"}


class Structure(HTMLParser):
    """Ids, headings, and whether every tag is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.refers += (given.get("aria-labelledby") or "").split()
        if (given.get("href") or "").startswith("#"):
            self.refers.append((given["href"] or "")[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("day", pages())
def test_the_html_is_well_formed_and_every_reference_has_its_end(day: str) -> None:
    found = Structure(html.render(pages()[day], CHINESE))
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids)
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(found.headings, found.headings[1:], strict=False))


def test_an_event_that_is_open_from_before_and_reported_today_has_one_id_each() -> None:
    day = ordinary()
    twice = replace(day, matters=tuple(replace(matter, event=day.events[3].id) for matter in day.matters[:1]))
    found = Structure(html.render(page(twice), CHINESE))
    assert len(found.ids) == len(set(found.ids))


def test_what_mail_programs_drop_is_not_needed() -> None:
    text = html.render(page(ordinary()), CHINESE)
    body = text.split("<body", 1)[1]
    assert not re.search(
        r"<(?:script|link|iframe|form|object|img|style)\b|@import|url\(", text.split("<style>")[0] + body
    )
    styles = " ".join(re.findall(r'style="([^"]*)"', body))
    assert not re.search(r"var\(|flex|grid-|position:|float:", styles)
    # What a drawing shows is said in words or numbers, too: the policy of a mail program may drop it.
    bare = re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)
    assert all(count.name in bare for count in ordinary().by_source)
    assert str(max(ordinary().hourly)) in bare


def test_gmail_shows_the_whole_of_an_ordinary_day() -> None:
    assert len(html.render(page(ordinary()), CHINESE).encode()) < 102 * 1024


def test_drawings_stay_inside_their_box() -> None:
    for digest in (ordinary(), accident()):
        hours = charts.hours(digest)
        assert hours
        assert all(bar.x >= 0 and bar.x + bar.width <= charts.WIDTH for bar in hours.bars)
        assert all(bar.y >= 0 and bar.y + bar.height <= charts.HOURS_HIGH + 0.01 for bar in hours.bars)
        assert sum(bar.count for bar in hours.bars) == sum(digest.hourly)
        line = charts.timeline(digest, digest.events[:8])
        assert line
        assert all(charts.LABELS <= life.x1 <= life.x2 <= charts.WIDTH for life in line.lives)
    assert charts.hours(replace(ordinary(), hourly=(0,) * 24)) is None
    assert charts.timeline(ordinary(), ordinary().events[:1]) is None


def feed(digest_page: object = None) -> ET.Element:
    return ET.fromstring(atom.render(page(ordinary()) if digest_page is None else digest_page, CHINESE))  # type: ignore[arg-type]


def test_the_feed_has_what_the_standard_demands() -> None:
    root = feed()
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert (element.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
    ids = [node.text for node in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert root.findtext(f"{ATOM}author/{ATOM}name") == ordinary().station
    for node in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
        assert datetime.fromisoformat(node.text or "").utcoffset() == timedelta(hours=8)
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "") == ordinary().as_of


def test_the_next_issue_of_the_feed_knows_its_events_again() -> None:
    def ids(root: ET.Element) -> list[str]:
        return [entry.findtext(f"{ATOM}id") or "" for entry in root.iter(f"{ATOM}entry")]

    day = ordinary()
    later = replace(day, issue=259, start=day.end, end=day.end + timedelta(days=1), events=day.events[:4])
    first, second = feed(), feed(page(later))
    assert first.findtext(f"{ATOM}id") == second.findtext(f"{ATOM}id")
    assert ids(second)[1:] == ids(first)[1:5]
    assert ids(second)[0] != ids(first)[0]
    assert feed(page(replace(day, station="别县"))).findtext(f"{ATOM}id") != first.findtext(f"{ATOM}id")


def test_our_own_reader_reads_the_feed() -> None:
    body = atom.render(page(ordinary()), CHINESE).encode()
    url = "https://a.example/digest.xml"
    found = read(Source("d", "feed", url), Answer(Ask("d", url), url, 200, {}, body), NOW.replace(year=2027))
    assert len(found.posts) == 1 + len(ordinary().events)
    assert found.posts[1].url == ordinary().events[0].links[0].url
    assert found.posts[1].published == ordinary().events[0].first_seen
