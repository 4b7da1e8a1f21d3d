"""The one file: what is new, what changed, which posts are one event, and whom the file belongs to. Real SQLite throughout."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, WATER, judged, keyword_set, save
from yuqing_cli.adapters.store import Store, database
from yuqing_cli.adapters.store.schema import APPLICATION_ID, MIGRATIONS
from yuqing_cli.digest import numbers, ranked
from yuqing_cli.digest.shapes import Counts, Issue, Passage, StoredPost, Totals, Window
from yuqing_cli.errors import StoreError
from yuqing_cli.ids import event_id
from yuqing_cli.models import RawPost, SourceState, Spell
from yuqing_cli.records import replace

HOUR = timedelta(hours=1)
DAY = Window("today", NOW - 10 * HOUR, NOW + 14 * HOUR)
SHARED = "https://news.qinghe.example/a/1"


def post(title: str = "青禾水务停水通知", url: str = "", at: datetime | None = NOW - HOUR, **more: Any) -> RawPost:
    return RawPost(title, more.pop("text", ""), url, at, **more)


def reported(store: Store, window: Window = DAY, as_of: datetime | None = None) -> list[StoredPost]:
    at = as_of or NOW + 10 * HOUR
    return list(store.stored(store.reported(store.span(window, at)), at).values())


def rows(store: Store, query: str) -> list[Any]:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        return connection.execute(query).fetchall()


def passage(store: Store, id_: str, as_of: datetime) -> Passage:
    return store.passages([id_], as_of)[id_]


# ---- new, changed, unchanged ----


def test_a_post_is_new_once_then_unchanged(store: Store) -> None:
    (entry,) = judged("a", post())
    state, spell = SourceState("a"), Spell("a", "ok", NOW, NOW)
    first = store.save_answer([entry], state, spell, NOW, baseline=False)
    again = store.save_answer([entry], state, spell, NOW + HOUR, baseline=False)
    assert (first.new, first.changed, first.matched, first.events_new) == (1, 0, 1, 1)
    assert (again.new, again.changed, again.matched, again.events_new) == (0, 0, 0, 0)
    assert store.totals() == (1, 1, 1)


def test_a_changed_title_is_a_change_with_history_and_no_second_post(store: Store) -> None:
    (before,) = save(store, "a", post("停水通知", guid="1"))
    (after,) = save(store, "a", post("恢复供水：停水结束", guid="1"), now=NOW + HOUR)
    assert before.post.id == after.post.id
    assert store.totals() == (1, 1, 1)
    assert passage(store, after.post.id, NOW).title == "停水通知"
    assert passage(store, after.post.id, NOW + HOUR).title == "恢复供水：停水结束"


def test_every_former_version_is_kept(store: Store) -> None:
    titles = ["停水一", "停水二", "停水三", "停水一"]
    for hours, title in enumerate(titles):
        (entry,) = save(store, "a", post(title, guid="1"), now=NOW + hours * HOUR)
    for hours, title in enumerate(titles):
        found = passage(store, entry.post.id, NOW + hours * HOUR)
        assert found.title == title
        assert [title[h.start : h.end] for h in found.hits] == ["停水"]


def test_a_change_of_the_text_alone_is_a_change(store: Store) -> None:
    save(store, "a", post("通知", guid="1", text="今天停水"))
    entries = judged("a", post("通知", guid="1", text="明天停水"))
    saved = store.save_answer(entries, SourceState("a"), Spell("a", "ok", NOW, NOW), NOW + HOUR, baseline=False)
    assert (saved.new, saved.changed) == (0, 1)


def test_a_change_that_no_longer_matches_leaves_the_digest_and_keeps_no_hits(store: Store) -> None:
    (entry,) = save(store, "a", post("停水通知", guid="1"))
    save(store, "a", post("通知", guid="1"), now=NOW + HOUR)
    assert store.totals() == (1, 0, 0)
    assert passage(store, entry.post.id, NOW + HOUR).hits == ()
    assert reported(store) == []


def test_a_change_that_now_matches_joins_an_event(store: Store) -> None:
    save(store, "a", post("通知", guid="1"))
    (entry,) = save(store, "a", post("停水通知", guid="1"), now=NOW + HOUR)
    assert [p.event for p in reported(store)] == [event_id(entry.post.id)]


def test_unmatched_posts_are_stored_but_not_grouped(store: Store) -> None:
    save(store, "a", post("天气晴"))
    assert store.totals() == (1, 0, 0)


def test_known_answers_for_more_ids_than_one_statement_may_hold(store: Store) -> None:
    entries = save(store, "a", *(post(f"停水{i}", guid=str(i)) for i in range(1200)))
    assert len(store.known(e.post.id for e in entries)) == 1200
    assert store.known(["nothing"]) == {}


def test_a_post_is_found_by_the_beginning_of_its_id_and_only_when_one_begins_so(store: Store) -> None:
    entries = save(store, "a", *(post(f"停水{i}", guid=str(i)) for i in range(40)))
    one = entries[0].post.id
    assert (found := store.post(one.upper()))
    assert found.id == one
    assert store.post("") is None
    assert store.post(one[:-1] + "!") is None
    assert store.post("%") is None


# ---- one address, several sources ----


def test_one_address_from_two_sources_is_two_posts_one_event_counted_once(store: Store) -> None:
    save(store, "a", post(url=SHARED))
    save(store, "b", post("停水：转载", url=SHARED + "?utm_source=b"))
    save(store, "c", post("天气晴", url=SHARED))
    posts = reported(store)
    assert len(posts) == 2
    assert len({p.event for p in posts}) == 1
    span = store.span(DAY, NOW + HOUR)
    assert numbers.counts(store.posts_read(span).posts, ranked.groups(store.reported(span))) == Counts(1, 1)
    assert store.totals() == (3, 2, 1)


def test_posts_without_an_address_are_events_of_their_own(store: Store) -> None:
    save(store, "a", post("停水", guid="1"), post("停水", guid="2"))
    save(store, "b", post("停水", guid="1"))
    assert store.totals() == (3, 3, 3)
    span = store.span(DAY, NOW + HOUR)
    assert numbers.counts(store.posts_read(span).posts, ranked.groups(store.reported(span))) == Counts(3, 3)


def test_an_earlier_report_that_arrives_later_renames_the_event_and_the_former_id_stays_an_alias(store: Store) -> None:
    (late,) = save(store, "a", post(url=SHARED, at=NOW - HOUR))
    (early,) = save(store, "b", post(url=SHARED, at=NOW - 2 * HOUR), now=NOW + HOUR)
    assert {p.event for p in reported(store)} == {event_id(early.post.id)}
    assert rows(store, "SELECT alias, event FROM event_aliases") == [(event_id(late.post.id), event_id(early.post.id))]


def test_an_alias_of_an_alias_leads_to_the_newest_name(store: Store) -> None:
    ids = []
    for i, source in enumerate("abcd"):
        (entry,) = save(store, source, post(url=SHARED, at=NOW - (i + 1) * HOUR), now=NOW + i * HOUR)
        ids.append(event_id(entry.post.id))
    assert sorted(rows(store, "SELECT alias, event FROM event_aliases")) == sorted((i, ids[3]) for i in ids[:3])


def test_only_a_new_address_makes_a_new_event(store: Store) -> None:
    save(store, "a", post(url=SHARED))
    entries = judged("b", post(url=SHARED), post("断水", url=SHARED + "/2"))
    saved = store.save_answer(entries, SourceState("b"), Spell("b", "ok", NOW, NOW), NOW, baseline=False)
    assert (saved.new, saved.matched, saved.events_new) == (2, 2, 1)


def test_when_the_first_report_stops_matching_the_event_is_that_of_the_posts_that_are_left(store: Store) -> None:
    (first,) = save(store, "a", post(url=SHARED, at=NOW - 2 * HOUR))
    (second,) = save(store, "b", post(url=SHARED, at=NOW - HOUR))
    save(store, "a", post("更正", url=SHARED, at=NOW - 2 * HOUR), now=NOW + HOUR)
    assert rows(store, "SELECT DISTINCT event_id FROM posts WHERE matched") == [(event_id(second.post.id),)]
    assert rows(store, "SELECT event FROM event_aliases WHERE alias = '" + event_id(first.post.id) + "'") == [
        (event_id(second.post.id),)
    ]


RAW = st.builds(
    lambda source, number, minutes, title: (
        source,
        post(title, f"{SHARED}/{number}" if number else "", NOW - timedelta(minutes=minutes) if minutes else None),
    ),
    st.sampled_from("abcd"),
    st.integers(0, 3),
    st.integers(0, 5),
    st.sampled_from(["停水", "断水通知", "天气晴", "停水演练"]),
)


def events_of(arrivals: Sequence[tuple[str, RawPost]]) -> dict[str, str]:
    with Store(Path(":memory:")) as store:
        for minutes, (source, raw) in enumerate(arrivals):
            save(store, source, replace(raw, guid=f"{raw}"), now=NOW + timedelta(minutes=minutes))
        with store._read() as connection:
            return dict(connection.execute("SELECT id, event_id FROM posts").fetchall())


@given(st.lists(RAW, max_size=8, unique_by=repr), st.randoms(use_true_random=False))
@hypothesis_settings(deadline=None, max_examples=40)
def test_the_events_do_not_depend_on_the_order_of_arrival(arrivals: list[tuple[str, RawPost]], rng: Any) -> None:
    shuffled = arrivals.copy()
    rng.shuffle(shuffled)
    assert events_of(arrivals) == events_of(shuffled)


# ---- the baseline ----


def test_the_baseline_keeps_silent_about_what_was_before_the_window_or_has_no_date(store: Store) -> None:
    raws = (
        post("停水：昨天", guid="1", at=NOW - 20 * HOUR),
        post("停水：今天", guid="2", at=NOW - HOUR),
        post("停水：没有日期", guid="3", at=None),
    )
    save(store, "a", *raws, baseline=True)
    assert [p.title for p in reported(store)] == ["停水：今天"]
    assert len(list(store.export_posts(None))) == 3


def test_after_the_baseline_a_post_without_a_date_happened_when_it_was_first_seen(store: Store) -> None:
    save(store, "a", post(at=None), now=NOW)
    (found,) = reported(store)
    assert (found.published_at, found.at, found.place) == (None, NOW, "window")


# ---- times ----


def test_times_come_back_to_the_millisecond_in_utc(store: Store) -> None:
    at = datetime(2026, 3, 10, 1, 2, 3, 456789, tzinfo=UTC)
    save(store, "a", post(at=at), now=NOW)
    assert reported(store)[0].published_at == at.replace(microsecond=456000)


def test_a_date_before_1970_is_a_date(store: Store) -> None:
    at = datetime(1969, 7, 20, tzinfo=UTC)
    save(store, "a", post(at=at))
    (row,) = store.export_posts(None)
    assert row["published_at"] == -14_256_000_000


# ---- robustness against strangers' data ----


@pytest.mark.parametrize("evil", ["\ud800", "\x00", "'; DROP TABLE posts; --", "\u202e", "🀄" * 400, "\x1b[31m"])
def test_no_text_of_a_stranger_breaks_the_file(store: Store, evil: str) -> None:
    raw = post(f"停水{evil}", f"https://x.example/{evil}", guid=f"g{evil}", text=f"正文{evil}停水")
    save(store, "a", raw)
    (row,) = store.export_posts(None)
    assert row["title"].startswith("停水")
    assert "\x00" not in row["title"] + row["text"] + row["url"]
    assert row["url"].isprintable(), "an address is shown on terminals and in Markdown"


# ---- whose file ----


def test_the_file_says_whose_it_is_and_of_which_version(store: Store) -> None:
    assert rows(store, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert rows(store, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert rows(store, "PRAGMA journal_mode") == [("wal",)]


def test_a_newer_file_is_refused_and_not_touched(store: Store) -> None:
    rows(store, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    store.close()
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="newer"):
        Store(store.path)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("statement", ["CREATE TABLE strangers (id)", "PRAGMA application_id = 7"])
def test_a_strangers_file_is_refused_and_not_touched(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "yuqing.db"
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "body", [b"not a database at all, but long enough to be read as one" * 50, b"SQLite format 3\0"]
)
def test_a_file_that_is_no_database_is_a_store_error(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "yuqing.db"
    path.write_bytes(body)
    with pytest.raises(StoreError):
        Store(path)
    assert path.read_bytes() == body


def test_a_file_damaged_within_is_a_store_error_and_no_crash(store: Store) -> None:
    save(store, "a", *(post(f"停水{i}", guid=str(i), text="水" * 400) for i in range(200)))
    store.close()
    body = bytearray(store.path.read_bytes())
    size = len(body)
    body[4096 * 2 : size - 4096] = b"\xff" * (size - 4096 * 3)
    store.path.write_bytes(body)

    def use() -> None:
        with Store(store.path) as opened:
            opened.totals()
            list(opened.export_posts(None))

    with pytest.raises(StoreError):
        use()


def test_a_file_cut_short_is_a_store_error(store: Store) -> None:
    save(store, "a", *(post(f"停水{i}", guid=str(i), text="水" * 400) for i in range(200)))
    store.close()
    store.path.write_bytes(store.path.read_bytes()[: 4096 * 3 + 100])

    def use() -> None:
        with Store(store.path) as opened:
            list(opened.export_posts(None))

    with pytest.raises(StoreError):
        use()


def test_a_folder_in_the_place_of_the_file_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store(tmp_path)


def test_without_create_a_missing_file_is_an_error_and_stays_missing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database yet"):
        Store(tmp_path / "yuqing.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_anempty_file_becomes_ours(tmp_path: Path) -> None:
    (tmp_path / "yuqing.db").touch()
    with Store(tmp_path / "yuqing.db") as store:
        assert store.totals() == (0, 0, 0)


def test_a_file_that_is_locked_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "yuqing.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.05, other.execute, ("COMMIT",))
    release.start()
    with Store(tmp_path / "yuqing.db") as store:
        assert store.totals() == (0, 0, 0)
    release.join()
    other.close()


# ---- two writers ----


def together(*work: Callable[[], None]) -> list[BaseException]:
    errors: list[BaseException] = []

    def run(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


def test_two_writers_at_once_neither_lose_nor_double(store: Store) -> None:
    raws = [post(f"停水{i}", f"{SHARED}/{i % 7}", guid=str(i)) for i in range(30)]

    def write(source: str) -> Callable[[], None]:
        def work() -> None:
            with Store(store.path) as mine:
                for raw in raws:
                    save(mine, source, raw)

        return work

    assert together(write("a"), write("a"), write("b")) == []
    assert store.totals() == (60, 60, 7)
    assert rows(store, "SELECT count(*) FROM hits") == [(60,)]
    assert rows(store, "SELECT count(DISTINCT seq), max(seq) FROM posts") == [(60, 60)]
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]


def test_many_programs_may_make_the_file_at_the_same_moment(tmp_path: Path) -> None:
    for attempt in range(4):
        path = tmp_path / f"{attempt}.db"
        assert together(*[lambda path=path: Store(path).close()] * 6) == []


def test_a_file_that_is_made_while_we_look_at_it_is_not_taken_for_a_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_file: Path
) -> None:
    path = tmp_path / "yuqing.db"
    real = sqlite3.connect

    class Interrupted(sqlite3.Connection):
        def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
            cursor = super().execute(sql, *arguments)
            if sql == "PRAGMA application_id" and not path.stat().st_size:
                shutil.copy(empty_file, path)
            return cursor

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **k, factory=Interrupted))
    Store(path).close()


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    save(store, "a", post("停水一", guid="1"))
    with Store(store.path) as other, store.snapshot():
        assert store.totals()[0] == 1
        save(other, "b", post("停水二", guid="1"))
        assert store.totals()[0] == 1
    assert store.totals()[0] == 2


def test_a_failed_answer_leaves_nothing_behind(store: Store) -> None:
    (entry,) = judged("a", post())
    with pytest.raises(StoreError):
        store.save_answer([entry, entry], SourceState("a", etag="x"), Spell("a", "ok", NOW, NOW), NOW, baseline=False)
    assert store.totals() == (0, 0, 0)
    assert store.states() == {}


# ---- what is remembered of sources ----


def test_a_source_state_comes_back_as_it_was_saved(store: Store) -> None:
    state = SourceState(
        "a", "https://a.example/", "trade", "e", "l", "h", NOW, NOW, NOW, NOW, NOW, 1.25, "r", "k", "c", "m"
    )
    store.save_answer([], state, Spell("a", "ok", NOW, NOW), NOW, baseline=False)
    assert store.states() == {"a": state}


def test_ingested_rows_do_not_make_a_source_forget_what_a_fetch_knew(store: Store) -> None:
    known = SourceState("a", "https://a.example/", "media", "etag", baseline_at=NOW, last_success=NOW)
    store.save_answer([], known, Spell("a", "ok", NOW, NOW), NOW, baseline=True)
    store.save_rows(judged("a", post()), [SourceState("a", "", "community")], NOW)
    assert store.states()["a"] == known


def test_a_run_of_successes_is_one_row_and_a_silence_begins_another(store: Store) -> None:
    def ask(minutes: int) -> None:
        at = NOW + timedelta(minutes=minutes)
        store.save_answer([], SourceState("a"), Spell("a", "ok", at, at, timedelta(minutes=30)), at, baseline=False)

    for minutes in (0, 30, 60, 90, 300, 330):
        ask(minutes)
    spells = store.spells(NOW - HOUR, NOW + 10 * HOUR)
    assert [(s.first_at, s.last_at, s.asks) for s in spells] == [
        (NOW, NOW + timedelta(minutes=90), 4),
        (NOW + timedelta(minutes=300), NOW + timedelta(minutes=330), 2),
    ]


def test_the_last_good_packs_are_those_that_were_used_last(store: Store) -> None:
    assert store.last_packs() == ()
    store.save_packs("1", (("a.toml", "x"),), NOW)
    store.save_packs("2", (("b.toml", "y"),), NOW + HOUR)
    store.save_packs("1", (("a.toml", "x"),), NOW + 2 * HOUR)
    assert store.last_packs() == (("a.toml", "x"),)


def test_the_stored_packs_judge_with_the_same_hash(store: Store) -> None:
    keywords = keyword_set(water=WATER, b="[[topics]]\nid = 'x'\nany = ['断电']\n")
    store.save_packs(keywords.hash, keywords.files, NOW)
    from yuqing_cli.packs.load import load

    assert load(store.last_packs()).require().hash == keywords.hash


# ---- issues ----


NOTHING_TOLD = Totals(0, 0, 0, 0, 0)


def test_an_issue_of_the_same_window_replaces_and_keeps_its_number(store: Store) -> None:
    for hours, window in enumerate([DAY, DAY, replace(DAY, start=DAY.end, end=DAY.end + 24 * HOUR)]):
        number = store.issue_number(window)
        store.save_issue(Issue(number, window, NOW + hours * HOUR, hours, b'{"events":[]}'), NOTHING_TOLD, ())
    assert rows(store, "SELECT number, watermark FROM issues ORDER BY number") == [(1, 1), (2, 2)]


def test_two_windows_that_are_issued_at_the_same_moment_both_stay(store: Store) -> None:
    shift = Window("shift", DAY.start, DAY.end, "day")
    first, second = store.issue_number(DAY), store.issue_number(shift)
    store.save_issue(Issue(first, DAY, NOW, 0, b'{"events":[]}'), NOTHING_TOLD, ())
    # Refusing is as good as renumbering; swallowing the other is not.
    with suppress(StoreError):
        store.save_issue(Issue(second, shift, NOW, 0, b'{"events":[]}'), NOTHING_TOLD, ())
    assert rows(store, "SELECT kind FROM issues WHERE kind = 'today'") == [("today",)]


@pytest.mark.parametrize(("free", "said"), [(4096, "the disk is full"), (10**9, "{reason}")])
def test_what_sqlite_calls_a_fault_of_the_disk_is_called_full_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    with pytest.raises(StoreError) as caught, database.wrapped(tmp_path / "yuqing.db"):
        raise sqlite3.OperationalError("disk I/O error")
    assert said in caught.value.text
