"""robots.txt: what a file means for us. The files are ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli import robots
from yuqing_cli.robots import RobotsCache, RobotsFile, Rules

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SITE = "https://qinghe.example"


def allowed(text: str, path: str = "/news/1.html") -> bool:
    return Rules(text).allows(SITE + path)


@pytest.mark.parametrize("text", ["", " \n", "# nothing", "<html>not found</html>", "User-agent: *\nDisallow:\n"])
def test_a_file_without_rules_allows_all(text: str) -> None:
    assert allowed(text)


def test_our_group_binds_us_and_the_common_one_then_does_not() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: yuqing-cli\nDisallow: /private/\n"
    assert allowed(text)
    assert not allowed(text, "/private/a")


@pytest.mark.parametrize("name", ["Yuqing-CLI", "yuqing-cli/2.0", "yuqing-cli extra words", "YUQING-CLI # us"])
def test_our_name_is_found_in_any_case_and_with_a_version(name: str) -> None:
    assert not allowed(f"User-agent: {name}\nDisallow: /news/\n")


@pytest.mark.parametrize("name", ["yuqing", "yuqing-client", "cli", "other", "*bot"])
def test_a_group_for_somebody_with_a_similar_name_does_not_bind_us(name: str) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /\n")


def test_an_unknown_line_does_not_end_a_group() -> None:
    assert not allowed("User-agent: yuqing-cli\nNoindex: /x\nUser-agent: *\nDisallow: /\n")


def test_the_longest_rule_wins_and_allow_wins_a_tie() -> None:
    assert allowed("User-agent: *\nDisallow: /\nAllow: /news/\n")
    assert allowed("User-agent: *\nDisallow: /news/\nAllow: /news/\n")
    assert not allowed("User-agent: *\nAllow: /\nDisallow: /*.html$\n")


def test_a_byte_order_mark_does_not_hide_the_first_line() -> None:
    assert not allowed(robots.decode(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"))
    assert not allowed("\ufeffUser-agent: *\nDisallow: /\n")


def test_bytes_that_are_not_utf_8_cost_only_themselves() -> None:
    text = robots.decode("# 青禾\nUser-agent: *\nDisallow: /news/\n".encode("gb18030"))
    assert not allowed(text)
    assert allowed(text, "/")


def test_only_the_first_500_kib_are_read() -> None:
    body = b"\n" * 600_000 + b"User-agent: *\nDisallow: /\n"
    assert len(robots.decode(body)) == 500 * 1024


def test_percent_encoding_does_not_matter() -> None:
    text = "User-agent: *\nDisallow: /通知/\n"
    assert not allowed(text, "/%E9%80%9A%E7%9F%A5/1")
    assert not allowed(text, "/通知/1")


def test_the_crawl_delay_is_that_of_our_group() -> None:
    assert Rules("User-agent: *\nCrawl-delay: 7\n").crawl_delay == 7.0
    assert Rules("User-agent: other\nCrawl-delay: 7\n").crawl_delay is None
    assert Rules("").crawl_delay is None


def test_a_file_holds_a_day_and_stands_in_for_a_month() -> None:
    file = RobotsFile(SITE, "", NOW)
    assert robots.is_fresh(file, NOW + timedelta(hours=23))
    assert not robots.is_fresh(file, NOW + timedelta(hours=24))
    assert robots.is_usable(file, NOW + timedelta(days=29))
    assert not robots.is_usable(file, NOW + timedelta(days=30))
    assert not robots.is_fresh(None, NOW)
    assert not robots.is_usable(None, NOW)


def test_the_cache_keeps_one_file_an_origin() -> None:
    cache = RobotsCache()
    cache.put(RobotsFile(SITE, "a", NOW))
    cache.put(RobotsFile(SITE, "b", NOW))
    found = cache.get(SITE)
    assert found is not None
    assert found.text == "b"
    assert cache.get("http://elsewhere.example") is None


def test_scheme_and_port_make_another_origin() -> None:
    assert robots.origin("HTTPS://Qinghe.example:8443/a?b") == "https://qinghe.example:8443"
    assert robots.origin("http://qinghe.example/a") != robots.origin("https://qinghe.example/a")


@given(st.text(alphabet=st.sampled_from("uUser-agent:*dDisalow/\n# $%a é"), max_size=200))
@settings(deadline=None, max_examples=100)
def test_no_file_makes_us_stumble(text: str) -> None:
    rules = Rules(text)
    assert rules.allows(SITE + "/a") in {True, False}
    assert rules.crawl_delay is None or rules.crawl_delay >= 0


def test_comments_are_not_kept() -> None:
    body = "# 联系 li@example.com\nUser-agent: * # 电话 13800138000\nDisallow: /a # b\n".encode()
    assert robots.decode(body) == "\nUser-agent: *\nDisallow: /a\n"
    assert not Rules(robots.decode(body)).allows("https://a.example/a")
