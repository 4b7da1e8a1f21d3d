"""Every format over the fictional days, and over what strangers may write: the same bytes for the same digest, and never any harm."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import chain, cycle
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from town_digests import ordinary, pages
from yuqing_cli import i18n
from yuqing_cli.adapters.terminal.page import page_text
from yuqing_cli.digest.compare import Tally
from yuqing_cli.digest.page import Page, page
from yuqing_cli.digest.review import Against, LevelLine, Review, ReviewEvent
from yuqing_cli.digest.sections import Count, Matter, Note
from yuqing_cli.digest.shapes import Digest, DigestEvent
from yuqing_cli.records import replace
from yuqing_cli.render import digest_json, review, sections, words
from yuqing_cli.render.formats import BINARY, DIGEST_FORMATS, REVIEW_FORMATS

LANGUAGES = {"en": i18n.choose("en"), "zh": i18n.choose("zh")}
FORMATS = {"text": lambda shown, words: page_text(sections.outline(shown, words)), **DIGEST_FORMATS}
REVIEWS = {"text": lambda made, t: page_text(review.outline(made, t)), **REVIEW_FORMATS}

HOSTILE = {
    "escapes": "停水\x1b[31m红\x1b]8;;http://evil.example\x07\x9b2J",
    "direction": "停水\u202e价特日今\u2066x\u2069\u200f",
    "rich": "停水 [bold red]x[/bold red] [link=http://evil.example]y[/link] :smile:",
    "script": "停水<script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)>&lt;b&gt;",
    "attribute": '停水" onmouseover="alert(1)" x=\'y\'',
    "markdown": "停水 [x](http://evil.example) **b** `c` ![i](//evil.example/i) # h ~~s~~ | t |",
    "formula": '=HYPERLINK("http://evil.example","停水")',
    "formulas": "+cmd|' /C calc'!A0",
    "template": "停水{{ 7*7 }}{% raw %}{count} %s ${x}",
    "long": "停水" + "很" * 3_000,
    "unbroken": "x" * 3_000,
    "emoji": "停水👩‍👩‍👧‍👦🏳️‍🌈👍🏽" * 3,
    "marks": "停水Z" + "\u0301\u0302\u0336" * 60 + "ệ",
    "surrogate": "停水\ud83d 半个\udc00",
    "noncharacter": "停水\ufffe\uffff\x00\x08\x0b",
    "xml": "停水]]><!--x--><?php ?>&bogus;",
    "blank": " \u200b\u2028 ",
}
ADDRESSES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
             "http://a b.example/", "https://a.example/\x1b]8;;", "https://a.example/\u202egpj", "//evil.example",
             "mailto:x@y.example", "https://a.example/\ud800")  # fmt: skip
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200f\u2028\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def poisoned(*texts: str, addresses: tuple[str, ...] = ("https://a.example/1",)) -> Digest:
    """The ordinary day with these, in turn, in every place that a stranger can reach, and in those that the desk fills."""
    urls, words_ = cycle(addresses), cycle(texts)

    def text() -> str:
        return next(words_)

    def poison(event: DigestEvent) -> DigestEvent:
        links = tuple(replace(link, title=text(), url=next(urls), source=text()) for link in event.links)
        return replace(event, title=text(), excerpt=text(), terms=(text(),), highlights=((0, 2), (1, 9), (50, 60)), links=links,
                       origin=text(), owner=text(), playbook=text(), answer=next(urls),
                       notes=(Note(event.first_seen, text()),))  # fmt: skip

    def handed(matter: Matter) -> Matter:
        notes = (Note(matter.first_seen, text()),)
        return replace(matter, title=text(), owner=text(), answer=next(urls), notes=notes)

    day = ordinary()
    named = tuple(replace(source, name=text(), reason=text(), state="failing") for source in day.coverage.sources)
    return replace(
        day,
        station=text(),
        shift=text(),
        events=tuple(map(poison, day.events)),
        coverage=replace(day.coverage, sources=named),
        matters=tuple(map(handed, day.matters)),
        hot=tuple(replace(entry, title=text(), url=next(urls), source=text()) for entry in day.hot),
        rising=tuple(replace(word, word=text()) for word in day.rising),
        by_source=tuple(replace(count, name=text(), title=text()) for count in day.by_source),
        suppressed={text(): 2},
        suppressed_samples=tuple(replace(e, rule=text(), samples=(("p1", text()),)) for e in day.suppressed_samples),
    )


def poisoned_review(*texts: str, addresses: tuple[str, ...] = ("https://a.example/1",)) -> Review:
    """The same of a periodic review."""
    urls, words_, day = cycle(addresses), cycle(texts), ordinary()

    def text() -> str:
        return next(words_)

    def told(event: DigestEvent) -> ReviewEvent:
        counts = (event.score, text(), event.first_seen, event.last_seen, event.posts, event.sources, (text(),), text())
        return ReviewEvent(
            event.id, event.level, *counts, event.status, next(urls), 2.5, event.links[0].post, next(urls)
        )

    before = Against(day.start - timedelta(days=7), day.start, Tally(100, 20, 10))
    named = tuple(replace(source, name=text(), reason=text(), state="failing") for source in day.coverage.sources)
    return Review(
        text(), day.timezone, day.start, day.start + timedelta(days=7), day.as_of, Tally(143, 17, 9),
        (LevelLine("red", 1, 1, 1, 2.5), LevelLine("blue", 8, 0, 0, None)),
        tuple(Count(text(), 3, 2, text()) for _ in range(20)), tuple(Count(text(), 3, 2) for _ in range(10)),
        (("2026-09-15", 17),), 1, 2.5, 1, tuple(map(told, day.events)), 7, before, before,
        replace(day.coverage, sources=named), "0.1.0", "3f9c27d1a0b4",
    )  # fmt: skip


def poisoned_pages(*texts: str, **given: Any) -> tuple[Page, Review]:
    """All reports that there are, with these everywhere; of a digest with all events in full."""
    return page(poisoned(*texts, **given), top=9), poisoned_review(*texts, **given)


def harmless() -> tuple[Page, Review]:
    """The same without a drop of it."""
    return page(ordinary(), top=9), poisoned_review("停水")


def drawn(name: str, shown: Page | Review, language: str = "zh") -> bytes:
    formats: dict[str, Any] = REVIEWS if isinstance(shown, Review) else FORMATS
    made = formats[name](shown, LANGUAGES[language])
    return made if isinstance(made, bytes) else made.encode()


def parts(made: bytes) -> Iterator[tuple[str, str]]:
    """The XML of an office file."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, archive.read(name).decode()


