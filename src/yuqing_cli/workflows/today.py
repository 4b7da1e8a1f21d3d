"""By what a post would be judged now: whose judgement is of today, and whose is stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from yuqing_cli.config import Settings
from yuqing_cli.enrich.stamp import stamp
from yuqing_cli.models import Source, SourceState

if TYPE_CHECKING:
    from yuqing_cli.adapters.store.bases import Basis


class Today:
    """By what a post would be judged now."""

    def __init__(self, settings: Settings, states: Mapping[str, SourceState], packs: str) -> None:
        self._configured = {source.name: source for source in settings.sources}
        self._states, self._scoring, self._packs = states, settings.scoring, packs
        self._stamps: dict[str, str] = {}

    def source(self, name: str) -> Source:
        """The source of that name as it is configured or remembered today."""
        return named(name, self._configured, self._states)

    def judged(self, source: str, packs: str, scoring: str) -> bool:
        """Whether a judgement with these stamps is what would be said now."""
        if source not in self._stamps:
            self._stamps[source] = stamp(self._scoring, self.source(source))
        return packs == self._packs and scoring == self._stamps[source]

    def stale(self, bases: Iterable[Basis]) -> int:
        """How many posts others judged."""
        return sum(basis.posts for basis in bases if not self.judged(basis.source, basis.packs, basis.scoring))


def named(source: str, configured: Mapping[str, Source], states: Mapping[str, SourceState]) -> Source:
    """The source of that name as the settings have it; else one of the tier that is remembered, or ``community``."""
    if source in configured:
        return configured[source]
    return Source(source, "rows", "", states[source].tier if source in states else "community")
