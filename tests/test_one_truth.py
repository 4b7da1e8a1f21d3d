"""Exec and desk tell the same numbers, in every format and as the JSON has them: the fictional town through the whole command.

What is compared is read back from the finished files, so that neither a page that leaves something out nor a format that draws
something else can hide.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.oxml.ns import qn

from yuqing_cli.adapters.demo_server import DemoServer
from yuqing_cli.cli import app
from yuqing_cli.cli.face import DONE, SOME_FAILED
from yuqing_cli.station import Station
from yuqing_cli.workflows.demo import prepare

pytestmark = pytest.mark.slow
NOW = datetime(2026, 6, 17, 15, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
FORMATS = ("text", "markdown", "html", "docx")
AUDIENCES = ("exec", "desk")

Facts = dict[str, Any]


@dataclass(frozen=True)
class Wording:
    """How a language says the numbers; a space stands for any number of blanks."""

    issue: str
    totals: str
    raised: str
    waiting: str
    coverage: str
    extent: str
    since: dict[str, str]
    levels: dict[str, str]


WORDINGS = {
    "zh": Wording(
        r"（第 (\d+) 期）",
        r"采集 (?P<posts>\d+) 条，命中 (?P<matched>\d+) 条，涉及事件 (?P<events>\d+) 件，"
        r"其中新发 (?P<new_events>\d+) 件；最高等级：(?P<highest>.)。",
        r"升级 (\d+) 件。",
        r"待处置 (\d+) 件。",
        r"采集完整率 (?P<share>\d+)%：(?P<sources>\d+) 个来源中 (?P<good>\d+) 个正常。",
        r"(\d+) 条报道，(\d+) 个来源，独立信源 (\d+)，转载 (\d+)(?: （比上期 ([^）]*)）)?",
        {"posts": r"报道 ([+-]\d+)", "sources": r"来源 ([+-]\d+)", "up": r"位 次 升 (\d+)", "down": r"位 次 降 (\d+)"},
        {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"},
    ),
    "en": Wording(
        r", issue (\d+)",
        r"Posts: (?P<posts>\d+), matched: (?P<matched>\d+); events: (?P<events>\d+), new: (?P<new_events>\d+); "
        r"highest level: (?P<highest>\w+)\.",
        r"Raised to a higher level: (\d+)\.",
        r"To be dealt with: (\d+)\.",
        r"Coverage (?P<share>\d+)%; sources in order: (?P<good>\d+) of (?P<sources>\d+)\.",
        r"reports: (\d+), sources: (\d+), independent: (\d+), copies: (\d+)(?: \(([^)]*) since the last issue\))?",
        {"posts": r"reports ([+-]\d+)", "sources": r"sources ([+-]\d+)", "up": r"up (\d+)", "down": r"down (\d+)"},
        {level: level for level in ("red", "orange", "yellow", "blue")},
    ),
}


@pytest.fixture(scope="module", params=WORDINGS)
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the command wrote of one issue, as ``AUDIENCE.FORMAT``: of a day shift, the desk at work, after an issued night shift."""
    folder, language = tmp_path_factory.mktemp("town"), request.param
    opened, clock = Station.open, [NOW]

    def run(*words: str | Path) -> int:
        return app.run(["--station", str(folder / "station"), *map(str, words)])

    with DemoServer(NOW) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Station, "open", lambda path: opened(path, lambda: clock[0]))
        prepare(folder / "station", server.sources(), language)
        assert run("fetch") == SOME_FAILED
        assert run("digest", "--shift", "night", "--json", "-o", folder / "before.json") == DONE
        first, second = json.loads((folder / "before.json").read_text("utf-8"))["events"][:2]
        clock[0], server.wave = NOW + timedelta(minutes=40), 2
        assert run("fetch") in {DONE, SOME_FAILED}
        run("events", "answer", first["id"], "https://gov.example/reply")
        run("events", "note", second["id"], "已电话告知")
        for audience in AUDIENCES:
            for form in (*FORMATS, "json"):
                words = ("--for", audience, "--format", form, "-o", folder / f"{audience}.{form}")
                assert run("digest", "--shift", "day", *words) == DONE
    return language, folder


def text_of(path: Path) -> str:
    """All that a file says, in the order of the reader, one blank between words."""
    if path.suffix == ".docx":
        body = docx.Document(str(path)).element.body
        said = "\n".join("".join(piece.text for piece in node.iter(qn("w:t"))) for node in body.iter(qn("w:p")))
    else:
        said = path.read_text("utf-8")
    if path.suffix == ".html":
        said = html.unescape(re.sub(r"<(?!/?(?:b|mark|span)\b)[^>]*>", " ", said.split("<body", 1)[1]))
        said = re.sub(r"<[^>]*>", "", said)
    if path.suffix == ".markdown":
        said = re.sub(r"\\(?=[^\w\s])|\*\*", "", said)
    return re.sub(r"\s+", " ", said)


