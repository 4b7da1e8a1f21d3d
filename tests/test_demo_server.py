"""The fictional town: what its feeds are made of, and what the loopback server answers."""

from __future__ import annotations

import http.client
import json
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.adapters.demo_server import DemoServer
from yuqing_cli.adapters.demo_server.feeds import feed_bytes
from yuqing_cli.adapters.demo_server.town import DemoSource, moment, town

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 17, 15, 40, 12, 345678, tzinfo=ZONE)
TOWN = {source.folder: source for source in town(NOW)}
HEALTHY = sorted(TOWN.keys() - {"badsite"})
CAPITALS = re.compile(
    "北京|天津|石家庄|太原|呼和浩特|沈阳|长春|哈尔滨|上海|南京|杭州|合肥|福州|南昌|济南|郑州|武汉|长沙|广州|南宁|海口|"
    "重庆|成都|贵阳|昆明|拉萨|西安|兰州|西宁|银川|乌鲁木齐|台北|臺北|香港|澳门"
)


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(NOW) as running:
        yield running


def get(server: DemoServer, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path, headers={key.replace("_", "-"): value for key, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def texts(source: DemoSource) -> str:
    return source.name + "".join(item.title + "".join(item.paragraphs) for item in source.items)


def document(folder: str, wave: int = 1) -> bytes:
    return feed_bytes(TOWN[folder], wave, "http://127.0.0.1:1")


def main_story(now: datetime) -> list[datetime]:
    posts = [item for source in town(now) for item in source.published(1) if not source.disallow]
    return [post.at for post in posts if re.search("水发黄|黄水|水.?發黃", post.title + post.paragraphs[0])]


def test_the_town_has_fourteen_sources_in_four_formats_and_four_tiers() -> None:
    assert len(TOWN) == 14
    assert {source.format for source in TOWN.values()} == {"rss", "rdf", "atom", "json"}
    assert {source.tier for source in TOWN.values()} == {"official", "media", "trade", "community"}
    assert 120 <= sum(len(source.published(1)) for source in TOWN.values()) <= 150


@pytest.mark.parametrize("folder", HEALTHY)
def test_every_feed_decodes_in_its_charset_and_holds_every_title(folder: str) -> None:
    source = TOWN[folder]
    text = document(folder).decode(source.charset)
    whole = [item for item in source.published(1) if item.guid != "c04"]  # JSON escapes the control characters of c04
    for item in whole:
        assert item.title.replace("<", "&lt;").replace(">", "&gt;").split("&")[0] in text


@pytest.mark.parametrize("folder", sorted(set(HEALTHY) - {"oldsite", "consumer"}))
def test_every_feed_but_the_old_site_is_well_formed(folder: str) -> None:
    text = document(folder).decode(TOWN[folder].charset).split("\n", 1)[1]
    root = ET.fromstring(text)
    items = [element for element in root.iter() if element.tag.rpartition("}")[2] in {"item", "entry"}]
    assert len(items) == len(TOWN[folder].published(1))


def test_the_json_feed_is_json_with_the_escape_character_intact() -> None:
    feed = json.loads(document("consumer"))
    assert any("\x1b[31m" in item["title"] for item in feed["items"])


def test_the_paper_says_gb2312_and_holds_characters_that_only_gb18030_has() -> None:
    body = document("daily")
    assert b'encoding="gb2312"' in body
    assert {"㐀", "镕", "堃"} <= set(body.decode("gb18030"))
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_the_sister_town_writes_traditional_characters_in_big5() -> None:
    assert "青禾縣自來水發黃" in document("zhutian").decode("big5")


def test_the_old_site_is_ill_formed_in_all_the_ways_it_claims() -> None:
    body = document("oldsite")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    text = body.decode("gb18030")
    assert 'encoding="utf-8"' in text
    assert "收费&代收费" in text
    assert text.rindex("末条") > text.rindex("<item>")
    assert "</item>" not in text[text.rindex("末条") :]
    assert re.search(r"<pubDate>2026-06-\d\d \d\d:\d\d:\d\d</pubDate>", text)


def test_the_bad_site_answers_503_with_a_page(server: DemoServer) -> None:
    status, headers, body = get(server, "/badsite/feed.xml")
    assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert b"<h1>503</h1>" in body


def test_robots_txt_forbids_the_one_folder(server: DemoServer) -> None:
    assert get(server, "/robots.txt")[2] == b"User-agent: *\nDisallow: /linxi/\n"


@pytest.mark.parametrize("folder", HEALTHY)
def test_an_entity_tag_sent_back_gives_304_without_a_body(server: DemoServer, folder: str) -> None:
    status, headers, _ = get(server, TOWN[folder].path)
    assert status == 200
    again = get(server, TOWN[folder].path, If_None_Match=f'"other", W/{headers["etag"]}')
    assert (again[0], again[2]) == (304, b"")
    assert again[1]["etag"] == headers["etag"]


def test_a_date_counts_only_where_no_entity_tag_was_sent(server: DemoServer) -> None:
    path = TOWN["forum"].path
    stamp = get(server, path)[1]["last-modified"]
    assert parsedate_to_datetime(stamp) == TOWN["forum"].published(1)[0].at
    assert get(server, path, If_Modified_Since=stamp)[0] == 304
    assert get(server, path, If_Modified_Since=stamp, If_None_Match='"other"')[0] == 200
    assert get(server, path, If_Modified_Since="yesterday")[0] == 200


def test_every_link_of_every_readable_source_leads_to_a_page_with_the_whole_text(server: DemoServer) -> None:
    for source in TOWN.values():
        for item in source.published(1):
            answer = server.answer(item.path)
            assert answer.status == 200
            charset = TOWN[item.path.split("/")[1]].charset
            if item.path.startswith(f"/{source.folder}/"):
                page = answer.body.decode(charset)
                assert all(text.replace("&", "&amp;") in page for text in item.paragraphs)


def test_two_sources_share_one_address_where_one_forwards_the_other(server: DemoServer) -> None:
    shared = {item.path for item in TOWN["fabu"].items} & {item.path for item in TOWN["water"].items}
    assert shared == {"/water/w07.html"}


def test_requests_are_logged_with_their_status_and_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    with DemoServer(NOW) as server:
        get(server, "/water/feed.xml?page=1")
        get(server, "/nowhere")
        assert server.requests == [("/water/feed.xml", 200), ("/nowhere", 404)]
    assert capfd.readouterr() == ("", "")


def test_one_connection_serves_many_requests(server: DemoServer) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    for path in ("/robots.txt", "/", "/water/feed.xml"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, len(answer.read()) > 0) == (200, True)
    connection.close()


def test_the_sources_are_tables_for_the_settings(server: DemoServer) -> None:
    tables = tomllib.loads(server.sources())["sources"]
    assert len(tables) == 14
    assert all(set(table) == {"name", "kind", "url", "tier", "tags", "every"} for table in tables)
    assert all(table["url"].startswith(server.url + "/") and table["kind"] == "feed" for table in tables)
    assert tables[0]["tier"] == "official"
    assert len({table["name"] for table in tables}) == 14


def test_the_second_wave_brings_the_answers_and_changes_only_their_sources() -> None:
    with DemoServer(NOW) as server:
        before = {folder: get(server, TOWN[folder].path)[1]["etag"] for folder in HEALTHY}
        assert get(server, "/gov/g12.html")[0] == 404
        server.wave = 2
        changed = {f for f in HEALTHY if get(server, TOWN[f].path, If_None_Match=before[f])[0] == 200}
        assert get(server, "/gov/g12.html")[0] == 200
    assert changed == {"gov", "fabu", "water", "daily", "forum"}


def test_the_second_wave_rewrites_a_headline_under_its_old_guid() -> None:
    first, second = ({i.guid: i for i in TOWN["daily"].published(wave)} for wave in (1, 2))
    assert first.keys() == second.keys()
    assert first["d01"].title != second["d01"].title
    assert first["d01"].at == second["d01"].at


@settings(deadline=None, max_examples=20)
@given(st.timedeltas(timedelta(), timedelta(days=3650)))
def test_no_item_is_ever_dated_after_now_or_more_than_three_days_before_midnight(later: timedelta) -> None:
    now = NOW + later
    midnight = datetime.combine(now.date(), time(), ZONE)
    for source in town(now):
        assert all(midnight - timedelta(days=3) <= item.at <= now for item in source.items)


@pytest.mark.parametrize(("hour", "minute"), [(0, 20), (3, 0), (9, 0), (15, 40), (23, 59)])
def test_the_main_story_has_many_posts_today_at_any_hour(hour: int, minute: int) -> None:
    now = NOW.replace(hour=hour, minute=minute)
    dates = main_story(now)
    assert sum(at.date() == now.date() for at in dates) >= 12
    assert sum(at.date() == now.date() - timedelta(days=1) for at in dates) == 2


def test_the_main_story_starts_in_the_forum_and_the_copy_names_its_source() -> None:
    story = sorted(
        (i.at, f)
        for f in ("forum", "daily", "evening", "hexi")
        for i in TOWN[f].items
        if re.search("水.*黄|黄.*水", i.title)
    )
    assert [folder for _, folder in story[:2]] == ["forum", "forum"]
    copy = next(item for item in TOWN["evening"].items if item.guid == "e01")
    assert copy.paragraphs[-1] == "（来源：青禾日报）"


def test_a_time_may_be_a_share_of_today_or_a_clock_time_of_an_earlier_day() -> None:
    assert moment("100%", NOW) == NOW.replace(microsecond=0)
    assert moment("0%", NOW) == (NOW - timedelta(hours=14)).replace(microsecond=0)
    assert moment("0%", NOW.replace(hour=8)) == NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert moment("-2d 07:05", NOW) == datetime(2026, 6, 15, 7, 5, tzinfo=ZONE)
    with pytest.raises(ValueError, match="not a time of the demo"):
        moment("-95m", NOW)


def test_the_same_now_gives_the_same_bytes_in_whatever_zone_it_is_written() -> None:
    again = {source.folder: source for source in town(NOW.astimezone(UTC))}
    for folder in HEALTHY:
        assert feed_bytes(again[folder], 1, "http://127.0.0.1:1") == document(folder)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DemoServer(NOW.replace(tzinfo=None))


def test_the_address_is_not_there_before_the_server_runs() -> None:
    with pytest.raises(RuntimeError):
        _ = DemoServer(NOW).url


def test_no_real_place_is_named_and_no_hole_is_left() -> None:
    everything = "".join(map(texts, TOWN.values()))
    assert not CAPITALS.search(everything)
    assert "{" not in everything


def test_there_is_something_to_mask_and_something_to_leave() -> None:
    forum = texts(TOWN["forum"])
    for private in ("13800001234", "daoxiang@example.com", "青Z0X123", "4号楼2单元602室", "0320-5550123"):
        assert private in forum
    assert "12345" in forum
    mobiles = re.findall(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}", "".join(map(texts, TOWN.values())))
    assert mobiles
    assert all(re.sub(r"\D", "", number).startswith("1380000") for number in mobiles)


def test_one_forum_title_carries_everything_that_must_be_shown_harmlessly() -> None:
    title = next(item.title for item in TOWN["forum"].items if item.guid == "f23")
    for hostile in ("\u009b31m", "[bold red]", "<script>", "=HYPERLINK(", "\u202e"):
        assert hostile in title


def test_authors_stand_only_where_the_format_has_a_place_for_them() -> None:
    for folder in HEALTHY:
        source = TOWN[folder]
        if source.author:
            text = document(folder).decode(source.charset)
            assert text.count(source.author) == text.count(f"<dc:creator>{source.author}</dc:creator>") > 0


def test_every_guid_and_source_file_is_used_once() -> None:
    guids = [item.guid for source in TOWN.values() for item in source.published(2)]
    assert len(set(guids)) == len(guids)
    names = {file.name for file in files("yuqing_cli").joinpath("data", "demo", "sources").iterdir()}
    assert names == {f"{folder}.toml" for folder in TOWN}


def test_the_towns_own_pack_names_its_units_once_each() -> None:
    pack = tomllib.loads(files("yuqing_cli").joinpath("data", "demo", "us.toml").read_text("utf-8"))
    names = [name for subject in pack["subjects"] for name in subject["any"]]
    assert pack["pack"] == {"name": "us", "title": "青禾县", "version": "1"}
    assert len(set(names)) == len(names)
    everything = "".join(map(texts, TOWN.values()))
    assert all(any(name in everything for name in subject["any"]) for subject in pack["subjects"])
