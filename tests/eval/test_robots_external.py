"""robots.txt verdicts against the cases of Google's parser."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from yuqing_cli.robots import Rules

DATA = os.environ.get("YUQING_EVAL_DATA")
FLOOR = 139
"""Of 142. The other three contradict RFC 9309, section 2.2.2 (see ``robots``)."""


@pytest.mark.skipif(not DATA, reason="YUQING_EVAL_DATA is not set")
def test_verdicts_agree_with_the_cases_of_googles_parser() -> None:
    lines = (Path(DATA or "") / "robots" / "google_cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    agreed = sum(Rules(case["robots"], case["agent"]).allows(case["url"]) == case["allowed"] for case in cases)
    assert agreed >= FLOOR
