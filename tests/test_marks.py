"""Marks: what the desk says of single posts, kept append-only and asked for as of a moment."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from conftest import NOW, save
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE

HOUR = timedelta(hours=1)
SHARED = "https://news.qinghe.example/a/1"


def two_reports(store: Store) -> tuple[list[str], str]:
    """Two posts of one event, and a post that stands alone: (ids of the two, id of the third)."""
    pair = [
        *save(store, "a", RawPost("青禾水务停水", "", SHARED, NOW)),
        *save(store, "b", RawPost("青禾水务停水了", "", SHARED, NOW + HOUR)),
    ]
    (alone,) = save(store, "a", RawPost("水质浑浊", "", "", NOW))
    return [entry.post.id for entry in pair], alone.post.id


def event_of(store: Store, post: str) -> str:
    found = store.post(post)
    assert found
    return found.event


def test_a_verdict_is_written_once_and_taken_back_by_another(store: Store) -> None:
    _, post = two_reports(store)
    assert [store.mark([post], verdict, NOW) for verdict in ("noise", "noise", "relevant", "noise")] == [1, 0, 1, 1]
    assert store.marks() == {post: "noise"}
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("SELECT count(*) FROM marks").fetchone() == (3,)


def test_marks_as_of_an_earlier_moment_do_not_know_later_verdicts(store: Store) -> None:
    store.mark(["p"], "noise", NOW)
    store.mark(["p", "q"], "relevant", NOW + HOUR)
    assert store.marks(NOW - HOUR) == {}
    assert store.marks(NOW) == {"p": "noise"}
    assert store.marks(NOW + HOUR) == store.marks() == {"p": "relevant", "q": "relevant"}


def test_a_beginning_means_a_post_and_an_event_all_of_its_posts(store: Store) -> None:
    pair, alone = two_reports(store)
    assert store.meant(alone[:5].upper()) == [alone]
    assert store.meant(event_of(store, pair[0])) == pair
    assert store.meant(event_of(store, pair[0])[:6]) == pair
    assert store.meant("") == store.meant("zzzz") == store.meant("%") == []


def test_a_former_id_of_an_event_means_its_posts_of_today(store: Store) -> None:
    (later,) = save(store, "a", RawPost("停水", "", SHARED, NOW))
    former = event_of(store, later.post.id)
    (earlier,) = save(store, "b", RawPost("停水了", "", SHARED, NOW - HOUR))
    assert event_of(store, later.post.id) != former
    assert sorted(store.meant(former)) == sorted([later.post.id, earlier.post.id])


def test_mark_names_what_it_marked_and_its_twin_counts_what_changed(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    with Store(one.folder / DATABASE) as store:
        pair, alone = two_reports(store)
        event = event_of(store, pair[0])
    said = one("mark", alone, "noise")
    assert (said.code, said.out) == (DONE, f"noise  {alone}  水质浑浊\n")
    twin = one("mark", event, "relevant", "--json").json
    assert twin == {"schema": 1, "verdict": "relevant", "posts": pair, "changed": 2}
    assert one("mark", event, "relevant", "--json").json["changed"] == 0
    with Store(one.folder / DATABASE) as store:
        assert store.marks() == {alone: "noise", **dict.fromkeys(pair, "relevant")}


@pytest.mark.parametrize("words", [("zzzz", "noise"), ("", "noise"), ("e", "good"), ("e",)])
def test_what_cannot_be_marked_is_wrong_usage(desk: MakeDesk, words: tuple[str, ...]) -> None:  # noqa: F811
    outcome = desk()("mark", *words)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert outcome.err
