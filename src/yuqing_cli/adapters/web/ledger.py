"""The account of what was asked: in total and per host."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class HostLedger:
    """One host's account. A host is its name, or address and port where the name says nothing
    (``politeness.gate_keys``).

    ``requests`` counts what was really sent: redirect hops, retries and robots.txt included, failed connections not.
    ``bytes`` are those of the bodies on the wire, before decompression.
    """

    requests: int = 0
    bytes: int = 0
    not_modified: int = 0
    robots: int = 0
    retries: int = 0
    disallowed: int = 0
    smallest_gap: float | None = None
    """Seconds between two starts, at the least; None before the second."""
    last_start: datetime | None = None

    def start(self, now: datetime) -> None:
        """A request is about to be sent."""
        if self.last_start is not None:
            gap = (now - self.last_start).total_seconds()
            self.smallest_gap = gap if self.smallest_gap is None else min(self.smallest_gap, gap)
        self.last_start = now


@dataclass(slots=True)
class Ledger:
    """The account of a ``Web`` since it was opened."""

    hosts: dict[str, HostLedger] = field(default_factory=dict)

    def host(self, key: str) -> HostLedger:
        """The account of one host, opened at first sight."""
        return self.hosts.setdefault(key, HostLedger())

    @property
    def requests(self) -> int:
        """Requests sent to all hosts."""
        return sum(h.requests for h in self.hosts.values())

    @property
    def bytes(self) -> int:
        """Bytes of all bodies on the wire."""
        return sum(h.bytes for h in self.hosts.values())

    @property
    def not_modified(self) -> int:
        """Answers 304."""
        return sum(h.not_modified for h in self.hosts.values())
