from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.sources.article import Article, extract

URL = "http://news.qinghe.example/ms/118.html"
FIRST = "县自来水公司昨晚通知，柳荫小区今天二十二点起停水八小时，请居民提前储水。"
SECOND = "公司负责人说，抢修比预计的难，旧阀门已经锈死，需要整段更换，恢复时间另行通知。"


def page(body: str, *, title: str = "柳荫小区今晚停水_青禾新闻网", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def article(inner: str = "", *, before: str = "", after: str = "") -> str:
    return f"<div class='w'><h1>柳荫小区今晚停水</h1>{before}<div class='con'><p>{FIRST}</p>{inner}<p>{SECOND}</p></div></div>{after}"


def test_paragraphs_become_lines_without_the_headline() -> None:
    assert extract(page(article()), URL) == Article(
        title="柳荫小区今晚停水", text=f"{FIRST}\n{SECOND}", method="weighed"
    )


def test_a_short_heading_inside_the_text_stays() -> None:
    assert extract(page(article("<p><b>抢修</b></p>")), URL).text == f"{FIRST}\n抢修\n{SECOND}"


def test_a_link_list_inside_the_text_is_pruned() -> None:
    links = "".join(f"<li><a href='/{n}'>另一条新闻的标题第{n}号</a></li>" for n in range(5))
    assert extract(page(article(f"<ul>{links}</ul>")), URL).text == f"{FIRST}\n{SECOND}"


def test_comments_below_an_article_are_not_collected() -> None:
    comments = "<div class='comment-list'>" + "<p>我家也停了，水压一直不稳，希望快点修好。</p>" * 3 + "</div>"
    assert "水压" not in extract(page(article(after=comments)), URL).text


def test_replies_of_a_thread_are_collected_without_names_and_floors() -> None:
    replies = "".join(
        f"<div class='reply'><a class='user-name'>南街{n}号</a><span>{n}楼</span><div class='reply-content'>{text}</div></div>"
        for n, text in enumerate(["已经来水了", "谢谢告知，我家还没有。"])
    )
    body = f"<h1>柳荫小区停水了吗</h1><div class='post-content'><p>{FIRST}</p></div>{replies}"
    found = extract(page(body, title="柳荫小区停水了吗 - 青禾论坛"), "http://bbs.qinghe.example/t/9")
    assert (found.method, found.text) == ("thread", f"{FIRST}\n已经来水了\n谢谢告知，我家还没有。")


def test_community_in_a_government_title_is_a_neighbourhood() -> None:
    body = article(after="<div class='comments'><p>留言：请问几点恢复供水，家里有老人。</p></div>")
    found = extract(page(body, title="柳荫小区今晚停水 - 柳荫社区"), "http://www.qinghe.gov.cn/a/1.html")
    assert found.method == "weighed"
    assert "留言" not in found.text


@pytest.mark.parametrize(
    "line",
    [
        "作者：林某某",
        "责任编辑：周某",
        "本报记者 林某某 周某",
        "（林某某 摄）",
        "打印本页",
        "版权所有 未经授权不得转载",
    ],
)
def test_by_lines_buttons_and_notices_are_no_text(line: str) -> None:
    assert extract(page(article(f"<p>{line}</p>")), URL).text == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize(
    "line", ["时间：6月5日22:00至6月6日6:00。", "打印机和复印机暂停使用。", "关闭阀门的顺序如下。"]
)
def test_lines_that_only_begin_like_a_button_stay(line: str) -> None:
    assert extract(page(article(f"<p>{line}</p>")), URL).text == f"{FIRST}\n{line}\n{SECOND}"


def test_what_follows_the_end_of_the_text_is_cut() -> None:
    found = extract(
        page(article().replace("</div></div>", "<p>相关阅读</p><p>去年此时，老城区也停过水。</p></div></div>")), URL
    )
    assert found.text == f"{FIRST}\n{SECOND}"


def test_a_block_named_like_furniture_is_believed_to_be_the_text_when_most_of_it_stands_there() -> None:
    assert extract(page(article().replace("'con'", "'user-share'")), URL).text == f"{FIRST}\n{SECOND}"


def test_a_timetable_is_kept_one_line_a_row() -> None:
    rows = "<table><tr><td>5路</td><td>建设路口</td></tr><tr><td>12路</td><td>体育场</td></tr></table>"
    assert extract(page(article(rows)), URL).text == f"{FIRST}\n5路 建设路口\n12路 体育场\n{SECOND}"


def test_a_page_of_teasers_has_no_article() -> None:
    rows = "".join(
        f"<div class='row'><h3><a href='/{n}'>列表里的第{n}条新闻标题</a></h3><p>{FIRST}</p></div>" for n in range(8)
    )
    assert extract(page(rows, title="民生_青禾新闻网"), URL).text == ""


def test_the_users_selector_decides() -> None:
    found = extract(page(article(before="<p class='lead'>停水提醒：请看清时间。</p>")), URL, selector="p.lead")
    assert (found.text, found.method) == ("停水提醒：请看清时间。", "selector")


def test_a_selector_that_finds_nothing_leaves_it_to_the_weighing() -> None:
    assert extract(page(article()), URL, selector="#gone").method == "weighed"


def test_json_ld_has_the_text_where_scripts_would_put_it_in() -> None:
    head = (
        f'<script type="application/ld+json">{{"@graph":[{{"@type":"NewsArticle","articleBody":"{FIRST}"}}]}}</script>'
    )
    found = extract(page("<div id='app'></div>", head=head), URL)
    assert (found.text, found.method) == (FIRST, "jsonld")


def test_the_description_stands_in_only_on_pages_that_call_themselves_articles() -> None:
    described = "<meta name='description' content='今晚停水八小时。'>"
    assert extract(page("<div id='app'></div>", head=described), URL).text == ""
    declared = described + "<meta property='og:type' content='article'>"
    assert extract(page("<div id='app'></div>", head=declared), URL).method == "description"


@pytest.mark.parametrize(
    ("title", "heading", "wanted"),
    [
        ("柳荫小区今晚停水_青禾新闻网", "<h1>柳荫小区今晚停水</h1>", "柳荫小区今晚停水"),
        ("柳荫小区今晚停水-民生-青禾新闻网", "", "柳荫小区今晚停水"),
        ("柳荫小区今晚停水 | 青禾日报", "<h1>青禾日报</h1>", "柳荫小区今晚停水"),
        ("青禾新闻网", "<h2>柳荫小区今晚停水</h2>", "柳荫小区今晚停水"),
        ("柳荫小区今晚停水——抢修要八小时", "<h1>柳荫小区今晚停水——抢修要八小时</h1>", "柳荫小区今晚停水——抢修要八小时"),
        ("无标题文档", "<h1>柳荫小区今晚停水</h1>", "柳荫小区今晚停水"),
    ],
)
def test_the_title_is_the_headline_without_the_site(title: str, heading: str, wanted: str) -> None:
    assert extract(page(f"{heading}<div><p>{FIRST}</p><p>{SECOND}</p></div>", title=title), URL).title == wanted


@pytest.mark.parametrize(
    ("head", "before", "url", "wanted"),
    [
        ("<meta property='article:published_time' content='2026-06-05T09:00:00+08:00'>", "", URL, ("2026-06-05T09:00:00+08:00", "meta")),
        ("<meta name='PubDate' content='2026-06-05'>", "<p>2026-06-05 09:41</p>", URL, ("2026-06-05 09:41", "text")),
        ("<meta name='PubDate' content='2026-06-05'>", "<p>2026-06-07 09:41</p>", URL, ("2026-06-05", "meta")),
        ("", "<p>发布时间：2026年6月5日 9:41 浏览：12</p>", URL, ("2026年6月5日 9:41", "text")),
        ("", "<p>发布于 3小时前</p>", URL, ("3小时前", "text")),
        ("", "<time datetime='2026-06-05T01:00Z'>今早</time>", URL, ("2026-06-05T01:00Z", "time")),
        ("<script>var createTime = '2026-06-05 09:41';</script>", "", URL, ("2026-06-05 09:41", "script")),
        ("", "", "http://n.example/202606/t20260605_12.htm", ("2026-06-05", "url")),
        ("", "", URL, ("", "")),
    ],
)  # fmt: skip
def test_the_date_is_taken_from_the_most_reliable_place(
    head: str, before: str, url: str, wanted: tuple[str, str]
) -> None:
    found = extract(page(article(before=before), head=head), url)
    assert (found.published_text, found.published_method) == wanted


def test_a_date_in_a_sentence_is_not_the_date_of_the_page() -> None:
    sentence = "<p>据了解，这段管道铺设于2003年11月8日，使用至今，其间只在冬天检修过一次，居民多次反映，水务部门均有登记，至今未换。</p>"
    assert extract(page(article(sentence)), URL).published_text == ""


def test_the_day_under_a_notice_counts_where_nothing_else_is_dated() -> None:
    found = extract(page(article().replace("</div></div>", "<p>2026年6月3日</p></div></div>")), URL)
    assert (found.published_text, found.published_method) == ("2026年6月3日", "text")


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("<p>来源：青禾日报 作者：林某某</p>", "青禾日报"),
        ("<p>2026-06-05 转自：青禾广播电视台</p>", "青禾广播电视台"),
        ("<p>稿源：《河谷晚报》</p>", "河谷晚报"),
        ("<p>来源：网络</p>", ""),
        ("<p>字号 打印</p>", ""),
    ],
)
def test_the_origin_is_the_plain_name_of_the_outlet(before: str, wanted: str) -> None:
    assert extract(page(article(before=before)), URL).origin == wanted


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("据河谷晚报报道，", "河谷晚报"),
        ("禾新社青禾6月5日电 ", "禾新社"),
        ("据了解，", ""),
    ],
)
def test_the_origin_may_open_the_text(start: str, wanted: str) -> None:
    assert extract(page(article().replace(FIRST, start + FIRST)), URL).origin == wanted


