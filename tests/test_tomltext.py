"""TOML with places: what tomllib accepts is read, and every key is found at its line and column."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from yuqing_cli.tomltext import Document, Path, parse, quoted


def read(text: str) -> Document:
    document, problem = parse(text, "x.toml")
    assert problem is None
    assert document.data == tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return document


def test_keys_tables_and_entries_are_found() -> None:
    text = """\
# comment with [brackets] = "and quotes"
top = 1
[a]
  x = { y = [1, {z = 2}], "q.r" = '''
=[''' }   # more
[[b.c]]
k = "]"
[[b.c]]
[b.c.d]
e.f = [
  1, # [
  "}",
]
"""
    document = read(text)
    assert document.place(("top",)) == (2, 1)
    assert document.place(("a",)) == (3, 1)
    assert document.place(("a", "x")) == (4, 3)
    assert document.place(("a", "x", "y", 1, "z")) == (4, 18)
    assert document.place(("a", "x", "q.r")) == (4, 27)
    assert document.place(("b", "c", 0, "k")) == (7, 1)
    assert document.place(("b", "c", 1)) == (8, 1)
    assert document.place(("b", "c", 1, "d", "e", "f", 1)) == (12, 3)


def test_an_unknown_path_is_at_its_nearest_known_part() -> None:
    document = read("[a]\n\nb = 1\n")
    assert document.place(("a", "missing", 3)) == (1, 1)
    assert document.place(("nowhere",)) == (0, 0)


@pytest.mark.parametrize(
    "value",
    [
        '""',
        "''",
        '""""""',
        "''''''",
        '"""a"""""',
        "'''a'''''",
        '"""\\\n  x"""',
        '"\\""',
        "'\\'",
        '"""""a"""',
        "0x1F",
        "-1_000.5e-3",
        "inf",
        "2026-03-10T10:00:00+08:00",
        "2026-03-10 10:00:00",
        "10:00:00",
        "true",
        "[]",
        "{}",
        "[[], [{}]]",
        "[1,\n#]\n2,]",
    ],
)
def test_every_kind_of_value_is_stepped_over(value: str) -> None:
    document = read(f"a = {value} # ]}}\nb = 1\n")
    assert document.place(("b",)) == (value.count("\n") + 2, 1)


@pytest.mark.parametrize("header", ["[ a . b ]", '["a"."b"]', "['a'.b]", "[a.b] # ]", '[a."b"]#'])
def test_every_spelling_of_a_header_is_read(header: str) -> None:
    assert read(f"\n{header}\nx = 1\n").place(("a", "b", "x")) == (3, 1)


def test_the_first_fault_of_the_syntax_is_told_with_its_place() -> None:
    document, problem = parse('a = 1\nb = "\n', "x.toml")
    assert (document.data, document.file) == ({}, "x.toml")
    assert problem
    assert (problem.line, problem.column) == (2, 6)
    _, problem = parse("a = [1,", "x.toml")
    assert problem
    assert problem.line == 1


KEYS = st.one_of(
    st.text(st.sampled_from("abcXYZ012_-"), min_size=1, max_size=4),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
SCALARS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["[", "]]", "a = 1", '"', "'", '"""', "\n", "#", "\\", "{", "}"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
TABLES = st.dictionaries(
    KEYS, VALUES | st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1, max_size=3), max_size=5
)


class Writer:
    """Writes TOML and remembers on which line it put each key of the two outer levels."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: dict[Path, int] = {}

    def write(self, data: dict[str, Any]) -> str:
        plain = {key: value for key, value in data.items() if not self._is_section(value)}
        self._pairs((), plain)
        for key, value in data.items():
            if key in plain:
                continue
            for i, table in enumerate(value if isinstance(value, list) else [value]):
                many = isinstance(value, list)
                path: Path = (key, i) if many else (key,)
                self._put(path, f"[[{self._key(key)}]]" if many else f"[{self._key(key)}]")
                self._pairs(path, table)
        return "\n".join(self.lines) + "\n"

    def _pairs(self, path: Path, table: dict[str, Any]) -> None:
        for key, value in table.items():
            self._put((*path, key), f"{self._key(key)} = {self._value(value)}")
            self.lines += ["# [nothing] = 'here'", ""]

    def _put(self, path: Path, line: str) -> None:
        self.places[path] = sum(text.count("\n") + 1 for text in self.lines) + 1
        self.lines.append(line)

    @staticmethod
    def _is_section(value: object) -> bool:
        return isinstance(value, dict) or (
            isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)
        )

    @staticmethod
    def _key(key: str) -> str:
        bare = key.isascii() and key and all(c.isalnum() or c in "_-" for c in key)
        return key if bare else quoted(key)

    def _value(self, value: object) -> str:
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{self._key(k)} = {self._value(v)}" for k, v in value.items()) + " }"
        if isinstance(value, list):
            return "[\n" + "".join(f"  {self._value(v)}, # ]\n" for v in value) + "]"
        if isinstance(value, str):
            long = len(value) > 3 and "'''" not in value and not value.endswith("'") and value.isprintable()
            return f"'''\n{value}'''" if long else quoted(value)
        return json.dumps(value).lower().replace("infinity", "inf")


@given(TABLES)
@hypothesis_settings(deadline=None, max_examples=40)
def test_every_key_of_a_random_document_is_found_on_its_line(data: dict[str, Any]) -> None:
    writer = Writer()
    text = writer.write(data)
    document = read(text)
    assert document.data == data
    for path, line in writer.places.items():
        assert document.place(path) == (line, 1), (path, text)


@given(st.text(st.sampled_from("ab=[]{}\"'#,.\n\\ 1-_:\t停"), max_size=40))
@hypothesis_settings(deadline=None, max_examples=100)
def test_what_tomllib_accepts_is_scanned_and_what_it_refuses_is_one_problem(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert parse(text, "x")[1] is not None
        return
    document, problem = parse(text, "x")
    assert (document.data, problem) == (data, None)
    assert all(document.place((key,)) != (0, 0) or any(p[0] == key for p in document.places) for key in data)


@given(st.text(max_size=30))
@hypothesis_settings(deadline=None, max_examples=100)
def test_a_quoted_text_is_read_back(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
