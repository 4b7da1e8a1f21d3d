"""What a page says about its article: date, origin, canonical address, and what its metas and JSON-LD state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from .article_names import words
from .markup import Tree, first_attr, first_text, one_line

MAX_JSON_LD = 400_000
_JSON_NODES = 2_000
_DATE_METAS = words(
    "article:published_time og:published_time og:release_date og:pubdate og:time datepublished pubdate publishdate"
    " publish_date publish-date publish_time publishtime publish-time pub_date parsely-pub-date sailthru.date"
    " article.published weibo:article:create_at bytedance:published_time apub:time dc.date.issued dc.date"
    " dcterms.created date createdate firstpublishedtime"
)
_ORIGIN_METAS = words("contentsource source article:source og:article:source copyfrom mediaid origin")
_ARTICLE_TYPES = frozenset(
    words(
        "Article NewsArticle BlogPosting Report TechArticle ReportageNewsArticle AnalysisNewsArticle WebPage"
        " DiscussionForumPosting Question QAPage SocialMediaPosting"
    )
)
_DIGITS = re.compile(r"\d{4}|\d{1,2}[-/月]\d{1,2}|\d{10}")
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s*(?:年|[-/.])\s*(?:1[0-2]|0?[1-9])\s*(?:月|[-/.])\s*(?:3[01]|[12]\d|0?[1-9])(?!\d)\s*日?"
    r"(?:(?:\s|T|&nbsp;|星期.|周.|,|，|[(（]星期.[)）])*(?:[01]?\d|2[0-4])\s*(?:[:：]|时)\s*[0-5]?\d(?:\s*(?:[:：]|分)\s*[0-5]?\d)?\s*[分秒]?)?"
)
_RELATIVE = re.compile(r"(?:刚刚|\d{1,2}\s*(?:分钟|小时|天)前|(?:今天|昨天|前天)\s*\d{1,2}[:：]\d\d)")
_QUOTED_DAY = re.compile(r"[\"']((?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?[^\"'<>]{0,20})[\"']")
_SCRIPT_NAME = re.compile(
    r"(?:create_?time|publish_?time|pub_?time|pub_?date|publish_?date|date_?published)[\"']?\s*[:=]\s*$", re.IGNORECASE
)
_SCRIPT_NAME_LONGEST = 40
_NEAR_LONGEST = 160
_DATE_LABEL = re.compile(r"(?:发布|发表|更新|发稿|成文|印发|录入|日期|时间)")
_URL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_]?(1[0-2]|0[1-9])[-/_]?(3[01]|[12]\d|0[1-9])(?!\d)|(?<!\d)((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?!\d)"
)
_ORIGIN_LABEL = re.compile(
    r"(?:(?:稿件|信息|文章|新闻|资料|内容|本文)?(?:来源|來源|出处|稿源)|转载自|转自|轉自|摘自|原载)"
    r"(?:于|：|:|丨|\||｜|\s)\s*[《“\"]?([^\s：:|｜丨,，。；;、）)】\]》”\"]{2,30})"
)
_OUTLET_END = r"(?:社|网|报|台|刊|传媒|财经|新闻|客户端|日报|晚报|中心|发布|路透|彭博|头条)"
_REPORTED_BY = re.compile(
    rf"^(?:.{{0,24}}?[，,。\s])?据《?([^\s，,。：:“”《》]{{0,12}}?{_OUTLET_END})》?[^，,。：:]{{0,12}}(?:报道|消息|讯|电)"
)
_DATELINE = re.compile(r"^[（(【\[]?([\u4e00-\u9fff]{1,8}?(?:社|网|报))[\u4e00-\u9fff]{0,8}\d{1,2}月\d{1,2}日[电讯]")
_NOT_AN_OUTLET = re.compile(
    r"(?:作者|编辑|责编|记者|时间|日期|字号|浏览|阅读|点击|分享|网络|互联网|未知|https?)", re.IGNORECASE
)
_ORIGIN_END = re.compile(r"(?:作者|责任编辑|责编|编辑|记者|发布时间|时间|日期|字号|浏览|阅读|点击|分享|（|\().*$")


@dataclass(slots=True)
class Head:
    """What stands in the head of the page."""

    metas: dict[str, str] = field(default_factory=dict)
    """By lower-case name, property or itemprop; the first of each."""
    data: tuple[dict[str, object], ...] = ()
    """JSON-LD objects that describe an article."""
    title: str = ""
    canonical: str = ""
    time: str = ""


def read_head(tree: Tree, url: str) -> Head:
    """Collect metas, JSON-LD and canonical address of a page that was asked for at ``url``."""
    metas: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        content = one_line(attributes.get("content") or "")
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    canonical = first_attr(tree, 'link[rel="canonical"]', "href") or metas.get("og:url", "")
    return Head(
        metas,
        tuple(_json_ld(tree)),
        first_text(tree, "title"),
        _absolute(canonical, url),
        first_attr(tree, "time", "datetime"),
    )


def _absolute(found: str, url: str) -> str:
    """An address on another host is not believed: templates carry over the canonical of the site they came from."""
    try:
        absolute = urljoin(url, found) if found else ""
        parts = urlsplit(absolute)
        same = _site(parts.hostname) == _site(urlsplit(url).hostname)
    except ValueError:
        return ""
    deep = parts.path.strip("/") or parts.query
    return absolute if parts.scheme in ("http", "https") and deep and same else ""


def _site(host: str | None) -> str:
    labels = (host or "").lower().split(".")
    return ".".join(labels[-3:] if labels[-2:-1] in (["com"], ["gov"], ["org"], ["edu"], ["net"]) else labels[-2:])


def _json_ld(tree: Tree) -> Iterator[dict[str, object]]:
    for node in tree.css('script[type="application/ld+json"]')[:20]:
        source = node.text()
        if len(source) > MAX_JSON_LD:
            continue
        try:
            waiting = [json.loads(source, strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_JSON_NODES):
            if not waiting:
                break
            entry = waiting.pop(0)
            if isinstance(entry, list):
                waiting.extend(entry)
            elif isinstance(entry, dict):
                waiting.extend(entry[key] for key in ("@graph", "mainEntity") if key in entry)
                kinds = entry.get("@type")
                if _ARTICLE_TYPES.intersection(kinds if isinstance(kinds, list) else [kinds]):
                    yield entry


def body_in_data(head: Head) -> str:
    """The ``articleBody`` of the JSON-LD, as HTML or plain text; ``""`` where it has none."""
    bodies = (entry.get("articleBody") or entry.get("text") for entry in head.data)
    return next((body for body in bodies if isinstance(body, str) and body), "")[:MAX_JSON_LD]


def is_declared_article(head: Head) -> bool:
    """Whether the page calls itself an article: Open Graph type, JSON-LD type, or a time of publication."""
    kinds = (str(entry.get("@type")) for entry in head.data)
    return (
        head.metas.get("og:type", "").lower().startswith("article")
        or "article:published_time" in head.metas
        or any("Article" in kind or "Posting" in kind for kind in kinds)
    )


def choose_date(head: Head, html: str, url: str, near: Iterable[str], text: str) -> tuple[str, str]:
    """The raw date and where it was found: ``meta``, ``jsonld``, ``time``, ``text``, ``script``, ``url``, or ``""``.

    ``near`` are the lines around headline and text. A bare day in a meta gives way to the same day with its time there.
    The last resort is a day that stands alone in the last lines of the text, as under a notice.
    """
    written = _written_date(near)
    for name in _DATE_METAS:
        value = head.metas.get(name, "")
        if _DIGITS.search(value):
            return (written, "text") if _finer(written, value) else (value, "meta")
    for entry in head.data:
        value = str(entry.get("datePublished") or entry.get("dateCreated") or "")
        if _DIGITS.search(value):
            return value, "jsonld"
    if _DATE.search(written):
        return written, "text"
    if _DIGITS.search(head.time):
        return head.time, "time"
    return (written, "text") if written else _last_resort(html, url, text)


def _last_resort(html: str, url: str, text: str) -> tuple[str, str]:
    for quoted in _QUOTED_DAY.finditer(html):
        if _SCRIPT_NAME.search(html[max(0, quoted.start() - _SCRIPT_NAME_LONGEST) : quoted.start()]):
            return quoted[1].strip(), "script"
    found = _URL_DATE.search(urlsplit(url).path) if url else None
    if found:
        return "-".join(part for part in found.groups() if part), "url"
    signed = (line for line in text.split("\n")[-3:] if _DATE.fullmatch(line))
    return next(((line, "text") for line in signed), ("", ""))


def _finer(written: str, value: str) -> bool:
    digits = re.findall(r"\d+", written)
    days = re.findall(r"\d+", value)
    return len(digits) > 3 and len(days) == 3 and [int(d) for d in digits[:3]] == [int(d) for d in days]


def _written_date(near: Iterable[str]) -> str:
    first = relative = ""
    for line in near:
        if len(line) > _NEAR_LONGEST:
            continue
        found = _DATE.search(line)
        if found and _DATE_LABEL.search(line[: found.start()]):
            return found[0].strip()
        first = first or (found[0].strip() if found else "")
        other = _RELATIVE.search(line) if not relative and len(line) < 60 else None
        relative = relative or (other[0] if other else "")
    return first or relative


def choose_origin(head: Head, near: Iterable[str], text: str) -> str:
    """The outlet that an article says it comes from; ``""`` where it names none."""
    for name in _ORIGIN_METAS:
        value = head.metas.get(name, "")
        found = _ORIGIN_LABEL.search(value)
        outlet = _outlet(found[1] if found else value)
        if outlet:
            return outlet
    paragraphs = text.split("\n")
    for line in (*near, *paragraphs[:2], *paragraphs[-4:]):
        found = _ORIGIN_LABEL.search(line) if len(line) < 400 else None
        outlet = _outlet(found[1]) if found else ""
        if outlet:
            return outlet
    for line in paragraphs[:3]:
        found = _DATELINE.search(line) or _REPORTED_BY.search(line[:80])
        if found and _outlet(found[1]):
            return _outlet(found[1])
    return ""


def _outlet(name: str) -> str:
    name = _ORIGIN_END.sub("", name).strip(" 　：:-—《》“”\"'【】[]（）()")
    return name if 2 <= len(name) <= 30 and not _NOT_AN_OUTLET.search(name) else ""
