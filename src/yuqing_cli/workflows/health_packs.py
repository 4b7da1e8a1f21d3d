"""Health of the packs: what each rule and term did on the stored posts, by the packs of today; nothing is written.

store.judgeable + store.marks -Health-> counts
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich.health import Health
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.station import Station

from .tuning import Metas


def health(station: Station, store: Store, keywords: KeywordSet, days: int, progress: Callable[[], object]) -> Health:
    """Counts over the posts first seen in the last ``days`` days."""
    counts, metas, verdicts = Health(keywords), Metas(station, store), store.marks()
    for passage in store.judgeable(station.clock() - timedelta(days=days)):
        counts.see(passage.title, passage.text, metas.of(passage.source), passage.at, verdicts.get(passage.id))
        progress()
    return counts
