"""The door to the web. A fake transport and a fake clock, but for what only a real socket can show."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from yuqing_cli.adapters.web import Web
from yuqing_cli.adapters.web.hops import checked_url, host_of
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask
from yuqing_cli.politeness import WebSettings, authority, gate_keys
from yuqing_cli.robots import RobotsCache, RobotsFile

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SITE = "https://news.qinghe.example"
OTHER = "https://daily.other.example"
NO_ROBOTS = httpx.Response(404)

Page = httpx.Response | Exception | list[httpx.Response | Exception]
Pages = dict[str, Page]


class Wire:
    """Answers by address, logs every request with the time of the fake clock."""

    def __init__(self, pages: Pages, names: dict[str, str] | None = None) -> None:
        self.now = NOW
        self.log: list[tuple[str, datetime]] = []
        self.requests: list[httpx.Request] = []
        self.names = names or {}
        self.looked_up: list[str] = []
        self._pages = pages
        self._lock = threading.Lock()

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += timedelta(seconds=seconds)

    def resolve(self, host: str) -> list[str]:
        self.looked_up.append(host)
        if host.startswith("no-such."):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [self.names.get(host, "93.184.216.34")]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            url = str(request.url)
            self.log.append((url, self.now))
            self.requests.append(request)
            page = self._pages.get(url, NO_ROBOTS if url.endswith("/robots.txt") else httpx.Response(200, text=url))
            if isinstance(page, list):
                page = page.pop(0) if len(page) > 1 else page[0]
        if isinstance(page, Exception):
            raise page
        return httpx.Response(page.status_code, headers=page.headers, content=page.content)

    @property
    def asked(self) -> list[str]:
        return [url for url, _ in self.log if not url.endswith("/robots.txt")]


def settings(**changes: object) -> WebSettings:
    given: dict[str, object] = {"user_agent": "yuqing-cli/0 (+desk@qinghe.example)", "host_gap_seconds": 5.0}
    return WebSettings(**given | changes)  # type: ignore[arg-type]


def web(wire: Wire, cache: RobotsCache | None = None, **changes: object) -> Web:
    return Web(
        settings(**changes),
        transport=httpx.MockTransport(wire),
        clock=wire.clock,
        wait=wire.wait,
        resolve=wire.resolve,
        rng=Random(1),
        robots_cache=cache,
    )


def fetch(
    wire: Wire, *asks: Ask, cache: RobotsCache | None = None, own: dict[str, str] | None = None, **changes: object
) -> list[Answer]:
    got: list[Answer] = []
    with web(wire, cache, **changes) as door:
        door.run(asks, keep(got), own=own)
    return got


def keep(got: list[Answer]) -> Callable[[Answer], Iterable[Ask]]:
    def handle(answer: Answer) -> Iterable[Ask]:
        got.append(answer)
        return ()

    return handle


def ask(url: str = SITE + "/feed", source: str = "s", **changes: object) -> Ask:
    return Ask(source, url, **changes)  # type: ignore[arg-type]


def why(answer: Answer) -> tuple[str, str]:
    assert answer.error is not None
    return answer.error.kind, str(answer.error)


def moved(to: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": to})


# --- the plain way ---


def test_an_ask_becomes_an_answer_after_robots_txt_was_read() -> None:
    wire = Wire({})
    (answer,) = fetch(wire, ask())
    assert (answer.status, answer.body, answer.error) == (200, b"https://news.qinghe.example/feed", None)
    assert answer.asked_at is not None
    assert [url for url, _ in wire.log] == [SITE + "/robots.txt", SITE + "/feed"]


def test_we_say_who_we_are_and_send_neither_cookies_nor_more() -> None:
    wire = Wire({SITE + "/a": httpx.Response(200, headers={"set-cookie": "id=1"})})
    answers = fetch(wire, ask(SITE + "/a"), ask(SITE + "/b"))
    assert all("set-cookie" not in answer.headers for answer in answers)
    for request in wire.requests:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert request.headers["user-agent"] == "yuqing-cli/0 (+desk@qinghe.example)"
        assert request.headers["accept-encoding"] == "gzip, deflate"


def test_follow_ups_are_asked_until_none_is_left() -> None:
    wire = Wire({})
    depths: list[int] = []

    def handle(answer: Answer) -> Iterable[Ask]:
        depths.append(answer.ask.depth)
        assert threading.current_thread() is threading.main_thread()
        return [ask(f"{SITE}/{answer.ask.depth + 1}", depth=answer.ask.depth + 1)] if answer.ask.depth < 3 else []

    with web(wire) as door:
        door.run([ask()], handle)
    assert depths == [0, 1, 2, 3]


def test_an_error_in_the_handler_goes_through_and_the_door_stays_usable() -> None:
    wire = Wire({})
    with web(wire, host_gap_seconds=0) as door:

        def fail(answer: Answer) -> Iterable[Ask]:
            raise LookupError

        with pytest.raises(LookupError):
            door.run([ask(f"{SITE}/{n}") for n in range(6)], fail)
        got: list[Answer] = []
        door.run([ask(f"{SITE}/{n}") for n in range(6)], keep(got))
    assert len(got) == 6


# --- slowly ---


def test_starts_at_one_host_keep_the_gap_robots_txt_redirects_and_retries_included() -> None:
    pages: Pages = {SITE + "/1": moved(SITE + "/2"), SITE + "/3": [httpx.Response(503), httpx.Response(200)]}
    wire = Wire(pages)
    answers = fetch(wire, ask(SITE + "/1"), ask(SITE + "/3"), ask(SITE + "/4"))
    assert [answer.error for answer in answers] == [None] * 3
    assert len(wire.log) == 6
    assert all(b - a >= timedelta(seconds=5) for (_, a), (_, b) in pairwise(wire.log))


def test_hosts_of_one_domain_share_the_gap_and_others_do_not_wait() -> None:
    wire = Wire({})
    fetch(wire, ask("https://a.qinghe.example/x"), ask("https://b.qinghe.example/x"), ask(OTHER + "/x"))
    qinghe = [at for url, at in wire.log if "qinghe" in url]
    other = [at for url, at in wire.log if "other" in url]
    assert all(b - a >= timedelta(seconds=5) for a, b in pairwise(qinghe))
    assert other == [NOW, NOW + timedelta(seconds=5)]


def test_a_host_with_many_pages_delays_nobody_else() -> None:
    wire = Wire({})
    got = fetch(wire, *[ask(f"{SITE}/{n}") for n in range(50)], ask(OTHER + "/x"), jobs=1)
    assert [answer.url for answer in got].index(OTHER + "/x") <= 2


def test_the_crawl_delay_is_kept() -> None:
    rules = httpx.Response(200, text="User-agent: *\nCrawl-delay: 20\n")
    wire = Wire({SITE + "/robots.txt": rules})
    fetch(wire, ask(SITE + "/1"), ask(SITE + "/2"))
    assert [(at - NOW).total_seconds() for _, at in wire.log] == [0, 20, 40]


def test_the_account_equals_the_servers_log() -> None:
    hosts = [f"https://h{n}.town{n % 3}.example" for n in range(9)]
    forbidden = httpx.Response(200, text="User-agent: *\nDisallow: /2\n")
    wire = Wire({f"{hosts[0]}/robots.txt": forbidden})
    with web(wire, jobs=8) as door:
        door.run([ask(f"{host}/{n}") for n in range(4) for host in hosts], keep([]))
    for host in hosts:
        account, times = door.ledger.host(host[8:]), [at for url, at in wire.log if url.startswith(host)]
        assert account.requests == len(times)
        assert account.robots == 1
        assert account.smallest_gap == min((b - a).total_seconds() for a, b in pairwise(times))
        assert account.smallest_gap >= 5
    assert door.ledger.requests == len(wire.log)
    assert door.ledger.host(hosts[0][8:]).disallowed == 1


# --- robots.txt ---


def test_a_forbidden_address_is_not_asked() -> None:
    wire = Wire({SITE + "/robots.txt": httpx.Response(200, text="\ufeffUser-agent: *\nDisallow: /feed\n")})
    (answer,) = fetch(wire, ask())
    assert answer.disallowed
    assert answer.error is None
    assert wire.asked == []


def test_a_redirect_to_a_forbidden_address_is_not_followed() -> None:
    wire = Wire({
        SITE + "/feed": moved(OTHER + "/feed"),
        OTHER + "/robots.txt": httpx.Response(200, text="User-agent: yuqing-cli\nDisallow: /\n"),
    })  # fmt: skip
    (answer,) = fetch(wire, ask())
    assert (answer.disallowed, answer.url) == (True, OTHER + "/feed")
    assert wire.asked == [SITE + "/feed"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_host_without_robots_txt_allows_all(status: int) -> None:
    (answer,) = fetch(Wire({SITE + "/robots.txt": httpx.Response(status)}), ask())
    assert answer.status == 200


@pytest.mark.parametrize("failure", [httpx.Response(500), httpx.Response(429), httpx.ReadTimeout("slow")])
def test_a_robots_txt_that_cannot_be_read_forbids_for_now(failure: httpx.Response | Exception) -> None:
    wire = Wire({SITE + "/robots.txt": failure})
    answers = fetch(wire, ask(), ask(SITE + "/2"))
    assert [why(answer)[0] for answer in answers] == ["temporary"] * 2
    assert why(answers[0])[1].startswith("robots.txt of news.qinghe.example cannot be read: ")
    assert not any(answer.disallowed for answer in answers)
    assert wire.asked == []


def test_an_old_copy_stands_in_for_a_month() -> None:
    wire = Wire({SITE + "/robots.txt": httpx.Response(500)})
    cache = RobotsCache()
    cache.put(RobotsFile(SITE, "User-agent: *\nDisallow: /feed\n", NOW - timedelta(days=29)))
    answers = fetch(wire, ask(), ask(SITE + "/other"), cache=cache)
    assert sorted((answer.disallowed, answer.status) for answer in answers) == [(False, 200), (True, 0)]
    cache.put(RobotsFile(SITE, "", NOW - timedelta(days=31)))
    assert why(fetch(wire, ask(), cache=cache)[0])[0] == "temporary"


def test_robots_txt_is_asked_once_and_again_after_a_day() -> None:
    wire, cache = Wire({}), RobotsCache()
    fetch(wire, ask(SITE + "/1"), ask(SITE + "/2"), cache=cache)
    fetch(wire, ask(SITE + "/3"), cache=cache)
    assert sum(url.endswith("/robots.txt") for url, _ in wire.log) == 1
    wire.now += timedelta(hours=24)
    fetch(wire, ask(SITE + "/4"), cache=cache)
    assert sum(url.endswith("/robots.txt") for url, _ in wire.log) == 2


def test_a_redirected_robots_txt_is_followed_and_holds_for_the_first_host() -> None:
    pages: Pages = {
        SITE + "/robots.txt": moved(OTHER + "/rules.txt"),
        OTHER + "/rules.txt": httpx.Response(200, text="User-agent: *\nDisallow: /feed\n"),
    }
    assert fetch(Wire(pages), ask())[0].disallowed


def test_a_robots_txt_that_redirects_for_ever_counts_as_none() -> None:
    wire = Wire({SITE + "/robots.txt": moved("/robots.txt?again"), SITE + "/robots.txt?again": moved("/robots.txt")})
    assert fetch(wire, ask())[0].status == 200


def test_a_robots_txt_that_leads_inward_is_not_read_and_not_taken_for_none() -> None:
    wire = Wire({SITE + "/robots.txt": moved("http://127.0.0.1/robots.txt")})
    kind, text = why(fetch(wire, ask())[0])
    assert kind == "temporary"
    assert "not a public address" in text
    assert len(wire.log) == 1


def test_an_endless_robots_txt_is_cut_not_refused() -> None:
    text = "User-agent: *\nDisallow: /feed\n" + "#" * 600_000
    assert fetch(Wire({SITE + "/robots.txt": httpx.Response(200, text=text)}), ask())[0].disallowed


@pytest.mark.parametrize(
    ("url", "address", "asked"),
    [
        ("http://127.0.0.1:1200/feed", "", 1),
        ("http://rsshub:1200/feed", "172.18.0.2", 1),
        (SITE + "/feed", "93.184.216.34", 2),
        (SITE + "/feed", "198.18.0.7", 2),
    ],
)
def test_ones_own_servers_may_be_asked_without_robots_txt_and_no_others(url: str, address: str, asked: int) -> None:
    wire = Wire({}, {httpx.URL(url).host: address})
    (answer,) = fetch(wire, ask(url, robots="own"))
    assert answer.status == 200
    assert len(wire.log) == asked


# --- never inward ---


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://2130706433/",
        "http://0x7f.1/", "http://0177.0.0.1/", "http://0.0.0.0/", "http://169.254.169.254/latest/meta-data/",
        "http://100.64.1.1/", "http://224.0.0.1/", "http://inside.example/", "file:///etc/passwd", "ftp://qinghe.example/",
        "http://user:secret@qinghe.example/", "gopher://x/", "http://", "http://[x", "http://./", "http://a.example:99999/", "http://a%2eb/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["redirect", "follow-up", "source"])
def test_what_leads_inward_is_refused(target: str, way: str) -> None:
    wire = Wire({SITE + "/feed": moved(target)}, {"localhost": "127.0.0.1", "inside.example": "10.0.0.8"})
    first = ask() if way == "redirect" else ask(target, depth=1 if way == "follow-up" else 0)
    (answer,) = fetch(wire, first, own={"s": SITE})
    assert why(answer)[0] == "refused"
    assert "secret" not in why(answer)[1]
    assert all(url.startswith(SITE) for url, _ in wire.log)


def test_a_source_may_reach_its_own_private_address_and_no_neighbour() -> None:
    home = "http://192.168.1.5:1200"
    wire = Wire({home + "/feed": moved(home + "/real"), home + "/side": moved("http://192.168.1.5:22/")})
    answers = fetch(wire, ask(home + "/feed"), ask(home + "/side"), ask(home + "/feed", source="other", depth=1))
    assert sorted(answer.status for answer in answers) == [0, 0, 200]
    assert sorted(why(answer)[0] for answer in answers if answer.error) == ["refused"] * 2
    assert not any(":22" in url for url, _ in wire.log)


def test_a_private_name_refused_to_one_source_stays_open_to_its_owner() -> None:
    home = "http://intranet.example/feed"
    wire = Wire({SITE + "/feed": moved(home)}, {"intranet.example": "10.1.1.1"})
    answers = fetch(wire, ask(source="guest"), ask(home, source="owner"))
    assert {answer.ask.source: answer.error is None for answer in answers} == {"guest": False, "owner": True}


def test_a_name_is_looked_up_once_a_run_so_that_no_second_answer_can_differ() -> None:
    wire = Wire({})
    fetch(wire, *[ask(f"{SITE}/{n}") for n in range(5)])
    assert wire.looked_up == ["news.qinghe.example"]


@given(st.text(alphabet="ahtps:/@\\\\.[]%0127x#?例。１ ;", max_size=30))
@hypothesis_settings(deadline=None, max_examples=100)
def test_the_host_that_is_checked_is_the_host_that_is_sent(rest: str) -> None:
    try:
        url = checked_url("http://" + rest)
    except SourceError:
        return
    assert gate_keys(url)
    assert authority(url)[0] == host_of(url).rstrip(".").lower()
    assert checked_url(url) == url


# --- redirects ---


def test_permanent_redirects_alone_give_the_permanent_address() -> None:
    pages: Pages = {
        SITE + "/1": moved("/2", 301), SITE + "/2": moved("/3", 308),
        SITE + "/4": moved("/5", 301), SITE + "/5": moved("/6", 302),
    }  # fmt: skip
    one, two = sorted(fetch(Wire(pages), ask(SITE + "/1"), ask(SITE + "/4")), key=lambda answer: answer.ask.url)
    assert (one.url, one.permanent_url) == (SITE + "/3", SITE + "/3")
    assert (two.url, two.permanent_url) == (SITE + "/6", "")


def test_circles_long_chains_and_redirects_to_nowhere_are_errors() -> None:
    chain: Pages = {f"{SITE}/{n}": moved(f"/{n + 1}") for n in range(9)}
    wire = Wire(chain | {SITE + "/a": moved("/b"), SITE + "/b": moved("/a"), SITE + "/c": httpx.Response(302)})
    answers = fetch(wire, ask(SITE + "/0"), ask(SITE + "/a"), ask(SITE + "/c"))
    assert {why(answer) for answer in answers} == {
        ("soft", "more than 5 redirects"),
        ("soft", f"the redirects run in a circle at {SITE}/a"),
        ("soft", "a redirect that names no address (status 302)"),
    }


# --- errors are values ---


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, "soft"), (500, "soft"), (403, "hard"), (410, "hard"), (503, "temporary"), (204, "soft")],
)
def test_a_status_that_is_no_answer_is_an_error_and_the_headers_remain(status: int, kind: str) -> None:
    page = httpx.Response(status, headers={"Retry-After": "7200"})
    (answer,) = fetch(Wire({SITE + "/feed": page}), ask())
    assert why(answer) == (kind, f"the server answered with status {status}")
    assert (answer.status, answer.headers["retry-after"], answer.body) == (status, "7200", b"")


@pytest.mark.parametrize(
    ("failure", "kind", "text"),
    [
        (httpx.ConnectTimeout("x"), "temporary", "no connection to news.qinghe.example within 20.0 s"),
        (httpx.ReadTimeout("x"), "temporary", "no complete answer within 20.0 s"),
        (httpx.ConnectError("no route"), "temporary", "no connection to news.qinghe.example: no route"),
        (httpcore.RemoteProtocolError("gone"), "temporary", "news.qinghe.example broke the connection off: gone"),
        (ValueError("odd"), "hard", "the request failed: odd"),
    ],
)
def test_whatever_happens_on_the_wire_becomes_a_value(failure: Exception, kind: str, text: str) -> None:
    assert why(fetch(Wire({SITE + "/feed": failure}), ask())[0]) == (kind, text)


def test_a_name_that_does_not_exist_is_a_hard_error_of_its_own_kind() -> None:
    wire = Wire({})
    (answer,) = fetch(wire, ask("https://no-such.example/"))
    assert why(answer) == ("hard", "there is no host named no-such.example")
    assert wire.log == []


def test_busy_and_unreachable_hosts_are_tried_again_twice_and_broken_pages_are_not() -> None:
    wire = Wire({
        SITE + "/busy": httpx.Response(503), SITE + "/broken": httpx.Response(500), SITE + "/gone": httpx.Response(404),
    })  # fmt: skip
    fetch(wire, ask(SITE + "/busy"), ask(SITE + "/broken"), ask(SITE + "/gone"))
    assert sorted(wire.asked) == sorted([SITE + "/busy"] * 3 + [SITE + "/broken", SITE + "/gone"])


def test_a_short_retry_after_is_waited_for_and_a_long_one_closes_the_host_for_the_run() -> None:
    short = httpx.Response(429, headers={"retry-after": "40"})
    wire = Wire({SITE + "/feed": [short, httpx.Response(200)]})
    assert fetch(wire, ask())[0].status == 200
    assert wire.log[2][1] - wire.log[1][1] == timedelta(seconds=40)
    wire = Wire({SITE + "/feed": [short, httpx.Response(200)]})
    fetch(wire, ask(), ask(SITE + "/2"), host_concurrency=1)
    assert [(at - wire.log[1][1]).total_seconds() for _, at in wire.log[1:]] == [0, 40, 45]
    wire = Wire({SITE + "/1": httpx.Response(429, headers={"retry-after": "3600"})})
    answers = fetch(wire, ask(SITE + "/1"), ask(SITE + "/2"), host_concurrency=1)
    assert [why(answer)[0] for answer in answers] == ["temporary"] * 2
    assert wire.asked == [SITE + "/1"]


def test_a_host_that_cannot_be_reached_is_left_alone_for_the_rest_of_the_run() -> None:
    down: Pages = {f"{SITE}/{n}": httpx.ConnectTimeout("x") for n in range(20)}
    wire = Wire(down)
    answers = fetch(wire, *[ask(f"{SITE}/{n}") for n in range(20)])
    assert len(answers) == 20
    assert all(why(answer)[0] == "temporary" for answer in answers)
    assert len(wire.asked) < 20


# --- validators ---


def test_validators_are_sent_and_304_is_no_error() -> None:
    wire = Wire({SITE + "/feed": httpx.Response(304)})
    (answer,) = fetch(wire, ask(etag='W/"青"', last_modified="Mon, 02 Mar 2026 07:00:00 GMT"))
    assert answer.not_modified
    assert answer.error is None
    sent = wire.requests[-1].headers
    assert sent["if-modified-since"] == "Mon, 02 Mar 2026 07:00:00 GMT"
    assert dict(sent.raw)[b"If-None-Match"] == 'W/"青"'.encode()
    assert "if-modified-since" not in wire.requests[0].headers


def test_a_304_that_nobody_asked_for_is_an_error() -> None:
    assert why(fetch(Wire({SITE + "/feed": httpx.Response(304)}), ask())[0])[0] == "soft"


# --- bodies ---


class Raw(httpx.BaseTransport):
    """One body, sent as it is, in pieces of one byte or whole."""

    def __init__(self, body: bytes, coding: str, size: int) -> None:
        self._body, self._coding, self._size = body, coding, size

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        size, body = self._size, self._body

        class Pieces(httpx.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                return (body[at : at + size] for at in range(0, len(body), size))

        return httpx.Response(200, headers={"content-encoding": self._coding}, stream=Pieces())


def body_of(body: bytes, coding: str, size: int = 65_536, **changes: object) -> Answer:
    got: list[Answer] = []
    wire = Wire({})
    with Web(
        settings(**{"host_gap_seconds": 0} | changes), transport=Raw(body, coding, size), resolve=wire.resolve
    ) as door:
        door.run([ask()], keep(got))
    return got[0]


TEXT = "停水通知。".encode() * 300


@pytest.mark.parametrize("size", [1, 7, 65_536])
@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (TEXT, ""), (TEXT, "identity"), (gzip.compress(TEXT, mtime=0), "gzip"), (gzip.compress(TEXT, mtime=0), "X-GZIP"),
        (gzip.compress(TEXT[:900], mtime=0) + gzip.compress(TEXT[900:], mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"\0\0\0", "gzip"),
        (zlib.compress(TEXT), "deflate"), (zlib.compress(TEXT)[2:-4], "deflate"),
    ],
)  # fmt: skip
def test_every_coding_that_was_asked_for_is_read(body: bytes, coding: str, size: int) -> None:
    answer = body_of(body, coding, size)
    assert answer.error is None
    assert answer.body == TEXT


@pytest.mark.parametrize(
    ("body", "coding", "text"),
    [
        (gzip.compress(TEXT, mtime=0)[:-20], "gzip", "the compressed answer cannot be read: it ends too early"),
        (b"plain", "gzip", "the compressed answer cannot be read"),
        (b"\x0b\x02\x80", "br", "the answer has an encoding that was not asked for: br"),
    ],
)
def test_a_body_that_cannot_be_decoded_whole_is_an_error(body: bytes, coding: str, text: str) -> None:
    assert why(body_of(body, coding))[1].startswith(text)


@pytest.mark.parametrize("coding", ["gzip", ""])
def test_a_bomb_is_cut_and_is_an_error(coding: str) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000, mtime=0) if coding else b"\0" * 2_000_000
    answer = body_of(bomb, coding, max_bytes=1_000_000)
    assert why(answer) == ("hard", "the answer is larger than 1000000 bytes")
    assert answer.body == b""


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    assert body_of(b"x" * 1000, "", max_bytes=1000).error is None
    assert body_of(gzip.compress(b"x" * 1000, mtime=0), "gzip", max_bytes=1000).error is None
    assert body_of(gzip.compress(b"x" * 1001, mtime=0), "gzip", max_bytes=1000).error is not None


# --- real sockets ---


@pytest.fixture
def town(httpserver: HTTPServer) -> HTTPServer:
    """A real server without a robots.txt."""
    httpserver.expect_request("/robots.txt").respond_with_response(Response(status=404))
    return httpserver


def real(server: HTTPServer, *paths: str, **changes: object) -> tuple[list[Answer], Web]:
    got: list[Answer] = []
    given = {"host_gap_seconds": 0.0} | changes
    with Web(settings(**given)) as door:
        door.run([ask(server.url_for(path)) for path in paths], keep(got))
    return got, door


def test_the_wire_carries_redirects_gzip_and_304(town: HTTPServer) -> None:
    town.expect_request("/old").respond_with_response(Response(status=301, headers={"Location": "/new"}))
    packed = Response(gzip.compress(TEXT, mtime=0), headers={"Content-Encoding": "gzip"})
    town.expect_request("/new").respond_with_response(packed)
    (answer,), door = real(town, "/old")
    assert (answer.body, answer.permanent_url) == (TEXT, town.url_for("/new"))
    assert door.ledger.requests == len(town.log) == 3
    assert door.ledger.bytes == len(gzip.compress(TEXT, mtime=0))


def trickle(server: socket.socket, head: bytes, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client:
            path = client.recv(65_536)
            if b"/robots.txt" in path:
                client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                continue
            try:
                client.sendall(head)
                while not stop.wait(0.03):
                    client.sendall(b"x")
            except OSError:
                pass


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], str]]:
    server, stop = socket.create_server(("127.0.0.1", 0)), threading.Event()
    threads: list[threading.Thread] = []

    def start(head: bytes) -> str:
        threads.append(threading.Thread(target=trickle, args=(server, head, stop)))
        threads[0].start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/slow"

    yield start
    stop.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    threads[0].join()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "])
def test_a_server_that_drips_is_cut_off_when_the_whole_time_is_up(
    dripping: Callable[[bytes], str], head: bytes
) -> None:
    got: list[Answer] = []
    begun = time.monotonic()
    with Web(settings(timeout_seconds=0.2, retries=0, host_gap_seconds=0)) as door:
        door.run([ask(dripping(head))], keep(got))
    assert why(got[0]) == ("temporary", "no complete answer within 0.2 s")
    assert time.monotonic() - begun < 1.5


def test_ctrl_c_ends_a_run_without_waiting_for_the_slowest_host(dripping: Callable[[bytes], str]) -> None:
    url = dripping(b"HTTP/1.1 200 OK\r\n\r\n")
    door = Web(settings(timeout_seconds=30, host_gap_seconds=0))
    threading.Timer(0.15, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), door:
        door.run([ask(url)], keep([]))
    assert time.monotonic() - begun < 2


def test_a_refused_connection_is_a_temporary_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    got: list[Answer] = []
    with Web(settings(retries=0)) as door:
        door.run([ask(f"http://127.0.0.1:{port}/")], keep(got))
    assert why(got[0])[0] == "temporary"
    assert "127.0.0.1 refuses the connection" in why(got[0])[1]
    assert door.ledger.requests == 0


def test_a_name_connects_to_the_address_that_was_checked(town: HTTPServer) -> None:
    town.expect_request("/feed").respond_with_data("here")
    url = f"http://desk.example:{town.port}/feed"
    got: list[Answer] = []
    with Web(settings(host_gap_seconds=0), resolve=lambda _: ["127.0.0.1"]) as door:
        door.run([ask(url)], keep(got))
        door.run([ask(url, depth=1)], keep(got))
    assert got[0].body == b"here"
    assert why(got[1])[0] == "refused"


def test_with_eight_threads_the_account_equals_the_servers_log_and_no_gap_is_too_small(town: HTTPServer) -> None:
    times: list[float] = []

    def answer(request: Request) -> Response:
        times.append(time.monotonic())
        return Response(request.path)

    for path in [f"/{n}" for n in range(8)]:
        town.expect_request(path).respond_with_handler(answer)
    got, door = real(town, *[f"/{n}" for n in range(8)], host_gap_seconds=0.03, host_concurrency=8, jobs=8)
    account = door.ledger.host(f"{town.host}:{town.port}")
    assert len(got) == 8
    assert door.ledger.requests == len(town.log) == 9
    assert account.smallest_gap is not None
    assert account.smallest_gap >= 0.03
    # What the server sees lags by however long a thread takes to wake up, so the mean is exact and a single gap is not.
    assert times[-1] - times[0] >= 7 * 0.03 * 0.8
