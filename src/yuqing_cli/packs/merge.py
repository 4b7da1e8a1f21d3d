"""A pack that its desk has edited and the shipped one that has changed since: one text with both, or the places that contradict.

Principle. The desk's file is the desk's: every comment, blank and order of it stays as it was written, and nothing of it is undone
without being shown. Lines are the wrong unit for that: a shipped list that gains one term is wrapped anew, and every line of it
differs. So the unit is what a line says: a comment, a header, a key with its value, and of a list each entry. Blanks do not count.

Theory. What everybody does with texts is the merge of three sequences (diff3: Khanna, Kunal, Pierce 2007, "A Formal Investigation of
Diff3"). It knows no names, so what has moved counts as taken out and put in, and two additions at one place contradict. A pack has names
for everything: a table its id, a value its key, an entry its term. So things are paired by name, and for each pair the side that
differs from the base wins; only where both differ, and not alike, they contradict. Order never matters: the desk's stays.

Known failures. A topic whose id is changed is one taken out and one added. A comment goes with the key that follows it, where both sides
changed it the desk's stays, untold, for it moves no match; so are the shipped comments inside a list that the desk has changed too.

Tried and dropped: diff3 over these units. A term that the desk had moved came back after the shipped pack had dropped it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from yuqing_cli.records import Record
from yuqing_cli.text import fold

Choice = Literal["mine", "shipped"]

_BLANKS = re.compile(r"\s*")
_COMMENT = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"\[\[?[^\]\n]*\]\]?")
_NAMED = re.compile(r"^[ \t]*(?:id|term|name)[ \t]*=[ \t]*([^\n#]+)", re.MULTILINE)
_NEXT_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_KEY = re.compile(r"[^=\n]+=[ \t]*")
_STRING = r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?s:.*?)\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
_VALUE = re.compile(rf"(?:{_STRING}|[^#\n\"'])*", re.DOTALL)
_ENTRY = re.compile(rf"(\{{(?:{_STRING}|[^{{}}\"'])*\}}|{_STRING}|[^,\]#\s]+)[ \t]*(,?)", re.DOTALL)
_TERM = re.compile(rf"term\s*=\s*({_STRING})")


class Unit(Record):
    """One thing that the text says. ``said`` is what compares; ``raw`` is as it was written, with the blanks before it."""

    section: str
    key: str
    said: str
    raw: str
    term: str = ""
    """Of an entry of a list: its text in the normal form."""


class Conflict(Record):
    """What the desk and the shipped pack make of one place, as it is written."""

    section: str
    base: str
    mine: str
    shipped: str


class Merged(Record):
    """The text, with ``choice`` taken in the conflicts."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


def merge(base: str, mine: str, shipped: str, choice: Choice = "mine") -> Merged:
    """Merge three texts of valid TOML. Line ends and a byte order mark are those of ``mine``."""
    mark = "\ufeff" if mine.startswith("\ufeff") else ""
    end = "\r\n" if "\r\n" in mine else "\n"
    was, own, new = (_tables(text.removeprefix("\ufeff").replace("\r\n", "\n")) for text in (base, mine, shipped))
    made = _Merge(choice)
    units = [unit for name in _order(own, new) for unit in made.table(was.get(name), own.get(name), new.get(name))]
    text = "".join(_joined(units)) + _tail(mine.replace("\r\n", "\n"))
    return Merged(mark + text.replace("\n", end), tuple(made.conflicts))


# ---- from text to units ----


