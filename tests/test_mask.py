from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.enrich.mask import MASK, mask

FRAGMENTS = st.sampled_from(
    [
        "13800138000", "138", "0013", "8000", "+86", "0571-87654321", "、87654322", "转801", "a@b.cc", "@", "1a", "浙A12345", "京AD1234",
        "5号楼", "2单元", "501", "室", "微信号：", "abc_123", "QQ", "12345678", "护照", "E12345678", "卡号", "6222021234567890",
        "11010119900307", "身份证", "电话：", "https://x.cn/13800138000", "，", " ", "-", "号", "订单号", "１３８", "x", "■", "\n",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345、12315、110或96118",
        "客服400-820-1234、4008201234、800-820-1234",
        "国办发〔2016〕61号，2024-05-12 12:30，比分3-2",
        "G107国道、18路公交、GB 18030-2022",
        "总投资13812345678元，涨幅13.5%",
        "订单号13812345678",
        "3号楼2单元今晚停水，5栋120户受影响",
        "三室一厅，101室内游泳馆",
        "微信Windows10版、微信公众号：qinghe_water",
        "C919客机、新A320neo、新标准GB18030",
        "链接 https://example.com/u/13800138000?mail=a@b.com 在此",
    ],
)
def test_what_belongs_to_the_public_stays_legible(text: str) -> None:
    assert mask(text) == text


def test_only_the_personal_part_is_masked() -> None:
    assert mask("家住青禾花园3号楼2单元501室，电话１３８－００１３－８０００。") == (
        f"家住青禾花园{MASK * 10}，电话{MASK * 13}。"
    )


def test_an_identity_number_is_known_by_its_check_digit() -> None:
    assert mask("编码11010519491231002X") == f"编码{MASK * 18}"
    assert mask("编码110105194912310021") == "编码110105194912310021"
    assert mask("身份证110105194912310021") == f"身份证{MASK * 18}"


def test_a_bank_card_is_known_by_luhn_and_issuer_or_label() -> None:
    assert mask("转到6222021234567890128") == f"转到{MASK * 19}"
    assert mask("转到6222021234567890127") == "转到6222021234567890127"
    assert mask("卡号：6222 0212 3456 7890 127") == f"卡号：{MASK * 23}"


def test_two_things_written_together_are_both_masked() -> None:
    assert mask("li@example.com13800138000") == MASK * 25


def test_an_address_is_exempt_and_what_follows_it_is_not() -> None:
    assert mask("https://x.cn/a，13800138000") == f"https://x.cn/a，{MASK * 11}"


@given(st.lists(FRAGMENTS, max_size=14).map("".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_masking_keeps_the_length_and_is_idempotent(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == masked
    assert all(new in (old, MASK) for old, new in zip(text, masked, strict=True))


@pytest.mark.parametrize(
    "unit", ["1", "1380013800", "13800138000a", "a@b.cc1", "a.", "1 ", "010-876", "京A1", "十", "3栋"]
)
def test_hostile_repetition_is_masked_in_linear_time(unit: str) -> None:
    text = unit * (30_000 // len(unit))  # the square of this would take minutes; a line takes 50 ms
    assert len(mask(text)) == len(text)
