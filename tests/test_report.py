"""The periodic review: counts, levels, answers and how fast they came, what it is compared with, and the zero report."""

from __future__ import annotations

import html
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest

from conftest import NOW, keyword_set, save, settings
from test_cli import MakeDesk, desk  # noqa: F401 - a fixture
from test_formats_hostile import parts
from test_windows import local
from yuqing_cli import i18n
from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.terminal.page import page_text
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.digest.desk import DeskEntry
from yuqing_cli.digest.review import Review
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.errors import UsageError
from yuqing_cli.models import RawPost
from yuqing_cli.render.formats import BINARY, REVIEW_FORMATS
from yuqing_cli.render.review import as_docx, by_time, outline
from yuqing_cli.workflows.digest import digest
from yuqing_cli.workflows.report import period, report

FORMATS: dict[str, Callable[[Review, i18n.Translate], str | bytes]] = {
    "text": lambda made, words: page_text(outline(made, words)),
    **REVIEW_FORMATS,
}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")
WORDS = i18n.choose("en")
REPLY = "https://www.qinghe.example/notice/1"


def said(made: Review, name: str, words: i18n.Translate = WORDS) -> str:
    """What a review says in a format: the text, or the XML of an office file."""
    drawn = FORMATS[name](made, words)
    return "".join(text for _, text in parts(drawn)) if isinstance(drawn, bytes) else drawn


def week(store: Store, start: str = "09 00:00", end: str = "15 23:59", now: str = "15 12:00") -> Review:
    return report(store, settings(), keyword_set(), local(start), local(end), now=local(now))


def event(store: Store, title: str, at: str, source: str = "a") -> str:
    """A post of its own; the id of its event."""
    url = f"https://{source}.example/{title}"
    (entry,) = save(store, source, RawPost(title, "", url, local(at), title), now=local(at) + HOUR)
    found = store.post(entry.post.id)
    assert found
    return found.event


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ({}, "09 00:00", "11 00:00"),
        ({"week": True}, "09 00:00", "11 00:00"),
        ({"month": True}, "01 00:00", "11 00:00"),
        ({"week": True, "last": True}, "02 00:00", "09 00:00"),
        ({"start": "2026-03-04", "end": "2026-03-06"}, "04 00:00", "06 00:00"),
        ({"start": "2026-03-04"}, "04 00:00", "10 12:00"),
    ],
)
def test_the_options_name_a_calendar_week_a_month_or_a_free_span(
    given: dict[str, object], start: str, end: str
) -> None:
    options = {"week": False, "month": False, "last": False, "start": "", "end": ""} | given
    assert period(now=local("10 12:00"), zone=ZONE, **options) == (local(start), local(end))  # type: ignore[arg-type]


