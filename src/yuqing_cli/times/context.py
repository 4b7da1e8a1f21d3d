"""What the words around a date say about it.

A by-line is a label, a date, and a few fields more; a sentence is a date with words glued to it. Chinese puts no blank
between words, so a character that follows a date directly is prose, unless it opens one of the fields of a by-line.
"""

from __future__ import annotations

import re

_PUBLISHED = (
    *("发布", "发表", "发稿", "发文", "发帖", "刊发", "刊登", "登载", "上传", "公布", "首发"),
    *("published", "publish", "posted", "pubdate", "pub", "issued"),
)
_PRODUCED = ("录入", "添加", "创建", "生成", "成文", "印发", "公开", "文章", "新闻", "信息", "稿件", "created")
_UPDATED = (
    *("更新", "修改", "编辑", "最后", "最近", "回复", "评论"),
    *("updated", "update", "modified", "edited", "last", "revised"),
)
_FOREIGN = (
    *"自从至到距每下明后于期隔逢第双单周截拟将",
    *("截止", "截至", "农历", "阴历", "旧历", "夏历", "有效", "生效", "计划", "预计", "预定"),
)
_FOREIGN_ENGLISH = re.compile(
    r"(?:^|[^a-z])(?:until|before|after|since|by|from|due|expires|deadline|ends?|starts?|next|every)$"
)
_TIME = ("时间", "日期", "date", "time")
_FILLERS = (*_TIME, "的", "于", "在", "on", "at")
_PUNCTUATION = " :|\"'([【「"

_RANGE_AHEAD = re.compile(
    r"\s?(?:-{1,2}|~|至|到|、|to\s|until\s|through\s)\s?"
    r"(?:\d{1,4}[年月日号点时:/.-]|\d{1,2}(?!\d)\s?(?:$|[)\]])|[今昨前本周]|now)",
    re.ASCII,
)
_RANGE_BEHIND = re.compile(r"[\d日号天分时点]\s?(?:-{1,2}|~|至|到|、|\sto)\s?$", re.ASCII)
_BOUND_AHEAD = re.compile(
    r"\s?(?:之?[前后]|以[前后来内]|起|止|截止)(?![\u4e00-\u9fff])|\s?t?\d{1,2}:\d|\s[a-z]{2,4}t(?![a-z])", re.ASCII
)
_FOLLOWS = re.compile(
    # 3月5日电 and 3小时前发布 are by-lines, 周二电子盘 and 3月5日发布的新品 are not: a headline set had both.
    r"[\s，,]*(?:(?:电|讯|消息|报道|发布|更新|发表|刊发|刊登)(?:(?![\u4e00-\u9fff])|记者|于|者|人|单位|机构|时间|日期|来自)"
    r"|来源|来自|作者|浏览|阅读|点击|编辑|责任|责编|稿源|字号|字体|分享|评论|回复|记者|收藏|打印|查看|\d+次)",
    re.ASCII,
)
_DATELINE = ("电", "讯", "消息", "报道")
_RUNS_ON = re.compile(r"[\w%，。;、!?°《“‘\u4e00-\u9fff]|[.:/+-]\d", re.ASCII)
_GLUED_SIGN = re.compile(r"[a-z_#$¥£€.%№+\\]$|\d[-/.:~]?$|[a-z][-.]$", re.ASCII)
_REACH = 24

APART = 2


def standing(text: str, start: int, end: int, *, glue: bool) -> int:
    """How well the date at ``text[start:end]`` stands for the date of the whole.

    4 behind "published", 3 behind another good label, 2 apart from other words, 1 behind "updated" or glued to a
    word before it (only where ``glue`` allows), 0 if it is not to be read: a bound, a part of a span or of a sentence,
    or the date of another matter.
    """
    before = text[max(0, start - _REACH) : start]
    if _RANGE_AHEAD.match(text, end) or _BOUND_AHEAD.match(text, end) or _RANGE_BEHIND.search(before):
        return 0
    label = _labelled(before) if before else APART
    runs_on = _RUNS_ON.match(text, end) is not None and not follows(text, end)
    if label > APART and (not runs_on or before[-1] in " :"):
        return label
    if not label or runs_on:
        return 0
    return min(label, _glued(before, dateline=text.startswith(_DATELINE, end), glue=glue)) if before else APART


def follows(text: str, end: int) -> bool:
    """Whether a field that by-lines have begins at ``end``: 来源, 阅读, 编辑, or a dateline's 电 and 讯."""
    return _FOLLOWS.match(text, end) is not None


def _labelled(before: str) -> int:
    core = before.rstrip(_PUNCTUATION)
    word, name = _without_fillers(core)
    if word.endswith(_PUBLISHED):
        return 4
    if word.endswith(_PRODUCED):
        return 3
    if word.endswith(_UPDATED):
        return 1
    if name:
        # 时间 alone is the text's own; behind a word not known above it is that word's: 截止时间, 会议时间.
        return 0 if _is_han(word[-1:]) else 3
    return 0 if core.endswith(_FOREIGN) or word.endswith(_FOREIGN) or _FOREIGN_ENGLISH.search(core) else APART


def _without_fillers(core: str) -> tuple[str, bool]:
    """A label without its "time of" (发布时间 and 发布于 are 发布), and whether it said "time" or "date"."""
    name = False
    while core.endswith(_FILLERS):
        filler = next(f for f in _FILLERS if core.endswith(f))
        rest = core[: -len(filler)].rstrip(" ")
        if filler.isascii() and rest[-1:].isalpha() and rest[-1:].isascii() and core[-len(filler) - 1] != " ":
            break  # the "on" of "London", the "date" of "update"
        name = name or filler in _TIME
        core = rest
    return core, name


def _glued(before: str, *, dateline: bool, glue: bool) -> int:
    if _GLUED_SIGN.search(before):
        return 0
    if _is_han(before[-1]):
        return APART if dateline else int(glue)
    return APART


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
