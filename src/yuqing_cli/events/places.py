"""Names of places in a headline, by what they end with: 青禾县, 长江路, 柳湖花园, 3号楼.

Principle. Of notices in the same words, the place is what makes two of them two matters. So a place must be told with some certainty, and
one that is missed costs less than one that is none (城区, 家里, 人民医院 are everywhere).

Theory. Two Han characters before an ending, or a number before one, are a name; the ending says what it is a name of. Only names of one
level contradict each other: a county and a road, a city and its district may well be one place. An ending after a character that makes
another word of it (地区, 超市, 网站), or after a word that points at nothing (附近小区, 多所学校), makes no name.

Known failures. Names without such an ending (青禾, 白苇), of three characters before it (they count by the last two), and foreign ones.
"""

from __future__ import annotations

import re
from zlib import crc32

_LEVELS = (
    "省",
    "市 州 盟",
    "县 区 旗",
    "街道 社区 片区 镇 乡",
    "村 屯",
    "大道 路 街 巷 高速",
    "幼儿园 花园 家园 公园 小区 新村 公寓 广场 大厦 水库 商场 中学 小学 大学 学校 学院 医院 苑 园 里 港 桥 站",
    "号线 号楼 号院 栋 幢",
)
"""Endings, from the largest area to the smallest place; each line is a level. What has a number is of the last."""
_LEVEL = {ending: level for level, endings in enumerate(_LEVELS) for ending in endings.split()}
_ANY = "|".join(sorted(_LEVEL, key=len, reverse=True))
_NAME = re.compile(rf"([\u4e00-\u9fff]{{2}})({_ANY})|([0-9]+)(号线|号楼|号院|栋|幢|路|高速)")
_POINTS_NOWHERE = frozenset("个多各某该全本我这那哪每所有几近分旧老两外地他何此")
_OTHER_WORD = {
    ending: frozenset(before)
    for ending, before in {
        "省": "节反外",
        "市": "城股楼超上都夜菜集县门开",
        "州": "神",
        "县": "",
        "区": "小社园景校城山郊市灾片牧库疫发护务治厂矿专战辖营住居",
        "镇": "城乡小古冰坐重",
        "乡": "家城返回故下同",
        "村": "农乡山进新",
        "路": "道公铁线电马网思上让走修半末出套销一",
        "街": "逛上",
        "里": "家手城夜心店屋车校厂群水空嘴肚公间班院园村楼嘴眼",
        "桥": "过",
        "站": "网车",
        "园": "校家公",
        "港": "香",
    }.items()
}
"""Characters after which an ending is the end of another word."""
_EVERYWHERE = frozenset(
    ("人民医院", "中心医院", "妇幼医院", "儿童医院", "中医医院", "职业学校", "职业学院", "中心小学")
)
AREA = 2
"""The last level on which a place has many matters at a time."""
LEVEL_BITS = 15
"""The lowest four bits of a place's hash say its level."""


def places(text: str) -> list[int]:
    """The places that a text names, in their order, each once, as hashes. ``text`` is in its normal form (``text.fold``)."""
    found: dict[int, None] = {}
    for match in _NAME.finditer(text):
        _, ending, number, _ = match.groups()
        if number:
            found[crc32(match[0].encode()) & ~LEVEL_BITS | len(_LEVELS) - 1] = None
            continue
        if _is_name(match):
            found[crc32(match[0].encode()) & ~LEVEL_BITS | _LEVEL[ending]] = None
    return list(found)


def areas(text: str) -> list[str]:
    """The provinces, cities, counties and districts that a text names, as they stand there."""
    return [match[0] for match in _NAME.finditer(text) if match[1] and _LEVEL[match[2]] <= AREA and _is_name(match)]


def _is_name(match: re.Match[str]) -> bool:
    name, ending = match[1], match[2]
    pointless = name[-1] in _OTHER_WORD.get(ending, ()) or not _POINTS_NOWHERE.isdisjoint(name)
    return not pointless and match[0] not in _EVERYWHERE


def contradict(ours: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether both name places of one level, and none in common at any."""
    if not ours or not theirs or not ours.isdisjoint(theirs):
        return False
    return not {place & LEVEL_BITS for place in ours}.isdisjoint(place & LEVEL_BITS for place in theirs)
