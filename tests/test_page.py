from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Reading, Source
from yuqing_cli.sources.options import PageOptions
from yuqing_cli.sources.page import read
from yuqing_cli.sources.page_items import MAX_ITEMS
from yuqing_cli.sources.page_select import check_options
from yuqing_cli.sources.page_title import worth
from yuqing_cli.sources.recipes import recipes

DATA = Path(__file__).parent / "data" / "pages"
NOW = datetime(2026, 8, 21, 4, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
URL = "https://www.qinghe.example/list/"


def reading(body: str | bytes, *, depth: int = 0, url: str = URL, **options: Any) -> Reading:
    raw = body.encode() if isinstance(body, str) else body
    source = Source("page", "page", URL, options=PageOptions(**options))
    return read(source, Answer(Ask("page", url, depth=depth), url, 200, {}, raw), NOW)


def fixture(name: str, **options: Any) -> Reading:
    return reading((DATA / f"{name}.html").read_bytes(), **options)


def rows(found: Reading) -> list[str]:
    """Day and title, in the order of the page."""
    return [f"{p.published.astimezone(CHINA):%m-%d} {p.title}" if p.published else p.title for p in found.posts]


def days(found: Reading) -> list[str]:
    return [f"{p.published.astimezone(CHINA):%m-%d}" if p.published else "" for p in found.posts]


def refusal(body: str, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reading(body, **options)
    return caught.value


FOUND_BY_THEMSELVES = {
    "gov": [
        "08-20 关于青禾县城区部分路段8月21日夜间停水的通知（含河西街道、新禾街道）",
        "08-19 青禾县2026年秋季学期义务教育入学公告",
        "08-18 关于做好强降雨防范工作的紧急通知",
        "08-15 青禾河大桥维修期间交通管制通告",
        "08-12 2026年度城市低保金发放情况公示",
        "08-10 青禾县城市管理局招标公告",
    ],
    "table": [
        "08-19 小区二次供水水箱多年没有清洗",
        "08-18 建设路夜间施工噪音扰民",
        "08-17 河西农贸市场占道经营",
        "08-17 咨询新生儿医保参保流程",
    ],
    "cards": [
        "08-21 青禾县启动防汛二级应急响应",
        "08-20 秋粮收购首日：农户卖粮不排队",
        "08-18 老城区雨污分流改造完成九成",
    ],
    "wrapped": [
        "08-20 青禾湿地发现两窝震旦鸦雀",
        "08-18 县图书馆延长暑期开放时间",
        "08-02 自来水公司公布水质检测结果",
    ],
    "flat": [
        "08-20 青禾二中食堂整改情况说明",
        "08-19 关于校车线路调整的家长信",
        "08-17 新学期报到须知与缴费办法",
        "08-11 暑期防溺水告全县家长书",
    ],
    "definition": [
        "08-20 青禾北站改造期间乘车提示",
        "08-19 城际公交票价听证会公告",
        "08-12 国道绕城段限行货车的通告",
    ],
    "hanweb": [
        "08-20 青禾县卫健局关于近期流感就诊的提示",
        "08-14 县疾控中心疫苗接种门诊调整公告",
        "08-03 医疗机构校验结果公示（第三批）",
    ],
    "discuz": [
        "01-05 青禾论坛发帖规则（新人必读）",
        "08-21 阳光花园停电三天了有人管吗",
        "08-20 河西小学门口放学堵车怎么办",
        "08-19 自来水有股怪味大家注意",
    ],
    "phpwind": ["08-20 中心医院停车场收费不合理", "08-18 东门菜场搬迁后买菜难"],
    "dedecms": ["08-20 供热管网检修进入收尾阶段", "08-18 老旧小区加装电梯补贴细则公布"],
}


@pytest.mark.parametrize("name", sorted(FOUND_BY_THEMSELVES))
def test_the_list_of_a_page_is_found_without_selectors(name: str) -> None:
    assert rows(fixture(name)) == FOUND_BY_THEMSELVES[name]


@pytest.mark.parametrize(
    ("name", "recipe"),
    [("gov", "gov-list"), ("table", "table-list"), ("cards", "card-list"), ("hanweb", "hanweb"), ("discuz", "discuz")],
)
def test_a_recipe_reads_the_same_as_the_eye(name: str, recipe: str) -> None:
    assert rows(fixture(name, recipe=recipe)) == FOUND_BY_THEMSELVES[name]


def test_recipes_of_old_systems_read_their_default_templates() -> None:
    assert rows(fixture("phpwind", recipe="phpwind")) == [
        "08-20 中心医院停车场收费不合理",
        "08-18 东门菜场搬迁后买菜难",
    ]
    found = fixture("dedecms", recipe="dedecms")
    assert rows(found) == ["08-20 供热管网检修进入收尾阶段", "08-18 老旧小区加装电梯补贴细则公布"]
    assert found.posts[0].text == "热力公司表示，十月中旬前全部管段可以升温试压。"


def listed(item: str, *, before: str = "", after: str = "") -> list[str]:
    """What is found of a list of four items, each ``item`` with {n}, {title} and {day} filled in."""
    titles = ("河西片区老旧管网改造动工", "县博物馆暑期延时开放", "建筑工地高温错峰施工", "新禾大道绿化通过验收")
    filled = [item.format(n=n, title=title, day=f"2026-08-{10 + n}") for n, title in enumerate(titles, 1)]
    return rows(reading(f"<html><body>{before}<ul>{''.join(filled)}</ul>{after}</body></html>"))


FOUR = [
    "08-11 河西片区老旧管网改造动工",
    "08-12 县博物馆暑期延时开放",
    "08-13 建筑工地高温错峰施工",
    "08-14 新禾大道绿化通过验收",
]


@pytest.mark.parametrize(
    "item",
    [
        "<li><a href=/a/{n}><b>{title}</b><time>{day}</time></a></li>",
        "<li><a href=/a/{n}><span>{day}</span>{title}</a></li>",
        "<li><a href=/a/{n}><em>{n}</em><span>{title}</span><i>12评</i><span>{day}</span></a></li>",
        "<li><a href=/a/{n}><span>{day}</span><h3>{title}</h3><p>具体事项由三个单位负责，可以拨打热线询问。</p></a></li>",
    ],
)
def test_a_headline_and_its_date_in_one_link_are_told_apart(item: str) -> None:
    assert listed(item) == FOUR


@pytest.mark.parametrize(
    "item",
    [
        "<li><p><a href=/q/{n}>{title}</a> {day}</p><p>答：<a href=/q/{n}#reply>县消防救援大队第{n}号书面答复</a></p></li>",
        "<li><a href=/q/{n}>{title}</a><a href=/office/{n}>县住房和城乡建设局第{n}科室</a><i>{day}</i></li>",
        "<li><h4><a href=/q/{n}>{title}</a></h4><a href=/u/{n}>河边看水的老丁和他的第{n}个邻居</a> {day}</li>",
        "<table><tr><td><a href=/q/{n}>{title}</a><td><a href=/kind/{n}>城乡建设和环境保护第{n}类<td>{day}</tr></table>",
    ],
)
def test_answers_offices_people_and_categories_beside_a_post_are_no_posts(item: str) -> None:
    assert listed(item) == FOUR


def test_a_lead_story_of_its_own_template_comes_with_the_list() -> None:
    lead = (
        "<div><h2><a href=/a/99>青禾至柳湾城际公交试运行</a></h2></div><h2><a href=/about>青禾县融媒体中心简介</a></h2>"
    )
    assert listed("<li><a href=/a/{n}>{title}</a> {day}</li>", before=lead) == ["青禾至柳湾城际公交试运行", *FOUR]


def test_related_articles_are_no_list() -> None:
    body = "".join(f"<li><a href=/a/{n}>河西泵站检修批次表第{n}批</a> 2026-08-1{n}</li>" for n in range(5))
    assert "no list was found" in str(refusal(f"<h1>停水通知</h1><h4>相关阅读</h4><ul>{body}</ul>"))


def test_very_short_titles_are_a_ranking_where_they_are_numbered_and_a_menu_elsewhere() -> None:
    words = ("停水", "中考放榜", "台风路径", "公交改线", "夜市")
    menu = "".join(f"<li><a href=/s/{n}>{word}</a></li>" for n, word in enumerate(words, 1))
    ranking = "".join(f"<li><i>{n}</i><a href=/s/{n}>{word}</a></li>" for n, word in enumerate(words, 1))
    assert "no list was found" in str(refusal(f"<ul>{menu}</ul>"))
    found = reading(f"<html><body><ul>{ranking}</ul></body></html>").posts
    assert [(post.rank, post.title) for post in found] == list(enumerate(words, 1))


def test_headlines_in_the_columns_of_a_table_are_one_list() -> None:
    cells = [f"<td><a href=/a/{n}>县城排水防涝规划第{n}次公示</a></td>" for n in range(8)]
    body = "".join(f"<tr>{''.join(cells[n : n + 2])}</tr>" for n in range(0, 8, 2))
    assert len(reading(f"<html><body><table>{body}</table></body></html>").posts) == 8


def test_a_page_without_a_list_is_a_soft_failure() -> None:
    with pytest.raises(SourceError, match="no list was found") as caught:
        fixture("nothing")
    assert caught.value.kind == "soft"


@pytest.mark.parametrize("name", ["cards", "discuz", "phpwind"])
def test_no_name_of_a_person_is_kept(name: str) -> None:
    text = repr(fixture(name))
    people = "禾苗儿 小小的米 老张 邻居的昵称 管理员 家长朋友 县民代表 最后回复 阿姨们 /user/ space-uid"
    for person in people.split():
        assert person not in text


def test_addresses_are_absolute_by_the_base_of_the_page() -> None:
    assert fixture("cards").posts[0].url == "https://news.example/n/501.html"
    assert fixture("gov").posts[0].url == "https://www.qinghe.example/list/202608/t20260820_101.html"
    assert (
        fixture("gov", url="https://new.example/a/").posts[0].url == "https://new.example/a/202608/t20260820_101.html"
    )


def test_the_text_of_a_card_comes_along() -> None:
    assert fixture("cards").posts[1].text == "新建的三条烘干线同时开机，农户说，今年从进门到拿钱不到一个小时。"


LIST = """<ul class="l">
<li class="i"><a class="t" href="/a/1" title="第一条新闻的完整标题">第一条新闻…</a><i data-at="2026-08-20 10:00">昨天</i>
<p>摘要<b>一</b></p><u>第1名</u><s>3.2万</s></li>
<li class="i"><a class="t" href="/a/2">第二条</a><i data-at="2099-01-01">以后</i><p></p><u>2</u><s>-</s></li>
</ul><a class="n" href="?p=2">后面</a>"""


def test_selectors_name_every_part() -> None:
    found = reading(
        LIST,
        item="li.i",
        title="a.t",
        link="a.t@href",
        date="i@data-at",
        summary="p",
        rank="u",
        heat="s",
        next="a.n",
        pages=2,
    )
    first, second = found.posts
    assert (first.title, first.url, first.text) == ("第一条新闻的完整标题", "https://www.qinghe.example/a/1", "摘要一")
    assert (first.rank, first.heat, first.published) == (1, 32_000.0, datetime(2026, 8, 20, 2, tzinfo=UTC))
    assert (second.rank, second.heat, second.published, found.refused_dates) == (2, None, None, 1)
    assert [(ask.url, ask.purpose, ask.depth) for ask in found.asks] == [
        ("https://www.qinghe.example/list/?p=2", "next", 1)
    ]


@pytest.mark.parametrize("options", [{"item": "li.i"}, {"title": "a.t"}, {"link": "a.t@href"}, {"title": "h9 a | a.t"}])
def test_one_selector_is_enough(options: dict[str, Any]) -> None:
    assert [(p.title, p.url[-4:]) for p in reading(LIST, **options).posts] == [
        ("第一条新闻的完整标题", "/a/1"),
        ("第二条", "/a/2"),
    ]


def test_the_item_itself_may_be_the_link() -> None:
    found = reading('<a class="x" href="/1">甲</a><a class="x" href="/2">乙</a>', item="a.x", link="@href")
    assert [(p.title, p.url[-2:]) for p in found.posts] == [("甲", "/1"), ("乙", "/2")]


def test_items_without_an_address_are_told_apart_by_their_title() -> None:
    found = reading("<p class=w>停水</p><p class=w>断电</p>", item=".w", title=".w")
    assert [(p.title, p.url, p.row) for p in found.posts] == [("停水", "", "停水"), ("断电", "", "断电")]


@pytest.mark.parametrize("field", ["item", "title", "link", "date", "summary", "rank", "heat"])
def test_a_selector_that_finds_nothing_is_named(field: str) -> None:
    error = refusal(LIST, **{"item": "li.i", field: ".gone"})
    assert (error.kind, error.values) == ("soft", {"field": field, "selector": ".gone"})


def test_the_next_selector_may_find_nothing_since_the_last_page_has_none() -> None:
    assert reading(LIST, item="li.i", next=".gone", pages=3).asks == ()


def test_the_next_page_is_found_by_what_it_is_called() -> None:
    assert [ask.url for ask in fixture("gov", pages=2).asks] == ["https://www.qinghe.example/list/index_2.html"]
    assert fixture("gov").asks == ()


def test_no_more_pages_are_asked_for_than_are_wanted() -> None:
    assert len(fixture("gov", pages=3, depth=1).asks) == 1
    assert fixture("gov", pages=3, depth=2).asks == ()
    assert fixture("gov", pages=99, depth=4).asks == ()


@pytest.mark.parametrize(
    "href", ["https://other.example/p2", "javascript:next()", "", URL, "#p2", "ftp://www.qinghe.example/x"]
)
def test_the_next_page_is_another_one_on_the_same_host(href: str) -> None:
    body = LIST.replace('href="?p=2"', f'href="{href}"')
    assert reading(body, item="li.i", next="a.n", pages=2).asks == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("<i>2026-08-20</i>", "08-20"), ("<time datetime='2026-08-19T10:00:00+08:00'>前些日子</time>", "08-19"),
        ("<i>20</i><i>2026-08</i>", "08-20"), ("<i>08-20</i><i>2026</i>", "08-20"), ("[08-20]", "08-20"), ("3小时前", "08-21"),
        ("<i>10:22</i>", ""), ("<i>1355</i>", ""), ("", ""), ("<i>2099-01-01</i>", ""),
    ],
)  # fmt: skip
def test_a_date_is_looked_for_in_the_item(written: str, day: str) -> None:
    body = "".join(f"<li><a href=/{n}>青禾县第{n}号停水通知公告</a>{written}</li>" for n in range(6))
    assert set(days(reading(f"<ul>{body}</ul>"))) == {day}