def read(text: str) -> Iterator[Unit]:
    """What a text says, in order; the units' raw texts joined are the text, also where it is no TOML."""
    section, at, key = "", 0, ""
    while True:
        start = at
        at = _end(_BLANKS, text, at)
        if at == len(text):
            yield Unit("", "", "", text[start:])
            return
        begun = at
        if text[at] == "#":
            at = _end(_COMMENT, text, at)
            yield Unit(section, key or _LAST, text[begun:at].rstrip(), text[start:at])
        elif key:
            yield (unit := _entry(text, start, begun, section, key))
            at = start + len(unit.raw)
            key = "" if unit.said == "]" else key
        elif text[at] == "[":
            at = max(_end(_HEADER, text, at), begun + 1)
            section = _named(text, text[begun:at], at)
            yield Unit(section, "[", text[begun:at], text[start:at])
        else:
            at = _end(_KEY, text, at)
            name = text[begun:at].rstrip("= \t")
            if text.startswith("[", at):
                at, key = at + 1, name
                yield Unit(section, name, "[", text[start:at])
            else:
                at = max(_end(_VALUE, text, at), begun + 1)
                raw = text[start:at].rstrip()
                at = start + len(raw)
                yield Unit(section, name, raw.strip(), raw)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _named(text: str, header: str, at: int) -> str:
    """The header with the id (of slang the term) of its table: what tells it from its like."""
    following = _NEXT_HEADER.search(text, at)
    found = _NAMED.search(text, at, following.start() if following else len(text))
    return f"{header} {found[1].strip()}" if found else header


def _entry(text: str, start: int, at: int, section: str, key: str) -> Unit:
    if text[at] in "],":
        return Unit(section, key, text[at], text[start : at + 1])
    found = _ENTRY.match(text, at)
    if found is None:
        return Unit(section, key, text[at], text[start : at + 1])
    said = found[1]
    named = _TERM.search(said) if said.startswith("{") else None
    term = fold((named[1] if named else said).strip("\"'"))
    return Unit(section, key, " ".join(said.split()), text[start : found.end()], term)


# ---- three into one ----

Units = Sequence[Unit]


@dataclass(slots=True)
class _Part:
    """A key with its value, or the header of a table, and the comments that go with it."""

    before: list[Unit] = field(default_factory=list)
    body: list[Unit] = field(default_factory=list)
    after: list[Unit] = field(default_factory=list)
    """A comment on the same line."""

    @property
    def units(self) -> list[Unit]:
        return [*self.before, *self.body, *self.after]


_Table = dict[str, _Part]
_LAST = "#"
"""The name of the part that has no value: comments behind the last key."""


def _tables(text: str) -> dict[str, _Table]:
    """The tables of a text by what names them, and what stands before the first; a second one of a name gets a sign."""
    held: dict[str, _Table] = {"": {}}
    table, waiting = held[""], list[Unit]()
    part = _Part()
    for unit in read(text):
        comment = unit.key == "#"
        if comment and part.body and "\n" not in _lead(unit):
            part.after.append(unit)
        elif comment:
            waiting.append(unit)
        elif unit.said:
            if unit.key == "[":
                _close(table, waiting)
                table = held[_free(unit.section, held)] = {}
            if unit.key not in table:
                part = table[unit.key] = _Part(before=waiting)
                waiting = []
            part.body.append(unit)
    _close(table, waiting)
    return held


def _close(table: _Table, waiting: list[Unit]) -> None:
    if waiting:
        table[_LAST] = _Part(before=list(waiting))
        waiting.clear()


def _free(name: str, held: Collection[str]) -> str:
    while name in held:
        name += " +"
    return name


def _tail(text: str) -> str:
    return text[len(text.rstrip()) :]


def _order(mine: Iterable[str], shipped: Iterable[str]) -> list[str]:
    """The desk's order; what only the shipped side has comes behind what it follows there."""
    order, before = list(mine), ""
    for name in shipped:
        if name not in order:
            order.insert(order.index(before) + 1 if before in order else len(order), name)
        before = name
    return order


