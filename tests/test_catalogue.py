"""The catalogue of public feeds that a new station starts with: every address has a stated, public origin."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import TypedDict, get_args
from urllib.parse import SplitResult, urlsplit

import pytest

from yuqing_cli.models import Tier
from yuqing_cli.sources.kinds import KINDS

TEXT = resources.files("yuqing_cli").joinpath("data", "catalogue.toml").read_text(encoding="utf-8")

CITATION = re.compile(r"\bfound on: https?://\S+")
OWN_SERVER = "on your own rsshub server"
KEYS = {"name", "kind", "url", "tier", "tags", "every", "robots"}
CONFIRMED = 40
FOREIGN = {"英文", "日文"}
"""Tags of the feeds that are not in Chinese."""


class Entry(TypedDict, total=False):
    """A [[sources]] table as the catalogue writes it."""

    name: str
    kind: str
    url: str
    tier: str
    tags: list[str]
    every: str
    robots: str


@dataclass(frozen=True, slots=True)
class Block:
    """The lines between two blank lines that hold one source: its remarks and its table."""

    remarks: str
    active: bool
    entry: Entry


def parsed(text: str) -> list[Entry]:
    entries: list[Entry] = tomllib.loads(text).get("sources", [])
    return entries


def switched_on(block: str) -> str:
    return re.sub(r"^#", "", block, flags=re.MULTILINE)


def leading_comments(text: str) -> str:
    lines = text.splitlines()
    table = next(i for i, line in enumerate(lines) if line.strip() == "[[sources]]")
    assert all(line.lstrip().startswith("#") for line in lines[:table])
    return "\n".join(lines[:table])


def blocks() -> list[Block]:
    found = []
    for raw in re.split(r"\n\s*\n", TEXT):
        active = bool(re.search(r"^\[\[sources\]\]$", raw, re.MULTILINE))
        if not active and "[[sources]]" not in raw:
            continue
        text = raw if active else switched_on(raw)
        (entry,) = parsed(text)
        found.append(Block(leading_comments(text), active, entry))
    return found


BLOCKS = blocks()
ACTIVE = [block for block in BLOCKS if block.active]
COMMENTED = [block for block in BLOCKS if not block.active]


def failing(candidates: list[Block], holds: Callable[[Block], object]) -> list[str]:
    """Return the names of the sources for which the fact does not hold, so that a failure names them all at once."""
    return [block.entry["name"] for block in candidates if not holds(block)]


def is_private(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan"))


def test_the_catalogue_holds_the_number_of_sources_that_were_confirmed() -> None:
    entries = parsed(TEXT)
    assert len(entries) == len(ACTIVE) == CONFIRMED
    assert [block.entry for block in ACTIVE] == entries


def test_names_and_addresses_are_unique_even_with_every_example_switched_on() -> None:
    for key in ("name", "url"):
        values = [block.entry.get(key) for block in BLOCKS]
        assert len(set(values)) == len(values)


def test_most_of_the_sources_are_in_chinese() -> None:
    foreign = [block for block in ACTIVE if FOREIGN & set(block.entry["tags"])]
    assert len(foreign) * 4 < len(ACTIVE)


def test_every_section_is_headed() -> None:
    heads = re.findall(r"^# -{20,} (\S+)", TEXT, re.MULTILINE)
    assert heads[:6] == ["公告", "全国媒体", "地方媒体", "天气与灾害", "召回与消费", "公共卫生"]
    assert len(heads) == 8


def test_the_three_sorts_of_entry_stand_in_their_own_sections() -> None:
    confirmed, rest = TEXT.split("未确认 / not confirmed", 1)
    doubtful, own = rest.split("自建 RSSHub 示例", 1)
    assert confirmed.count("\n[[sources]]") == CONFIRMED
    assert "\n[[sources]]" not in rest
    assert "127.0.0.1" not in confirmed + doubtful
    assert own.count("# url = ") == own.count('# url = "http://127.0.0.1:1200/') > 0


def test_a_source_uses_the_keys_of_the_settings_file() -> None:
    required = {"name", "kind", "url", "tier", "tags"}
    assert failing(BLOCKS, lambda b: required <= set(b.entry) <= KEYS) == []
    assert failing(BLOCKS, lambda b: b.entry["kind"] in KINDS) == []
    assert failing(BLOCKS, lambda b: b.entry["tier"] in get_args(Tier)) == []
    assert failing(BLOCKS, lambda b: b.entry["tags"] and all(b.entry["tags"])) == []


def test_an_interval_is_a_whole_number_of_minutes_hours_or_days() -> None:
    assert failing(BLOCKS, lambda b: re.fullmatch(r"[1-9]\d*[mhd]", b.entry.get("every", "30m"))) == []


def test_an_address_is_a_web_address_without_a_login() -> None:
    parts = {b.entry["name"]: urlsplit(b.entry["url"]) for b in BLOCKS}
    secret = re.compile(r"(?i)(api_?key|token|secret|passw(or)?d)=")
    assert failing(BLOCKS, lambda b: parts[b.entry["name"]].scheme in {"http", "https"}) == []
    assert failing(BLOCKS, lambda b: parts[b.entry["name"]].hostname) == []
    assert failing(BLOCKS, lambda b: "@" not in parts[b.entry["name"]].netloc) == []
    assert failing(BLOCKS, lambda b: not secret.search(b.entry["url"])) == []
    assert failing(BLOCKS, lambda b: b.entry["url"].isascii()) == []


def test_an_active_source_cites_its_origin_right_above() -> None:
    assert failing(ACTIVE, lambda b: CITATION.search(b.remarks)) == []


def test_an_active_source_is_on_a_public_host_and_bound_by_its_robots_txt() -> None:
    assert failing(ACTIVE, lambda b: not is_private(urlsplit(b.entry["url"]))) == []
    assert failing(ACTIVE, lambda b: "robots" not in b.entry) == []


def test_the_cited_origin_is_a_page_and_not_the_feed_itself() -> None:
    assert failing(BLOCKS, lambda b: b.entry["url"] not in re.findall(r"https?://[^\s,;()]+", b.remarks)) == []


def test_a_commented_source_cites_its_origin_or_says_that_the_server_is_ones_own() -> None:
    own = {b.entry["name"]: OWN_SERVER in b.remarks.lower() for b in COMMENTED}
    assert failing(COMMENTED, lambda b: CITATION.search(b.remarks) or own[b.entry["name"]]) == []
    assert failing(COMMENTED, lambda b: is_private(urlsplit(b.entry["url"])) == own[b.entry["name"]]) == []
    assert failing(COMMENTED, lambda b: (b.entry.get("robots") == "own") == own[b.entry["name"]]) == []


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("http://127.0.0.1:1200/x", True),
        ("http://[::1]/x", True),
        ("http://192.168.1.9/x", True),
        ("http://localhost/x", True),
        ("http://rss.lan/x", True),
        ("https://feeds.example.org/x", False),
    ],
)
def test_a_private_host_is_recognised(address: str, private: bool) -> None:
    assert is_private(urlsplit(address)) is private
