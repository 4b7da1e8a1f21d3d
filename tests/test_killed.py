"""A fetch or a rescore may be killed at any moment and run again; two at once never corrupt or double."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yuqing_cli.adapters.demo_server import DemoServer
from yuqing_cli.workflows.demo import prepare

pytestmark = pytest.mark.slow
KILLS = 30
NOW = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)


def command(station: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "yuqing_cli", "--station", str(station), *words]


def posts(station: Path) -> set[tuple[object, ...]]:
    """What a station holds, without the moments at which it was seen."""
    done = subprocess.run(command(station, "export", "--all", "--format", "jsonl"), capture_output=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    keys = ("id", "source", "title", "text", "url", "published_at", "score", "level", "event_id")
    return {(*(row[key] for key in keys), tuple(row["topics"]), tuple(row["matched"])) for row in rows}


def station(folder: Path, server: DemoServer) -> Path:
    prepare(folder, server.sources(), "en")
    return folder


def test_a_fetch_killed_at_random_moments_and_run_again_ends_with_the_same_posts(tmp_path: Path) -> None:
    chance = random.Random(20260310)
    with DemoServer(NOW) as server:
        whole = station(tmp_path / "whole", server)
        started = time.monotonic()
        subprocess.run(command(whole, "fetch"), capture_output=True)
        lasted = time.monotonic() - started
        expected = posts(whole)
        assert len(expected) > 100
        survived = 0
        for attempt in range(KILLS):
            folder = station(tmp_path / f"killed-{attempt}", server)
            process = subprocess.Popen(command(folder, "fetch"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0.3, 1.0) * lasted)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
            survived += process.returncode != -signal.SIGKILL
            subprocess.run(command(folder, "fetch"), capture_output=True)
            assert posts(folder) == expected, f"attempt {attempt}"
    assert survived < KILLS / 2, "most kills must hit a running fetch, or the test shows nothing"


def test_two_fetches_at_once_neither_corrupt_nor_double(tmp_path: Path) -> None:
    with DemoServer(NOW) as server:
        alone = station(tmp_path / "alone", server)
        subprocess.run(command(alone, "fetch"), capture_output=True)
        both = station(tmp_path / "both", server)
        runs = [
            subprocess.Popen(command(both, "fetch"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
        ]
        codes = [run.wait(60) for run in runs]
        for run in runs:
            for stream in (run.stdout, run.stderr):
                if stream:
                    stream.close()
        assert posts(both) == posts(alone)
    assert set(codes) <= {0, 4}


def begun(station: Path) -> bool:
    """Whether some posts are judged by other packs than the rest."""
    with closing(sqlite3.connect(f"file:{station / 'yuqing.db'}?mode=ro", uri=True)) as file:
        return bool(file.execute("SELECT count(DISTINCT packs) > 1 FROM posts").fetchone()[0])


def test_a_rescore_killed_at_random_moments_and_run_again_ends_as_if_it_had_never_been_killed(tmp_path: Path) -> None:
    chance = random.Random(20260310)
    whole = tmp_path / "whole"
    (whole / "keywords").mkdir(parents=True)
    (whole / "yuqing.toml").write_text('[station]\nname = "青禾"\nlanguage = "en"\n', "utf-8")
    pack = '[pack]\nname = "p"\n[[topics]]\nid = "t"\nany = ["{}"]\n'
    (whole / "keywords" / "p.toml").write_text(pack.format("停水"), "utf-8")
    words = ("停水", "停电", "天气晴")
    rows = [{"title": f"{words[i % 3]} {i}", "source": "a", "published_at": "2026-03-10T08:00"} for i in range(5000)]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    subprocess.run(command(whole, "ingest", str(tmp_path / "rows.jsonl")), capture_output=True, check=True)
    (whole / "keywords" / "p.toml").write_text(pack.format("停电"), "utf-8")
    folders = [Path(shutil.copytree(whole, tmp_path / f"killed-{attempt}")) for attempt in range(3)]
    subprocess.run(command(whole, "rescore"), capture_output=True, check=True)
    expected, halves = posts(whole), 0
    for folder in folders:
        process = subprocess.Popen(command(folder, "rescore"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not begun(folder):
            time.sleep(chance.uniform(0.001, 0.02))
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = subprocess.run(command(folder, "rescore", "--json"), capture_output=True, check=True)
        halves += 0 < json.loads(done.stdout)["judged"] < 5000
        assert posts(folder) == expected
    assert halves, "some kills must hit a run in its middle, or the test shows nothing"
