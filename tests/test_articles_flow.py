"""Beyond one answer: the pages behind headlines, further pages of a list, files in a folder, and what a silence means."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import pytest

from conftest import NOW, Clock, MakeWire, Wire, feed, keyword_set
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import Source
from yuqing_cli.sources.options import FeedOptions, FilesOptions, PageOptions
from yuqing_cli.sources.wishes import PER_RUN
from yuqing_cli.times import from_ms
from yuqing_cli.workflows.fetch import Fetch
from yuqing_cli.workflows.outcome import Judge, Report

A = "https://a.example/feed"
SENTENCE = "青禾水务今天上午通知，城东片区因管网抢修停水八小时，恢复时间另行通知，居民可到临时供水点取水。"
HEADLINES = Source("a", "feed", A, options=FeedOptions())


def item(number: int, title: str = "关于城东片区的紧急通知", **more: str) -> dict[str, str]:
    return {"title": title, "link": f"https://a.example/{number}.html", "guid": str(number)} | more


def page(text: str = SENTENCE * 4, head: str = "") -> httpx.Response:
    body = f"<h1>通知</h1><p>来源：青禾日报</p><article><p>{text}</p></article>"
    html = f"<html><head><title>通知</title>{head}</head><body>{body}</body></html>"
    return httpx.Response(200, html=html)


def run(store: Store, wire: Wire, *sources: Source, folder: Path = Path()) -> Report:
    judge = Judge(Matcher(keyword_set()), ScoringSettings(), masked=True)
    with wire.web() as web:
        return Fetch(store, web, judge, wire.clock, Random(1), folder=folder).run(sources, force=True)


def rows(store: Store) -> dict[str, dict[str, object]]:
    return {str(row["url"]).rpartition("/")[2]: row for row in store.export_posts(None)}


# ---- the page behind a headline ----


def test_a_headline_without_a_text_is_judged_by_its_page_which_is_asked_once(store: Store, wire: MakeWire) -> None:
    w = wire({A: feed(item(1)), "https://a.example/1.html": page()})
    report = run(store, w, HEADLINES)
    assert (report.articles, report.saved.new, report.saved.changed) == (1, 1, 0)
    row = rows(store)["1.html"]
    assert SENTENCE in str(row["text"])
    assert json.loads(str(row["topics"])) == ["outage"]
    run(store, w, HEADLINES)
    assert w.asked == [A, "https://a.example/1.html", A]


def test_the_origin_and_a_date_that_only_the_page_has_are_kept(store: Store, wire: MakeWire) -> None:
    head = '<meta property="article:published_time" content="2026-03-10T08:15:00+08:00">'
    run(store, wire({A: feed(item(1)), "https://a.example/1.html": page(head=head)}), HEADLINES)
    (row,) = rows(store).values()
    assert from_ms(int(str(row["published_at"]))) == NOW - timedelta(hours=1, minutes=45)
    assert store.whole(str(row["id"])).article == "read"


def test_a_summary_is_enough_and_its_page_is_not_asked(store: Store, wire: MakeWire) -> None:
    w = wire({A: feed(item(1, description="城东停水"))})
    run(store, w, HEADLINES)
    assert w.asked == [A]


def test_a_source_that_says_off_never_has_its_pages_asked(store: Store, wire: MakeWire) -> None:
    w = wire({A: feed(item(1))})
    run(store, w, Source("a", "feed", A, options=FeedOptions(article="off")))
    assert w.asked == [A]


def test_personal_numbers_in_an_article_are_masked(store: Store, wire: MakeWire) -> None:
    text = SENTENCE * 3 + "联系电话13800001234。"
    run(store, wire({A: feed(item(1)), "https://a.example/1.html": page(text)}), HEADLINES)
    (row,) = rows(store).values()
    assert "13800001234" not in str(row["text"])
    assert "■" in str(row["text"])


@pytest.mark.parametrize(
    "answer", [httpx.Response(404), httpx.Response(200, content=b"%PDF", headers={"content-type": "application/pdf"})]
)
def test_a_page_that_cannot_be_read_leaves_the_headline_and_is_not_asked_again(
    store: Store, wire: MakeWire, answer: httpx.Response
) -> None:
    w = wire({A: feed(item(1, "城东停水")), "https://a.example/1.html": answer})
    report = run(store, w, HEADLINES)
    assert (report.ok, report.failed, len(report.remarks)) == (1, 0, 1)
    run(store, w, HEADLINES)
    assert w.asked.count("https://a.example/1.html") == 1
    assert [row["title"] for row in store.export_posts(None)] == ["城东停水"]


def test_a_page_that_timed_out_is_asked_again_in_the_next_run_even_when_the_feed_has_not_changed(
    store: Store, wire: MakeWire
) -> None:
    w = wire({A: feed(item(1)), "https://a.example/1.html": httpx.ReadTimeout("slow")})
    run(store, w, HEADLINES)
    w.pages["https://a.example/1.html"] = page()
    report = run(store, w, HEADLINES)
    assert (report.not_modified, report.articles) == (1, 1)


def test_a_headline_that_is_corrected_keeps_the_text_of_its_page(store: Store, wire: MakeWire) -> None:
    w = wire({A: feed(item(1)), "https://a.example/1.html": page()})
    run(store, w, HEADLINES)
    w.pages[A] = feed(item(1, "关于城东片区的紧急通知（更正）"))
    report = run(store, w, HEADLINES)
    (row,) = rows(store).values()
    assert report.saved.changed == 1
    assert row["title"] == "关于城东片区的紧急通知（更正）"
    assert SENTENCE in str(row["text"])
    assert run(store, w, HEADLINES).saved.changed == 0


def test_a_new_source_reads_only_so_many_pages_of_its_back_catalogue(store: Store, wire: MakeWire) -> None:
    items = [item(n) for n in range(PER_RUN + 10)]
    w = wire({A: feed(*items)} | {f"https://a.example/{n}.html": page() for n in range(PER_RUN + 10)})
    assert run(store, w, HEADLINES).articles == PER_RUN
    assert run(store, w, HEADLINES).articles == 0


def test_a_page_that_robots_forbids_is_not_asked(store: Store, wire: MakeWire) -> None:
    robots = httpx.Response(200, text="User-agent: *\nDisallow: /1.html\n")
    w = wire({A: feed(item(1)), "https://a.example/robots.txt": robots, "https://a.example/1.html": page()})
    report = run(store, w, HEADLINES)
    assert w.asked == [A]
    assert (report.ok, report.disallowed) == (1, 0)


# ---- further pages ----

LIST = '<ul>{items}</ul><a class="next" href="/list?page=2">下一页</a>'


def listing(*numbers: int) -> httpx.Response:
    items = "".join(
        f'<li><a href="/n/{n}.html">城东片区第{n}次停水通知</a><span>2026-03-0{n}</span></li>' for n in numbers
    )
    return httpx.Response(200, html=f"<html><body>{LIST.format(items=items)}</body></html>")


def test_the_next_page_of_a_list_is_read_and_its_failure_leaves_the_first(store: Store, wire: MakeWire) -> None:
    options = PageOptions(item="li", title="a", link="a@href", date="span", next="a.next@href", pages=2, article="off")
    source = Source("l", "page", "https://l.example/list", options=options)
    w = wire({source.url: listing(1, 2, 3), "https://l.example/list?page=2": httpx.Response(500)})
    report = run(store, w, source)
    assert (report.ok, report.failed, len(report.remarks), report.saved.new) == (1, 0, 1, 3)
    w.pages[source.url] = listing(1, 2, 3, 4)
    w.pages["https://l.example/list?page=2"] = listing(5, 6)
    assert run(store, w, source).saved.new == 3


# ---- files ----


def test_files_in_a_folder_are_a_source_and_one_broken_file_does_not_stop_the_others(
    store: Store, wire: MakeWire, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.jsonl").write_text('{"title": "城东停水", "url": "https://q.example/1"}\n', "utf-8")
    (inbox / "b.csv").write_text("nothing\n1\n", "utf-8")
    (inbox / "notes.md").write_text("not ours", "utf-8")
    source = Source("drop", "files", "", "community", options=FilesOptions(path="inbox"))
    report = run(store, wire({}), source, folder=tmp_path)
    assert (report.ok, report.saved.new, len(report.remarks)) == (1, 1, 1)
    assert run(store, wire({}), source, folder=tmp_path).not_modified == 1
    (inbox / "c.csv").write_text("title\n城西停水\n", "gbk")
    assert run(store, wire({}), source, folder=tmp_path).saved.new == 1


def test_a_folder_without_files_fails_and_says_where_it_looked(store: Store, wire: MakeWire, tmp_path: Path) -> None:
    source = Source("drop", "files", "", options=FilesOptions(path="nowhere"))
    report = run(store, wire({}), source, folder=tmp_path)
    assert report.failed == 1
    assert "nowhere" in str(report.failures[0].reason)


# ---- silence ----


def test_a_source_that_falls_silent_is_told_so_and_a_post_ends_it(store: Store, wire: MakeWire, clock: Clock) -> None:
    w = wire({})
    source = Source("a", "feed", A, every=timedelta(hours=1), options=FeedOptions(article="off"))
    for hour in range(24 * 15):
        w.pages[A] = feed(item(hour // 3, f"第{hour // 3}条消息"))
        run(store, w, source)
        clock.forward(hours=1)
    assert store.states()["a"].verdict == "ok"
    w.pages[A] = httpx.Response(200, content=feed(item(9999, "最后一条")).content)
    for _ in range(24 * 4):
        run(store, w, source)
        clock.forward(hours=1)
    state = store.states()["a"]
    assert state.verdict in {"silent", "frozen"}
    assert store.spells(clock.now - timedelta(hours=2), clock.now)[-1].reason == state.verdict
    w.pages[A] = feed(item(10_000, "又有消息了"))
    run(store, w, source)
    assert store.states()["a"].verdict == "ok"
