"""What surrounds the commands: bare environments, closed and full outputs, folders that are gone, options that contradict each other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from test_cli import Desk, MakeDesk, desk, good  # noqa: F401 - a fixture
from yuqing_cli.cli.face import CONFIG, DONE, SOME_FAILED, USAGE
from yuqing_cli.errors import UsageError
from yuqing_cli.station import find


def call(words: list[str], folder: Path, environ: Mapping[str, str] | None = None, ending: str = "") -> tuple[int, str]:
    """The real program in a bare environment, as cron starts it; its exit code and all that it wrote."""
    program = [sys.executable, "-m", "yuqing_cli", "--station", str(folder), *words]
    line = 'exec "$@" ' + ending
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **(environ or {})}
    done = subprocess.run(["/bin/sh", "-c", line, "sh", *program], env=bare, capture_output=True, check=False)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


@pytest.fixture
def station(desk: MakeDesk) -> Path:  # noqa: F811
    one: Desk = desk(good())
    one("fetch")
    return one.folder


@pytest.mark.slow
@pytest.mark.parametrize(
    "environ", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_a_pipe_gets_utf_8_in_every_environment(station: Path, environ: Mapping[str, str]) -> None:
    code, said = call(["digest"], station, environ)
    assert code == DONE
    assert "────" in said


@pytest.mark.slow
@pytest.mark.parametrize("words", [["export", "--all"], ["status", "--json"], ["keywords", "check"], ["digest"]])
def test_a_closed_output_is_no_fault(station: Path, words: list[str]) -> None:
    assert call(words, station, ending=">&-") == (DONE, "")


@pytest.mark.slow
@pytest.mark.parametrize("words", [["export", "--all"], ["digest"], ["--help"]])
def test_a_reader_that_leaves_is_no_fault(station: Path, words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    program = [sys.executable, "-m", "yuqing_cli", "--station", str(station), *words]
    done = subprocess.run(program, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (DONE, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", [["export", "--all"], ["keywords", "check"]])
def test_a_full_disk_is_said_in_one_line(station: Path, words: list[str]) -> None:
    code, said = call(words, station, ending="> /dev/full")
    assert code == USAGE
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_all_and_a_window_contradict_each_other(desk: MakeDesk) -> None:  # noqa: F811
    outcome = desk(good())("export", "--all", "--date", "2026-03-09")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "--all" in outcome.err


@pytest.mark.parametrize("left", ["no folder", "an empty folder"])
def test_a_folder_without_packs_is_a_fault_and_the_last_good_ones_judge(desk: MakeDesk, left: str) -> None:  # noqa: F811
    one = desk(good())
    one("fetch")
    for pack in (one.folder / "keywords").iterdir():
        pack.unlink()
    if left == "no folder":
        (one.folder / "keywords").rmdir()
    assert one("keywords", "check").code == CONFIG
    rows = one.folder / "x.jsonl"
    rows.write_text(json.dumps({"title": "停水三天", "url": "https://x.example/1"}), "utf-8")
    outcome = one("ingest", rows, "--json")
    assert (outcome.code, outcome.json["matched"]) == (CONFIG, 1)
    assert "last good ones" in outcome.err


def test_without_a_good_set_it_is_said_that_nothing_is_matched(desk: MakeDesk) -> None:  # noqa: F811
    outcome = desk(good(), packs={"water.toml": "[[topics]]"})("fetch")
    assert outcome.code == CONFIG
    assert "stored unmatched" in outcome.err


@pytest.mark.parametrize("words", [["digest"], ["status"], ["keywords", "list"]])
def test_what_was_judged_under_faulty_packs_says_so_on_stderr(desk: MakeDesk, words: list[str]) -> None:  # noqa: F811
    one = desk(good())
    one("fetch")
    (one.folder / "keywords" / "bad.toml").write_text("[[topics]]\n", "utf-8")
    outcome = one(*words)
    assert outcome.code == DONE
    assert "keywords check" in outcome.err
    assert "keywords check" not in outcome.out


def test_a_lock_that_cannot_be_made_is_wrong_usage(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(good())
    (one.folder / ".yuqing.lock").mkdir()
    outcome = one("fetch")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert ".yuqing.lock" in outcome.err


def test_a_working_folder_that_was_deleted_has_no_station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    gone.rmdir()
    with pytest.raises(UsageError, match="no station here"):
        find(None, {})
    monkeypatch.chdir(tmp_path)


def test_a_package_that_is_missing_is_the_trouble_of_one_source(
    desk: MakeDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    sources = """
[[sources]]
name = "p"
kind = "files"
path = "in/*.parquet"
[[sources]]
name = "j"
kind = "files"
path = "in/*.jsonl"
"""
    one = desk(sources=sources)
    (one.folder / "in").mkdir()
    (one.folder / "in" / "x.parquet").write_bytes(b"PAR1")
    (one.folder / "in" / "x.jsonl").write_text('{"title": "停水"}', "utf-8")
    outcome = one("fetch", "--json")
    assert (outcome.code, outcome.json["ok"], outcome.json["failed"]) == (SOME_FAILED, 1, 1)
    assert "pip install" in outcome.json["errors"][0]["reason"]
    assert "unexpected" not in outcome.err
