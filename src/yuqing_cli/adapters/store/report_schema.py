"""What ``m013_reports`` and ``m016_share_once`` of ``schema`` do to the file: indexes and triggers for digests. Never edited."""

from __future__ import annotations

_TIME = "coalesce(new.at, new.first_seen)"
_JUDGED_BY = f"""INSERT INTO judged_by VALUES (new.source, new.packs, new.scoring, {_TIME}, {_TIME})
    ON CONFLICT (source, packs, scoring) DO UPDATE SET first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at) WHERE excluded.first_at < first_at OR excluded.last_at > last_at"""  # noqa: S608
_SHARE = """WHEN new.canonical_url != '' AND EXISTS
    (SELECT 1 FROM posts WHERE canonical_url = new.canonical_url AND canonical_url != '' AND seq != new.seq)
    BEGIN UPDATE posts SET shared = 1 WHERE canonical_url = new.canonical_url AND canonical_url != '' AND shared = 0; END"""
STATEMENTS = (
    "ALTER TABLE posts ADD COLUMN shared INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX posts_by_address",
    "CREATE INDEX posts_by_address ON posts (canonical_url) WHERE canonical_url != ''",
    """UPDATE posts SET shared = 1 WHERE canonical_url IN
        (SELECT canonical_url FROM posts WHERE canonical_url != '' GROUP BY canonical_url HAVING count(*) > 1)""",
    f"CREATE TRIGGER posts_share AFTER INSERT ON posts {_SHARE}",
    f"CREATE TRIGGER posts_share_anew AFTER UPDATE OF canonical_url ON posts {_SHARE}",
    "CREATE INDEX posts_shared ON posts (at, first_seen, baseline, matched, canonical_url, shared) WHERE shared = 1",
    "DROP INDEX posts_by_time",
    "CREATE INDEX posts_by_time ON posts (at, first_seen, baseline, matched, shared)",
    "CREATE INDEX posts_told ON posts (at, first_seen, baseline, event_id) WHERE event_id IS NOT NULL",
    "DROP INDEX posts_by_event",
    """CREATE INDEX posts_by_event ON posts (event_id, at, first_seen, baseline, source, canonical_url, id, score, copy_of, topics,
        subjects) WHERE event_id IS NOT NULL""",
    "ALTER TABLE arrivals ADD COLUMN happened INTEGER",
    "UPDATE arrivals SET happened = (SELECT posts.at FROM posts WHERE seq = post AND baseline = 0)",
    """CREATE TRIGGER arrivals_happen AFTER INSERT ON arrivals BEGIN
        UPDATE arrivals SET happened = (SELECT at FROM posts WHERE seq = new.post AND baseline = 0) WHERE seq = new.seq; END""",
    """CREATE TRIGGER posts_happen AFTER UPDATE OF at, baseline ON posts
        WHEN new.at IS NOT old.at OR new.baseline != old.baseline
        BEGIN UPDATE arrivals SET happened = iif(new.baseline = 0, new.at, NULL) WHERE post = new.seq; END""",
    """CREATE TABLE judged_by (
        source TEXT NOT NULL,
        packs TEXT NOT NULL,
        scoring TEXT NOT NULL,
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (source, packs, scoring)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO judged_by SELECT source, packs, scoring, min(coalesce(at, first_seen)), max(coalesce(at, first_seen))
        FROM posts GROUP BY 1, 2, 3""",
    f"CREATE TRIGGER posts_judged AFTER INSERT ON posts BEGIN {_JUDGED_BY}; END",
    f"""CREATE TRIGGER posts_judged_anew AFTER UPDATE OF packs, scoring, at ON posts
        WHEN new.packs != old.packs OR new.scoring != old.scoring OR new.at IS NOT old.at BEGIN {_JUDGED_BY}; END""",
)
_FIRST = """(SELECT seq FROM posts WHERE canonical_url = new.canonical_url AND canonical_url != '' AND seq != new.seq
    ORDER BY seq LIMIT 1)"""
_SHARE_ONCE = f"""WHEN new.canonical_url != '' AND EXISTS {_FIRST}
    BEGIN UPDATE posts SET shared = 1 WHERE seq = new.seq OR (seq = {_FIRST} AND shared = 0); END"""  # noqa: S608
SHARE_ONCE = (
    "DROP TRIGGER posts_share",
    "DROP TRIGGER posts_share_anew",
    f"CREATE TRIGGER posts_share AFTER INSERT ON posts {_SHARE_ONCE}",
    f"CREATE TRIGGER posts_share_anew AFTER UPDATE OF canonical_url ON posts {_SHARE_ONCE}",
)
