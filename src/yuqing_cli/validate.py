"""From a TOML table to a frozen dataclass, with *all* of its faults (the only room with msgspec).

msgspec stops at the first fault of a value, so each key is converted by itself and the faults are collected; an unknown key is
a fault too, with the nearest known name as the hint. Constraints are written once, in the type of the field.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec

from .errors import Problem
from .tomltext import Document, Path

T = TypeVar("T")

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Points = Annotated[float, msgspec.Meta(ge=0, le=100)]
# TOML knows inf, and no wait, weight or time-out is infinite.
NotNegative = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e9)]
Count = Annotated[int, msgspec.Meta(ge=1, le=64)]
Severity = Annotated[int, msgspec.Meta(ge=1, le=5)]
WholeNumber = Annotated[int, msgspec.Meta(ge=1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=64)]


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name closest to ``word``, or ``""`` when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


@cache
def _hints(shape: type) -> Mapping[str, Any]:
    return get_type_hints(shape, include_extras=True)


def unknown_key(document: Document, path: Path, known: Iterable[str]) -> Problem:
    """The fault of a key that nothing reads, with the nearest name that something would."""
    names = sorted(known)
    near = nearest(str(path[-1]), names)
    hint = "did you mean {near}?" if near else "known here: {names}"
    return document.problem(path, "unknown key {key}", hint, key=_dotted(path), near=near, names=", ".join(names))


def _dotted(path: Path) -> str:
    """``sources[2].url`` counts entries from 1, as people do."""
    out = ""
    for part in path:
        out += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if out else part)
    return out


def table(document: Document, value: object, shape: type[T], path: Path, problems: list[Problem]) -> T | None:
    """Convert one table to ``shape``. Every fault is appended to ``problems``; None when there was any in this table."""
    if not isinstance(value, dict):
        problems.append(document.problem(path, "{key} must be a table", key=_dotted(path)))
        return None
    before = len(problems)
    hints = _hints(shape)  # type: ignore[arg-type]  # classes are hashable
    problems.extend(unknown_key(document, (*path, key), hints) for key in value if key not in hints)
    fields = dataclasses.fields(shape)  # type: ignore[arg-type]  # every shape here is a dataclass
    given = {
        f.name: _field(document, value[f.name], hints[f.name], (*path, f.name), problems)
        for f in fields
        if f.name in value
    }
    problems.extend(
        document.problem(path, "{key} is missing", key=_dotted((*path, f.name)))
        for f in fields
        if f.name not in value and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    )
    return shape(**given) if len(problems) == before else None


def _field(document: Document, value: object, hint: Any, path: Path, problems: list[Problem]) -> object:
    try:
        return msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        problems.append(_bad_value(document, str(error), value, hint, path))
        return None


def _bad_value(document: Document, message: str, value: object, hint: Any, path: Path) -> Problem:
    inner: Path = ()
    if " - at `$" in message:
        message, _, where = message.partition(" - at `$")
        inner = tuple(int(p[1:-1]) if p[0] == "[" else p[1:] for p in re.findall(r"\[\d+\]|\.[A-Za-z_]+", where))
    allowed = _literals(hint)
    near = nearest(value, allowed) if allowed and isinstance(value, str) else ""
    note = "did you mean {near}?" if near else ("allowed: {allowed}" if allowed else "")
    return document.problem(
        (*path, *inner),
        "bad value for {key}: {detail}",
        note,
        key=_dotted((*path, *inner)),
        detail=message,
        near=near,
        allowed=", ".join(allowed),
    )


def _literals(hint: Any) -> tuple[str, ...]:
    return tuple(a for a in getattr(hint, "__args__", ()) if isinstance(a, str))


def plain(value: object) -> Any:
    """A model as plain data: dataclasses become tables, tuples lists; times stay times."""
    return msgspec.to_builtins(value, builtin_types=(datetime,))


def packed(value: object) -> bytes:
    """``plain`` as JSON, by the library itself: of four thousand events ten times as fast as table by table."""
    return msgspec.json.encode(value)


def shaped(value: object, shape: type[T]) -> T:
    """The inverse of ``plain``. Raises ``ValueError`` when ``value`` does not have that shape."""
    return msgspec.convert(value, shape)
