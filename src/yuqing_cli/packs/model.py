"""What a pack holds once it is read: terms, rules, packs, and the set of all packs of a station."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from yuqing_cli.records import Record

if TYPE_CHECKING:
    from .query_nodes import Node

Boundary = Literal["word", "soft", "off"]
Tone = Literal["complaint", "danger", "help", "neutral", "positive"]
Register = Literal["net", "spoken", "press"]
"""Said on the net, in everyday speech, or in newspapers too."""


class Term(Record):
    """One literal term. ``folded`` is what is searched for: the normalised form of ``text``."""

    text: str
    folded: str
    weight: float = 1.0
    boundary: Boundary = "word"
    line: int = 0
    column: int = 0
    helps: bool = False
    """It never makes a post match by itself: it names the subject only where a topic fires."""


class Rule(Record):
    """A subject or a topic. It fires when one of ``any`` (if there are some), every one of ``all`` and none of ``none`` is there."""

    kind: Literal["subject", "topic"]
    pack: str
    id: str
    title: str
    any: tuple[Term, ...] = ()
    all: tuple[Term, ...] = ()
    none: tuple[Term, ...] = ()
    severity: int = 1
    owner: str = ""
    playbook: str = ""
    query: Node | None = None
    """A rule in the query language instead of the three lists."""
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """``keywords/water.toml:12``: where the rule is written, as it is shown in the station's folder."""
        return f"keywords/{PurePath(self.file).name}:{self.line}"


def as_query(rule: Rule) -> Node:
    """The rule as one query, whichever way it was written; for saying it in words."""
    if rule.query is not None:
        return rule.query
    from .query_nodes import And, Not, Or
    from .query_nodes import Term as QueryTerm

    def leaves(terms: tuple[Term, ...]) -> tuple[Node, ...]:
        return tuple(QueryTerm(term.text, term.folded) for term in terms)

    parts: list[Node] = [Or(leaves(rule.any))] if len(rule.any) > 1 else [*leaves(rule.any)]
    parts += [*leaves(rule.all), *(Not(leaf) for leaf in leaves(rule.none))]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


class Slang(Record):
    """A word of the net with its plain meaning. It never fires: it is for whoever reads a post."""

    term: str
    folded: str
    meaning: str
    meaning_en: str = ""
    tone: Tone = "neutral"
    register: Register = "net"


class Pack(Record):
    """One pack file."""

    name: str
    title: str
    version: str
    file: str
    rules: tuple[Rule, ...] = ()
    slang: tuple[Slang, ...] = ()


class KeywordSet(Record, dict=True):
    """All packs of a station, and the texts that they were read from (so that a last good set can be kept)."""

    packs: tuple[Pack, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """(file name, its text), sorted by name."""

    @property
    def rules(self) -> Iterator[Rule]:
        """All rules in file order."""
        return (rule for pack in self.packs for rule in pack.rules)

    @cached_property
    def hash(self) -> str:
        """Identity of what judges: 16 hex digits over names and texts."""
        state = hashlib.blake2b(digest_size=8)
        for name, text in self.files:
            state.update(f"{name}\0{text}\0".encode())
        return state.hexdigest()

    @property
    def slang(self) -> Iterator[Slang]:
        """All explained words."""
        return (entry for pack in self.packs for entry in pack.slang)

    def topic(self, rule_id: str) -> Rule | None:
        """The topic of that id; the gravest where several packs have one."""
        return self._topics.get(rule_id)

    @cached_property
    def _topics(self) -> dict[str, Rule]:
        ordered = sorted((rule for rule in self.rules if rule.kind == "topic"), key=lambda rule: rule.severity)
        return {rule.id: rule for rule in ordered}
