"""One hop carried out: the only code that sends. Runs in worker threads, never raises, returns what happened."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

import httpx

from yuqing_cli import robots
from yuqing_cli.politeness import WebSettings

from .bodies import Limits, read
from .faults import RETRIED, Fault, fault, lookup_fault
from .hops import Hop, Outcome, host_of, parsed
from .pinned import Deadline, PinnedTransport

_DRAINED = 65_536
"""Bytes of an unwanted body (a 404 page) that are read so that the connection can be used again."""


def resolve(host: str) -> list[str]:
    """The addresses of a name, in the order of the system's resolver. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Wire:
    """Sends requests over ``transport``; without one, over connections that are pinned to checked addresses."""

    def __init__(
        self, settings: WebSettings, transport: httpx.BaseTransport | None, look_up: Callable[[str], list[str]]
    ) -> None:
        self._settings = settings
        self._pinned: PinnedTransport | None = None
        if transport is None:
            transport = self._pinned = PinnedTransport(settings.jobs)
        self._transport = transport
        self._look_up = look_up

    def carry_out(self, hop: Hop, addresses: Sequence[str]) -> Outcome:
        """Look the hop's host up, or ask for its address at one of ``addresses``."""
        started, meter = time.monotonic(), _Meter()
        try:
            outcome = self._resolved(hop) if hop.stage == "lookup" else self._fetched(hop, addresses, meter)
        except Exception as exc:  # noqa: BLE001 - the wall: whatever it is, it becomes this source's error
            outcome = _failed(hop, fault(exc, host_of(hop.url), self._settings.timeout_seconds))
        return outcome.lasting(time.monotonic() - started, meter.bytes)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _resolved(self, hop: Hop) -> Outcome:
        host = host_of(hop.url)
        try:
            addresses = tuple(self._look_up(host))
        except (OSError, UnicodeError) as exc:
            raise lookup_fault(exc, host) from exc
        if not addresses:
            raise lookup_fault(OSError(), host)
        return Outcome(hop, addresses=addresses)

    def _fetched(self, hop: Hop, addresses: Sequence[str], meter: _Meter) -> Outcome:
        deadline = Deadline(self._settings.timeout_seconds)
        request = self._request(hop)
        if self._pinned is not None:
            self._pinned.pin(host_of(hop.url), addresses, deadline)
        response = self._transport.handle_request(request)
        try:
            return self._received(hop, response, deadline, meter)
        finally:
            response.close()

    def _request(self, hop: Hop) -> httpx.Request:
        headers = {"User-Agent": self._settings.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        if hop.stage == "ask" and hop.ask.etag:
            headers["If-None-Match"] = hop.ask.etag
        if hop.stage == "ask" and hop.ask.last_modified:
            headers["If-Modified-Since"] = hop.ask.last_modified
        # Servers send validators with bytes beyond ASCII, and want back what they sent.
        encoded = [(name.encode(), value.encode("utf-8", "replace")) for name, value in headers.items()]
        timeout = httpx.Timeout(self._settings.timeout_seconds).as_dict()
        return httpx.Request("GET", parsed(hop.url), headers=encoded, extensions={"timeout": timeout})

    def _received(self, hop: Hop, response: httpx.Response, deadline: Deadline, meter: _Meter) -> Outcome:
        status = response.status_code
        headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        body = b""
        if status in {200, 203}:
            body = self._body(hop, meter.over(_chunks(response)), headers, deadline)
        elif status == 304 or _declared(headers) <= _DRAINED:
            _drain(meter.over(_chunks(response)), deadline)
        return Outcome(hop, status, headers, body, sent=True, retry=status in RETRIED)

    def _body(self, hop: Hop, chunks: Iterable[bytes], headers: dict[str, str], deadline: Deadline) -> bytes:
        cut = hop.stage == "robots"
        room = robots.MAX_BYTES if cut else self._settings.max_bytes
        limits = Limits(room, self._settings.timeout_seconds, deadline.late, cut=cut)
        if not cut and _declared(headers) > room:
            raise limits.too_large()
        return read(chunks, headers.get("content-encoding", ""), limits)


def _failed(hop: Hop, problem: Fault) -> Outcome:
    return Outcome(hop, error=problem.error, retry=problem.retry, sent=problem.sent, dead=problem.dead)


def _declared(headers: dict[str, str]) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0


def _chunks(response: httpx.Response) -> httpx.SyncByteStream:
    if not isinstance(response.stream, httpx.SyncByteStream):
        raise TypeError("the transport must be a synchronous one")
    return response.stream


def _drain(chunks: Iterable[bytes], deadline: Deadline) -> None:
    with suppress(Exception):
        read(chunks, "", Limits(_DRAINED, 0.0, deadline.late, cut=True))


class _Meter:
    """Counts the bytes of a body as they come in: those of a body that is refused or breaks off were sent all the same."""

    def __init__(self) -> None:
        self.bytes = 0

    def over(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks, counted."""
        for chunk in chunks:
            self.bytes += len(chunk)
            yield chunk
