"""From the store to the reader: the window, what is read back of it, and what a digest says.

    Window -> StoredPost, Counts, Passage -> DigestEvent, Coverage -> Digest -> Issue

What the store gives is in UTC; everything in a ``Digest`` is in the station's zone, and every line leads back to stored posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from yuqing_cli.models import LEVELS, Exclusion, Hit, Level, Part, Tier
from yuqing_cli.records import Record, field

from .sections import Comparison, Count, Gap, HotEntry, Matter, Note, RisingWord, Suppressed


class Window(Record):
    """A span of time that a digest or an export is about: ``start <= t < end``, in UTC."""

    kind: Literal["today", "date", "shift", "since-last", "range"]
    start: datetime
    end: datetime
    shift: str = ""

    @property
    def issues(self) -> bool:
        """Whether a digest of this window is an issue: numbered, stored, with a watermark."""
        return self.kind in {"today", "shift", "since-last"}


Place = Literal["window", "late", "before"]
"""Of a report: in the window, late (补报), or an older post of the same event."""


class Trace(Record):
    """A matched post as it is ranked and counted: without its texts."""

    id: str
    event: str
    source: str
    tier: Tier
    canonical_url: str
    at: datetime
    """When it happened, for ordering: publication, else first seen."""
    score: float
    topics: tuple[str, ...]
    subjects: tuple[str, ...]
    place: Place
    told: bool = False
    """Whether an issue of an earlier window had it."""
    copy_of: str | None = None
    """The post whose text this one repeats; None: an independent report."""
    seq: int = 0
    """Its number in the file."""


class Abstract(Record):
    """An event that a window has no news of, in short."""

    event: str
    members: tuple[Trace, ...]
    """Some of its reports, that weigh as all of them do."""
    topics: tuple[str, ...]
    """What most reports have first."""


class StoredPost(Record):
    """A matched post as a digest reads it back."""

    id: str
    event: str
    source: str
    tier: Tier
    url: str
    canonical_url: str
    title: str
    published_at: datetime | None
    first_seen: datetime
    score: float
    parts: tuple[Part, ...]
    topics: tuple[str, ...]
    subjects: tuple[str, ...]
    packs: str
    place: Place
    told: bool = False
    """Whether an issue of an earlier window had it."""
    copy_of: str | None = None
    """The post whose text this one repeats; None: an independent report."""
    origin: str = ""
    """Where it says that it comes from (来源, 转自, 据…报道); empty where it does not say."""

    @property
    def at(self) -> datetime:
        """When it happened, for ordering: publication, else first seen."""
        return self.published_at or self.first_seen

    @property
    def trace(self) -> Trace:
        """What it is ranked by."""
        lead = (self.id, self.event, self.source, self.tier, self.canonical_url, self.at, self.score)
        return Trace(*lead, self.topics, self.subjects, self.place, self.told, self.copy_of)


class Passage(Record):
    """The text of one post and where its terms stand in it: what an excerpt is cut from."""

    title: str
    text: str
    hits: tuple[Hit, ...]


class Withheld(Record):
    """A post of a window that only exclusions kept out of the digest."""

    post: str
    title: str
    exclusions: tuple[Exclusion, ...]


class Counts(Record):
    """Totals of a window, every canonical address counted once."""

    posts: int = 0
    matched: int = 0
    late: int = 0


class Issue(Record):
    """An issued digest: its number, window, knowledge time, watermark, and the digest itself as JSON."""

    number: int
    window: Window
    as_of: datetime
    watermark: int
    digest: bytes


class SourceCoverage(Record):
    """One configured source in one window. ``blind``: spans in which nobody could have seen what it published."""

    name: str
    last_success: datetime | None
    state: str
    blind: tuple[tuple[datetime, datetime], ...] = ()
    reason: str = ""

    @property
    def fully_seen(self) -> bool:
        """In order now, and never out of sight in the window."""
        return self.state == "ok" and not self.blind


class Coverage(Record):
    """How far "nothing found" can be trusted: ``ratio`` is the share of source-time that was seen, 0..1 (1 without sources)."""

    ratio: float = 1.0
    sources: tuple[SourceCoverage, ...] = ()


class Link(Record):
    """One report of an event."""

    post: str
    title: str
    url: str
    source: str
    published_at: datetime | None
    tier: str = ""
    first_seen: datetime | None = None


class Delta(Record):
    """Change of an event since the last issue of an earlier window; None where there is nothing to compare with."""

    posts: int | None = None
    sources: int | None = None
    rank: int | None = None
    level: Level | None = None
    """The level that it had then, where it has another one now."""

    def raised(self, level: Level) -> bool:
        """Whether an event that has this level now has a graver one than then."""
        return self.level is not None and LEVELS.index(level) < LEVELS.index(self.level)


class Burst(Record):
    """Reports came faster than the weekday and the hour let expect (``events.trend``)."""

    reports: int
    expected: float
    chance: float
    """How probable so many or more are without a cause."""


Outlook = Literal["rising", "steady", "fading", ""]


class DigestEvent(Record):
    """One event in a digest."""

    id: str
    rank: int
    level: Level
    score: float
    parts: Mapping[str, float]
    """Points of each part; they sum to the score."""
    state: Literal["new", "continuing", "resurgent", "subsided"]
    title: str
    excerpt: str
    topics: tuple[str, ...]
    subjects: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    posts: int
    sources: int
    origins: int
    delta: Delta
    owner: str | None
    answer: str | None
    links: tuple[Link, ...]
    """The weightiest report, then the others in the order of time."""
    terms: tuple[str, ...] = ()
    late: bool = False
    day: int = 1
    """The how-manieth day of the event this is, counted from its first report."""
    copies: int = 0
    """Reports that repeat another one's text (转载); ``origins`` counts the independent ones."""
    origin: str | None = None
    """Where the first report says that it comes from (来源), if it says."""
    highlights: tuple[tuple[int, int], ...] = ()
    """Where matched words stand in ``excerpt``: offsets of characters, in order, none inside another."""
    playbook: str | None = None
    hourly: tuple[int, ...] = ()
    """Reports in each hour of the window, from its start."""
    burst: Burst | None = None
    outlook: Outlook = ""
    good: bool = False
    """Positive news or an official reply: it has a section of its own and is not put before those who must act."""
    status: Literal["open", "answered", "closed"] = "open"
    """What the desk has done about it (``answer`` is the address of what was published in reply)."""
    answered_at: datetime | None = None
    notes: tuple[Note, ...] = ()
    first_told: bool = False
    """No other issue has told it as news. Of one that is ``resurgent`` all the same, reports are older than the station's digests."""

    @property
    def news(self) -> bool:
        """Whether this digest is the first to tell it. (Issues of before ``first_told`` say it by their state.)"""
        return self.first_told or self.state == "new"


