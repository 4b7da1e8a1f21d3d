"""robots.txt verdicts against the cases of Google's parser. Three of 142 contradict RFC 9309, section 2.2.2 (see ``robots``)."""

from __future__ import annotations

from floors import DATA, check, needs, rows, share
from yuqing_cli.robots import Rules

pytestmark = needs("robots")


def test_verdicts_agree_with_the_cases_of_googles_parser() -> None:
    cases = rows(DATA / "robots" / "google_cases.jsonl")
    agreed = sum(Rules(case["robots"], case["agent"]).allows(case["url"]) == case["allowed"] for case in cases)
    assert len(cases) == 142
    check("robots: verdicts agreed", share(agreed, len(cases)), external=True)
