"""robots.txt files that outlive a run: a day is long enough to ask once, and a month's copy helps while a host is down."""

from __future__ import annotations

from yuqing_cli.robots import RobotsCache, RobotsFile

from .store import Store


class StoredRobots(RobotsCache):
    """Files by origin, in the station's store."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def get(self, origin: str) -> RobotsFile | None:
        """The last file that was put for ``origin``, whatever its age."""
        found = self._store.robots(origin)
        return RobotsFile(origin, *found) if found else None

    def put(self, file: RobotsFile) -> None:
        """Keep ``file`` as the one of its origin."""
        self._store.save_robots(file.origin, file.text, file.fetched_at)
