"""The tables of the first version of the file. Never edited: ``schema`` tells what became of them."""

from __future__ import annotations

TABLES = (
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
