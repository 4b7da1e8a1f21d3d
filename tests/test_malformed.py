"""Every class of malformed rule: refused with file, line, column and reason, in both languages, and never a reason to stop a fetch."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import WATER, feed
from test_cli import MakeDesk, desk, good  # noqa: F401 - a fixture
from yuqing_cli import i18n
from yuqing_cli.adapters import files
from yuqing_cli.cli.face import CONFIG, DONE, problem_lines
from yuqing_cli.packs.load import load

FIRST = "https://a.example/feed"
T = '[[topics]]\nid = "t"\n'

TABLE: dict[str, tuple[str, bytes | str, str, str]] = {
    "not TOML": ("p.toml", "[[topics]\n", "1:9", "not valid TOML"),
    "a quotation mark that is not closed": ("p.toml", T + 'any = ["停水]\n', "3:", "not valid TOML"),
    "a key that is given twice": ("p.toml", T + 'any = ["停水"]\nany = ["断水"]\n', "4:", "not valid TOML"),
    "the quotation marks of Chinese texts": ("p.toml", T + "any = [“停水”]\n", "3:8", 'write "'),
    "the comma of Chinese texts": ("p.toml", T + 'any = ["停水"，"断水"]\n', "3:12", "write ,"),
    "the brackets of Chinese texts": ("p.toml", "【【topics】】\n", "1:1", "write ["),
    "a text without quotation marks": ("p.toml", T + "any = 停水\n", "3:7", "quotation marks"),
    "a bracket that is not closed": ("p.toml", T + 'any = ["停水",\n', "4:1", "not valid TOML"),
    "an unknown table": ("p.toml", "[topic]\n", "1:1", "unknown key topic"),
    "an unknown key": ("p.toml", T + 'any = ["停水"]\nsevrity = 2\n', "4:1", "unknown key topics[1].sevrity"),
    "a table that should be a list": ("p.toml", '[topics]\nid = "t"\n', "1:1", "[[topics]]"),
    "text for a list": ("p.toml", T + 'any = "停水"\n', "3:1", "topics[1].any"),
    "a number for a term": ("p.toml", T + "any = [3]\n", "3:8", "topics[1].any[1]"),
    "no id": ("p.toml", '[[topics]]\nany = ["停水"]\n', "1:1", "topics[1].id is missing"),
    "an id in Chinese": ("p.toml", '[[topics]]\nid = "停水"\nany = ["停水"]\n', "2:1", "topics[1].id"),
    "an id that is used twice": ("p.toml", T + 'any = ["停水"]\n' + T + 'any = ["断水"]\n', "4:", "used twice"),
    "no terms": ("p.toml", T, "1:1", "no terms"),
    "nothing but exclusions": ("p.toml", T + 'none = ["演练"]\n', "1:1", "nothing but exclusions"),
    "an empty term": ("p.toml", T + 'any = ["停水", " "]\n', "3:14", "matches everything"),
    "a severity out of range": ("p.toml", T + 'any = ["停水"]\nseverity = 6\n', "4:1", "severity"),
    "a severity with a comma": ("p.toml", T + 'any = ["停水"]\nseverity = 2.5\n', "4:1", "severity"),
    "a weight out of range": ("p.toml", T + 'any = [{term = "停水", weight = 2}]\n', "3:", "weight"),
    "an unknown boundary": ("p.toml", T + 'any = [{term = "停水", boundary = "hard"}]\n', "3:", "boundary"),
    "a query beside lists": ("p.toml", T + 'any = ["停水"]\nquery = "断水"\n', "4:1", "beside lists"),
    "an empty alternative": ("p.toml", T + 'query = "停水 OR"\n', "3:", "OR"),
    "an alternative of exclusions": ("p.toml", T + 'query = "停水 OR (NOT 演练)"\n', "3:17", "nothing but exclusions"),
    "a query of exclusions": ("p.toml", T + 'query = "NOT 停水"\n', "3:", "exclusions"),
    "a parenthesis that is not closed": ("p.toml", T + 'query = "(停水 断水"\n', "3:10", "parenthesis"),
    "a parenthesis that is not opened": ("p.toml", T + 'query = "停水) 断水"\n', "3:12", "parenthesis"),
    "quotation marks that are not closed": ("p.toml", T + "query = '\"停水 断水'\n", "3:10", "quotation mark"),
    "NEAR without a distance": ("p.toml", T + 'query = "NEAR(停水, 小区)"\n', "3:", "NEAR"),
    "NEAR too far": ("p.toml", T + 'query = "NEAR(停水, 小区, 5000)"\n', "3:", "100"),
    "a wildcard alone": ("p.toml", T + 'query = "*"\n', "3:10", "*"),
    "a runaway pattern": ("p.toml", T + "query = '/(a+)+b/'\n", "3:", "run away"),
    "a pattern that is not closed": ("p.toml", T + "query = '/停水'\n", "3:10", "/"),
    "a pattern that is wrong": ("p.toml", T + "query = '/停水[/'\n", "3:", "bracket"),
    "an unknown tier": ("p.toml", T + 'query = "停水 tier:medai"\n', "3:", "medai"),
    "a field in a field": ("p.toml", T + 'query = "title:(text:停水)"\n', "3:", "inside"),
    "a foreign operator": ("p.toml", T + 'query = "停水 -演练"\n', "3:13", "write NOT"),
    "an explained word without a meaning": ("p.toml", '[[slang]]\nterm = "踩雷"\n', "1:1", "slang[1].meaning is missing"),
    "GBK": ("p.toml", (T + 'any = ["停水通知"]\n').encode("gbk"), "3:9", "GBK"),
    "GBK that happens to be valid UTF-8": ("p.txt", "停水\n".encode("gbk"), "1:1", "GBK"),
    "neither UTF-8 nor GBK": ("p.toml", b"# ok\n\xff\xfe\xff\n", "2:1", "UTF-8"),
    "UTF-16": ("p.txt", "停水\n".encode("utf-16"), "1:1", "UTF-8"),
    "a fault behind a byte order mark and carriage returns": (
        "p.toml",
        b"\xef\xbb\xbf" + (T + 'any = ["停水"]\nseverity = 9\n').replace("\n", "\r\n").encode(),
        "4:1",
        "severity",
    ),
    "a list without a word": ("p.txt", "# only a comment\n", "0", "no terms"),
    "a list with a word that is nothing": ("p.txt", "停水\n\u200b\n", "2:1", "matches everything"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_it_is_refused_with_its_place_and_its_reason_in_both_languages(tmp_path: Path, name: str) -> None:
    file, body, place, what = TABLE[name]
    (tmp_path / "good.toml").write_text(WATER, "utf-8")
    (tmp_path / file).write_bytes(body if isinstance(body, bytes) else body.encode())
    texts, unreadable = files.read_packs(tmp_path)
    problems = (*unreadable, *load(texts).problems)
    english, chinese = (problem_lines(problems, i18n.Translate(language)) for language in ("en", "zh"))
    where = f"{tmp_path / file}:{place}" if place != "0" else f"{tmp_path / file}: "
    assert [line for line in english if line.startswith(where) and what in line], english
    assert all(one != other for one, other in zip(english, chinese, strict=True)), chinese


KINDS = (
    "not TOML",
    "an unknown key",
    "nothing but exclusions",
    "an empty alternative",
    "a runaway pattern",
    "an explained word without a meaning",
    "GBK that happens to be valid UTF-8",
    "neither UTF-8 nor GBK",
    "a list with a word that is nothing",
)
"""One of each layer that may refuse: the parser, the shape, the rule, the query, the pattern, the lexicon, the charset, the list."""


@pytest.mark.parametrize("name", KINDS)
def test_it_never_stops_a_fetch_which_judges_by_the_last_good_set(desk: MakeDesk, name: str) -> None:  # noqa: F811
    file, body, _, _ = TABLE[name]
    one = desk(good())
    one("fetch")
    (one.folder / "keywords" / file).write_bytes(body if isinstance(body, bytes) else body.encode())
    one.wire.pages[FIRST] = feed({"title": "断水", "guid": "9"}, {"title": "天气", "guid": "10"})
    outcome = one("fetch", "--force", "--json")
    assert outcome.code == CONFIG
    assert (outcome.json["posts_new"], outcome.json["matched"]) == (2, 1)
    assert f"keywords/{file}" in outcome.err
    assert one("keywords", "check").code == CONFIG
    assert one("digest").code == DONE
