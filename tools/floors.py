"""Measure what is judgement, and pin the floors of tests/eval/ anew.

    python tools/floors.py                    raise floors to what is measured, pin new ones; refuse to lower any
    python tools/floors.py --lower REASON     lower those that fell, too; the sentence goes into the file and the commit
    python tools/floors.py --check            change nothing; exit 1 when a figure is below its floor, or has none

With ``YUQING_EVAL_DATA=FOLDER`` the external sets are measured too; without it their floors stay as they are. A floor whose
figure is no longer measured is kept and named: it is taken out by hand, with the same sentence in the commit.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EVAL = ROOT / "tests" / "eval"
FILES = {False: EVAL / "floors.json", True: EVAL / "floors-external.json"}
TOLERANCE = 1e-6

Floors = dict[str, dict[str, Any]]
"""Name -> ``floor``, ``measured``, ``command``, and ``lowered``, the reason, where it was."""


def main(arguments: list[str] | None = None) -> int:
    """The program; its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--check", action="store_true", help="change nothing; exit 1 where a floor does not hold")
    either.add_argument("--lower", metavar="REASON", default="", help="lower the floors that fell, for this reason")
    options = parser.parse_args(arguments)
    lines = measure()
    if lines is None:
        return 1
    good = True
    for external, file in FILES.items():
        found = figures(lines, external=external)
        if external and not found:
            print("the external sets were not measured: YUQING_EVAL_DATA does not name them")
            continue
        old: Floors = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        new, refused = repinned(old, found, reason=options.lower)
        print(report(old, found, new))
        good = good and not refused and not (options.check and set(old) ^ set(found))
        if not options.check:
            file.write_text(json.dumps(new, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0 if good else 1


def measure() -> list[dict[str, Any]] | None:
    """Every figure that tests/eval/ measures; None where a test fails for another reason than its floor."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.jsonl"
        record.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/eval"]
        # Its tests judge the files that are being written.
        command += ["--ignore", "tests/eval/test_floors.py"]
        environment = os.environ | {"YUQING_EVAL_RECORD": str(record)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout, done.stderr, "nothing was pinned: the tests above fail", sep="\n")
            return None
        return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


def figures(lines: list[dict[str, Any]], *, external: bool) -> Floors:
    """Name -> ``measured`` and ``command``. Raises ``ValueError`` for a name that two tests use."""
    found: Floors = {}
    for line in lines:
        if line["external"] != external:
            continue
        if line["name"] in found:
            raise ValueError(f"{line['name']} is measured twice")
        prefix = "YUQING_EVAL_DATA=FOLDER " if external else ""
        command = f"{prefix}python -m pytest -s {line['test']}"
        found[line["name"]] = {"measured": round(line["value"], 6), "command": command}
    return found


def repinned(old: Floors, found: Floors, *, reason: str = "") -> tuple[Floors, list[str]]:
    """The new floors, and the names of those that would have to fall and for want of a reason do not."""
    new = {name: entry for name, entry in old.items() if name not in found}
    refused = []
    for name, figure in found.items():
        before = old.get(name)
        if before is None or figure["measured"] > before["floor"] + TOLERANCE:
            new[name] = {"floor": figure["measured"], **figure}
        elif figure["measured"] >= before["floor"] - TOLERANCE:
            new[name] = before | {"command": figure["command"], "measured": figure["measured"]}
        elif reason:
            new[name] = {"floor": figure["measured"], **figure, "lowered": reason}
        else:
            new[name] = before
            refused.append(name)
    return new, refused


def report(old: Floors, found: Floors, new: Floors) -> str:
    """A line a floor: what was measured, the floor, and what happens to it."""
    lines = []
    for name in sorted(new):
        figure = f"{found[name]['measured']:>10.6g}" if name in found else f"{'-':>10}"
        lines.append(f"{figure}  {new[name]['floor']:>10.6g}  {name}{_fate(name, old, found, new)}")
    return "\n".join([f"{'measured':>10}  {'floor':>10}", *lines])


def _fate(name: str, old: Floors, found: Floors, new: Floors) -> str:
    if name not in found:
        return "  (not measured)"
    if name not in old:
        return "  (new)"
    before, after = old[name]["floor"], new[name]["floor"]
    if found[name]["measured"] < after - TOLERANCE:
        return "  (FELL: lower it with --lower REASON)"
    return "" if before == after else f"  ({'raised' if after > before else 'lowered'} from {before:.6g})"


if __name__ == "__main__":
    sys.exit(main())
