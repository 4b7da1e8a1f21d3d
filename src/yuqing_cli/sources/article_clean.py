"""Lines that stand among the text and are none: by-lines, buttons, notices, the headline itself, what follows the end."""

from __future__ import annotations

import re
from itertools import takewhile

from .article_outline import Line, Outline
from .article_weigh import is_legal

_TAIL = re.compile(
    r"^[\s【\[（(▶>■●★◆]*(?:相关(?:阅读|新闻|文章|链接|推荐|报道|专题)|推荐阅读|延伸阅读|更多(?:阅读|新闻|精彩|文章)"
    r"|热门(?:推荐|文章|新闻)|精彩推荐|猜你喜欢|阅读下一篇|[上下]一[篇条页]|附件下载|网友评论|最新评论|全部评论|发表评论|分享到"
    r"|扫一扫|打印本页|关闭窗口|返回顶部|最新文章|编辑推荐|为您推荐|大家都在看|(?:标签|標籤|關鍵字|关键[词字])[:：\s]|(?:标签|標籤)$"
    r"|相關(?:閱讀|新聞|文章))"
)
_TAIL_LONGEST = 30
_TAIL_FROM = 0.5
"""A tail may begin in the second half only: the words also head a box in the middle of a text."""

_ROLES = (
    "责任编辑|責任編輯|责编|编辑|編輯|作者|记者|記者|本报记者|文|图|撰文|撰稿|文字|摄影|攝影|图片|视频|来源|來源|稿源|出品|监制"
    "|总监制|监 制|校对|审核|审读|审 读|值班主任|通讯员|值班编辑|主编|原标题|发布人|发布者|上传者|供稿|录入"
)
_BY_LINE = re.compile(
    rf"^[\s【\[（(]*(?:(?:{_ROLES})\s*[:：丨|｜/]|(?:来源|來源)\s*\S{{2,20}}$"
    r"|(?:新华社|中新社|本报|本网)(?:\S{2,4}[电讯])?(?:见习)?(?:记者|通讯员)[\s\u4e00-\u9fff、]{2,40}$)"
)
_BY_LINE_LONGEST = 60
_BUTTON = re.compile(
    r"^[\s【\[（(]*(?:纠错|字号|字体|打印|关闭|收藏|展开|收起|点赞|评论|转播|转发|举报|复制链接|查看原图|分享|扫一扫|play video)"
    r"(?:[\s】\]）)：:].{0,16}|本页|窗口|此页|全文|[到至].{0,16})?$",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"^(?:点击|浏览|阅读|访问|人气|人氣|瀏覽|點閱)(?:(?:数|量|率|次数)(?:[^\u4e00-\u9fff]|$)|\s*[:：(（]\s*\d)"
)
_DATE_LINE = re.compile(
    r"^[\s【\[（(]*(?:(?:发布|更新|发表)?(?:时间|日期))\s*[:：]?\s*[\d\s年月日时分秒:：./-]{8,24}(?:\s|$).{0,30}$"
)
_DATE_LINES_AT_MOST = 3
_HEAD_LINES, _HEAD_LONGEST = 5, 30
_BARE_DATE = re.compile(
    r"^(?:(?:19|20)?\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?:\s+\S{2,16})?$"
)
_YEAR_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d")
_HEADLINE_SHORTEST, _HEADLINE_LONGEST = 5, 50
_HEADINGS = ("h1", "h2", "h3")
_ENDED = re.compile(r"[，。！？；]")
_CREDIT = re.compile(r"^[（(]?(?:新华社|中新社|本报)?(?:记者|通讯员)?\s*[\u4e00-\u9fff]{2,4}\s{0,2}摄[）)]?$")
_SUMMARY = re.compile(r"^[\s【\[（(]*(?:核心提示|摘要|内容摘要|导读|内容提要|编者按|要点)")
_SUMMARY_NAMES = re.compile(r"(?<![a-z])(?:summary|abstract|intro|lead|digest|daodu|excerpt|zhaiyao)(?![a-z])")
_SUMMARY_SHORTEST = 20

_POST_NOISE = re.compile(
    r"^(?:[#＃]?\s*\d{1,6}\s*(?:楼|#)?|沙发|板凳|地板|楼主|回复|赞|踩|举报|收起回复|展开|IP属地.{0,40}|.{0,20}客户端.{0,30}"
    r"|来自\s*[\u4e00-\u9fff]{2,3}|(?:共?\s*\d+\s*(?:个|条)?|讨论|评论|回复)(?:评论|回复|回答|回复贴|讨论|赞|数量).{0,10}"
    r"|暂无\S{0,8}|没有更多.{0,4}|已加载.{0,8}|排序.{0,2}|按(?:热度|时间).{0,4}|关注本文|copy|复制|\[复制链接\]|.|\W+"
    r"|.{0,16}(?:(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?|昨天|今天|前天)\s*\d{1,2}:\d{2}(?::\d{2})?.{0,4}"
    r"|.{0,16}\d+\s*(?:秒|分钟|小时|天|周|个?月|年)前\W{0,4})$",
    re.IGNORECASE,
)
_UNSAID = re.compile(r"[\W_]+")
_ADDRESSED = re.compile(r"^(?:[:：]\s*|(?:回复\s*)?@\S{1,24}\s*[:：]?\s+|回复\s*\S{1,24}\s*[:：]\s*)(?=\S)")
"""The name at the head of a reply that says whom it answers."""


