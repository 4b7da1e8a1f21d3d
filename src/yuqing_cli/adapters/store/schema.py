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
    event_aliases  former ids of events                                     owner: store.posts
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
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import search

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x79757169
"""``yuqi``: marks the file as ours, so that a stranger's database is never touched."""


def m001_station(db: Database) -> None:
    """The first schema."""
    for statement in _M001:
        db.execute(statement)


_M001 = (
    """CREATE TABLE sources (
        name TEXT PRIMARY KEY,
        url TEXT NOT NULL DEFAULT '',
        tier TEXT NOT NULL DEFAULT 'community',
        etag TEXT NOT NULL DEFAULT '',
        last_modified TEXT NOT NULL DEFAULT '',
        body_hash TEXT NOT NULL DEFAULT '',
        full_at INTEGER,
        baseline_at INTEGER,
        last_asked INTEGER,
        last_success INTEGER,
        due_at INTEGER,
        failures REAL NOT NULL DEFAULT 0,
        last_error TEXT NOT NULL DEFAULT '',
        last_error_kind TEXT NOT NULL DEFAULT '',
        charset TEXT NOT NULL DEFAULT '',
        method TEXT NOT NULL DEFAULT '',
        same_body_since INTEGER,
        repeats INTEGER NOT NULL DEFAULT 0,
        repeat_share REAL NOT NULL DEFAULT 1,
        listed_at INTEGER,
        verdict TEXT NOT NULL DEFAULT 'ok',
        verdict_at INTEGER
    ) STRICT""",
    """CREATE TABLE spells (
        seq INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        state TEXT NOT NULL,
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        pace INTEGER NOT NULL,
        asks INTEGER NOT NULL DEFAULT 1,
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX spells_by_source ON spells (source, last_at)",
    """CREATE TABLE robots (
        origin TEXT PRIMARY KEY,
        fetched_at INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE posts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        url TEXT NOT NULL,
        canonical_url TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        published_at INTEGER,
        first_seen INTEGER NOT NULL,
        at INTEGER,
        baseline INTEGER NOT NULL DEFAULT 0,
        rank INTEGER,
        heat REAL,
        matched INTEGER NOT NULL DEFAULT 0,
        score REAL NOT NULL DEFAULT 0,
        level TEXT,
        parts TEXT NOT NULL DEFAULT '[]',
        topics TEXT NOT NULL DEFAULT '[]',
        subjects TEXT NOT NULL DEFAULT '[]',
        packs TEXT NOT NULL DEFAULT '',
        event_id TEXT,
        changed_at INTEGER,
        article TEXT NOT NULL DEFAULT '',
        origin TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX posts_by_time ON posts (at, matched)",
    "CREATE INDEX posts_by_event ON posts (event_id) WHERE event_id IS NOT NULL",
    "CREATE INDEX posts_by_address ON posts (canonical_url) WHERE matched = 1 AND canonical_url != ''",
    "CREATE INDEX posts_by_source ON posts (source, first_seen)",
    "CREATE INDEX posts_by_wish ON posts (source, seq) WHERE article = 'wanted'",
    """CREATE TABLE hits (
        post INTEGER NOT NULL REFERENCES posts (seq) ON DELETE CASCADE,
        pack TEXT NOT NULL,
        kind TEXT NOT NULL,
        rule TEXT NOT NULL,
        term TEXT NOT NULL,
        field TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        weight REAL NOT NULL,
        boundary TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX hits_by_post ON hits (post)",
    """CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        post INTEGER NOT NULL REFERENCES posts (seq) ON DELETE CASCADE,
        changed_at INTEGER NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        matched INTEGER NOT NULL,
        score REAL NOT NULL,
        level TEXT,
        parts TEXT NOT NULL,
        topics TEXT NOT NULL,
        subjects TEXT NOT NULL,
        packs TEXT NOT NULL,
        hits TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX changes_by_post ON changes (post, changed_at)",
    "CREATE INDEX changes_by_time ON changes (changed_at)",
    """CREATE TABLE arrivals (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        post INTEGER NOT NULL REFERENCES posts (seq) ON DELETE CASCADE,
        at INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX arrivals_by_post ON arrivals (post)",
    """CREATE TABLE event_aliases (
        alias TEXT PRIMARY KEY,
        event TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE issues (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        shift TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        as_of INTEGER NOT NULL,
        watermark INTEGER NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (kind, shift, start)
    ) STRICT""",
    """CREATE TABLE packsets (
        hash TEXT PRIMARY KEY,
        saved_at INTEGER NOT NULL,
        files TEXT NOT NULL
    ) STRICT""",
)


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
)
"""In order, append-only. The version of a file is how many of them it has seen (``PRAGMA user_version``)."""
