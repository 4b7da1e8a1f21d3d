"""All table definitions and migrations. A change of the schema is one function at the end of this file.

Times are whole milliseconds since 1970 in UTC; lists are JSON. There is no column for an author, and there will be none.

    sources        what is remembered of a source between two asks         owner: store.health
    spells         runs of asks with one outcome                            owner: store.health
    robots         robots.txt as last read                                  owner: store.health
    posts          one row a post                                           owner: store.posts
    hits           which rule hit where                                     owner: store.posts
    exclusions     which rule only an exclusion kept from firing            owner: store.posts
    arrivals       when a post came, and when it came to match              owner: store.posts
    changes        former versions of changed posts                         owner: store.posts
    event_aliases  former ids of events                                     owner: store.groups
    sketches       what grouping compares of each matched post              owner: store.neighbours
    sketch_keys    where a post is looked for as a neighbour                owner: store.neighbours
    links          pairs of posts that may tell of one event                owner: store.linking
    grouping       of which edition the sketches are                        owner: store.groups
    former_events  which event a post belonged to before                    owner: store.groups
    decisions      events merged, split or called noise by hand             owner: store.decisions
    issues         issued digests                                           owner: store.issues
    packsets       keyword packs that once were good                        owner: store.issues
    search         the index of all text (FTS5, contentless)                owner: store.search
    search_edition of which edition the index is                            owner: store.search
    marks          the desk's verdicts on posts: relevant, noise            owner: store.marks
    observations   where items of hot lists stood, changes only             owner: store.observations
    work           when posts were purged, rescored or merged               owner: store.keeping
    missed         coverage that was missed, and since when it is not       owner: store.explaining
    desk_entries   what the desk said of events                             owner: store.desk
    editions       when each issue was made, also the ones it replaced      owner: store.issues
    told           which events each edition told, and how they stood       owner: store.issues
    judged_by      which packs and settings judged posts of which times     owner: this file (triggers)
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import first_schema, report_schema

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x79757169
"""``yuqi``: marks the file as ours, so that a stranger's database is never touched."""


def m001_station(db: Database) -> None:
    """The first schema."""
    for statement in first_schema.TABLES:
        db.execute(statement)


def m002_exclusions(db: Database) -> None:
    """Which rules only their exclusions kept from firing, and what else than the packs a judgement rests on.

    Owner: store.posts. What was judged before has neither, and counts as stale until it is rescored.
    """
    for statement in _M002:
        db.execute(statement)


