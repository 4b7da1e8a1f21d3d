"""What every test stands on: no network but loopback, no machine but a temporary one, and the only two fakes, clock and wire."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Protocol

# Before the program is imported: the help texts choose their language then.
for _name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
    os.environ.pop(_name, None)
os.environ["LANG"] = "en"

import httpx  # noqa: E402
import pytest  # noqa: E402

from yuqing_cli.adapters.store import Store  # noqa: E402
from yuqing_cli.adapters.web import Web  # noqa: E402
from yuqing_cli.config import ScoringSettings, Settings  # noqa: E402
from yuqing_cli.config import load as load_settings  # noqa: E402
from yuqing_cli.enrich.clean import clean  # noqa: E402
from yuqing_cli.enrich.match import Matcher  # noqa: E402
from yuqing_cli.enrich.score import judge  # noqa: E402
from yuqing_cli.models import Judged, RawPost, Source, SourceState, Spell  # noqa: E402
from yuqing_cli.packs import load as packs  # noqa: E402
from yuqing_cli.packs.model import KeywordSet  # noqa: E402
from yuqing_cli.politeness import WebSettings  # noqa: E402

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, a Tuesday."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY")

WATER = """\
[pack]
name = "water"
title = "Water"

[[subjects]]
id = "works"
any = ["青禾水务"]

[[topics]]
id = "outage"
title = "Outage"
severity = 4
owner = "duty office"
any = ["停水", "断水"]
none = ["演练"]

[[topics]]
id = "quality"
severity = 3
any = ["水质", "浑浊"]
"""


# ---- guards ----


def _loopback(host: object) -> bool:
    if host is None or host in {"", "localhost", b"", b"localhost"}:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


class RealNetworkError(AssertionError):
    """A test tried to leave this machine."""


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    def guard(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if isinstance(address, tuple) and not _loopback(address[0]):
            raise RealNetworkError(f"a test reached for {address}")
        return call(self, *arguments)

    return guard


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Sockets reach this machine only, and names are not looked up."""
    patch, look_up = pytest.MonkeyPatch(), socket.getaddrinfo

    def look_up_here(host: Any, *arguments: Any, **options: Any) -> Any:
        if not _loopback(host):
            raise RealNetworkError(f"a test looked {host} up")
        return look_up(host, *arguments, **options)

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    patch.setattr(socket, "getaddrinfo", look_up_here)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    """Nothing of the machine's user: no proxies, no station, no language, no home."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("YUQING_STATION", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "APPDATA": "config"}.items():
        monkeypatch.setenv(name, str(empty_home / value))
    monkeypatch.setenv("LANG", "en")


# ---- time ----


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        """Move on by ``timedelta(**span)``."""
        self.now += timedelta(**span)
        return self.now

    def wait(self, seconds: float) -> None:
        """A sleep that takes no time."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


# ---- the wire ----

Reply = httpx.Response | Exception
Page = Reply | Callable[[httpx.Request], httpx.Response] | list[Reply]


class Wire:
    """Answers by address and remembers what was asked. Unknown addresses are 404; no host has a robots.txt unless given."""

    def __init__(self, pages: Mapping[str, Page], clock: Clock) -> None:
        self.pages = dict(pages)
        self.clock = clock
        self.requests: list[httpx.Request] = []
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            page = self.pages.get(str(request.url), httpx.Response(404))
            if isinstance(page, list):
                page = page.pop(0) if len(page) > 1 else page[0]
        if isinstance(page, Exception):
            raise page
        if not isinstance(page, httpx.Response):
            page = page(request)
        # A response is used up when it is read; the table keeps its own.
        return httpx.Response(page.status_code, headers=page.headers, content=page.content)

    @property
    def asked(self) -> list[str]:
        """Addresses in the order in which they were asked, without robots.txt."""
        return [str(r.url) for r in self.requests if r.url.path != "/robots.txt"]

    def web(self, **changes: Any) -> Web:
        """A door onto this wire that never waits and never tries again."""
        given: dict[str, Any] = {"user_agent": "yuqing-cli/0", "host_gap_seconds": 0.0, "retries": 0, "jobs": 4}
        return Web(
            WebSettings(**given | changes),
            transport=httpx.MockTransport(self),
            clock=self.clock,
            wait=self.clock.wait,
            resolve=lambda _host: ["93.184.216.34"],
            rng=Random(1),
        )


class MakeWire(Protocol):
    """``wire({address: response})``."""

    def __call__(self, pages: Mapping[str, Page]) -> Wire: ...