def one(pattern: str, text: str) -> re.Match[str]:
    """Where a pattern stands, the first of places that say the same; a blank in it is any number of them, also none."""
    found = list(re.finditer(pattern.replace(" ", r"\s*"), text))
    assert len({match.groups() for match in found}) == 1, (pattern, found)
    return found[0]


def read(text: str, says: Wording) -> Facts:
    """Every number that a page tells of the whole, and of the events that are to be acted on."""
    facts: Facts = {name: int(one(getattr(says, name), text)[1]) for name in ("issue", "raised", "waiting")}
    told = one(says.totals, text).groupdict() | one(says.coverage, text).groupdict()
    facts |= {name: int(value) if value.isdigit() else value for name, value in told.items()}
    level = "|".join(says.levels.values())
    heads = list(re.finditer(rf"(?<!\S)(\d)\. *[\[【]? ?({level}) (\d+) ?(?:[\]】] ?|(?= ))", text))
    for head, end in zip(heads, [*(head.start() for head in heads[1:]), len(text)], strict=True):
        extent = re.search(says.extent.replace(" ", r"\s*"), text[head.end() : end])
        if not extent or int(head[1]) > 3:
            continue
        since = extent[5] or ""
        changes = {
            name: int(found[1])
            for name, pattern in says.since.items()
            if (found := re.search(pattern.replace(" ", r"\s*"), since))
        }
        facts[f"event {head[1]}"] = (head[2], int(head[3]), [int(n) for n in extent.groups()[:4]], changes)
    return facts


def expected(data: dict[str, Any], says: Wording) -> Facts:
    """The same, from the JSON."""
    coverage, events, order = data["coverage"], data["events"], list(says.levels)
    facts: Facts = {name: data["totals"][name] for name in ("posts", "matched", "events", "new_events")} | {
        "issue": data["issue"],
        "highest": says.levels[min((event["level"] for event in events), key=order.index)],
        "raised": sum(order.index(e["level"]) < order.index(e["delta"]["level"] or "red") for e in events),
        "waiting": sum(matter["status"] == "open" for matter in data["matters"]),
        "share": int(coverage["ratio"] * 100),
        "sources": len(coverage["sources"]),
        "good": sum(source["state"] == "ok" for source in coverage["sources"]),
    }
    for event in events[:3]:
        delta, rank = event["delta"], event["delta"]["rank"] or 0
        changes = {name: delta[name] for name in ("posts", "sources") if delta[name]}
        changes |= {"up" if rank > 0 else "down": abs(rank)} if rank else {}
        counts = [event[name] for name in ("posts", "sources", "origins", "copies")]
        facts[f"event {event['rank']}"] = (says.levels[event["level"]], int(event["score"]), counts, changes)
    return facts


@pytest.mark.parametrize("form", FORMATS)
def test_every_page_tells_the_numbers_of_the_json(files: tuple[str, Path], form: str) -> None:
    language, folder = files
    told = expected(json.loads((folder / "exec.json").read_text("utf-8")), WORDINGS[language])
    assert {f"event {rank}" for rank in (1, 2, 3)} <= set(told)
    assert any(told[f"event {rank}"][3] for rank in (1, 2, 3)), "a day on which nothing changed shows nothing"
    for audience in AUDIENCES:
        assert read(text_of(folder / f"{audience}.{form}"), WORDINGS[language]) == told


def test_the_json_is_one_for_all_readers(files: tuple[str, Path]) -> None:
    _, folder = files
    assert (folder / "exec.json").read_bytes() == (folder / "desk.json").read_bytes()


def test_the_page_counts_what_the_desk_lists(files: tuple[str, Path]) -> None:
    _, folder = files
    lists = re.split(r"^## ", (folder / "desk.markdown").read_text("utf-8"), flags=re.MULTILINE)[1:]
    desk = {section.split("\n", 1)[0]: len(re.findall(r"^- \d+\\\. ", section, re.MULTILINE)) for section in lists}
    rest = re.split(r"^## ", (folder / "exec.markdown").read_text("utf-8"), flags=re.MULTILINE)[-1]
    told = [int(number) for number in re.findall(r"(?<= )\d+(?=[、,]|$)", rest.split("\n")[2])]
    assert told == [count for count in desk.values() if count]
    assert len(told) == 3


def test_the_id_beside_the_first_report_is_that_of_the_first_report(files: tuple[str, Path]) -> None:
    _, folder = files
    text = text_of(folder / "exec.text")
    for event in json.loads((folder / "exec.json").read_text("utf-8"))["events"][:3]:
        first = min(event["links"], key=lambda link: link["published_at"])
        assert re.search(rf"{first['source']} ?[(（]\w+[)）] {first['post']} ", text)
