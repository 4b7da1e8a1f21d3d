"""Grouping on other people's material: pairs on one topic, look-alike events, one long story, and a month of hot lists.

Pairs: 464 Chinese texts of the Sohu set, on one topic or not; an event is narrower than a topic, so what is judged is the strength, not a
threshold. Look-alike events: 574 documents of ECB+ in which every topic has two events of one kind. The story: 54 dated articles of one
event in two weeks, ten of them reposts; alone, and within a month of other news. Hot lists: December 2020, five lists, 23,130 headlines
of days without an hour, in order and in five shuffled ones: about four minutes for all of it.

Known failures: the story's roundups of the day's news hang on it by one paragraph; of the hot lists' repeated titles those of three
characters and fewer stay apart, by design.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from grouped import Grouped, Text, auc, b_cubed, best_f1, group, pairwise_f1

from floors import DATA, check, needs, rows, share
from yuqing_cli.events.links import strength
from yuqing_cli.events.sketch import make

pytestmark = needs("pairs", "events", "streams")


def midnight(day: str) -> datetime:
    return datetime.strptime(day.replace("-", ""), "%Y%m%d").replace(tzinfo=UTC)


def test_pairs_on_one_topic_are_stronger_than_others() -> None:
    pairs = rows(DATA / "pairs" / "pairs_sohu2021_dev.jsonl")
    labels = [bool(pair["same_topic"]) for pair in pairs]
    scores = [strength(make("", pair["a"]), make("", pair["b"]), 0) for pair in pairs]
    check("grouping: pairs on one topic, AUC", auc(scores, labels), external=True)
    check("grouping: pairs on one topic, best F1", best_f1(scores, labels), external=True)


def test_look_alike_events_are_told_apart() -> None:
    documents = rows(DATA / "events" / "ecb_train.jsonl")
    found = group(Text(document["id"], "", document["text"]) for document in documents)
    gold = [document["event"] for document in documents]
    events = [found.events[document["id"]] for document in documents]
    check("grouping: look-alike events, pairwise F1", pairwise_f1(gold, events), external=True)
    check("grouping: look-alike events, B3", b_cubed(gold, events), external=True)


@cache
def story() -> tuple[Text, ...]:
    found = rows(DATA / "events" / "tlcn_example.jsonl")
    return tuple(Text(row["id"], row["title"], row["text"], midnight(row["time"]), "story") for row in found)


@cache
def broadcast() -> tuple[Text, ...]:
    """A month of other news, moved to the days of the story."""
    found = rows(DATA / "streams" / "xwlb_2025-04.jsonl")
    moved = midnight("20180327") - midnight("20250401")
    return tuple(
        Text(f"x{number}", row["title"], re.sub("<[^>]+>", "", row["text"]), midnight(row["day"]) + moved, "other")
        for number, row in enumerate(found)
    )


def largest(found: Grouped) -> float:
    """The share of the story in the event that holds most of it."""
    return share(Counter(found.events[text.key] for text in story()).most_common(1)[0][1], len(story()))


def test_one_long_story_is_one_event_alone_and_among_other_news() -> None:
    alone, among = group(story()), group((*story(), *broadcast()))
    check("grouping: one story, largest event", largest(alone), external=True)
    check("grouping: one story among other news, largest event", largest(among), external=True)
    event = Counter(among.events[text.key] for text in story()).most_common(1)[0][0]
    strangers = sum(among.events[text.key] == event for text in broadcast())
    check(
        "grouping: one story, share of its event that is its own",
        share(len(story()), len(story()) + strangers),
        external=True,
    )


def test_reposts_of_the_story_are_found() -> None:
    """Of texts that are the same but for signs, all but the first; which of one day is the first is a matter of ids."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    for text in story():
        same[re.sub(r"\W", "", text.text)].append(text.key)
    copies = group((*story(), *broadcast())).copies
    repeated = [keys for keys in same.values() if len(keys) > 1]
    found = sum(min(len(keys) - 1, sum(copies[key] is not None for key in keys)) for keys in repeated)
    check("grouping: reposts of the story", share(found, sum(len(keys) - 1 for keys in repeated)), external=True)


@cache
def lists() -> tuple[Text, ...]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows(DATA / "streams" / "multi_2020-12.jsonl"):
        found.setdefault((row["platform"], row["day"] + row["title"]), row)
    return tuple(Text(f"{p}{k}", row["title"], "", midnight(row["day"]), p) for (p, k), row in found.items())


@cache
def hot() -> Grouped:
    return group(lists())


def test_one_title_on_two_lists_of_a_day_is_one_event() -> None:
    days: defaultdict[tuple[str, datetime | None], list[str]] = defaultdict(list)
    for text in lists():
        days[text.title, text.published].append(hot().events[text.key])
    repeated = [events for events in days.values() if len(events) > 1]
    together = share(sum(len(set(events)) == 1 for events in repeated), len(repeated))
    check("grouping: hot lists, repeated titles of a day together", together, external=True)
    assert together >= 0.9


def test_no_event_holds_more_than_a_twentieth_of_a_day() -> None:
    days: defaultdict[datetime | None, Counter[str]] = defaultdict(Counter)
    for text in lists():
        days[text.published][hot().events[text.key]] += 1
    worst = max(counts.most_common(1)[0][1] / counts.total() for counts in days.values())
    check("grouping: hot lists, share of a day outside its largest event", 1 - worst, external=True)
    assert worst <= 0.05


def test_events_and_copies_are_the_same_for_five_shuffled_orders_of_a_month() -> None:
    posts = list(lists())
    same = 0
    for seed, batch in enumerate((2000, 500, 3000, 1000, 700)):
        random.Random(seed).shuffle(posts)
        same += group(posts, batch=batch) == hot()
    check("grouping: hot lists, shuffled orders with the same events", same, external=True)
