"""Reading a body within limits of time and size.

httpx would decompress whole chunks: 64 KB of a well-made bomb are 64 MB at once. So the raw chunks are taken and
inflated here, with the room that is left as the limit of each step.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable

from yuqing_cli.errors import SourceError

from .faults import Fault, timed_out


class Limits:
    """How much a body may take. ``cut``: what is longer is cut instead of refused (robots.txt)."""

    def __init__(self, max_bytes: int, seconds: float, late: Callable[[], bool], *, cut: bool = False) -> None:
        self.max_bytes = max_bytes
        self.seconds = seconds
        self.late = late
        self.cut = cut

    def too_large(self) -> Fault:
        """The error for a body beyond ``max_bytes``."""
        text = "the answer is larger than {max_bytes} bytes"
        return Fault(SourceError("hard", text, max_bytes=self.max_bytes))


def read(chunks: Iterable[bytes], coding: str, limits: Limits) -> bytes:
    """The decoded body. Raises ``Fault``."""
    decode = _decoder(coding)
    body, wire = bytearray(), 0
    for chunk in chunks:
        wire += len(chunk)
        body += decode.feed(chunk, limits.max_bytes + 1 - len(body))
        if limits.late():
            raise Fault(timed_out(limits.seconds))
        if max(len(body), wire) > limits.max_bytes:
            if not limits.cut:
                raise limits.too_large()
            return bytes(body[: limits.max_bytes])
    decode.finish()
    return bytes(body)


class _Plain:
    def feed(self, chunk: bytes, room: int) -> bytes:
        return chunk[:room]

    def finish(self) -> None:
        pass


class _Inflater:
    """gzip (any number of members) and deflate (with or without the zlib header: servers send both under that name)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inflate: zlib._Decompress | None = None

    def feed(self, chunk: bytes, room: int) -> bytes:
        out = bytearray()
        while chunk and len(out) < room:
            if self._inflate is None:
                self._inflate = zlib.decompressobj(self._window(chunk))
            try:
                out += self._inflate.decompress(chunk, room - len(out))
            except zlib.error as exc:
                raise _undecodable(str(exc)) from exc
            chunk = self._next() if self._inflate.eof else self._inflate.unconsumed_tail
        return bytes(out)

    def _window(self, chunk: bytes) -> int:
        if self._gzip:
            return 31
        # RFC 1950: the low half of a zlib header's first byte is 8. No bare deflate block starts so in practice.
        return 15 if chunk[0] & 0x0F == 8 else -15

    def _next(self) -> bytes:
        rest = self._inflate.unused_data if self._inflate else b""
        # Padding and rubbish after the last member are ignored, as gzip itself does.
        if self._gzip and rest.startswith(b"\x1f\x8b"):
            self._inflate = None
            return rest
        return b""

    def finish(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise _undecodable("it ends too early")


def _undecodable(reason: str) -> Fault:
    return Fault(SourceError("soft", "the compressed answer cannot be read: {reason}", reason=reason))


def _decoder(coding: str) -> _Plain | _Inflater:
    name = coding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Inflater(gzip=name != "deflate")
    raise Fault(SourceError("hard", "the answer has an encoding that was not asked for: {encoding}", encoding=name))