def test_a_date_that_only_few_items_have_is_none() -> None:
    body = "".join(
        f"<li><a href=/{n}>青禾县第{n}号停水通知公告</a><i>{'12/30' if n == 3 else '7/120'}</i></li>" for n in range(6)
    )
    assert set(days(reading(f"<ul>{body}</ul>"))) == {""}


def test_the_day_in_the_address_counts_where_the_page_shows_none() -> None:
    body = "".join(f"<li><a href=/2026/08/1{n}/c{n}.html>青禾县第{n}号停水通知公告</a></li>" for n in range(5))
    assert days(reading(f"<ul>{body}</ul>")) == [f"08-1{n}" for n in range(5)]


def test_a_date_in_the_headline_is_not_the_date_of_the_post() -> None:
    body = "".join(f"<li><a href=/{n}>关于青禾县停水的通知（2026-08-0{n}）</a></li>" for n in range(1, 7))
    assert set(days(reading(f"<ul>{body}</ul>"))) == {""}


def test_friendly_links_are_no_list() -> None:
    links = "".join(f"<li><a href=https://h{n}.example/>中国青禾第{n}行业信息网站</a></li>" for n in range(30))
    assert refusal(f"<ul>{links}</ul>").kind == "soft"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('{"a": 1}', "json_list"),
        ('<?xml version="1.0"?><rss version="2.0"></rss>', '"feed"'),
        ("", "empty"),
        ("   ", "empty"),
    ],
)
def test_what_is_no_page_is_told_apart(body: str, word: str) -> None:
    assert word in str(refusal(body))


