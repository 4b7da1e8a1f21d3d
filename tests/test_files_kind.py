from __future__ import annotations

import builtins
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from yuqing_cli.errors import SourceError, UsageError
from yuqing_cli.models import Answer, Ask, Reading, Source
from yuqing_cli.sources.files_kind import read, read_file
from yuqing_cli.sources.options import FILE_ENDINGS, FilesOptions

NOW = datetime(2026, 8, 21, 4, tzinfo=UTC)
SOURCE = Source("drop", "files", "", options=FilesOptions(path="inbox/*"))
ARTICLE = """<!doctype html>{saved}<html><head><meta charset="utf-8"><title>青禾湿地步道临时关闭</title>{head}</head><body>
<h1>青禾湿地步道临时关闭</h1><p>发布时间：2026-08-20 09:30</p>
<div><p>青禾县湿地保护站昨日表示，为保护正在繁殖的鸟类，湿地东侧步道自即日起临时关闭，开放时间另行通知。</p>
<p>保护站提醒游客，不要翻越围栏，也不要使用无人机拍摄。关闭期间西侧步道照常开放，停车场免费。</p></div></body></html>"""


def reading(name: str, text: str | bytes) -> Reading:
    return read_file(name, text.encode() if isinstance(text, str) else text, SOURCE, NOW)


def refusal(name: str, text: str | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reading(name, text)
    return caught.value


def test_rows_of_json_lines_become_posts_of_this_source() -> None:
    found = reading(
        "a.jsonl",
        '{"title": "停水通知", "url": "https://q.example/1", "published_at": "2026-08-20", "source": "other", "author": "某人"}\n',
    )
    assert [(p.title, p.url, p.published) for p in found.posts] == [
        ("停水通知", "https://q.example/1", datetime(2026, 8, 19, 16, tzinfo=UTC))
    ]
    assert "某人" not in repr(found)


def test_a_csv_in_gbk_is_read() -> None:
    found = reading("B.CSV", "title,text\n停水通知,青禾县河西街道今晚停水，请提前储水。\n".encode("gb18030"))
    assert [(p.title, p.text) for p in found.posts] == [("停水通知", "青禾县河西街道今晚停水，请提前储水。")]


def test_a_bad_row_is_left_out_and_a_file_of_bad_rows_is_refused_with_its_line() -> None:
    assert len(reading("a.jsonl", '{"title": "甲"}\nnonsense\n').posts) == 1
    assert refusal("a.jsonl", "\nnonsense\n").values == {"file": "a.jsonl", "count": 1, "line": 2}


def test_a_csv_without_a_title_column_fails_as_one_file_and_stops_no_other() -> None:
    assert refusal("a.csv", "headline\nx\n").kind == "hard"


def test_dates_that_cannot_be_used_are_counted() -> None:
    assert reading("a.jsonl", '{"title": "甲", "published_at": "sometime"}').refused_dates == 1


def test_a_saved_page_becomes_one_post_with_its_full_text() -> None:
    head = '<link rel="canonical" href="https://www.qinghe.example/a/7.html">'
    saved = "<!-- saved from url=(0035)https://www.qinghe.example/a/7.html?from=x -->"
    (post,) = reading("7.html", ARTICLE.format(saved=saved, head=head)).posts
    assert (post.title, post.url) == ("青禾湿地步道临时关闭", "https://www.qinghe.example/a/7.html")
    assert post.article
    assert "无人机" in post.text
    assert post.published == datetime(2026, 8, 20, 1, 30, tzinfo=UTC)


def test_a_page_saved_by_a_browser_keeps_the_address_that_the_browser_wrote() -> None:
    saved = "<!-- saved from url=(0035)https://www.qinghe.example/a/8.html -->"
    (post,) = reading("8.htm", ARTICLE.format(saved=saved, head="")).posts
    assert post.url == "https://www.qinghe.example/a/8.html"


def test_a_page_without_an_address_is_known_by_its_file_name() -> None:
    (post,) = reading("inbox/9.html", ARTICLE.format(saved="", head="")).posts
    assert (post.url, post.guid) == ("", "9.html")


def test_a_page_without_an_article_is_a_soft_failure() -> None:
    assert refusal("x.html", "<html><body></body></html>").kind == "soft"


def test_an_ending_that_is_not_read_is_named_with_those_that_are() -> None:
    error = refusal("notes.docx", b"PK")
    assert error.values["file"] == "notes.docx"
    assert all(ending in str(error) for ending in FILE_ENDINGS)


def test_a_file_may_come_as_an_answer() -> None:
    answer = Answer(Ask("drop", "inbox/a.jsonl"), "inbox/a.jsonl", 200, {}, '{"title": "甲"}'.encode())
    assert [p.title for p in read(SOURCE, answer, NOW).posts] == ["甲"]


def test_parquet_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"yuqing-cli\[parquet\]"):
        reading("a.parquet", b"PAR1")


def test_parquet_is_read_where_its_package_is_there() -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table(
        {"title": ["甲", "乙"], "published_at": [datetime(2026, 8, 20, 1, tzinfo=UTC), None], "author": ["某人", "x"]}
    )
    file = io.BytesIO()
    parquet.write_table(table, file)
    found = reading("a.parquet", file.getvalue())
    assert [(p.title, p.published) for p in found.posts] == [("甲", datetime(2026, 8, 20, 1, tzinfo=UTC)), ("乙", NOW)]
    assert "某人" not in repr(found)
    assert refusal("b.parquet", b"PAR1").kind == "hard"
