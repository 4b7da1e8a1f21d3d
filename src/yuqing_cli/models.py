"""The shapes that travel, in the order in which they travel.

    Source -> Ask -> Answer -> RawPost -> Post -> Hit, Part -> Judged -> rows -> StoredPost   (then digest.shapes)

All are frozen. All times are aware ``datetime`` values in UTC with millisecond precision, unless a docstring says
otherwise; they are put into the station's zone only when they are shown.

No shape here has a place for an author, a handle, an avatar or a profile link: what is not in the model cannot be stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

from .errors import SourceError
from .records import Record, field

Tier = Literal["official", "media", "trade", "community", "hotlist"]
"""What kind of publisher a source is; weighs in ``reach``. Set per source by the user: no list of tiers is right for all."""

Level = Literal["red", "orange", "yellow", "blue"]
"""特别重大, 重大, 较大, 一般."""
LEVELS: tuple[Level, ...] = get_args(Level)
"""All of them, the gravest first."""

Purpose = Literal["list", "next", "article", "robots"]

ArticleState = Literal["", "wanted", "read", "failed"]
"""Whether a post's page is to be read for its text: no (``""``), still to be asked, has been, could not be."""


class Source(Record):
    """One configured source. ``options`` are the settings of its kind, already validated by ``KINDS[kind]``."""

    name: str
    kind: str
    url: str
    tier: Tier = "media"
    weight: float = 1.0
    tags: tuple[str, ...] = ()
    every: timedelta = timedelta(minutes=30)
    timezone: str = "Asia/Shanghai"
    options: object = None
    robots: Literal["obey", "own"] = "obey"
    line: int = 0


class Ask(Record):
    """One address to be asked for, on behalf of a source. Sources make them; only ``adapters.web`` carries them out."""

    source: str
    url: str
    purpose: Purpose = "list"
    etag: str = ""
    last_modified: str = ""
    robots: Literal["obey", "own"] = "obey"
    depth: int = 0
    """How many follow-up asks led here: 0 for the source's own address."""


class Answer(Record):
    """What came back for one ``Ask``. Exactly one of ``error`` and a usable ``status`` (200 or 304) is there.

    ``headers`` have lower-case names. ``body`` is decompressed, raw bytes, cut nowhere: an over-long body is an error.
    """

    ask: Ask
    url: str
    """The final address, after redirects."""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked_at: datetime | None = None
    seconds: float = 0.0
    error: SourceError | None = None
    disallowed: bool = False
    """robots.txt forbids this address: nothing was asked."""
    permanent_url: str = ""
    """Where permanent redirects (301, 308) alone lead, when the answer was reached through nothing else."""

    @property
    def not_modified(self) -> bool:
        """The server said 304: what it last sent still holds."""
        return self.status == 304


class RawPost(Record):
    """One item as its source gave it, already plain text (no HTML), nothing judged, nothing masked."""

    title: str = ""
    text: str = ""
    url: str = ""
    published: datetime | None = None
    guid: str = ""
    """The document's own identifier for the item; ``""`` where it has none."""
    row: str = ""
    """What distinguishes the row when it has neither guid nor address (the raw fields, joined)."""
    rank: int | None = None
    heat: float | None = None
    article: bool = False
    """True where ``text`` is the full text, False where it is a summary or empty."""


class Reading(Record):
    """What a source kind read out of one answer."""

    posts: tuple[RawPost, ...] = ()
    asks: tuple[Ask, ...] = ()
    charset: str = ""
    method: str = ""
    """How the charset was found: ``bom``, ``utf-8``, ``header``, ``declared``, ``detected``."""
    every: timedelta | None = None
    """How often the document itself wants to be asked (RSS ``ttl``), if it says."""
    refused_dates: int = 0
    """Dates that were there but unreadable, absurd, or in the future."""
    listed_at: datetime | None = None
    """When the list was made, by its own word: an old list can be served as fresh. None where it does not say."""


class Post(Record):
    """A cleaned and masked post. ``id`` is derived from its source and key (``enrich.clean``), never counted up."""

    id: str
    source: str
    url: str
    canonical_url: str
    title: str
    text: str
    published_at: datetime | None
    content: str
    """Hash of title and text as the document gave them: what makes a change a change, also after an article was read."""
    rank: int | None = None
    heat: float | None = None
    article: ArticleState = ""
    stay: float = 0.0
    """Minutes on its hot list, as far as they count; ``rank`` and ``heat`` are the best that were seen."""


class Known(Record):
    """What the store already has of a post."""

    content: str
    article: ArticleState = ""


