"""76 captured feeds, served on loopback, through the real commands: every item of the gold, no author, 304 the second time."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from floors import DATA, check, needs, rows, share

pytestmark = needs("feeds_real", "feeds_legacy")


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[str]:
    """A server with ETags for these files; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path.lstrip("/"))
            if body is None:
                self.send_error(404)
                return
            etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            if self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def gold() -> dict[str, dict[str, Any]]:
    """File -> number of items and their first titles."""
    found: dict[str, dict[str, Any]] = {}
    for folder in ("feeds_real", "feeds_legacy"):
        for entry in rows(DATA / folder / "gold.jsonl"):
            found[f"{folder}/{entry['file']}"] = entry
    return found


def yuqing(station: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yuqing_cli", "--station", str(station), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def plain(title: str) -> str:
    """A title for comparison: markup, entities, width and blanks do not count."""
    text = html.unescape(html.unescape(re.sub(r"<[^>]*>", "", html.unescape(title))))
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_captured_feeds_are_read_through_the_command(tmp_path: Path) -> None:
    wanted = gold()
    files = {name: (DATA / name).read_bytes() for name in wanted}
    with served(files) as address:
        sources = "".join(
            f'[[sources]]\nname = {json.dumps(name)}\nkind = "feed"\nurl = "{address}/{name}"\n' for name in wanted
        )
        settings = "[fetch]\nhost_gap_seconds = 0.0\nhost_concurrency = 8\n[privacy]\nmask = false\n"
        (tmp_path / "yuqing.toml").write_text(settings + sources, "utf-8")
        first = json.loads(yuqing(tmp_path, "fetch", "--json").stdout)
        again = json.loads(yuqing(tmp_path, "fetch", "--force", "--json").stdout)
    posts = [json.loads(line) for line in yuqing(tmp_path, "export", "--all", "--format", "jsonl").stdout.splitlines()]
    titles = defaultdict(list)
    for post in posts:
        titles[post["source"]].append(plain(post["title"]))
    items = exact = right = compared = expected = 0
    for name, entry in wanted.items():
        count = entry["items_feedparser"]
        have = titles[name]
        expected += count
        items += min(len(have), count)
        exact += len(have) == count
        missing = [t for t in entry["titles"] if plain(t) and plain(t) not in have]
        compared += len(entry["titles"])
        right += len(entry["titles"]) - len(missing)
        if len(have) != count or missing:
            print(f"{name}: {len(have)} of {count} items, missing titles {missing[:2]}")
    print(f"files exact {exact}/{len(wanted)}, items {items}/{expected}, titles {right}/{compared}", first["errors"])
    assert (len(wanted), expected, compared) == (76, 671, 414)
    check("feeds by the command: files exact", share(exact, len(wanted)), external=True)
    check("feeds by the command: items", share(items, expected), external=True)
    check("feeds by the command: titles", share(right, compared), external=True)
    assert again["posts_new"] == 0
    assert again["not_modified"] == first["ok"]
