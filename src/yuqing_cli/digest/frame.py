"""Everything about a digest that is not an event. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from yuqing_cli import __version__
from yuqing_cli.config import ScoringSettings, Settings
from yuqing_cli.packs.model import KeywordSet, Rule
from yuqing_cli.records import Record
from yuqing_cli.times import parse_zone

from .shapes import Window

HOUR = timedelta(hours=1)


class Frame(Record):
    """Who reports, on which span, with what knowledge and by which rules."""

    station: str
    zone: tzinfo
    window: Window
    as_of: datetime
    watermark: int
    scoring: ScoringSettings
    keywords: KeywordSet
    version: str

    @property
    def until(self) -> datetime:
        """The last moment that the digest can know of its window."""
        return min(self.window.end, self.as_of)

    @property
    def hours(self) -> int:
        """Hours of the window that have begun."""
        return max(0, -(-(self.until - self.window.start) // HOUR))

    def local(self, at: datetime) -> datetime:
        """A time in the station's zone."""
        return at.astimezone(self.zone)

    def maybe_local(self, at: datetime | None) -> datetime | None:
        """A time in the station's zone, if there is one."""
        return None if at is None else at.astimezone(self.zone)

    def topics(self, ids: tuple[str, ...]) -> list[Rule]:
        """The topics of these ids that today's packs have, the gravest first."""
        rules = [rule for id_ in ids if (rule := self.keywords.topic(id_))]
        return sorted(rules, key=lambda rule: -rule.severity)

    def hourly(self, times: list[datetime]) -> tuple[int, ...]:
        """How many of these moments lie in each hour of the window, from its start."""
        counted, start = [0] * self.hours, self.window.start
        for at in times:
            place = (at - start) // HOUR
            if 0 <= place < len(counted):
                counted[place] += 1
        return tuple(counted)


def framed(settings: Settings, keywords: KeywordSet, span: Window, as_of: datetime, watermark: int = 0) -> Frame:
    """What holds of a whole report; where nothing is issued, no watermark is needed."""
    zone = parse_zone(settings.station.timezone)
    return Frame(settings.station.name, zone, span, as_of, watermark, settings.scoring, keywords, __version__)
