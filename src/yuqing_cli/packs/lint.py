"""What is unwise in packs that can be read: rules that never fire, terms that change nothing, words that flood.

Principle. A rule that does not do what its author thinks is worse than none: it is silent, or it floods the desk, and nobody sees
either from the file. But a checker that cries over everything is switched off. So there are three grades. An *error* is a rule that
can never fire, or fires on everything. A *warning* is a part of a rule that cannot do what it says. A *hint* changes no
post: it is counted, and shown on demand.

Theory. Everything said of lists follows from what ``enrich.match`` does with them: a rule fires when one of ``any`` and every one of
``all`` is there, and none of ``none``, which are plain substrings. If an exclusion is part of a term, that term never fires the rule.
If one term of ``any`` is part of another, the longer one adds no post (only a longer mark, and safety where a boundary drops the
shorter one: hence a hint). Queries are judged by ``contradiction``.

How often a word is too often is measured where there is something to measure: on the station's own posts (``Seen``). Without them
the word's share in the dictionary's corpus stands in; it is of the 1990s, so only words far above the rest are told.

Tried and dropped: telling every term that two topics share (67 in the shipped packs, nearly all of them meant: 翻船 belongs to rescue and
to ferries). Telling owners that differ in one character (供水公司, 供电公司, 供热公司).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yuqing_cli.i18n import mark
from yuqing_cli.text import fold

from .contradiction import blocked_alternatives, clash
from .lint_lists import of_lists
from .lint_shapes import (
    EVERYTHING_SHARE,
    FEWEST_POSTS,
    FREQUENT_SHARE,
    FREQUENT_WORD,
    Finding,
    Known,
    Seen,
    finding,
    key_of,
)
from .model import KeywordSet, Rule
from .places import Places
from .query_nodes import And, Field, Meta, Node, Not, Or, Phrase
from .query_nodes import Term as QueryTerm


def lint(keywords: KeywordSet, known: Known, seen: Seen) -> tuple[Finding, ...]:
    """All remarks, in the order of the files."""
    places = Places(keywords)
    found: list[Finding] = []
    for rule in keywords.rules:
        found += _floods(rule, known, seen)
        found += of_lists(rule) if rule.query is None else _of_query(rule, rule.query, places, known)
    rules = tuple(keywords.rules)
    found += [*_same_rules(rules), *_shared_ids(rules), *_owners(rules, places)]
    return tuple(sorted(found, key=lambda f: (f.problem.file, f.problem.line, f.problem.column, f.kind)))


def _floods(rule: Rule, known: Known, seen: Seen) -> Iterator[Finding]:
    at = (rule.line, 1)
    if key_of(rule) in known.everywhere:
        text = mark("{id} fires on everything, even on texts about nothing")
        yield finding("error", "everything", rule, at, text, mark("ask for a word that only the matter has"))
        return
    share = seen.fired.get(key_of(rule), 0) / seen.posts if seen.posts >= FEWEST_POSTS else 0.0
    values = {"share": round(100 * share), "posts": seen.posts}
    if share >= EVERYTHING_SHARE:
        text = mark("{id} fired on {share}% of the last {posts} posts")
        yield finding("error", "everything", rule, at, text, mark("ask for a word that only the matter has"), **values)
    elif share >= FREQUENT_SHARE:
        text, hint = mark("{id} fired on {share}% of the last {posts} posts"), mark("narrow it with all or none")
        yield finding("warning", "frequent", rule, at, text, hint, **values)
    elif seen.posts < FEWEST_POSTS and not rule.all and rule.kind == "topic":
        yield from _common_words(rule, known)


def _common_words(rule: Rule, known: Known) -> Iterator[Finding]:
    for term in rule.any:
        if known.frequencies.get(term.folded, 0) > FREQUENT_WORD * known.total:
            text = mark("{term} is a very common word and fires this rule alone")
            hint = mark("use a longer term, or lower its weight and add a condition in all")
            place = (term.line, term.column)
            yield finding("warning", "frequent", rule, place, text, hint, term=term.text)


def _of_query(rule: Rule, node: Node, places: Places, known: Known) -> Iterator[Finding]:
    if found := clash(node):
        text = mark("{id} can never fire: it asks for {asked} and forbids {forbidden}")
        values = {"asked": _text(found.asked), "forbidden": _text(found.forbidden)}
        yield finding("error", "dead", rule, places.query(rule, found.forbidden.at), text, _TAKE_ONE, **values)
        return
    for each, found in blocked_alternatives(node):
        text = mark("this alternative can never hold: it asks for {asked} and forbids {forbidden}")
        values = {"asked": _text(found.asked), "forbidden": _text(found.forbidden)}
        yield finding("warning", "excluded", rule, places.query(rule, each.at), text, _TAKE_ONE, **values)
    yield from _unknown_names(rule, node, places, known)


_TAKE_ONE = mark("take one of the two out")


def _unknown_names(rule: Rule, node: Node, places: Places, known: Known) -> Iterator[Finding]:
    lists = {"source": known.sources, "tag": known.tags}
    for meta in _metas(node):
        # A tier that there is none of is refused when the query is read.
        if meta.name == "tier" or any(fold(name) == meta.folded for name in lists[meta.name]):
            continue
        text, hint = mark("{named} names nothing that the settings know"), mark("write it as in yuqing.toml")
        yield finding("warning", "unknown_name", rule, places.query(rule, meta.at), text, hint, named=_text(meta))


def _metas(node: Node) -> Iterator[Meta]:
    if isinstance(node, Meta):
        yield node
    for each in node.nodes if isinstance(node, And | Or) else ():
        yield from _metas(each)
    if isinstance(node, Not | Field):
        yield from _metas(node.node)


def _text(node: QueryTerm | Phrase | Meta) -> str:
    return f"{node.name}:{node.text}" if isinstance(node, Meta) else node.text


def _same_rules(rules: Sequence[Rule]) -> Iterator[Finding]:
    """Rules of one kind that ask for the same: a pack that was copied and forgotten."""
    seen: dict[object, Rule] = {}
    for rule in rules:
        lists = tuple(frozenset(term.folded for term in terms) for terms in (rule.any, rule.all, rule.none))
        first = seen.setdefault((rule.kind, lists, rule.query), rule)
        if first is not rule:
            text = mark("{id} asks for the same as {other} in {where}")
            values = {"other": first.id, "where": f"{first.file}:{first.line}"}
            hint = mark("every post counts twice: take one of the two out")
            yield finding("warning", "duplicate_rule", rule, (rule.line, 1), text, hint, **values)


def _shared_ids(rules: Sequence[Rule]) -> Iterator[Finding]:
    """Ids that stand in two files count as one topic; with two titles that is hardly meant."""
    seen: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        first = seen.setdefault((rule.kind, rule.id), rule)
        if first.file != rule.file and first.title != rule.title:
            text = mark("the id {id} means {title} here and {other} in {where}")
            hint = mark("they count as one; give one of them another id")
            values = {"title": rule.title, "other": first.title, "where": f"{first.file}:{first.line}"}
            yield finding("warning", "shared_id", rule, (rule.line, 1), text, hint, **values)


def _owners(rules: Sequence[Rule], places: Places) -> Iterator[Finding]:
    """One unit written in two ways is two units for ``digest --owner``."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if not rule.owner:
            continue
        form = "".join(char for char in fold(rule.owner) if char.isalnum())
        first = seen.setdefault(form, rule)
        if first.owner != rule.owner:
            text = mark("the owner {owner} is written {other} in {where}")
            values = {"owner": rule.owner, "other": first.owner, "where": f"{first.file}:{first.line}"}
            yield finding(
                "warning", "owner", rule, places.key(rule, "owner"), text, mark("write it in one way"), **values
            )
