"""Politeness is pure: gates, hosts, schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.politeness import (
    Gates,
    authority,
    conditional,
    failure_weight,
    gate_keys,
    is_due,
    is_own_network,
    is_public,
    literal_address,
    max_age,
    next_due,
    parse_retry_after,
    registrable_domain,
    user_agent,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


# --- hosts ---


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0.0.0.0", "0", "10.1.2.3",
        "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.9", "224.0.0.251", "240.0.0.1",
        "255.255.255.255", "::1", "[::1]", "::", "fe80::1", "fc00::7", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::a9fe:a9fe", "127.0.0.1.",
    ],
)  # fmt: skip
def test_an_inward_address_is_not_public_however_it_is_spelt(host: str) -> None:
    found = literal_address(host)
    assert found is not None
    assert not is_public(found)


@pytest.mark.parametrize("host", ["8.8.8.8", "1.1.1.1", "2400:3200::1", "64:ff9b::808:808", "134744072"])
def test_addresses_of_the_public_network_are_public(host: str) -> None:
    found = literal_address(host)
    assert found is not None
    assert is_public(found)


@pytest.mark.parametrize(
    "host", ["example.com", "localhost", "1.2.3.4.5", "256.1.1.1", "1.2.3.4x", "-1", "²", "", "a.1"]
)
def test_a_name_is_not_an_address(host: str) -> None:
    assert literal_address(host) is None


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=100)
def test_every_spelling_of_an_ipv4_address_reads_the_same(number: int) -> None:
    quads = number.to_bytes(4, "big")
    spellings = {str(number), hex(number), ".".join(map(str, quads)), ".".join(map(hex, quads))}
    assert len({literal_address(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("10.0.0.1", True), ("fd00::1", True), ("::ffff:192.168.0.1", True), ("198.18.0.1", False),
     ("100.64.0.1", False), ("8.8.8.8", False), ("2400::1", False)],
)  # fmt: skip
def test_only_the_networks_of_ones_own_servers_are_own(host: str, own: bool) -> None:
    found = literal_address(host)
    assert found is not None
    assert is_own_network(found) is own


@pytest.mark.parametrize(
    ("host", "domain"),
    [("news.example.gov.cn", "example.gov.cn"), ("A.B.Example.com.", "example.com"), ("example.com", "example.com"),
     ("com.cn", "com.cn"), ("localhost", "localhost"), ("10.0.0.1", "10.0.0.1"), ("x.y.co.uk", "y.co.uk")],
)  # fmt: skip
def test_the_registrable_domain_is_what_somebody_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        ("https://news.example.com.cn/a?b", ("news.example.com.cn", "example.com.cn")),
        ("https://example.com/", ("example.com",)),
        ("https://example.com:8443/", ("example.com",)),
        ("http://127.0.0.1:1200/x", ("127.0.0.1:1200",)),
        ("http://[::1]/x", ("::1:80",)),
        ("https://rsshub/x", ("rsshub:443",)),
        ("mailto:desk", ()),
    ],
)
def test_public_hosts_are_gated_by_name_and_domain_and_own_servers_by_port(url: str, keys: tuple[str, ...]) -> None:
    assert gate_keys(url) == keys


def test_the_authority_of_an_unreadable_address_is_empty() -> None:
    assert authority("http://[broken/") == ("", 0)
    assert authority("http://example.com:99999/") == ("", 0)


# --- gates ---


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_second_start_waits_for_the_gap() -> None:
    gates = Gates(5, 2)
    gates.enter(("a.cn",), NOW)
    assert gates.opens_at(("a.cn",), at(1)) == at(5)
    assert gates.opens_at(("a.cn",), at(7)) == at(7)


def test_a_full_gate_opens_only_when_somebody_leaves() -> None:
    gates = Gates(0, 2)
    gates.enter(("a.cn",), NOW)
    gates.enter(("a.cn",), NOW)
    assert gates.opens_at(("a.cn",), at(60)) is None
    gates.leave(("a.cn",))
    assert gates.opens_at(("a.cn",), at(60)) == at(60)


def test_two_hosts_of_one_domain_share_its_gate() -> None:
    gates = Gates(5, 2)
    gates.enter(gate_keys("https://news.example.com/"), NOW)
    assert gates.opens_at(gate_keys("https://city.example.com/"), NOW) == at(5)
    assert gates.opens_at(gate_keys("https://other.com/"), NOW) == NOW


def test_a_crawl_delay_slows_one_host_and_never_quickens_it_nor_exceeds_a_minute() -> None:
    gates = Gates(5, 2)
    gates.slow_down("a.cn", 20)
    gates.slow_down("b.cn", 1)
    gates.slow_down("c.cn", 86_400)
    assert [gates.gap(key).total_seconds() for key in ("a.cn", "b.cn", "c.cn", "d.cn")] == [20, 5, 60, 5]


def test_a_gate_closed_for_a_pause_opens_at_its_end_and_no_earlier_than_the_longest_pause_asked_for() -> None:
    gates = Gates(5, 2)
    gates.close_until("a.cn", at(40))
    gates.close_until("a.cn", at(10))
    assert gates.opens_at(("a.cn",), NOW) == at(40)
    assert gates.opens_at(("a.cn",), at(50)) == at(50)


def test_a_clock_that_was_set_back_does_not_close_a_gate_for_an_hour() -> None:
    gates = Gates(5, 2)
    gates.enter(("a.cn",), NOW + HOUR)
    assert gates.opens_at(("a.cn",), NOW) == at(5)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 4)), min_size=1, max_size=40))
@settings(deadline=None, max_examples=100)
def test_whoever_starts_when_the_gate_says_keeps_the_gap(steps: list[tuple[str, float]]) -> None:
    gates, now = Gates(2, 1), NOW
    starts: dict[str, list[datetime]] = {key: [] for key in "abc"}
    for key, pause in steps:
        opens = gates.opens_at((key,), now + timedelta(seconds=pause))
        assert opens is not None
        gates.enter((key,), opens)
        gates.leave((key,))
        starts[key].append(opens)
        now = opens
    gaps = [b - a for times in starts.values() for a, b in pairwise(times)]
    assert all(gap >= timedelta(seconds=2) for gap in gaps)


# --- what servers ask for ---


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 2 * MINUTE), (" 0 ", timedelta(0)), ("999999999999", 24 * HOUR),
        ("Mon, 02 Mar 2026 08:01:00 GMT", MINUTE),
        ("Mon, 02 Mar 2028 08:01:00 GMT", 24 * HOUR), ("Mon, 02 Mar 2026 07:59:00 GMT", None), ("-5", None),
        ("soon", None), ("", None), (None, None), ("1.5", None), ("١٢", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms_and_capped(value: str | None, expected: timedelta | None) -> None:
    assert parse_retry_after(value, NOW) == expected


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=100)
def test_no_retry_after_makes_us_stumble_or_wait_more_than_a_day(value: str) -> None:
    wait = parse_retry_after(value, NOW)
    assert wait is None or timedelta(0) <= wait <= 24 * HOUR


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "public, max-age=600"}, 10 * MINUTE),
        ({"cache-control": 'max-age="600"', "age": "300"}, 5 * MINUTE),
        ({"cache-control": "max-age=600", "age": "700"}, None),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"expires": "Mon, 02 Mar 2026 09:00:00 GMT", "date": "Mon, 02 Mar 2026 08:00:00 GMT"}, HOUR),
        ({"expires": "0", "date": "Mon, 02 Mar 2026 08:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_calls_itself_fresh(headers: dict[str, str], expected: timedelta | None) -> None:
    assert max_age(headers) == expected


# --- schedule ---


def due_after(**given: object) -> timedelta:
    return next_due(NOW, rng=Random(1), **given) - NOW  # type: ignore[arg-type]


def test_the_longest_wish_counts_but_none_beyond_six_hours() -> None:
    assert 30 * MINUTE <= due_after(every=30 * MINUTE, ttl=MINUTE, max_age=5 * MINUTE) <= 33 * MINUTE
    assert HOUR <= due_after(every=30 * MINUTE, ttl=HOUR) <= 1.1 * HOUR
    assert 6 * HOUR <= due_after(every=30 * MINUTE, max_age=9000 * HOUR) <= 6.6 * HOUR
    assert 48 * HOUR <= due_after(every=48 * HOUR, failures=3) <= 52.8 * HOUR


def test_failures_double_the_pace_up_to_a_day() -> None:
    assert HOUR <= due_after(every=30 * MINUTE, failures=1) <= 1.1 * HOUR
    assert due_after(every=30 * MINUTE, failures=0.25) < 40 * MINUTE
    assert 24 * HOUR <= due_after(every=30 * MINUTE, failures=5000) <= 26.4 * HOUR


def test_a_source_is_never_asked_before_its_retry_after() -> None:
    due = next_due(NOW, every=10 * MINUTE, retry_after=HOUR, rng=Random(1))
    assert not is_due(NOW + 59 * MINUTE, NOW, due)


@given(st.integers(0, 10_000), st.integers(1, 600))
@settings(deadline=None, max_examples=100)
def test_a_cron_with_the_sources_own_pace_skips_no_run(seed: int, minutes: int) -> None:
    due = next_due(NOW, every=minutes * MINUTE, rng=Random(seed))
    assert is_due(NOW + minutes * MINUTE, NOW, due)
    assert not is_due(NOW + 0.8 * minutes * MINUTE, NOW, due)


def test_what_was_never_asked_or_asked_in_the_future_is_due() -> None:
    assert is_due(NOW, None, NOW + HOUR)
    assert is_due(NOW, NOW, None)
    assert is_due(NOW, NOW + HOUR, NOW + 2 * HOUR)


def test_validators_are_sent_for_a_day_after_a_full_answer() -> None:
    assert conditional(NOW, NOW - 23 * HOUR)
    assert not conditional(NOW, NOW - 24 * HOUR)
    assert not conditional(NOW, None)
    assert not conditional(NOW, NOW + HOUR)


def test_what_will_not_mend_itself_weighs_most() -> None:
    assert failure_weight("hard") > failure_weight("soft") > failure_weight("temporary") > 0


def test_the_user_agent_says_who_asks_and_fits_a_header() -> None:
    assert user_agent("1.2", "https://desk.example/why") == "yuqing-cli/1.2 (+https://desk.example/why)"
    assert user_agent("1.2", "") == "yuqing-cli/1.2"
    assert user_agent("1.2", "青禾县) desk@example.cn\r\nX: y") == "yuqing-cli/1.2 (+desk@example.cnX: y)"
