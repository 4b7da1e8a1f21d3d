"""keywords update: shipped packs that changed come in, edits of the desk stay, contradictions are shown and not written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from yuqing_cli.cli.face import CONFIG, DONE
from yuqing_cli.packs.load import load
from yuqing_cli.packs.merge import merge, read
from yuqing_cli.workflows import init, update_packs

SHIPPED = Path(__file__).resolve().parent.parent / "keywords"
BASE = """\
# Water.

[pack]
name = "water"
title = "供水"

[[topics]]
id = "outage"
severity = 3
any = [
  "停水", "断水",
  { term = "没水", weight = 0.6 },
]
none = ["演练"]

[[topics]]
id = "quality"
severity = 4
any = ["水质"]
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


# ---- the merge ----


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_what_is_read_is_the_whole_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "".join(unit.raw for unit in read(text)) == text
    assert merge(text, text, text).text == text


@pytest.mark.parametrize(
    ("mine", "shipped", "expected"),
    [
        # Terms that both add to one list stay beside each other.
        (('"断水",', '"断水", "没水用",'), ('"断水",', '"断水", "停供水",'), ['"停水", "断水", "停供水", "没水用",']),
        # A list that is wrapped anew says the same: only the new term comes.
        (
            ("severity = 3", "severity = 5"),
            ('  "停水", "断水",\n', '  "停水",\n  "断水", "断供",\n'),
            ["severity = 5", '"断供"'],
        ),
        # Comments and blanks of the desk stay.
        (('none = ["演练"]', 'none = ["演练"]   # ours'), ("severity = 4", "severity = 5"), ["# ours", "severity = 5"]),
        # A topic that the desk took out stays out while others change.
        ((BASE[BASE.index('[[topics]]\nid = "quality"') :], ""), ('"断水",', '"断水", "断供",'), ['"断供"']),
        # Both add a topic at the end.
        (
            ('any = ["水质"]\n', 'any = ["水质"]\n\n[[topics]]\nid = "mine"\nany = ["a词"]\n'),
            ('any = ["水质"]\n', 'any = ["水质"]\n\n[[topics]]\nid = "theirs"\nany = ["b词"]\n'),
            ['id = "mine"', 'id = "theirs"'],
        ),
        # The last term of a list has no comma; one more after it needs one.
        (
            ('any = ["水质"]', 'any = ["水质", "黑水"]'),
            ('any = ["水质"]', 'any = ["水质", "黄水"]'),
            ['["水质", "黄水", "黑水"]'],
        ),
        # A comment that both changed stays the desk's.
        (("# Water.", "# Ours."), ("# Water.", "# Water and more."), ["# Ours."]),
        # A term that the desk moved and the shipped pack dropped is out.
        (('"停水", "断水",', '"断水", "停水",'), ('"断水",', ""), ['any = [ "停水",\n  {']),
        # A term that both took out is out.
        (('"断水",', ""), ('"断水",', ""), ['"停水"']),
    ],
)
def test_edits_of_both_sides_are_kept(mine: tuple[str, str], shipped: tuple[str, str], expected: list[str]) -> None:
    merged = merge(BASE, changed(BASE, mine), changed(BASE, shipped))
    assert merged.conflicts == ()
    tomllib.loads(merged.text)
    assert [text for text in expected if text not in merged.text] == [], merged.text


@pytest.mark.parametrize(
    ("mine", "shipped"),
    [
        (("severity = 3", "severity = 5"), ("severity = 3", "severity = 4")),
        (("weight = 0.6", "weight = 0.2"), ("weight = 0.6", "weight = 0.9")),
        (('  { term = "没水", weight = 0.6 },\n', ""), ("weight = 0.6", "weight = 0.9")),
        ((BASE[BASE.index('[[topics]]\nid = "quality"') :], ""), ('any = ["水质"]', 'any = ["水质", "黄水"]')),
    ],
)
def test_what_contradicts_is_told_and_takes_the_side_that_was_chosen(
    mine: tuple[str, str], shipped: tuple[str, str]
) -> None:
    own, theirs = changed(BASE, mine), changed(BASE, shipped)
    merged = merge(BASE, own, theirs)
    assert len(merged.conflicts) == 1
    assert merged.text == own
    assert merge(BASE, own, theirs, "shipped").text.split() == theirs.split()


