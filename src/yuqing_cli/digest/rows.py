"""One stored post as a row of export: the columns that CSV and JSON Lines share. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from yuqing_cli import times
from yuqing_cli.digest.shapes import Passage

from .excerpts import matched_words, passage_excerpt


def export_row(row: Mapping[str, Any], passage: Passage | None, zone: tzinfo) -> dict[str, Any]:
    """Columns in order; times ISO 8601 with the station's offset, numbers as stored, ``text`` last (CSV leaves it out)."""
    passage = passage or Passage(row["title"], row["text"], ())
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


def _iso(ms: int | None, zone: tzinfo) -> str | None:
    return None if ms is None else times.iso(times.from_ms(ms), zone)
