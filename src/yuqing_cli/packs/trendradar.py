"""A ``frequency_words.txt`` of TrendRadar -> a pack that fires on the same titles.

What its documentation says of the format is what is kept, not what its versions do (their exclusions leak from one group into all
others, and a blank line with a blank in it joins two groups):

    [GLOBAL_FILTER]     below it: words that exclude an entry from every group
    [WORD_GROUPS]       below it (or without any header): groups, set apart by empty lines
    [name]              first line of a group: its name
    word                any of them; ``/pattern/i`` is a regular expression, case never matters
    +word               all of them
    !word               none of them, in this group
    @5                  show at most five of this group
    word => name        how it is called in the report

Its words are plain substrings of the title. To keep that, short terms get ``boundary = "off"``; ``word = True`` leaves our own boundaries
on, which drop hits that cut through words. A pattern that is a list of words (most are) becomes terms; ``\\bAI\\b`` becomes a term with a
boundary, which also counts beside Chinese characters, as its documentation means it. What cannot be kept is told by its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from yuqing_cli.errors import Problem
from yuqing_cli.i18n import mark
from yuqing_cli.records import Record
from yuqing_cli.text import clean_line, fold
from yuqing_cli.tomltext import quoted

from .query_nodes import QueryError

GLOBAL, GROUPS = "[GLOBAL_FILTER]", "[WORD_GROUPS]"
TITLE_LENGTH = 60
_PATTERN = re.compile(r"/(.*)/[a-zA-Z]*")
_ALIAS = re.compile(r"\s*=>\s*")
_HEAD = re.compile(r"\[([^\[\]]+)\]")
_WHOLE = re.compile(r"\\b([A-Za-z0-9][A-Za-z0-9 .+#&'-]*)\\b")
_LITERAL = re.compile(r"[^\\|()\[\]{}*+?.^$]+|\\[^A-Za-z0-9]")
_JUDGED = range(2, 4)
"""Lengths at which a Chinese hit may be dropped for cutting through words (``enrich.match``)."""


class Alternative(Record):
    """One way in which a line of the file holds: a text, or a pattern. ``whole``: not beside ASCII letters or digits."""

    text: str
    whole: bool = False
    pattern: bool = False


class Line(Record):
    """A word of a group: it holds where one of its alternatives does."""

    number: int
    alternatives: tuple[Alternative, ...]


@dataclass(slots=True)
class Group:
    """What stands between two empty lines."""

    number: int
    name: str = ""
    shown: list[str] = field(default_factory=list)
    some: list[Line] = field(default_factory=list)
    every: list[Line] = field(default_factory=list)
    none: list[Line] = field(default_factory=list)


class Imported(Record):
    """The text of a pack, how many topics it has, and what could not be kept."""

    text: str
    topics: int
    remarks: tuple[Problem, ...]


def convert(text: str, file: str, name: str, *, word: bool = False) -> Imported:
    """Read the file and write the pack ``name``. ``remarks`` name lines of ``file``."""
    reader = _Reader(file)
    groups = reader.groups(text)
    writer = _Writer(word=word)
    tables: list[str] = []
    taken: set[str] = set()
    for group in groups:
        group.none += reader.filters
        if not group.some and not group.every:
            reader.remark(group.number, mark("this group has no words to look for and is left out"))
        elif table := writer.table(group, _identifier(group, taken), reader):
            tables.append(table)
    head = f'# {clean_line(file)}\n\n[pack]\nname = {quoted(name)}\ntitle = {quoted(name)}\nversion = "1"\n'
    remarks = tuple(sorted(dict.fromkeys(reader.remarks), key=lambda remark: remark.line))
    return Imported(head + "".join(f"\n{table}" for table in tables), len(tables), remarks)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.filters: list[Line] = []
        self.remarks: list[Problem] = []

    def remark(self, number: int, text: str, hint: str = "", **values: object) -> None:
        self.remarks.append(Problem(self.file, text, number, 1, hint, tuple(values.items())))

    def groups(self, text: str) -> list[Group]:
        held: list[Group] = []
        current: Group | None = None
        filtering = False
        for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
            line = raw.strip()
            if line.startswith("#"):
                continue
            if line in {"", GLOBAL, GROUPS}:
                filtering = line == GLOBAL or (filtering and not line)
                current = None
            elif filtering:
                self._filter(number, line)
            else:
                if current is None:
                    current = Group(number)
                    held.append(current)
                self._word(current, number, line)
        return [group for group in held if group.name or group.some or group.every or group.none]

    def _filter(self, number: int, line: str) -> None:
        if line[0] in "+@[":
            self.remark(number, mark("{line} means nothing among the global filters and is left out"), line=line)
        elif word := self._line(number, line.removeprefix("!"))[0]:
            self.filters.append(word)

    def _word(self, group: Group, number: int, line: str) -> None:
        if head := _HEAD.fullmatch(line):
            if group.name or group.some or group.every or group.none:
                self.remark(number, mark("{line} is not the first line of its group and is left out"), line=line)
            else:
                group.name = head[1].strip()
            return
        sign = line[0] if line[0] in "+!@" else ""
        rest = line[len(sign) :].strip()
        if sign == "@":
            text = mark("the limit {line} is not kept: a digest shows events, and --top limits them")
            self.remark(number, text, line=line)
            return
        word, shown = self._line(number, rest)
        if word:
            {"+": group.every, "!": group.none}.get(sign, group.some).append(word)
            if sign != "!":
                group.shown.append(shown)

    def _line(self, number: int, rest: str) -> tuple[Line | None, str]:
        """A word and how it is called; nothing, with a remark, where there is no word in it."""
        word, *names = _ALIAS.split(rest, maxsplit=1)
        pattern = _PATTERN.fullmatch(word)
        alternatives = tuple(_alternatives(pattern[1])) if pattern else (Alternative(word),)
        if any(not _folded(alternative) for alternative in alternatives):
            self.remark(number, mark("there is no word in {line}; it would match everything"), line=rest)
            return None, ""
        shown = names[0].strip() if names else ""
        return Line(number, alternatives), shown or "|".join(each.text for each in alternatives)


def _folded(alternative: Alternative) -> str:
    return alternative.text if alternative.pattern else fold(alternative.text).strip()


def _alternatives(pattern: str) -> Iterator[Alternative]:
    """The alternatives of a pattern; what is plain text in it becomes text."""
    for part in _split(pattern):
        if whole := _WHOLE.fullmatch(part):
            yield Alternative(whole[1], whole=True)
        elif "".join(_LITERAL.findall(part)) == part:
            yield Alternative(re.sub(r"\\(.)", r"\1", part))
        else:
            yield Alternative(part, pattern=True)


def _split(pattern: str) -> list[str]:
    """At the bars outside of parentheses and brackets."""
    parts, depth, start, at = [], 0, 0, 0
    bracket = False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif bracket:
            bracket = char != "]"
        elif char == "[":
            bracket = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
        at += 1
    return [*parts, pattern[start:]]


def _identifier(group: Group, taken: set[str]) -> str:
    said = group.name or "|".join(group.shown)
    slug = re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")[:40]
    base = slug if slug and said.isascii() else f"group_{len(taken) + 1}"
    found = next(name for name in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if name not in taken)
    taken.add(found)
    return found


class _Writer:
    def __init__(self, *, word: bool) -> None:
        self.word = word

    def table(self, group: Group, name: str, reader: _Reader) -> str:
        title = group.name or " / ".join(dict.fromkeys(group.shown))
        title = title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
        body = self._lists(group) if _is_plain(group) else self._query(group, reader)
        return body and f"[[topics]]\nid = {quoted(name)}\ntitle = {_readable(title)}\nseverity = 2\n{body}"

    def _lists(self, group: Group) -> str:
        out = ""
        for key, lines in (("any", group.some), ("all", group.every), ("none", group.none)):
            alternatives = dict.fromkeys(each for line in lines for each in line.alternatives)
            terms = [self._term(each, excludes=key == "none") for each in alternatives]
            if terms:
                out += f"{key} = [\n" + "".join(f"  {term},\n" for term in terms) + "]\n"
        return out

    def _term(self, each: Alternative, *, excludes: bool) -> str:
        off = not each.whole and self._needs_off(each.text, excludes=excludes)
        return f'{{ term = {quoted(each.text)}, boundary = "off" }}' if off else quoted(each.text)

    def _needs_off(self, text: str, *, excludes: bool = False) -> bool:
        """Whether a boundary could drop a hit of this text. Exclusions are plain substrings but beside ASCII letters."""
        folded = fold(text).strip()
        edge = any(char.isascii() and char.isalnum() for char in (folded[:1], folded[-1:]))
        judged = len(folded) in _JUDGED and not any(map(str.isascii, folded)) and not excludes
        return not self.word and (edge or judged)

    def _query(self, group: Group, reader: _Reader) -> str:
        every = [self._either(line, reader) for line in group.every]
        some = [part for line in group.some if (part := self._either(line, reader))]
        none = [part for line in group.none if (part := self._either(line, reader))]
        if not all(every) or (group.some and not some):
            reader.remark(group.number, mark("this group is left out: what it asks for cannot be kept"))
            return ""
        parts = [*([_joined(some, " OR ")] if some else []), *every]
        query = " AND ".join(parts) + "".join(f" NOT {part}" for part in none)
        return f"query = {_readable(query)}\n" if self._reads(query, group.number, reader) else ""

    def _either(self, line: Line, reader: _Reader) -> str:
        """The line in the query language; empty, with a remark, where its pattern is refused."""
        parts = [self._leaf(each) for each in line.alternatives]
        read = [self._reads(part, line.number, reader) for part in parts]
        return _joined(parts, " OR ") if all(read) else ""

    def _reads(self, query: str, number: int, reader: _Reader) -> bool:
        from .query import parse

        try:
            parse(query)
        except QueryError as error:
            text = mark("{pattern} cannot be kept: {reason}")
            shown = query if len(query) <= TITLE_LENGTH else query[: TITLE_LENGTH - 1] + "…"
            reader.remark(number, text, pattern=shown, reason=error)
            return False
        return True

    def _leaf(self, each: Alternative) -> str:
        if each.pattern:
            return "/" + re.sub(r"(?<!\\)/", r"\\/", each.text) + "/"
        if each.whole or (not self._needs_off(each.text) and '"' not in each.text):
            return f'"{each.text}"'
        return "/" + re.sub(r"[^\w\s]", lambda sign: "\\" + sign[0] if sign[0].isascii() else sign[0], each.text) + "/"


def _is_plain(group: Group) -> bool:
    lines: Sequence[Line] = (*group.some, *group.every, *group.none)
    single = all(len(line.alternatives) == 1 for line in group.every)
    return single and not any(each.pattern for line in lines for each in line.alternatives)


def _joined(parts: Iterable[str], sign: str) -> str:
    held = list(parts)
    return held[0] if len(held) == 1 else f"({sign.join(held)})"


def _readable(text: str) -> str:
    """A TOML string in which backslashes and quotation marks stand as they are, where TOML has one."""
    plain = text.isprintable() and "'" not in text and ("\\" in text or '"' in text)
    return f"'{text}'" if plain else quoted(text)