def test_the_canonical_address_is_made_absolute_and_must_lie_on_the_same_site() -> None:
    def canonical(href: str) -> str:
        return extract(page(article(), head=f"<link rel='canonical' href='{href}'>"), URL).canonical_url

    assert canonical("/ms/118.html?p=1") == "http://news.qinghe.example/ms/118.html?p=1"
    assert canonical("http://m.qinghe.example/ms/118.html") == "http://m.qinghe.example/ms/118.html"
    assert canonical("http://template.invalid/demo.html") == ""
    assert canonical("/") == ""
    assert canonical("http://[broken/") == ""


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5_000 + FIRST,
        "<b>" * 2_000 + "<p>" + FIRST,
        "<p>" + FIRST * 20_000,
        "<div class='nav'>甲，乙。" * 500,
        "<pre>" + "行\n" * 30_000,
        "<title>" + "- " * 20_000 + "</title><p>" + FIRST,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
        "<table><tr><td>" * 300 + FIRST,
    ],
)
def test_hostile_pages_are_read_in_bounded_time(html: str) -> None:
    assert isinstance(extract(html, URL), Article)


@given(st.text(alphabet="<>/=\"' &;adivphtlebr停水，。：\n-2026", max_size=400))
@settings(deadline=None, max_examples=100)
def test_no_html_raises(html: str) -> None:
    extract(html, URL)


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://[", "//a", "ftp://a/b", "http://例え.example/路"])
def test_no_address_raises(url: str) -> None:
    assert extract(page(article()), url).text == f"{FIRST}\n{SECOND}"
