"""Between rows and models: times as whole milliseconds, lists as JSON. One function each way, so that a field is named once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args

from yuqing_cli import records
from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.models import Exclusion, Hit, Judgement, Part, SourceState, Tier
from yuqing_cli.times import from_ms, to_ms

_T = TypeVar("_T")

CHUNK = 500
"""Below SQLite's smallest limit of variables in one statement (999)."""


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Lists of at most ``CHUNK`` values."""
    held = list(values)
    for i in range(0, len(held), CHUNK):
        yield held[i : i + CHUNK]


def marks(values: Sequence[object]) -> str:
    """``?,?,?`` for an ``IN`` list."""
    return ",".join("?" * len(values))


def ms(at: datetime | None) -> int | None:
    """A time as it is stored."""
    return None if at is None else to_ms(at)


def moment(value: int | None) -> datetime | None:
    """A stored time, aware, in UTC."""
    return None if value is None else from_ms(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""``json.dumps`` would make an encoder for every value."""


def dump(value: object) -> str:
    """A list or a table as stored JSON."""
    return _encode(value)


def parts_to_json(parts: Iterable[Part]) -> str:
    """Parts as ``[[name, value, weight], …]``."""
    return dump([[part.name, part.value, part.weight] for part in parts])


def parts_from_json(text: str) -> tuple[Part, ...]:
    """The inverse of ``parts_to_json``."""
    return tuple(Part(*entry) for entry in json.loads(text))


def hit_row(post: int, hit: Hit) -> tuple[object, ...]:
    """One row of ``hits``."""
    return (post, hit.pack, hit.kind, hit.rule, hit.term, hit.field, hit.start, hit.end, hit.weight, hit.boundary)


def exclusion_row(post: int, exclusion: Exclusion) -> tuple[object, ...]:
    """One row of ``exclusions``."""
    return (post, exclusion.pack, exclusion.kind, exclusion.rule, exclusion.term, exclusion.field)


def judgement_values(judgement: Judgement) -> tuple[object, ...]:
    """The columns ``matched, score, level, parts, topics, subjects, packs, scoring``."""
    return (
        int(judgement.matched),
        judgement.score,
        judgement.level,
        parts_to_json(judgement.parts),
        dump(judgement.topics),
        dump(judgement.subjects),
        judgement.packs,
        judgement.scoring,
    )


def tier_of(value: str) -> Tier:
    """A stored tier; what a later version may have written counts as community."""
    known: tuple[Tier, ...] = get_args(Tier)
    return next((tier for tier in known if tier == value), "community")


def stored_post(
    row: Mapping[str, Any], place: Literal["window", "late", "before"], *, told: bool = False
) -> StoredPost:
    """A row of ``posts`` (joined with its source's tier) as a digest reads it."""
    return StoredPost(
        row["id"],
        row["event_id"] or "",
        row["source"],
        tier_of(row["tier"] or ""),
        row["url"],
        row["canonical_url"],
        row["title"],
        moment(row["published_at"]),
        from_ms(row["first_seen"]),
        row["score"],
        parts_from_json(row["parts"]),
        tuple(json.loads(row["topics"])),
        tuple(json.loads(row["subjects"])),
        row["packs"],
        place,
        told,
        row["copy_of"],
        row["origin"],
    )


_TIMES = (
    "full_at",
    "baseline_at",
    "last_asked",
    "last_success",
    "due_at",
    "same_body_since",
    "listed_at",
    "verdict_at",
)


def source_state(row: sqlite3.Row) -> SourceState:
    """A row of ``sources``."""
    values: dict[str, Any] = {key: row[key] for key in row.keys()}  # noqa: SIM118  # sqlite3.Row iterates over values
    values.update({key: moment(values[key]) for key in _TIMES})
    values["tier"] = tier_of(values["tier"])
    return SourceState(**values)


def source_values(state: SourceState) -> dict[str, object]:
    """A ``SourceState`` as a row."""
    values = records.as_dict(state)
    values.update({key: ms(values[key]) for key in _TIMES})
    return values
