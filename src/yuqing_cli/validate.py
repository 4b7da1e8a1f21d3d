"""From a TOML table to a record, with *all* of its faults.

The library stops at the first fault of a value, so each key is converted by itself and the faults are collected; an unknown key is
a fault too, with the nearest known name as the hint. Constraints are written once, in the type of the field.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from .errors import Problem
from .records import Record, ShapeError, converted, fields
from .tomltext import Document, Path

R = TypeVar("R", bound=Record)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name closest to ``word``, or ``""`` when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


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


def table(document: Document, value: object, shape: type[R], path: Path, problems: list[Problem]) -> R | None:
    """Convert one table to ``shape``. Every fault is appended to ``problems``; None when there was any in this table."""
    if not isinstance(value, dict):
        problems.append(document.problem(path, "{key} must be a table", key=_dotted(path)))
        return None
    before = len(problems)
    known = {field.name: field for field in fields(shape)}
    problems.extend(unknown_key(document, (*path, key), known) for key in value if key not in known)
    given = {
        name: _field(document, value[name], field.type, (*path, name), problems)
        for name, field in known.items()
        if name in value
    }
    problems.extend(
        document.problem(path, "{key} is missing", key=_dotted((*path, name)))
        for name, field in known.items()
        if field.required and name not in value
    )
    return shape(**given) if len(problems) == before else None


def _field(document: Document, value: object, hint: Any, path: Path, problems: list[Problem]) -> object:
    try:
        return converted(value, hint)
    except ShapeError as error:
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