def texts(name: str, made: bytes) -> str:
    return "".join(text for _, text in parts(made)) if name in BINARY else made.decode()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("day", pages())
def test_the_same_digest_is_the_same_bytes_also_when_it_comes_from_the_stored_issue(name: str, day: str) -> None:
    shown = pages()[day]
    stored = digest_json.from_data(json.loads(digest_json.dumps(shown.digest)))
    assert stored == shown.digest
    assert drawn(name, page(stored, audience=shown.audience)) == drawn(name, shown)


@pytest.mark.parametrize("name", sorted(BINARY))
def test_no_office_file_holds_the_time_of_the_machine(name: str) -> None:
    made = drawn(name, page(ordinary()))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert f"{datetime.now(UTC):%Y-%m-%d}" not in texts(name, made)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in BINARY])
@pytest.mark.parametrize("poison", HOSTILE)
def test_what_strangers_write_moves_no_cursor_hides_nothing_and_breaks_no_document(name: str, poison: str) -> None:
    for held in poisoned_pages(HOSTILE[poison])[: 1 if name == "atom" else 2]:
        made = drawn(name, held)
        if name == "json":
            assert json.loads(made)["schema"] == 1
            continue
        shown = made.decode()
        assert not _BAD.search(shown)
        assert "\u0301\u0302\u0336\u0301" not in shown
        if name == "atom":
            ET.fromstring(made)


@pytest.mark.parametrize("name", sorted(BINARY))
def test_what_strangers_write_breaks_no_office_file_and_is_no_formula(name: str) -> None:
    for part, text in chain(*(parts(drawn(name, held)) for held in poisoned_pages(*HOSTILE.values()))):
        ET.fromstring(text)
        assert not _BAD.search(text)
        assert "\u0301\u0302\u0336\u0301" not in text
        assert not re.search(r"<(?:\w+:)?f[ >]", text) or not part.startswith("xl/worksheets/")


class Tags(HTMLParser):
    """Counts tags and attributes, collects addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize("poison", [name for name in HOSTILE if name not in {"blank", "marks"}])
def test_no_text_makes_a_tag_or_an_attribute_in_html(poison: str) -> None:
    clean, held = ([drawn("html", one) for one in shown] for shown in (harmless(), poisoned_pages(HOSTILE[poison])))
    for known, found in ((Tags(a.decode()), Tags(b.decode())) for a, b in zip(clean, held, strict=True)):
        assert {tag for tag, _ in found.seen} <= {tag for tag, _ in known.seen}
        assert set(found.seen) <= set(known.seen)
        assert all(address.startswith(("https://a.example/", "#s-")) for address in found.addresses)


@pytest.mark.parametrize("poison", HOSTILE)
def test_no_text_makes_a_tag_in_a_feed(poison: str) -> None:
    feed = ET.fromstring(drawn("atom", page(poisoned(HOSTILE[poison]))))
    for content in feed.iter("{http://www.w3.org/2005/Atom}content"):
        assert {tag for tag, _ in Tags(content.text or "").seen} <= {"p"}


def links(name: str, made: bytes) -> list[str]:
    """Where a drawn digest leads."""
    if name in BINARY:
        outside = [
            node for _, text in parts(made) for node in ET.fromstring(text) if node.get("TargetMode") == "External"
        ]
        return [node.get("Target", "") for node in outside]
    if name == "markdown":
        return re.findall(r"\]\(([^)]*)\)", made.decode())
    return [address for address in Tags(made.decode()).addresses if not address.startswith("#s-")]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_only_addresses_of_the_web_become_links(name: str) -> None:
    many = 1 if name == "atom" else 2
    for held in poisoned_pages("停水", addresses=ADDRESSES)[:many]:
        assert links(name, drawn(name, held)) == []
    for held in poisoned_pages("停水")[:many] if name != "text" else ():
        assert set(links(name, drawn(name, held))) == {"https://a.example/1"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
@pytest.mark.parametrize("day", pages())
def test_every_format_says_the_bottom_line_and_the_coverage(name: str, day: str, language: str) -> None:
    shown = re.sub(r"\s|\\\\", "", texts(name, drawn(name, pages()[day], language)))
    digest, say = pages()[day].digest, LANGUAGES[language]
    for said in (*words.bottom_sentences(digest, say), words.coverage_line(digest.coverage, say)):
        assert re.sub(r"\s", "", said) in shown
