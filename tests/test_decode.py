"""Which charset, found how; and text that was damaged before it came."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.sources.decode import clean_xml, damage, decode

SIMPLIFIED = "县自来水公司发布停水公告，城东片区今晚八点起停水检修，请居民提前储水，预计次日早晨恢复供水。"
TRADITIONAL = "縣自來水公司發布停水公告，城東片區今晚八點起停水檢修，請居民提前儲水，預計次日早晨恢復供水。"
XML = '<?xml version="1.0" encoding="{}"?><t>{}</t>'


def declared(label: str, text: str, charset: str) -> bytes:
    return XML.format(label, text).encode(charset)


@pytest.mark.parametrize(
    ("body", "content_type", "charset", "method"),
    [
        (SIMPLIFIED.encode("utf-8-sig"), "text/xml; charset=gbk", "utf-8", "bom"),
        (SIMPLIFIED.encode("utf-16"), "", "utf-16-le", "bom"),
        (b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be"), "", "utf-16-be", "bom"),
        (SIMPLIFIED.encode("utf-32"), "", "utf-32-le", "bom"),
        (declared("utf-16", SIMPLIFIED, "utf-16-be"), "", "utf-16-be", "detected"),
        (declared("gb2312", SIMPLIFIED, "utf-8"), "text/xml; charset=big5", "utf-8", "utf-8"),
        (declared("utf-16", SIMPLIFIED, "utf-8"), "", "utf-8", "utf-8"),
        (b"plain words", "text/xml; charset=gb2312", "utf-8", "utf-8"),
        (SIMPLIFIED.encode("gbk"), "text/xml; charset=GB2312", "gb18030", "header"),
        (SIMPLIFIED.encode("gbk"), 'text/html; charset="x-gbk"', "gb18030", "header"),
        (declared("gb2312", SIMPLIFIED + "镕堃㐀", "gb18030"), "", "gb18030", "declared"),
        (declared("GB_2312-80", SIMPLIFIED, "gbk"), "", "gb18030", "declared"),
        (declared("big5", TRADITIONAL, "big5"), "", "big5hkscs", "declared"),
        (declared("utf-8", SIMPLIFIED, "gbk"), "text/xml; charset=utf-8", "gb18030", "detected"),
        (declared("gb2312", SIMPLIFIED, "gbk"), "text/xml; charset=ISO-8859-1", "gb18030", "declared"),
        (declared("big5", TRADITIONAL, "big5"), "text/xml; charset=gb2312", "big5hkscs", "detected"),
        (declared("gb2312", TRADITIONAL, "big5"), "", "big5hkscs", "detected"),
        (declared("iso-8859-1", SIMPLIFIED, "gbk"), "", "gb18030", "detected"),
        (b"<meta charset=gbk><p>" + SIMPLIFIED.encode("gbk"), "text/html", "gb18030", "declared"),
        (declared("shift_jis", "停電のお知らせ", "cp932"), "", "cp932", "declared"),
        (declared("euc-kr", "정전 안내", "cp949"), "", "cp949", "declared"),
        (declared("iso-2022-jp", "停電のお知らせ", "iso2022-jp"), "", "iso2022-jp", "declared"),
        (declared("windows-1251", "Отключение воды", "cp1251"), "", "cp1251", "declared"),
        ("Le café fermé de l’hôtel".encode("cp1252"), "", "windows-1252", "detected"),
        ("Le café fermé de l’hôtel".encode("cp1252"), "text/xml; charset=iso-8859-1", "windows-1252", "header"),
        (SIMPLIFIED.encode("gbk"), "text/xml; charset=rot13", "gb18030", "detected"),
        (SIMPLIFIED.encode("gbk"), "text/xml; charset=no-such", "gb18030", "detected"),
        (b"", "", "utf-8", "utf-8"),
    ],
)
def test_the_charset_is_found_and_so_is_the_text(body: bytes, content_type: str, charset: str, method: str) -> None:
    found = decode(body, content_type)
    assert (found.charset, found.method) == (charset, method)
    assert "\ufffd" not in found.text
    assert not found.text.startswith("\ufeff")


@pytest.mark.parametrize("size", [15, 40])
@pytest.mark.parametrize(
    ("text", "charset", "expected"),
    [
        (SIMPLIFIED, "gbk", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
    ],
)
def test_short_chinese_text_needs_no_declaration(size: int, text: str, charset: str, expected: str) -> None:
    found = decode(text[:size].encode(charset))
    assert (found.text, found.charset) == (text[:size], expected)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5hkscs"])
def test_a_character_cut_off_at_the_end_is_left_out(charset: str) -> None:
    whole = TRADITIONAL if charset.startswith("big5") else SIMPLIFIED
    assert decode(whole[:-1].encode(charset) + "水".encode(charset)[:-1]).text == whole[:-1]


def test_bad_bytes_in_utf8_cost_only_themselves() -> None:
    body = SIMPLIFIED.encode().replace("停".encode(), b"\xe5\x81", 2)
    found = decode(body, "text/xml; charset=gbk")
    assert (found.charset, found.text.count("\ufffd")) == ("utf-8", 2)


def test_a_character_cut_inside_gbk_text_costs_only_itself() -> None:
    found = decode(declared("gb2312", SIMPLIFIED, "gbk").replace("恢复".encode("gbk"), b"\xbb"))
    assert found.charset == "gb18030"
    assert found.text.endswith("</t>")


def test_big5_extensions_of_hong_kong_and_of_windows_are_both_read() -> None:
    assert "啫" in decode(declared("big5", TRADITIONAL + "啫", "big5hkscs")).text
    assert "€" in decode(declared("big5", TRADITIONAL + "€", "cp950")).text


def test_a_document_is_cleaned_for_a_parser_that_gets_text() -> None:
    dirty = '\ufeff \n<?xml version="1.0" encoding="gbk"?>\n<?xml version="1.0"?><a>\x00\x0b甲\t\n\ufffe\ud800</a>'
    assert clean_xml(dirty) == "<a>甲\t\n</a>"


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_encodings_come_back_whole(text: str, charset: str) -> None:
    body = text.encode(charset, "ignore")
    if charset == "utf-8" and (body.startswith((b"\xef\xbb\xbf", b"\xff\xfe")) or b"\0" in body):
        return
    if charset.startswith("utf-16") and text.startswith("\0"):  # reads as the mark of UTF-32
        return
    assert decode(body).text == body.decode(charset)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=gbk", "a; charset=utf-7", "charset=\udcff"]))
def test_any_bytes_decode_to_something(body: bytes, content_type: str) -> None:
    found = decode(body, content_type)
    damage(found.text)
    clean_xml(found.text).encode("utf-8")


def through(text: str, *steps: str) -> str:
    """The text encoded and decoded by turns, as careless servers do."""
    for wrote, reads in zip(steps[::2], steps[1::2], strict=True):
        text = text.encode(wrote, "ignore").decode(reads, "replace")
    return text


@pytest.mark.parametrize(
    "broken",
    [
        through(SIMPLIFIED, "utf-8", "gb18030"),
        SIMPLIFIED.encode().decode("gbk", "ignore"),
        through(SIMPLIFIED, "utf-8", "big5"),
        through(SIMPLIFIED, "gbk", "latin-1"),
        through(SIMPLIFIED, "gbk", "cp1252"),
        through(SIMPLIFIED, "utf-8", "latin-1"),
        through(SIMPLIFIED, "utf-8", "cp1252"),
        through(SIMPLIFIED, "utf-8", "latin-1", "utf-8", "latin-1"),
        through(SIMPLIFIED, "gbk", "latin-1", "utf-8", "gbk"),
        through(SIMPLIFIED, "gbk", "utf-8", "utf-8", "gbk"),
        through(SIMPLIFIED, "gbk", "utf-8"),
        "?" * 14 + "，" + "?" * 20,
        "停水" + "烫" * 40,
    ],
)
def test_text_damaged_before_it_was_sent_is_recognised(broken: str) -> None:
    assert damage(broken)


@pytest.mark.parametrize(
    "honest",
    [
        SIMPLIFIED,
        TRADITIONAL,
        "",
        "饕餮魑魅魍魉龘靐齉齾爨麤鱻羴",
        "鋰鈹鈉鎂鋁矽鉀鈣鈧鈦釩鉻錳鐵鈷鎳銅鋅鎵鍺",
        "李喆、王堃、张赟、陈垚、刘翀、赵頔、孙昇、周祎、吴旻、郑珺",
        "子曰：學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？",
        "「锟斤拷」和「烫烫烫」是什么？很多人都在网页上见过这些乱码，它们都是编码转换出错留下的痕迹。",
        "水厂今日停水検修のお知らせ。復旧は明朝の見込みです。",
        "단수 안내: 오늘 밤 여덟 시부터 정수장 점검",
        "São Paulo: ações e questões; Größe, Straße; où naît l’œuvre déçue; Þæð öðru",
        "Отключение воды в городе",
        "Nước máy sẽ bị cắt tối nay ở phía đông thành phố",
        "真的吗？？？？？？？？？？ 什么时候来水??????????",
        "The café’s owner said – “no water since 8” … " * 5,
    ],
)
def test_honest_text_of_any_kind_raises_no_alarm(honest: str) -> None:
    assert damage(honest) is None
