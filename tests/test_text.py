from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.text import clean_line, clean_text, excerpt, fold, is_han, normalise

HARD = st.sampled_from(
    list(
        "医院醫aAßİıſﬃ①㌔ﷺ´葛\u0345\u0301\u0316\u3099\u1100\u1161\u11a8각\u200b\u200d\ufe0f\U000e0100\u00ad\t\n \u3000\r\x1b\x85■👨"
    )
)
TEXTS = st.text(max_size=30) | st.lists(HARD, max_size=12).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "醫院",
        "医 院",
        "醫\u3000院",
        "医\u200b院",
        "医\u00ad院",
        "\ufeff 医院 ",
        "医\ufe00院",
        "\x00医院",
        "医\u202e院",
    ],
)
def test_spellings_of_one_word_have_one_normal_form(text: str) -> None:
    assert fold(text) == "医院"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｈospital ＡＢＣ", "hospital abc"),
        ("後來 后来", "后来后来"),
        ("裏面裡面里面", "里面里面里面"),
        ("乾燥 干燥", "干燥干燥"),
        ("大樓著火 大楼着火", "大楼着火大楼着火"),
        ("經濟復甦", "经济复苏"),
        ("地铁 3 号线 WiFi 6 信号", "地铁3号线wifi 6信号"),
        ("a  b\t c", "a b c"),
        ("①℃㎡ﬃ…", "1°cm2ffi..."),
        ("Straße", "strasse"),
        ("e\u0301", "é"),
        ("ﾊﾟ", "パ"),
        ("\u1112\u1161\u11ab", "한"),
        ("\ud800", "\ufffd"),
        ("王■■■", "王■■■"),
    ],
)
def test_width_case_script_and_blanks_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_nothing_matches_across_a_line_break() -> None:
    assert fold("供水\r\n \u2028公司") == "供水\n公司"


@given(TEXTS)
@settings(deadline=None, max_examples=100)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert unicodedata.is_normalized("NFC", fold(text))


@given(st.characters())
@settings(deadline=None, max_examples=100)
def test_a_character_folds_alike_alone_and_in_a_word(char: str) -> None:
    assert fold(char).strip() in fold(f"#{char}#")


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
@settings(deadline=None, max_examples=100)
def test_every_span_leads_back_to_raw_characters_that_fold_to_it(text: str, start: int, end: int) -> None:
    found = normalise(text)
    assert found.text == fold(text)
    first, last = found.raw_span(start, end)
    assert 0 <= first <= last <= len(text)
    assert found.text[start:end].strip() in fold(text[first:last]) or "\n" in text[first:last]


def test_the_raw_span_is_what_was_written() -> None:
    raw = "在《醫\u200b 院》ﬃ門口"
    found = normalise(raw)
    start = found.text.index("医院")
    assert raw[slice(*found.raw_span(start, start + 2))] == "醫\u200b 院"
    start = found.text.index("f")
    assert raw[slice(*found.raw_span(start, start + 1))] == "ﬃ"
    assert found.raw_span(3, 3) == (found.raw_span(3, 4)[0],) * 2
    assert found.raw_span(90, 99) == (len(raw), len(raw))


def test_letters_with_marks_and_variation_selectors_are_mapped_whole() -> None:
    raw = "xe\u0301\u0316葛\U000e0100y"
    found = normalise(raw)
    assert raw[slice(*found.raw_span(1, 2))] == "e\u0301\u0316"
    start = found.text.index("葛")
    assert raw[slice(*found.raw_span(start, start + 1))] == "葛\U000e0100"


def test_a_tower_of_combining_marks_is_cut() -> None:
    assert len(fold("a" + "\u0316\u0301" * 50_000)) <= 31


def test_han_characters_are_told_from_punctuation_and_kana() -> None:
    assert all(map(is_han, "医〇々㐀𠀀"))
    assert not any(map(is_han, "aア，。■①"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m红\x1b[0m字", "红字"),
        ("\x1b]8;;http://x.cn\x07链接\x1b]8;;\x1b\\", "链接"),
        ("\x1b]没有结尾", "没有结尾"),
        ("\x9b2J清屏\x07", "清屏"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("零\u200b宽\ufeff", "零宽"),
        ("一\r\n二\t\u3000三\u2028四", "一 二 三 四"),
        ("👨\u200d👩\u200d👧 a\u200db", "👨\u200d👩\u200d👧 ab"),
        ("❤\ufe0f\u200d🔥 1\ufe0f 字\ufe0f", "❤\ufe0f\u200d🔥 1\ufe0f 字"),
        ("半\ud83d个", "半\ufffd个"),
        ("  干净 的 line ", "干净 的 line"),
    ],
)
def test_a_strangers_line_is_made_harmless(text: str, shown: str) -> None:
    assert clean_line(text) == shown


def test_a_text_keeps_its_lines_and_at_most_one_empty_one() -> None:
    assert clean_text("\n\u3000\u3000第一段 \r\n\r\n \n\n第二\x1b[1m段\n第三段\n") == "第一段\n\n第二段\n第三段"


@given(TEXTS)
@settings(deadline=None, max_examples=100)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)


def test_an_excerpt_begins_and_ends_at_punctuation() -> None:
    text = "前文甲乙。" * 10 + "昨晚东城区停水，居民排队接水。" + "后文丙丁。" * 20
    start = text.index("停水")
    shown, span = excerpt(text, start, start + 2, 40)
    assert shown.startswith("…前文")
    assert shown.endswith("丁。…")
    assert shown[slice(*span)] == "停水"


@given(st.text(alphabet="水电。，\n a", max_size=120), st.integers(0, 130), st.integers(0, 130), st.integers(3, 60))
@settings(deadline=None, max_examples=100)
def test_an_excerpt_fits_the_line_and_holds_the_span(text: str, start: int, end: int, length: int) -> None:
    shown, (first, last) = excerpt(text, start, end, length)
    assert len(shown) <= length
    assert "\n" not in shown
    assert text[start : max(start, end)].replace("\n", " ").startswith(shown[first:last])


def test_an_excerpt_does_not_begin_with_what_closes_a_sentence_before_it() -> None:
    said = "她说：“昨天还没有通知，今天就停了水，全楼的人都下来找，一问才知道要停到晚上。”"
    text = said + "城东片区稻香花园居民向本报反映，家中自来水发黄、浑浊，今天已是第三天。"
    start = text.index("自来水")
    shown, _ = excerpt(text, start, start + 3, length=60)
    assert shown.startswith("…城东片区")


def test_a_short_text_is_its_own_excerpt() -> None:
    assert excerpt("今日\n停水", 3, 5) == ("今日 停水", (3, 5))
