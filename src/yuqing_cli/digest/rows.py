"""Stored rows as rows of export: the columns that all formats share. Pure.

The columns are an interface: other people's scripts rely on their names, their order and what they mean. New ones come at the end, and
``SCHEMA`` rises when the meaning of one changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from yuqing_cli import times
from yuqing_cli.digest.shapes import Passage
from yuqing_cli.models import Hit

from .excerpts import matched_words, passage_excerpt

SCHEMA = 1

COLUMNS: dict[str, tuple[str, ...]] = {
    "posts": (
        *("id", "published_at", "fetched_at", "source", "tier", "title", "url", "topics", "subjects", "level", "score"),
        *("event_id", "matched", "excerpt"),
    ),
    "events": (
        *("id", "first_at", "last_at", "title", "level", "score", "topics", "subjects", "posts", "sources"),
        *("posts_in_window", "post_id", "url"),
    ),
    "hits": (
        *("post_id", "published_at", "source", "title", "url", "pack", "kind", "rule", "term", "field", "start", "end"),
        *("weight", "boundary", "found", "event_id"),
    ),
    "observations": ("post_id", "observed_at", "source", "title", "url", "rank", "heat"),
}
"""Of each table, in order. JSON Lines and Parquet have ``text`` behind those of posts."""


def post_row(row: Mapping[str, Any], hits: Sequence[Hit], zone: tzinfo) -> dict[str, Any]:
    """A stored post; times ISO 8601 with the station's offset, numbers as stored, ``text`` last (CSV leaves it out)."""
    passage = Passage(row["title"], row["text"], tuple(hits))
    return {
        "id": row["id"],
        "published_at": _iso(row["published_at"], zone),
        "fetched_at": _iso(row["fetched_at"], zone),
        "source": row["source"],
        "tier": row["tier"],
        "title": row["title"],
        "url": row["url"],
        "topics": json.loads(row["topics"]),
        "subjects": json.loads(row["subjects"]),
        "level": row["level"],
        "score": row["score"],
        "event_id": row["event_id"],
        "matched": list(matched_words(passage)),
        "excerpt": passage_excerpt(passage),
        "text": row["text"],
    }


def plain_row(row: Mapping[str, Any], columns: Sequence[str], zone: tzinfo) -> dict[str, Any]:
    """A row of any other table: times by the names that end in ``_at``, lists by the names of posts."""
    return {column: _plain(column, row[column], zone) for column in columns}


def _plain(column: str, value: Any, zone: tzinfo) -> Any:
    if column.endswith("_at"):
        return _iso(value, zone)
    return json.loads(value) if column in {"topics", "subjects"} else value


def _iso(ms: int | None, zone: tzinfo) -> str | None:
    return None if ms is None else times.iso(times.from_ms(ms), zone)