class _Merge:
    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.conflicts: list[Conflict] = []

    def table(self, base: _Table | None, mine: _Table | None, shipped: _Table | None) -> list[Unit]:
        if mine is not None and shipped is not None:
            was = base or {}
            names = _order(mine, shipped)
            return [unit for name in names for unit in self._part(was.get(name), mine.get(name), shipped.get(name))]
        return self._one_side(*(None if table is None else _flat(table) for table in (base, mine, shipped)))

    def _part(self, base: _Part | None, mine: _Part | None, shipped: _Part | None) -> list[Unit]:
        if mine is None or shipped is None:
            return self._one_side(*(None if part is None else part.units for part in (base, mine, shipped)))
        was = base or _Part()
        before, after = (
            _comments(was.before, mine.before, shipped.before),
            _comments(was.after, mine.after, shipped.after),
        )
        return [*before, *self._body(was.body, mine.body, shipped.body), *after]

    def _one_side(self, base: Units | None, mine: Units | None, shipped: Units | None) -> list[Unit]:
        """What one side does not have: never had, or took out."""
        there = mine if mine is not None else shipped or ()
        if base is None:
            return [*there]
        if _said(base) == _said(there):
            return []
        return self._contradict(base, mine or (), shipped or ())

    def _body(self, base: Units, mine: Units, shipped: Units) -> Units:
        was, ours, theirs = _said(base), _said(mine), _said(shipped)
        if theirs in (was, ours):
            return mine
        if ours == was:
            return shipped
        merged = _entries(base, mine, shipped)
        return self._contradict(base, mine, shipped) if merged is None else merged

    def _contradict(self, base: Units, mine: Units, shipped: Units) -> list[Unit]:
        section = next((unit.section for unit in (*mine, *shipped, *base)), "")
        raws = ("".join(unit.raw for unit in units).strip("\n") for units in (base, mine, shipped))
        self.conflicts.append(Conflict(section, *raws))
        return [*(mine if self.choice == "mine" else shipped)]


def _flat(table: _Table) -> list[Unit]:
    return [unit for part in table.values() for unit in part.units]


def _said(units: Iterable[Unit]) -> list[str]:
    return [unit.said for unit in units]


def _comments(base: Units, mine: Units, shipped: Units) -> Units:
    return shipped if _said(mine) == _said(base) else mine


def _entries(base: Units, mine: Units, shipped: Units) -> Units | None:
    """A list that both sides have changed, entry by entry in the desk's order; None where they contradict, or where it is no list."""
    if not all(units and units[-1].said == "]" for units in (mine, shipped)):
        return None
    was, ours, theirs = ({unit.term: unit for unit in units if unit.term} for units in (base, mine, shipped))
    for term in {**was, **ours, **theirs}:
        first, own, new = (held[term].said if term in held else "" for held in (was, ours, theirs))
        if own != new and first not in (own, new):
            return None
    kept = [unit for unit in mine[:-1] if not unit.term or unit.term not in was or unit.term in theirs]
    changed = [_newer(unit, was.get(unit.term), theirs.get(unit.term)) for unit in kept]
    before = ""
    for term, unit in theirs.items():
        if term not in was and term not in ours:
            places = [i for i, held in enumerate(changed) if held.term == before] if before else []
            changed.insert(places[0] + 1 if places else len(changed), unit)
        before = term
    return (*changed, mine[-1])


def _newer(mine: Unit, base: Unit | None, shipped: Unit | None) -> Unit:
    """The shipped form of an entry that the desk has left as it was."""
    return shipped if shipped and base and base.said == mine.said != shipped.said else mine


def _joined(units: Units) -> Iterator[str]:
    """The raw texts, with what a unit needs where it came to stand beside another one than in its own text."""
    before: Unit | None = None
    for i, unit in enumerate(units):
        starts_line = unit.key == "[" or (unit.key not in {"", "#"} and not unit.term and unit.said not in "],")
        if before and (starts_line or before.said.startswith("#")) and "\n" not in _lead(unit):
            yield "\n\n" if unit.key == "[" else "\n"
        following = next((u for u in units[i + 1 :] if not u.said.startswith("#")), None)
        lacks = unit.term and not unit.raw.endswith(",") and following is not None and following.term
        yield unit.raw + ("," if lacks else "")
        before = unit


def _lead(unit: Unit) -> str:
    return unit.raw[: len(unit.raw) - len(unit.raw.lstrip())]
