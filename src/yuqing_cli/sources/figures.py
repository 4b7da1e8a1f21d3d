"""Figures of hot lists as their publishers write them: heat (1355 万热度, 1.2亿, 热度 8,812) and rank (第3名, 3.).

A text with two figures (12万阅读 45讨论, 2026-08-21, 3/10) is refused: which of them is meant cannot be known.
"""

from __future__ import annotations

import math
import re
import unicodedata

_MAX_CHARS = 60
_HEAT = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,18}(?:\.\d{1,9})?)\s*(百万|千万|万|萬|亿|億|千|[kmw](?![a-z]))?\s*\+?",
    re.IGNORECASE,
)
_UNITS = {"千": 1e3, "k": 1e3, "万": 1e4, "萬": 1e4, "w": 1e4, "百万": 1e6, "m": 1e6, "千万": 1e7, "亿": 1e8, "億": 1e8}
_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[-/]\s*$")
_SHARE = re.compile(r"\s*[%‰/]")
_RANK = re.compile(r"(?:第|no\.?|top|#)?\s*(\d{1,4})\s*(?:名|位|[.、])?", re.IGNORECASE)


def parse_heat(value: object) -> float | None:
    """The heat, not negative; ``None`` where there is none to be had (热度累计中, several figures, a ratio)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _finite(value)
    text = _flat(value)
    found = _HEAT.search(text)
    if not found or _DIGIT.search(text, found.end()):
        return None
    if _SIGN.search(text[: found.start()]) or _SHARE.match(text, found.end()):
        return None
    return float(found[1].replace(",", "")) * _UNITS.get((found[2] or "").lower(), 1.0)


def parse_rank(value: object) -> int | None:
    """The rank, from 1; ``None`` where the field says something else (置顶, an icon)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        rank = int(value) if _finite(value) is not None else 0
    else:
        found = _RANK.fullmatch(_flat(value))
        rank = int(found[1]) if found else 0
    return rank if 1 <= rank <= 9_999 else None


def _flat(value: object) -> str:
    text = value if isinstance(value, str) and len(value) <= _MAX_CHARS else ""
    return unicodedata.normalize("NFKC", text).strip()


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
