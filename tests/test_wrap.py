"""Lines of Chinese and Latin text end where a typesetter would end them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from yuqing_cli.render.wrap import breaks


def lines(text: str, width: int) -> list[str]:
    places = [0, *breaks(text, width, get_character_cell_size), len(text)]
    return [text[low:high] for low, high in pairwise(places)]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    assert lines("供水公司已经到场。", 16) == ["供水公司已经到", "场。"]
    assert lines("供水公司回应（第三次）", 14) == ["供水公司回应", "（第三次）"]


def test_a_number_stays_with_what_it_counts() -> None:
    assert lines("本期一共命中 17 条", 17) == ["本期一共命中 ", "17 条"]
    assert lines("约影响居民4200户人家", 14) == ["约影响居民", "4200户人家"]
    assert lines("截至 09-15 08:02", 12) == ["截至 ", "09-15 08:02"]


def test_a_line_rather_ends_at_a_stop_that_costs_little() -> None:
    assert lines("最高等级：红。升级 1 件。补报两条", 28) == ["最高等级：红。升级 1 件。", "补报两条"]


def test_latin_words_are_broken_only_where_they_do_not_fit_a_line() -> None:
    assert lines("reports from sources", 12) == ["reports from ", "sources"]
    assert lines("abcdefghij", 4) == ["abcd", "efgh", "ij"]


@given(st.text(st.sampled_from("停水，。（）“” ab1.👩\u200d👧\u0301\ufe0f"), max_size=80), st.integers(10, 40))
@hypothesis_settings(deadline=None, max_examples=100)
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text: str, width: int) -> None:
    found = lines(text, width)
    assert "".join(found) == text
    assert all(sum(map(get_character_cell_size, line.rstrip())) <= width for line in found)
    assert not any(line.startswith("\u0301") for line in found[1:] if found[0])
