"""The composition root: finds a station folder, opens what is in it, hands the parts out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import __version__, config, times
from .adapters import files
from .errors import Problem, UsageError
from .packs import load as packs
from .packs.model import KeywordSet
from .records import Record

if TYPE_CHECKING:
    from .adapters.store import Store
    from .adapters.store.reporting import Reporting
    from .adapters.web import Web

SETTINGS = "yuqing.toml"
DATABASE = "yuqing.db"
KEYWORDS = "keywords"
SHIPPED = f"{KEYWORDS}/.shipped"
"""The shipped packs as they were when the station took them over: the base of every later merge."""
REPLACED = f"{KEYWORDS}/.replaced"
"""Packs as they were before ``keywords update`` wrote them anew."""
DIGESTS = "digests"
LOCK = ".yuqing.lock"
VARIABLE = "YUQING_STATION"


def find(option: Path | None, environ: Mapping[str, str] | None = None, start: Path | None = None) -> Path:
    """The station folder: the option, else ``$YUQING_STATION``, else the nearest parent with a yuqing.toml, else the user's own.

    Raises:
        UsageError: none of them holds a yuqing.toml; says where was looked.

    """
    environ = os.environ if environ is None else environ
    named = option or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    if named is not None:
        if _is_station(named):
            return named
        raise UsageError(
            "there is no station at {folder} (no yuqing.toml); make one: yuqing init {folder}", folder=named
        )
    start = start or _here()
    for folder in (start, *start.parents) if start else ():
        if _is_station(folder):
            return folder
    own = user_folder()
    if _is_station(own):
        return own
    text = "no station here or above, and none at {own}; make one: yuqing init mystation"
    raise UsageError(text, own=own)


def _here() -> Path | None:
    """The working folder; None where it was deleted or may not be known."""
    try:
        return Path.cwd()
    except OSError:
        return None


def _is_station(folder: Path) -> bool:
    """Whether settings are seen in it; a folder that may not be entered is none."""
    try:
        return (folder / SETTINGS).is_file()
    except OSError:
        return False


def user_folder() -> Path:
    """The station folder of last resort, in the user's configuration folder."""
    from platformdirs import user_config_path

    return user_config_path("yuqing", appauthor=False)


class Station(Record, dict=True):
    """An opened station folder. Settings are valid (opening fails otherwise); packs may be faulty, which must not stop a fetch."""

    folder: Path
    settings: config.Settings
    clock: Callable[[], datetime] = times.now_utc

    @classmethod
    def open(cls, folder: Path, clock: Callable[[], datetime] = times.now_utc) -> Station:
        """Read the settings. Raises ``ConfigError`` with every fault."""
        path = folder / SETTINGS
        return cls(folder, config.load(files.read_text(path), str(path)), clock)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The station's time zone."""
        return times.parse_zone(self.settings.station.timezone)

    @cached_property
    def keywords(self) -> packs.Loaded:
        """The packs of the folder as they are now, with their faults."""
        texts, unreadable = files.read_packs(self.folder / KEYWORDS)
        loaded = packs.load(texts)
        return packs.Loaded(loaded.keywords, (*unreadable, *loaded.problems), loaded.warnings)

    def good_keywords(self, store: Reporting) -> tuple[KeywordSet, tuple[Problem, ...]]:
        """The packs to judge with: those of the folder, or where these are faulty the last good set, and the faults."""
        if not self.keywords.problems:
            return self.keywords.keywords, ()
        return packs.load(store.last_packs()).keywords, self.keywords.problems

    @property
    def lock(self) -> Path:
        """The file whose lock a fetch holds."""
        return self.folder / LOCK

    def store(self, *, create: bool = True) -> Store:
        """Open the database."""
        from .adapters.store import Store

        return Store(self.folder / DATABASE, create=create)

    def reporting(self) -> Reporting:
        """Open the database for a digest: the part of ``store`` that reports, without what fetches, groups and judges."""
        from .adapters.store.reporting import Reporting

        return Reporting(self.folder / DATABASE)

    def web(self, store: Store) -> Web:
        """Open the door to the web, with the station's manners and its memory of robots.txt."""
        from .adapters.robots_memory import StoredRobots
        from .adapters.web import Web
        from .politeness import WebSettings, user_agent

        asked = self.settings.fetch
        manners = WebSettings(
            user_agent=user_agent(__version__, self.settings.station.contact),
            jobs=asked.jobs,
            host_gap_seconds=asked.host_gap_seconds,
            host_concurrency=asked.host_concurrency,
            timeout_seconds=asked.timeout_seconds,
            max_bytes=asked.max_bytes,
        )
        return Web(manners, clock=self.clock, robots_cache=StoredRobots(store))
