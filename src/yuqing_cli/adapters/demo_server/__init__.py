"""A loopback server for the fictional town 青禾县: its feeds, its pages, its robots.txt.

``town`` knows who publishes what and when, ``feeds`` how it looks on the wire, and this module serves it.
"""

from __future__ import annotations

import hashlib
import html
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from yuqing_cli.records import Record, field

from .feeds import feed_bytes, media_type, page_bytes
from .town import DemoSource, town

_CLOSED = {"Content-Type": "text/html; charset=utf-8", "Retry-After": "1800"}
_GONE = "<!DOCTYPE html><html><head><title>503</title></head><body><h1>503</h1><p>网站维护中，请稍后再来。</p></body>"


class DemoAnswer(Record):
    """What the server answers to one request."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class DemoServer:
    """Serves the town on 127.0.0.1 at a free port while the ``with`` block lasts. Writes nothing to stderr.

    ``now`` must be aware; it is what the town's dates are relative to, and the same ``now`` gives the same items.
    ``requests`` is the log, ``(path, status)`` in order of arrival.
    """

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("now needs a time zone")
        self.now = now
        self.requests: list[tuple[str, int]] = []
        self._town = town(now)
        self._wave = 1
        self._answers: dict[str, DemoAnswer] = {}
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.demo = self
        self._answers = self._site()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:port``, without a slash at the end. Raises ``RuntimeError`` outside the ``with`` block."""
        if self._server is None:
            raise RuntimeError("the demo server is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def wave(self) -> int:
        """How far the town's story has come: 1, or 2 with the answers published."""
        return self._wave

    @wave.setter
    def wave(self, wave: int) -> None:
        self._wave = wave
        if self._server is not None:
            self._answers = self._site()

    def sources(self) -> str:
        """The ``[[sources]]`` tables for ``yuqing.toml``, with the addresses of the running server."""
        return "\n".join(map(self._table, self._town))

    def answer(self, path: str, none_match: str = "", modified_since: str = "") -> DemoAnswer:
        """The answer to a GET: 304 where the caller's validators hold, 404 for an unknown path. Logs the request."""
        found = self._answers.get(path, DemoAnswer(404, {"Content-Type": "text/plain"}, b"not found\n"))
        if found.status == 200 and _unchanged(found, none_match, modified_since):
            found = DemoAnswer(304, {key: found.headers[key] for key in ("ETag", "Last-Modified")})
        self.requests.append((path, found.status))
        return found

    def _table(self, source: DemoSource) -> str:
        values = {
            "name": source.name,
            "kind": "feed",
            "url": self.url + source.path,
            "tier": source.tier,
            "tags": list(source.tags),
            "every": source.every,
        }
        # JSON's strings and lists of strings are also TOML's.
        lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
        return "[[sources]]\n" + "".join(lines)

    def _site(self) -> dict[str, DemoAnswer]:
        forbidden = "".join(f"Disallow: /{source.folder}/\n" for source in self._town if source.disallow)
        site = {"/robots.txt": self._ok("text/plain; charset=utf-8", f"User-agent: *\n{forbidden}".encode())}
        site["/"] = self._ok("text/html; charset=utf-8", self._index().encode())
        for source in self._town:
            site |= self._folder(source)
        return site

    def _folder(self, source: DemoSource) -> dict[str, DemoAnswer]:
        if "unavailable" in source.defects:
            return {source.path: DemoAnswer(503, _CLOSED, _GONE.encode())}
        items = source.published(self._wave)
        # An item that a later wave rewrote keeps its date, so the newest date alone would hide the change.
        changed = self.now if any(item.wave > 1 for item in items) else items[0].at
        kind = media_type(source)
        pages = {source.path: self._ok(kind, feed_bytes(source, self._wave, self.url), changed)}
        for item in items:
            if item.path.startswith(f"/{source.folder}/"):
                pages[item.path] = self._ok(f"text/html; charset={source.says}", page_bytes(source, item))
        return pages

    def _ok(self, content_type: str, body: bytes, changed: datetime | None = None) -> DemoAnswer:
        stamp = format_datetime((changed or self.now).astimezone(UTC), usegmt=True)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        return DemoAnswer(200, {"Content-Type": content_type, "ETag": tag, "Last-Modified": stamp}, body)

    def _index(self) -> str:
        links = "".join(f'<li><a href="{source.path}">{html.escape(source.name)}</a></li>' for source in self._town)
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>青禾县</title></head><ul>{links}</ul></html>'


def _unchanged(answer: DemoAnswer, none_match: str, modified_since: str) -> bool:
    """RFC 9110, 13.1: a date counts only where no entity tag was sent; an unreadable date is ignored."""
    if none_match:
        tags = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return answer.headers["ETag"] in tags or "*" in tags
    try:
        return bool(modified_since) and parsedate_to_datetime(answer.headers["Last-Modified"]) <= parsedate_to_datetime(
            modified_since
        )
    except (TypeError, ValueError):
        return False


class _Server(ThreadingHTTPServer):
    demo: DemoServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    # Headers and body in one segment: written apart, Nagle and delayed acknowledgement cost 40 ms a request.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        demo = cast("_Server", self.server).demo
        answer = demo.answer(path, self.headers.get("If-None-Match", ""), self.headers.get("If-Modified-Since", ""))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """The log is ``DemoServer.requests``."""
