"""What went wrong on the wire, in our words: foreign exceptions and HTTP statuses become ``SourceError`` values."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpcore
import httpx

from yuqing_cli.errors import FailureKind, SourceError

RETRIED = frozenset({429, 502, 503, 504})
"""Statuses that ask for another try in the same run. Not 500: what broke once on the same input breaks again."""

_TEMPORARY = RETRIED | {408, 425}
_CONNECT_TIMEOUT = (httpx.ConnectTimeout, httpcore.ConnectTimeout, httpx.PoolTimeout, httpcore.PoolTimeout)
_TIMEOUT = (httpx.TimeoutException, httpcore.TimeoutException)
_CONNECT = (httpx.ConnectError, httpcore.ConnectError)
_BROKEN = (
    *(httpx.NetworkError, httpcore.NetworkError),
    *(httpx.RemoteProtocolError, httpcore.RemoteProtocolError),
)


class Fault(Exception):  # noqa: N818 - never raised beyond the wire; carries what the queue must know
    """A failed hop: the error to show, whether another try is sensible, and whether the request reached the host."""

    def __init__(self, error: SourceError, *, retry: bool = False, sent: bool = True, dead: bool = False) -> None:
        super().__init__(error.text)
        self.error = error
        self.retry = retry
        self.sent = sent
        self.dead = dead
        """The host itself cannot be reached: no use to ask it for something else."""


def status_error(status: int) -> SourceError:
    """The error for an HTTP status that is neither an answer nor a redirect that leads somewhere."""
    return SourceError(_status_kind(status), "the server answered with status {status}", status=status)


def _status_kind(status: int) -> FailureKind:
    if status in _TEMPORARY:
        return "temporary"
    return "soft" if status == 404 or status >= 500 or status < 400 else "hard"


def fault(exc: Exception, host: str, seconds: float) -> Fault:
    """What ``exc`` means, raised while ``host`` was asked with ``seconds`` to do it in."""
    if isinstance(exc, Fault):
        return exc
    if isinstance(exc, _CONNECT_TIMEOUT):
        error = SourceError("temporary", "no connection to {host} within {seconds} s", host=host, seconds=seconds)
        return Fault(error, retry=True, sent=False, dead=True)
    if isinstance(exc, _TIMEOUT):
        return Fault(timed_out(seconds))
    if isinstance(exc, _CONNECT):
        return _connect_fault(exc, host)
    if isinstance(exc, _BROKEN):
        error = SourceError("temporary", "{host} broke the connection off: {reason}", host=host, reason=_reason(exc))
        return Fault(error, retry=True)
    return Fault(SourceError("hard", "the request failed: {reason}", reason=_reason(exc)))


def timed_out(seconds: float) -> SourceError:
    """The whole time of one request is used up."""
    return SourceError("temporary", "no complete answer within {seconds} s", seconds=seconds)


def lookup_fault(exc: Exception, host: str) -> Fault:
    """What ``exc`` means, raised while the address of ``host`` was looked up."""
    if isinstance(exc, socket.gaierror) and exc.errno == socket.EAI_AGAIN:
        error = SourceError("temporary", "the name {host} cannot be looked up just now", host=host)
        return Fault(error, retry=True, sent=False)
    return Fault(SourceError("hard", "there is no host named {host}", host=host), sent=False)


def _connect_fault(exc: Exception, host: str) -> Fault:
    causes = tuple(_causes(exc))
    tls = next((c for c in causes if isinstance(c, ssl.SSLError)), None)
    if tls is not None:
        error = SourceError("hard", "no secure connection to {host}: {reason}", host=host, reason=_tls_reason(tls))
        return Fault(error, sent=False, dead=True)
    if any(isinstance(c, ConnectionRefusedError) for c in causes):
        error = SourceError("temporary", "{host} refuses the connection", host=host)
    else:
        error = SourceError("temporary", "no connection to {host}: {reason}", host=host, reason=_reason(exc))
    return Fault(error, retry=True, sent=False, dead=True)


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__ or exc.__context__


def _tls_reason(exc: ssl.SSLError) -> str:
    return str(getattr(exc, "verify_message", "") or exc.reason or exc)


def _reason(exc: Exception) -> str:
    return str(exc) or type(exc).__name__