def test_a_page_in_gbk_is_read() -> None:
    body = (DATA / "gov.html").read_text(encoding="utf-8").replace('"utf-8"', '"gb2312"').encode("gb18030")
    found = reading(body)
    assert (rows(found), found.charset) == (FOUND_BY_THEMSELVES["gov"], "gb18030")


def test_text_that_arrived_broken_is_a_hard_failure() -> None:
    broken = "青禾县人民医院门诊时间调整公告".encode().decode("gb18030", "replace")
    body = "".join(f"<li><a href=/{n}>{broken}</a></li>" for n in range(6))
    assert refusal(body, item="li").kind == "hard"


def test_faults_of_the_options_are_found_when_they_are_read() -> None:
    options = PageOptions(item="li[", title="a..b", link="a@href", article="div >", pages=9, recipe="discus")
    assert [fault.field for fault in check_options(options)] == ["item", "title", "article", "pages", "recipe"]
    assert dict(check_options(options)[-1].values)["near"] == "discuz"
    assert check_options(PageOptions(item="@href"))[0].field == "item"
    assert check_options(PageOptions(article="auto", link="@href", date="time@datetime | .d")) == []


def test_a_selector_that_the_parser_half_understands_is_refused() -> None:
    assert check_options(PageOptions(item="li:has(> :is(span, em))"))[0].field == "item"
    assert check_options(PageOptions(item=":is(li, tr):has(span, em)")) == []