class Totals(Record):
    """The numbers of a digest."""

    posts: int
    matched: int
    events: int
    new_events: int
    sources: int
    late: int = 0


class Work(Record):
    """What was done to stored posts after the moment that a digest is about: why it may differ from what was told then."""

    kind: str
    at: datetime
    posts: int


class Method(Record):
    """How the numbers were made."""

    version: str
    packs: str
    thresholds: Mapping[str, float]
    stale: int = 0
    """Posts of the window, matched or not, that other packs or settings judged: ``yuqing rescore`` is due."""
    work: tuple[Work, ...] = ()
    """With ``--as-of``: purges and rescores since; where there are none, the same moment gives the same bytes."""
    reweighed: int = 0
    """With ``--as-of`` of an issue: how many of the events that its page listed today's settings or rows weigh otherwise; they stand as
    the page told them, and those that it did not list as they are weighed today."""


class Digest(Record):
    """A digest, ready to be rendered: facts only, every line leads back to stored posts."""

    station: str
    timezone: str
    start: datetime
    end: datetime
    shift: str
    kind: str
    as_of: datetime
    issue: int | None
    watermark: int
    totals: Totals
    coverage: Coverage
    events: tuple[DigestEvent, ...]
    suppressed: Mapping[str, int]
    method: Method
    filters: tuple[str, ...] = ()
    """The topic and the owner that narrow this digest; a narrowed digest is never issued."""
    gap: Gap | None = None
    comparisons: tuple[Comparison, ...] = ()
    by_topic: tuple[Count, ...] = ()
    by_source: tuple[Count, ...] = ()
    by_tier: tuple[Count, ...] = ()
    hourly: tuple[int, ...] = ()
    """Matched posts in each hour of the window, from its start."""
    matters: tuple[Matter, ...] = ()
    """遗留与交接: what earlier windows left open, and what was answered or closed in this one."""
    hot: tuple[HotEntry, ...] = ()
    rising: tuple[RisingWord, ...] = ()
    suppressed_samples: tuple[Suppressed, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)
    """Events that are not among ``events``, where only what a page shows was asked for, by the section (``page``) they stand in."""
    unlisted: Mapping[str, int] = field(default_factory=dict)
    """Reports that are not among the links of an event, by its id."""

    @property
    def whole(self) -> bool:
        """Whether it has every event with every report."""
        return not self.more and not self.unlisted
