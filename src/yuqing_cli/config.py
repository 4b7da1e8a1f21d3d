"""yuqing.toml -> Settings. Pure: text in, settings or *all* the faults out.

Each table of the file is a record: it is the validation, the default and the documentation of its keys at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from . import times
from .errors import ConfigError, Problem
from .models import Level, Source
from .records import Count, Name, NotNegative, Points, Positive, Record, WholeNumber, field
from .source_settings import check_zone, read_sources
from .tomltext import Document, parse
from .validate import table, unknown_key


class StationSettings(Record, kw_only=True):
    """Who we are."""

    name: Name = "yuqing"
    timezone: str = "Asia/Shanghai"
    language: Literal["zh", "en", ""] = ""
    contact: str = ""
    """An address or page where a site's owner reaches the desk; it goes into the User-Agent."""


class FetchSettings(Record, kw_only=True):
    """How sources are asked."""

    jobs: Count = 8
    host_gap_seconds: NotNegative = 5.0
    host_concurrency: Count = 2
    timeout_seconds: Positive = 20.0
    max_bytes: WholeNumber = 10_000_000
    extractor: Literal["own", "trafilatura"] = "own"
    """What finds the text in an article's page. Results must not depend on what is installed, so it is a setting."""
    robots: Literal["obey", "own"] = "obey"
    """``own`` is for one's own servers on private addresses; it changes nothing for public ones."""


class ScoringSettings(Record, kw_only=True):
    """Weights of the parts of a score (they are scaled to a sum of 1), what the reports of an event add together, and the
    thresholds of the levels, in points of 100.
    """

    relevance: NotNegative = 0.35
    severity: NotNegative = 0.35
    reach: NotNegative = 0.10
    tone: NotNegative = 0.20
    spread: NotNegative = 0.30
    velocity: NotNegative = 0.10
    freshness: NotNegative = 0.05
    red: Points = 85.0
    orange: Points = 75.0
    yellow: Points = 50.0

    @property
    def weights(self) -> Mapping[str, float]:
        """Weight of each scorer; they sum to 1."""
        raw = {"relevance": self.relevance, "severity": self.severity, "reach": self.reach, "tone": self.tone}
        total = sum(raw.values()) or 1.0
        return {name: value / total for name, value in raw.items()}

    def level(self, score: float) -> Level:
        """The level of a matched post or event: 特别重大, 重大, 较大, 一般."""
        if score >= self.red:
            return "red"
        if score >= self.orange:
            return "orange"
        return "yellow" if score >= self.yellow else "blue"

    @property
    def event_weights(self) -> Mapping[str, float]:
        """Which share of what its best report lacks of 100 each part of an event adds; together at most all of it."""
        raw = {"spread": self.spread, "velocity": self.velocity, "freshness": self.freshness}
        total = max(1.0, sum(raw.values()))
        return {name: value / total for name, value in raw.items()}


class PrivacySettings(Record, kw_only=True):
    """What is masked, and how long text is kept."""

    mask: bool = True
    retention_days: WholeNumber = 180
    unmatched_retention_days: WholeNumber = 30


class Settings(Record, kw_only=True):
    """A whole, valid yuqing.toml."""

    station: StationSettings = field(default_factory=StationSettings)
    shifts: Mapping[str, str] = field(default_factory=dict)
    """Name of a shift -> ``"HH:MM-HH:MM"`` in the station's zone; it may cross midnight."""
    fetch: FetchSettings = field(default_factory=FetchSettings)
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    sources: tuple[Source, ...] = ()


_SECTIONS = ("station", "shifts", "fetch", "scoring", "privacy", "sources")
S = TypeVar("S", bound=Record)


def load(text: str, file: str) -> Settings:
    """Read the settings.

    Raises:
        ConfigError: with every fault of the file, each with its line.

    """
    document, syntax = parse(text, file)
    problems: list[Problem] = [syntax] if syntax else []
    problems.extend(unknown_key(document, (key,), _SECTIONS) for key in document.data if key not in _SECTIONS)
    station = _section(document, "station", StationSettings, problems)
    fetch = _section(document, "fetch", FetchSettings, problems)
    scoring = _section(document, "scoring", ScoringSettings, problems)
    privacy = _section(document, "privacy", PrivacySettings, problems)
    _check_station_zone(document, problems)
    _check_thresholds(document, scoring, problems)
    shifts = _shifts(document, problems)
    sources = read_sources(document, station.timezone, fetch.robots, problems)
    if problems:
        problems.sort(key=lambda p: (p.line, p.column))
        raise ConfigError("{file}: faults: {count}", tuple(problems), file=file, count=len(problems))
    return Settings(station=station, shifts=shifts, fetch=fetch, scoring=scoring, privacy=privacy, sources=sources)


def _section(document: Document, key: str, shape: type[S], problems: list[Problem]) -> S:
    """One table of settings; its defaults where it is absent or faulty (then the fault is among the problems)."""
    found = table(document, document.data[key], shape, (key,), problems) if key in document.data else None
    return found or shape()


def _check_station_zone(document: Document, problems: list[Problem]) -> None:
    """Looks at the file itself: where the table has another fault, its defaults stand in for what was written."""
    written = document.data.get("station")
    name = written.get("timezone") if isinstance(written, dict) else None
    if isinstance(name, str):
        check_zone(document, ("station", "timezone"), name, problems)


def _check_thresholds(document: Document, scoring: ScoringSettings, problems: list[Problem]) -> None:
    if not scoring.red >= scoring.orange >= scoring.yellow:
        problems.append(document.problem(("scoring",), "the thresholds must fall: red >= orange >= yellow"))
    if not scoring.relevance + scoring.severity + scoring.reach + scoring.tone:
        problems.append(document.problem(("scoring",), "at least one weight must be above 0"))


def _shifts(document: Document, problems: list[Problem]) -> dict[str, str]:
    value = document.data.get("shifts", {})
    if not isinstance(value, dict):
        problems.append(document.problem(("shifts",), "{key} must be a table", key="shifts"))
        return {}
    for name, clock in value.items():
        try:
            times.parse_clock_range(clock if isinstance(clock, str) else "")
        except ValueError:
            problems.append(
                document.problem(
                    ("shifts", name), 'a shift is written as "08:00-20:00", not {value}', value=repr(clock)
                )
            )
    return dict(value)
