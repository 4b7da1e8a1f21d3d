"""Pack files (``.toml``, ``.txt``) -> ``KeywordSet``, with every fault of every file at once.

A fault is refused with file, line and column: TOML that does not parse, an unknown key, a rule with nothing but exclusions, a term
that vanishes when it is normalised, a ``query`` that cannot be read or stands beside lists, an id that
two rules share. What is merely unwise (a term of one character) is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from yuqing_cli.errors import ConfigError, Problem
from yuqing_cli.records import Fraction, Identifier, Name, Record, Severity, replace
from yuqing_cli.text import fold
from yuqing_cli.tomltext import Document, Path, parse
from yuqing_cli.validate import table, unknown_key

from .model import Boundary, KeywordSet, Pack, Register, Rule, Slang, Term, Tone

if TYPE_CHECKING:
    from .query_nodes import Node

_DIRECTIONS = "东西南北中"
_ROAD = re.compile(r"(.{2,}?)(路|街|大道|大街)", re.DOTALL)


class TermTable(Record, kw_only=True):
    """A term that says more than its text."""

    term: Name
    weight: Fraction = 1.0
    boundary: Boundary = "word"


class PackTable(Record, kw_only=True):
    """``[pack]``."""

    name: Identifier
    title: str = ""
    version: str = "1"


class RuleTable(Record, kw_only=True):
    """What subjects and topics have in common."""

    id: Identifier
    title: str = ""
    any: tuple[str | dict[str, object], ...] = ()
    all: tuple[str | dict[str, object], ...] = ()
    none: tuple[str | dict[str, object], ...] = ()
    query: str = ""


class SubjectTable(RuleTable, kw_only=True):
    """``[[subjects]]``: who we are. A place knows its districts and its roads."""

    kind: Literal["", "place"] = ""
    districts: tuple[str | dict[str, object], ...] = ()
    roads: tuple[str | dict[str, object], ...] = ()


class TopicTable(RuleTable, kw_only=True):
    """``[[topics]]``: what we answer for."""

    severity: Severity = 2
    owner: str = ""
    playbook: str = ""


SLANG_LEAST = 2
"""Characters of an explained word: one stands in half of all sentences."""


class SlangTable(Record, kw_only=True):
    """``[[slang]]``: a word of the net with its plain meaning for the desk. It never fires by itself."""

    term: Name
    meaning: Name
    meaning_en: str = ""
    tone: Tone = "neutral"
    register: Register = "net"


class Loaded(Record):
    """The outcome of reading all pack files: the good packs, the faults, and the warnings."""

    keywords: KeywordSet
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def require(self) -> KeywordSet:
        """The set, when nothing is wrong with it.

        Raises:
            ConfigError: with every fault.

        """
        if self.problems:
            raise ConfigError("faults in the keyword packs: {count}", self.problems, count=len(self.problems))
        return self.keywords


def load(files: Iterable[tuple[str, str]]) -> Loaded:
    """Read pack files given as (path, text). The order of the files does not matter."""
    ordered = tuple(sorted(files))
    problems: list[Problem] = []
    warnings: list[Problem] = []
    packs = [_pack(file, text, problems, warnings) for file, text in ordered]
    _check_ids(packs, problems)
    named = tuple((PurePath(file).name, text) for file, text in ordered)
    return Loaded(KeywordSet(tuple(packs), named), tuple(problems), tuple(warnings))


def _pack(file: str, text: str, problems: list[Problem], warnings: list[Problem]) -> Pack:
    if file.lower().endswith(".txt"):
        return _text_pack(file, text, problems, warnings)
    document, syntax = parse(text, file)
    stem = PurePath(file).stem
    if syntax:
        problems.append(syntax)
        return Pack(stem, stem, "", file)
    known = ("pack", "subjects", "topics", "slang")
    problems.extend(unknown_key(document, (key,), known) for key in document.data if key not in known)
    head = table(document, document.data.get("pack", {"name": stem}), PackTable, ("pack",), problems)
    name = head.name if head else stem
    rules = [
        *_rules(document, "subjects", name, problems, warnings),
        *_rules(document, "topics", name, problems, warnings),
    ]
    slang = tuple(_slang(document, problems))
    return Pack(name, (head and head.title) or name, head.version if head else "", file, tuple(rules), slang)


def _slang(document: Document, problems: list[Problem]) -> Iterable[Slang]:
    seen: dict[str, int] = {}
    for i, entry in enumerate(_entries(document, "slang", problems)):
        path: Path = ("slang", i)
        given = table(document, entry, SlangTable, path, problems)
        if given is None:
            continue
        folded, (line, _) = fold(given.term).strip(), document.place(path)
        if len(folded) < SLANG_LEAST:
            text = "the word {term} is too short to be told from its surroundings"
            problems.append(document.problem((*path, "term"), text, "use two characters or more", term=given.term))
        elif seen.setdefault(folded, line) != line:
            text = "the word {term} is explained twice, first in line {line}"
            problems.append(document.problem((*path, "term"), text, "take one out", term=given.term, line=seen[folded]))
        else:
            yield Slang(given.term, folded, given.meaning, given.meaning_en, given.tone, given.register)


def _entries(document: Document, key: str, problems: list[Problem]) -> list[object]:
    value = document.data.get(key, [])
    if isinstance(value, list):
        return value
    problems.append(document.problem((key,), "write each entry as a [[{key}]] table", key=key))
    return []


def _rules(document: Document, key: str, pack: str, problems: list[Problem], warnings: list[Problem]) -> Iterable[Rule]:
    shape = TopicTable if key == "topics" else SubjectTable
    for i, entry in enumerate(_entries(document, key, problems)):
        path: Path = (key, i)
        given = table(document, entry, shape, path, problems)
        if given is not None:
            yield _rule(document, path, pack, given, problems, warnings)


def _rule(
    document: Document, path: Path, pack: str, given: RuleTable, problems: list[Problem], warnings: list[Problem]
) -> Rule:
    terms = {role: _terms(document, path, role, given, problems, warnings) for role in ("any", "all", "none")}
    if isinstance(given, SubjectTable):
        terms["any"] += _places(document, path, given, problems, warnings)
    query = _query(document, (*path, "query"), given, problems, warnings)
    if not terms["any"] and not given.any and not given.all and not given.query:
        text = "{id} has nothing but exclusions" if given.none else "{id} has no terms"
        problems.append(document.problem(path, text, "give it at least one term in any or all", id=given.id))
    topic = given if isinstance(given, TopicTable) else TopicTable(id=given.id)
    return Rule(
        "topic" if isinstance(given, TopicTable) else "subject",
        pack,
        given.id,
        given.title or given.id,
        terms["any"],
        terms["all"],
        terms["none"],
        topic.severity,
        topic.owner,
        topic.playbook,
        query,
        document.file,
        document.place(path)[0],
    )


def _terms(
    document: Document, path: Path, role: str, given: RuleTable, problems: list[Problem], warnings: list[Problem]
) -> tuple[Term, ...]:
    entries = enumerate(getattr(given, role))
    found = (_term(document, (*path, role, i), entry, problems, warnings) for i, entry in entries)
    return tuple(term for term in found if term)


def _places(
    document: Document, path: Path, given: SubjectTable, problems: list[Problem], warnings: list[Problem]
) -> tuple[Term, ...]:
    """The parts of a place: its districts, and its roads in all their sections. A road only helps a topic: every town has a 人民路."""
    for role in ("districts", "roads"):
        if getattr(given, role) and given.kind != "place":
            text = "{id}: {key} belong to a place"
            problems.append(document.problem((*path, role), text, 'write kind = "place"', id=given.id, key=role))
    roads = _terms(document, path, "roads", given, problems, warnings)
    sections = [
        replace(road, text=name, folded=fold(name), helps=True) for road in roads for name in sections_of(road.text)
    ]
    return _terms(document, path, "districts", given, problems, warnings) + tuple(sections)


def sections_of(road: str) -> list[str]:
    """A road and its sections by direction: 人民路 is also 人民东路, 人民西路, 人民南路, 人民北路, 人民中路."""
    found = _ROAD.fullmatch(road)
    stem, kind = found.groups() if found else (road, "")
    return [road] if not kind or stem[-1] in _DIRECTIONS else [road, *(f"{stem}{side}{kind}" for side in _DIRECTIONS)]


def _query(
    document: Document, path: Path, given: RuleTable, problems: list[Problem], warnings: list[Problem]
) -> Node | None:
    """The rule's query, if it has one; its faults with the very column, its oddities as warnings."""
    if not given.query:
        return None
    if any(getattr(given, role, ()) for role in ("any", "all", "none", "districts", "roads")):
        problems.append(
            document.problem(path, "{id} has a query beside lists of terms; write one of them", id=given.id)
        )
        return None
    from .query import QueryError, cautions, parse

    try:
        node = parse(given.query)
    except QueryError as error:
        place = document.inside(path, given.query, error.at)
        problems.append(Problem(document.file, error.text, *place, error.hint, tuple(error.values.items())))
        return None
    for caution in cautions(node):
        place = document.inside(path, given.query, caution.at)
        warnings.append(Problem(document.file, caution.text, *place, caution.hint, caution.values))
    return node


