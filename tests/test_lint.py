"""keywords check: what is told of packs that can be read, where, how gravely, and what is left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, WATER, save
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import CONFIG, DONE
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import RawPost
from yuqing_cli.packs.contradiction import clash
from yuqing_cli.packs.lint import lint
from yuqing_cli.packs.lint_shapes import FEWEST_POSTS, Known, Seen
from yuqing_cli.packs.load import load
from yuqing_cli.packs.query import parse
from yuqing_cli.station import DATABASE

TOPIC = '[[topics]]\nid = "t"\n'
KNOWN = Known(sources=["青禾论坛"], tags=["民生"], frequencies={"我们": 1000, "停水": 1}, total=1_000_000)


def told(*texts: str, known: Known = KNOWN, seen: Seen | None = None) -> list[str]:
    """``grade kind line:column`` of every remark on packs ``p0.toml``, ``p1.toml`` …"""
    keywords = load([(f"p{i}.toml", text) for i, text in enumerate(texts)]).require()
    found = lint(keywords, known, seen or Seen())
    for finding in found:
        values = dict(finding.problem.values)
        assert finding.problem.text.format(**values)
        assert finding.problem.hint.format(**values), "every remark says what to do"
    return [f"{f.severity} {f.kind} {f.problem.line}:{f.problem.column}" for f in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('any = ["停水", "断水"]\nnone = ["演练"]', []),
        ('all = ["停水通知"]\nnone = ["停水"]', ["error dead 3:8"]),
        ('any = ["停水通知", "停水公告"]\nnone = ["停水"]', ["error dead 3:8"]),
        ('any = ["停水通知", "断水"]\nnone = ["停水"]', ["warning excluded 3:8"]),
        ('any = ["停水", "断水"]\nnone = ["停水"]', ["warning contradiction 3:8"]),
        ('any = ["臺灣", "停水", "台湾"]', ["warning twice 3:20"]),
        ('any = ["停水", "断水"]\nall = ["停水通知"]', ["warning shadowed 3:8"]),
        ('any = ["停水", "大面积停水"]', ["hint redundant 3:8"]),
        ('any = ["停水", {term = "大面积停水", weight = 0.5}]', []),
        ('any = ["停水", {term = "大面积停水", boundary = "off"}]', []),
        ('any = ["停水"]\nnone = ["演练", "消防演练"]', ["hint redundant 4:15"]),
        ('any = ["ai", "gmail"]', []),
        ('any = ["gmail"]\nnone = ["ai"]', []),
        ('any = ["ai模型"]\nnone = ["ai"]', ["error dead 3:8"]),
        ('any = ["我们"]', ["warning frequent 3:8"]),
        ('any = ["我们"]\nall = ["停水"]', []),
        ('query = "停水 NOT 停水"', ["error dead 3:17"]),
        ('query = "title:停水 AND NOT 停水"', ["error dead 3:27"]),
        ('query = "停水 AND NOT title:停水"', []),
        ('query = "(停水 NOT 停水) OR 断水"', ["warning excluded 3:11"]),
        ('query = "停水 AND source:青禾论坛 AND source:青禾日报"', ["error dead 3:33"]),
        ('query = "停水 AND source:青禾晚报"', ["warning unknown_name 3:17"]),
        ('query = "停水 AND tag:民政 AND tier:media"', ["warning unknown_name 3:17"]),
        ('query = "停水 AND tag:民生 AND tier:media AND source:青禾论坛"', []),
        ('query = "紧急停水通知 NOT 停水"', []),  # 停水 counts only where no word is cut
        ('query = "停水公告 NOT 停水公告"', ["error dead 3:19"]),
        ('query = "NEAR(停水, 小区, 5) NOT 小区"', ["error dead 3:30"]),
    ],
)
def test_a_rule_is_told_what_is_unwise_in_it_and_where(body: str, expected: list[str]) -> None:
    assert told(f"{TOPIC}{body}\n") == expected


def test_rules_that_ask_for_the_same_are_told_across_packs() -> None:
    one, other = (f'[[topics]]\nid = "{name}"\nany = ["停水", "断水"]\n' for name in "ab")
    assert told(one, other) == ["warning duplicate_rule 1:1"]


def test_an_id_with_two_titles_is_told_and_with_one_title_is_meant() -> None:
    texts = [f'{TOPIC}title = "{title}"\nany = ["{term}"]\n' for title, term in (("停水", "停水"), ("停电", "停电"))]
    assert told(*texts) == ["warning shared_id 1:1"]
    assert told(texts[0], texts[1].replace('title = "停电"', 'title = "停水"')) == []


def test_an_owner_that_is_written_in_two_ways_is_told_and_two_owners_are_not() -> None:
    texts = [
        f'[[topics]]\nid = "{i}"\nowner = "{o}"\nany = ["{i}词"]\n'
        for i, o in enumerate(("供水公司", "供水 公司", "供热公司"))
    ]
    assert told(*texts) == ["warning owner 3:1"]


def test_shares_of_the_station_s_own_posts_count_once_there_are_enough_of_them() -> None:
    text = f'{TOPIC}any = ["我们"]\n'
    key = ("p0", "topic", "t")
    grades = {share: told(text, seen=Seen(1000, {key: share})) for share in (10, 300, 950)}
    assert grades == {10: [], 300: ["warning frequent 1:1"], 950: ["error everything 1:1"]}
    assert told(text, seen=Seen(FEWEST_POSTS - 1, {key: 199})) == ["warning frequent 3:8"]


LEAVES = st.sampled_from(["停", "水费", "停水通知", "title:停", "text:停", "title:停水通知", "source:a", "source:b"])


def _queries(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(children, children)
    return (
        pairs.map("({0[0]} AND {0[1]})".format)
        | pairs.map("({0[0]} OR {0[1]})".format)
        | children.map("(NOT {})".format)
    )


@given(st.recursive(LEAVES, _queries, max_leaves=6), st.sampled_from("ab"), st.data())
@settings(max_examples=150, deadline=None)
def test_a_query_that_is_called_dead_fires_on_nothing(query: str, source: str, data: st.DataObject) -> None:
    from yuqing_cli.packs.query_match import about

    text = f"{query} AND 水费" if "NOT" in query else query
    node = parse(f"水费 AND ({query})")
    if clash(node) is None:
        return
    pieces = st.lists(st.sampled_from(["停", "水费", "停水通知", "，", "天"]), max_size=6).map("".join)
    keywords = load([("p.toml", f"{TOPIC}query = '水费 AND ({query})'\n")]).require()
    match = Matcher(keywords).match(data.draw(pieces), data.draw(pieces), about(source))
    assert match.topics == (), text


# ---- the command ----


def test_the_shipped_packs_are_checked_without_an_error_or_a_warning(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    shipped = Path(__file__).resolve().parent.parent / "keywords"
    one = desk(packs={path.name: path.read_text("utf-8") for path in shipped.glob("*.toml")})
    outcome = one("keywords", "check")
    assert (outcome.code, outcome.out.count("\n")) == (DONE, 1), outcome.out


def test_check_names_place_grade_reason_and_fix_and_only_errors_are_3(desk: MakeDesk) -> None:  # noqa: F811
    pack = f'{TOPIC}any = ["停水", "停水通知"]\nnone = ["停水通知"]\n'
    one = desk(packs={"p.toml": pack})
    outcome = one("keywords", "check")
    assert outcome.code == DONE
    first, last = outcome.out.splitlines()
    assert first.startswith("keywords/p.toml:3:14: warning: ")
    assert "take it out" in first
    assert "warnings: 1;" in last
    assert "--hints" in last
    assert "hint: " in one("keywords", "check", "--hints").out
    (one.folder / "keywords" / "p.toml").write_text(f'{TOPIC}all = ["停水"]\nnone = ["停水"]\n', "utf-8")
    assert one("keywords", "check").code == CONFIG


def test_the_twin_of_check_holds_every_finding_with_its_grade(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(packs={"p.toml": f'{TOPIC}any = ["停水", "大停水"]\n', "q.toml": "[[topics]]\n"})
    outcome = one("keywords", "check", "--json")
    assert outcome.code == CONFIG
    rows = outcome.json["findings"]
    assert [(r["file"], r["line"], r["severity"], r["kind"]) for r in rows] == [
        ("keywords/q.toml", 1, "error", "fault"),
        ("keywords/p.toml", 3, "hint", "redundant"),
    ]


def test_a_rule_that_fires_on_everything_is_an_error(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(packs={"p.toml": f"{TOPIC}query = '/\\w/'\n", "water.toml": WATER})
    outcome = one("keywords", "check")
    assert outcome.code == CONFIG
    assert "fires on everything" in outcome.out


def test_check_measures_how_often_rules_fire_on_the_station_s_posts(desk: MakeDesk) -> None:  # noqa: F811
    one = desk(packs={"water.toml": WATER})
    with Store(one.folder / DATABASE) as store:
        save(store, "a", *(RawPost(f"停水{i}号楼", "", f"https://a.example/{i}", NOW) for i in range(FEWEST_POSTS)))
    outcome = one("keywords", "check")
    assert "fired on 100% of the last 200 posts" in outcome.out
    assert outcome.code == CONFIG


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--hints"),
        ("list",),
        ("explain", "t"),
        ("health",),
        ("health", "--terms"),
        ("diff", "now", "empty.toml"),
        ("test", "\x1b[31m停水"),
        ("slang",),
    ],
    ids="_".join,
)
def test_a_pack_s_control_characters_are_never_obeyed(
    desk: MakeDesk,  # noqa: F811
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = "\\u001b[31m停水\\u0007"
    head = f'[pack]\nname = "p"\ntitle = "{bad}"\n{TOPIC}title = "{bad}"\nowner = "{bad}"\nplaybook = "{bad}"\n'
    tail = f'any = ["停水", "{bad}", "{bad}"]\n[[slang]]\nterm = "{bad}"\nmeaning = "{bad}"\n'
    one = desk(packs={"p.toml": head + tail})
    with Store(one.folder / DATABASE) as store:
        save(store, "a", RawPost("停水", "", "https://a.example/1", NOW))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.toml").write_text('[pack]\nname = "p"\n', "utf-8")
    outcome = one("keywords", *words)
    assert outcome.code == DONE, outcome.err
    assert outcome.out
    assert not {"\x1b", "\x07"} & set(outcome.out)


def test_explain_says_who_answers_and_what_to_do_first(desk: MakeDesk) -> None:  # noqa: F811
    pack = WATER.replace('owner = "duty office"\n', 'owner = "duty office"\nplaybook = "ask how long"\n')
    said = desk(packs={"water.toml": pack})("keywords", "explain", "outage").out
    assert "Outage, severity 4, owner: duty office" in said
    assert "first: ask how long" in said