def plain(text: str) -> str:
    """Only what is said: no white space, no punctuation, lower case. Two titles that agree in it are the same."""
    return _UNSAID.sub("", text.lower())


def find_title(page: Outline, title: str) -> int:
    """The number of the line that shows the title, a heading if there is one; -1 where none does."""
    wanted = plain(title)
    if not wanted:
        return -1
    least, most = len(wanted), 2 * len(title) + 10
    shown = [n for n, line in enumerate(page.lines) if least <= line.chars <= most and plain(line.text) == wanted]
    headings = [number for number in shown if page.blocks[page.lines[number].block].tag in _HEADINGS]
    return (headings or shown or [-1])[0]


def guess_title(page: Outline, numbers: list[int]) -> int:
    """The number of the line right above the text, or its first, that reads like a headline; -1 where none does."""
    if not numbers:
        return -1
    around = range(max(0, numbers[0] - _HEAD_LINES), min(len(page.lines), numbers[0] + 2))
    fit = [number for number in around if _like_headline(page.lines[number])]
    headings = [number for number in fit if page.blocks[page.lines[number].block].tag in _HEADINGS]
    return (headings or fit or [-1])[-1]


def _like_headline(line: Line) -> bool:
    if not _HEADLINE_SHORTEST <= line.chars <= _HEADLINE_LONGEST or line.linked:
        return False
    return not (_ENDED.search(line.text) or _YEAR_DAY.search(line.text) or _is_noise(line, "", 0))


def article_text(page: Outline, numbers: list[int], title: str, title_line: int) -> str:
    """The lines of an article without what is none of its text, with the summary above it."""
    wanted = plain(title)
    lines = _after_head(_after_title([page.lines[number] for number in numbers], wanted))
    lines = _before_tail(lines)
    kept = [line.text for number, line in enumerate(lines) if not _is_noise(line, wanted, number)]
    summary = _summary(page, title_line, numbers[0]) if numbers else ""
    if summary and not any(summary in line for line in kept[:2]):
        kept.insert(0, summary)
    return "\n".join(kept)


def thread_text(page: Outline, numbers: list[int], title: str) -> str:
    """The posts of a thread, without floors, times, places and buttons."""
    wanted = plain(title)
    lines = [page.lines[number] for number in numbers]
    said = [line.text for line in lines if not _is_noise(line, wanted, 0) and not _POST_NOISE.match(line.text)]
    return "\n".join(_ADDRESSED.sub("", text) for text in said)


def _after_title(lines: list[Line], wanted: str) -> list[Line]:
    for number, line in enumerate(lines[: max(3, len(lines) // 3)]):
        if wanted and plain(line.text) == wanted:
            return lines[number + 1 :]
    return lines


def _after_head(lines: list[Line]) -> list[Line]:
    """Without the unlabelled by-line at the start: short lines without punctuation, one of them a bare date."""
    short = list(
        takewhile(lambda line: line.chars <= _HEAD_LONGEST and not _ENDED.search(line.text), lines[:_HEAD_LINES])
    )
    dates = [number for number, line in enumerate(short) if _BARE_DATE.match(line.text)]
    return lines[dates[-1] + 1 :] if dates else lines


def _before_tail(lines: list[Line]) -> list[Line]:
    whole = sum(line.chars for line in lines)
    seen = 0
    for number, line in enumerate(lines):
        if line.chars < _TAIL_LONGEST and seen > _TAIL_FROM * whole and _TAIL.match(line.text):
            return lines[:number]
        seen += line.chars
    return lines


def _is_noise(line: Line, title: str, number: int) -> bool:
    """``number`` counts from the start of the text: a notice may well say ``时间：`` further down."""
    text = line.text
    if line.chars < _BY_LINE_LONGEST:
        if _BY_LINE.match(text) or _BUTTON.match(text) or _COUNTER.match(text) or _CREDIT.match(text):
            return True
        if number < _DATE_LINES_AT_MOST and _DATE_LINE.match(text):
            return True
    return is_legal(text) or (bool(title) and plain(text) == title)


def _summary(page: Outline, title_line: int, first: int) -> str:
    """A summary between title and text, where it says that it is one."""
    if title_line < 0 or not title_line < first <= title_line + 40:
        return ""
    for line in page.lines[title_line + 1 : first]:
        named = _SUMMARY.match(line.text) or _SUMMARY_NAMES.search(page.blocks[line.block].names)
        if named and line.marks and line.chars >= _SUMMARY_SHORTEST and line.linked * 2 < line.chars:
            return line.text
    return ""
