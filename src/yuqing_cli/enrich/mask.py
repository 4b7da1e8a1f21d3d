"""Replaces personal data by ■, one for one, before anything is matched or stored.

**Principle.** A desk needs to know what was said about the water supply, not whose number stands below it. What a
private person can be reached, billed, identified or visited by is hidden where it enters; what belongs to the public
(hotlines, dates, prices, document numbers) stays legible, because a masked 12345 makes a notice useless.

**Theory.** Patterns with a proof where the number carries one (check digit of GB 11643 for resident identity numbers,
Luhn for bank cards, the shape of area codes and subscriber numbers for telephones), and with a label where it carries
none (WeChat and QQ accounts, passports, the 15-digit identity number). Patterns read a shadow of the text in which
full-width forms are ASCII, dashes and blanks are one kind each, and addresses (URLs) and what is already masked are a
character that no pattern accepts. The shadow has the length of the text, so offsets hold. Look-arounds are spelled
out in ASCII: to Python ``\\b`` and ``\\w`` a Han character is a letter, and 电话13800138000 would have no boundary.

The rules run in order, each on what the ones before it left, until nothing changes: masking is idempotent. Every
pattern is bounded or possessive, so the time is linear in the text.

**Known failures.** A landline is masked whether a person's or an institution's. Numbers in Chinese numerals (一三八…)
and evasive spellings are not decoded. Personal names, and house numbers in streets and villages, are not recognised.
An 11-digit order number that looks like a mobile number is masked unless a label in front says what it is.

**Not done, and why.** One alternation of all patterns: the leftmost match wins, so the digits in front of an e-mail
address would be taken for a telephone number. Every run of 16 digits that passes Luhn: one order number in ten does,
hence the issuers' prefixes or a label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

MASK = "■"

_Span = tuple[int, int]
_Rule = Callable[[str, _Span], Iterator[_Span]]
_Gate = Callable[[str], list[_Span]]

# Same length on both sides: the shadow keeps the offsets of the text.
_SHADOW = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹣"), "-")
    | dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\u3000\ufeff"), " ")
)
_WIDE = re.compile("[" + "".join(map(chr, _SHADOW)) + "]+")

_URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]++")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}+@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}")

# A resident identity number begins with the code of a province (GB/T 2260) and holds the date of birth.
_PROVINCES = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_ID_18 = re.compile(rf"(?<![0-9]){_PROVINCES}(?:[ \-]?[0-9]){{15}}[ \-]?[0-9Xx](?![0-9A-Za-z])")
_ID_15 = re.compile(rf"(?<![0-9]){_PROVINCES}[0-9]{{13}}(?![0-9])")
_ID_LABEL = re.compile(r"身份证|居民证|证件号|[^A-Za-z]ID")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

_PASSPORT = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|军官证|士兵证|社保卡|医保卡|[Pp]assport)(?:号码|编号|证号|号| ?[Nn][Oo]\.?)?"
    r"[是为]?[: ]{0,3}([A-Za-z]{0,2}[0-9]{7,12})(?![0-9])"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?(?!GB[0-9])[A-HJ-NP-Za-hj-np-z][ ·•.\-]?"
    r"([A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳])(?![A-Za-z0-9])"
)
_HANDLE = re.compile(
    r"(?:(?:微信|抖音|快手|小红书|支付宝|陌陌|微博|钉钉)(?:号码?|ID|账号|:)|(?:加|加我|我|我的|联系)微信|V信|威信"
    r"|[Ww]e[Cc]hat ?(?:ID)?:|(?<![A-Za-z])[VvWw][Xx](?![A-Za-z]))(?:同号)?[是为]?[: ]{0,3}"
    r"([A-Za-z][A-Za-z0-9_\-]{5,19}|[0-9]{6,11})(?![A-Za-z0-9_])"
)
# Without a colon the word behind 微信 may be its edition (微信Windows10), so a handle must hold a digit and be none.
_BARE_HANDLE = re.compile(
    r"微信 ?((?!(?i:windows|android|ios|mac|ipad|iphone|linux|version|web|pc|app|api|pay|beta|harmony))"
    r"(?=[A-Za-z0-9_\-]{0,19}[0-9_])[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_.])"
)
_QQ = re.compile(
    r"(?<![A-Za-z])[Qq]{2}(?:号码|号|群号|群)?[是为]?[: ]{0,3}([1-9][0-9]{4,10})(?![0-9]|[万亿年元个人版])"
)

_CARD = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9][0-9]{14,18}"
    r"|[1-9][0-9]{3}(?:[ \-][0-9]{4}){2}[ \-][0-9]{2,4}(?:[ \-][0-9]{1,3})?)(?![0-9])"
)
_CARD_LABEL = re.compile(r"卡号|账号|帐号|账户|帐户|银行|储蓄|借记|信用卡|开户|打款|汇款|转账")
_CARD_LABEL_BESIDE = re.compile(r"卡号(?:码|是|为)?[: ]{0,3}$")
_CARD_ISSUERS = re.compile(r"62[0-9]{14,17}|4[0-9]{15}|5[1-5][0-9]{14}|35(?:2[89]|[3-8][0-9])[0-9]{12}|3[47][0-9]{13}")

_NO_AMOUNT = r"(?! ?(?:元|万|亿|%|股|吨|件|美元|千瓦|立方|平方|字节)|\.[0-9]{1,2}(?![0-9]))"
_S = r"(?: ?- ?| {1,2}|[.·])?"
_MOBILE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?:(?:\+|00)?86[ \-]{0,2})?"
    rf"(?:1[3-9][0-9]{_S}(?:[0-9]{{4}}{_S}[0-9]{{4}}|[0-9]{{3}}{_S}[0-9]{{5}})"
    rf"|1[3-9][0-9]{{2}}-[0-9]{{4}}-[0-9]{{3}}|1[3-9][0-9]{{3}}{_S}[0-9]{{6}}|1[ \-][3-9](?:[ \-][0-9]){{9}})"
    rf"(?![0-9]){_NO_AMOUNT}"
)
_TELEPHONE_LABEL = re.compile(r"(?:tel|phone|mobile|mob|call|qq|vx|wx|wechat|v)$", re.IGNORECASE)
_NUMBER_LABEL = re.compile(r"(?:单号|编号|流水号|批号|货号|条形?码|文号|案号|型号|房源号|ISBN|[Nn]o\.?|¥|\$)[: ]{0,2}$")

_AREA = "(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = r"[2-9][0-9]{2,3}[ \-]?[0-9]{4}(?![0-9])"
_MORE = r"(?: ?(?:-|/|转|转接|分机) ?[0-9]{1,8}(?![0-9]))?(?:[、/或] ?[2-8][0-9]{6,7}(?![0-9])){0,5}"
_LANDLINE = re.compile(
    rf"(?:(?<![0-9A-Za-z.])0{_AREA}|\(0?{_AREA}\)|(?:\+|(?<![0-9])00)86[ \-]?\(?0?{_AREA}\)?)[ \-]{{0,3}}"
    rf"{_LOCAL}{_MORE}{_NO_AMOUNT}"
)
_LOCAL_LINE = re.compile(
    r"(?:电话|座机|固话|手机|传真|[Tt][Ee][Ll]|[Ff]ax)(?:号码|号)?[是为]?[: .]{0,3}"
    rf"((?!400|800|9)[2-8][0-9]{{2,3}}[ \-]?[0-9]{{4}}(?![0-9]|[ \-][0-9]{{3}}(?![0-9])){_MORE}){_NO_AMOUNT}"
)
_ABROAD = re.compile(
    r"(?<![0-9])(?:\+|00)(?:85[23][ \-]{0,2}[0-9]{4}[ \-]?[0-9]{4}"
    r"|886[ \-]{0,2}[0-9]{1,3}(?:[ \-]?[0-9]{3,4}){2})(?![0-9])"
)

_N = "[0-9一二两三四五六七八九十零〇]"
_ALONE = "(?<![0-9.\\-第一二两三四五六七八九十零〇])"
_UNIT = f"(?:{_N}{{1,2}}|[甲乙丙丁东西])单元[ \\-,]?"
_FLOOR = f"(?:{_N}{{1,2}}[层楼][ \\-,]?)?"
_BUILDING = rf"(?:[A-Za-z]?{_N}{{1,4}}|[A-Za-z]|[甲乙丙丁东西南北])(?:号楼|栋|幢|座|#楼?|楼)[ \-,]?"
_DOOR = "号?(?:室|房间?)(?![内外温友产价屋子源型贷地东客费管])"
_ADDRESS = re.compile(
    # Behind a staircase a flat needs no 室 (3号楼2单元501), behind a building none before the end of a clause.
    rf"{_ALONE}(?:{_BUILDING})?{_UNIT}{_FLOOR}{_N}{{3,5}}(?:{_DOOR}|号)?"
    rf"(?![0-9一二三四五六七八九十多余户人个元年平米题页分字])"
    rf"|{_ALONE}{_BUILDING}{_FLOOR}{_N}{{3,5}}{_DOOR}"
    rf"|{_ALONE}(?:[0-9]{{1,3}}[\-#]){{1,3}}[0-9]{{3,4}}{_DOOR}"
    rf"|{_ALONE}(?:[A-Za-z]?[0-9]{{3,4}}|{_N}{{3,4}}){_DOOR}"
    rf"|{_ALONE}[0-9]{{1,3}}(?:号楼|栋|幢)[ \-]?[0-9]{{3,4}}(?=$|[,.;:!?)。、\s的]|业主|住户|居民|家)"
)
_COMPOUND = re.compile(
    r"(?:小区|花园|家园|嘉园|公寓|新村|苑) ?([A-Za-z]?[0-9]{1,3}-(?:[0-9]{1,2}-)?[0-9]{3,4})(?![0-9\-:.]|[年元户%平㎡米万套])"
)

_TRIGGER = re.compile(
    rf"[@A-Za-z{_N[1:-1]}](?:(?<=@)|[A-Za-z_\-{_N[1:-1]}]{{2}}|(?<=[0-9])(?:[ .·\-()]{{0,4}}[0-9]){{6}})"
)
"""Every rule needs an @, three letters, digits or numerals in a row, or seven digits: half of all headlines have none."""


def mask(text: str) -> str:
    """``text`` with every character of personal data replaced by ■: same length, idempotent, linear time.

    Addresses (URLs) inside the text are left alone.
    """
    shadow = text if text.isascii() and "\t" not in text else _WIDE.sub(_narrow, text)
    if not _TRIGGER.search(shadow):
        return text
    if "http" in text or "www." in text:
        shadow = _hidden(shadow, [found.span() for found in _URL.finditer(text)])
    masked, spans = text, _personal(shadow)
    while spans:
        masked, shadow = _hidden(masked, spans), _hidden(shadow, spans)
        spans = _personal(shadow)
    return masked


def _narrow(run: re.Match[str]) -> str:
    return run[0].translate(_SHADOW)


def _hidden(text: str, spans: list[_Span]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], MASK * (end - max(start, done)))
        done = max(end, done)
    return "".join([*pieces, text[done:]])


def _personal(shadow: str) -> list[_Span]:
    spans: list[_Span] = []
    for gate, rules in _RULES_FOR_ASCII if shadow.isascii() else _RULES:
        lines = gate(shadow)
        for rule in rules if lines else ():
            found = sorted(span for line in lines for span in rule(shadow, line))
            spans += found
            shadow = _hidden(shadow, found) if found else shadow
    return sorted(spans)


def _pattern(pattern: re.Pattern[str], group: int = 0) -> _Rule:
    return lambda shadow, line: (found.span(group) for found in pattern.finditer(shadow, *line))


def _resident_ids(shadow: str, line: _Span) -> Iterator[_Span]:
    for found in _ID_18.finditer(shadow, *line):
        number = found[0].replace(" ", "").replace("-", "").upper()
        proved = _check_digit(number) == number[17] or _ID_LABEL.search(_before(shadow, found))
        if proved and _is_date(number[6:14]):
            yield found.span()
    for found in _ID_15.finditer(shadow, *line):
        if _is_date("19" + found[0][6:12]) and _ID_LABEL.search(_before(shadow, found)):
            yield found.span()


def _check_digit(number: str) -> str:
    """GB 11643-1999 (ISO 7064, MOD 11-2) over the first 17 digits."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True)) % 11]


