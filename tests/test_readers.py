"""Processes that read: the outcome is that of one process, and whatever happens to one of them costs its own call at most."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from conftest import NOW, MakeWire, feed, keyword_set
from test_fetch import item
from yuqing_cli.adapters.readers import Readers, WorkerLostError
from yuqing_cli.adapters.store import Store
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Source
from yuqing_cli.workflows import reading
from yuqing_cli.workflows.fetch import Fetch
from yuqing_cli.workflows.outcome import Judge, Report
from yuqing_cli.workflows.reading import Desk, Job

pytestmark = pytest.mark.slow


@pytest.fixture(params=["one thread", "two threads"], autouse=True)
def threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """With a second thread about, workers are spawned, as they are everywhere on other systems."""
    end = threading.Event()
    other = threading.Thread(target=end.wait, daemon=True)
    if request.param == "two threads":
        other.start()
    yield
    end.set()
    if other.ident:
        other.join()


def where(text: str) -> tuple[str, int]:
    return text, os.getpid()


def fragile(folder: Path, job: str) -> str:
    """Dies at the job ``once`` the first time, and at ``always`` each time."""
    seen = folder / job
    if job == "always" or (job == "once" and not seen.exists()):
        seen.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def endless(job: str) -> str:
    while job == "endless":
        time.sleep(0.1)
    return job


def unsendable(job: str) -> Any:
    return lambda: job


def test_work_is_done_in_other_processes() -> None:
    with Readers(where, 2) as readers:
        answers = [readers(text) for text in "abcd"]
    assert [text for text, _ in answers] == ["a", "b", "c", "d"]
    assert os.getpid() not in {process for _, process in answers}


def test_a_process_that_is_killed_once_is_replaced_and_the_call_answered(tmp_path: Path) -> None:
    with Readers(partial(fragile, tmp_path), 1) as readers:
        assert [readers(job) for job in ("a", "once", "b")] == ["a", "once", "b"]


def test_a_job_that_kills_every_process_is_lost_and_the_next_one_answered(tmp_path: Path) -> None:
    with Readers(partial(fragile, tmp_path), 1) as readers:
        with pytest.raises(WorkerLostError, match="died"):
            readers("always")
        assert readers("a") == "a"


def test_a_job_that_never_ends_is_lost_and_the_next_one_answered() -> None:
    with Readers(endless, 1, patience=20.0) as readers:
        assert readers("a") == "a"
        readers._patience = 0.0
        with pytest.raises(WorkerLostError, match="too slow"):
            readers("endless")
        readers._patience = 20.0
        assert readers("b") == "b"


def test_what_cannot_be_sent_back_is_worked_out_here() -> None:
    with Readers(unsendable, 1) as readers:
        assert readers("a")() == "a"


def test_processes_end_with_the_one_that_they_work_for(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1]); from test_readers import where;"
        "from yuqing_cli.adapters.readers import Readers;"
        "r = Readers(where, 2); print(*{r('')[1] for _ in range(9)}, flush=True); time.sleep(60)"
    )
    started = [sys.executable, "-c", program, str(Path(__file__).parent)]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(number) for number in parent.stdout.readline().split()]
        parent.kill()
    assert workers
    for _ in range(1000):
        if not any(map(alive, workers)):
            return
        time.sleep(0.01)
    pytest.fail("a worker outlives its parent")


def alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text("ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


# ---- fetch ----


def judge() -> Judge:
    return Judge(Matcher(keyword_set()), ScoringSettings(), masked=True)


def fetched(store: Store, wire: MakeWire, *, hired: bool) -> tuple[Report, int]:
    """A first fetch of fifty sources, sound ones and broken ones; and how many processes were at work."""
    pages: dict[str, Any] = {
        f"https://{n}.example/feed": feed(item("停水通知 13800138000", n), item(f"天气晴 {n}", -n)) for n in range(47)
    }
    pages |= {
        "https://47.example/feed": httpx.Response(200, html="<html><p>维护中"),
        "https://48.example/feed": feed(item("锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷", 48)),
        "https://49.example/feed": httpx.Response(500),
    }
    sources = [Source(str(n), "feed", url) for n, url in enumerate(pages)]
    web = wire(pages)
    with web.web() as door:
        work = Fetch(store, door, judge(), web.clock, Random(1))
        if hired:
            work._desk.hire(len(sources), 2)
        readers = work._desk._readers
        report = work.run(sources, force=True)
        return report, len(readers._all) if readers else 0


def rows(store: Store) -> list[tuple[object, ...]]:
    columns = "id, source, url, title, text, content_hash, first_seen, baseline, matched, score, level, parts, topics, event_id"
    states = (
        "SELECT name, body_hash, baseline_at, last_success, last_error, last_error_kind, charset, method FROM sources"
    )
    with sqlite3.connect(store.path) as connection:
        found = connection.execute(f"SELECT {columns} FROM posts ORDER BY id").fetchall()
        found += connection.execute(
            "SELECT id, term, start, end FROM hits JOIN posts ON seq = post ORDER BY id, start"
        ).fetchall()
        return found + connection.execute(f"{states} ORDER BY name").fetchall()


def test_processes_change_nothing_of_what_a_fetch_stores_and_reports(
    empty_file: Path, tmp_path: Path, wire: MakeWire
) -> None:
    outcomes = []
    for name, hired in (("one", False), ("many", True)):
        path = tmp_path / f"{name}.db"
        path.write_bytes(empty_file.read_bytes())
        with Store(path) as store:
            report, workers = fetched(store, wire, hired=hired)
            assert (workers > 0) == hired
            failures = sorted((f.source, f.kind, str(f.reason)) for f in report.failures)
            outcomes.append((report.ok, report.failed, report.posts_seen, report.saved, failures, rows(store)))
    assert outcomes[0][:3] == (47, 3, 94)
    assert outcomes[0] == outcomes[1]


def test_processes_are_hired_only_where_much_is_to_be_read() -> None:
    desk = Desk(judge())
    desk.hire(reading.WORTH_IT - 1, 2)
    desk.hire(reading.WORTH_IT, 1)
    assert desk._readers is None


def test_a_document_that_ends_its_reader_is_its_sources_error(tmp_path: Path) -> None:
    source = Source("a", "feed", "https://a.example/feed")
    job = Job(source, Answer(Ask("a", source.url), source.url, 200), NOW, baseline=True)
    desk = Desk(judge())
    with Readers(deadly, 1) as readers:
        desk._read(readers, job)
    error = desk.taken(job)
    assert isinstance(error, SourceError)
    assert str(error) == "the document ended the program that read it"


def deadly(_job: Job) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)
