"""What a check of packs says, and what it may look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from yuqing_cli.errors import Problem
from yuqing_cli.records import Record, field

from .model import Rule

Severity = Literal["error", "warning", "hint"]
RuleKey = tuple[str, str, str]
"""(pack, kind, id)."""
FREQUENT_SHARE = 0.2
"""Of the station's posts; a topic that fires on every fifth post tells nobody anything."""
EVERYTHING_SHARE = 0.9
FEWEST_POSTS = 200
"""Below these, shares of the station's posts are not told."""
FREQUENT_WORD = 3e-4
"""Relative frequency in the dictionary's corpus: 300 in a million words."""


class Finding(Record):
    """One remark on a rule. ``kind`` names its class for scripts."""

    severity: Severity
    kind: str
    problem: Problem


class Seen(Record):
    """How often each rule fired on the station's own posts."""

    posts: int = 0
    fired: Mapping[RuleKey, int] = field(default_factory=dict)


class Known(Record):
    """What rules may refer to, and how frequent words are. ``everywhere``: the rules that fire on texts about nothing."""

    sources: Collection[str] = ()
    tags: Collection[str] = ()
    everywhere: Collection[RuleKey] = ()
    frequencies: Mapping[str, int] = field(default_factory=dict)
    total: int = 1


def key_of(rule: Rule) -> RuleKey:
    """What names a rule within a station (ids are unique in a file, not over files)."""
    return (rule.pack, rule.kind, rule.id)


def finding(
    severity: Severity, kind: str, rule: Rule, place: tuple[int, int], text: str, hint: str, **values: object
) -> Finding:
    """A remark on ``rule`` at a place of its file; ``{id}`` in its text is the rule's."""
    line, column = place
    return Finding(severity, kind, Problem(rule.file, text, line, column, hint, (("id", rule.id), *values.items())))
