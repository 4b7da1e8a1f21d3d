"""Answers on the disk: kept while the web is asked, and given again without it.

One answer is two files, named by a hash of the address that was asked: ``<id>.json`` (address, status, headers, time) and
``<id>.body``, the bytes as they came. Bodies are raw on purpose, a reader's fault can only be found with what it read; so they
are neither masked nor removed by retention, and are readable by their owner alone. Cookies are not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from yuqing_cli.errors import SourceError, UsageError
from yuqing_cli.models import Answer, Ask
from yuqing_cli.records import replace

from .web import Ahead, Handle, Ledger, Web

_SECRET = frozenset(("set-cookie", "set-cookie2"))
_SCHEMA = 1


class Door(Protocol):
    """What carries asks out: ``Web``, or one of the two here."""

    @property
    def ledger(self) -> Ledger:
        """The account of what was really asked."""

    def run(
        self,
        asks: Iterable[Ask],
        handle: Handle,
        *,
        own: Mapping[str, str] | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """See ``Web.run``."""


class _Folder:
    """The pairs of files in one folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def meta(self, url: str) -> dict[str, Any] | None:
        """What was noted of the answer for ``url``; None where there is none. Raises OSError, ValueError."""
        path = self.path / f"{_id(url)}.json"
        if not path.is_file():
            return None
        noted = json.loads(path.read_bytes())
        if not isinstance(noted, dict) or noted.get("url") != url:
            raise ValueError("it belongs to another address")
        return noted

    def body(self, url: str) -> bytes:
        """The bytes of the answer for ``url``. Raises OSError."""
        return (self.path / f"{_id(url)}.body").read_bytes()

    def put(self, answer: Answer) -> None:
        """Keep an answer. The note comes last: a body without one is nothing yet. Raises ``UsageError``."""
        name = _id(answer.ask.url)
        self._write(f"{name}.body", answer.body)
        note = json.dumps(_note(answer), ensure_ascii=False, indent=1) + "\n"
        self._write(f"{name}.json", note.encode("utf-8", "replace"))

    def _write(self, name: str, body: bytes) -> None:
        half: Path | None = None
        try:
            handle, made = tempfile.mkstemp(dir=self.path, prefix=f".{name}.")
            half = Path(made)
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            half.replace(self.path / name)
        except OSError as error:
            raise UsageError(
                "{file} cannot be written: {reason}", file=self.path / name, reason=error.strerror
            ) from error
        finally:
            if half is not None:
                half.unlink(missing_ok=True)


def _id(url: str) -> str:
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _note(answer: Answer) -> dict[str, Any]:
    return {
        "schema": _SCHEMA,
        "url": answer.ask.url,
        "final_url": answer.url,
        "permanent_url": answer.permanent_url,
        "status": answer.status,
        "headers": {name: value for name, value in answer.headers.items() if name.lower() not in _SECRET},
        "asked_at": answer.asked_at.isoformat() if answer.asked_at else None,
        "disallowed": answer.disallowed,
        "error": {"kind": answer.error.kind, "reason": str(answer.error)} if answer.error else None,
    }


def _has_body(status: int, *, failed: bool) -> bool:
    """Whether this is a document: a failure, a refusal and "not modified" are none."""
    return not failed and status not in {0, 304}


class Recorder:
    """A door to the web that keeps each answer. The folder is made. Closes the door that it was given.

    After a run the folder holds the last good document of every address: a failure or a 304 does not replace one. An address
    whose document is not there is asked without validators, for a folder of 304s could not be replayed.
    """

    def __init__(self, web: Web, folder: Path) -> None:
        self._web, self._folder = web, _Folder(folder)
        make(folder)

    @property
    def ledger(self) -> Ledger:
        """The account of the door behind."""
        return self._web.ledger

    def run(
        self,
        asks: Iterable[Ask],
        handle: Handle,
        *,
        own: Mapping[str, str] | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """Carry out ``asks`` and their follow-ups, keeping each answer before ``handle`` sees it.

        Raises:
            UsageError: the folder cannot be written.

        """

        def keep(answer: Answer) -> list[Ask]:
            self._keep(answer)
            return [self._whole(ask) for ask in handle(answer)]

        self._web.run([self._whole(ask) for ask in asks], keep, own=own, ahead=ahead)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._web.close()

    def _keep(self, answer: Answer) -> None:
        failed = answer.error is not None or answer.disallowed
        if _has_body(answer.status, failed=failed) or self._document(answer.ask.url) is None:
            self._folder.put(answer)

    def _whole(self, ask: Ask) -> Ask:
        """The ask, with its validators only where they speak of the document in the folder."""
        headers = self._document(ask.url)
        if headers is None or (headers.get("etag", ""), headers.get("last-modified", "")) != (
            ask.etag,
            ask.last_modified,
        ):
            return replace(ask, etag="", last_modified="")
        return ask

    def _document(self, url: str) -> dict[str, str] | None:
        """The headers of the document that the folder has for ``url``."""
        try:
            noted = self._folder.meta(url)
        except (OSError, ValueError):
            return None
        if noted is None or not _has_body(
            noted.get("status", 0), failed=bool(noted.get("error") or noted.get("disallowed"))
        ):
            return None
        headers: dict[str, str] = noted.get("headers", {})
        return headers


def make(folder: Path) -> None:
    """Make the folder, for its owner alone. Raises ``UsageError``."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("{folder} cannot be made: {reason}", folder=folder, reason=error.strerror) from error


class Replay:
    """Gives saved answers again, in the order of the asks. Nothing is asked: ``ledger`` stays empty."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger()
        self._folder = _Folder(folder)
        if not any(folder.glob("*.json")):
            raise UsageError("there are no saved answers in {folder}", folder=folder)

    def run(
        self,
        asks: Iterable[Ask],
        handle: Handle,
        *,
        own: Mapping[str, str] | None = None,  # noqa: ARG002
        ahead: Ahead | None = None,  # noqa: ARG002
    ) -> None:
        """Answer ``asks`` and the follow-ups that ``handle`` returns, until none is left.

        ``own`` guards a wire, and ``ahead`` fills the time that one takes; here is none.
        """
        left = deque(asks)
        while left:
            left.extend(handle(self._answer(left.popleft())))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""

    def _answer(self, ask: Ask) -> Answer:
        try:
            noted = self._folder.meta(ask.url)
            if noted is not None:
                return _answer(ask, noted, self._folder.body(ask.url))
            error = SourceError("hard", "no saved answer for {url}", url=ask.url)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as damage:
            reason = f"{type(damage).__name__}: {damage}"[:200]
            error = SourceError("hard", "the saved answer for {url} is damaged: {reason}", url=ask.url, reason=reason)
        return Answer(ask, ask.url, error=error)


def _answer(ask: Ask, noted: Mapping[str, Any], body: bytes) -> Answer:
    failure, asked_at = noted.get("error"), noted.get("asked_at")
    return Answer(
        ask,
        str(noted["final_url"]),
        status=int(noted["status"]),
        headers={str(name): str(value) for name, value in noted["headers"].items()},
        body=body,
        asked_at=datetime.fromisoformat(asked_at) if asked_at else None,
        error=SourceError(failure["kind"], str(failure["reason"])) if failure else None,
        disallowed=bool(noted["disallowed"]),
        permanent_url=str(noted.get("permanent_url", "")),
    )
