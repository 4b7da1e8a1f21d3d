"""The floors themselves: what holds them, and what ``tools/floors.py`` makes of new figures."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import floors
from floors import HERE, RECORD, check, needs, pinned, share

BOTH = pytest.mark.parametrize("external", [False, True], ids=["own", "external"])


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("floors_tool", HERE.parents[1] / "tools" / "floors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entry(floor: float, **more: Any) -> dict[str, Any]:
    return {"floor": floor, "measured": floor, "command": "c"} | more


def figure(measured: float) -> dict[str, Any]:
    return {"measured": measured, "command": "c"}


@pytest.fixture
def one_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "pinned", lambda *, external: {"x": entry(0.5 if external else 0.9)})
    monkeypatch.delenv(RECORD, raising=False)


@pytest.mark.usefixtures("one_floor")
def test_a_figure_at_its_floor_passes_and_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    check("x", 0.9, external=False)
    check("x", 0.9 - 1e-9, external=False)
    check("x", 0.5, external=True)
    assert capsys.readouterr().out.splitlines()[0] == "x: 0.9 (floor 0.9)"


@pytest.mark.usefixtures("one_floor")
@pytest.mark.parametrize("value", [0.8999, 0.0, float("nan")])
def test_a_figure_below_its_floor_fails_and_says_what_was_wrong(value: float) -> None:
    with pytest.raises(AssertionError, match=r"x fell to .*the third page"):
        check("x", value, external=False, detail="the third page")


@pytest.mark.usefixtures("one_floor")
def test_a_figure_without_a_floor_fails() -> None:
    with pytest.raises(AssertionError, match="no floor is pinned for y"):
        check("y", 1.0, external=False)


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(AssertionError, match="nothing was measured"):
        share(0, 0)


def test_a_figure_that_is_recorded_is_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RECORD, str(tmp_path / "record.jsonl"))
    check("no such floor", 0.25, external=True)
    line = json.loads((tmp_path / "record.jsonl").read_text(encoding="utf-8"))
    assert line == {"name": "no such floor", "value": 0.25, "external": True, "test": "tests/eval/test_floors.py"}


@pytest.mark.parametrize(("folder", "why"), [("", "YUQING_EVAL_DATA is not set"), ("d", "no-such not in ")])
def test_a_skip_says_which_sets_are_not_here(
    folder: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floors, "FOLDER", folder)
    monkeypatch.setattr(floors, "DATA", tmp_path)
    (tmp_path / "here").mkdir()
    skip = needs("here", "no-such").mark
    assert skip.args == (True,)
    assert skip.kwargs["reason"].startswith(why)
    assert needs("here").mark.args == (False,)


@BOTH
def test_every_floor_names_the_test_that_measures_it(external: bool) -> None:
    assert pinned(external=external)
    for name, kept in pinned(external=external).items():
        assert set(kept) - {"lowered"} == {"floor", "measured", "command"}, name
        assert 0 < kept["floor"] <= kept["measured"] + floors.TOLERANCE, name
        data, file = re.fullmatch(r"(YUQING_EVAL_DATA=FOLDER )?python -m pytest -s (\S+)", kept["command"]).groups()  # type: ignore[union-attr]
        assert (HERE.parents[1] / file).is_file(), name
        assert (bool(data), file.endswith("_external.py")) == (external, external), name


@BOTH
def test_the_file_is_as_the_tool_writes_it(external: bool) -> None:
    file: Path = tool().FILES[external]
    text = json.dumps(pinned(external=external), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert file.read_text(encoding="utf-8") == text
    assert tool().TOLERANCE == floors.TOLERANCE


def test_a_floor_rises_to_what_is_measured_and_a_new_one_is_pinned() -> None:
    old = {"a": entry(0.5, lowered="a smaller model"), "b": entry(0.5), "gone": entry(0.7)}
    new, refused = tool().repinned(old, {"a": figure(0.6), "b": figure(0.5), "c": figure(1.0)})
    assert new == {"a": entry(0.6), "b": entry(0.5), "c": entry(1.0), "gone": entry(0.7)}
    assert refused == []


def test_a_floor_falls_only_for_a_reason_that_is_kept() -> None:
    old = {"a": entry(0.5)}
    assert tool().repinned(old, {"a": figure(0.4)}) == (old, ["a"])
    lowered = {"a": entry(0.4, lowered="names are left out now")}
    assert tool().repinned(old, {"a": figure(0.4)}, reason="names are left out now") == (lowered, [])
    assert tool().repinned(lowered, {"a": figure(0.4)}) == (lowered, [])


def test_two_tests_cannot_share_a_name() -> None:
    line = {"name": "a", "value": 1.0, "external": False, "test": "t.py"}
    with pytest.raises(ValueError, match="a is measured twice"):
        tool().figures([line, line], external=False)
    assert tool().figures([line, line | {"external": True}], external=False)["a"]["measured"] == 1.0


@pytest.fixture
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, Path]:
    """The tool, with a floor of its own at 0.5 that is now measured at 0.4."""
    module, file = tool(), tmp_path / "floors.json"
    file.write_text(json.dumps({"a": entry(0.5)}), encoding="utf-8")
    monkeypatch.setattr(module, "FILES", {False: file, True: tmp_path / "floors-external.json"})
    line = {"name": "a", "value": 0.4, "external": False, "test": "t.py"}
    monkeypatch.setattr(module, "measure", lambda: [line])
    return module, file


def test_the_tool_refuses_to_lower_and_lowers_with_a_reason(
    pins: tuple[ModuleType, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    module, file = pins
    assert module.main([]) == 1
    assert "FELL: lower it with --lower REASON" in capsys.readouterr().out
    assert json.loads(file.read_text(encoding="utf-8"))["a"]["floor"] == 0.5
    assert module.main(["--lower", "a stricter set"]) == 0
    assert "lowered from 0.5" in capsys.readouterr().out
    kept = json.loads(file.read_text(encoding="utf-8"))["a"]
    assert (kept["floor"], kept["lowered"]) == (0.4, "a stricter set")


def test_a_check_changes_nothing(pins: tuple[ModuleType, Path]) -> None:
    module, file = pins
    before = file.read_text(encoding="utf-8")
    assert module.main(["--check"]) == 1
    assert file.read_text(encoding="utf-8") == before


def test_where_a_test_fails_nothing_is_pinned(pins: tuple[ModuleType, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    module, file = pins
    monkeypatch.setattr(module, "measure", lambda: None)
    assert module.main([]) == 1
    assert json.loads(file.read_text(encoding="utf-8")) == {"a": entry(0.5)}
