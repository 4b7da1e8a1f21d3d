"""Write a small station file of the present schema to ``tests/data/stores``, for the day when it will be an old one.

    python tools/store_fixture.py

Run it before you add a migration, and commit what it writes: ``tests/test_old_stores.py`` opens the files of all earlier schemas as the
programs of their days wrote them, with posts, an issue and a mark. The town and its news are invented.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from yuqing_cli.adapters.store.schema import MIGRATIONS
from yuqing_cli.cli import app
from yuqing_cli.station import DATABASE, Station

STORES = Path(__file__).resolve().parents[1] / "tests" / "data" / "stores"
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SETTINGS = '[station]\nname = "青禾县值班台"\nlanguage = "en"\n'
PACK = """\
[pack]
name = "water"
title = "供水"

[[subjects]]
id = "works"
any = ["青禾水务"]

[[topics]]
id = "outage"
title = "停水"
severity = 4
owner = "供水公司"
any = ["停水", "断水"]
none = ["演练"]
"""
ROWS = (
    (
        "青禾水务：城北三个小区停水，抢修至二十二时",
        "城北阀门井爆管，三个小区停水。",
        "news.qinghe.example/a/1",
        "青禾日报",
    ),
    ("转发：城北三个小区停水", "城北阀门井爆管，三个小区停水。", "news.qinghe.example/a/1", "青禾论坛"),
    (
        "实验小学食堂今日停水改送盒饭",
        "停水期间由配餐公司送餐，家长担心食品安全。",
        "bbs.qinghe.example/t/2",
        "青禾论坛",
    ),
    ("县图书馆周末举办读书会", "欢迎报名。", "lib.qinghe.example/3", "县图书馆"),
    ("停水演练通知", "三月十二日举行停水演练。", "gov.qinghe.example/4", "县政府公告"),
)


def row(number: int) -> str:
    """A line for ``ingest``; the posts are ten minutes apart."""
    title, text, address, source = ROWS[number]
    at = f"2026-03-10T08:{10 * number:02}:00+08:00"
    values = {"title": title, "text": text, "url": f"https://{address}", "published_at": at, "source": source}
    return json.dumps(values, ensure_ascii=False) + "\n"


def write(folder: Path) -> bytes:
    """Work a morning in a new station; the file that comes of it."""
    (folder / "keywords").mkdir()
    (folder / "keywords" / "water.toml").write_text(PACK, "utf-8")
    (folder / "yuqing.toml").write_text(SETTINGS, "utf-8")
    (folder / "rows.jsonl").write_text("".join(map(row, range(len(ROWS)))), "utf-8")
    path = folder / DATABASE
    run(folder, "ingest", str(folder / "rows.jsonl"))
    run(folder, "digest", "--today", "-o", str(folder / "digest.txt"))
    with sqlite3.connect(path) as connection:
        (post,) = connection.execute("SELECT id FROM posts WHERE title LIKE '转发%'").fetchone()
    connection.close()
    run(folder, "mark", post, "noise")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("VACUUM")
    connection.close()
    return path.read_bytes()


def run(folder: Path, *words: str) -> None:
    """One command line, at the invented moment. Raises ``SystemExit`` where it fails."""
    if code := app.run(["--station", str(folder), *words]):
        raise SystemExit(code)


def main() -> None:
    """Write the file of the present schema."""
    os.environ["LANG"] = "en"
    opened = Station.open
    Station.open = lambda path, _clock=None: opened(path, lambda: NOW)  # type: ignore[method-assign,assignment]
    with tempfile.TemporaryDirectory() as folder:
        body = write(Path(folder))
    target = STORES / f"schema-{len(MIGRATIONS)}.db.gz"
    target.write_bytes(gzip.compress(body, 9, mtime=0))
    print(target)


if __name__ == "__main__":
    main()
