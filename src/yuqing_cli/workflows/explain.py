"""Explain: a stored post -> its score as a sum, every hit with the rule, the line that wrote it and the very characters.

store.post + store.passages + store.exclusions -> the packs that judged it -> Explained
"""

from __future__ import annotations

from datetime import datetime

from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.errors import UsageError
from yuqing_cli.models import Exclusion, Hit
from yuqing_cli.packs.load import load
from yuqing_cli.packs.model import KeywordSet, Rule, Slang
from yuqing_cli.packs.slang import explained
from yuqing_cli.records import Record


class Found(Record):
    """A hit with the characters that it is, and the rule as the packs that judged had it (None: they are not kept)."""

    hit: Hit
    raw: str
    rule: Rule | None


class Explained(Record):
    """Why a post has its score."""

    post: StoredPost
    found: tuple[Found, ...]
    excluded: tuple[tuple[Exclusion, Rule | None], ...]
    stale: bool
    """Other packs judged it than there are today; the lines are theirs."""
    slang: tuple[Slang, ...] = ()
    """Words of the net in it that the packs explain."""


def explain(store: Store, keywords: KeywordSet, beginning: str, now: datetime) -> Explained:
    """Explain the one post whose id begins so. Raises ``UsageError``: there is none, or there are several."""
    post = store.post(beginning)
    if post is None:
        raise UsageError("there is no post {id}, or several begin so", id=beginning)
    stale = post.packs != keywords.hash
    judged = load(store.packs_of(post.packs)).keywords if stale else keywords
    rules = {(rule.pack, rule.kind, rule.id): rule for rule in judged.rules}
    passage = store.passages([post.id], now)[post.id]
    fields = {"title": passage.title, "text": passage.text}
    found = tuple(
        Found(hit, fields[hit.field][hit.start : hit.end], rules.get((hit.pack, hit.kind, hit.rule)))
        for hit in passage.hits
    )
    excluded = store.exclusions([post.id], now).get(post.id, ())
    held_back = tuple((e, rules.get((e.pack, e.kind, e.rule))) for e in excluded)
    return Explained(post, found, held_back, stale, explained(f"{passage.title}\n{passage.text}", keywords.slang))
