"""What ``yuqing digest --today`` costs over a million stored posts, against the least that such a command can do.

The file: ten days of 100,000 posts, a tenth of them matched, of 40 sources; reports of one event share an address, as many as are drawn;
each day before today has its issue. The station's zone is one in which it is noon, so that today is half a day whenever this is run.
The least: a typer command that does nothing but import rich, open the file and run one GROUP BY over today's events. Medians of
interleaved runs in one go, and their ratio.

    python bench/digest.py [--posts 1000000] [--runs 9] [--keep FOLDER]

The rows are written past the program's own way in (that takes an hour), with every column that a digest reads as a fetch writes it.

On two processors: a million posts 1.66 (0.36 s against 0.60), 20,000 posts 1.37. Of what a digest takes more than the least, a third is
loading its modules, a third SQLite, a third ranking and drawing.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from installed import compiled

from yuqing_cli.adapters.store import Store
from yuqing_cli.config import Settings, load
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.enrich.stamp import stamp
from yuqing_cli.ids import derived_id, event_id
from yuqing_cli.packs import load as pack_files
from yuqing_cli.times import parse_zone
from yuqing_cli.workflows.digest import digest

DAYS, SOURCES = 10, 40
LIMIT = 2.0
SETTINGS = "".join(
    f'[[sources]]\nname = "s{i}"\nkind = "feed"\ntier = "media"\nurl = "https://s{i}.example/feed"\n'
    for i in range(SOURCES)
)
PACK = '[pack]\nname = "water"\n[[topics]]\nid = "outage"\nseverity = 4\nowner = "works"\nany = ["停水"]\n'
LEAST = """
import sqlite3, sys, typer
app = typer.Typer(rich_markup_mode=None)
@app.command()
def least(path: str, start: int, end: int):
    from rich.console import Console
    query = "SELECT event_id, count(*), max(score) FROM posts WHERE at >= ? AND at < ? AND matched = 1 GROUP BY event_id"
    Console().print(len(sqlite3.connect(path).execute(query, (start, end)).fetchall()))
app()
"""
OURS = "from yuqing_cli.__main__ import main; main()"
_POST = """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, published_at, first_seen, at, matched,
    score, level, parts, topics, subjects, packs, scoring, event_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?)"""


def rows(first: datetime, posts: int, settings: Settings, packs: str) -> Iterator[tuple[object, ...]]:
    """The posts of all days in the order of their arrival."""
    stamps = {source.name: stamp(settings.scoring, source) for source in settings.sources}
    draw = random.Random(1)
    per_day, passed = posts // DAYS, datetime.now(UTC) - first - timedelta(days=DAYS - 1, minutes=2)
    for day in range(DAYS):
        stories: list[tuple[str, str]] = []
        for number in range(per_day):
            # All of today is over: what is published later than now is in no digest yet.
            at = first + timedelta(days=day) + number * passed / per_day
            ms = int(at.timestamp() * 1000)
            source, matched = f"s{draw.randrange(SOURCES)}", number % 10 == 0
            id_ = derived_id(source, str(day), str(number))
            url, event = f"https://{source}.example/{day}/{number}", None
            if matched and stories and draw.random() < 0.6:
                url, event = stories[int(draw.paretovariate(1)) % len(stories)]
            elif matched:
                event = event_id(id_)
                stories.append((url, event))
            score = draw.uniform(20, 80) if matched else 0.0
            level = None if not matched else "orange" if score >= 75 else "yellow" if score >= 55 else "blue"
            parts = json.dumps([["relevance", score / 100, 1.0]]) if matched else "[]"
            topics = '["outage"]' if matched else "[]"
            title = f"青禾{'停水' if matched else '天气'}的第{number}条消息，第{day}日，{source}"
            text = title * 4
            head = (id_, source, url, url, title, text, id_, ms, ms + 60_000, ms, int(matched))
            yield (*head, score, level, parts, topics, packs, stamps[source], event)


def noon_zone() -> str:
    """A zone in which it is between twelve and one."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def fill(folder: Path, posts: int) -> None:
    """Make the station."""
    (folder / "keywords").mkdir(parents=True)
    written = f'[station]\nname = "bench"\ntimezone = "{noon_zone()}"\n{SETTINGS}'
    (folder / "yuqing.toml").write_text(written, "utf-8")
    (folder / "keywords" / "water.toml").write_text(PACK, "utf-8")
    keywords = pack_files.load([("water.toml", PACK)]).require()
    settings = load(written, "yuqing.toml")
    today = day_start(folder)
    first = today - timedelta(days=DAYS - 1)
    path = folder / "yuqing.db"
    Store(path).close()
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.executemany(_POST, rows(first, posts, settings, keywords.hash))
        connection.execute("INSERT INTO arrivals (post, at) SELECT seq, first_seen FROM posts ORDER BY seq")
        hit = "INSERT INTO hits SELECT seq, 'water', 'topic', 'outage', '停水', 'title', 2, 4, 1.0, 'word' FROM posts WHERE matched"
        connection.execute(hit)
        connection.executemany(
            "INSERT INTO spells (source, state, first_at, last_at, pace) VALUES (?, 'ok', ?, ?, 86400000)",
            [
                (f"s{i}", int(first.timestamp() * 1000), int(today.timestamp() * 1000) + 86_400_000)
                for i in range(SOURCES)
            ],
        )
        connection.executemany(
            "INSERT INTO sources (name, url, tier) VALUES (?, ?, ?)",
            [(s.name, s.url, s.tier) for s in settings.sources],
        )
        connection.execute("ANALYZE")
    with Store(path) as store:
        for day in range(DAYS - 1):
            # Each day's issue was made at the same time of day, as cron does.
            now = datetime.now(UTC) - timedelta(days=DAYS - 1 - day)
            digest(store, settings, keywords, WindowOptions(today=True), now=now)


def day_start(folder: Path) -> datetime:
    """When the station's day began."""
    zone = parse_zone(load((folder / "yuqing.toml").read_text("utf-8"), "yuqing.toml").station.timezone)
    return datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def seconds(words: list[str]) -> float:
    """One run of a program."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    compiled()
    options = argparse.ArgumentParser()
    options.add_argument("--posts", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--keep", type=Path, help="a folder for the station; used again when it is there")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.keep or Path(temporary)) / f"station-{given.posts}"
        if not (folder / "yuqing.db").exists():
            fill(folder, given.posts)
        start = int(day_start(folder).timestamp() * 1000)
        least = [LEAST, str(folder / "yuqing.db"), str(start), str(start + 86_400_000)]
        ours = [OURS, "--station", str(folder), "digest", "--today"]
        times: dict[str, list[float]] = {"least": [], "digest": []}
        for _ in range(given.runs):
            times["least"].append(seconds(least))
            times["digest"].append(seconds(ours))
    a, b = (statistics.median(times[name]) for name in ("least", "digest"))
    print(f"least {a * 1000:.0f} ms, digest {b * 1000:.0f} ms, ratio {b / a:.2f} (limit {LIMIT})")


if __name__ == "__main__":
    main()
