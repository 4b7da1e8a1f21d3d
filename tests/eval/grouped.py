"""Puts texts into a store as matched posts and reads their events back: grouping as a station does it, keys, caps and all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yuqing_cli.adapters.store import Store
from yuqing_cli.ids import content_hash, derived_id
from yuqing_cli.models import Judged, Judgement, Post

MATCHED = Judgement(topics=("any",))
NOW = datetime(2026, 3, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Text:
    """One post of an evaluation set. ``key`` is its own; posts of one source with one key are one post."""

    key: str
    title: str = ""
    text: str = ""
    published: datetime | None = None
    source: str = "a"


@dataclass(frozen=True, slots=True)
class Grouped:
    """Of each key its event, and of what it is a copy (the key of that; None: of nothing)."""

    events: dict[str, str]
    copies: dict[str, str | None]


def group(texts: Iterable[Text], batch: int = 500) -> Grouped:
    """Store the texts, so many at a time, and read what became of them."""
    posts = {text.key: _post(text) for text in texts}
    key_of = {post.id: key for key, post in posts.items()}
    waiting = [Judged(post, MATCHED) for post in posts.values()]
    with Store(Path(":memory:")) as store:
        for start in range(0, len(waiting), batch):
            store.save_rows(waiting[start : start + batch], [], NOW)
        with store._read() as connection:
            rows = connection.execute("SELECT id, event_id, copy_of FROM posts").fetchall()
    events = {key_of[post]: event for post, event, _ in rows}
    return Grouped(events, {key_of[post]: key_of.get(copied) for post, _, copied in rows})


def _post(text: Text) -> Post:
    hashed = content_hash(text.title, text.text)
    return Post(derived_id(text.source, text.key), text.source, "", "", text.title, text.text, text.published, hashed)


def pairwise_f1(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """The harmonic mean of precision and recall over all pairs of posts."""
    both = sum(n * (n - 1) for n in Counter(zip(gold, found, strict=True)).values())
    return 2 * both / sum(n * (n - 1) for side in (gold, found) for n in Counter(side).values())


def b_cubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """B³ F1 (Bagga & Baldwin 1998): precision and recall of each post's own event, averaged."""
    counted, golds, founds = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    precision = sum(n * n / founds[f] for (_, f), n in counted.items()) / len(gold)
    recall = sum(n * n / golds[g] for (g, _), n in counted.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a pair of one event scores higher than another pair; ties count half."""
    positive = [s for s, label in zip(scores, labels, strict=True) if label]
    negative = [s for s, label in zip(scores, labels, strict=True) if not label]
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def best_f1(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """F1 at the best threshold."""
    total, right, best = sum(labels), 0, 0.0
    for rank, (_, label) in enumerate(sorted(zip(scores, labels, strict=True), reverse=True), start=1):
        right += label
        best = max(best, 2 * right / (rank + total))
    return best
