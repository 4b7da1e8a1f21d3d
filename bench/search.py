"""How long a search takes, beside the scan that gives the same answer, in one process on one store.

    YUQING_EVAL_DATA=… python bench/search.py [1000000]

The titles are external headlines, made distinct by a number of their own. Terms are cut from them and sorted by the share of titles that
hold them. Two scans stand beside each search: reading and judging every post as the program does without its index, and SQLite's own
``instr`` over the raw titles, which does no folding and misses what is written in another width, case or script.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from matching import headlines

from yuqing_cli.adapters.store import Store, search
from yuqing_cli.adapters.store.searching import Bounds
from yuqing_cli.findings import Found
from yuqing_cli.packs.query import parse
from yuqing_cli.packs.query_find import Finder
from yuqing_cli.text import fold
from yuqing_cli.workflows.search import search as look

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROUNDS = 3
RARE, MOST = 0.01, 12
"""Terms in fewer than 1 % of the titles, and how many of them are asked."""


def filled(path: Path, titles: list[str]) -> None:
    Store(path).close()
    with sqlite3.connect(path) as file:
        day = 86_400_000
        base = int(NOW.timestamp() * 1000) - 365 * day
        rows = (
            (f"p{i}", "bench", f"https://a.example/{i}", title, base + 365 * day * i // len(titles))
            for i, title in enumerate(titles)
        )
        file.executemany(
            """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, published_at, first_seen, at)
            VALUES (?, ?, ?3, ?3, ?, '', '', ?5, ?5, ?5)""",
            rows,
        )
        started = time.perf_counter()
        search.rebuild(file)
        print(f"  index of {len(titles):,} titles made in {time.perf_counter() - started:.0f} s")


def terms(titles: list[str], rng: Random) -> list[str]:
    """Pieces of two to four Han characters, each in fewer than ``RARE`` of the titles; half of them among the commonest such."""
    sample = [fold(title) for title in rng.sample(titles, min(len(titles), 20_000))]
    pieces = {
        text[start : start + size]
        for text in rng.sample(sample, 400)
        for size in (2, 3, 4)
        for start in [rng.randrange(max(1, len(text) - size))]
    }
    han = [piece for piece in sorted(pieces) if len(piece) > 1 and all("\u4e00" <= c <= "\u9fff" for c in piece)]
    shares = sorted((sum(piece in text for text in sample) / len(sample), piece) for piece in han)
    rare = [piece for share, piece in shares if share < RARE * 0.9]
    return rare[-MOST // 2 :] + rng.sample(rare[: -MOST // 2], MOST // 2)


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def scan(store: Store, query: str) -> int:
    """What the program does where it has no index."""
    finder = Finder(parse(query))
    return sum(finder.holds(c.title, c.text, {}) for c in store.candidates(None, Bounds(), "newest", NOW))


def instr(file: sqlite3.Connection, term: str) -> int:
    """What SQLite takes to look for the raw characters."""
    return int(file.execute("SELECT count(*) FROM posts WHERE instr(title, ?)", (term,)).fetchone()[0])


def searched(store: Store, query: str) -> Found:
    return look(store, (), query, Bounds(), order="relevance", limit=20, now=NOW)


def main() -> None:
    if not (data := os.environ.get("YUQING_EVAL_DATA")):
        sys.exit("needs YUQING_EVAL_DATA")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    titles = [f"{title} {i}" for i, title in enumerate(headlines(Path(data), count))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "yuqing.db"
        filled(path, titles)
        asked = terms(titles, Random(5))
        with Store(path) as store, sqlite3.connect(path) as bare:
            base = statistics.median(seconds(partial(scan, store, asked[0])) for _ in range(2))
            print(f"{count:,} titles; a scan takes {base:.2f} s")
            worst = 0.0
            for term in asked:
                found = searched(store, term)
                assert term not in asked[:2] or scan(store, term) == found.total
                took = statistics.median(seconds(partial(searched, store, term)) for _ in range(ROUNDS))
                raw = seconds(partial(instr, bare, term))
                worst = max(worst, took / base)
                share = found.total / count
                print(
                    f"  {term:6} in {share:7.3%}: {took * 1000:7.1f} ms, {took / base:6.2%} of a scan, {took / raw:7.1%} of instr"
                )
            print(f"worst: {worst:.2%} of a scan's time")


if __name__ == "__main__":
    main()
