"""What the workflows for tuning the packs share: how a stored post looks to a rule.

store.states + settings -named-> Source -about-> what ``source:``, ``tag:`` and ``tier:`` see
"""

from __future__ import annotations

from collections.abc import Mapping

from yuqing_cli.adapters.store import Store
from yuqing_cli.packs.query_match import about
from yuqing_cli.station import Station

from .today import named


class Metas:
    """What rules see of each source, worked out once."""

    def __init__(self, station: Station, store: Store) -> None:
        self._configured = {source.name: source for source in station.settings.sources}
        self._states = store.states()
        self._known: dict[str, Mapping[str, frozenset[str]]] = {}

    def of(self, source: str) -> Mapping[str, frozenset[str]]:
        """By the name of the source."""
        if source not in self._known:
            found = named(source, self._configured, self._states)
            self._known[source] = about(found.name, found.tags, found.tier)
        return self._known[source]
