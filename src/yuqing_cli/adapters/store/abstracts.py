"""Events that a window has no news of: few of their reports, but those that weigh as all of them do.

A grave event of last week may have thousands of reports, and a digest asks of it only its title, its level and its unit. What an event
weighs (``events.rank``) depends on its best report, on its newest, and on which reports are independent: those that are the first of
their address and of their text, and of another source than the independent ones before. So of the reports that share address, source,
topics and what they copy, the first stands for all: the others' address is taken, and their text, too, unless another report copies
just them. Reports that are copied are kept besides, and all without an address.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yuqing_cli.digest.ranked import names_by_reports
from yuqing_cli.digest.shapes import Abstract, Trace
from yuqing_cli.times import from_ms, to_ms

from .rows import dump
from .traces import Lists, Reader, columns

_TIME = "coalesce(at, first_seen)"
_AGES = 2_000_000_000_000_000
"""So many milliseconds later every time has sixteen digits: then times are in the order of their digits."""
_LATER = "SELECT 1 FROM former_events WHERE changed_at > :as_of UNION ALL SELECT 1 FROM changes WHERE changed_at > :as_of LIMIT 1"
_OF_EVENT = "FROM posts WHERE event_id = :event AND event_id IS NOT NULL AND first_seen <= :as_of"
_ALIKE = f"""SELECT canonical_url, source, copy_of, topics, count(*), min(({_AGES} + {_TIME}) || id), max({_TIME}), max(score)
    {_OF_EVENT} AND canonical_url != '' GROUP BY canonical_url, source, copy_of, topics"""
"""One pass over the index of the event, which has this order. The first is the earliest, and of several the one with the least id."""
_WHOLE = columns("event_id", "copy_of", "'before'", "1")
_ALONE = f"SELECT {_WHOLE} {_OF_EVENT} AND canonical_url = ''"
_BEST = f"SELECT {_WHOLE} {_OF_EVENT} AND score = :best ORDER BY {_TIME}, id DESC LIMIT 1"
_COPIED = f"SELECT {_WHOLE} {_OF_EVENT} AND id IN (SELECT value FROM json_each(:ids))"  # noqa: S608


def abstracts(connection: sqlite3.Connection, events: Iterable[str], as_of: datetime) -> list[Abstract]:
    """Events by their ids; none where something changed since ``as_of``: then all reports are to be asked for (``traces.absent``)."""
    values = {"as_of": to_ms(as_of)}
    if connection.execute(_LATER, values).fetchone():
        return []
    reader = Reader(connection, as_of)
    found = (_abstract(connection, reader, event, values | {"event": event}) for event in events)
    return [one for one in found if one.members]


def _abstract(connection: sqlite3.Connection, reader: Reader, event: str, values: dict[str, Any]) -> Abstract:
    members = reader.read(connection.execute(_ALONE, values))
    counted = Counter(post.topics for post in members)
    best, lists = max((post.score for post in members), default=0.0), Lists()
    for address, source, copied, topics, reports, first, last, score in connection.execute(_ALIKE, values):
        id_, named = first[16:], lists[topics]
        for at in (int(first[:16]) - _AGES, last):
            members.append(
                Trace(id_, event, source, "community", address, from_ms(at), 0.0, named, (), "before", copy_of=copied)
            )
        counted[named] += reports
        best = max(best, score)
    ids = {post.copy_of for post in members if post.copy_of}
    kept = reader.read(connection.execute(_COPIED, values | {"ids": dump(sorted(ids))})) if ids else []
    kept += reader.read(connection.execute(_BEST, values | {"best": best}))
    return Abstract(event, tuple(kept + members), names_by_reports(counted))
