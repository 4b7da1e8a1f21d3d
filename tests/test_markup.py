"""HTML into plain text and trees, and what hostile HTML may cost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.sources.markup import first_attr, first_text, html_to_text, one_line, parse, title_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一</p><p>二</p>", "一\n二"),
        ("一<br>二<br/>三", "一\n二\n三"),
        ("<ul><li>一<li>二</ul>尾", "一\n二\n尾"),
        ("停<b>水</b>通<i>知</i>", "停水通知"),
        ("<table><tr><td>区域</td><td>时间</td></tr><tr><td>城东</td><td>8时</td></tr></table>", "区域 时间\n城东 8时"),
        ("<p>城东片区\n    今晚停水</p>", "城东片区今晚停水"),
        ("<p>城东 片区</p>", "城东 片区"),
        ("<p>城东</b>\n片区</p>", "城东片区"),
        ("<p>line one\nline two</p>", "line one line two"),
        ("<pre>一\n二</pre>", "一\n二"),
        ("甲<script>a()</script><style>b{}</style><noscript>c</noscript><template>d</template>乙", "甲乙"),
        ("&lt;b&gt; &amp;amp; &nbsp;x&#20013;", "<b> &amp; x中"),
        ("<p>　　首行缩进</p>", "首行缩进"),
        ("<今日关注>a < b", "<今日关注>a < b"),
        ("第一行\n\n 第二行", "第一行\n第二行"),
        ("<p>截断的<a href='", "截断的"),
        ("<p>视频<iframe src='x'>后面还有字", "视频后面还有字"),
        ("<title>页名</title><p>正文", "正文"),
        ("<frameset><frame></frameset>", ""),
        ("", ""),
    ],
)
def test_html_becomes_the_text_that_a_reader_sees(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("<b>停水</b>通知", "停水通知"),
        ("R&amp;D &#8211; 更新", "R&D – 更新"),
        ("返回 List<T> 的写法", "返回 List<T> 的写法"),
        ("http://q.example/?a=1&copy=2", "http://q.example/?a=1&copy=2"),
        ("停水<br>通知\n二", "停水 通知 二"),
        ("&unknown; 1 < 2", "&unknown; 1 < 2"),
    ],
)
def test_a_headline_loses_known_tags_only(title: str, text: str) -> None:
    assert title_text(title) == text


def test_the_first_filled_attribute_and_text_are_found() -> None:
    tree = parse("<a href=' '>  </a><a href=' /x '> 第 一\n则 </a>")
    assert first_attr(tree, "a", "href") == "/x"
    assert first_text(tree, "a") == "第 一 则"
    assert first_attr(tree, "img", "src") == first_text(tree, "img") == ""


HOSTILE = {
    "deep": "<div>" * 50_000 + "词",
    "deep by ignored end tags": ("<div>" * 300 + "<object>" + "</div>" * 300) * 100 + "词",
    "formatting opened again in each paragraph": (
        "<div>" + "".join(f"<b a={n}>" for n in range(500)) + "</div>" + "<p>x</p>" * 5_000 + "词"
    ),
    "formatting hidden in tables": "".join(f"<b a={n}><table><td></b></table>" for n in range(2_000))
    + "<p>x" * 5_000
    + "词",
    "one tag of many attributes": "<a " + " ".join(f"a{n}=1" for n in range(60_000)) + ">词",
    "open brackets": "<" * 80_000 + "词",
    "open tags": "<a" * 80_000 + "><p>词",
    "blanks": "<p>" + " \n" * 80_000 + "词",
}


@pytest.mark.parametrize("attack", HOSTILE, ids=str)
def test_hostile_html_costs_little_and_keeps_its_words(attack: str) -> None:
    began = time.perf_counter()
    text = html_to_text(HOSTILE[attack])
    assert time.perf_counter() - began < 2.0  # the worst of them took 227 s unguarded
    assert text.endswith("词")


def test_an_honest_page_of_many_unclosed_paragraphs_keeps_its_tree() -> None:
    page = "<table><tr>" + "<td><font color=red><p>格<a href=/x>链</a>" * 500 + "</table>"
    assert len(parse(page).css("a")) == 500


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="<>/&;# abp停水\n\t\"'=!-", max_size=80))
def test_any_text_gives_folded_lines(html: str) -> None:
    for line in html_to_text(html).split("\n"):
        assert line == one_line(line)
    assert "\n" not in title_text(html)
