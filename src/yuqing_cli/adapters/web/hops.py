"""One request of an ask, and where a redirect leads. Pure; httpx's parser decides what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

import httpx

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Ask
from yuqing_cli.politeness import gate_keys
from yuqing_cli.records import Record, field, replace

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

Stage = Literal["ask", "robots", "lookup"]


class Hop(Record):
    """The next request to be made for an ask: its own, one for a robots.txt on its behalf, or the look-up of a name.

    ``url`` went through httpx's parser, so what is checked is what is sent. ``key`` is what hops that wait for this
    one are parked under: the origin for ``robots``, the host for ``lookup``.
    """

    ask: Ask
    url: str
    stage: Stage = "ask"
    key: str = ""
    visited: tuple[str, ...] = ()
    permanent: bool = True
    attempt: int = 0
    asked_at: datetime | None = None
    seconds: float = 0.0

    @property
    def gates(self) -> tuple[str, ...]:
        """What it has to pass. A look-up asks nobody's server."""
        return () if self.stage == "lookup" else gate_keys(self.url)


class Outcome(Record):
    """What a worker brings back for a hop."""

    hop: Hop
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wire_bytes: int = 0
    seconds: float = 0.0
    addresses: tuple[str, ...] = ()
    error: SourceError | None = None
    retry: bool = False
    sent: bool = False
    dead: bool = False

    def lasting(self, seconds: float, wire_bytes: int) -> Outcome:
        """The same outcome with its duration and what came over the wire for it."""
        return replace(self, seconds=seconds, wire_bytes=wire_bytes)


@lru_cache(maxsize=4096)
def parsed(url: str) -> httpx.URL:
    """``url`` by the parser that builds the request; remembered, for it is needed many times (60 us each)."""
    return httpx.URL(url)


def host_of(url: str) -> str:
    """The host to connect to, as it goes over the wire (IDNA, lower case)."""
    return parsed(url).raw_host.decode("ascii")


def checked_url(url: str) -> str:
    """``url`` as it will be sent, without its fragment. Raises SourceError ``refused`` for what is never asked."""
    try:
        address = parsed(url.strip().partition("#")[0])
        host, scheme = address.raw_host, address.scheme
    except (httpx.InvalidURL, ValueError, TypeError) as exc:
        raise SourceError("refused", "not an address that can be asked: {url}", url=url) from exc
    if address.userinfo:
        bare = address.copy_with(username=None, password=None)
        raise SourceError("refused", "addresses with a name or password are not asked: {url}", url=str(bare))
    if scheme not in {"http", "https"} or not host or b"%" in host or not gate_keys(str(address)):
        raise SourceError("refused", "only http and https addresses are asked: {url}", url=url)
    return str(address)


def redirected(outcome: Outcome, max_redirects: int) -> Hop | None:
    """The hop that a redirect asks for; None when the outcome is not one. Raises SourceError where it leads nowhere."""
    hop, location = outcome.hop, outcome.headers.get("location", "")
    if outcome.status not in REDIRECTS or not location:
        return None
    try:
        target = str(parsed(hop.url).join(location))
    except (httpx.InvalidURL, ValueError) as exc:
        raise SourceError("refused", "not an address that can be asked: {url}", url=location) from exc
    target = checked_url(target)
    visited = (*hop.visited, hop.url)
    if target in visited:
        raise SourceError("soft", "the redirects run in a circle at {url}", url=target)
    if len(visited) > max_redirects:
        raise SourceError("soft", "more than {count} redirects", count=max_redirects)
    permanent = hop.permanent and outcome.status in PERMANENT
    seconds = hop.seconds + outcome.seconds
    return replace(hop, url=target, visited=visited, permanent=permanent, attempt=0, seconds=seconds)
