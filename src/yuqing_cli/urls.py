"""Addresses: which two are the same, and where a link leads. No function here raises.

**Principle.** ``canonical`` makes a key, not an address to be asked for: two addresses get one key when a reader
would be shown the same article at both. A key that separates too much shows one article twice; a key that joins too
much loses one, silently and for ever. So everything here is certain by a standard, or certain by what a site
documents or its share button does; what is merely likely (``www.``, mobile hosts, trailing slashes, ``index.html``,
``ref=``) stays.

**What is folded.** By RFC 3986 and the WHATWG standard: letter case of scheme and host, IDNA, default ports, IPv4 in
octal, hexadecimal or one number, compressed IPv6, dot segments, needless percent-encoding, backslashes, stray blanks
and line breaks. By decision: ``http`` is keyed as ``https`` (sites redirect one to the other, feeds mix them); user
names and passwords are dropped (they do not belong into a store); the order of parameters does not count, except
among those of one name; empty parameters go; tracking parameters go; fragments go, except ``#!`` and ``#/``, which
name pages inside one-page sites; session identifiers (``;jsessionid=``) go.

**Known failures.** A site for which the order of parameters matters, or that serves different things over http and
https, gets one key for two pages. Sites that put the article into a parameter that other sites track by are safe only
where the table is bound to a host.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import unquote, urljoin

MAX_LENGTH = 2048
"""Longer addresses are refused: no browser's address bar and few servers take them."""


@cache
def _tracking() -> re.Pattern[str]:
    """The names of parameters that say where a reader came from. Compiled when an address is: it takes 2 ms."""
    # As documented by those who append them: Urchin and Google, Matomo, Meta, Microsoft, Yandex, X, TikTok, LinkedIn,
    # HubSpot, Mailchimp, Marketo, Vero, Omeda, Adobe; Alibaba (spm, scm), Baidu (hm.., bd_vid), WeChat (isappinstalled,
    # nsukey). Session identifiers are those of Java, PHP, ASP and ColdFusion.
    return re.compile(
        r"utm(?:_[a-z_]+)?|gclid|gclsrc|dclid|wbraid|gbraid|gad_source|srsltid|_ga|_gl|ga_(?:source|medium|term|content|campaign)"
        r"|(?:mtm|pk)_(?:campaign|keyword|kwd|source|medium|content|cid|group|placement)|[io]tm_(?:campaign|medium|source|content)"
        r"|fbclid|fb_(?:action_ids|action_types|ref|source)|igshid|msclkid|yclid|_openstat|twclid|__twitter_impression|ttclid"
        r"|li_fat_id|__hs(?:fp|sc|tc)|_hsenc|_hsmi|hsctatracking|hsa_(?:acc|cam|grp|ad|src|tgt|kw|mt|net|ver)"
        r"|mc_(?:cid|eid|tc)|mkt_tok|vero_(?:conv|id)|oly_(?:anon|enc)_id|s_cid|wickedid|rb_clickid|ml_subscriber(?:_hash)?"
        r"|hmb_(?:campaign|medium|source)|wt_?z?mc|gs_l|action_(?:object|type|ref)_map|wtrid|echobox|tracking_source"
        r"|spm|scm|hm(?:sr|pl|cu|kw|ci)|bd_vid|isappinstalled|nsukey"
        r"|jsessionid|phpsessid|asp\.net_sessionid|aspsessionid[a-z]{8}|cfid|cftoken"
    )


# WeChat marks where a page was shared; only these values are its own.
_SHARED = re.compile(r"from=(?:timeline|singlemessage|groupmessage)")

# What the share buttons and recommenders of single hosts append; elsewhere these names may identify content.
_TRACKING_BY_HOST: dict[str, frozenset[str]] = {
    host: frozenset(names.split())
    for host, names in {
        "mp.weixin.qq.com": "chksm scene srcid subscene sharer_sharetime sharer_shareid sharer_shareinfo mpshare exportkey "
        "pass_ticket wx_header key uin ascene devicetype version nettype clicktime enterid sessionid poc_token",
        "bilibili.com": "spm_id_from vd_source share_source share_medium share_plat share_tag share_session_id share_from "
        "unique_k bbid from_source seid msource refer_from plat_id buvid is_story_h5",
        "weibo.com": "dt_dapp sudaref featurecode weibo_id wm",
        "weibo.cn": "dt_dapp sudaref featurecode weibo_id wm",
        "toutiao.com": "tt_from share_token req_id use_new_style timestamp",
        "baijiahao.baidu.com": "wfr for searchword sshid",
        "sohu.com": "pvid _f",
        "163.com": "clickfrom spss",
        "qq.com": "pgv_ref ptag",
        "36kr.com": "f",
        "youtube.com": "feature si",
        "youtu.be": "feature si",
    }.items()
}