@pytest.fixture
def wire(clock: Clock) -> MakeWire:
    return lambda pages: Wire(pages, clock)


# ---- the store ----


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "yuqing.db"
    Store(path).close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_file: Path) -> Iterator[Store]:
    """A new station file. (Copied: making one costs 40 ms of waiting for the disk.)"""
    shutil.copy(empty_file, tmp_path / "yuqing.db")
    with Store(tmp_path / "yuqing.db") as opened:
        yield opened


# ---- a station ----


class MakeStation(Protocol):
    """``make_station(sources=…, packs={…}, settings=…)``: the folder of a new station."""

    def __call__(
        self, sources: str | Mapping[str, str] = "", packs: Mapping[str, str] | None = None, settings: str = ""
    ) -> Path: ...


def sources_toml(sources: str | Mapping[str, str]) -> str:
    """``{name: url}`` as ``[[sources]]`` tables; text as it is."""
    if isinstance(sources, str):
        return sources
    return "".join(f'\n[[sources]]\nname = "{name}"\nkind = "feed"\nurl = "{url}"\n' for name, url in sources.items())


def settings_toml(sources: str | Mapping[str, str] = "", settings: str = "") -> str:
    """A yuqing.toml of the zone Shanghai that speaks English and does not wait between requests."""
    head = '[station]\nname = "青禾"\nlanguage = "en"\n[fetch]\nhost_gap_seconds = 0\n'
    return f"{settings or head}\n{sources_toml(sources)}"


@pytest.fixture
def make_station(tmp_path: Path) -> MakeStation:
    made = 0

    def make(sources: str | Mapping[str, str] = "", packs: Mapping[str, str] | None = None, settings: str = "") -> Path:
        nonlocal made
        made += 1
        folder = tmp_path / f"station{made}"
        (folder / "keywords").mkdir(parents=True)
        (folder / "yuqing.toml").write_text(settings_toml(sources, settings), "utf-8")
        for name, text in ({"water.toml": WATER} if packs is None else packs).items():
            (folder / "keywords" / name).write_text(text, "utf-8")
        return folder

    return make


# ---- short ways to data ----


def settings(sources: str | Mapping[str, str] = "", text: str = "") -> Settings:
    """Valid settings."""
    return load_settings(settings_toml(sources, text), "yuqing.toml")


@cache
def keyword_set(**files: str) -> KeywordSet:
    """Packs from texts; without any, ``WATER``."""
    texts = {f"{name}.toml": text for name, text in files.items()} or {"water.toml": WATER}
    return packs.load(texts.items()).require()


def judged(source: Source | str, *raws: RawPost, keywords: KeywordSet | None = None) -> list[Judged]:
    """Raw posts of one document as the store gets them."""
    source = Source(source, "feed", f"https://{source}.example/feed") if isinstance(source, str) else source
    matcher = _matcher(keywords)
    posts = clean(source.name, raws, masked=True)
    return [Judged(post, judge(matcher, post, source, ScoringSettings())) for post in posts]


@cache
def _matcher(keywords: KeywordSet | None) -> Matcher:
    return Matcher(keyword_set() if keywords is None else keywords)


def save(
    store: Store,
    source: str,
    *raws: RawPost,
    now: datetime = NOW,
    baseline: bool = False,
    keywords: KeywordSet | None = None,
) -> list[Judged]:
    """Store raw posts as one successful answer of ``source``; what was stored."""
    entries = judged(source, *raws, keywords=keywords)
    state = SourceState(source, f"https://{source}.example/feed", "media", baseline_at=now, last_success=now)
    store.save_answer(entries, state, Spell(source, "ok", now, now), now, baseline=baseline)
    return entries


def rss(*items: Mapping[str, str], extra: str = "") -> bytes:
    """An RSS document: each item's keys are its elements."""

    def element(name: str, value: str) -> str:
        value = value.replace("&", "&amp;").replace("<", "&lt;")
        return f"<{name}>{value}</{name}>"

    body = "".join("<item>" + "".join(element(k, v) for k, v in item.items()) + "</item>" for item in items)
    text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>{extra}{body}</channel></rss>'
    return text.encode()


def feed(*items: Mapping[str, str], status: int = 200, **headers: str) -> httpx.Response:
    """``rss`` as an answer; header names with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=rss(*items), headers={"content-type": "application/rss+xml"} | named)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--runslow``: the tests that take seconds too; CI always runs them."""
    parser.addoption("--runslow", action="store_true", help="run the tests that take seconds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked slow, unless it was asked for."""
    if config.getoption("--runslow") or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --runslow"))
