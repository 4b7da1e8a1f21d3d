"""Missed coverage: an address that a person found elsewhere -> why it was not shown -> a case that is replayed for ever after.

add: WhyNot.of -> cause -store.add_case-> row      check: cases -WhyNot.of-> stage -> open, cured, or broken

A case is cured when its post is stored and matches, whichever day it is of: then the way is free. What was never stored will hardly be
listed again; such a case is cured when a source that is in order covers its host, and its headline, if one was given, would match.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.explaining import Case
from yuqing_cli.enrich.mask import mask
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.records import Record
from yuqing_cli.text import clean_line

from .why_not import ORDER, Finding, WhyNot

Outcome = Literal["open", "cured", "broken"]
MOST = 500
"""Characters of a headline or a note."""


class Checked(Record):
    """A case today. ``broken``: it was cured once, and is not any more."""

    case: Case
    outcome: Outcome
    finding: Finding


class Missed:
    """The cases of an open store."""

    def __init__(self, store: Store, why_not: WhyNot, matcher: Matcher, now: datetime, *, masked: bool) -> None:
        self._store, self._why_not, self._matcher, self._now, self._masked = store, why_not, matcher, now, masked

    def add(self, url: str, title: str = "", note: str = "") -> tuple[Finding, bool]:
        """Find why an address was missed, and whether it was kept as a case: what is in the digest was not missed."""
        finding = self._why_not.of(url)
        if finding.stage in {"shown", "merged", "late"}:
            return finding, False
        self._store.add_case(Case(clean_line(url), self._safe(title), self._safe(note), finding.stage, self._now))
        return finding, True

    def check(self) -> Iterator[Checked]:
        """Every case, replayed; what is cured for the first time is written down as such."""
        for case in self._store.cases():
            finding = self._why_not.of(case.url)
            free = self._free(case, finding)
            if free and case.cured_at is None:
                self._store.cured(case.url, self._now)
            yield Checked(case, "cured" if free else "broken" if case.cured_at else "open", finding)

    def _free(self, case: Case, finding: Finding) -> bool:
        if finding.stage == "purged":
            # Nobody can tell any more; what was known last holds.
            return case.cured_at is not None
        if finding.post:
            return ORDER[finding.stage] > ORDER["excluded"]
        return finding.in_order and (not case.title or self._matches(case.title))

    def _matches(self, title: str) -> bool:
        match = self._matcher.match(title, "")
        return bool(match.topics or match.subjects)

    def _safe(self, text: str) -> str:
        line = clean_line(text)
        return (mask(line) if self._masked else line)[:MOST]
