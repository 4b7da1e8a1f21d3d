"""A transport that connects to addresses that were checked before, and to nothing else.

A check of the name followed by an ordinary connect asks the resolver twice, and a hostile name server answers the
second time with 127.0.0.1 (DNS rebinding). Here the addresses are handed down to the connect itself; TLS still
verifies the name. The same place is the only one where a deadline holds for everything: httpx's time-outs start anew
with every byte received.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import httpcore
import httpx

MAX_TRIES = 4
"""Addresses of one name that are tried, each with an equal share of the time left."""


class Deadline:
    """A moment on the monotonic clock."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() + seconds

    @property
    def left(self) -> float:
        """Seconds left, 0 at the least."""
        return max(0.0, self._end - self._now())

    def late(self) -> bool:
        """True when the time is used up."""
        return self.left <= 0.0


class _Task(threading.local):
    """What the thread at hand may connect to, and until when."""

    host: str = ""
    addresses: Sequence[str] = ()
    deadline: Deadline | None = None

    def limit(self, timeout: float | None) -> float | None:
        if self.deadline is None:
            return timeout
        left = self.deadline.left
        if left <= 0.0:
            raise httpcore.ReadTimeout("deadline")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A socket stream that obeys the deadline of whichever thread uses it (connections are kept and shared)."""

    def __init__(self, inner: httpcore.NetworkStream, task: _Task) -> None:
        self._inner = inner
        self._task = task

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._task.limit(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._task.limit(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._task.limit(timeout)), self._task)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, task: _Task) -> None:
        self._task = task
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = tuple(self._task.addresses)[:MAX_TRIES] if host == self._task.host else ()
        failure: Exception = httpcore.ConnectError(f"{host} was not checked")
        for index, address in enumerate(addresses):
            left = self._task.limit(timeout)
            share = None if left is None else left / (len(addresses) - index)
            try:
                stream = self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return _Stream(stream, self._task)
        raise failure


class _Body(httpx.SyncByteStream):
    def __init__(self, inner: Iterable[bytes]) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()


class PinnedTransport(httpx.BaseTransport):
    """HTTP/1.1 over a pool of kept connections. Call ``pin`` in the thread that makes the request, before each."""

    def __init__(self, connections: int) -> None:
        self._task = _Task()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=_Backend(self._task),
        )

    def pin(self, host: str, addresses: Sequence[str], deadline: Deadline) -> None:
        """The next request of this thread goes to one of ``addresses`` and ends before ``deadline``."""
        self._task.host, self._task.addresses, self._task.deadline = host, addresses, deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, no redirects, no cookies. Raises httpcore's exceptions."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        stream = _Body(answer.stream) if isinstance(answer.stream, Iterable) else None
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _tls() -> ssl.SSLContext:
    # The bundled roots, so that it works everywhere, and the system's, so that an organisation's own counts.
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
