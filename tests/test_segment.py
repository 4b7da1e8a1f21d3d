from __future__ import annotations

import math
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli import segment
from yuqing_cli.segment import LONGEST, Lexicon, Words, backward, cuts, forward, lattice, lexicon

SMALL = Lexicon({"学校": 50, "校长": 20, "长期": 30, "学": 9, "校": 4, "长": 9, "期": 5, "停课": 8, "著名": 6}, 200)


def words(text: str, known: Lexicon | None = None) -> list[str]:
    offsets = cuts(text, known)
    return [text[a:b] for a, b in pairwise(offsets)]


def test_a_text_is_cut_where_the_words_are_most_probable() -> None:
    assert words("学校长期停课", SMALL) == ["学校", "长期", "停课"]
    assert words("校长停课", SMALL) == ["校长", "停课"]


def test_a_character_that_is_no_word_stands_alone() -> None:
    assert words("学校闭门", SMALL) == ["学校", "闭", "门"]
    assert cuts("", SMALL) == (0,)


def test_the_dictionary_of_jieba_knows_everyday_words() -> None:
    assert words("学校长期缺少教师") == ["学校", "长期", "缺少", "教师"]
    assert words("居民反映小区停水") == ["居民", "反映", "小区", "停水"]


def test_the_dictionary_is_read_once_and_holds_no_empty_word() -> None:
    assert lexicon() is lexicon()
    assert len(lexicon().frequencies) > 300_000
    assert lexicon().total == sum(lexicon().frequencies.values())
    assert "" not in lexicon().frequencies


def test_only_words_that_may_stand_in_a_text_are_taken_in() -> None:
    read = Words("停水 8 n\n停 9 v\n水 7 n\n停电 6 n\n水管 5 n")
    assert read.beginning("停") == {"停水": 8, "停": 9, "停电": 6}
    assert (read["水管"], read.kind("水管"), read.kind("气管"), read.get("气管")) == (5, "n", "", None)
    assert sorted(read) == ["停", "停水", "停电", "水", "水管"]
    assert len(Words("")) == 0


@given(st.lists(st.text(alphabet="停水电管a ", min_size=1, max_size=3).filter(str.strip), max_size=20))
@settings(deadline=None, max_examples=50)
def test_whatever_was_asked_before_a_word_has_its_frequency(asked: list[str]) -> None:
    counts = {"停水": 8, "a停": 3, "停": 9, "水": 7, "停电": 6, "水管": 5, "a": 1}
    read = Words("\n".join(f"{word} {count} n" for word, count in counts.items()))
    for text in asked:
        cuts(text, Lexicon(read, 39))
    assert all(read.get(word) == counts.get(word) for word in asked)
    assert dict(read) == counts


def test_none_of_jiebas_code_runs() -> None:
    code = (
        "import sys; from yuqing_cli import segment; segment.cuts('小区停水');"
        "print([m for m in sys.modules if m.split('.')[0] in ('jieba', 'pkg_resources')])"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_missing_dictionary_is_said_and_not_guessed_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "find_spec", lambda _: None)
    lexicon.cache_clear()
    segment._dictionary.cache_clear()
    try:
        with pytest.raises(ModuleNotFoundError, match="jieba"):
            lexicon()
    finally:
        lexicon.cache_clear()
        segment._dictionary.cache_clear()


def test_no_word_spans_a_wall() -> None:
    assert (2, SMALL.log_probability(50)) in lattice("学校长期", SMALL)[0]
    assert all(end != 2 for end, _ in lattice("学校长期", SMALL, walls=[1])[0])


def test_a_word_is_also_found_by_its_second_spelling() -> None:
    assert [end for end, _ in lattice("學校", SMALL)[0]] == [1]
    assert [end for end, _ in lattice("學校", SMALL, folded="学校")[0]] == [1, 2]
    assert [end for end, _ in lattice("著名", SMALL, folded="着名")[0]] == [1, 2], "the first spelling comes first"


def test_the_best_path_weighs_the_same_from_both_ends() -> None:
    found = lattice("学校长期停课", SMALL)
    assert forward(found)[-1] == pytest.approx(backward(found)[0])
    assert forward(found, 2, 4)[-1] == pytest.approx(math.log(30 / 200))


@settings(deadline=None, max_examples=100)
@given(st.text("学校长期停课著名闭，a1 \n", max_size=30))
def test_cuts_ascend_from_the_beginning_to_the_end(text: str) -> None:
    offsets = cuts(text, SMALL)
    assert offsets[0] == 0
    assert offsets[-1] == len(text)
    assert all(0 < b - a <= LONGEST for a, b in pairwise(offsets))


@settings(deadline=None, max_examples=50)
@given(st.text("学校长期停课闭", max_size=8), st.text("学校长期停课闭", max_size=8))
def test_texts_beside_punctuation_are_cut_by_themselves(left: str, right: str) -> None:
    apart = cuts(left, SMALL) + tuple(len(left) + 1 + offset for offset in cuts(right, SMALL))
    assert cuts(f"{left}，{right}", SMALL) == apart
