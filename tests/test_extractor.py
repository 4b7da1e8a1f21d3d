"""The extractor of article texts is a setting; a missing one is said, never replaced in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from yuqing_cli.cli.app import run
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask
from yuqing_cli.sources import article_trafilatura
from yuqing_cli.sources.article_page import read

TEXT = "城东片区的供水管网今天上午完成冲洗，水质检测合格，居民可以放心使用。" * 6
PAGE = (
    f"<html><head><title>冲洗完成</title></head><body><h1>冲洗完成</h1><article><p>{TEXT}</p></article></body></html>"
)


def answer(body: str, kind: str = "text/html; charset=utf-8") -> Answer:
    url = "https://qinghe.example/a"
    headers = {"content-type": kind}
    return Answer(Ask("a", url, "article"), url, 200, headers, body.encode(), datetime(2026, 3, 10, tzinfo=UTC))


def test_a_missing_extractor_is_told_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(article_trafilatura, "find_spec", lambda _name: None)
    (tmp_path / "yuqing.toml").write_text('[fetch]\nextractor = "trafilatura"\n', "utf-8")
    assert run(["--station", str(tmp_path), "fetch"]) == 2
    assert 'pip install "yuqing-cli[extract]"' in capsys.readouterr().err


def test_our_own_extractor_finds_the_text() -> None:
    assert read(answer(PAGE), "").text == TEXT


def test_the_other_extractor_finds_it_too_where_it_is_installed() -> None:
    pytest.importorskip("trafilatura", reason="the extra extract is not installed")
    article = read(answer(PAGE), "", "trafilatura")
    assert article.method == "trafilatura"
    assert article.text == TEXT


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE, "application/pdf"),
        ("<html><body></body></html>", "text/html"),
        (PAGE.replace("城东", "锟斤拷锟斤拷" * 40), "text/html"),
    ],
)
def test_what_is_no_article_is_an_error_of_that_page(body: str, kind: str) -> None:
    with pytest.raises(SourceError):
        read(answer(body, kind), "")
