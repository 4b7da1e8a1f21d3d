"""The days of the fictional town look as they were approved (``python tools/golden.py`` draws them anew), and say the same to all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import golden

from town_digests import pages
from yuqing_cli import i18n
from yuqing_cli.digest.page import page
from yuqing_cli.render.cards import REPORTS
from yuqing_cli.render.outline import Line, plain
from yuqing_cli.render.sections import outline

SECTIONS = ["act", "new", "continuing", "late", "matters", "numbers", "hot", "rising", "good", "suppressed", "coverage"]


@pytest.mark.parametrize("name", [name for name, _ in golden.drawn()])
def test_the_day_looks_as_it_was_approved(name: str) -> None:
    assert dict(golden.drawn())[name] == (golden.FOLDER / name).read_text("utf-8"), (
        "python tools/golden.py draws it anew"
    )


def test_there_is_no_approved_day_that_nobody_draws() -> None:
    assert sorted(path.name for path in golden.FOLDER.glob("*")) == sorted(name for name, _ in golden.drawn())


@pytest.mark.parametrize("day", ["ordinary", "empty", "accident", "missed"])
def test_sections_stand_in_their_order_and_empty_ones_are_left_out(day: str) -> None:
    drawn = outline(pages()[day], i18n.choose("zh"))
    keys = [section.key for section in drawn.sections]
    assert keys == [key for key in SECTIONS if key in keys]
    assert all(section.blocks for section in drawn.sections)
    assert "coverage" in keys


@pytest.mark.parametrize("day", ["ordinary", "empty", "accident", "missed"])
def test_the_numbers_of_a_day_are_those_of_its_events(day: str) -> None:
    digest = pages()[day].digest
    told = [link for event in digest.events for link in event.links]
    inside = [link for link in told if link.published_at and digest.start <= link.published_at < digest.end]
    late = sum(event.posts for event in digest.events if event.late)
    assert digest.totals.matched == len(inside) + late
    assert (digest.totals.events, digest.totals.late) == (len(digest.events), late)
    assert digest.totals.new_events == sum(event.state == "new" for event in digest.events)
    assert sum(digest.hourly) == len(inside)
    assert not digest.by_source or sum(count.posts for count in digest.by_source) == len(inside)
    assert all(link.published_at and link.published_at < digest.as_of for link in told)


def test_an_exec_page_has_the_numbers_of_the_desk() -> None:
    for name in ("ordinary", "empty", "accident", "missed"):
        desk = pages()[name]
        head = page(desk.digest, audience="exec")
        words = i18n.choose("zh")
        one, other = outline(desk, words), outline(head, words)
        for field in ("title", "window", "bottom", "figures", "gap", "alarm"):
            assert getattr(one, field) == getattr(other, field)
        assert [event.id for event in head.act] == [event.id for event in desk.act]
        rest = [text(section.blocks[0]) for section in other.sections if section.key == "rest"]
        left = len(desk.digest.events) - len(head.act)
        assert left == 0 or sum(map(int, re.findall(r" (\d+)", rest[0]))) == left


def text(block: object) -> str:
    return plain(getattr(block, "line", ()))


def test_every_line_of_an_event_leads_to_a_post() -> None:
    for shown in pages().values():
        for event in shown.digest.events:
            ids = [link.post for link in event.links]
            for section in outline(shown, i18n.choose("zh")).sections:
                for block in section.blocks:
                    if getattr(block, "id", None) == event.id and section.key != "matters":
                        said = "".join(plain(line) for line in lines(block))
                        assert any(post in said for post in ids[:REPORTS])


def lines(block: object) -> list[Line]:
    return [*(line for _, line in getattr(block, "facts", ())), *getattr(block, "details", ())]


def test_the_tool_tells_a_file_that_is_not_what_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path / "digests")
    monkeypatch.setattr("sys.argv", ["golden.py"])
    assert golden.main() == 0
    assert golden.stale() == []
    (tmp_path / "digests" / "empty.zh.txt").write_text("另一天", "utf-8")
    monkeypatch.setattr("sys.argv", ["golden.py", "--check"])
    assert (golden.stale(), golden.main()) == (["empty.zh.txt"], 1)
