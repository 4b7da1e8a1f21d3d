"""What was held back and by which rule, with samples, so that a reader can catch a rule that excludes too much. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .sections import Suppressed
from .shapes import StoredPost, Withheld

SAMPLES = 3
MARKED = "marked"
"""Posts of the window that the desk called noise."""


def suppressed(withheld: Iterable[Withheld], noise: Iterable[StoredPost]) -> tuple[Suppressed, ...]:
    """By rule (``pack/rule``) how many posts its exclusions kept out, and under ``marked`` what the desk called noise; most first.

    A post that several rules' exclusions held back counts with each of them.
    """
    found: dict[str, dict[str, str]] = {}
    for post in withheld:
        for exclusion in post.exclusions:
            found.setdefault(f"{exclusion.pack}/{exclusion.rule}", {})[post.post] = post.title
    if marked := {post.id: post.title for post in noise}:
        found[MARKED] = marked
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(Suppressed(rule, len(posts), tuple(posts.items())[:SAMPLES]) for rule, posts in ordered)


def totals(entries: Iterable[Suppressed]) -> Mapping[str, int]:
    """The same as plain numbers."""
    return {entry.rule: entry.posts for entry in entries}
