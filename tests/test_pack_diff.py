"""keywords diff: what an edit of the packs does to stored posts equals matching everything twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, WATER, save
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import CONFIG, DONE, USAGE
from yuqing_cli.enrich.compare import Compare
from yuqing_cli.enrich.match import Match, Matcher
from yuqing_cli.models import RawPost
from yuqing_cli.packs.load import load
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.packs.query_match import about
from yuqing_cli.station import DATABASE

WORDS = ("停水", "断水", "停水通知", "演练", "小区", "水质", "黑水", "校长", "青禾水务")
TERMS = st.lists(st.sampled_from(WORDS), max_size=3, unique=True)
QUERIES = st.sampled_from(
    ["停水 NOT 演练", "source:a AND 水质", "NEAR(停水, 小区, 4)", "title:校长 OR 黑水", "停*水", "/停.水/"]
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["topics", "topics", "subjects"]))
    if draw(st.integers(0, 5)) == 0:
        road = draw(st.sampled_from(["人民路", "小区"]))
        return f'[[subjects]]\nid = "p"\nkind = "place"\nany = {draw(TERMS.filter(bool))!r}\nroads = ["{road}"]\n'
    head = f'[[{kind}]]\nid = "{draw(st.sampled_from("abc"))}"\n'
    if draw(st.integers(0, 3)) == 0:
        return f"{head}query = '{draw(QUERIES)}'\n"
    some = draw(TERMS.filter(bool))
    lists = {"any": some, "all": draw(TERMS), "none": draw(TERMS)}
    return head + "".join(f"{key} = {value!r}\n" for key, value in lists.items())


PACKS = st.lists(rules(), max_size=4)
TEXTS = st.lists(st.sampled_from([*WORDS, "人民路", "，", "学", "期", "了"]), max_size=6).map("".join)


def keywords(texts: list[str]) -> KeywordSet:
    """One file a rule, so that ids may repeat."""
    return load([(f"p{i}.toml", text) for i, text in enumerate(texts)]).keywords


def fired(match: Match) -> set[tuple[str, str]]:
    return {("topic", name) for name in match.topics} | {("subject", name) for name in match.subjects}


@given(PACKS, st.data())
@settings(max_examples=100, deadline=None)
def test_the_difference_equals_matching_everything_twice(before: list[str], data: st.DataObject) -> None:
    # An edit: some rules kept, some dropped, some new ones.
    after = [text for text in before if data.draw(st.booleans())] + data.draw(PACKS)
    old, new = keywords(before), keywords(after)
    compare, one, other = Compare(old, new), Matcher(old), Matcher(new)
    for _ in range(5):
        title, text, meta = data.draw(TEXTS), data.draw(TEXTS), about(data.draw(st.sampled_from("ab")))
        was, now = fired(one.match(title, text, meta)), fired(other.match(title, text, meta))
        change = compare.post(title, text, meta)
        if was == now:
            assert change is None
            continue
        assert change is not None
        assert (set(change.gained), set(change.lost)) == (now - was, was - now)
        assert (change.matched_before, change.matched_after) == (bool(was), bool(now))


def test_what_does_not_move_a_match_is_no_edit() -> None:
    other = WATER.replace("severity = 4", "severity = 5").replace('["停水", "断水"]', '["断水", "停水"]')
    assert Compare(load([("a.toml", WATER)]).keywords, load([("b.toml", other)]).keywords).post("停水", "") is None


# ---- the command ----


def station(desk: MakeDesk) -> Desk:  # noqa: F811
    one = desk(packs={"water.toml": WATER})
    with Store(one.folder / DATABASE) as store:
        titles = ("停水了", "停水演练", "水质浑浊", "停气", "[bold]停水\x1b[31m" + "长" * 500)
        save(store, "a", *(RawPost(title, "", f"https://a.example/{i}", NOW) for i, title in enumerate(titles)))
    return one


def edited(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(
        WATER.replace('"断水"', '"停气"').replace('none = ["演练"]\n', "").replace('["水质", ', "["), "utf-8"
    )
    return path


def test_gained_and_lost_are_counted_by_rule_with_samples(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = station(desk)
    found = one("keywords", "diff", "now", str(edited(tmp_path)), "--json").json
    assert {key: found[key] for key in ("posts", "gained", "lost", "moved")} == {
        "posts": 5,
        "gained": 2,
        "lost": 0,
        "moved": 0,
    }
    assert found["edit"] == {"added": 0, "removed": 0, "changed": 2}
    assert found["rules"] == [{"kind": "topic", "rule": "outage", "title": "Outage", "gained": 2, "lost": 0}]
    assert {(s["title"], *s["terms"]) for s in found["samples"]} == {("停水演练", "停水"), ("停气", "停气")}


def test_the_way_back_loses_what_the_way_there_gains(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = station(desk)
    there = one("keywords", "diff", "now", str(edited(tmp_path)), "--json").json
    back = one("keywords", "diff", str(edited(tmp_path)), "now", "--json").json
    assert (there["gained"], there["lost"]) == (back["lost"], back["gained"])


def test_it_is_readable_in_80_columns_and_obeys_no_title(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = station(desk)
    path = tmp_path / "none.toml"
    path.write_text('[[topics]]\nid = "x"\nany = ["无此词"]\n', "utf-8")
    (tmp_path / "folder").mkdir()
    path.rename(tmp_path / "folder" / "none.toml")
    outcome = one("keywords", "diff", "now", str(tmp_path / "folder"))
    assert outcome.code == DONE
    assert "no longer: 3" in outcome.out
    assert "[bold]停水" in outcome.out
    assert "\x1b" not in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_a_set_against_itself_differs_in_nothing(desk: MakeDesk) -> None:  # noqa: F811
    outcome = station(desk)("keywords", "diff", "now", "now")
    assert (outcome.code, outcome.out.count("\n")) == (DONE, 2)
    assert "newly matched: 0" in outcome.out


@pytest.mark.parametrize(("given", "code"), [("nowhere", USAGE), ("bad.toml", CONFIG)])
def test_what_cannot_be_compared_is_refused(desk: MakeDesk, tmp_path: Path, given: str, code: int) -> None:  # noqa: F811
    (tmp_path / "bad.toml").write_text("[[topics]]\n", "utf-8")
    outcome = station(desk)("keywords", "diff", "now", str(tmp_path / given))
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err
