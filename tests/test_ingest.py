"""Ingest: rows that people hand in become posts the same way as fetched ones; a bad row is refused with its line, the others go on."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from conftest import NOW, Clock, keyword_set, save, settings
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.errors import UsageError
from yuqing_cli.models import RawPost
from yuqing_cli.sources import rows
from yuqing_cli.times import from_ms
from yuqing_cli.workflows.ingest import Ingest
from yuqing_cli.workflows.outcome import Judge

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def hand_in(store: Store, clock: Clock, tmp_path: Path) -> Any:
    """``hand_in(name, body)``: the workflow after it has run over that file."""

    def run(name: str, body: str | bytes, sources: Any = "") -> Ingest:
        path = tmp_path / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        judge = Judge(Matcher(keyword_set()), ScoringSettings(), True)
        work = Ingest(store, settings(sources), judge, clock, ZONE)
        work.run([path])
        return work

    return run


def stored(store: Store) -> list[dict[str, Any]]:
    return list(store.export_posts(None))


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def refused(work: Ingest) -> list[str]:
    return [str(failure.reason) for failure in work.report.failures]


def test_a_row_of_json_lines_becomes_a_matched_post(store: Store, hand_in: Any) -> None:
    row = {
        "title": "停水",
        "text": "青禾水务",
        "url": "https://a.example/1",
        "published_at": "2026-03-09 08:00",
        "source": "热线",
    }
    work = hand_in("x.jsonl", lines(row))
    assert (work.report.sources, work.report.ok, work.report.saved.new, work.report.saved.events_new) == (1, 1, 1, 1)
    (made,) = stored(store)
    assert (made["source"], made["tier"], made["title"], made["text"]) == ("热线", "community", "停水", "青禾水务")
    assert from_ms(made["published_at"]) == datetime(2026, 3, 9, 8, tzinfo=ZONE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_from_excel_is_read_in_its_encoding(store: Store, hand_in: Any, encoding: str) -> None:
    text = (
        '\u7f16\u53f7,Title,TEXT,source\r\n1,停水通知，请居民储水备用,"第一行\r\n第二行",市民热线平台\r\n2,断水,,\r\n'
    )
    hand_in("热线.csv", text.encode(encoding))
    assert {(row["title"], row["text"], row["source"]) for row in stored(store)} == {
        ("停水通知，请居民储水备用", "第一行\n第二行", "市民热线平台"),
        ("断水", "", "热线"),
    }


def test_an_array_of_json_is_read_like_its_lines(store: Store, hand_in: Any) -> None:
    hand_in("x.json", json.dumps([{"title": "停水"}, {"title": "断水"}], indent=2))
    assert len(stored(store)) == 2


def test_authors_and_unknown_keys_are_never_stored(store: Store, hand_in: Any) -> None:
    row = {
        "title": "停水",
        "author": "王小明",
        "nickname": "小明",
        "avatar": "https://a.example/u.png",
        "deep": {"x": "王小明"},
    }
    assert hand_in("x.jsonl", lines(row)).report.failed == 0
    hand_in("y.csv", "title,author,profile\n断水,王小明,https://a.example/u/小明\n")
    with sqlite3.connect(store.path) as connection:
        everything = "\n".join(connection.iterdump())
    assert not [word for word in ("小明", "u.png", "/u/") if word in everything]


def test_numbers_of_people_are_masked(store: Store, hand_in: Any) -> None:
    hand_in("x.jsonl", lines({"title": "停水 13812345678", "text": "a@b.example"}))
    (row,) = stored(store)
    assert "138" not in row["title"]
    assert "@" not in row["text"]


def test_no_zone_means_the_stations_and_no_date_means_now(store: Store, hand_in: Any, clock: Clock) -> None:
    rows: list[dict[str, Any]] = [
        {"title": "1", "published_at": "2026-03-09T08:00:00"},
        {"title": "2", "published_at": "2026-03-09T08:00:00Z"},
        {"title": "3"},
        {"title": "4", "published_at": ""},
        {"title": "5", "published_at": None},
    ]
    hand_in("x.jsonl", lines(*rows))
    times = {row["title"]: from_ms(row["published_at"]).isoformat() for row in stored(store)}
    now = clock.now.isoformat()
    assert times == {"1": "2026-03-09T00:00:00+00:00", "2": "2026-03-09T08:00:00+00:00", "3": now, "4": now, "5": now}


def test_any_age_is_stored(store: Store, hand_in: Any) -> None:
    hand_in("x.jsonl", lines({"title": "停水", "published_at": "1998-08-01"}))
    assert from_ms(stored(store)[0]["published_at"]).year == 1998


def test_a_date_that_cannot_be_used_is_told_and_the_row_is_kept(store: Store, hand_in: Any) -> None:
    work = hand_in(
        "x.jsonl", lines({"title": "停水", "published_at": "soon"}, {"title": "断水", "published_at": "2036-01-01"})
    )
    assert [problem.line for problem in work.warnings] == [1, 2]
    assert (work.report.refused_dates, len(stored(store))) == (2, 2)


BAD_ROWS = [
    '{"title": ""}',
    '{"text": "停水"}',
    '{"title": " \\u3000"}',
    '{"title": "停水", "url": "/relative"}',
    '{"title": "停水", "url": "javascript:alert(1)"}',
    '{"title": "停水", "url": "https://"}',
    '{"title": ["停水"]}',
    '{"title": "停水", "text": {"a": 1}}',
    '{"title": true}',
    '["停水"]',
    '"停水"',
    "null",
    "停水",
    '{"title": "停水"',
    "[" * 5000,
]


OTHERS = '{"title": "停水", "date": "2026-03-01", "link": "https://a.example/1", "author": "张三", "secret": "x"}\n'


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.jsonl", OTHERS), ("a.csv", "title,Date,link,author\n停水,2026-03-01,https://a.example/1,张三\n")],
)
def test_a_usual_other_name_of_a_key_that_no_row_has_is_told(hand_in: Any, name: str, body: str) -> None:
    told = {(dict(p.values)["key"], dict(p.values)["name"]) for p in hand_in(name, body).warnings}
    assert told == {("published_at", "date"), ("url", "link")}


def test_where_any_row_has_the_key_its_other_names_are_the_files_own_matter(hand_in: Any) -> None:
    dated = '{"title": "停电", "published_at": "2026-03-01", "url": "https://a.example/2"}\n'
    assert hand_in("a.jsonl", OTHERS + dated).warnings == []


@pytest.mark.parametrize("header", ["标题,链接", "url,Headline"])
def test_a_table_whose_title_has_another_name_is_told_how_to_call_it(hand_in: Any, header: str) -> None:
    with pytest.raises(UsageError) as told:
        hand_in("a.csv", f"{header}\nx,y\n")
    assert str(told.value.values["name"]) in header.lower()


@pytest.mark.parametrize("bad", BAD_ROWS)
def test_a_bad_row_is_refused_with_its_line_and_the_others_go_on(store: Store, hand_in: Any, bad: str) -> None:
    work = hand_in("x.jsonl", f'{{"title": "停水"}}\n\n{bad}\n{{"title": "断水"}}\n')
    assert {row["title"] for row in stored(store)} == {"停水", "断水"}
    assert (work.report.failed, work.report.ok, work.report.sources) == (1, 0, 1)
    assert len(refused(work)) == 1
    assert "x.jsonl:3: " in refused(work)[0]


def test_a_bad_row_of_a_table_is_refused_with_its_line(store: Store, hand_in: Any) -> None:
    work = hand_in("x.csv", "title,url\n停水,\n断水,/relative\n,https://a.example/\nshort\n")
    assert [reason.split(": ")[0].rpartition(":")[2] for reason in refused(work)] == ["3", "4"]
    assert {row["title"] for row in stored(store)} == {"停水", "short"}


def test_a_source_with_one_bad_row_has_failed_and_the_other_is_in_order(store: Store, hand_in: Any) -> None:
    work = hand_in(
        "x.jsonl",
        lines({"title": "停水", "source": "a"}, {"title": "", "source": "b"}, {"title": "断水", "source": "b"}),
    )
    assert (work.report.ok, work.report.failed, work.report.posts_seen) == (1, 1, 2)


def test_the_same_file_again_changes_nothing(store: Store, hand_in: Any) -> None:
    body = lines(
        {"title": "停水"},
        {"title": "断水", "url": "https://a.example/1"},
        {"title": "水", "published_at": "2026-03-09"},
    )
    hand_in("x.jsonl", body)
    again = hand_in("x.jsonl", body).report.saved
    assert (again.new, again.changed) == (0, 0)


def test_a_changed_row_of_one_address_is_a_change(store: Store, hand_in: Any) -> None:
    hand_in("x.jsonl", lines({"title": "停水", "url": "https://a.example/1"}))
    saved = hand_in("x.jsonl", lines({"title": "恢复供水", "url": "https://a.example/1"})).report.saved
    assert (saved.new, saved.changed) == (0, 1)


def test_rows_join_the_events_of_fetched_posts(store: Store, hand_in: Any) -> None:
    save(store, "a", RawPost("停水", url="https://a.example/1", published=NOW))
    hand_in("x.jsonl", lines({"title": "停水", "url": "https://a.example/1?utm_source=x"}))
    assert store.totals() == (2, 2, 1)


def test_a_configured_source_keeps_its_tier_and_a_stranger_is_of_the_community(store: Store, hand_in: Any) -> None:
    made = '[[sources]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/"\ntier = "official"\n'
    hand_in("x.jsonl", lines({"title": "停水", "source": "a"}, {"title": "断水", "source": "b"}), made)
    assert {row["source"]: row["tier"] for row in stored(store)} == {"a": "official", "b": "community"}


@pytest.mark.parametrize("evil", ["\u001b[31m", "\u0000", "\ud800", "\u202e", "\n"])
def test_a_hostile_name_of_a_source_is_made_harmless(store: Store, hand_in: Any, evil: str) -> None:
    hand_in("x.jsonl", lines({"title": "停水", "source": f"热线{evil}台"}))
    (row,) = stored(store)
    assert row["source"].isprintable()


@pytest.mark.parametrize("name", ["x.xlsx", "x", "x.txt", "x.csv.bak"])
def test_another_kind_of_file_is_wrong_usage(hand_in: Any, name: str) -> None:
    with pytest.raises(UsageError, match="jsonl"):
        hand_in(name, "title\n停水\n")


@pytest.mark.parametrize("body", ["", "标题\n停水\n", "\n\n"])
def test_a_table_that_names_no_title_is_wrong_usage(hand_in: Any, body: str) -> None:
    with pytest.raises(UsageError, match="title"):
        hand_in("x.csv", body)


def test_a_huge_number_and_a_long_field_are_no_trouble(store: Store, hand_in: Any) -> None:
    work = hand_in(
        "x.jsonl", '{"title": 停}\n{"title": 1e999}\n{"title": ' + "9" * 5000 + "}\n" + lines({"title": "停水"})
    )
    assert "停水" in {row["title"] for row in stored(store)}
    assert work.report.posts_seen >= 1
    hand_in("y.csv", "title,text\n停水," + "水" * 300_000 + "\n")


def test_an_empty_file_is_no_rows(store: Store, hand_in: Any) -> None:
    assert hand_in("x.jsonl", "").report.sources == 0
    assert stored(store) == []


def test_too_long_a_field_refuses_its_row_and_no_other(
    store: Store, hand_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_FIELD", 100)
    work = hand_in("x.csv", f"title,text\n停水,{'水' * 101}\n断水,\n")
    assert [reason.split(": ")[0].rpartition(":")[2] for reason in refused(work)] == ["2"]
    assert {row["title"] for row in stored(store)} == {"断水"}


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_quote_that_is_never_closed_is_refused_where_it_begins(store: Store, hand_in: Any, end: str) -> None:
    work = hand_in("x.csv", f'title,text\n断水,"第一行\n第二行"\n停水,"没有结束\n水质,\n水压,{end}')
    assert [reason.split(": ")[0].rpartition(":")[2] for reason in refused(work)] == ["4"]
    assert {row["title"] for row in stored(store)} == {"断水"}


def test_a_bad_row_of_an_array_is_refused_and_the_others_go_on(store: Store, hand_in: Any) -> None:
    work = hand_in("x.json", json.dumps([{"title": "停水"}, 3, {"title": ["x"]}, {"title": "断水"}]))
    assert [reason.split(": ")[0].rpartition(":")[2] for reason in refused(work)] == ["2", "3"]
    assert {row["title"] for row in stored(store)} == {"停水", "断水"}


def test_one_object_over_several_lines_is_one_row(store: Store, hand_in: Any) -> None:
    assert hand_in("x.json", json.dumps({"title": "停水"}, indent=2)).report.failed == 0
    assert len(stored(store)) == 1


def test_what_is_not_a_number_is_not_there(store: Store, hand_in: Any) -> None:
    work = hand_in("x.json", '[{"title": "停水", "url": NaN, "text": NaN, "published_at": NaN}, {"title": NaN}]')
    assert len(refused(work)) == 1
    assert [(row["title"], row["url"], row["text"]) for row in stored(store)] == [("停水", "", "")]
    assert work.report.refused_dates == 0


def test_parquet_is_taken_like_jsonl_and_its_other_columns_are_not_even_read(hand_in: Any, store: Store) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="needs the extra parquet")
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    rows_ = {"title": ["停水通知", "天气晴"], "source": ["甲报", None], "author": ["某人", "某人"]}
    file = BytesIO()
    parquet.write_table(pyarrow.table(rows_), file)
    work = hand_in("a.parquet", file.getvalue())
    assert (work.report.posts_seen, work.report.saved.new, work.report.saved.matched) == (2, 2, 1)
    assert {row["source"] for row in stored(store)} == {"甲报", "a"}
    with pytest.raises(UsageError, match="not a Parquet file"):
        hand_in("b.parquet", b"PAR1")


def test_two_columns_of_one_name_are_refused(hand_in: Any) -> None:
    with pytest.raises(UsageError, match="two columns"):
        hand_in("b.csv", "title,Title,text\n停水,断水,x\n")
