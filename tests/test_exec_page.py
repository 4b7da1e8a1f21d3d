"""The page for the head of the office: what is cut so that it is one sheet, and what never is."""

from __future__ import annotations

import pytest

from town_digests import longest, ordinary
from yuqing_cli import i18n
from yuqing_cli.digest.page import page
from yuqing_cli.records import replace
from yuqing_cli.render.cards import brief_card, excerpt
from yuqing_cli.render.outline import Card, plain
from yuqing_cli.render.safe import EXEC_EXCERPT, EXEC_LINE, EXEC_NAME, EXEC_TITLE, cells, fitted
from yuqing_cli.render.sections import outline
from yuqing_cli.render.words import LEVELS, first_link, minute

languages = pytest.mark.parametrize("language", ["zh", "en"])


@languages
def test_no_number_no_level_no_time_and_no_id_is_cut(language: str) -> None:
    t = i18n.choose(language)
    drawn = outline(page(longest(), audience="exec"), t)
    for number in ("123456", "12345", "1234"):
        assert number in drawn.bottom
    assert "100%" in drawn.coverage
    cards = [block for section in drawn.sections for block in section.blocks if isinstance(block, Card)]
    for card, event in zip(cards, longest().events, strict=False):
        head, facts = plain(card.head), " ".join(plain(said) for _, said in card.facts)
        assert t(LEVELS[event.level]) in head
        assert str(int(event.score)) in head
        told = (event.posts, event.sources, event.origins, event.copies, "+1234", "+123", "365", "1234.5")
        assert all(str(value) in facts for value in told)
        assert first_link(event).post in facts
        assert minute(event.first_seen) in facts


@languages
def test_texts_of_any_length_take_one_line_each_and_say_that_they_were_cut(language: str) -> None:
    event = longest().events[0]
    card = brief_card(event, i18n.choose(language))
    facts = dict(card.facts)
    title = card.head[-1].text
    assert title.endswith("…")
    assert cells(title) <= EXEC_TITLE
    for label in ("Playbook", "Answer", "Note"):
        said = facts[i18n.choose(language)(label)][-1].text
        assert said.endswith("…")
        assert cells(said) <= EXEC_LINE
    quoted = plain(facts[i18n.choose(language)("Excerpt")]).strip("“”")
    assert quoted.endswith("…")
    assert cells(quoted) <= EXEC_EXCERPT


def test_what_has_room_is_told_in_full_in_either_script() -> None:
    title = "A burst main leaves three streets of Qinghe without water, repairs last until the night"
    event = ordinary().events[0]
    card = brief_card(event, i18n.choose("zh"))
    assert card.head[-1].text == event.title
    assert fitted(title, len(title)) == title
    assert fitted(title, EXEC_TITLE) == title[: EXEC_TITLE - 1] + "…"


@pytest.mark.parametrize("text", ["停水" * 50, "x" * 99, "x停" * 50, "👩\u200d👩\u200d👧" * 30, "e\u0301" * 60])
@pytest.mark.parametrize("room", range(2, 40))
def test_a_cut_text_fits_ends_in_dots_and_tears_no_character(text: str, room: int) -> None:
    cut = fitted(text, room)
    assert cells(cut) <= room
    assert cut[-1] == "…"
    assert cut[-2:-1] not in {"\u200d", "\u0301"}
    assert text.startswith(cut[:-1])


def test_names_that_fit_are_not_cut() -> None:
    assert fitted("青禾论坛民生版", EXEC_NAME) == "青禾论坛民生版"


def test_quotation_marks_inside_an_excerpt_are_the_inner_ones_and_what_matched_stays_set_off() -> None:
    event = replace(ordinary().events[0], excerpt="“停水三天了。”居民说", highlights=((1, 3),))
    line = excerpt(event)
    assert plain(line) == "“‘停水三天了。’居民说”"
    assert [piece.text for piece in line if piece.emphasis == "hit"] == ["停水"]
