"""The desk's own words on events: kept append-only, masked, checked, and read as of a moment under the id of today."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, save
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from test_marks import SHARED, event_of, two_reports
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.digest.desk import NOTHING, DeskEntry, Kind, changes, entry, standing
from yuqing_cli.errors import UsageError
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE

HOUR = timedelta(hours=1)
REPLY = "https://www.qinghe.example/notice/1"


def said(*words: tuple[Kind, str], event: str = "e") -> list[DeskEntry]:
    return [DeskEntry(event, kind, text, NOW + i * HOUR) for i, (kind, text) in enumerate(words)]


def test_an_event_nobody_spoke_of_is_open() -> None:
    assert standing([]) == NOTHING
    assert NOTHING.status == "open"


def test_the_first_answer_counts_for_how_fast_and_the_last_for_where() -> None:
    held = standing(said(("answer", REPLY), ("answer", REPLY + "2")))
    assert (held.status, held.answer, held.answered_at) == ("answered", REPLY + "2", NOW)


def test_closing_outweighs_an_answer_and_opening_again_takes_both_back_but_no_note() -> None:
    words: list[tuple[Kind, str]] = [("owner", "供水科"), ("note", "已核实"), ("close", ""), ("answer", REPLY)]
    assert standing(said(*words)).status == "closed"
    held = standing(said(*words, ("reopen", "")))
    assert (held.status, held.owner, held.answer, held.answered_at, held.closed_at) == (
        "open",
        "供水科",
        None,
        None,
        None,
    )
    assert [note.text for note in held.notes] == ["已核实"]


ENTRIES = st.lists(
    st.sampled_from(
        said(
            ("note", "a"),
            ("note", "b"),
            ("owner", "u"),
            ("owner", "v"),
            ("answer", REPLY),
            ("close", ""),
            ("reopen", ""),
        )
    ),
    max_size=8,
)


@given(ENTRIES)
def test_what_was_said_twice_in_a_row_changes_nothing(entries: list[DeskEntry]) -> None:
    held = standing(entries)
    for one in entries[-1:]:
        assert not changes(held, one)


@given(ENTRIES)
@hypothesis_settings(max_examples=30, deadline=None)
def test_entries_that_change_nothing_are_not_written_and_the_standing_is_the_same(entries: list[DeskEntry]) -> None:
    with Store(Path(":memory:")) as store:
        store.desk_add(entries)
        written = store.desk_entries().get("e", [])
        again = store.desk_add(written[-1:])
    assert again == []
    former, held = standing(entries), standing(written)
    assert (former.status, former.owner, former.answer) == (held.status, held.owner, held.answer)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("note", ""),
        ("note", "\x1b[2J\u202e \u200b"),
        ("note", "长" * 501),
        ("owner", "科" * 61),
        ("answer", "www.qinghe.example"),
        ("answer", "javascript:alert(1)"),
        ("answer", "https://user:secret@qinghe.example/"),
        ("answer", "https://qinghe.example/a b"),
        ("answer", "https://qinghe.example/\x1b[2J"),
        ("answer", "https://qinghe.example/" + "a" * 2000),
        ("answer", "file:///etc/passwd"),
        ("answer", "https:qinghe.example"),
        ("answer", ""),
    ],
)
def test_words_that_are_empty_too_long_or_no_public_page_are_refused(kind: Kind, text: str) -> None:
    with pytest.raises(UsageError):
        entry("e", kind, text, NOW)


def test_words_are_one_line_without_escape_codes_and_without_personal_data() -> None:
    assert entry("e", "note", "已\x1b[31m核实\n请电13800138000", NOW).text == "已核实 请电■■■■■■■■■■■"
    assert entry("e", "owner", "供水科 13800138000", NOW).text == "供水科 ■■■■■■■■■■■"
    assert entry("e", "note", "请电13800138000", NOW, masked=False).text == "请电13800138000"


def test_an_address_is_kept_as_given_although_it_holds_digits() -> None:
    assert entry("e", "answer", f" {REPLY}?13800138000 ", NOW).text == f"{REPLY}?13800138000"


def test_words_said_later_are_unknown_as_of_an_earlier_moment(store: Store) -> None:
    store.desk_add(said(("note", "one"), ("close", "")))
    assert [e.kind for e in store.desk_entries(NOW)["e"]] == ["note"]
    assert store.desk_entries(NOW - HOUR) == {}


def test_words_follow_an_event_whose_id_changes(store: Store) -> None:
    (later,) = save(store, "a", RawPost("停水", "", SHARED, NOW))
    former = event_of(store, later.post.id)
    store.desk_add(said(("note", "one"), event=former))
    (earlier,) = save(store, "b", RawPost("停水了", "", SHARED, NOW - HOUR))
    present = event_of(store, earlier.post.id)
    store.desk_add(said(("note", "one"), ("note", "two"), event=present))
    assert [e.text for e in store.desk_entries()[present]] == ["one", "two"]
    assert former not in store.desk_entries()


def test_the_commands_say_what_was_written_and_their_twin_whether_it_was_new(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    with Store(one.folder / DATABASE) as store:
        pair, _ = two_reports(store)
        event = event_of(store, pair[0])
    done = one("events", "note", event[:6], "已核实，电13800138000")
    assert (done.code, done.out) == (DONE, f"noted  {event}  青禾水务停水  已核实，电■■■■■■■■■■■\n")
    assert one("events", "owner", pair[1], "供水科").out == f"in charge  {event}  青禾水务停水  供水科\n"
    twin = {"schema": 1, "event": event, "kind": "answer", "text": REPLY, "changed": True}
    assert one("events", "answer", event, REPLY, "--json").json == twin
    assert one("events", "answer", event, REPLY, "--json").json == twin | {"changed": False}
    assert [one("events", word, event).code for word in ("close", "reopen")] == [DONE, DONE]
    with sqlite3.connect(one.folder / DATABASE) as connection:
        kinds = [row[0] for row in connection.execute("SELECT kind FROM desk_entries ORDER BY seq")]
    assert kinds == ["note", "owner", "answer", "close", "reopen"]


@pytest.mark.parametrize("id_", ["zzzz", "", "%", "e"])
def test_an_id_that_means_no_event_or_several_is_wrong_usage(desk: MakeDesk, id_: str) -> None:  # noqa: F811
    one = desk()
    with Store(one.folder / DATABASE) as store:
        two_reports(store)
    outcome = one("events", "close", id_)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert outcome.err