def test_line_ends_and_the_byte_order_mark_stay_those_of_the_desk() -> None:
    own = "\ufeff" + changed(BASE, ("severity = 3", "severity = 5")).replace("\n", "\r\n")
    merged = merge(BASE, own, changed(BASE, ('"断水",', '"断水", "断供",')))
    assert merged.text.startswith("\ufeff")
    assert merged.text.count("\r\n") == merged.text.count("\n")
    assert '"断供"' in merged.text


PIECES = st.sampled_from(
    [
        "[",
        "[[",
        "]",
        "]]",
        '"',
        "'",
        '"""',
        "'''",
        "{",
        "}",
        "#",
        ",",
        "=",
        "\n",
        " ",
        "any",
        "id",
        "term",
        "停水",
        "\\",
        "\r",
        "1",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=200, deadline=None)
def test_a_text_that_is_no_toml_is_read_to_its_end_too(text: str) -> None:
    assert "".join(unit.raw for unit in read(text)) == text


TERMS = st.lists(st.sampled_from([f"词{n}" for n in range(8)]), min_size=1, max_size=6, unique=True)


def pack(topics: dict[str, list[str]], *, wrapped: bool) -> str:
    sign = ",\n  " if wrapped else ", "
    return "".join(
        f'[[topics]]\nid = "{name}"\nany = [{sign.join(repr(term) for term in terms)}]\n\n'
        for name, terms in topics.items()
    )


def terms_of(text: str) -> dict[str, set[str]]:
    return {topic["id"]: set(topic["any"]) for topic in tomllib.loads(text).get("topics", [])}


PACKS = st.dictionaries(st.sampled_from("abc"), TERMS, max_size=3)


@given(PACKS, PACKS, PACKS, st.booleans())
@settings(max_examples=120, deadline=None)
def test_a_merge_without_conflicts_holds_every_addition_and_every_removal(
    base: dict[str, list[str]], mine: dict[str, list[str]], shipped: dict[str, list[str]], wrapped: bool
) -> None:
    merged = merge(pack(base, wrapped=False), pack(mine, wrapped=False), pack(shipped, wrapped=wrapped))
    found = terms_of(merged.text)
    if merged.conflicts:
        return
    for name in {*base, *mine, *shipped}:
        was, own, new = (set(held.get(name, [])) for held in (base, mine, shipped))
        assert found.get(name, set()) == (own & new) | (own - was) | (new - was)


# ---- the command ----


def station(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, shipped: dict[str, str]) -> Desk:  # noqa: F811
    """A station that was made from ``BASE`` as water.toml, and a program that ships other texts now."""
    one = desk(packs={"water.toml": BASE})
    folder = one.folder / "keywords" / ".shipped"
    folder.mkdir()
    (folder / "water.toml").write_text(BASE, "utf-8")
    monkeypatch.setattr(update_packs, "shipped_packs", lambda: shipped)
    return one


def water(one: Desk) -> str:
    return (one.folder / "keywords" / "water.toml").read_text("utf-8")


NEWER = changed(BASE, ('"断水",', '"断水", "断供",'))


def test_a_change_is_shown_and_not_written_until_it_is_agreed(
    desk: MakeDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = station(desk, monkeypatch, {"water.toml": NEWER})
    own = changed(BASE, ('none = ["演练"]', 'none = ["演练", "消防"]  # ours'))
    (one.folder / "keywords" / "water.toml").write_text(own, "utf-8")
    shown = one("keywords", "update")
    assert shown.code == DONE
    assert '+  "停水", "断水", "断供",' in shown.out
    assert "--yes" in shown.err
    assert water(one) == own
    assert one("keywords", "update", "--yes").code == DONE
    assert '"断供"' in water(one)
    assert '"消防"]  # ours' in water(one)
    (kept,) = (one.folder / "keywords" / ".replaced").iterdir()
    assert kept.read_text("utf-8") == own
    again = one("keywords", "update", "--yes")
    assert (again.code, again.out) == (DONE, "the packs are up to date\n")
    assert one("keywords", "check").code == DONE


def test_a_contradiction_is_shown_and_never_written_unless_a_side_is_chosen(
    desk: MakeDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = station(desk, monkeypatch, {"water.toml": changed(BASE, ("severity = 3", "severity = 4"))})
    own = changed(BASE, ("severity = 3", "severity = 5"))
    (one.folder / "keywords" / "water.toml").write_text(own, "utf-8")
    outcome = one("keywords", "update", "--yes")
    assert outcome.code == CONFIG
    assert "severity = 5" in outcome.out
    assert "severity = 4" in outcome.out
    assert water(one) == own
    assert one("keywords", "update", "--yes", "--conflicts", "shipped").code == DONE
    assert "severity = 4" in water(one)


def test_new_files_come_deleted_ones_stay_away_and_the_own_pack_is_not_touched(
    desk: MakeDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fire = '[[topics]]\nid = "fire"\nany = ["火灾"]\n'
    one = station(desk, monkeypatch, {"water.toml": NEWER, "fire.toml": fire, "us.toml": "# new words\n"})
    (one.folder / "keywords" / "us.toml").write_text("# ours\n", "utf-8")
    (one.folder / "keywords" / "water.toml").unlink()
    outcome = one("keywords", "update", "--yes", "--json").json
    assert [(f["file"], f["state"]) for f in outcome["files"]] == [("fire.toml", "new"), ("water.toml", "deleted")]
    assert sorted(path.name for path in (one.folder / "keywords").glob("*.toml")) == ["fire.toml", "us.toml"]
    assert (one.folder / "keywords" / "us.toml").read_text("utf-8") == "# ours\n"


def test_a_station_that_does_not_know_its_base_is_told_how_to_go_on(
    desk: MakeDesk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = station(desk, monkeypatch, {"water.toml": NEWER})
    (one.folder / "keywords" / ".shipped" / "water.toml").unlink()
    outcome = one("keywords", "update", "--yes")
    assert outcome.code == CONFIG
    assert "--keep" in outcome.out
    assert water(one) == BASE
    assert one("keywords", "update", "--keep").code == DONE
    assert one("keywords", "update", "--yes").code == DONE
    assert water(one) == BASE


def test_a_base_that_was_spoilt_counts_as_unknown(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    one = station(desk, monkeypatch, {"water.toml": NEWER})
    (one.folder / "keywords" / ".shipped" / "water.toml").write_text("[[topics\n" + BASE, "utf-8")
    outcome = one("keywords", "update", "--yes")
    assert (outcome.code, water(one)) == (CONFIG, BASE)


def test_a_faulty_pack_of_the_desk_is_not_merged(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    one = station(desk, monkeypatch, {"water.toml": NEWER})
    (one.folder / "keywords" / "water.toml").write_text("[[topics", "utf-8")
    outcome = one("keywords", "update", "--yes")
    assert outcome.code == CONFIG
    assert "faults" in outcome.out
    assert water(one) == "[[topics"


def test_init_remembers_what_it_copied(tmp_path: Path) -> None:
    init.init(tmp_path / "s", name="x", language="en", contact="", sources="")
    assert [step.state for step in update_packs.plan(tmp_path / "s", None) if step.state != "same"] == []
    held = {path.name for path in (tmp_path / "s" / "keywords" / ".shipped").iterdir()}
    assert held == set(init.shipped_packs())
    assert load([(path.name, path.read_text("utf-8")) for path in SHIPPED.glob("*.toml")]).problems == ()
