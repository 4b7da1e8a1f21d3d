"""Dates against two sets of Chinese date expressions made by others (75 and 221 expressions).

Both were made for another task: dates inside a user's sentence, spans and future ones included. Counted are the
expressions that denote one day or one moment; for spans and durations only None is right. An expression that the set
takes to lie ahead (10月8号, in June) may be read as the past one, as on a page that has been published. The counts of right
ones are floors, since the sets differ in how much of them is a date at all.

The one silently wrong: 3年半前 at "May 2019" is reckoned from a month there, and from its first day here: a day apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from floors import DATA, check, needs, rows, share
from yuqing_cli.times import Moment, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = needs("dates_zh")

END = {"-inf": datetime(1, 1, 1), "inf": datetime(9999, 1, 1)}  # noqa: DTZ001
# What the second set calls its reference times, as its answers imply them.
REFERENCES = {"_ts_1": datetime(2021, 6, 14, 1, 6, 40), "_ts_2": datetime(2021, 9, 1, 15, 6, 40)}  # noqa: DTZ001


def read(text: str, now: datetime) -> Moment | None:
    return parse_moment(text, now=now.replace(tzinfo=SHANGHAI).astimezone(UTC), zone=SHANGHAI)


def local(moment: Moment) -> datetime:
    return moment.at.astimezone(SHANGHAI).replace(tzinfo=None)


def day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def verdict(got: datetime | None, wanted: list[datetime], now: datetime) -> str:
    """``wanted``: what the answer allows, past and future; empty where it is no single day or moment."""
    past = [w for w in wanted if w <= now]
    if got is None:
        return "none" if past else "rightly none"
    if got in wanted:
        return "right"
    # 10月8号 said in June is to come in a conversation, and last year's on a page that has been published.
    return "past reading of a future answer" if wanted and not past and got <= now else "silently wrong"


def recognizers(row: dict[str, Any]) -> str:
    now = datetime.fromisoformat(row["ref"])
    values = [value for result in row["results"] for value in result["values"]]
    wanted = [datetime.fromisoformat(next(iter(value.values()))) for value in values]
    moment = read(row["input"], now)
    return verdict(local(moment) if moment else None, [w for w in wanted if w.year > 1], now)


def reference(row: dict[str, Any]) -> datetime | None:
    ref = row["ref"]
    if isinstance(ref, list):
        return datetime(*[*ref, 1, 1][: max(3, len(ref))])  # noqa: DTZ001
    if isinstance(ref, dict):
        return datetime(ref["year"], 12, 31, 23, 59)  # noqa: DTZ001
    return REFERENCES.get(ref) if isinstance(ref, str) else None


def jionlp(row: dict[str, Any]) -> str:
    now, gold = reference(row), row["gold"]
    if now is None:
        return "no reference time"
    moment = read(row["input"], now)
    got = local(moment) if moment else None
    if gold["type"] not in ("time_point", "time_span"):
        return "silently wrong" if got else "rightly none"
    first, last = (END.get(t) or datetime.fromisoformat(t) for t in gold["time"])
    if gold["definition"] == "blur":
        return "rightly none" if got is None else "within a vague answer" if first <= got <= last else "silently wrong"
    single = gold["type"] == "time_point" and day(first) == day(last)
    if got and single and first <= got <= last:
        return "right"
    return verdict(got, [first] if single else [], now)


def tally(name: str, judge: Callable[[dict[str, Any]], str]) -> tuple[Counter[str], list[str]]:
    results = [(judge(row), f"{row['input']} at {row['ref']}") for row in rows(DATA / "dates_zh" / name)]
    return Counter(result for result, _ in results), [text for result, text in results if result == "silently wrong"]


def report(name: str, found: Counter[str], wrong: list[str]) -> None:
    sound = 1 - share(len(wrong), found.total())
    check(f"dates: {name} not silently wrong", sound, external=True, detail=wrong)
    check(f"dates: {name} expressions read rightly", found["right"], external=True, detail=found)


def test_recognizers_expressions_are_read_rightly_or_not_at_all() -> None:
    found, wrong = tally("recognizers_dateparser.jsonl", recognizers)
    assert found.total() == 75
    report("recognizers", found, wrong)


def test_jionlp_expressions_are_read_rightly_or_not_at_all() -> None:
    found, wrong = tally("jionlp_dev.jsonl", jionlp)
    assert found.total() == 221
    report("jionlp", found, wrong)
