"""robots.txt by RFC 9309: what a file means for us, how long it holds.

Protego does the matching (wildcards, longest rule, percent-encoding). In front of it stands ``_for_agent``, because it
compares agents by prefix (a group for ``yuqing`` would bind ``yuqing-cli``), reads ``User-agent: FooBot extra`` as one
name, and lets an unknown line end a group. All groups but ours and ``*`` are renamed out of the way, lines with fields
that nobody knows are dropped. Of the 142 cases of Google's parser this takes agreement from 130 to 139. The three left
are deliberate: two hold that an address need not be percent-encoded before it is compared, one that ``%62`` is not
``b``; RFC 9309 section 2.2.2 says otherwise.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from .records import Record

AGENT = "yuqing-cli"
MAX_BYTES = 500 * 1024
FRESH = timedelta(hours=24)
KEPT = timedelta(days=30)
"""How long an old copy stands in while the host's robots.txt cannot be reached."""

_OTHER = "User-agent: somebody-else"
_AGENT_LINE = re.compile(r"\s*user[ -]?agent\s*(?::|\s)\s*([^#]*)", re.IGNORECASE)
_COMMENT = re.compile(r"[ \t]*#[^\r\n]*+")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_FIELD = re.compile(r"\s*([A-Za-z][A-Za-z _-]*?)\s*:")
_GROUPED = re.compile(
    r"(?:dis+al+[oa]w|diasllow|allow|crawl[ -]delay|request[ -]rate|visit[ -]time|site-?maps?|host)", re.IGNORECASE
)


class RobotsFile(Record):
    """A host's robots.txt as it was read. ``text`` is empty where the host has none (any 4xx)."""

    origin: str
    text: str
    fetched_at: datetime


class RobotsCache:
    """Files by origin, kept in memory. Subclass it to keep them longer; it is called from one thread only."""

    def __init__(self) -> None:
        self._files: dict[str, RobotsFile] = {}

    def get(self, origin: str) -> RobotsFile | None:
        """The last file that was put for ``origin``, whatever its age."""
        return self._files.get(origin)

    def put(self, file: RobotsFile) -> None:
        """Keep ``file`` as the one of its origin."""
        self._files[file.origin] = file


class Rules:
    """What one robots.txt allows one agent."""

    def __init__(self, text: str, agent: str = AGENT) -> None:
        from protego import Protego

        self._agent = agent
        self._parsed = Protego.parse(_for_agent(text, agent)) if text.strip() else None

    def allows(self, url: str) -> bool:
        """May the agent ask for ``url``?"""
        return self._parsed is None or bool(self._parsed.can_fetch(url, self._agent))

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests that the file wishes, if it says."""
        delay = self._parsed.crawl_delay(self._agent) if self._parsed else None
        return float(delay) if delay is not None else None


def decode(body: bytes) -> str:
    """The rules in the first 500 KiB of a robots.txt; a broken byte costs one character, never the file.

    Comments are written for people, and often say how to reach one (an address of mail, a number): they are not kept.
    """
    return _COMMENT.sub("", body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\ufeff", ""))


def origin(url: str) -> str:
    """Scheme, host and port of ``url``: the reach of one robots.txt."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_fresh(file: RobotsFile | None, now: datetime) -> bool:
    """True while the file needs no new look (24 h)."""
    return file is not None and timedelta(0) <= now - file.fetched_at < FRESH


def is_usable(file: RobotsFile | None, now: datetime) -> bool:
    """True while an old file may stand in for one that cannot be reached (30 days)."""
    return file is not None and now - file.fetched_at < KEPT


def _for_agent(text: str, agent: str) -> str:
    lines = (_rewritten(line, agent.lower()) for line in text.removeprefix("\ufeff").splitlines())
    return "\n".join(line for line in lines if line is not None)


def _rewritten(line: str, agent: str) -> str | None:
    named = _AGENT_LINE.match(line)
    if named:
        return _agent_line(named[1].strip(), agent)
    field = _FIELD.match(line)
    return None if field and not _GROUPED.fullmatch(field[1]) else line


def _agent_line(name: str, agent: str) -> str:
    if name.split()[:1] == ["*"]:
        return "User-agent: *"
    token = _TOKEN.match(name)
    return f"User-agent: {agent}" if token and token[0].lower() == agent else _OTHER
