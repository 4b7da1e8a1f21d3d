from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Reading, Source
from yuqing_cli.sources.figures import parse_heat, parse_rank
from yuqing_cli.sources.json_list import MAX_ITEMS, read
from yuqing_cli.sources.json_paths import check_options, look_up
from yuqing_cli.sources.options import JsonListOptions
from yuqing_cli.sources.recipes import recipes

DATA = Path(__file__).parent / "data" / "lists"
NOW = datetime(2026, 8, 21, 4, tzinfo=UTC)
URL = "https://hot.example/list"


def reading(body: object, **options: str) -> Reading:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    source = Source("hot", "json_list", URL, options=JsonListOptions(**options))
    return read(source, Answer(Ask("hot", URL), URL, 200, {}, raw), NOW)


def refusal(body: object, **options: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reading(body, **options)
    return caught.value


def test_the_shape_of_newsnow_gives_title_address_heat_and_place() -> None:
    posts = reading((DATA / "newsnow.json").read_bytes(), shape="newsnow").posts
    assert [(p.rank, p.title, p.heat) for p in posts] == [
        (1, "青禾河大桥提前通车", 13_550_000.0),
        (2, "河西夜市凌晨两点还在排队", None),
        (3, "新生报到绿色通道", None),
    ]
    assert (posts[0].url, posts[0].guid, posts[0].text) == ("https://hot.example/t/1", "t1", "工期缩短四十天")
    assert posts[0].published is None


def test_the_list_says_how_old_it_is() -> None:
    assert reading((DATA / "newsnow.json").read_bytes(), shape="newsnow").listed_at == datetime(
        2026, 8, 21, 2, tzinfo=UTC
    )
    assert reading({"at": "2026-08-20 10:00", "l": [{"title": "甲"}]}, items="l", updated="at").listed_at == datetime(
        2026, 8, 20, 2, tzinfo=UTC
    )
    assert reading({"at": 99, "l": [{"title": "甲"}]}, items="l", updated="at").listed_at is None


def test_no_name_of_a_person_is_kept_from_a_field_that_holds_one() -> None:
    assert "名字" not in repr(reading((DATA / "newsnow.json").read_bytes(), shape="newsnow"))


def test_the_shape_of_zhihu_takes_the_identifier_that_stays() -> None:
    posts = reading((DATA / "zhihu-hot.json").read_bytes(), shape="zhihu-hot").posts
    assert [(p.guid, p.heat, p.text) for p in posts] == [
        ("Q_501", 8_130_000.0, "暑假里每天都坐满。"),
        ("Q_502", 53_000.0, ""),
    ]


def test_a_plain_array_of_titles_and_addresses_needs_no_options() -> None:
    posts = reading((DATA / "plain.json").read_bytes()).posts
    assert [(p.rank, p.title) for p in posts] == [(1, "青禾暴雨"), (2, "县医院新楼启用")]
    assert posts[1].url == "https://hot.example/weibo?q=2"


def test_items_may_be_plain_strings() -> None:
    posts = reading({"words": ["停水", "断电"]}, items="words", url_template="https://s.example/?q={title}").posts
    assert [(p.title, p.url) for p in posts] == [
        ("停水", "https://s.example/?q=%E5%81%9C%E6%B0%B4"),
        ("断电", "https://s.example/?q=%E6%96%AD%E7%94%B5"),
    ]


def test_a_template_makes_the_address_and_escapes_what_it_is_given() -> None:
    options = {"title": "w", "guid": "i", "url_template": "https://s.example/t/{guid}?q={title}"}
    (post,) = reading([{"w": "水&电?", "i": "a/b"}], **options).posts
    assert post.url == "https://s.example/t/a%2Fb?q=%E6%B0%B4%26%E7%94%B5%3F"
    (post,) = reading([{"w": "水"}], title="w", url_template="https://s.example/t/{guid}").posts
    assert (post.url, post.row) == ("", "水")


def test_ranks_are_read_where_they_are_given_and_left_out_where_they_mean_nothing() -> None:
    items = [{"title": "甲", "n": "置顶"}, {"title": "乙", "n": "第1名"}, {"title": "丙", "n": 2}]
    assert [p.rank for p in reading(items, rank="n").posts] == [None, 1, 2]
    assert [p.rank for p in reading(items, rank="off").posts] == [None] * 3


def test_an_item_without_a_title_keeps_its_place_in_the_count() -> None:
    assert [p.rank for p in reading([{"title": "甲"}, {"x": 1}, None, {"title": "丁"}]).posts] == [1, 4]


def test_dates_are_read_in_the_zone_of_the_source_and_counted_where_they_cannot_be() -> None:
    found = reading([{"title": "甲", "d": "2026-08-20 08:00"}, {"title": "乙", "d": "2099-01-01"}], date="d")
    assert [p.published for p in found.posts] == [datetime(2026, 8, 20, tzinfo=UTC), None]
    assert found.refused_dates == 1


def test_markup_in_titles_and_summaries_becomes_text() -> None:
    (post,) = reading([{"title": "<em>停水</em>通知", "s": "<p>一</p><p>二</p>"}], summary="s").posts
    assert (post.title, post.text) == ("停水通知", "一\n二")


def test_a_javascript_address_is_no_address() -> None:
    (post,) = reading([{"title": "甲", "url": "javascript:alert(1)"}]).posts
    assert post.url == ""


def test_a_path_that_finds_nothing_in_any_item_is_named() -> None:
    error = refusal([{"title": "甲"}], heat="stat.view")
    assert (error.kind, error.values) == ("soft", {"field": "heat", "path": "stat.view"})
    assert refusal([{"word": "甲"}], title="name").values["field"] == "title"
    assert refusal({"data": {}}, items="data.list").values == {"path": "data.list"}


def test_what_only_some_items_have_is_no_fault() -> None:
    assert [p.heat for p in reading([{"title": "甲", "h": 3}, {"title": "乙"}], heat="h").posts] == [3.0, None]


def test_an_empty_hot_list_is_a_failure_and_an_empty_list_of_ones_own_is_not() -> None:
    assert refusal({"data": []}, shape="zhihu-hot").kind == "soft"
    assert reading({"rows": []}, items="rows", title="t").posts == ()


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"[" * 100_000, b"[" + b"9" * 5_000 + b"]", b"null", b"cb("])
def test_what_is_no_json_list_is_a_soft_failure(body: bytes) -> None:
    assert refusal(body).kind == "soft"


