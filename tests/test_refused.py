"""A wrong call is refused with exit code 2 in the user's language, in words that need no knowledge of any library."""

from __future__ import annotations

import re

import pytest

from yuqing_cli.cli.app import run

CASES = [
    (("digest", "--format", "pdf"), "--format", "pdf"),
    (("digest", "--top", "-1"), "--top", "0"),
    (("digest", "--top", "three"), "--top", ""),
    (("digest", "--force"), "--force", "--format"),
    (("digest", "--top"), "--top", ""),
    (("why",), "ID", ""),
    (("mark", "abc", "perhaps"), "perhaps", "noise"),
    (("status", "now"), "now", ""),
]


@pytest.mark.parametrize(("words", "what", "more"), CASES)
def test_a_wrong_call_is_refused_in_chinese(
    words: tuple[str, ...], what: str, more: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run(words) == 2
    out, err = capsys.readouterr()
    last = err.strip().splitlines()[-1]
    assert not out
    assert last.startswith("yuqing：")
    assert what in last
    assert more in last
    assert re.search(r"[一-鿿]", last)
    assert not re.search(r"Error|Input|Value|valid", err)


def test_a_wrong_call_in_english_says_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert run(["digest", "--top", "-1"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("Usage: yuqing digest [OPTIONS]\nmore: yuqing digest -h\n")
    assert err.endswith("yuqing: --top: it must be 0 or more\n")


def test_leaving_early_keeps_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert run(["digest", "-h"]) == 0
    assert run(["events"]) == 2
    assert "Commands:" in capsys.readouterr().err
