"""Grouping on our own fictional reports: one event or two, copies or independent, and the same whatever the order.

Known failures of this set: short posts that share only a place and a kind of trouble with the event (雷雨停电 told in other words) may
stay apart; that is what being conservative on short texts costs. Of the pairs of short reports three fail: places that do not end
like one (青禾, 白苇), numbers in Chinese numerals, and one hailstorm over two districts, told in headlines alone.
"""

from __future__ import annotations

import random
import tomllib
from datetime import timedelta
from functools import cache
from typing import Any

from grouped import NOW, Grouped, Text, b_cubed, group, pairwise_f1

from floors import HERE, check, share


@cache
def texts() -> tuple[tuple[Text, int], ...]:
    """Every post with the number of its event."""
    data: dict[str, Any] = tomllib.loads((HERE / "events_zh.toml").read_text("utf-8"))
    return tuple(
        (Text(f"{number}-{place}", title, text, NOW + timedelta(hours=hour), source), number)
        for number, event in enumerate(data["events"])
        for place, (hour, source, title, text) in enumerate(event["posts"])
    )


@cache
def grouped() -> Grouped:
    return group(text for text, _ in texts())


def test_reports_of_one_event_are_found_together() -> None:
    gold = [number for _, number in texts()]
    found = [grouped().events[text.key] for text, _ in texts()]
    check("grouping: own reports, pairwise F1", pairwise_f1(gold, found), external=False, detail=found)
    check("grouping: own reports, B3", b_cubed(gold, found), external=False, detail=found)


def together(pairs: list[list[str]]) -> list[bool]:
    """Whether the two reports of each pair are one event, to a station that has nothing else."""
    found = []
    for head, text, other_head, other_text in pairs:
        later = NOW + timedelta(hours=6)
        events = group((Text("1", head, text, NOW, "a"), Text("2", other_head, other_text, later, "b"))).events
        found.append(len(set(events.values())) == 1)
    return found


def test_short_reports_of_different_places_are_apart_and_of_one_event_together() -> None:
    data: dict[str, Any] = tomllib.loads((HERE / "short_zh.toml").read_text("utf-8"))
    one, two = together(data["one"]), together(data["two"])
    check("grouping: short reports of one event, together", share(sum(one), len(one)), external=False, detail=one)
    apart = len(two) - sum(two)
    check("grouping: short reports of two events, apart", share(apart, len(two)), external=False, detail=two)


def test_copies_are_told_from_independent_reports() -> None:
    data: dict[str, Any] = tomllib.loads((HERE / "events_zh.toml").read_text("utf-8"))
    wanted = [event["copies"] for event in data["events"]]
    found = [0] * len(wanted)
    for text, number in texts():
        found[number] += grouped().copies[text.key] is not None
    right = sum(a == b for a, b in zip(wanted, found, strict=True))
    check(
        "grouping: own reports, events with the right number of copies",
        share(right, len(wanted)),
        external=False,
        detail=found,
    )


def test_twelve_copies_of_one_story_weigh_less_than_three_independent_reports() -> None:
    mine = [text for text, number in texts() if number == 0]
    wire = [
        Text(f"w{i}", mine[0].title, mine[0].text + f"（编辑{i}）", NOW + timedelta(hours=i), f"s{i}")
        for i in range(12)
    ]
    copied = group(wire)
    assert len(set(copied.events.values())) == 1
    origins = sum(copy is None for copy in copied.copies.values())
    independent = sum(grouped().copies[text.key] is None for text in mine)
    assert (origins, independent) == (1, 3)


def test_the_order_of_arrival_changes_nothing() -> None:
    posts = [text for text, _ in texts()]
    for seed in range(3):
        random.Random(seed).shuffle(posts)
        assert group(posts, batch=1 + 6 * seed) == grouped()