def test_the_month_before_january_is_december() -> None:
    now = datetime(2026, 1, 15, tzinfo=UTC)
    start, end = period(week=False, month=True, last=True, start="", end="", now=now, zone=ZONE)
    assert (start, end) == (datetime(2025, 11, 30, 16, tzinfo=UTC), datetime(2025, 12, 31, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    "given",
    [
        {"week": True, "month": True},
        {"week": True, "start": "2026-03-04"},
        {"end": "2026-03-04"},
        {"start": "2026-03-04", "end": "2026-03-04"},
        {"start": "2026-03-04", "last": True},
        {"start": "nonsense"},
    ],
)
def test_a_period_that_means_nothing_is_wrong_usage(given: dict[str, object]) -> None:
    options = {"week": False, "month": False, "last": False, "start": "", "end": ""} | given
    with pytest.raises(UsageError):
        period(now=local("10 12:00"), zone=ZONE, **options)  # type: ignore[arg-type]


def test_posts_events_levels_topics_sources_and_days_are_counted(store: Store) -> None:
    event(store, "青禾水务停水", "09 08:00")
    event(store, "水质浑浊", "10 08:00", "b")
    event(store, "天气晴", "10 09:00", "b")
    event(store, "停水", "16 08:00")
    made = week(store)
    assert (made.tally.posts, made.tally.matched, made.tally.events) == (3, 2, 2)
    assert sum(line.events for line in made.levels) == 2
    assert [(c.name, c.posts, c.events) for c in made.topics] == [("outage", 1, 1), ("quality", 1, 1)]
    assert [(c.name, c.posts) for c in made.sources] == [("a", 1), ("b", 1)]
    assert made.days == (("2026-03-09", 1), ("2026-03-10", 1))
    assert made.worst[0].title == "青禾水务停水"


def test_answers_are_counted_by_level_with_the_median_of_the_hours(store: Store) -> None:
    # Matters that have nothing in common, else they are one event.
    matters = ("柳湖花园停水", "老街整夜断水", "麦田小学午间停水")
    for number, (title, hours) in enumerate(zip(matters, (1, 3, 11), strict=True)):
        id_ = event(store, title, f"09 0{number}:00")
        store.desk_add([DeskEntry(id_, "answer", REPLY, local(f"09 0{number}:00") + hours * HOUR)])
    event(store, "桥头村断水", "09 08:00")
    made = week(store)
    assert (made.answered, made.median_hours) == (3, 3.0)
    level = next(line for line in made.levels if line.events)
    assert (level.events, level.answered, level.median_hours) == (4, 3, 3.0)


def test_an_answer_that_was_taken_back_is_none(store: Store) -> None:
    id_ = event(store, "停水", "09 08:00")
    for kind in ("answer", "reopen"):
        store.desk_add([DeskEntry(id_, kind, REPLY if kind == "answer" else "", local("09 10:00"))])
    assert week(store).answered == 0


def test_the_hours_run_from_the_first_report_of_all_also_from_before_the_period(store: Store) -> None:
    url = "https://news.qinghe.example/1"
    save(store, "a", RawPost("停水", "", url, local("08 08:00"), "1"), now=local("08 09:00"))
    save(store, "b", RawPost("停水了", "", url, local("09 08:00"), "1"), now=local("09 09:00"))
    made = week(store)
    store.desk_add([DeskEntry(made.worst[0].id, "answer", REPLY, local("09 08:00"))])
    assert week(store).median_hours == 24.0


def test_the_span_before_is_compared_only_where_the_file_reaches(store: Store) -> None:
    event(store, "停水", "09 08:00")
    assert (week(store).previous, week(store).year_before) == (None, None)
    event(store, "断水", "10 08:00")
    made = week(store, "10 00:00", "11 00:00")
    assert made.previous is None
    later = week(store, "12 00:00", "14 00:00")
    assert later.previous
    assert later.previous.tally.matched == 1


def test_a_year_before_is_compared_where_the_file_reaches(store: Store) -> None:
    then = local("09 08:00") - timedelta(days=365)
    save(store, "a", RawPost("停水", "", "https://a.example/1", then, "1"), now=then - timedelta(days=60))
    event(store, "断水", "09 08:00")
    made = week(store)
    assert made.year_before
    assert made.year_before.tally.matched == 1
    assert made.year_before.start == made.start - timedelta(days=365)


@pytest.mark.parametrize("scores", [(70.0, 40.0), (40.0, 70.0), (40.0, 40.0)])
def test_an_event_is_named_by_its_weightiest_report_and_of_equals_by_the_earliest(
    store: Store, scores: tuple[float, float]
) -> None:
    one, other = event(store, "停水甲", "09 08:00"), event(store, "学校食堂断水乙", "09 18:00", "b")
    with store._write() as connection:
        for id_, score in zip((one, other), scores, strict=True):
            values = (one, score, id_)
            connection.execute("UPDATE posts SET event_id = ?, score = ? WHERE event_id = ?", values)
    (told,) = week(store).worst
    best = "学校食堂断水乙" if scores[1] > scores[0] else "停水甲"
    assert (told.title, told.score, told.posts, told.sources) == (best, max(scores), 2, 2)
    assert best in told.url
    assert (told.first_seen, told.last_seen) == (local("09 08:00"), local("09 18:00"))


def test_an_event_keeps_the_gravest_level_that_an_issue_of_the_period_told(store: Store) -> None:
    event(store, "停水", "09 08:00")
    strict = settings(text="[scoring]\nred = 1\norange = 1\nyellow = 1\n")
    digest(store, strict, keyword_set(), WindowOptions(today=True), now=local("09 12:00"))
    made = week(store)
    assert (made.worst[0].level, made.issues, made.unanswered) == ("red", 1, 1)


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_period_is_a_zero_report_with_coverage(store: Store, format_: str) -> None:
    made = report(
        store,
        settings({"a": "https://a.example/feed"}),
        keyword_set(),
        local("09 00:00"),
        local("10 00:00"),
        now=local("10 00:00"),
    )
    text = said(made, format_)
    assert "Nothing is known" in text or json.loads(text)["coverage"]["ratio"] == 0


@pytest.mark.parametrize("words", [i18n.choose("en"), i18n.choose("zh")], ids=["en", "zh"])
@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "json"])
def test_every_format_says_the_same_sentences_and_numbers(store: Store, format_: str, words: i18n.Translate) -> None:
    id_ = event(store, "青禾水务停水", "09 08:00")
    store.desk_add([DeskEntry(id_, "answer", REPLY, local("09 10:30"))])
    text = re.sub(r"\s|\\", "", html.unescape(re.sub(r"<[^>]*>", "", said(week(store), format_, words))))
    drawn = outline(week(store), words)
    for told in (drawn.title, drawn.bottom, drawn.coverage, "2.5", id_, REPLY):
        assert re.sub(r"\s", "", told) in text