def _term(
    document: Document, path: Path, entry: str | dict[str, object], problems: list[Problem], warnings: list[Problem]
) -> Term | None:
    given: TermTable | None = TermTable(term=entry) if isinstance(entry, str) else None
    if not isinstance(entry, str):
        given = table(document, entry, TermTable, path, problems)
    if given is None:
        return None
    folded = fold(given.term).strip()
    if not folded:
        problems.append(document.problem(path, "the term {term} matches everything", term=repr(given.term)))
        return None
    if len(folded) == 1:
        text = "the term {term} has one character and will hit very often"
        warnings.append(document.problem(path, text, "use a longer term", term=given.term))
    return Term(given.term, folded, given.weight, given.boundary, *document.place(path))


def _text_pack(file: str, text: str, problems: list[Problem], warnings: list[Problem]) -> Pack:
    """A plain list is a pack of one topic, named like the file; ``#`` begins a comment."""
    stem = PurePath(file).stem
    document = Document(file, {}, {})
    terms: list[Term] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        word = line.split("#", 1)[0].strip()
        if word:
            places = Document(file, {}, {(): (number, 1)})
            term = _term(places, (), word, problems, warnings)
            terms += [term] if term else []
    if not terms:
        problems.append(document.problem((), "{id} has no terms", "write one term a line", id=stem))
    rule = Rule("topic", stem, stem, stem, tuple(terms), severity=2, file=file, line=1)
    return Pack(stem, stem, "", file, (rule,))


def _check_ids(packs: list[Pack], problems: list[Problem]) -> None:
    """An id names one rule of its pack. Two packs may share an id: then both are one topic in counts and exports."""
    seen: dict[tuple[str, str, str], Rule] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        first = seen.setdefault((rule.file, rule.kind, rule.id), rule)
        if first is not rule:
            text = "the id {id} is used twice, first in {where}"
            values = (("id", rule.id), ("where", f"{first.file}:{first.line}"))
            problems.append(Problem(rule.file, text, rule.line, values=values))
