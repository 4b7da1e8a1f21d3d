"""Doctor: the file, its index, the clock, the disk, retention and packs -> findings, and what mends each.

store.facts + disk + store.purge_due + rescore.stale -findings-> Finding -(--repair) mend-> store -> findings again
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.examining import Facts
from yuqing_cli.config import PrivacySettings
from yuqing_cli.errors import StoreError
from yuqing_cli.i18n import mark
from yuqing_cli.records import Record

from . import keep

Severity = Literal["fault", "advice"]
LEAST_FREE = 500_000_000
"""Bytes that should be free: a day's fetching, a copy of a small file, and the log of a purge."""
BACKLOG = timedelta(days=2)
"""How long retention may be overdue before it is named: one missed day is a machine that was off."""


class Finding(Record):
    """One thing that is wrong. ``text`` and ``advice`` are message ids with ``values``; ``repair`` names what ``mend`` can do."""

    check: str
    severity: Severity
    text: str
    advice: str
    values: tuple[tuple[str, object], ...] = ()
    repair: str = ""


CHECKS: dict[str, str] = {
    "file": mark("the file"),
    "index": mark("the index of words"),
    "rows": mark("events and orphans"),
    "clock": mark("the clock"),
    "disk": mark("the disk"),
    "retention": mark("retention"),
    "packs": mark("judgements"),
}
"""What is looked at, in order: name in ``--json`` -> for people."""

_RESTORE = mark("restore a copy: yuqing restore FILE --force")
_REPAIR = mark("yuqing doctor --repair mends this")


def examine(store: Store, privacy: PrivacySettings, now: datetime, *, stale: int = 0) -> list[Finding]:
    """Everything that is wrong. ``stale``: stored posts that other packs or other settings judged."""
    facts = store.facts(now)
    if facts.damage:
        text = mark("the file is damaged: {reason}")
        return [Finding("file", "fault", text, _RESTORE, (("reason", facts.damage[0]),))]
    return [
        *_index(facts),
        *_rows(facts),
        *_clock(facts),
        *_disk(store),
        *_retention(store, privacy, now),
        *_stale(stale),
    ]


def _index(facts: Facts) -> list[Finding]:
    if facts.indexed and not facts.unindexed and not facts.overindexed:
        return []
    text = mark(
        "the index does not say what the posts say; posts that are not in it: {missing}, entries without a post: {extra}"
    )
    values = (("missing", facts.unindexed), ("extra", facts.overindexed))
    return [Finding("index", "fault", text, _REPAIR, values, "index")]


def _rows(facts: Facts) -> list[Finding]:
    found = []
    if facts.eventless:
        text = mark("posts in no event that match, or in one that do not: {count}")
        found.append(Finding("rows", "fault", text, _REPAIR, (("count", facts.eventless),), "events"))
    if facts.orphans:
        text = mark("rows of posts that are not there: {count}")
        found.append(Finding("rows", "fault", text, _REPAIR, (("count", facts.orphans),), "orphans"))
    return found


def _clock(facts: Facts) -> list[Finding]:
    found = []
    if facts.put_off:
        text = mark("sources asked at a time that has not come, or put off for days: {count}; the clock once was wrong")
        found.append(Finding("clock", "fault", text, _REPAIR, (("count", facts.put_off),), "clock"))
    if facts.from_the_future:
        text = mark("posts first seen at a time that has not come: {count}; the clock was wrong, or is wrong now")
        advice = mark("look at the clock of this machine; the posts are counted by when they were published")
        found.append(Finding("clock", "advice", text, advice, (("count", facts.from_the_future),)))
    return found


def _disk(store: Store) -> list[Finding]:
    free, size = shutil.disk_usage(store.path.parent).free, store.size()
    if free >= max(LEAST_FREE, size * 2):
        return []
    text = mark("{free} bytes are free on the disk, and the file has {size}: a copy or a rewrite may not fit")
    advice = mark("make room, or choose a shorter retention")
    return [Finding("disk", "advice", text, advice, (("free", free), ("size", size)))]


def _retention(store: Store, privacy: PrivacySettings, now: datetime) -> list[Finding]:
    matched, unmatched = store.purge_due(keep.ages(privacy, now - BACKLOG))
    if not matched + unmatched:
        return []
    text = mark("posts that should have lost their text days ago: {count}")
    return [
        Finding("retention", "fault", text, mark("yuqing purge removes it"), (("count", matched + unmatched),), "purge")
    ]


def _stale(stale: int) -> list[Finding]:
    if not stale:
        return []
    text = mark("posts judged by other packs or settings than today's: {count}")
    return [Finding("packs", "advice", text, mark("yuqing rescore judges them again"), (("count", stale),))]


def mend(store: Store, privacy: PrivacySettings, now: datetime, finding: Finding) -> None:
    """Do what ``finding.repair`` names. Raises ``StoreError`` where it cannot be done."""
    repairs: dict[str, Callable[[], object]] = {
        "index": store.remake_index,
        "events": lambda: store.regroup_strays(now),
        "orphans": store.drop_orphans,
        "clock": lambda: store.make_due(now),
        "purge": lambda: keep.purge(store, privacy, now),
    }
    if finding.repair not in repairs:
        raise StoreError("{path} cannot be used: {reason}", path=store.path, reason=finding.check)
    repairs[finding.repair]()
