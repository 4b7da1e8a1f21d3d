"""``fetch --report`` tells the truth: its account is the servers' own log, gaps included. ``--fail-on new`` knows old trouble."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from conftest import MakeStation, rss
from yuqing_cli.cli.app import run

GAP = 0.05
HOSTS, FEEDS = 3, 4
ROBOTS = b"User-agent: *\nDisallow: /private/\n"
SETTINGS = f"""
[station]
language = "en"
[fetch]
jobs = 8
host_concurrency = 2
host_gap_seconds = {GAP}
"""


@dataclass
class Log:
    """What one server saw: status and bytes of each answer, and when each request came."""

    answers: list[tuple[str, int, int]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


class Site(ThreadingHTTPServer):
    """A loopback server with a robots.txt, feeds with entity tags, and addresses that fail."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.log = Log()
        self.broken = True
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def answer(self, path: str, tag: str | None) -> tuple[int, bytes]:
        if path == "/robots.txt":
            return 200, ROBOTS
        if path == "/broken" and self.broken:
            return 500, b"broken"
        if path == "/gone":
            return 404, b"gone" * 1_000
        if path == "/large":
            return 200, b" " * 50_000
        if tag == f'"{path}"':
            return 304, b""
        item = {
            "title": f"{self.name} {path}",
            "link": f"http://{self.name}{path}.html",
            "description": "An item of its own.",
        }
        return 200, rss(item)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Site

    def do_GET(self) -> None:
        self.server.log.times.append(time.monotonic())
        status, body = self.server.answer(self.path, self.headers.get("If-None-Match"))
        self.server.log.answers.append((self.path, status, len(body)))
        self.send_response(status)
        self.send_header("ETag", f'"{self.path}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """The log is ``Site.log``."""


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Site()) for _ in range(HOSTS)]


def station(make_station: MakeStation, sites: list[Site], *paths: str) -> Path:
    wanted = paths or (*(f"/feed{n}" for n in range(FEEDS)), "/private/feed", "/broken", "/gone", "/large")
    return make_station(
        {f"{site.name}{path}": f"http://{site.name}{path}" for site in sites for path in wanted}, settings=SETTINGS
    )


def fetch(folder: Path, *words: str) -> int:
    return run(["--station", str(folder), "fetch", *words])


def expected(log: Log) -> dict[str, int]:
    statuses = Counter(status for _, status, _ in log.answers)
    return {
        "requests": len(log.answers),
        "bytes": sum(size for _, _, size in log.answers),
        "not_modified": statuses[304],
        "robots": sum(path == "/robots.txt" for path, _, _ in log.answers),
        "retries": 0,
        "disallowed": 1,
    }


def test_the_ledger_is_the_servers_own_log_and_no_gap_is_under_the_limit(
    make_station: MakeStation, sites: list[Site], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = station(make_station, sites)
    for turn in ("first", "again"):
        for site in sites:
            site.log = Log()
        assert fetch(folder, "--force", "--json", "--report") == 4
        out, err = capsys.readouterr()
        ledger = json.loads(out)["ledger"]
        hosts = {account.pop("host"): account for account in ledger["hosts"]}
        gaps = {name: account.pop("smallest_gap") for name, account in hosts.items()}
        assert hosts == {site.name: expected(site.log) for site in sites}
        assert min(gaps.values()) >= GAP
        for key in ("requests", "bytes", "not_modified"):
            assert ledger[key] == sum(account[key] for account in hosts.values())
        assert ledger["not_modified"] == (HOSTS * FEEDS if turn == "again" else 0)
        for site in sites:
            # Single arrivals jitter with the machine's load; all of them together cannot be early.
            assert site.log.times[-1] - site.log.times[0] >= GAP * (len(site.log.times) - 1) - 0.04
        assert "smallest gap" not in err


def test_without_json_the_account_is_a_table_on_stderr(
    make_station: MakeStation, sites: list[Site], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = station(make_station, sites[:1], "/feed0", "/private/feed")
    assert fetch(folder, "--report") == 0
    out, err = capsys.readouterr()
    assert out == ""
    (row,) = [line.split() for line in err.splitlines() if sites[0].name in line]
    log = sites[0].log
    assert row[:4] == [sites[0].name, "2", str(sum(size for _, _, size in log.answers)), "0%"]
    assert row[-3:] == ["1", "0", "1"]


def test_without_report_there_is_no_account(
    make_station: MakeStation, sites: list[Site], capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(station(make_station, sites[:1], "/feed0"), "--json") == 0
    out, err = capsys.readouterr()
    assert "ledger" not in json.loads(out)
    assert err == ""


def test_a_failure_that_is_not_new_does_not_count_where_only_new_ones_do(
    make_station: MakeStation, sites: list[Site], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, site = station(make_station, sites[:1], "/feed0", "/broken"), sites[0]
    assert fetch(folder, "--force", "--fail-on", "new") == 4
    assert fetch(folder, "--force", "--fail-on", "new") == 0
    assert fetch(folder, "--force", "--fail-on", "any") == 4
    assert fetch(folder, "--force") == 4
    site.broken = False
    assert fetch(folder, "--force", "--fail-on", "new") == 0
    site.broken = True
    assert fetch(folder, "--force", "--fail-on", "new") == 4


def test_where_all_sources_fail_it_is_never_nothing(
    make_station: MakeStation, sites: list[Site], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = station(make_station, sites[:1], "/broken")
    assert [fetch(folder, "--force", "--fail-on", "new") for _ in range(2)] == [5, 5]


def test_an_unknown_choice_is_wrong_usage(make_station: MakeStation, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch(make_station(), "--fail-on", "old") == 2
