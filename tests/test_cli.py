"""The face: exit codes, the machine-readable twins, errors that name file and line, and silence where nothing is to be said."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import NOW, WATER, Clock, MakeStation, MakeWire, Page, Wire, feed, settings_toml
from test_fetch import A, B, item
from yuqing_cli.cli import app
from yuqing_cli.cli.face import ALL_FAILED, CONFIG, DATABASE, DONE, INTERRUPTED, SOME_FAILED, USAGE
from yuqing_cli.station import Station
from yuqing_cli.times import iso

OPEN = Station.open
TWO = {"a": A, "b": B}
DOWN = httpx.Response(500)


@dataclass(frozen=True)
class Outcome:
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class Desk:
    """A station at a fake wire and under a fake clock, and a way to call the program on it."""

    def __init__(self, folder: Path, wire: Wire, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.wire = wire
        self.clock = wire.clock
        self._capture = capture

    def __call__(self, *words: str | Path, station: bool = True) -> Outcome:
        self._capture.readouterr()
        given = ["--station", str(self.folder)] if station else []
        code = app.run([*given, *map(str, words)])
        out, err = self._capture.readouterr()
        return Outcome(code, out, err)


MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(
    make_station: MakeStation,
    wire: MakeWire,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    empty_file: Path,
) -> MakeDesk:
    def make(pages: dict[str, Page] | None = None, sources: Any = None, **station: Any) -> Desk:
        made = wire(pages or {})
        folder = make_station(TWO if sources is None else sources, **station)
        shutil.copy(empty_file, folder / "yuqing.db")
        monkeypatch.setattr(Station, "open", lambda path: OPEN(path, clock))
        monkeypatch.setattr(Station, "web", lambda _self, _store: made.web())
        return Desk(folder, made, capsys)

    return make


def good() -> dict[str, Page]:
    return {A: feed(item(), item("天气晴", 2)), B: feed(item("断水", 3))}


# ---- exit codes ----


def test_a_fetch_that_went_well_says_nothing_to_cron(desk: MakeDesk) -> None:
    assert desk(good())("fetch") == Outcome(DONE, "", "")


def test_some_failed_all_failed_and_the_state_is_told_once(desk: MakeDesk) -> None:
    one = desk({A: feed(item()), B: DOWN})
    first = one("fetch")
    assert (first.code, first.out) == (SOME_FAILED, "")
    assert first.err.startswith("b: ")
    second = one("fetch", "--force")
    assert (second.code, second.err) == (SOME_FAILED, "")
    one.wire.pages[A] = DOWN
    assert one("fetch", "--force").code == ALL_FAILED


def test_nothing_due_and_no_sources_are_done(desk: MakeDesk) -> None:
    one = desk(good())
    one("fetch")
    assert one("fetch").code == DONE
    assert desk({}, sources="")("fetch") == Outcome(DONE, "", "")


def test_what_robots_txt_forbids_is_no_failure(desk: MakeDesk) -> None:
    robots = httpx.Response(200, text="User-agent: *\nDisallow: /\n")
    one = desk(good() | {"https://a.example/robots.txt": robots, "https://b.example/robots.txt": robots})
    assert one("fetch").code == DONE


@pytest.mark.parametrize(
    "words",
    [
        ("fetch", "nobody"),
        ("fetch", "--no-such-option"),
        ("no-such-command",),
        ("digest", "--date", "2026-02-30"),
        ("digest", "--date", "2026-03-10", "--today"),
        ("digest", "--shift", "dusk"),
        ("digest", "--to", "2026-03-10"),
        ("digest", "--as-of", "2099-01-01"),
        ("digest", "--as-of", "whenever"),
        ("digest", "--format", "pdf"),
        ("digest", "--top", "-1"),
        ("export", "--format", "docx"),
        ("export", "-o", "/no/such/folder/x.csv"),
        ("digest", "-o", "/no/such/folder/x.md"),
        ("why", "nothing"),
        ("ingest", "/no/such/file.csv"),
        ("ingest", "/etc/hostname"),
        ("ingest",),
    ],
)
def test_wrong_usage_is_2_and_says_something_on_stderr_only(desk: MakeDesk, words: Sequence[str]) -> None:
    outcome = desk(good())(*words)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert outcome.err
    assert "Traceback" not in outcome.err


def test_a_misspelt_source_is_answered_with_the_nearest(desk: MakeDesk) -> None:
    one = desk({}, sources={"water-news": A})
    assert "water-news" in one("fetch", "waternews").err


def test_a_source_that_is_named_twice_is_asked_once(desk: MakeDesk) -> None:
    one = desk(good())
    assert one("fetch", "a", "a", "--json").json["sources"] == 1


def test_a_missing_station_is_wrong_usage_and_says_how_to_make_one(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = desk()
    monkeypatch.chdir(tmp_path)
    for words in (("fetch",), ("digest",), ("status",)):
        outcome = one(*words, station=False)
        assert outcome.code == USAGE
        assert "yuqing init" in outcome.err
    one.folder = tmp_path / "nowhere"
    assert "nowhere" in one("fetch").err


def test_the_station_is_found_by_the_variable_and_by_the_folder_above(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = desk(good())
    monkeypatch.chdir(one.folder / "keywords")
    assert one("fetch", station=False).code == DONE
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YUQING_STATION", str(one.folder))
    assert one("status", station=False).code == DONE


def test_faults_of_the_settings_are_3_with_file_and_line_each(desk: MakeDesk) -> None:
    one = desk()
    path = one.folder / "yuqing.toml"
    path.write_text('[station]\nnmae = "x"\n\n[[sources]]\nname = "a"\nkind = "feet"\nurl = "ftp://x"\n', "utf-8")
    for words in (("fetch",), ("digest",), ("export",), ("sources", "list"), ("keywords", "check"), ("status",)):
        outcome = one(*words)
        assert (outcome.code, outcome.out) == (CONFIG, "")
        lines = outcome.err.splitlines()
        assert [line.split(": ")[0] for line in lines] == [f"{path}:{place}" for place in ("2:1", "6:1", "7:1")]
        assert "name" in lines[0]
        assert "feed" in lines[1]


@pytest.mark.parametrize("body", [b"[station", b"\xff\xfe[", b'[station]\nname = "\xd6\xd0"\n'])
def test_settings_that_cannot_be_read_are_3(desk: MakeDesk, body: bytes) -> None:
    one = desk()
    (one.folder / "yuqing.toml").write_bytes(body)
    outcome = one("fetch")
    assert outcome.code == CONFIG
    assert "yuqing.toml:" in outcome.err


def test_faulty_packs_never_stop_a_fetch_but_it_ends_with_3(desk: MakeDesk) -> None:
    one = desk(good())
    one("fetch")
    pack = one.folder / "keywords" / "water.toml"
    pack.write_text(WATER.replace("severity = 4", "severity = 9"), "utf-8")
    one.wire.pages[A] = feed(item("断水", 9), item("水质浑浊", 10))
    outcome = one("fetch", "--force", "--json")
    assert outcome.code == CONFIG
    assert (outcome.json["posts_new"], outcome.json["matched"]) == (2, 2)
    assert f"{pack}:12:" in outcome.err
    assert one("keywords", "check").code == CONFIG
    assert one("keywords", "test", "停水").code == CONFIG
    assert one("digest").code == DONE


def test_faulty_packs_without_a_good_set_before_store_and_match_nothing(desk: MakeDesk) -> None:
    one = desk(good(), packs={"water.toml": "[[topics]]"})
    outcome = one("fetch", "--json")
    assert (outcome.code, outcome.json["posts_new"], outcome.json["matched"]) == (CONFIG, 3, 0)


def test_a_pack_that_is_mended_is_good_again(desk: MakeDesk) -> None:
    one = desk(good(), packs={"water.toml": "[[topics]]"})
    one("fetch")
    (one.folder / "keywords" / "water.toml").write_text(WATER, "utf-8")
    one.wire.pages[A] = feed(item("断水", 9))
    outcome = one("fetch", "--force", "--json")
    assert (outcome.code, outcome.json["matched"]) == (DONE, 1)


def test_a_file_that_is_no_database_is_6(desk: MakeDesk) -> None:
    one = desk(good())
    (one.folder / "yuqing.db").write_bytes(b"something else entirely" * 100)
    for words in (("fetch",), ("digest",), ("export",), ("status",), ("why", "x"), ("sources", "list")):
        outcome = one(*words)
        assert (outcome.code, outcome.out) == (DATABASE, "")
        assert "yuqing.db" in outcome.err


def test_before_the_first_fetch_why_says_that_there_is_no_database(desk: MakeDesk) -> None:
    one = desk()
    (one.folder / "yuqing.db").unlink()
    assert one("why", "abc").code == DATABASE
    assert not (one.folder / "yuqing.db").exists()
    assert one("fetch").code == ALL_FAILED
    assert (one.folder / "yuqing.db").exists()


def test_an_interrupt_is_130(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_words: object) -> None:
        raise KeyboardInterrupt

    one = desk(good())
    monkeypatch.setattr(Station, "web", interrupt)
    assert one("fetch").code == INTERRUPTED


# ---- init ----


def test_init_makes_a_station_that_works_and_refuses_to_make_it_twice(desk: MakeDesk, tmp_path: Path) -> None:
    one = desk()
    folder = tmp_path / "新站 \"quoted\" \\ 'x'"
    assert one("init", folder, "--name", 'Desk "7"\n\\', "--contact", "desk@qinghe.example", station=False).code == DONE
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = one("init", folder, station=False)
    assert (again.code, again.out) == (USAGE, "")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    one.folder = folder
    assert one("sources", "list").code == DONE
    assert one("keywords", "check").code == DONE
    assert one("status", "--json").code == DONE


def test_init_does_not_overwrite_packs_that_are_there(desk: MakeDesk, tmp_path: Path) -> None:
    (tmp_path / "new" / "keywords").mkdir(parents=True)
    (tmp_path / "new" / "keywords" / "us.toml").write_text("# mine\n", "utf-8")
    assert desk()("init", tmp_path / "new", station=False).code == DONE
    assert (tmp_path / "new" / "keywords" / "us.toml").read_text("utf-8") == "# mine\n"


def test_init_where_a_file_lies_is_wrong_usage(desk: MakeDesk, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert desk()("init", tmp_path / "file", station=False).code == USAGE


# ---- the twins ----

FETCH_KEYS = {"sources", "ok", "not_modified", "failed", "disallowed", "posts_seen", "posts_new", "posts_changed"}
FETCH_KEYS |= {"matched", "events_new", "seconds", "errors"}


def test_fetch_json_is_one_document_also_when_sources_fail(desk: MakeDesk) -> None:
    outcome = desk({A: feed(item()), B: httpx.Response(404)})("fetch", "--json")
    data = outcome.json
    assert outcome.code == SOME_FAILED
    assert set(data) >= FETCH_KEYS
    assert data["sources"] == data["ok"] + data["not_modified"] + data["failed"] + data["disallowed"] == 2
    (error,) = data["errors"]
    assert set(error) == {"source", "kind", "reason"}
    assert (error["source"], error["kind"]) == ("b", "soft")


def test_ingest_json_has_the_keys_of_fetch(desk: MakeDesk, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"title": "停水"}\n{"title": ""}\n', "utf-8")
    outcome = desk()("ingest", path, "--json")
    assert outcome.code == SOME_FAILED
    assert set(outcome.json) >= FETCH_KEYS
    assert (outcome.json["posts_seen"], outcome.json["posts_new"], outcome.json["matched"]) == (1, 1, 1)
    assert "rows.jsonl:2" in outcome.json["errors"][0]["reason"]


def test_keywords_test_json_has_offsets_into_the_text(desk: MakeDesk) -> None:
    text = "青禾水务：ＴＥＳＴ，明天停　水，水質浑浊"
    data = desk()("keywords", "test", text, "--json").json
    assert data["topics"] == ["outage", "quality"]
    assert data["subjects"] == ["works"]
    found = [text[hit["start"] : hit["end"]] for hit in data["hits"]]
    assert found == ["青禾水务", "停　水", "水質", "浑浊"]
    assert all({"term", "topic", "field", "start", "end", "boundary"} <= set(h) for h in data["hits"] if "topic" in h)
    assert desk()("keywords", "test", "天气", "--json").json == data | {"topics": [], "subjects": [], "hits": []}


def test_every_hit_of_keywords_test_has_the_same_keys(desk: MakeDesk) -> None:
    data = desk()("keywords", "test", "青禾水务停水", "--json").json
    assert all({"term", "topic", "field", "start", "end", "boundary"} <= set(hit) for hit in data["hits"])


def test_why_json_sums_up_to_the_score(desk: MakeDesk) -> None:
    one = desk(good())
    one("fetch")
    rows = [json.loads(line) for line in one("export", "--all", "--format", "jsonl").out.splitlines()]
    for row in rows:
        data = one("why", row["id"], "--json").json
        assert {"score", "parts", "hits"} <= set(data)
        assert all(set(part) == {"name", "value", "weight", "points"} for part in data["parts"])
        assert sum(part["points"] for part in data["parts"]) == pytest.approx(data["score"])
        assert data["score"] == row["score"]
        assert bool(data["parts"]) == bool(data["hits"]) == bool(row["topics"])
        assert one("why", row["id"][:9]).code == DONE


def test_status_json(desk: MakeDesk) -> None:
    one = desk({A: feed(item()), B: DOWN})
    assert [s["state"] for s in one("status", "--json").json["sources"]] == ["never", "never"]
    one("fetch")
    data = one("status", "--json").json
    assert {"sources", "posts", "matched", "events", "db_bytes", "packs"} <= set(data)
    assert (data["posts"], data["matched"], data["events"]) == (1, 1, 1)
    good_one, bad_one = data["sources"]
    assert {"name", "state", "last_success", "last_error", "posts_7d"} <= set(good_one)
    assert (good_one["state"], good_one["last_error"], good_one["posts_7d"]) == ("ok", None, 1)
    assert good_one["last_success"] == "2026-03-10T10:00:00+08:00"
    assert (bad_one["state"], bad_one["last_success"]) == ("failing", None)
    assert bad_one["last_error"]
    assert data["db_bytes"] > 0


def test_digest_json_is_what_is_stored_for_the_issue(desk: MakeDesk) -> None:
    one = desk(good())
    one("fetch")
    first = one("digest", "--json")
    assert first.json == one("digest", "--today", "--format", "json").json
    with sqlite3.connect(one.folder / "yuqing.db") as connection:
        ((stored, number),) = connection.execute("SELECT digest, number FROM issues").fetchall()
    assert (json.loads(stored), number) == (first.json, 1)


def test_as_of_an_issue_prints_the_same_bytes_in_every_format(desk: MakeDesk) -> None:
    one = desk(good())
    one("fetch")
    issued = {name: one("digest", "--format", name).out for name in ("json", "text", "markdown")}
    then = iso(one.clock.now, "Asia/Shanghai")
    one.clock.forward(hours=30)
    one.wire.pages[A] = feed(item("恢复", 1), item("断水", 8, hours=3))
    one("fetch", "--force")
    one("digest")
    for name, text in issued.items():
        assert one("digest", "--as-of", then, "--format", name).out == text


# ---- product and remarks ----


def test_a_digest_of_an_empty_station_says_so_and_names_what_was_not_seen(desk: MakeDesk) -> None:
    outcome = desk()("digest")
    assert (outcome.code, outcome.err) == (DONE, "")
    assert "never" in outcome.out
    assert "\x1b" not in outcome.out


def test_files_are_written_whole_and_nothing_goes_to_stdout(desk: MakeDesk, tmp_path: Path) -> None:
    one = desk(good())
    one("fetch")
    for words in (("digest", "--format", "markdown"), ("digest",), ("digest", "--json"), ("export",)):
        path = tmp_path / "-".join(words)
        assert one(*words, "-o", path) == Outcome(DONE, "", "")
        assert path.stat().st_size > 50
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_export_does_not_replace_a_file_unless_it_is_told_to(desk: MakeDesk, tmp_path: Path) -> None:
    one = desk(good())
    one("fetch")
    path = tmp_path / "x.csv"
    path.write_text("mine")
    assert one("export", "-o", path).code == USAGE
    assert path.read_text() == "mine"
    assert one("export", "-o", path, "--force").code == DONE
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,")


def test_a_failed_check_of_sources_tells_each_and_counts(desk: MakeDesk) -> None:
    one = desk({A: feed(item()), B: DOWN})
    outcome = one("sources", "check")
    assert outcome.code == SOME_FAILED
    assert [line[:3] for line in outcome.out.splitlines()] == ["✓ a", "✗ b"]
    assert one("sources", "check", "b").code == ALL_FAILED
    assert one("status", "--json").json["posts"] == 0


def test_hostile_titles_are_shown_and_not_obeyed(desk: MakeDesk) -> None:
    title = "停水[bold red]\x1b[31m\x07\u202e[/]`code`<script>"
    one = desk({A: feed(item(title)), B: feed()})
    one("fetch")
    for words in (("digest",), ("digest", "--format", "markdown"), ("export",), ("sources", "check")):
        shown = one(*words)
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u202e]", shown.out + shown.err)
    assert "[bold red]" in one("digest").out


def test_the_language_of_the_station_is_spoken(desk: MakeDesk) -> None:
    one = desk(good(), settings=settings_toml().replace('language = "en"', 'language = "zh"'))
    one("fetch")
    assert re.search(r"[\u4e00-\u9fff]{4}", one("fetch", "nobody").err)


@pytest.mark.parametrize("words", [("-h",), ("--help",), ("fetch", "-h"), ("keywords", "--help"), ("--version",)])
def test_help_is_done_and_on_stdout(desk: MakeDesk, words: Sequence[str]) -> None:
    outcome = desk()(*words, station=False)
    assert (outcome.code, outcome.err) == (DONE, "")
    assert "yuqing" in outcome.out


def test_a_second_fetch_leaves_in_peace(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    from yuqing_cli.adapters.files import locked
    from yuqing_cli.cli import fetching

    one = desk(good())
    monkeypatch.setattr(fetching, "WAIT", 0.05)
    with locked(one.folder / ".yuqing.lock", 1) as mine:
        assert mine
        outcome, machine = one("fetch"), one("fetch", "--json")
    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (DONE, "", 1)
    assert (machine.code, machine.json["sources"], machine.json["errors"]) == (DONE, 0, [])
    assert one.wire.requests == []
    assert one.clock.now == NOW
