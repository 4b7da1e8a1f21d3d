"""Text that was already broken when it was sent: recognised, never repaired.

A server that reads UTF-8 as GBK and sends the result as sound UTF-8 fools every charset detector: the bytes are valid,
the words are not (鍖婚櫌 for 医院). Such a source must fail loudly: its posts match nothing and look like silence.

Principle: undo the mistake and see whether the bytes of another encoding appear. Han text that was UTF-8 read as GBK
gives, encoded back to GBK, mostly bytes of the form E3-E9 80-BF 80-BF; ordinary Chinese gives almost none, since those
pairs are rare characters. Each kind of damage is such a pattern with a share that honest text does not reach.

Measured over 289,000 honest titles, sentences and articles (Chinese, traditional Chinese, English): no false alarm; a
first cut had two, simplified text of which Big5 kept four characters, hence the share counts the lost ones too. Posts
about 乱码 that quote broken characters stay below the share. Fewer than eight suspicious characters are no evidence,
and Big5 read as GBK cannot be told from rare characters: both are known misses.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SAMPLE_CHARS = 20_000
_MIN_CHARS = 8

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\u20ac]+")
_UTF8_HAN = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]")
_UTF8_LATIN = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_LATIN_RUN = re.compile(
    r"[\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{4,}"
)
_WINDOWS_1252 = {ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "ignore"))}
_GB_LEVEL1 = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_LETTER = re.compile(r"[^\W\d_]")
_LOST = re.compile(r"\?{3,}")


def damage(text: str) -> str | None:
    """Why the text cannot be what was written, or ``None``. Judged over the first 20,000 characters."""
    text = text[:_SAMPLE_CHARS]
    if text.isascii() and "???" not in text:  # nothing else can have happened to ASCII
        return None
    han = "".join(_HAN.findall(text))
    return next((reason for reason, broken in _KINDS if broken(text, han)), None)


def _replaced(text: str, _han: str) -> bool:
    """U+FFFD for one in ten of the characters that are not ASCII, and for one in 25 of all.

    The second since English posts whose curly quotes were lost (8 in 3,000 characters) are still read.
    """
    lost = text.count("\ufffd")
    if lost < _MIN_CHARS:
        return False
    others = len(text) - len(text.encode("ascii", "ignore"))
    return lost * 10 > others and lost * 25 > len(text)


def _replaced_twice(text: str, han: str) -> bool:
    """锟斤拷 is U+FFFD U+FFFD in UTF-8, read as GBK; 烫 and 屯 are memory that a C program never filled."""
    filler = 3 * text.count("锟斤拷") + 4 * (text.count("烫烫烫烫") + text.count("屯屯屯屯"))
    return filler >= _MIN_CHARS and filler * 5 > len(han)


def _question_marks(text: str, _han: str) -> bool:
    """Characters that the server's charset lacked, each one a question mark."""
    lost = sum(len(run) for run in _LOST.findall(text))
    return lost >= _MIN_CHARS and lost * 2 > len("".join(text.split()))


def _utf8_as_gbk(_text: str, han: str) -> bool:
    return _reveals(han, "gb18030", _UTF8_HAN, 0.5)


def _utf8_as_big5(_text: str, han: str) -> bool:
    return _reveals(han, "cp950", _UTF8_HAN, 0.5)


def _latin_as_gbk(_text: str, han: str) -> bool:
    """GBK taken for Latin-1, sent as UTF-8, taken for GBK: 脢脨 for 市."""
    return _reveals(han, "gb18030", _UTF8_LATIN, 0.7)


def _reveals(han: str, charset: str, pattern: re.Pattern[bytes], share: float) -> bool:
    if len(han) < _MIN_CHARS:
        return False
    encoded = han.encode(charset, "ignore")
    return sum(len(found) for found in pattern.findall(encoded)) > share * max(len(encoded), 2 * len(han))


def _as_latin(text: str, _han: str) -> bool:
    """UTF-8 or GBK taken for Latin-1: ä¸­ or ÖÐ for 中, in runs that no Western language has."""
    runs = _LATIN_RUN.findall(text)
    size = sum(map(len, runs))
    if size < _MIN_CHARS or size * 3 < len(_LETTER.findall(text)):
        return False
    encoded = " ".join(runs).translate(_WINDOWS_1252).encode("latin-1", "replace")
    high = len(_HIGH_BYTE.findall(encoded))
    found = max(sum(map(len, each.findall(encoded))) for each in (_UTF8_HAN, _UTF8_LATIN, _GB_LEVEL1))
    return found > 0.5 * max(high, 1)


_KINDS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("characters replaced by U+FFFD", _replaced),
    ("characters replaced by filler (锟斤拷)", _replaced_twice),
    ("characters replaced by question marks", _question_marks),
    ("UTF-8 read as GBK", _utf8_as_gbk),
    ("UTF-8 read as Big5", _utf8_as_big5),
    ("GBK read as Latin-1", _latin_as_gbk),
    ("Chinese read as Latin-1", _as_latin),
)