_M002 = (
    """CREATE TABLE exclusions (
        post INTEGER NOT NULL REFERENCES posts (seq) ON DELETE CASCADE,
        pack TEXT NOT NULL,
        kind TEXT NOT NULL,
        rule TEXT NOT NULL,
        term TEXT NOT NULL,
        field TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX exclusions_by_post ON exclusions (post)",
    "ALTER TABLE changes ADD COLUMN excluded TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE posts ADD COLUMN scoring TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE changes ADD COLUMN scoring TEXT NOT NULL DEFAULT ''",
)


def m003_search(db: Database) -> None:
    """The index of all text, filled from what is stored: about a minute for a million headlines. Rows owned by ``store.search``."""
    from . import search

    for statement in _M003:
        db.execute(statement)
    search.rebuild(db.conn)


_SIGNS = (string.punctuation + " \n").replace("'", "''").replace('"', '""')
_M003 = (
    f"CREATE VIRTUAL TABLE search USING fts5(title, text, content='', tokenize=\"ascii tokenchars '{_SIGNS}'\")",
    "CREATE TABLE search_edition (edition INTEGER NOT NULL) STRICT",
)


def m004_marks(db: Database) -> None:
    """Verdicts on posts, append-only. ``post`` is no reference: a verdict outlives the text of its post."""
    db.execute(
        """CREATE TABLE marks (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            post TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('relevant', 'noise')),
            at INTEGER NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX marks_by_post ON marks (post, seq)")


def m005_observations(db: Database) -> None:
    """Where the items of hot lists stood. Rows owned by ``store.observations``; what was fetched before has none."""
    for statement in _M005:
        db.execute(statement)


_M005 = (
    """CREATE TABLE observations (
        post INTEGER NOT NULL REFERENCES posts (seq) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        rank INTEGER,
        heat REAL,
        listed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (post, at)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX observations_by_time ON observations (at)",
    "CREATE INDEX observations_listed ON observations (post) WHERE listed = 1",
)


def m006_stay(db: Database) -> None:
    """How long an item has stood on its hot list, in minutes: a part of what its score rests on. Owner: ``store.observations``."""
    db.execute("ALTER TABLE posts ADD COLUMN stay REAL NOT NULL DEFAULT 0")


def m007_retention(db: Database) -> None:
    """Whose text is gone (``purged_at``), and when such work was done. Rows owned by ``store.retention`` and ``store.keeping``."""
    for statement in _M007:
        db.execute(statement)


_M007 = (
    "ALTER TABLE posts ADD COLUMN purged_at INTEGER",
    "CREATE INDEX posts_by_age ON posts (matched, first_seen) WHERE purged_at IS NULL",
    """CREATE TABLE work (
        seq INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        posts INTEGER NOT NULL
    ) STRICT""",
)


def m008_spells(db: Database) -> None:
    """When a source was asked within a spell of late, and how much of a spell was dark. Owner: ``store.health``."""
    db.execute("ALTER TABLE spells ADD COLUMN dark INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE spells ADD COLUMN steps BLOB NOT NULL DEFAULT x''")


def m009_missed(db: Database) -> None:
    """Coverage that was missed, one row an address; ``title`` and ``note`` are typed by people, and masked. Owner: store.explaining."""
    db.execute(
        """CREATE TABLE missed (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            url TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            note TEXT NOT NULL,
            cause TEXT NOT NULL,
            at INTEGER NOT NULL,
            cured_at INTEGER
        ) STRICT"""
    )


def m010_desk(db: Database) -> None:
    """What the desk says of events, append-only. ``event`` is the id of then; ``event_aliases`` has today's. Owner: store.desk."""
    db.execute(
        """CREATE TABLE desk_entries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            event TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('note', 'owner', 'answer', 'close', 'reopen')),
            text TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT"""
    )


def m011_editions(db: Database) -> None:
    """What each issue told, without opening it: an issue that is made again is another edition, and the former ones stay known.

    What is new is asked of ``told``; parsing every issue that ever was took longer with each day. Filled from the stored issues.
    Owner: store.issues.
    """
    for statement in _M011:
        db.execute(statement)


_M011 = (
    """CREATE TABLE editions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        issue INTEGER NOT NULL,
        kind TEXT NOT NULL,
        shift TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        as_of INTEGER NOT NULL,
        watermark INTEGER NOT NULL,
        posts INTEGER NOT NULL,
        matched INTEGER NOT NULL,
        events INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX editions_by_issue ON editions (issue, as_of)",
    """CREATE TABLE told (
        event TEXT NOT NULL,
        edition INTEGER NOT NULL,
        new INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        level TEXT NOT NULL,
        PRIMARY KEY (event, edition)
    ) STRICT""",
    "CREATE INDEX told_by_edition ON told (edition)",
    "CREATE INDEX aliases_by_event ON event_aliases (event)",
    """INSERT INTO editions (issue, kind, shift, start, end, as_of, watermark, posts, matched, events)
        SELECT number, kind, shift, start, end, as_of, watermark, json_extract(digest, '$.totals.posts'),
            json_extract(digest, '$.totals.matched'), json_extract(digest, '$.totals.events') FROM issues ORDER BY number""",
    """INSERT INTO told SELECT json_extract(value, '$.id'), editions.seq, json_extract(value, '$.state') = 'new',
            json_extract(value, '$.rank'), json_extract(value, '$.level')
        FROM issues JOIN editions ON issue = number, json_each(digest, '$.events')""",
)


def m012_grouping(db: Database) -> None:
    """What grouping keeps, so that no run builds it anew. Rows owned by ``store.neighbours`` and ``store.groups``,

    ``decisions`` by ``store.decisions``. ``posts.copy_of`` is the id of the report that a post repeats; NULL where it is independent.
    What was stored before is sketched and grouped when the next matched post is stored.
    """
    for statement in _M012:
        db.execute(statement)


_M012 = (
    "ALTER TABLE posts ADD COLUMN copy_of TEXT",
    """CREATE TABLE sketches (
        post INTEGER PRIMARY KEY REFERENCES posts (seq) ON DELETE CASCADE,
        edition INTEGER NOT NULL,
        at INTEGER NOT NULL,
        body BLOB NOT NULL,
        hidden INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE sketch_keys (
        key INTEGER NOT NULL,
        at INTEGER NOT NULL,
        post INTEGER NOT NULL,
        PRIMARY KEY (key, at, post)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE links (
        later INTEGER NOT NULL,
        earlier INTEGER NOT NULL,
        strength REAL NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (later, earlier)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX links_by_earlier ON links (earlier)",
    """CREATE TABLE former_events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        post INTEGER NOT NULL REFERENCES posts (seq) ON DELETE CASCADE,
        event TEXT NOT NULL,
        copy_of TEXT,
        changed_at INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX former_events_by_post ON former_events (post, changed_at)",
    "CREATE INDEX former_events_by_time ON former_events (changed_at)",
    "CREATE TABLE grouping (edition INTEGER NOT NULL) STRICT",
    """CREATE TABLE decisions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'noise')),
        event TEXT NOT NULL,
        groups TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT""",
)


def m013_reports(db: Database) -> None:
    """What a digest reads, where it can be read without opening every post of the day. Triggers keep three things right, whoever writes:

    ``posts.shared``: 1 on every post whose address another one has, and addresses are counted apart only there. ``arrivals.happened``:
    the time of the post that arrived, NULL for a baseline: late arrivals are found by it. ``judged_by``: the stamps of every post, with
    bounds of its time; where none is stale, no post has to be asked. About ten seconds for a million headlines.
    """
    for statement in report_schema.STATEMENTS:
        db.execute(statement)


def m014_levels(db: Database) -> None:
    """How often the component of a post was cut because it was too large for grouping. Owner: store.groups.

    A change of a component is followed to the posts that were grouped together before, so that nothing else must be grouped anew.
    """
    for statement in _M014:
        db.execute(statement)


_M014 = (
    "ALTER TABLE sketches ADD COLUMN level INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX links_by_earlier",
    # It holds all that is asked, and the strong links of a post lie together.
    "CREATE INDEX links_by_earlier ON links (earlier, strength, kind)",
)


def m015_event_order(db: Database) -> None:
    """The reports of an event in an order in which those lie together that say the same. Read by ``store.abstracts``."""
    db.execute("DROP INDEX posts_by_event")
    db.execute("""CREATE INDEX posts_by_event ON posts (event_id, canonical_url, source, copy_of, topics, at, first_seen, baseline, id,
        score, subjects) WHERE event_id IS NOT NULL""")


def m016_share_once(db: Database) -> None:
    """Of posts with one address only the first may count as alone when another comes: looking at all took n² steps for n."""
    for statement in report_schema.SHARE_ONCE:
        db.execute(statement)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    m001_station,
    m002_exclusions,
    m003_search,
    m004_marks,
    m005_observations,
    m006_stay,
    m007_retention,
    m008_spells,
    m009_missed,
    m010_desk,
    m011_editions,
    m012_grouping,
    m013_reports,
    m014_levels,
    m015_event_order,
    m016_share_once,
)
"""In order, append-only. The version of a file is how many of them it has seen (``PRAGMA user_version``)."""
