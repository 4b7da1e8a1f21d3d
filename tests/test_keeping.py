"""purge, backup, restore: what is old goes for good, what is needed stays, and a copy is worth its name."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import NOW, judged, save
from test_cli import Desk, MakeDesk, desk, good  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store, copies
from yuqing_cli.adapters.store.retention import Ages
from yuqing_cli.cli.face import ALL_FAILED, DONE, USAGE
from yuqing_cli.cli.face import DATABASE as DATABASE_FAULT
from yuqing_cli.config import PrivacySettings
from yuqing_cli.errors import StoreError
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE
from yuqing_cli.workflows import keep

PRIVACY = PrivacySettings(retention_days=180, unmatched_retention_days=30)
DAY = timedelta(days=1)


def fill(store: Store) -> None:
    """One matched and one unmatched post of each of five ages."""
    for days in (0, 29, 31, 179, 181):
        at = NOW - days * DAY
        raws = (
            RawPost(f"青禾水务停水{days}", f"第{days}日正文，断水", f"https://a.example/m{days}", at, f"m{days}"),
            RawPost(f"社区运动会{days}", f"第{days}日跳绳", f"https://a.example/u{days}", at, f"u{days}"),
        )
        save(store, "a", *raws, now=at)


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(store.path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def files_hold(folder: Path, word: str) -> list[str]:
    """Files in which the word stands as bytes."""
    return [path.name for path in folder.iterdir() if path.is_file() and word.encode() in path.read_bytes()]


def test_text_goes_by_age_and_unmatched_text_sooner(store: Store) -> None:
    fill(store)
    done = keep.purge(store, PRIVACY, NOW)
    assert (done.matched, done.unmatched) == (1, 3)
    kept = rows(store, "SELECT title FROM posts WHERE title != '' ORDER BY title")
    assert [row[0] for row in kept] == sorted(
        [*(f"青禾水务停水{d}" for d in (0, 29, 31, 179)), "社区运动会0", "社区运动会29"]
    )


def test_keys_counts_and_events_stay(store: Store) -> None:
    fill(store)
    query = "SELECT id, url, canonical_url, content_hash, at, matched, score, level, event_id FROM posts ORDER BY id"
    before, totals = rows(store, query), store.totals()
    keep.purge(store, PRIVACY, NOW)
    assert rows(store, query) == before
    assert store.totals() == totals


def test_an_old_item_that_is_still_listed_does_not_come_back_as_new(store: Store) -> None:
    fill(store)
    keep.purge(store, PRIVACY, NOW)
    old = RawPost("社区运动会181", "第181日跳绳", "https://a.example/u181", NOW - 181 * DAY, "u181")
    assert store.save_page(judged("a", old), NOW, baseline=False).new == 0
    assert not rows(store, "SELECT 1 FROM posts WHERE title = '社区运动会181'")


def test_the_words_are_gone_from_the_files_and_not_only_from_the_answers(store: Store, tmp_path: Path) -> None:
    secret = RawPost("停水的独角兽", "独角兽在断水的桥上", "https://a.example/x", NOW - 200 * DAY, "x")
    save(store, "a", secret, now=NOW - 200 * DAY)
    changed = RawPost("停水的独角兽二", "独角兽在断水的桥上走", "https://a.example/x", NOW - 200 * DAY, "x")
    save(store, "a", changed, now=NOW - 199 * DAY)
    assert files_hold(tmp_path, "独角")
    keep.purge(store, PRIVACY, NOW)
    assert files_hold(tmp_path, "独角") == []
    assert rows(store, "SELECT count(*) FROM hits") == rows(store, "SELECT count(*) FROM changes") == [(0,)]


def test_a_purge_leaves_the_index_sound_and_finds_what_is_left(store: Store) -> None:
    from yuqing_cli.adapters.store import search

    fill(store)
    keep.purge(store, PRIVACY, NOW)
    connection = sqlite3.connect(store.path)
    assert search.missing(connection) == (0, 0)
    connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    found = connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (search.phrase("停水"),)).fetchall()
    connection.close()
    assert len(found) == 4


def test_a_killed_purge_goes_on_where_it_stopped(store: Store) -> None:
    fill(store)
    limits = keep.ages(PRIVACY, NOW)
    assert store.purge_some(limits, NOW) == 4
    assert store.purge_due(limits) == (0, 0)
    assert store.last_work(keep.PURGE) is None
    assert keep.purge_daily(store, PRIVACY, NOW) is not None


def test_a_daily_purge_runs_once_a_day_also_when_the_clock_was_turned_back(store: Store) -> None:
    fill(store)
    assert keep.purge_daily(store, PRIVACY, NOW) is not None
    assert keep.purge_daily(store, PRIVACY, NOW + timedelta(hours=19)) is None
    assert keep.purge_daily(store, PRIVACY, NOW + timedelta(hours=21)) is not None
    assert keep.purge_daily(store, PRIVACY, NOW - DAY) is not None


def test_work_is_remembered_so_that_reports_of_the_past_can_say_why_they_differ(store: Store) -> None:
    fill(store)
    keep.purge(store, PRIVACY, NOW)
    assert store.work_since(NOW - DAY) == [("purge", NOW, 4)]
    assert store.work_since(NOW) == []
    keep.purge(store, PRIVACY, NOW + 2 * DAY)
    assert [entry[0] for entry in store.work_since(NOW)] == ["purge"]


def test_purged_text_that_changes_at_its_source_is_kept_no_longer_than_a_day(store: Store) -> None:
    fill(store)
    keep.purge(store, PRIVACY, NOW)
    again = RawPost("社区运动会181（更正）", "跳绳", "https://a.example/u181", NOW - 181 * DAY, "u181")
    save(store, "a", again)
    assert store.purge_due(keep.ages(PRIVACY, NOW)) == (0, 1)


def test_ages_that_lie_in_the_future_of_every_post_take_all_text(store: Store) -> None:
    fill(store)
    limits = Ages(NOW + DAY, NOW + DAY)
    while store.purge_some(limits, NOW):
        pass
    assert rows(store, "SELECT count(*) FROM posts WHERE title != '' OR text != ''") == [(0,)]


# ---- copies ----


def test_a_copy_is_proven_holds_everything_and_needs_no_log(store: Store, tmp_path: Path) -> None:
    fill(store)
    copied = keep.backup(store, tmp_path, NOW, keep=7)
    assert copied.path.name == "yuqing-20260310-020000.db"
    assert copied.posts == 10
    assert sorted(tmp_path.glob(f"*{copied.path.name}*")) == [copied.path]
    with sqlite3.connect(copied.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_only_the_newest_copies_stay_and_nothing_else_in_the_folder_is_touched(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    others = [folder / name for name in ("yuqing-notes.db", "other-20200101-000000.db", "yuqing-20200101-000000.db.gz")]
    for path in others:
        path.touch()
    for day in range(4):
        keep.backup(store, folder, NOW + day * DAY, keep=2)
    kept = sorted(path.name for path in folder.iterdir() if path not in others)
    assert kept == ["yuqing-20260312-020000.db", "yuqing-20260313-020000.db"]
    assert all(path.exists() for path in others)


def test_a_copy_that_does_not_fit_is_refused_before_it_is_begun(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "fits", lambda *_: False)
    with pytest.raises(StoreError, match="no room"):
        keep.backup(store, tmp_path, NOW, keep=1)
    assert not list(tmp_path.glob("*-2026*")) + list(tmp_path.glob("*.half"))


def test_a_copy_put_back_is_the_file_of_then_and_what_was_there_lies_aside(store: Store, tmp_path: Path) -> None:
    fill(store)
    copied = keep.backup(store, tmp_path, NOW, keep=7).path
    save(store, "a", RawPost("青禾水务又停水", "", "https://a.example/new", NOW, "new"))
    posts, aside = keep.restore(copied, store.path, NOW + DAY)
    assert posts == 10
    # Whoever has the file open sees the new content: it was written through SQLite, not pulled from under them.
    assert store.totals()[0] == 10
    assert copies.prove(aside) == 11
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_copy_is_put_back_where_the_file_is_damaged(store: Store, tmp_path: Path) -> None:
    fill(store)
    copied = keep.backup(store, tmp_path, NOW, keep=7).path
    store.close()
    store.path.write_bytes(b"SQLite format 3\0" + os.urandom(40_000))
    posts, aside = keep.restore(copied, store.path, NOW + DAY)
    assert posts == 10
    assert aside.stat().st_size == 40_016
    with Store(store.path) as opened:
        assert opened.totals()[0] == 10


def bad_copies(folder: Path) -> dict[str, Path]:
    torn, stranger, newer = (folder / f"{name}.db" for name in ("torn", "stranger", "newer"))
    with Store(torn) as opened:
        fill(opened)
    body = bytearray(torn.read_bytes())
    body[len(body) // 2 :] = os.urandom(len(body) - len(body) // 2)
    torn.write_bytes(body)
    sqlite3.connect(stranger).execute("CREATE TABLE t (a)").connection.close()
    Store(newer).close()
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 9999")
    text = folder / "text.db"
    text.write_text("no database", "utf-8")
    return {"damaged": torn, "no station file": stranger, "newer yuqing": newer, "not a database": text}


def test_what_is_no_sound_copy_is_refused_and_the_file_stays(store: Store, tmp_path: Path) -> None:
    fill(store)
    (tmp_path / "bad").mkdir()
    for reason, path in bad_copies(tmp_path / "bad").items():
        with pytest.raises(StoreError, match=reason):
            keep.restore(path, store.path, NOW)
    with pytest.raises(StoreError, match="no file"):
        keep.restore(tmp_path / "gone.db", store.path, NOW)
    assert store.totals()[0] == 10
    assert not list(tmp_path.glob("*before-restore*"))


# ---- the commands ----


def filled(make: MakeDesk, **station: Any) -> Desk:
    one = make(**station)
    with Store(one.folder / DATABASE) as store:
        fill(store)
    return one


def test_purge_says_what_would_go_and_then_what_went(desk: MakeDesk) -> None:  # noqa: F811
    one = filled(desk)
    assert one("purge", "--dry-run").out == "would remove the text of posts; matched: 1, others: 3\n"
    assert one("purge", "--dry-run", "--json").json["unmatched"] == 3
    assert one("purge").out.startswith("removed the text of posts; matched: 1, others: 3; ")
    twin = one("purge", "--rewrite", "--json").json
    assert (twin["matched"], twin["unmatched"], twin["rewritten"]) == (0, 0, True)
    assert twin["bytes_after"] <= twin["bytes_before"]


def test_fetch_removes_old_text_once_a_day_by_the_settings(desk: MakeDesk) -> None:  # noqa: F811
    one = filled(desk, settings='[station]\nlanguage = "en"\n[privacy]\nretention_days = 20\n')
    assert one("fetch").code in {DONE, ALL_FAILED}
    assert one("purge", "--dry-run", "--json").json["matched"] == 0
    with Store(one.folder / DATABASE) as store:
        assert rows(store, "SELECT count(*) FROM posts WHERE matched AND title = ''") == [(4,)]


def test_a_purge_that_cannot_be_done_does_not_make_a_fetch_fail(
    desk: MakeDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise StoreError("{path} cannot be used: {reason}", path="yuqing.db", reason="database or disk is full")

    one = desk(good())
    monkeypatch.setattr(keep, "purge_daily", full)
    outcome = one("fetch")
    assert (outcome.code, outcome.out) == (DONE, "")
    assert outcome.err == "old text was not removed today: yuqing.db cannot be used: database or disk is full\n"


def test_backup_and_restore_bring_a_station_back(desk: MakeDesk) -> None:  # noqa: F811
    one = filled(desk)
    twin = one("backup", "--json").json
    assert (twin["posts"], Path(twin["file"]).parent) == (10, one.folder / "backups")
    refused = one("restore", twin["file"])
    assert (refused.code, "--force" in refused.err) == (USAGE, True)
    (one.folder / DATABASE).unlink()
    assert one("restore", twin["file"]).out == f"restored {twin['file']}, posts: 10\n"
    again = one("restore", twin["file"], "--force", "--json").json
    assert copies.prove(Path(again["aside"])) == 10


def test_a_database_is_not_restored_from_itself(desk: MakeDesk) -> None:  # noqa: F811
    one = filled(desk)
    assert one("restore", one.folder / DATABASE, "--force").code == USAGE


def test_keeping_before_the_first_fetch_is_an_error_of_the_database(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    (one.folder / DATABASE).unlink()
    for words in (["purge"], ["backup"]):
        outcome = one(*words)
        assert (outcome.code, outcome.out) == (DATABASE_FAULT, "")
        assert "yuqing fetch" in outcome.err


def test_a_stored_issue_loses_its_excerpts_with_the_text_and_keeps_its_numbers(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    with Store(one.folder / DATABASE) as store:
        save(store, "a", RawPost("青禾水务停水", "本日断水的正文", "https://a.example/1", NOW, "1"))
    before = one("digest", "--today", "--json").json
    assert before["events"][0]["excerpt"]
    one.clock.now += 200 * DAY
    one("purge")
    with Store(one.folder / DATABASE) as store:
        ((text,),) = rows(store, "SELECT digest FROM issues")
    after = json.loads(str(text))
    assert "断水" not in str(text)
    assert (after["totals"], after["events"][0]["title"]) == (before["totals"], "青禾水务停水")
