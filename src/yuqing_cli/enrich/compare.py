"""What a change of the packs does to a post: which rules fire on it newly, which no longer.

Theory. Rules do not know of each other: each fires on a post or not, whatever stands beside it in the packs (``match``). So rules
that both sets hold alike cannot make a difference, and a post on which the others fire alike is judged alike by both. Two small
automata, of the rules that only one side has, look at every post; the whole sets only at posts where these two disagree. The one
exception are terms that only help (a road names its town only beside a topic): where a rule with such terms was edited and is
found, the whole sets are asked, too. The outcome is that of matching everything twice (a property test), at a cost that goes with
the edit.

A rule is the same when it asks for the same: titles, severity, owners and the order of terms do not matter here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from yuqing_cli.packs.model import KeywordSet, Pack, Rule
from yuqing_cli.records import Record, replace

from .match import NOTHING, Match, Matcher

Fired = frozenset[tuple[str, str]]
"""(kind, id) of rules."""


class Change(Record):
    """What differs for one post. ``terms`` are what was found: for what is gained in the new set, else in the old one."""

    gained: Fired
    lost: Fired
    matched_before: bool
    matched_after: bool
    terms: tuple[str, ...] = ()


class Edit(Record):
    """How many rules the new set has more, has no longer, and has in another form."""

    added: int
    removed: int
    changed: int


class Compare:
    """Two sets of packs, compiled for telling their difference."""

    def __init__(self, old: KeywordSet, new: KeywordSet) -> None:
        common = Counter(map(_asks, old.rules)) & Counter(map(_asks, new.rules))
        only_old, only_new = _without(old, common), _without(new, common)
        self._old, self._new = Matcher(_set_of(map(_alone, only_old))), Matcher(_set_of(map(_alone, only_new)))
        self._whole_old, self._whole_new = Matcher(old), Matcher(new)
        self._helped = {(rule.kind, rule.id) for rule in (*only_old, *only_new) if any(term.helps for term in rule.any)}
        before, after = Counter(map(_name, only_old)), Counter(map(_name, only_new))
        changed = (before & after).total()
        self.edit = Edit(after.total() - changed, before.total() - changed, changed)

    def post(self, title: str, text: str, meta: Mapping[str, frozenset[str]] = NOTHING) -> Change | None:
        """What differs for a post; None where nothing does."""
        before, after = _fired(self._old.match(title, text, meta)), _fired(self._new.match(title, text, meta))
        if before == after and not before & self._helped:
            return None
        old, new = self._whole_old.match(title, text, meta), self._whole_new.match(title, text, meta)
        was, now = _fired(old), _fired(new)
        if was == now:
            return None
        return Change(now - was, was - now, bool(was), bool(now), _terms(new, now - was) or _terms(old, was - now))


def _without(keywords: KeywordSet, common: Counter[object]) -> list[Rule]:
    """The rules that are not in ``common``, each of which counts as often as it is there."""
    left = common.copy()
    own: list[Rule] = []
    for rule in keywords.rules:
        key = _asks(rule)
        if left[key] <= 0:
            own.append(rule)
        left[key] -= 1
    return own


def _alone(rule: Rule) -> Rule:
    """The rule as it would fire beside a topic, so that nothing that it can do is overlooked."""
    return replace(rule, any=tuple(replace(term, helps=False) for term in rule.any))


def _set_of(rules: Iterable[Rule]) -> KeywordSet:
    return KeywordSet((Pack("", "", "", "", tuple(rules)),))


def _name(rule: Rule) -> tuple[str, str, str]:
    return (rule.kind, rule.pack, rule.id)


def _asks(rule: Rule) -> object:
    """What a rule fires on, as a key. Weights move the score, not the match."""
    lists = tuple(
        frozenset((term.folded, term.boundary, term.helps) for term in terms)
        for terms in (rule.any, rule.all, rule.none)
    )
    return (rule.kind, rule.id, lists, rule.query)


def _fired(match: Match) -> Fired:
    return frozenset([*(("topic", name) for name in match.topics), *(("subject", name) for name in match.subjects)])


def _terms(match: Match, fired: Fired) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.term for hit in match.hits if (hit.kind, hit.rule) in fired))
