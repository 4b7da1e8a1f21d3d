"""keywords import: a frequency_words.txt becomes a pack that fires on the same titles, by what its documentation says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.cli.face import CONFIG, DONE, USAGE
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.packs.load import load
from yuqing_cli.packs.trendradar import Imported, convert

SAMPLE = """\
# 说明
[GLOBAL_FILTER]
震惊
/抽奖|转发/

[WORD_GROUPS]
[供水]
停水
/断水|水管爆/ => 断水
!演练
@5

+医院
+投诉

/\\bAI\\b|人工智能/i => AI

/第[0-9]+号线/
"""


def documented(text: str, title: str) -> list[bool]:
    """Which groups an entry of that title is in, by the documentation of the format; written apart from the code it tests."""

    def hit(word: str) -> bool:
        word = word.split("=>", maxsplit=1)[0].strip()
        found = re.fullmatch(r"/(.*)/[a-z]*", word)
        if found:
            return bool(re.search(found[1], title, re.IGNORECASE | re.ASCII))
        return word.lower() in title.lower()

    lines = [line.strip() for line in text.splitlines() if not line.strip().startswith("#")]
    blocks = [block.split("\n") for block in re.split(r"\n\n+", "\n".join(lines).strip())]
    filters: list[str] = []
    groups = []
    filtering = False
    for block in blocks:
        words = []
        for line in block:
            if line in {"[GLOBAL_FILTER]", "[WORD_GROUPS]"}:
                filtering = line == "[GLOBAL_FILTER]"
            elif filtering:
                filters.append(line)
            elif not re.fullmatch(r"\[.*\]", line) and line[:1] not in {"", "@"}:
                words.append(line)
        if any(word[0] != "!" for word in words):
            groups.append(words)
    out = []
    for words in groups:
        some = [word for word in words if word[0] not in "+!"]
        inside = all(hit(word[1:]) for word in words if word[0] == "+") and (not some or any(map(hit, some)))
        out.append(inside and not any(hit(word[1:]) for word in words if word[0] == "!") and not any(map(hit, filters)))
    return out


def fired(made: Imported, title: str) -> list[bool]:
    keywords = load([("p.toml", made.text)]).require()
    topics = Matcher(keywords).match(title, "").topics
    return [rule.id in topics for rule in keywords.rules]


TITLES = (
    "小区停水三天", "停水演练", "震惊！停水", "断水了", "水管爆了，转发抽奖",
    "医院被投诉", "医院扩建", "投诉", "AI写作", "用AI写作", "gmail 邮箱",
    "人工智能", "第12号线开通", "学校长期停课", "ＡＩ", "天气晴",
)  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_the_sample_fires_on_the_same_titles(title: str) -> None:
    wide = {"ＡＩ"}  # full width is no letter to that program, and the same to us
    if title not in wide:
        assert fired(convert(SAMPLE, "f.txt", "p"), title) == documented(SAMPLE, title)


WORDS = st.sampled_from(
    [
        "停水",
        "校长",
        "医院投诉",
        "ai",
        "5g网",
        "vision pro",
        "水",
        "/停.水/",
        "/停水|校长/i",
        "/\\bai\\b/ => 智能",
        'a"b',
    ]
)
LINES = st.tuples(st.sampled_from(["", "", "+", "!"]), WORDS).map("".join)
GROUPS = st.lists(st.one_of(LINES, st.just("@3")), min_size=1, max_size=4).map("\n".join)
PIECES = st.lists(
    st.sampled_from(
        ["停", "水", "停水", "学校长期", "医院", "投诉", "ai", "gmail", "5g网", "，", " ", "vision pro", 'a"b']
    ),
    max_size=6,
)


@given(st.lists(WORDS, max_size=2), st.lists(GROUPS, min_size=1, max_size=3), PIECES.map("".join))
@settings(max_examples=100, deadline=None)
def test_any_list_fires_on_the_same_titles(filters: list[str], groups: list[str], title: str) -> None:
    text = "[GLOBAL_FILTER]\n" + "\n".join(filters) + "\n\n[WORD_GROUPS]\n" + "\n\n".join(groups)
    made = convert(text, "f.txt", "p")
    # A blank beside a Chinese character is none in our normal form: both sides get the title without.
    title = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", title).strip()
    if made.topics:
        assert fired(made, title) == documented(text, title), made.text


def test_groups_keep_their_names_and_words_their_aliases() -> None:
    rules = list(load([("p.toml", convert(SAMPLE, "f.txt", "p").text)]).require().rules)
    assert [(rule.id, rule.title) for rule in rules] == [
        ("group_1", "供水"),
        ("group_2", "医院 / 投诉"),
        ("ai", "AI"),
        ("group_4", "第[0-9]+号线"),
    ]


def test_word_boundaries_are_off_unless_asked_for() -> None:
    text = "校长\n"
    assert fired(convert(text, "f.txt", "p"), "学校长期停课") == [True]
    assert fired(convert(text, "f.txt", "p", word=True), "学校长期停课") == [False]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("停水\n@5\n", 2, "limit @5"),
        ("停水\n\n!演练\n", 3, "no words to look for"),
        ("停水\n[供水]\n", 2, "first line"),
        ("停水\n+\n", 2, "match everything"),
        ("停水\n//\n", 2, "match everything"),
        ("停水\n/(a+)+b/\n", 2, "cannot be kept"),
        ("[GLOBAL_FILTER]\n+震惊\n[WORD_GROUPS]\n停水\n", 2, "global filters"),
        ("停水\n[\x1b[31m]x\n+/(?<a>x)/\n", 3, "cannot be kept"),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_line(text: str, line: int, what: str) -> None:
    remarks = [(r.line, r.text.format(**dict(r.values))) for r in convert(text, "f.txt", "p").remarks]
    assert [said for number, said in remarks if number == line and what in said], remarks


def test_a_line_of_blanks_parts_groups_as_an_empty_one_does() -> None:
    assert convert("停水\n \t\n断水\n", "f.txt", "p").topics == 2


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_the_file_the_pack_can_be_read(text: str) -> None:
    made = convert(text, "a\nb\x00.txt", "p")
    assert load([("p.toml", made.text)]).problems == () or not made.topics


# ---- the command ----


def test_a_pack_is_written_once_and_what_was_lost_is_said(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = desk()
    source = tmp_path / "frequency_words.txt"
    source.write_bytes(b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode())
    outcome = one("keywords", "import", source)
    assert (outcome.code, outcome.out) == (DONE, "")
    assert f"{source.name}:11:1: the limit @5" in outcome.err
    written = one.folder / "keywords" / "frequency_words.toml"
    assert "停水" in written.read_text("utf-8")
    assert one("keywords", "check").code == DONE
    assert one("keywords", "import", source).code == USAGE
    assert one("keywords", "import", source, "--force").code == DONE
    assert one("keywords", "import", source, "-o", "-").out == written.read_text("utf-8")


@pytest.mark.parametrize(
    ("body", "what"),
    [("停水\n".encode("gbk"), "UTF-8"), (b"", "no group"), (b"\n# only\n", "no group"), (b"@5\n", "limit")],
)
def test_what_is_no_word_list_is_refused_and_nothing_is_written(
    desk: MakeDesk,  # noqa: F811
    tmp_path: Path,
    body: bytes,
    what: str,
) -> None:
    one = desk()
    source = tmp_path / "list.txt"
    source.write_bytes(body)
    outcome = one("keywords", "import", source)
    assert outcome.code == CONFIG
    assert what in outcome.err
    assert not (one.folder / "keywords" / "list.toml").exists()
