"""TOML with places: the data as ``tomllib`` reads it, plus the line and column of every key and value.

``tomllib`` alone decides what is valid; the scanner here only walks text that has already been accepted and remembers where
things stand, so that a fault in a 300-source file can be named by its line. (No maintained library gives positions:
tomllib and tomli drop them, tomlkit keeps the text but not the line.)
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

from .errors import Problem

Path = tuple[str | int, ...]

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_BASIC = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"'[^']*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}", re.DOTALL)
_UNQUOTABLE = re.compile(r'[\x00-\x1f\x7f"\\\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed TOML file and the places of its parts."""

    file: str
    data: dict[str, object]
    places: dict[Path, tuple[int, int]] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column (from 1) of the nearest known part of ``path``; (0, 0) where nothing is known."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return (0, 0)

    def inside(self, path: Path, text: str, at: int) -> tuple[int, int]:
        """Line and column of character ``at`` of the string value at ``path``; the value's key where it is not written as it reads."""
        line, column = self.place(path)
        written = self.text.split("\n")[line - 1] if line else ""
        start = written.find(text, max(column - 1, 0)) if "\n" not in text else -1
        return (line, start + 1 + at) if start >= 0 else (line, column)

    def problem(self, path: Path, text: str, hint: str = "", **values: object) -> Problem:
        """A fault at ``path``, with its line and column filled in."""
        line, column = self.place(path)
        return Problem(self.file, text, line, column, hint, tuple(values.items()))


def parse(text: str, file: str) -> tuple[Document, Problem | None]:
    """Read TOML. A syntax error gives an empty document and the one problem that TOML's parser found."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
        return Document(file, data, _Scanner(text).scan(), text), None
    except (ValueError, RecursionError) as error:  # beside its own error: a number of 5,000 digits, 1,000 brackets
        return Document(file, {}), _syntax_problem(str(error), text, file)


def quoted(value: str) -> str:
    """``value`` as a TOML string. Lone surrogates, which no file can hold, become U+FFFD."""
    return f'"{_UNQUOTABLE.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def _syntax_problem(message: str, text: str, file: str) -> Problem:
    at = _AT.search(message)
    line, column = (int(at[1]), int(at[2])) if at and at[1] else (text.count("\n") + 1, 1)
    detail = _AT.sub("", message)
    rest = text.split("\n")[line - 1][column - 1 :]
    if plain := _PLAIN.get(rest[:1]):
        hint = "{sign} is a sign of Chinese texts; write {plain}"
        return Problem(file, "not valid TOML", line, column, hint, (("sign", rest[0]), ("plain", plain)))
    known = next((begin for begin in _HINTS if detail.startswith(begin)), "")
    return Problem(file, "not valid TOML: {detail}", line, column, _HINTS.get(known, ""), (("detail", detail),))


_PLAIN = dict(zip("“”‘’＂【】［］｛｝＝，、：＃", '""\'\'"[][]{}=,,=#', strict=True))
"""Signs that an input method writes where TOML wants another one."""
_HINTS = {
    "Cannot overwrite": "the key stands twice in one table; keep one of the two",
    "Cannot declare": "the table stands twice; put their keys into one",
    "Illegal character '\\n'": "a quotation mark is not closed in this line",
    "Invalid value": 'texts stand in quotation marks: "…"; yes and no are written true and false',
    "Unclosed array": "a comma, or the bracket at the end, is missing",
}
"""What to do about what ``tomllib`` finds, by how it begins to say it."""


class _Scanner:
    """Walks valid TOML once, left to right, and writes down where each key and value begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Path, tuple[int, int]] = {}
        self.counts: dict[Path, int] = {}
        self._line, self._line_start, self._counted = 1, 0, 0

    def scan(self) -> dict[Path, tuple[int, int]]:
        table: Path = ()
        self._skip()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()
        return self.places

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _note(self, path: Path) -> None:
        self._line += self.text.count("\n", self._counted, self.at)
        self._line_start = self.text.rfind("\n", 0, self.at) + 1
        self._counted = self.at
        self.places.setdefault(path, (self._line, self.at - self._line_start + 1))

    def _header(self) -> Path:
        start, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._keys()
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        path: Path = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            if i == len(keys) - 1 and many:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        end, self.at = self.at, start
        self._note(path)
        self.at = end
        return path

    def _keys(self) -> tuple[str, ...]:
        keys: list[str] = []
        while True:
            self._skip()
            keys.append(self._key())
            self._skip()
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def _key(self) -> str:
        if bare := _BARE.match(self.text, self.at):
            self.at = bare.end()
            return bare.group()
        match = next(m for p in (_BASIC, _LITERAL) if (m := p.match(self.text, self.at)))
        self.at = match.end()
        raw = match.group()
        return str(next(iter(tomllib.loads(f"{raw} = 0"))))

    def _pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._keys())
        end, self.at = self.at, start
        self._note(path)
        self.at = self.text.index("=", end) + 1
        self._skip()
        self._value(path)

    def _value(self, path: Path) -> None:
        char = self.text[self.at]
        if char == "[":
            self._array(path)
        elif char == "{":
            self._inline(path)
        else:
            patterns = (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL, _SCALAR)
            match = next(m for p in patterns if (m := p.match(self.text, self.at)))
            self.at = match.end()

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._skip()
        while self.text[self.at] != "]":
            self._note((*path, index))
            self._value((*path, index))
            index += 1
            self._skip()
            if self.text[self.at] == ",":
                self.at += 1
                self._skip()
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._skip()
        while self.text[self.at] != "}":
            self._pair(path)
            self._skip()
            if self.text[self.at] == ",":
                self.at += 1
                self._skip()
        self.at += 1