def test_jsonp_is_unwrapped() -> None:
    assert [p.title for p in reading(b'jQuery_12({"l": [{"title": "a"}]});', items="l").posts] == ["a"]


def test_text_that_arrived_broken_is_a_hard_failure() -> None:
    broken = "青禾县人民医院门诊时间调整".encode().decode("gb18030", "replace")
    assert refusal([{"title": broken}] * 3).kind == "hard"


def test_a_list_without_end_is_cut() -> None:
    assert len(reading([{"title": f"t{n}"} for n in range(MAX_ITEMS + 500)]).posts) == MAX_ITEMS


@pytest.mark.parametrize(
    ("text", "heat"),
    [
        ("1355 万热度", 13_550_000), ("23.4万", 234_000), ("1.2亿", 120_000_000), ("热度 8,812", 8_812), ("8812", 8_812),
        (8812, 8_812), (1.5, 1.5), ("３４５萬", 3_450_000), ("12.5w+", 125_000), ("3k 讨论", 3_000), ("2千万次播放", 20_000_000),
        ("热度累计中", None), ("", None), (None, None), (True, None), (-3, None), ("-3", None), ("85%", None), ("3/10", None),
        ("12万阅读 45讨论", None), ("2026-08-21", None), (float("nan"), None), (10**400, None), ("9" * 100, None), ([1], None),
    ],
)  # fmt: skip
def test_heat_is_a_number_or_nothing(text: object, heat: float | None) -> None:
    assert parse_heat(text) == (None if heat is None else pytest.approx(heat))


@given(st.integers(0, 10**12))
@settings(deadline=None, max_examples=100)
def test_heat_reads_back_every_number_however_it_is_grouped(number: int) -> None:
    assert parse_heat(str(number)) == parse_heat(f"{number:,} 热度") == parse_heat(number) == number


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("1", 1),
        ("12.", 12),
        ("第3名", 3),
        ("No.7", 7),
        ("TOP10", 10),
        (4, 4),
        ("置顶", None),
        (0, None),
        (True, None),
        ("1-2", None),
    ],
)
def test_a_rank_is_counted_from_one(text: object, rank: int | None) -> None:
    assert parse_rank(text) == rank


def test_paths_go_through_objects_and_arrays() -> None:
    document = {"data": {"cards": [{"content": [1, 2]}]}}
    assert look_up(document, "data.cards[0].content[1]") == 2
    assert look_up(document, "") is document
    for path in ("data.cards[3].content", "data.x.y", "data[0]", "data.cards.content"):
        assert look_up(document, path) is None


@given(st.text(alphabet="ab.[]0", max_size=12))
@settings(deadline=None, max_examples=100)
def test_no_path_whatsoever_makes_the_look_up_fail(path: str) -> None:
    look_up({"a": [{"b": [0]}], "b": "a"}, path)


def test_faults_of_the_options_are_found_all_at_once() -> None:
    options = JsonListOptions(shape="newsnw", items="data..list", heat="x[a]", url_template="https://s.example/{titel}")
    assert [fault.field for fault in check_options(options)] == ["shape", "items", "heat", "url_template"]
    assert dict(check_options(options)[0].values)["near"] == "newsnow"
    assert (
        check_options(JsonListOptions(rank="off", items="[0].list", url_template="https://s.example/?q={title}")) == []
    )


@pytest.mark.parametrize(
    "template", ["ftp://x/{title}", "{title}", "https://x/", "https://x/{title!r}", "https://x/{", "{0}"]
)
def test_a_template_is_an_address_with_a_known_hole(template: str) -> None:
    assert [fault.field for fault in check_options(JsonListOptions(url_template=template))] == ["url_template"]


@pytest.mark.parametrize("shape", sorted(recipes("json_list")))
def test_every_ready_shape_is_made_of_valid_options(shape: str) -> None:
    assert check_options(JsonListOptions(**recipes("json_list")[shape])) == []
