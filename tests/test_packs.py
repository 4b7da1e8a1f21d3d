"""Pack files: what is read, what is refused with file, line and column, and how the rules then fire."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import WATER, MakeStation
from yuqing_cli.adapters import files
from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich.match import Match, Matcher
from yuqing_cli.errors import ConfigError
from yuqing_cli.packs.load import Loaded, load
from yuqing_cli.station import Station

TOPIC = '[[topics]]\nid = "t"\n'


def read(text: str, name: str = "p.toml") -> Loaded:
    return load([(name, text)])


def told(loaded: Loaded) -> list[str]:
    """``line:column: text`` of every problem."""
    for problem in (*loaded.problems, *loaded.warnings):
        problem.hint.format(**dict(problem.values))
    return [f"{p.line}:{p.column}: {p.text.format(**dict(p.values))}" for p in loaded.problems]


def match(text: str, title: str, body: str = "") -> Match:
    return Matcher(read(text).require()).match(title, body)


def fires(text: str, title: str, body: str = "") -> bool:
    return bool(match(text, title, body).topics)


# ---- reading ----


def test_a_pack_is_read_with_its_rules_terms_and_places() -> None:
    (pack,) = read(WATER, "keywords/water.toml").require().packs
    assert (pack.name, pack.title, pack.file) == ("water", "Water", "keywords/water.toml")
    subject, outage, quality = pack.rules
    assert (subject.kind, subject.id, subject.title, subject.line) == ("subject", "works", "works", 5)
    assert (outage.kind, outage.severity, outage.owner, outage.line) == ("topic", 4, "duty office", 9)
    assert [(t.text, t.line, t.column) for t in outage.any] == [("停水", 14, 8), ("断水", 14, 14)]
    assert [t.text for t in outage.none] == ["演练"]
    assert quality.severity == 3


def test_an_empty_pack_is_a_pack_named_like_its_file() -> None:
    (pack,) = read("", "keywords/fire.toml").require().packs
    assert (pack.name, pack.rules) == ("fire", ())


def test_a_term_may_say_more_than_its_text() -> None:
    text = TOPIC + 'any = ["a", {term = "ai", weight = 0.5, boundary = "off"}]\n'
    first, second = next(iter(read(text).keywords.rules)).any
    assert (first.weight, first.boundary, second.weight, second.boundary) == (1.0, "word", 0.5, "off")


def test_several_faults_of_several_files_are_told_at_once() -> None:
    loaded = load([("b.toml", "[[topics]]\n"), ("a.toml", "[oops]\n"), ("c.toml", "[[topics"), ("d.txt", "")])
    assert {problem.file for problem in loaded.problems} == {"a.toml", "b.toml", "c.toml", "d.txt"}
    assert [problem.file for problem in loaded.problems] == sorted(problem.file for problem in loaded.problems)
    with pytest.raises(ConfigError) as caught:
        loaded.require()
    assert caught.value.problems == loaded.problems


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[[topics]\n", "1:", "TOML"),
        ('[pack]\nname = "x"\nnmae = "y"\n', "3:1:", "nmae"),
        ('[pack]\ntitle = "x"\n', "1:1:", "pack.name is missing"),
        ('[pack]\nname = "a b"\n', "2:1:", "pack.name"),
        ("pack = 3\n", "1:1:", "table"),
        ("topics = 3\n", "1:1:", "topics"),
        ("topics = [3]\n", "1:11:", "topics[1]"),
        ("[topics]\nid = 1\n", "1:1:", "topics"),
        ('[[topics]]\nany = ["停水"]\n', "1:1:", "id is missing"),
        ('[[topics]]\nid = ""\nany = ["停水"]\n', "2:1:", "id"),
        ('[[topics]]\nid = "a/b"\nany = ["停水"]\n', "2:1:", "id"),
        (TOPIC, "1:1:", "no terms"),
        (TOPIC + "any = []\nall = []\n", "1:1:", "no terms"),
        (TOPIC + 'none = ["演练"]\n', "1:1:", "nothing but exclusions"),
        (TOPIC + 'any = "停水"\n', "3:1:", "any"),
        (TOPIC + "any = [3]\n", "3:8:", "any[1]"),
        (TOPIC + 'any = ["停水", ""]\n', "3:14:", "matches everything"),
        (TOPIC + 'any = ["　 "]\n', "3:8:", "matches everything"),
        (TOPIC + 'any = ["停水"]\nnone = ["\\u200b"]\n', "4:9:", "matches everything"),
        (TOPIC + 'any = [{trem = "停水"}]\n', "3:", "trem"),
        (TOPIC + 'any = [{term = "停水", weight = 2}]\n', "3:", "weight"),
        (TOPIC + 'any = [{term = "停水", boundary = "hard"}]\n', "3:", "boundary"),
        (TOPIC + 'any = ["停水"]\nseverity = 6\n', "4:1:", "severity"),
        (TOPIC + 'any = ["停水"]\nseverity = 0\n', "4:1:", "severity"),
        (TOPIC + 'any = ["停水"]\nseverity = 2.5\n', "4:1:", "severity"),
        (TOPIC + 'any = ["停水"]\nsevrity = 2\n', "4:1:", "sevrity"),
        (TOPIC + 'any = ["停水"]\nquery = "停水 OR 断水"\n', "4:1:", "query"),
        (TOPIC + 'query = "停水 OR"\n', "3:", "OR"),
        (TOPIC + 'query = "(停水 断水"\n', "3:10:", "parenthesis"),
        (TOPIC + 'query = "NOT 停水"\n', "3:", "exclusions"),
        (TOPIC + 'any = ["停水"]\n' + TOPIC + 'any = ["断水"]\n', "4:", "used twice"),
        ('[[subjects]]\nid = "s"\nany = ["x"]\nseverity = 2\n', "4:1:", "severity"),
        ('[[slang]]\nterm = "x"\n', "1:1:", "meaning"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(text: str, where: str, what: str) -> None:
    problems = told(read(text))
    assert [problem for problem in problems if problem.startswith(where) and what in problem], problems


def test_the_nearest_key_is_named() -> None:
    (problem,) = read(TOPIC + 'any = ["停水"]\nsevrity = 2\n').problems
    assert dict(problem.values)["near"] == "severity"


def test_one_fault_is_told_once() -> None:
    assert len(told(read(TOPIC + 'any = ["停水", ""]\n'))) == 1


def test_a_term_of_one_character_is_a_warning_with_its_place() -> None:
    loaded = read(TOPIC + 'any = ["水", "停水"]\n')
    assert loaded.problems == ()
    assert [(w.line, w.column) for w in loaded.warnings] == [(3, 8)]


def test_two_packs_may_share_an_id_and_the_gravest_is_the_topic() -> None:
    packs = [(f"{n}.toml", f'{TOPIC}severity = {n}\nany = ["停水"]\n') for n in (4, 2)]
    keywords = load(packs).require()
    topic = keywords.topic("t")
    assert topic
    assert topic.severity == 4
    assert Matcher(keywords).match("停水", "").topics == ("t",)


def test_a_byte_order_mark_and_carriage_returns_change_no_place(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(
        b"\xef\xbb\xbf" + WATER.replace("severity = 4", "severity = 9").replace("\n", "\r\n").encode()
    )
    (tmp_path / "q.txt").write_bytes("\ufeff停水\r\n# 说明\r\n断水 # 也是\r\n".encode())
    texts, unreadable = files.read_packs(tmp_path)
    loaded = load(texts)
    assert unreadable == []
    assert [(p.line, p.column) for p in loaded.problems] == [(12, 1)]
    (rule,) = [rule for rule in loaded.keywords.rules if rule.pack == "q"]
    assert [(t.text, t.line) for t in rule.any] == [("停水", 1), ("断水", 3)]


def test_a_list_of_terms_is_a_pack_of_one_topic() -> None:
    (rule,) = read("停水\n\n# comment\n  断水  \n", "list.txt").require().rules
    assert (rule.kind, rule.id, rule.pack, [t.text for t in rule.any]) == ("topic", "list", "list", ["停水", "断水"])


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_a_list_without_terms_is_refused(text: str) -> None:
    assert "no terms" in told(read(text, "list.txt"))[0]


def test_a_term_of_a_list_that_matches_everything_is_refused_with_its_line() -> None:
    assert told(read("停水\n\u200b\u200c\n", "list.txt"))[0].startswith("2:1:")


def test_what_lies_in_the_folder_but_is_no_pack_is_left_alone(tmp_path: Path) -> None:
    for name in ("water.toml~", ".water.toml", "README.md", "water.toml.bak"):
        (tmp_path / name).write_text("nonsense")
    (tmp_path / "water.TOML").write_text(WATER, "utf-8")
    texts, unreadable = files.read_packs(tmp_path)
    assert [Path(name).name for name, _ in texts] == ["water.TOML"]
    assert unreadable == []


@pytest.mark.parametrize("make", [False, True])
def test_a_folder_without_packs_is_a_fault_for_without_them_every_day_is_quiet(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "keywords"
    if make:
        folder.mkdir()
    texts, (fault,) = files.read_packs(folder)
    assert (texts, fault.file) == ([], str(folder))


def test_a_pack_that_is_not_utf8_is_told_with_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes("ok\n供水中断\n".encode("gbk"))
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "water.toml").write_text(WATER, "utf-8")
    texts, unreadable = files.read_packs(tmp_path)
    assert len(texts) == 1
    assert sorted((Path(p.file).name, p.line) for p in unreadable) == [("folder.toml", 0), ("gbk.txt", 2)]


@pytest.mark.parametrize(
    ("body", "place", "advice"),
    [
        ("停水\n".encode("gbk"), (1, 1), "GBK"),  # valid UTF-8 by accident: two modifier letters
        ("[[topics]]\nid = '供水中断'\n".encode("gbk"), (2, 7), "GBK"),
        ("停水".encode("utf-16"), (1, 1), "save it as UTF-8"),
        (b"ok\n\xff\xfe\xff", (2, 1), "save it as UTF-8"),
    ],
)
def test_a_file_in_another_charset_is_refused_at_its_byte_with_advice(
    tmp_path: Path, body: bytes, place: tuple[int, int], advice: str
) -> None:
    (tmp_path / "p.txt").write_bytes(body)
    _, (fault,) = files.read_packs(tmp_path)
    assert (fault.line, fault.column) == place
    assert advice in fault.hint


@pytest.mark.parametrize("text", ["café résumé", "停水\u0301", "déjà vu ŝ", "привет", "x\u02b0 停水"])
def test_a_text_in_utf8_is_taken_for_what_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.txt").write_text(text, "utf-8")
    assert files.read_packs(tmp_path) == ([(str(tmp_path / "p.txt"), text)], [])


# ---- the hash, and the last good set ----


def test_the_hash_is_of_names_and_texts_and_not_of_the_order_or_the_folder() -> None:
    one = load([("x/a.toml", WATER), ("x/b.txt", "停水")]).keywords.hash
    assert load([("y/z/b.txt", "停水"), ("y/z/a.toml", WATER)]).keywords.hash == one
    assert load([("x/a.toml", WATER + "\n"), ("x/b.txt", "停水")]).keywords.hash != one
    assert load([("x/a.toml", WATER), ("x/c.txt", "停水")]).keywords.hash != one
    assert load([]).keywords.hash != one


def test_the_last_good_set_judges_while_a_pack_is_faulty(make_station: MakeStation, store: Store) -> None:
    folder = make_station()
    good = Station.open(folder).keywords.require()
    store.save_packs(good.hash, good.files, Station.open(folder).clock())
    (folder / "keywords" / "water.toml").write_text("[[", "utf-8")
    station = Station.open(folder)
    keywords, faults = station.good_keywords(store)
    assert (keywords.hash, len(faults)) == (good.hash, 1)
    assert Matcher(keywords).match("停水", "").topics == ("outage",)


def test_an_unreadable_pack_counts_as_a_fault_of_the_set(make_station: MakeStation, store: Store) -> None:
    folder = make_station(packs={"water.toml": WATER})
    (folder / "keywords" / "x.txt").write_bytes(b"\xff\xfe")
    _, faults = Station.open(folder).good_keywords(store)
    assert len(faults) == 1


# ---- firing ----


def test_any_all_and_none() -> None:
    text = TOPIC + 'any = ["停水", "断水"]\nall = ["小区"]\nnone = ["演练", "恢复"]\n'
    assert fires(text, "小区停水")
    assert fires(text, "断水", "某小区")
    assert not fires(text, "停水")
    assert not fires(text, "小区")
    assert not fires(text, "小区停水演练")
    assert not fires(text, "小区停水", "已恢复")


def test_all_alone_is_enough() -> None:
    assert fires(TOPIC + 'all = ["停水", "小区"]\n', "小区停水")
    assert not fires(TOPIC + 'all = ["停水", "小区"]\n', "停水")


def test_an_exclusion_acts_on_its_own_rule_only() -> None:
    text = '[[topics]]\nid = "a"\nany = ["停水"]\nnone = ["演练"]\n[[topics]]\nid = "b"\nany = ["停水"]\n'
    assert match(text, "停水演练").topics == ("b",)
    subject = '[[subjects]]\nid = "s"\nany = ["水务"]\nnone = ["外地"]\n'
    found = match(text + subject, "水务：停水演练，外地")
    assert (found.topics, found.subjects) == (("b",), ())


def test_an_exclusion_leaves_no_hits_behind() -> None:
    assert match(WATER, "停水演练").hits == ()


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("ai", "an ai model", True),
        ("ai", "gmail", False),
        ("ai", "用ai写作", True),
        ("ai", "ＡＩ写作", True),
        ("ai", "ai2", False),
        ("ai", "2ai", False),
        ("ai", "ai-2", True),
        ("ai", "x ai", True),
        ("5G", "15G网络", False),
        ("5G", "5g网络", True),
        ("G20", "APG20", False),
        ("3号", "13号线", False),
        ("3号", "3号线", True),
        ("水a", "停水ab", False),
        ("水a", "停水a，", True),
        ("校长", "学校长期", False),
        ("c++", "c++", True),
    ],
)
def test_terms_stand_alone_in_their_script(term: str, text: str, hit: bool) -> None:
    assert fires(f'{TOPIC}any = ["{term}"]\n', text) is hit
    assert fires(f'{TOPIC}any = ["停电"]\n', text, term) is False


def test_without_a_boundary_a_term_fires_inside_a_word() -> None:
    assert fires(TOPIC + 'any = [{term = "ai", boundary = "off"}]\n', "gmail")
    assert not fires(TOPIC + 'any = [{term = "ai", boundary = "soft"}]\n', "gmail")


def test_a_hit_inside_a_word_excludes_nothing() -> None:
    assert fires(TOPIC + 'any = ["停水"]\nnone = ["ai"]\n', "gmail停水")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("停水", "停  水"),
        ("停水", "停\u200b水"),
        ("自来水", "自來水"),
        ("自來水", "自来水"),
        ("臺灣", "台湾"),
        ("ＡＢＣ", "abc"),
        ("abc", "ＡＢＣ"),
        ("ﬁre", "FIRE"),
        ("１２３４５", "12345"),
        ("地铁3号线", "地铁 ３ 号线"),
        ("Straße", "STRASSE"),
    ],
)
def test_width_case_script_and_blanks_do_not_matter(term: str, text: str) -> None:
    found = match(f'{TOPIC}any = ["{term}"]\n', f"一{text}。", f"二{text}")
    assert [(hit.field, hit.start, hit.end, hit.term) for hit in found.hits] == [
        ("title", 1, 1 + len(text), term),
        ("text", 1, 1 + len(text), term),
    ]


def test_evasive_spellings_are_not_decoded() -> None:
    assert not fires(TOPIC + 'any = ["停水"]\n', "亭水 停氵 t停s水 停、水 停.水")


def test_a_term_does_not_reach_from_one_paragraph_into_the_next() -> None:
    assert not fires(TOPIC + 'any = ["停水"]\n', "", "今天停\n水管")


def test_packs_without_rules_match_nothing() -> None:
    assert Matcher(load([]).keywords).match("停水", "停水") == Match()
