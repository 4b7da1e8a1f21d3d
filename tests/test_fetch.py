"""Fetch through the whole pipeline: a fake wire at one end, real SQLite at the other."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, Clock, MakeWire, Page, Wire, feed, keyword_set, rss
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import Source
from yuqing_cli.workflows.fetch import Fetch
from yuqing_cli.workflows.outcome import Judge, Report

A, B = "https://a.example/feed", "https://b.example/feed"
PAGE = httpx.Response(200, html="<!doctype html><html><body><p>维护中</p></body></html>")
BROKEN: dict[str, Page] = {
    "404": httpx.Response(404),
    "410": httpx.Response(410),
    "500": httpx.Response(500),
    "403 with a page": httpx.Response(403, html="<p>no</p>"),
    "a web page": PAGE,
    "nothing": httpx.Response(200, content=b""),
    "blanks": httpx.Response(200, content=b" \n\n "),
    "garbage": httpx.Response(200, content=bytes(range(256)) * 40),
    "half a feed": httpx.Response(200, content=b"<?xml"),
    "not a JSON feed": httpx.Response(200, json={"items": "?"}),
    "JSON that ends": httpx.Response(200, content=b'{"items": ['),
    "deep JSON": httpx.Response(200, content=b'{"items":' + b"[" * 100_000),
    "billion laughs": httpx.Response(
        200, content=b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><html>&b;</html>'
    ),
    "a lie about gzip": httpx.Response(200, headers={"content-encoding": "identity"}, content=b"\x1f\x8b\x08"),
    "a time-out": httpx.ReadTimeout("slow"),
    "no connection": httpx.ConnectError("refused"),
    "a bug of the library": httpx.RemoteProtocolError("what"),
    "a redirect inward": httpx.Response(302, headers={"location": "http://127.0.0.1/"}),
    "a redirect in a circle": httpx.Response(302, headers={"location": B}),
}


def item(title: str = "停水通知", number: int = 1, hours: float = 1, **more: str) -> dict[str, str]:
    date = format_datetime(NOW - timedelta(hours=hours))
    return {"title": title, "link": f"https://a.example/{number}", "guid": str(number), "pubDate": date} | more


def source(name: str, url: str, **more: Any) -> Source:
    return Source(name, "feed", url, **more)


def run(store: Store, wire: Wire, *sources: Source, force: bool = True, masked: bool = True) -> Report:
    judge = Judge(Matcher(keyword_set()), ScoringSettings(), masked)
    with wire.web() as web:
        return Fetch(store, web, judge, wire.clock, Random(1)).run(sources, force=force)


def figures(report: Report) -> tuple[int, int, int, int]:
    return report.ok, report.not_modified, report.failed, report.disallowed


def everything(store: Store) -> str:
    """All that the file holds, as one text."""
    with sqlite3.connect(store.path) as connection:
        return "\n".join(connection.iterdump())


# ---- the plain way ----


def test_a_feed_becomes_posts_and_a_second_ask_finds_nothing_new(store: Store, wire: MakeWire, clock: Clock) -> None:
    web = wire({A: feed(item(), item("天气晴", 2))})
    report = run(store, web, source("a", A))
    assert figures(report) == (1, 0, 0, 0)
    assert (report.posts_seen, report.saved.new, report.saved.matched, report.saved.events_new) == (2, 2, 1, 1)
    clock.forward(hours=1)
    web.pages[A] = feed(item(), item("天气晴", 2), item("断水", 3))
    again = run(store, web, source("a", A))
    assert (again.saved.new, again.saved.changed, again.saved.matched) == (1, 0, 1)


def test_validators_are_sent_back_and_304_is_not_modified(store: Store, wire: MakeWire, clock: Clock) -> None:
    modified = "Tue, 10 Mar 2026 01:00:00 GMT"
    web = wire({A: [feed(item(), etag='"1"', last_modified=modified), httpx.Response(304)]})
    assert figures(run(store, web, source("a", A))) == (1, 0, 0, 0)
    clock.forward(hours=1)
    assert figures(run(store, web, source("a", A))) == (0, 1, 0, 0)
    asked = web.requests[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"1"', modified)
    assert store.states()["a"].last_success == clock.now


def test_the_same_bytes_again_are_not_modified_although_the_server_says_200(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    web = wire({A: feed(item())})
    run(store, web, source("a", A))
    assert figures(run(store, web, source("a", A))) == (0, 1, 0, 0)


def test_an_etag_that_lies_is_believed_for_a_day_at_most(store: Store, wire: MakeWire, clock: Clock) -> None:
    def liar(request: httpx.Request) -> httpx.Response:
        if "if-none-match" in request.headers:
            return httpx.Response(304)
        return feed(item(number=int(clock.now.timestamp())), etag='"for ever"')

    web = wire({A: liar})
    run(store, web, source("a", A))
    outcomes = []
    for _ in range(50):
        clock.forward(hours=1)
        outcomes.append(run(store, web, source("a", A)).ok)
    assert outcomes[:23] == [0] * 23
    assert sum(outcomes) == 2
    assert store.totals()[0] == 3


def test_a_304_to_an_ask_without_validators_does_not_make_a_baseline(store: Store, wire: MakeWire) -> None:
    run(store, wire({A: httpx.Response(304)}), source("a", A))
    state = store.states()["a"]
    assert (state.baseline_at, state.full_at) == (None, None)


def test_validators_are_not_kept_from_an_answer_that_could_not_be_read(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    broken = httpx.Response(200, headers={"etag": '"broken"'}, html="<html><p>维护中</p></html>")
    web = wire({A: [feed(item(), etag='"1"'), broken, feed(item(), item("断水", 2))]})
    for _ in range(3):
        report = run(store, web, source("a", A))
        clock.forward(hours=1)
    assert [r.headers.get("if-none-match") for r in web.requests if r.url.path == "/feed"] == [None, '"1"', '"1"']
    assert report.saved.new == 1


def test_a_source_that_moved_to_another_address_begins_anew(store: Store, wire: MakeWire, clock: Clock) -> None:
    web = wire({A: feed(item(), etag='"1"'), B: feed(item(), item("断水", 2))})
    run(store, web, source("a", A))
    clock.forward(hours=1)
    run(store, web, source("a", B))
    assert "if-none-match" not in web.requests[-1].headers
    assert store.states()["a"].baseline_at == clock.now


def test_only_what_is_due_is_asked_and_force_asks_all(store: Store, wire: MakeWire, clock: Clock) -> None:
    web = wire({A: feed(item()), B: feed(item())})
    both = source("a", A, every=timedelta(minutes=10)), source("b", B, every=timedelta(hours=2))
    assert run(store, web, *both, force=False).sources == 2
    clock.forward(minutes=5)
    assert run(store, web, *both, force=False).sources == 0
    clock.forward(minutes=7)
    assert run(store, web, *both, force=False).sources == 1
    assert run(store, web, *both, force=True).sources == 2


def test_the_first_reading_is_the_baseline_and_a_failure_before_it_changes_nothing(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    web = wire({A: [httpx.Response(500), feed(item(), item("昨天停水", 2, hours=30)), feed(item("断水", 3, hours=31))]})
    for _ in range(3):
        run(store, web, source("a", A))
        clock.forward(hours=1)
    with sqlite3.connect(store.path) as connection:
        rows = connection.execute("SELECT title, baseline FROM posts ORDER BY title").fetchall()
    assert rows == [("停水通知", 1), ("断水", 0), ("昨天停水", 1)]


# ---- one failing source ----


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_source_is_counted_and_stops_nobody(store: Store, wire: MakeWire, name: str) -> None:
    web = wire({A: feed(item()), B: BROKEN[name], "https://c.example/feed": feed(item("断水", 9))})
    report = run(store, web, source("a", A), source("b", B), source("c", "https://c.example/feed"))
    assert figures(report) == (2, 0, 1, 0)
    assert [failure.source for failure in report.failures] == ["b"]
    assert report.failures[0].kind in {"hard", "soft", "temporary", "refused"}
    assert str(report.failures[0].reason)
    assert store.states()["b"].last_error
    assert store.states()["b"].last_success is None
    assert store.totals()[0] == 2


def test_a_kind_that_crashes_is_one_failed_source(
    store: Store, wire: MakeWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yuqing_cli.sources import feed as kind

    monkeypatch.setattr(kind, "decode", lambda *_a, **_k: 1 / 0)
    report = run(store, wire({A: feed(item())}), source("a", A))
    assert (figures(report), report.failures[0].kind) == ((0, 0, 1, 0), "hard")


@pytest.mark.parametrize(
    "entry",
    [
        {"title": "停水\ud800", "url": "https://b.example/\ud800", "id": "\ud800"},
        {"title": "停水", "url": "https://b.example/\u0000\u001b[31m", "id": "\u0000"},
        {"title": "停水", "url": "https://b.example/" + "x" * 5000, "id": "1"},
        {"title": "停水", "url": "https://[b/", "id": "1"},
        {"title": "停水", "url": "javascript:alert(1)", "id": "1"},
        {"title": "停水", "id": 1e308, "url": 7},
        {"title": {"no": "text"}, "content_text": "停水", "id": True},
        {"title": "停水" * 100_000, "id": "1"},
        {"title": "停水", "id": "1", "date_published": "99999-99-99T99:99:99+99:99"},
        {"title": "停水", "id": "1", "date_published": "0001-01-01T00:00:00+14:00"},
        {"title": "停水", "id": "1", "date_published": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_no_entry_of_a_hostile_feed_stops_the_run(store: Store, wire: MakeWire, entry: dict[str, Any]) -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "t",
        "items": [entry, {"id": "z", "title": "断水"}],
    }
    web = wire({B: httpx.Response(200, content=json.dumps(document)), A: feed(item())})
    report = run(store, web, source("b", B), source("a", A))
    assert report.sources == 2
    assert report.ok >= 1
    urls = [row["url"] for row in store.export_posts(None)]
    assert all(url == "" or (url.startswith("http") and url.isprintable()) for url in urls)


def test_robots_txt_is_obeyed_and_counted(store: Store, wire: MakeWire) -> None:
    robots = httpx.Response(200, text="User-agent: *\nDisallow: /\n")
    web = wire({A: feed(item()), "https://a.example/robots.txt": robots})
    assert figures(run(store, web, source("a", A))) == (0, 0, 0, 1)
    assert web.asked == []


def test_a_failure_is_the_first_until_the_next_success(store: Store, wire: MakeWire, clock: Clock) -> None:
    web = wire({A: [httpx.Response(500), httpx.Response(500), feed(item()), httpx.Response(404)]})
    first = []
    for _ in range(4):
        first += [failure.first for failure in run(store, web, source("a", A)).failures]
        clock.forward(hours=1)
    assert first == [True, False, True]


OUTCOMES: Mapping[str, Page] = {
    "ok": feed(item()),
    "304": httpx.Response(304),
    "404": httpx.Response(404),
    "html": PAGE,
    "down": httpx.ConnectError("down"),
}


@given(st.lists(st.lists(st.sampled_from([*OUTCOMES, "robots"]), min_size=4, max_size=4), min_size=1, max_size=4))
@hypothesis_settings(deadline=None, max_examples=25)
def test_the_report_sums_up_whatever_happens(rounds: list[list[str]]) -> None:
    clock = Clock()
    sources = [source(f"s{i}", f"https://s{i}.example/feed") for i in range(4)]
    with Store(Path(":memory:")) as store:
        for outcomes in rounds:
            web = Wire({}, clock)
            for one, outcome in zip(sources, outcomes, strict=True):
                if outcome == "robots":
                    web.pages[f"https://{one.name}.example/robots.txt"] = httpx.Response(
                        200, text="User-agent: *\nDisallow: /"
                    )
                else:
                    web.pages[one.url] = OUTCOMES[outcome]
            report = run(store, web, *sources)
            assert report.sources == 4 == sum(figures(report))
            assert len(report.failures) == report.failed
            assert report.disallowed == outcomes.count("robots")
            clock.forward(hours=25)
        assert len(store.states()) == 4


# ---- what must not be stored ----


def test_authors_cannot_pass(store: Store, wire: MakeWire) -> None:
    extra = {"author": "writer@a.example (王小明)", "dc:creator": "王小明", "media:credit": "王小明"}
    document = rss(item() | extra, extra="<managingEditor>王小明</managingEditor>")
    document = document.replace(
        b"<rss ",
        b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" ',
    )
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>t</id><author><name>王小明</name>
        <uri>https://b.example/u/wang</uri></author><entry><id>1</id><title>停水</title><author><name>王小明</name>
        <email>writer@a.example</email></author><link href="https://b.example/1"/><summary>断水</summary></entry></feed>"""
    json_feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "title": "停水",
                "author": {"name": "王小明"},
                "authors": [{"name": "王小明", "url": "https://c.example/u/wang"}],
            }
        ],
    }
    c = "https://c.example/feed"
    web = wire(
        {
            A: httpx.Response(200, content=document),
            B: httpx.Response(200, text=atom),
            c: httpx.Response(200, json=json_feed),
        }
    )
    assert run(store, web, source("a", A), source("b", B), source("c", c)).saved.new == 3
    assert not [word for word in ("王小明", "writer", "/u/wang") if word in everything(store)]


