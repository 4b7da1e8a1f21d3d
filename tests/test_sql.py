"""The file as an interface: views that explain themselves, and SQL that can read and do nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import MakeStation, save
from yuqing_cli.adapters.store import Store, views
from yuqing_cli.adapters.store.database import former
from yuqing_cli.adapters.store.meaning import metadata, tables
from yuqing_cli.cli.app import run
from yuqing_cli.errors import UsageError
from yuqing_cli.models import RawPost

PUBLISHED = datetime(2026, 3, 9, 17, 30, tzinfo=UTC)
"""Half past one in the morning of the next day in Shanghai."""


@pytest.fixture
def station(make_station: MakeStation) -> Path:
    folder = make_station()
    with Store(folder / "yuqing.db") as store:
        save(
            store,
            "forum",
            RawPost("城东停水，居民：没人通知", "青禾水务称中午停水", "https://a.example/1", published=PUBLISHED),
            RawPost('=HYPERLINK("x")\x1b[2J停水', "", "https://a.example/2", published=PUBLISHED),
            RawPost("与本站无关", "", "https://a.example/3"),
        )
        save(store, "paper", RawPost("城东停水，居民：没人通知", "", "https://a.example/1"))
    return folder


@pytest.fixture
def file(station: Path) -> Iterator[Store]:
    with Store(station / "yuqing.db") as store:
        yield store


def rows(store: Store, sql: str, seconds: float = 10.0, zone: str = "Asia/Shanghai") -> list[tuple[object, ...]]:
    with store.ask(sql, seconds=seconds, zone=zone) as answer:
        return list(answer.rows)


def test_views_show_days_of_the_stations_zone_and_times_as_text(file: Store) -> None:
    query = "SELECT day, local_time, published_at, tier, matched FROM v_posts WHERE url LIKE '%/1' AND source = 'forum'"
    assert rows(file, query) == [("2026-03-10", "2026-03-10 01:30:00", "2026-03-09T17:30:00Z", "media", 1)]
    assert rows(file, query, zone="America/Los_Angeles")[0][0] == "2026-03-09"


def test_an_event_shows_its_weightiest_report_and_counts_one_address_once(file: Store) -> None:
    query = "SELECT title, posts, sources, first_at, url FROM v_events ORDER BY sources DESC LIMIT 1"
    assert rows(file, query) == [("城东停水，居民：没人通知", 1, 2, "2026-03-09T17:30:00Z", "https://a.example/1")]
    assert rows(file, "SELECT count(*) FROM v_events") == rows(file, "SELECT count(DISTINCT event_id) FROM posts")


def test_a_hit_shows_what_stands_there(file: Store) -> None:
    assert rows(file, "SELECT DISTINCT found FROM v_hits WHERE term = '停水'") == [("停水",)]
    assert rows(file, "SELECT DISTINCT found FROM v_hits WHERE kind = 'subject'") == [("青禾水务",)]


def test_days_and_sources_are_counted(file: Store) -> None:
    assert rows(file, "SELECT sum(posts), sum(matched) FROM v_daily") == rows(
        file, "SELECT count(*), sum(matched) FROM posts"
    )
    assert rows(file, "SELECT name, posts, last_error FROM v_sources ORDER BY name") == [
        ("forum", 3, ""),
        ("paper", 1, ""),
    ]


HOSTILE = [
    "DELETE FROM posts",
    "UPDATE sqlite_master SET type = 'x'",
    "INSERT INTO marks (post, verdict, at) VALUES ('x', 'noise', 1)",
    "UPDATE posts SET title = ''",
    "DROP TABLE posts",
    "DROP VIEW v_posts",
    "CREATE TABLE x (a)",
    "CREATE TEMP TABLE x AS SELECT 1",
    "ALTER TABLE posts ADD COLUMN x",
    "ATTACH DATABASE 'other.db' AS other",
    "DETACH DATABASE main",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "REINDEX",
    "ANALYZE",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "SAVEPOINT x",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA user_version = 0",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA temp_store_directory = '/tmp'",
    "SELECT load_extension('x')",
    "SELECT fts3_tokenizer('x', x'00')",
    "SELECT writefile('x', 'y')",
    "SELECT readfile('/etc/passwd')",
    "INSERT INTO search (search) VALUES ('delete-all')",
    "WITH x AS (SELECT 1) DELETE FROM posts",
    "SELECT 1; DELETE FROM posts",
    "SELECT 1 FROM",
    "SELECT * FROM nothing",
    "-- only a remark",
    "SELECT 1 \x00",
    "SELECT zeroblob(2000000000)",
    "SELECT hex(zeroblob(19000000))",
    "SELECT " + "(" * 2000 + "1" + ")" * 2000,
    "SELECT '" + "x" * 200_000 + "'",
]


@pytest.mark.parametrize("sql", HOSTILE, ids=lambda sql: sql[:40])
def test_whatever_is_asked_nothing_is_changed(file: Store, monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    monkeypatch.chdir(file.path.parent)
    before = (_digest(file.path), sorted(path.name for path in file.path.parent.iterdir()))
    with pytest.raises(UsageError):
        rows(file, sql)
    assert (_digest(file.path), sorted(path.name for path in file.path.parent.iterdir())) == before


def _digest(path: Path) -> str:
    """Of all that the file holds, as another connection reads it."""
    with sqlite3.connect(path) as other:
        return hashlib.sha256("\n".join(other.iterdump()).encode()).hexdigest()


def test_reading_the_schema_is_allowed(file: Store) -> None:
    assert ("title",) in rows(file, "SELECT name FROM pragma_table_info('posts')")
    assert rows(file, "PRAGMA table_info(posts)")
    assert rows(file, "PRAGMA user_version")
    assert rows(file, "EXPLAIN QUERY PLAN SELECT * FROM posts WHERE id = 'x'")
    assert rows(file, "SELECT count(*) FROM search WHERE search MATCH '\"停水\"'") == [(3,)]


def test_what_does_not_end_is_ended(file: Store) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(UsageError, match="took longer than"):
        rows(file, endless, seconds=0.1)
    with pytest.raises(UsageError, match="took longer than"):
        rows(file, endless.replace("count(*)", "i"), seconds=0.1)


def test_the_zone_of_the_process_is_as_it_was(file: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.delenv("TZ", raising=False)
    rows(file, "SELECT 1")
    assert "TZ" not in os.environ
    monkeypatch.setenv("TZ", "Europe/Paris")
    rows(file, "SELECT 1")
    assert os.environ["TZ"] == "Europe/Paris"


# ---- the command ----


def asked(station: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["--station", str(station), "sql", *arguments]) == 0
    return capsys.readouterr().out


def test_the_answer_comes_as_csv_json_and_json_lines(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT title, x'00ff' AS raw, NULL AS none, 1e999 AS a, 2 AS a FROM v_posts WHERE url LIKE '%/2'"
    title = '=HYPERLINK("x")停水'
    expected = {"title": title, "raw": "00ff", "none": None, "a": None, "a_2": 2}
    assert json.loads(asked(station, capsys, query, "--format", "json")) == [expected]
    assert json.loads(asked(station, capsys, query, "--format", "jsonl")) == expected
    (row,) = csv.DictReader(io.StringIO(asked(station, capsys, query, "--format", "csv")))
    assert row == {"title": "'" + title, "raw": "00ff", "none": "", "a": "", "a_2": "2"}


def test_a_table_obeys_no_escape_and_cuts_nothing_in_a_pipe(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = asked(station, capsys, "SELECT 'a' || char(27) || '[2J[bold]b' AS x, '" + "长" * 300 + "' AS y")
    assert "\x1b" not in out
    assert "[bold]b" in out
    assert "长" * 300 in out


def test_rows_are_bounded_and_it_is_said(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) SELECT i FROM n"
    assert run(["--station", str(station), "sql", query, "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1001
    assert "--limit 0" in said.err
    assert len(asked(station, capsys, query, "--format", "csv", "--limit", "0").splitlines()) == 2001


def test_a_statement_comes_from_stdin(
    station: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT count(*) AS n\nFROM posts;\n"))
    assert asked(station, capsys, "-", "--format", "csv").split() == ["n", "4"]


def test_a_wrong_statement_is_a_wrong_call(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--station", str(station), "sql", "DELETE FROM posts"]) == 2
    assert "only reading" in capsys.readouterr().err
    assert run(["--station", str(station), "sql", "SELEKT 1"]) == 2
    assert "syntax error" in capsys.readouterr().err
    assert run(["--station", str(station), "sql"]) == 2


def test_the_tables_are_listed(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = asked(station, capsys, "--tables", "--format", "csv")
    assert "v_posts" in out
    assert "event_aliases" in out
    assert "search_data" not in out


# ---- the words ----


def test_every_table_and_column_is_explained_in_schema_toml(store: Store) -> None:
    with sqlite3.connect(store.path) as file:
        found = tables(file)
    silent = [table.name for table in found if not table.about]
    silent += [f"{table.name}.{column.name}" for table in found for column in table.columns if not column.about]
    assert not silent, "say in adapters/store/schema.toml what these are (tools/schema_doc.py writes docs/schema.md)"


def test_the_page_of_the_schema_is_what_the_schema_is_now() -> None:
    from tools.schema_doc import main

    assert main(["--check"]) == 0, "run python tools/schema_doc.py"


def test_views_of_another_version_are_written_anew(store: Store) -> None:
    with sqlite3.connect(store.path) as file:
        file.execute("DROP VIEW v_posts")
        file.execute("CREATE VIEW v_posts AS SELECT 1 AS one")
        file.execute('CREATE VIEW "v_of ""yesterday""" AS SELECT one FROM nowhere')
        assert views.stale(file)
    Store(store.path).close()
    with sqlite3.connect(store.path) as file:
        assert not views.stale(file)
        assert not file.execute("SELECT 1 FROM sqlite_master WHERE name LIKE '%yesterday%'").fetchall()
    assert not former(store.path, 1).exists()


def test_every_canned_query_and_every_facet_names_what_is_there(file: Store) -> None:
    database = metadata("青禾")["databases"]["yuqing"]
    for query in database["queries"].values():
        rows(file, query["sql"].replace(":words", "'停水'"))
    present = {name for (name,) in rows(file, "SELECT name FROM sqlite_master")}
    for name, table in database["tables"].items():
        assert name in present or not table.get("facets")
        for column in (*table.get("facets", ()), *filter(None, [table.get("sort_desc")])):
            assert rows(file, f"SELECT count({column}) FROM {name}")