def _is_date(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year in range(1900, 2100)
    except ValueError:
        return False


def _plates(shadow: str, line: _Span) -> Iterator[_Span]:
    for found in _PLATE.finditer(shadow, *line):
        # At most two letters (GA 36), else 新A320neo and 新Surface are plates.
        if sum(char.isdigit() for char in found[1]) >= len(found[1]) - 2:
            yield found.span()


def _cards(shadow: str, line: _Span) -> Iterator[_Span]:
    for found in _CARD.finditer(shadow, *line):
        number = found[0].replace(" ", "").replace("-", "")
        before = _before(shadow, found)
        known = _CARD_ISSUERS.fullmatch(number) and not _NUMBER_LABEL.search(before)
        if _CARD_LABEL_BESIDE.search(before) or (_luhn(number) and (known or _CARD_LABEL.search(before))):
            yield found.span()


def _luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    digits = [int(digit) for digit in reversed(number)]
    return len(digits) > 14 and (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def _mobiles(shadow: str, line: _Span) -> Iterator[_Span]:
    for found in _MOBILE.finditer(shadow, *line):
        before = _before(shadow, found)
        letter = before[-1:].isascii() and before[-1:].isalpha()
        if not _NUMBER_LABEL.search(before) and (not letter or _TELEPHONE_LABEL.search(before)):
            yield found.span()


def _landlines(shadow: str, line: _Span) -> Iterator[_Span]:
    for found in _LANDLINE.finditer(shadow, *line):
        if not _NUMBER_LABEL.search(_before(shadow, found)):
            yield found.span()


def _before(shadow: str, found: re.Match[str]) -> str:
    return shadow[max(found.start() - 20, 0) : found.start()]


def _has(*words: str) -> _Gate:
    pattern = re.compile("|".join(map(re.escape, words)))

    def gate(shadow: str) -> list[_Span]:
        for word in words:  # a loop: ``any`` over a generator takes three times as long on headlines
            if word in shadow:
                return _lines(pattern, shadow)
        return []

    return gate


def _finds(pattern: str) -> _Gate:
    return partial(_lines, re.compile(pattern))


def _lines(pattern: re.Pattern[str], shadow: str) -> list[_Span]:
    """The lines of the text that hold the pattern. No rule's match crosses a line break, so only these need be tried."""
    lines: list[_Span] = []
    end = 0
    while found := pattern.search(shadow, end):
        start = shadow.rfind("\n", 0, found.start()) + 1
        end = shadow.find("\n", found.end())
        end = len(shadow) if end < 0 else end
        lines.append((start, end))
    return lines


# What a line must hold at least for the rules behind it to be tried. Most texts hold none, and looking for a literal
# is a hundred times as fast as trying a pattern: on English articles the gates made masking eight times as fast.
_RULES: tuple[tuple[_Gate, tuple[_Rule, ...]], ...] = (
    (_has("@"), (_pattern(_EMAIL),)),
    (_finds("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-HJ-NP-Za-hj-np-z]"), (_plates,)),
    (
        _has("护照", "通行证", "回乡证", "台胞证", "军官证", "士兵证", "社保卡", "医保卡", "assport"),
        (_pattern(_PASSPORT, 1),),
    ),
    (
        _has(
            *("微信", "抖音", "快手", "小红书", "支付宝", "陌陌", "微博", "钉钉", "V信", "威信", "echat", "eChat"),
            *("vx", "VX", "Vx", "vX", "wx", "WX", "Wx", "wX"),
        ),
        (_pattern(_HANDLE, 1), _pattern(_BARE_HANDLE, 1)),
    ),
    (_has("QQ", "qq", "Qq", "qQ"), (_pattern(_QQ, 1),)),
    (
        _finds(r"[0-9](?:[ .·\-()]{0,4}[0-9]){6}"),
        (_resident_ids, _cards, _mobiles, _pattern(_ABROAD), _landlines, _pattern(_LOCAL_LINE, 1)),
    ),
    (_has("室", "房", "单元", "号楼", "栋", "幢"), (_pattern(_ADDRESS),)),
    (_has("小区", "花园", "家园", "嘉园", "公寓", "新村", "苑"), (_pattern(_COMPOUND, 1),)),
)

_RULES_FOR_ASCII = (_RULES[0], *_RULES[2:6])
"""The gates of the others ask for Han characters."""
