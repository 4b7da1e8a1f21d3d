"""What a change of the packs does to a post: which rules fire on it newly, which no longer.

Theory. Rules do not know of each other: each fires on a post or not, whatever stands beside it in the packs (``match``). So rules
that both sets hold alike cannot make a difference, and a post that none of the others fires on is judged alike by both. Two small
automata, of the rules that only one side has, look at every post; the large one, of the rules in common, only at posts where these
two disagree: there it decides whether a topic whose rule was taken out is still held by another rule of the same id, and whether the
post matches at all. The outcome is that of matching everything twice (a property test), at a cost that goes with the edit.

A rule is the same when it asks for the same: titles, severity, owners and the order of terms do not matter here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yuqing_cli.packs.model import KeywordSet, Pack, Rule

from .match import NOTHING, Match, Matcher

Fired = frozenset[tuple[str, str]]
"""(kind, id) of rules."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs for one post. ``terms`` are what was found: for what is gained in the new set, else in the old one."""

    gained: Fired
    lost: Fired
    matched_before: bool
    matched_after: bool
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """How many rules the new set has more, has no longer, and has in another form."""

    added: int
    removed: int
    changed: int


class Compare:
    """Two sets of packs, compiled for telling their difference."""

    def __init__(self, old: KeywordSet, new: KeywordSet) -> None:
        common = Counter(map(_asks, old.rules)) & Counter(map(_asks, new.rules))
        only_old, both = _split(old, common)
        only_new, _ = _split(new, common)
        self._old, self._new, self._common = Matcher(only_old), Matcher(only_new), Matcher(both)
        before, after = Counter(map(_name, only_old.rules)), Counter(map(_name, only_new.rules))
        changed = (before & after).total()
        self.edit = Edit(after.total() - changed, before.total() - changed, changed)

    def post(self, title: str, text: str, meta: Mapping[str, frozenset[str]] = NOTHING) -> Change | None:
        """What differs for a post; None where nothing does."""
        old, new = self._old.match(title, text, meta), self._new.match(title, text, meta)
        before, after = _fired(old), _fired(new)
        if before == after:
            return None
        common = _fired(self._common.match(title, text, meta))
        gained, lost = after - before - common, before - after - common
        if not gained and not lost:
            return None
        matched = bool(before | common), bool(after | common)
        return Change(gained, lost, *matched, _terms(new, gained) or _terms(old, lost))


def _split(keywords: KeywordSet, common: Counter[object]) -> tuple[KeywordSet, KeywordSet]:
    """The rules that are not in ``common``, and those that are; each of them as often as it is there."""
    left = common.copy()
    own: list[Rule] = []
    shared: list[Rule] = []
    for rule in keywords.rules:
        key = _asks(rule)
        (shared if left[key] > 0 else own).append(rule)
        left[key] -= 1
    return _set_of(own), _set_of(shared)


def _set_of(rules: Iterable[Rule]) -> KeywordSet:
    return KeywordSet((Pack("", "", "", "", tuple(rules)),))


def _name(rule: Rule) -> tuple[str, str, str]:
    return (rule.kind, rule.pack, rule.id)


def _asks(rule: Rule) -> object:
    """What a rule fires on, as a key. Weights move the score, not the match."""
    lists = tuple(
        frozenset((term.folded, term.boundary) for term in terms) for terms in (rule.any, rule.all, rule.none)
    )
    return (rule.kind, rule.id, lists, rule.query)


def _fired(match: Match) -> Fired:
    return frozenset([*(("topic", name) for name in match.topics), *(("subject", name) for name in match.subjects)])


def _terms(match: Match, fired: Fired) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.term for hit in match.hits if (hit.kind, hit.rule) in fired))
