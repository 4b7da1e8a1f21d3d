"""How long an export of many rows takes, and how much memory: each format in a process of its own, beside the bare reading of the rows.

    python bench/export.py [1000000]

Titles and texts are made up; one post in ten matches. The peak is the greatest resident set of the process (``ru_maxrss``), so it counts
Python and everything that it imports.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from yuqing_cli.adapters.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WORDS = (
    *("停水", "通知", "小区", "道路", "施工", "学校", "医院", "公交", "天气", "投诉"),
    *("回应", "检查", "居民", "市民", "热线", "供电", "燃气", "食品", "价格", "活动"),
)
TEXT = 120
"""Characters of a text, about: a summary."""


def filled(folder: Path, count: int) -> None:
    (folder / "yuqing.toml").write_text('[station]\nname = "bench"\n', "utf-8")
    (folder / "keywords").mkdir()
    (folder / "keywords" / "x.toml").write_text('[pack]\nname = "x"\n[[topics]]\nid = "x"\nany = ["停水"]\n', "utf-8")
    path = folder / "yuqing.db"
    Store(path).close()
    rng, base = Random(1), int(NOW.timestamp() * 1000)
    with sqlite3.connect(path) as file:
        file.executemany(
            """INSERT INTO posts (id, source, url, canonical_url, title, text, content_hash, published_at, first_seen, at, matched,
                score, level, topics, event_id) VALUES (?, 'bench', ?2, ?2, ?, ?, '', ?5, ?5, ?5, ?, 50.0, 'blue', '["x"]', ?)""",
            (
                (
                    f"{i:012x}",
                    f"https://bench.example/{i}",
                    " ".join(rng.choices(WORDS, k=8)),
                    "".join(rng.choices(WORDS, k=TEXT // 2)),
                    base + i * 30_000,
                    int(i % 10 == 0),
                    f"e{i // 30:011x}" if i % 10 == 0 else None,
                )
                for i in range(count)
            ),
        )
        file.execute(
            "INSERT INTO hits SELECT seq, 'x', 'topic', 'x', '停水', 'title', 0, 2, 1.0, 'word' FROM posts WHERE matched"
        )


def measured(arguments: list[str]) -> tuple[float, float]:
    """Seconds, and the peak in MB, of a process."""
    started = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, *arguments], dict(os.environ))
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"failed: {arguments}")
    return time.perf_counter() - started, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder, count)
        reading = "for _ in file.execute('SELECT * FROM posts ORDER BY seq'): pass"
        bare = f"import sqlite3\nfile = sqlite3.connect({str(folder / 'yuqing.db')!r})\n{reading}"
        base, floor = measured(["-c", bare])
        print(f"{count:,} posts; reading them takes {base:.1f} s and {floor:.0f} MB")
        for table, format_ in (
            ("posts", "csv"), ("posts", "jsonl"), ("posts", "parquet"), ("posts", "xlsx"), ("hits", "csv"), ("events", "csv"),
        ):  # fmt: skip
            out = folder / f"{table}.{format_}"
            command = ["-m", "yuqing_cli", "--station", str(folder), "export", table, "--all", "-o", str(out)]
            took, peak = measured(command)
            print(
                f"  {table:7}{format_:8}{took:7.1f} s, {took / base:5.1f} times the reading, "
                f"{peak:5.0f} MB at its peak, {out.stat().st_size / 1e6:6.0f} MB written"
            )
            out.unlink()


if __name__ == "__main__":
    main()
