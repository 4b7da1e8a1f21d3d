"""One spelling for what publishers spell in many ways, so that the grammars behind it stay small.

Full width becomes half width, capitals small letters, the traditional character the simplified one (only those that
the grammars know), Chinese numerals before a unit digits, weekdays numbers, and runs of white space one blank. Lengths
are not kept: nobody asks where in the original text a date stood.
"""

from __future__ import annotations

import re

_TRADITIONAL = dict(zip(
    "時鐘鍾剛發佈週號點個兩後間國禮農曆陰舊於從淩裡東評論閱讀覽數記編輯來責電訊報標題"
    "瀏載錄創將擬計劃預離隔會議開結終過單雙約與樓",
    "时钟钟刚发布周号点个两后间国礼农历阴旧于从凌里东评论阅读览数记编辑来责电讯报标题"
    "浏载录创将拟计划预离隔会议开结终过单双约与楼",
    strict=True))  # fmt: skip
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_TABLE = str.maketrans(
    # The full-width comma stays: it tells running prose from a list of fields.
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
    | _TRADITIONAL
    | dict.fromkeys("‐‑‒–—−─", "-")
    | dict.fromkeys("〜∼", "~")
    | dict.fromkeys("○Ｏ零", "〇")
    | {"﹕": ":", "︰": ":", "∶": ":", "俩": "两", "倆": "两", "臺": "台"}
    | dict.fromkeys(_INVISIBLE, "")
)
_WEEKDAY = re.compile(r"(周|星期|礼拜)([一二三四五六日天])(?!前)\s?")
_WEEKDAYS = "一二三四五六日"
_NUMERAL = re.compile(
    r"(?<![〇一二三四五六七八九十两廿卅百千])[〇一二三四五六七八九十两廿卅百千]++(?=\s?(?:[年月日号点时分秒刻天个周]|小时|星期|礼拜|钟头))"
)
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}
_LOOSE = re.compile(r"(?<=\d) (?=[年月日号点时分秒刻])|(?<=[年月]) (?=\d)")


def fold(text: str) -> str:
    """``text`` in the one spelling that the grammars read."""
    if text.isascii():
        return " ".join(text.split()).lower()
    folded = " ".join(text.translate(_TABLE).split()).lower()
    if folded.isascii():
        return folded
    # Weekdays first, each followed by a blank: else 周三十点 (Wednesday, ten o'clock) becomes thirty o'clock.
    folded = _WEEKDAY.sub(_weekday, folded)
    folded = _NUMERAL.sub(lambda found: number(found[0]), folded)
    return _LOOSE.sub("", folded).strip() if " " in folded else folded


def _weekday(found: re.Match[str]) -> str:
    return f"{found[1]}{'7' if found[2] == '天' else _WEEKDAYS.index(found[2]) + 1} "


def number(numeral: str) -> str:
    """The digits of a Chinese numeral: 二十四 is "24", and so is 二四; 二〇〇五 is "2005"."""
    if not any(c in _POWERS or c in _TENS for c in numeral):
        return "".join(str(_DIGITS[c]) for c in numeral)
    total, digit = 0, None
    for c in numeral:
        if c in _POWERS:
            total += _POWERS[c] * (1 if digit is None else digit)
            digit = None
        elif c in _TENS:
            total += _TENS[c]
        else:
            digit = _DIGITS[c]
    return str(total + (digit or 0))