class Hit(Record):
    """One term of one rule found in one field. ``start`` and ``end`` are offsets into the field's stored text."""

    pack: str
    kind: Literal["subject", "topic"]
    rule: str
    """Id of the subject or topic."""
    term: str
    field: Literal["title", "text"]
    start: int
    end: int
    weight: float = 1.0
    boundary: str = "word"


class Exclusion(Record):
    """A rule that would have fired on a post, had this term of its exclusions not been there.

    ``term`` is as the rule wrote it. ``field`` is empty where it is no text but the post's source (``NOT source:…``).
    """

    pack: str
    kind: Literal["subject", "topic"]
    rule: str
    term: str
    field: Literal["title", "text", ""]


class Part(Record):
    """One named part of a score: ``points = 100 * weight * value``."""

    name: str
    value: float
    weight: float

    @property
    def points(self) -> float:
        """What this part adds to the score, of 100."""
        return 100.0 * self.weight * self.value


class Judgement(Record):
    """What the packs say of one post. Unmatched: no topics, score 0, no parts, no level."""

    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    parts: tuple[Part, ...] = ()
    score: float = 0.0
    level: Level | None = None
    packs: str = ""
    """Hash of the packs that judged."""
    excluded: tuple[Exclusion, ...] = ()
    """What did not fire because of an exclusion; there may be some beside what fired."""
    scoring: str = ""
    """What else the judgement rests on: weights, thresholds, the source's tier and weight (``enrich.stamp``)."""

    @property
    def matched(self) -> bool:
        """A post is matched when at least one topic fires, or one subject is named."""
        return bool(self.topics or self.subjects)


class Judged(Record):
    """A post with its judgement, as the store saves it."""

    post: Post
    judgement: Judgement
    folded: tuple[str, str] | None = None
    """Title and text in normal form (``text.fold``), where whoever judged has them: the index wants them too."""


Verdict = Literal["relevant", "noise"]
"""What the desk says of a post that the rules brought."""

SpellState = Literal["ok", "failed", "disallowed"]


class Spell(Record):
    """An unbroken run of asks with one outcome: health is kept as intervals, not as a row an ask."""

    source: str
    state: SpellState
    first_at: datetime
    last_at: datetime
    pace: timedelta = timedelta(minutes=30)
    """The interval at which the source was being asked; a longer silence than 2.5 of them is a hole."""
    asks: int = 1
    reason: str = ""
    """Of a failed spell, why; of one that is ok, the verdict on its silence (``silent``, ``frozen``, ``stale``) if there is one."""
    dark: timedelta = timedelta(0)
    """Holes in it that are long ago and no longer kept one by one."""
    steps: bytes = b""
    """When it was asked in the last days (``store.asktimes``)."""

    @property
    def patience(self) -> timedelta:
        """How long after ``last_at`` the next ask is still in time: one missed ask is no hole, two are."""
        return self.pace * 2.5


class SourceState(Record):
    """What the store remembers of one source between two asks."""

    name: str
    url: str = ""
    tier: Tier = "community"
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    full_at: datetime | None = None
    """When it was last asked without validators."""
    baseline_at: datetime | None = None
    """First success: what was published before, or has no date, is no news of ours."""
    last_asked: datetime | None = None
    last_success: datetime | None = None
    due_at: datetime | None = None
    failures: float = 0.0
    """Weighted failures since the last success (hard 1, soft 0.5, temporary 0.25)."""
    last_error: str = ""
    last_error_kind: str = ""
    charset: str = ""
    method: str = ""
    same_body_since: datetime | None = None
    """When the body that is being repeated was first read; None where the last answer was no repeat."""
    repeats: int = 0
    repeat_share: float = 1.0
    """See ``silence.Sameness``."""
    listed_at: datetime | None = None
    """The list's own time, as it last said."""
    verdict: Literal["ok", "silent", "frozen", "stale"] = "ok"
    """What its silence means, when it was last reckoned."""
    verdict_at: datetime | None = None


class Saved(Record):
    """What one transaction changed."""

    new: int = 0
    changed: int = 0
    matched: int = 0
    """Matched posts among the new and the changed."""
    events_new: int = 0
    climbed: tuple[str, ...] = ()
    """Matched items of a hot list that it shows higher, hotter or for longer than they were judged by."""

    def __add__(self, other: Saved) -> Saved:
        return Saved(
            self.new + other.new,
            self.changed + other.changed,
            self.matched + other.matched,
            self.events_new + other.events_new,
            self.climbed + other.climbed,
        )
