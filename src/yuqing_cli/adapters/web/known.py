"""What a run has learnt, and what follows for a hop: go, wait for something, or no. Decides; sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from yuqing_cli import robots
from yuqing_cli.errors import SourceError
from yuqing_cli.politeness import Gates, authority, gate_keys, is_own_network, is_public, literal_address
from yuqing_cli.records import Record

from .hops import Hop, host_of

DEAD_FOR = timedelta(minutes=10)
"""How long a host that cannot be reached is left alone: with a hundred articles of it in the queue, a run would
otherwise spend its time in time-outs.
"""


class Go(Record):
    """It may start, and connect to these addresses."""

    addresses: tuple[str, ...]


class Need(Record):
    """First this has to be known: the addresses of a host, or the robots.txt of an origin."""

    stage: Literal["lookup", "robots"]
    key: str


class No(Record):
    """It will not be asked; without an error, because robots.txt forbids it."""

    error: SourceError | None
    until: datetime | None = None
    """Until when the host wishes to be left alone, if that is why: the schedule heeds it beyond this run."""


class Known:
    """Addresses, robots rules and dead hosts of one run, and which private addresses are whose own."""

    def __init__(self, own: Mapping[str, frozenset[tuple[str, int]]], cache: robots.RobotsCache, gates: Gates) -> None:
        self._own = own
        self._cache = cache
        self._gates = gates
        self._addresses: dict[str, tuple[str, ...] | SourceError] = {}
        self._rules: dict[str, robots.Rules | SourceError] = {}
        self._dead: dict[str, tuple[datetime, No]] = {}
        self._pauses: dict[str, datetime] = {}

    def verdict(self, hop: Hop, now: datetime) -> Go | Need | No:
        """May ``hop`` start?"""
        if hop.stage == "lookup":
            return Go(())
        host = host_of(hop.url)
        literal = literal_address(host)
        found = self._addresses.get(host) if literal is None else (str(literal),)
        if found is None:
            return Need("lookup", host)
        if isinstance(found, SourceError):
            return No(found)
        addresses = self._permitted(hop, found)
        if not addresses:
            text = "{host} is at {address}, which is not a public address"
            if literal is not None:
                text = "{host} is not a public address"
            return No(SourceError("refused", text, host=host, address=found[0]))
        until, refusal = self._dead.get(gate_keys(hop.url)[0], (now, None))
        if refusal is not None and now < until:
            return refusal
        return self._robots_verdict(hop, addresses, now) if hop.stage == "ask" else Go(addresses)

    def learn_addresses(self, host: str, found: tuple[str, ...] | SourceError) -> None:
        """A name was looked up. It holds for the run, so that no second answer can differ from the checked one."""
        self._addresses[host] = found

    def learn_robots(self, origin: str, text: str, now: datetime) -> None:
        """A robots.txt was read; ``text`` is empty where there is none."""
        self._cache.put(robots.RobotsFile(origin, text, now))
        self._use(origin, text)

    def robots_failed(self, origin: str, error: SourceError, now: datetime, until: datetime | None = None) -> None:
        """A robots.txt could not be read: an old copy stands in, else the origin is not asked in this run.

        ``until``: when the host wishes to be asked again, if it said.

        An error that the origin's own pages would meet just the same (no such host, TLS) keeps its kind and words.
        """
        old = self._cache.get(origin)
        if old is not None and robots.is_usable(old, now):
            self._use(origin, old.text)
            return
        same = error.kind == "hard" and "status" not in error.values
        self._rules[origin] = error if same else _unreadable(origin, error)
        if until is not None:
            self._pauses[origin] = until

    def leave_alone(self, url: str, until: datetime, error: SourceError, *, wished: bool = False) -> None:
        """The host of ``url`` gets no further request before ``until``. Not for addresses and single labels: one's own
        servers share those, and one that is down says nothing about its neighbour. ``wished``: the host asked for it."""
        key = gate_keys(url)[0]
        if key == authority(url)[0]:
            self._dead[key] = (until, No(error, until if wished else None))

    def pause(self, url: str, until: datetime) -> None:
        """The host of ``url`` asked for a pause that the run can wait for. The same exception holds."""
        key = gate_keys(url)[0]
        if key == authority(url)[0]:
            self._gates.close_until(key, until)

    def _permitted(self, hop: Hop, found: tuple[str, ...]) -> tuple[str, ...]:
        if authority(hop.url) in self._own.get(hop.ask.source, frozenset()):
            return found
        return tuple(text for text in found if (address := literal_address(text)) and is_public(address))

    def _robots_verdict(self, hop: Hop, addresses: tuple[str, ...], now: datetime) -> Go | Need | No:
        if hop.ask.robots == "own" and all(_is_own(text) for text in addresses):
            return Go(addresses)
        origin = robots.origin(hop.url)
        if origin not in self._rules:
            cached = self._cache.get(origin)
            if cached is None or not robots.is_fresh(cached, now):
                return Need("robots", origin)
            self._use(origin, cached.text)
        rules = self._rules[origin]
        if isinstance(rules, SourceError):
            return No(rules, self._pauses.get(origin))
        try:
            return Go(addresses) if rules.allows(hop.url) else No(None)
        except Exception as exc:  # noqa: BLE001 - a foreign parser before a stranger's text must not end the run
            return No(_unreadable(origin, exc))

    def _use(self, origin: str, text: str) -> None:
        try:
            rules = robots.Rules(text)
        except Exception as exc:  # noqa: BLE001 - as above
            self._rules[origin] = _unreadable(origin, exc)
            return
        self._rules[origin] = rules
        if rules.crawl_delay is not None:
            self._gates.slow_down(gate_keys(origin)[0], rules.crawl_delay)


def _unreadable(origin: str, reason: Exception) -> SourceError:
    text = "robots.txt of {host} cannot be read: {reason}"
    return SourceError("temporary", text, host=host_of(origin), reason=reason)


def _is_own(text: str) -> bool:
    address = literal_address(text)
    return address is not None and is_own_network(address)