def test_numbers_of_people_are_masked_before_they_are_stored_in_titles_texts_and_history(
    store: Store, wire: MakeWire, clock: Clock
) -> None:
    said = "停水请致电 13812345678 或 wang@mail.example"
    web = wire({A: [feed(item(said, description=said)), feed(item(said + "。", description=said))]})
    run(store, web, source("a", A))
    clock.forward(hours=1)
    run(store, web, source("a", A))
    assert "13812345678" not in everything(store)
    assert "wang@mail" not in everything(store)
    assert "■■■■■■■■■■■" in everything(store)


def test_the_reason_of_a_failure_is_harmless(store: Store, wire: MakeWire) -> None:
    web = wire({A: httpx.Response(302, headers={"location": "https://x.example/\x1b[31m"})})
    run(store, web, source("a", A))
    assert store.states()["a"].last_error.isprintable()


def test_the_reason_of_a_failure_is_masked(store: Store, wire: MakeWire, monkeypatch: pytest.MonkeyPatch) -> None:
    from yuqing_cli.sources import feed as kind

    def crash(*_arguments: object) -> None:
        raise ValueError("no date: 电话 13812345678")

    monkeypatch.setattr(kind, "decode", crash)
    run(store, wire({A: feed(item())}), source("a", A))
    assert "电话 ■■■■■■■■■■■" in store.states()["a"].last_error
    assert "13812345678" not in everything(store)


def test_without_masking_numbers_stay(store: Store, wire: MakeWire) -> None:
    run(store, wire({A: feed(item("停水 13812345678"))}), source("a", A), masked=False)
    assert "13812345678" in everything(store)


def test_terms_under_a_mask_do_not_match(store: Store, wire: MakeWire) -> None:
    run(store, wire({A: feed(item("联系 tingshui@mail.example"))}), source("a", A))
    assert store.totals() == (1, 0, 0)