_SCHEME = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_PARTS = re.compile(r"([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:.*@)?(\[[0-9A-Fa-f:.]*\]|[^:]*)(?::([0-9]*))?", re.DOTALL)
_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^`{|}\"'(),;!$&*+=~]")
_ESCAPE_OR_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~:/?@!$&'()*+,;=\[\]]")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")
_NEITHER_EDGE = "".join(map(chr, range(0x21)))


def canonical(url: str) -> str:
    """The identity of an http or https address; ``""`` for anything else, for garbage, and beyond 2,048 characters.

    Idempotent. For comparing only: ask for and show the address as it was given.
    """
    split = _split(url)
    if split is None:
        return ""
    scheme, name, port, path, query, fragment = split
    if port in ("80", "443") and not (scheme == "https" and port == "80"):
        port = ""
    key = f"https://{name}:{port}" if port else f"https://{name}"
    key += _path(path)
    if query := _query(query, name):
        key += f"?{query}"
    if fragment.startswith(("!", "/")):
        key += f"#{_encoded(fragment)}"
    return key if len(key) <= MAX_LENGTH else ""


def host(url: str) -> str:
    """The host as the DNS knows it (lower case, IDNA, no port, IPv6 in brackets); ``""`` where there is none."""
    split = _split(url)
    return split[1] if split else ""


def is_http(url: str) -> bool:
    """Whether this is an absolute, well-formed http or https address of at most 2,048 characters."""
    return _split(url) is not None


def resolve(base: str, url: str) -> str:
    """Where a link on the page ``base`` leads, as browsers read it; ``""`` where that is no http or https address.

    The address is meant to be asked for: parameters and fragment are kept as given, blanks are percent-encoded.
    """
    link = _tidy(url)
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", link)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        return ""
    try:
        joined = urljoin(_tidy(base), _with_slashes(link))
    except ValueError:
        return ""
    joined = joined.replace(" ", "%20")
    return joined if is_http(joined) else ""


def _tidy(url: str) -> str:
    return url.strip(_NEITHER_EDGE).replace("\t", "").replace("\n", "").replace("\r", "")


def _with_slashes(link: str) -> str:
    head = re.match(r"[^?#]*", link)
    end = head.end() if head else 0
    return link[:end].replace("\\", "/") + link[end:]


_Split = tuple[str, str, str, str, str, str]
"""Scheme, host, port, path, query, fragment."""


def _split(url: str) -> _Split | None:
    url = _tidy(url)
    scheme = _SCHEME.match(url)
    if not scheme or len(url) > MAX_LENGTH:
        return None
    parts = _PARTS.fullmatch(url, scheme.end())
    authority = _AUTHORITY.fullmatch(parts[1]) if parts else None
    if not parts or not authority:
        return None
    name, port = _host(authority[1]), (authority[2] or "").lstrip("0")
    if not name or len(port) > 5 or int(port or 0) > 65535:
        return None
    return scheme[1].lower(), name, port, parts[2], parts[3] or "", parts[4] or ""


def _host(given: str) -> str:
    try:
        if given.startswith("["):
            return f"[{IPv6Address(given[1:-1]).compressed}]"
        name = unquote(given, errors="strict") if "%" in given else given
        name = (name if name.isascii() else name.encode("idna").decode("ascii")).lower().rstrip(".")
        labels = name.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return _ipv4(labels)
    except ValueError:  # UnicodeError and AddressValueError are ValueErrors
        return ""
    wrong = _FORBIDDEN_IN_HOST.search(name) or len(name) > 253 or not all(0 < len(label) <= 63 for label in labels)
    return "" if wrong else name


def _ipv4(labels: list[str]) -> str:
    """1 to 4 numbers, decimal, octal (0..) or hexadecimal (0x..); the last one fills what is left (WHATWG URL, 3.5)."""
    *first, last = [_number(label) for label in labels]
    if len(first) > 3 or any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError
    return str(IPv4Address(last + sum(number << 8 * (3 - i) for i, number in enumerate(first))))


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _path(path: str) -> str:
    path = _SESSION_IN_PATH.sub("", _encoded(path.replace("\\", "/")))
    segments = path.split("/")[1:]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str, name: str) -> str:
    parameters = [_encoded(parameter) for parameter in query.split("&") if parameter]
    kept = [parameter for parameter in parameters if not _tracks(parameter, name)]
    return "&".join(sorted(kept, key=lambda parameter: parameter.partition("=")[0]))


def _tracks(parameter: str, name: str) -> bool:
    key = unquote(parameter.partition("=")[0]).lower()
    if _tracking().fullmatch(key) or _SHARED.fullmatch(parameter):
        return True
    labels = name.split(".")
    return any(key in _TRACKING_BY_HOST.get(".".join(labels[i:]), ()) for i in range(len(labels) - 1))


def _encoded(text: str) -> str:
    """Percent-encoding as RFC 3986 (6.2.2) has it: unreserved characters bare, hexadecimal digits in capitals."""
    return _ESCAPE_OR_ODD.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) == 1:
        return "".join([f"%{byte:02X}" for byte in text.encode("utf-8", "replace")])
    char = chr(int(text[1:], 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else text.upper()