@pytest.mark.parametrize("recipe", sorted(recipes("page")))
def test_every_recipe_is_made_of_valid_options(recipe: str) -> None:
    options: dict[str, Any] = dict(recipes("page")[recipe])
    assert check_options(PageOptions(**options)) == []


def test_a_headline_is_worth_more_than_a_menu() -> None:
    assert worth("首页") == worth("Home") == worth("查看更多内容") == 0
    assert worth("关于停水的通知") < worth("关于青禾县城区停水的通知") == 1
    assert worth("字" * 200) < 0.5


def test_a_list_without_end_is_cut() -> None:
    body = "".join(f"<li><a href=/{n}>青禾县第{n}号停水通知公告</a></li>" for n in range(MAX_ITEMS + 100))
    assert len(reading(body, item="li").posts) == MAX_ITEMS


def test_items_nested_without_end_are_read_once() -> None:
    body = "<div class=i>" * 500 + "<a href=/1>标题一</a>" * 3 + "</div>" * 500
    assert len(reading(body, item=".i").posts) == 1


PARTS = (
    "<li>",
    "</li>",
    "<a href=/1>",
    "</a>",
    "<a href=//[>",
    "青禾县停水通知公告",
    "2026-08-20",
    "<b>",
    "<!--",
    "<td>",
    "\x00",
)


@given(st.lists(st.sampled_from(PARTS), max_size=40))
@settings(deadline=None, max_examples=100)
def test_no_markup_whatsoever_fails_otherwise_than_softly(parts: list[str]) -> None:
    kinds = set()
    every: tuple[dict[str, Any], ...] = ({}, {"item": "li"}, {"title": "a"})
    for options in every:
        try:
            reading("x" + "".join(parts), **options)
        except SourceError as error:
            kinds.add(error.kind)
    assert kinds <= {"soft"}


def test_a_headline_with_its_day_behind_it_is_no_summary() -> None:
    titles = [
        "县医院附近自来水发黄，居民投诉",
        "城东片区今夜停水，请居民储水",
        "青禾路塌陷，请过往车辆绕行",
        "公园改造，停车场关闭一周",
    ]
    items = "".join(
        f'<li><a href="/{i}.html">{title}</a><span>2026-08-2{i}</span></li>' for i, title in enumerate(titles)
    )
    found = reading(f"<ul>{items}</ul>")
    assert [(post.title, post.text) for post in found.posts] == [(title, "") for title in titles]
