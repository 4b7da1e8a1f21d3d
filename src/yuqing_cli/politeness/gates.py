"""Who may start when within a run: so many at once, and so long between two starts, behind each gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from yuqing_cli.records import Record

MAX_CRAWL_DELAY = 60.0
"""Seconds. A longer ``Crawl-delay`` is kept at this: a run must end, and a minute between requests harms nobody."""


class WebSettings(Record):
    """How the web is asked. Times in seconds, sizes in bytes.

    ``timeout_seconds`` is the whole time of one request, from connecting to the last byte of the body. ``max_bytes``
    holds for the body on the wire and for the body after decompression. The gap and the concurrency are those of Media
    Cloud, which keeps 180,000 feeds with them: two at once and five seconds between starts, per host and per
    registrable domain.
    """

    user_agent: str
    jobs: int = 8
    host_gap_seconds: float = 5.0
    host_concurrency: int = 2
    timeout_seconds: float = 20.0
    max_bytes: int = 10_000_000
    max_redirects: int = 5
    retries: int = 2


def user_agent(version: str, contact: str) -> str:
    """``yuqing-cli/{version} (+{contact})``: who asks, and where to complain. Without a contact, the first half.

    What cannot stand in a header's comment (controls, brackets, letters beyond ASCII) is left out of the contact.
    """
    plain = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "()\\").strip()
    return f"yuqing-cli/{version} (+{plain})" if plain else f"yuqing-cli/{version}"


class Gates:
    """The gates of a run. A request passes all of its ``keys`` (``hosts.gate_keys``) or none.

    ``enter`` and ``leave`` come in pairs; what was not entered through ``opens_at`` is the caller's fault.
    """

    def __init__(self, gap_seconds: float, concurrency: int) -> None:
        self._gap = timedelta(seconds=gap_seconds)
        self._concurrency = max(1, concurrency)
        self._gaps: dict[str, timedelta] = {}
        self._last: dict[str, datetime] = {}
        self._closed: dict[str, datetime] = {}
        self._inside: Counter[str] = Counter()

    def slow_down(self, key: str, seconds: float) -> None:
        """Keep ``seconds`` between starts behind ``key`` (robots' Crawl-delay), never less than the common gap."""
        wanted = timedelta(seconds=max(0.0, min(seconds, MAX_CRAWL_DELAY)))
        self._gaps[key] = max(self._gap, wanted)

    def close_until(self, key: str, moment: datetime) -> None:
        """Nobody starts behind ``key`` before ``moment`` (the host asked for a pause)."""
        self._closed[key] = max(moment, self._closed.get(key, moment))

    def gap(self, key: str) -> timedelta:
        """The least time between two starts behind ``key``."""
        return self._gaps.get(key, self._gap)

    def opens_at(self, keys: Sequence[str], now: datetime) -> datetime | None:
        """When the next may start, ``now`` at the earliest; None while a gate is full (until the next ``leave``)."""
        opens = now
        for key in keys:
            if self._inside[key] >= self._concurrency:
                return None
            opens = max(opens, self._closed.get(key, now))
            last = self._last.get(key)
            if last is not None:
                # A clock that was set back (NTP, a summer-time blunder) must not close a gate for an hour.
                opens = max(opens, min(last, now) + self.gap(key))
        return opens

    def enter(self, keys: Sequence[str], now: datetime) -> None:
        """One request starts."""
        for key in keys:
            self._inside[key] += 1
            self._last[key] = now

    def leave(self, keys: Sequence[str]) -> None:
        """One request has ended, in whatever way."""
        for key in keys:
            self._inside[key] -= 1
            if self._inside[key] <= 0:
                del self._inside[key]