def test_a_long_period_is_told_by_month_and_a_day_without_posts_is_told_too(store: Store) -> None:
    event(store, "停水", "09 08:00")
    assert by_time(week(store)) == [(f"2026-03-{day:02d}", int(day == 9)) for day in range(9, 16)]
    year = report(
        store,
        settings(),
        keyword_set(),
        local("01 00:00"),
        local("01 00:00") + 300 * DAY,
        now=local("01 00:00") + 99 * DAY,
    )
    assert by_time(year) == [("2026-03", 1), ("2026-04", 0), ("2026-05", 0), ("2026-06", 0)]


def test_what_was_done_to_posts_since_is_said(store: Store) -> None:
    event(store, "停水", "09 08:00")
    store.log_work("purge", local("15 18:00"), 3)
    (work,) = week(store).work
    assert (work.kind, work.posts) == ("purge", 3)
    assert "removal of old text" in said(week(store), "text")
    assert week(store, now="16 12:00").work == ()


def test_the_command_writes_each_format_and_refuses_two_spans(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = desk()
    assert one("report").code == DONE
    assert one("report", "--month", "--json").json["schema"] == 1
    out = tmp_path / "week.html"
    assert (one("report", "--last", "--format", "html", "-o", out).out, out.read_text("utf-8")[:15]) == (
        "",
        "<!DOCTYPE html>",
    )
    assert one("report", "--as-of", "2099-01-01").code == USAGE
    assert one("report", "--week", "--month").code == USAGE


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_moment_gives_the_same_bytes(desk: MakeDesk, tmp_path: Path, format_: str) -> None:  # noqa: F811
    one = desk()
    said_twice = []
    for name in ("a", "b"):
        one.clock.forward(hours=3)
        assert (
            one("report", "--as-of", f"{NOW:%Y-%m-%dT%H:%M:%S+00:00}", "--format", format_, "-o", tmp_path / name).code
            == DONE
        )
        said_twice.append((tmp_path / name).read_bytes())
    assert said_twice[0] == said_twice[1]


def test_a_template_gives_the_looks_of_a_review_and_an_office_file_is_no_text(
    desk: MakeDesk,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = desk()
    own = docx.Document()
    own.add_paragraph("青禾县人民政府办公室文件")
    own.save(str(tmp_path / "own.docx"))
    words = ("--template", tmp_path / "own.docx", "-o", tmp_path / "week.docx")
    assert one("report", "--format", "docx", *words).code == DONE
    made = docx.Document(str(tmp_path / "week.docx"))
    assert made.paragraphs[0].text == "青禾县人民政府办公室文件"
    assert "review of" in made.paragraphs[1].text
    assert one("report", *words).code == USAGE
    with monkeypatch.context() as terminal:
        terminal.setattr(sys.stdout, "isatty", lambda: True)
        for name in sorted(BINARY):
            assert one("report", "--format", name).code == USAGE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_review_on_paper_says_whose_it_is_of_which_time_and_its_number(
    store: Store, language: str
) -> None:
    event(store, "停水", "09 08:00")
    words = i18n.choose(language)
    drawn = outline(week(store), words)
    made = docx.Document(io.BytesIO(as_docx(week(store), words)))
    assert made.sections[0].header.paragraphs[0].text == drawn.title
    assert "PAGE" in made.sections[0].footer._element.xml
    titles = [
        paragraph.text for paragraph in made.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"
    ]
    assert titles == [section.title for section in drawn.sections]
    assert any("w:tblHeader" in table._element.xml for table in made.tables)
