"""Views for people who open the file with sqlite3, Datasette or a notebook: whole sentences of a row instead of keys and milliseconds.

Times with a ``_at`` are ISO 8601 in UTC; ``day`` and ``local_time`` are those of the clock of whoever asks (``yuqing sql`` sets it to the
station's zone). Events go by the ids of today.

Views hold nothing, so they are no migrations: they are written anew whenever a file's are not these, in one transaction with the
migrations, and dropped before these run, so that no view stands in the way of a change. A column that a later version adds is added
here as well, in the same change.
"""

from __future__ import annotations

import sqlite3


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column} / 1000, 'unixepoch')"


def _local(column: str) -> str:
    return f"datetime({column} / 1000, 'unixepoch', 'localtime')"


_TIME = "coalesce(posts.at, posts.first_seen)"

VIEWS = {
    "v_posts": f"""SELECT posts.id, date({_local(_TIME)}) AS day, {_local(_TIME)} AS local_time, posts.source,
        coalesce(sources.tier, 'community') AS tier, posts.title, posts.url, posts.matched, posts.level, posts.score,
        posts.topics, posts.subjects, posts.event_id, {_iso("posts.published_at")} AS published_at,
        {_iso("posts.first_seen")} AS first_seen_at, posts.rank, posts.heat, length(posts.text) AS characters, posts.text
        FROM posts LEFT JOIN sources ON sources.name = posts.source""",  # noqa: S608
    "v_events": f"""SELECT whole.event_id, title, level, score, first_day, first_at, last_at, posts, sources, topics, subjects,
        post, url FROM (SELECT event_id, date({_local(f"min({_TIME})")}) AS first_day, {_iso(f"min({_TIME})")} AS first_at,
            {_iso(f"max({_TIME})")} AS last_at, count(DISTINCT coalesce(nullif(canonical_url, ''), id)) AS posts,
            count(DISTINCT source) AS sources FROM posts WHERE event_id IS NOT NULL GROUP BY event_id) AS whole
        JOIN (SELECT seq, title, level, score, topics, subjects, id AS post, url FROM posts) AS top ON top.seq =
            (SELECT seq FROM posts AS report WHERE report.event_id = whole.event_id
            ORDER BY score DESC, coalesce(at, first_seen), id DESC LIMIT 1)""",  # noqa: S608
    "v_hits": f"""SELECT posts.id AS post, date({_local(_TIME)}) AS day, posts.source, posts.title, hits.pack, hits.kind,
        hits.rule, hits.term, hits.field, hits.start, hits.end, hits.weight, hits.boundary,
        substr(iif(hits.field = 'title', posts.title, posts.text), hits.start + 1, hits.end - hits.start) AS found,
        posts.event_id
        FROM hits JOIN posts ON posts.seq = hits.post""",  # noqa: S608
    "v_sources": f"""SELECT name, tier, url, {_iso("last_success")} AS last_success_at, {_iso("last_asked")} AS last_asked_at,
        {_iso("due_at")} AS due_at, failures, last_error, verdict,
        (SELECT count(*) FROM posts WHERE posts.source = sources.name) AS posts,
        (SELECT {_iso("max(first_seen)")} FROM posts WHERE posts.source = sources.name) AS last_post_at
        FROM sources""",  # noqa: S608
    "v_daily": f"""SELECT date({_local(_TIME)}) AS day, source, count(*) AS posts, sum(matched) AS matched,
        count(DISTINCT event_id) AS events, sum(level = 'red') AS red, sum(level = 'orange') AS orange
        FROM posts GROUP BY 1, 2""",  # noqa: S608
}
"""By name, in the order in which they are documented. ``v_events`` shows of each event what a digest does: its weightiest report, of
equals the earliest, then the one with the greatest id."""


def stale(connection: sqlite3.Connection) -> bool:
    """Whether the file's views are not these."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' AND name GLOB 'v_*'")
    return dict(rows.fetchall()) != {name: _sql(name) for name in VIEWS}


def drop(connection: sqlite3.Connection) -> None:
    """Take our views away, also those of an earlier version that are no more. ``v_…`` is ours."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' AND name GLOB 'v_*'").fetchall()
    for (name,) in names:
        connection.execute(f'DROP VIEW "{name.replace(chr(34), chr(34) * 2)}"')


def write(connection: sqlite3.Connection) -> None:
    """Write the views anew, inside of the caller's transaction."""
    drop(connection)
    for name in VIEWS:
        connection.execute(_sql(name))


def _sql(name: str) -> str:
    return f"CREATE VIEW {name} AS {VIEWS[name]}"
