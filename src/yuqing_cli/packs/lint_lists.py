"""What is unwise in a rule that is three lists; ``lint`` has the essay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yuqing_cli.i18n import mark
from yuqing_cli.records import replace

from .contradiction import covers
from .lint_shapes import Finding, Severity, finding
from .model import Rule, Term

SHOWN = 4
"""Terms that a remark names before it counts the rest."""


def of_lists(rule: Rule) -> Iterator[Finding]:
    """All remarks on one rule. The sections of a road, which nobody wrote, are left in peace."""
    rule = replace(rule, any=tuple(term for term in rule.any if not term.helps))
    none = _Held(rule.none)
    dead = _dead(rule, none)
    if dead:
        yield dead
        return
    yield from _blocked(rule, none)
    yield from _always_met(rule)
    yield from _twice(rule)
    yield from _redundant(rule)
    yield from _redundant_exclusions(rule)


def _say(severity: Severity, kind: str, rule: Rule, term: Term, text: str, hint: str, **values: object) -> Finding:
    return finding(severity, kind, rule, (term.line, term.column), text, hint, term=term.text, **values)


class _Held:
    """Terms by their normal form, to be found inside others: by look-ups of what a term is made of, not by comparing all with all.

    A list of 20,000 terms takes a second; pair by pair it would be 400 million comparisons.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self._by: dict[str, list[Term]] = {}
        for term in terms:
            self._by.setdefault(term.folded, []).append(term)
        self._lengths = sorted({len(folded) for folded in self._by})

    def inside(self, longer: Term) -> Iterator[Term]:
        """Those that are found wherever ``longer`` is, the shortest first; itself too, if it is one of them."""
        folded = longer.folded
        for length in self._lengths:
            pieces = dict.fromkeys(folded[start : start + length] for start in range(len(folded) - length + 1))
            found = (term for piece in pieces for term in self._by.get(piece, ()))
            yield from (term for term in found if _within(term, longer))


def _forbids(held: _Held, term: Term) -> Term | None:
    """The exclusion that is there wherever the term is."""
    return next(held.inside(term), None)


def _within(shorter: Term, longer: Term) -> bool:
    """Whether the first is found wherever the second is, but for what a boundary drops."""
    if longer.boundary == "off" and (shorter.folded[0].isascii() or shorter.folded[-1].isascii()):
        return shorter.folded == longer.folded and shorter.boundary == "off"
    return covers(shorter.folded, longer.folded)


def _dead(rule: Rule, none: _Held) -> Finding | None:
    for term in rule.all:
        if other := _forbids(none, term):
            text = mark("{id} can never fire: all asks for {term}, and {other} in none forbids it")
            return _say("error", "dead", rule, term, text, _OUT, other=other.text)
    blocked = [(term, other) for term in rule.any if (other := _forbids(none, term))]
    if not blocked or len(blocked) < len(rule.any):
        return None
    term, other = blocked[0]
    text = mark("{id} can never fire: every term of any is forbidden by none ({term} by {other})")
    return _say("error", "dead", rule, term, text, _OUT, other=other.text)


_OUT = mark("take {other} out of none, or write it longer")


def _blocked(rule: Rule, none: _Held) -> Iterator[Finding]:
    for term in rule.any:
        other = _forbids(none, term)
        if other and other.folded == term.folded:
            text, hint = mark("{term} stands in any and in none"), mark("take it out of one of them")
            yield _say("warning", "contradiction", rule, term, text, hint)
        elif other:
            text = mark("{term} can never fire this rule: {other} in none forbids it")
            yield _say("warning", "excluded", rule, term, text, _OUT, other=other.text)


def _always_met(rule: Rule) -> Iterator[Finding]:
    """``any`` beside ``all`` asks for nothing more where a term of ``all`` holds one of ``any``."""
    held = _Held(rule.any)
    for needed in rule.all:
        if term := next(held.inside(needed), None):
            text = mark("the list any changes nothing here: {other} in all always brings {term}")
            hint = mark("take {term} out of any, or {other} out of all")
            yield _say("warning", "shadowed", rule, term, text, hint, other=needed.text)
            return


def _twice(rule: Rule) -> Iterator[Finding]:
    for terms in (rule.any, rule.all, rule.none):
        seen: dict[str, Term] = {}
        for term in terms:
            first = seen.setdefault(term.folded, term)
            if first is not term:
                text = mark("{term} stands here twice (the other: {other}, line {line})")
                hint = mark("width, case and 简繁 make no difference: take one out")
                yield _say("warning", "twice", rule, term, text, hint, other=first.text, line=first.line)


def _redundant(rule: Rule) -> Iterator[Finding]:
    """One remark for each short term, about all longer ones that bring no post beside it."""
    held = _Held(rule.any)
    brought: dict[Term, list[Term]] = {}
    for longer in rule.any:
        shorter = next((term for term in held.inside(longer) if _brings(term, longer)), None)
        if shorter:
            brought.setdefault(shorter, []).append(longer)
    for term, others in brought.items():
        text = mark("{term} finds every post of {others} too")
        hint = mark("the longer ones may go, unless you want them marked as words of their own")
        yield _say("hint", "redundant", rule, term, text, hint, others=_named(others))


def _brings(shorter: Term, longer: Term) -> bool:
    same = shorter.weight == longer.weight and shorter.boundary == longer.boundary
    return same and len(shorter.folded) < len(longer.folded)


def _redundant_exclusions(rule: Rule) -> Iterator[Finding]:
    held = _Held(rule.none)
    for longer in rule.none:
        shorter = next((term for term in held.inside(longer) if term.folded != longer.folded), None)
        if shorter:
            text, hint = mark("{term} excludes nothing that {other} does not"), mark("take it out")
            yield _say("hint", "redundant", rule, longer, text, hint, other=shorter.text)


def _named(terms: Sequence[Term]) -> str:
    shown = "、".join(term.text for term in terms[:SHOWN])
    return shown + (f" … ({len(terms)})" if len(terms) > SHOWN else "")
