"""yuqing.toml: every fault at once, each with its line and the nearest name that would have been right."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import settings_toml
from yuqing_cli.config import Settings, load
from yuqing_cli.errors import ConfigError, Problem

SOURCE = '[[sources]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/feed"\n'


def faults(text: str) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        load(text, "yuqing.toml")
    assert all(problem.file == "yuqing.toml" for problem in caught.value.problems)
    for problem in caught.value.problems:
        problem.text.format(**dict(problem.values))
        problem.hint.format(**dict(problem.values))
    return list(caught.value.problems)


def told(problem: Problem) -> str:
    """As the face would say it, in English."""
    values = dict(problem.values)
    return f"{problem.line}: {problem.text.format(**values)} ({problem.hint.format(**values)})"


def one(text: str) -> str:
    """The one fault."""
    (problem,) = faults(text)
    return told(problem)


def test_an_empty_file_is_a_station_with_every_default() -> None:
    assert load("", "yuqing.toml") == Settings()


def test_a_source_has_its_defaults_and_its_line() -> None:
    (source,) = load("\n\n" + SOURCE, "yuqing.toml").sources
    assert (source.tier, source.weight, source.every, source.timezone) == (
        "media",
        1.0,
        timedelta(minutes=30),
        "Asia/Shanghai",
    )
    assert (source.robots, source.line) == ("obey", 3)


def test_a_sources_zone_and_robots_are_the_stations_unless_it_says_otherwise() -> None:
    text = '[station]\ntimezone = "Asia/Urumqi"\n[fetch]\nrobots = "own"\n' + SOURCE
    assert [(s.timezone, s.robots) for s in load(text, "x").sources] == [("Asia/Urumqi", "own")]
    text += 'timezone = "Asia/Taipei"\nrobots = "obey"\n'
    assert [(s.timezone, s.robots) for s in load(text, "x").sources] == [("Asia/Taipei", "obey")]


def test_all_faults_are_told_at_once_in_the_order_of_the_file_with_line_and_nearest_name() -> None:
    text = """\
[station]
nam = "x"
language = "cn"
timezone = "Asia/Peking"

[fetchh]

[fetch]
jobs = 0
timeout_seconds = "20"
max_bytes = 1.5

[scoring]
red = 40
orange = 60

[shifts]
day = "8-20"

[[sources]]
name = "a"
kind = "fed"
url = "https://a.example/"

[[sources]]
name = "b"
kind = "feed"
url = "a.example"
tier = "offical"
every = "10"

[[sources]]
name = "b"
kind = "feed"
url = "https://c.example/"
evry = "10m"
"""
    found = [told(problem) for problem in faults(text)]
    expected = [
        (2, "station.nam", "name"),
        (3, "station.language", "zh"),
        (4, "Asia/Peking", ""),
        (6, "fetchh", "fetch"),
        (9, "fetch.jobs", ""),
        (10, "fetch.timeout_seconds", ""),
        (11, "fetch.max_bytes", ""),
        (13, "red >= orange", ""),
        (18, "8-20", "08:00-20:00"),
        (22, "fed", "feed"),
        (28, "a.example", "https://"),
        (29, "sources[2].tier", "official"),
        (30, "10m", ""),
        (33, "b", "26"),
        (36, "sources[3].evry", "every"),
    ]
    lines = [int(text.split(":")[0]) for text in found]
    missing = [
        where
        for where in expected
        if not any(f.startswith(f"{where[0]}:") and where[1] in f and where[2] in f for f in found)
    ]
    assert missing == []
    assert lines == sorted(lines)


def test_a_bad_address_is_told_beside_another_fault_of_the_same_source() -> None:
    text = SOURCE.replace("https://a.example/feed", "a.example") + 'tier = "offical"\nevery = "10"\n'
    assert [problem.line for problem in faults(text)] == [4, 5, 6]


def test_a_bad_zone_is_told_beside_another_fault_of_the_station() -> None:
    assert [problem.line for problem in faults('[station]\nnam = 1\ntimezone = "Asia/Peking"\n')] == [2, 3]


@pytest.mark.parametrize("key", ["name", "url"])
def test_what_is_used_twice_is_told_with_the_line_of_the_first(key: str) -> None:
    other = SOURCE.replace('"a"', '"b"') if key == "url" else SOURCE.replace("a.example", "b.example")
    assert one(SOURCE + other).startswith(f"{6 if key == 'name' else 8}: {key} ")
    assert f"line {2 if key == 'name' else 4}" in one(SOURCE + other)


@pytest.mark.parametrize("every", ["", "10", "10 minutes", "0m", "30s", "-5m", "1m1m", "m", "1.5h", "９m"])
def test_an_interval_that_is_none_or_too_short_is_refused(every: str) -> None:
    assert one(f'{SOURCE}every = "{every}"\n').startswith("5: ")


@pytest.mark.parametrize(("every", "minutes"), [("1m", 1), ("90s", 1.5), ("2h", 120), ("1d", 1440), ("1h30m", 90)])
def test_an_interval_is_read(every: str, minutes: float) -> None:
    assert load(f'{SOURCE}every = "{every}"\n', "x").sources[0].every == timedelta(minutes=minutes)


def test_an_interval_of_ages_is_refused_because_no_clock_gets_there() -> None:
    assert one(f'{SOURCE}every = "900000000d"\n').startswith("5: ")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "//a.example/x",
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https://:80/",
        "http:///x",
        "https://[::1",
        "https://a.example:99999/",
        "javascript:alert(1)",
        "https://me:secret@a.example/",
        "/feed.xml",
        "https://bad host.example/",
        "https://a..example/",
        "https://%zz/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert one(SOURCE.replace("https://a.example/feed", url)).startswith("4: ")


@pytest.mark.parametrize(
    "url", ["https://a.example", "http://127.0.0.1:8080/x", "https://新闻.example/一", " https://a.example/ "]
)
def test_a_web_address_is_taken_without_its_blanks(url: str) -> None:
    assert load(SOURCE.replace("https://a.example/feed", url), "x").sources[0].url == url.strip()


@pytest.mark.parametrize("zone", ["", "Peking", "../etc/passwd", "Asia", "UTC+8", "/etc/localtime", "\\u0000"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    assert one(f'[station]\ntimezone = "{zone}"\n').startswith("2: ")


def test_a_sources_zone_that_does_not_exist_is_refused_once() -> None:
    assert one(SOURCE + 'timezone = "Peking"\n').startswith("5: ")


@pytest.mark.parametrize("shift", ['"8-20"', '"08:00"', '"25:00-26:00"', '"08:00-08:00"', "8", '["08:00-20:00"]', '""'])
def test_a_shift_that_is_no_span_of_hours_is_refused(shift: str) -> None:
    assert one(f"[shifts]\nday = {shift}\n").startswith("2: ")


def test_shifts_keep_their_names() -> None:
    assert load('[shifts]\n"夜班" = "20:00-08:00"\n', "x").shifts == {"夜班": "20:00-08:00"}


@pytest.mark.parametrize(
    "line",
    [
        "red = 101",
        "red = -1",
        "red = nan",
        "red = inf",
        "relevance = -0.1",
        "relevance = nan",
        "relevance = inf",
        "red = true",
        'red = "85"',
        "relevance = 1e999",
        "red = 60\norange = 70",
        "relevance = 0\nseverity = 0\nreach = 0\ntone = 0",
    ],
)
def test_weights_and_thresholds_that_make_no_score_are_refused(line: str) -> None:
    faults(f"[scoring]\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "jobs = 0",
        "jobs = 65",
        "jobs = 1.5",
        "jobs = true",
        "host_gap_seconds = -1",
        "host_gap_seconds = nan",
        "host_gap_seconds = inf",
        "timeout_seconds = 0",
        "timeout_seconds = inf",
        "max_bytes = 0",
        'robots = "ignore"',
    ],
)
def test_manners_that_cannot_be_kept_are_refused(line: str) -> None:
    assert one(f"[fetch]\n{line}\n").startswith("2: ")


@pytest.mark.parametrize(
    "line", ["weight = 0", "weight = -1", "weight = nan", "weight = inf", 'tags = "a"', "tags = [1]", "name = 3"]
)
def test_a_bad_value_of_a_source_is_told_at_its_place(line: str) -> None:
    text = SOURCE.replace('name = "a"\n', "") if line.startswith("name") else SOURCE
    (problem,) = faults(f"{text}{line}\n")
    assert problem.line == text.count("\n") + 1


def test_the_weights_sum_to_1() -> None:
    weights = load("[scoring]\nrelevance = 3\nseverity = 2\nreach = 5\n", "x").scoring.weights
    assert sum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "text", ["sources = 5", "sources = [5]", "[sources]\nname = 1", "station = 5", "shifts = []", "fetch = [1]"]
)
def test_a_section_of_the_wrong_shape_is_a_fault_and_no_crash(text: str) -> None:
    assert all(problem.line == 1 for problem in faults(text))


@pytest.mark.parametrize("missing", ["name", "kind", "url"])
def test_what_a_source_must_have_is_told_at_the_source(missing: str) -> None:
    text = "".join(line + "\n" for line in SOURCE.splitlines() if not line.startswith(missing))
    assert one("\n" + text).startswith(f"2: sources[1].{missing}")


def test_broken_toml_is_one_fault_with_its_line() -> None:
    (problem,) = faults('[station]\nname = "x\n')
    assert (problem.line, problem.column) == (2, 10)
    (problem,) = faults("[station]\nname = 1\nname = 2\n")
    assert problem.line >= 3


@pytest.mark.parametrize("text", ["a = " + "9" * 5000, "a = " + "[" * 3000, "\x00", "a = \ud800"])
def test_toml_that_breaks_the_parser_is_a_fault_and_no_crash(text: str) -> None:
    faults(text)


def test_carriage_returns_and_a_byte_order_mark_do_not_move_the_lines() -> None:
    text = "\ufeff" + ('[station]\nname = "x"\n' + SOURCE + "evry = 1\n").replace("\n", "\r\n")
    assert one(text).startswith("7: ")


@given(st.text(st.sampled_from("[]{}=\"',.#\n\\ abc1é停-_:"), max_size=60))
@hypothesis_settings(deadline=None, max_examples=100)
def test_no_text_makes_the_reader_crash(text: str) -> None:
    with suppress(ConfigError):
        load(text, "yuqing.toml")


def test_the_stations_of_these_tests_are_valid() -> None:
    assert load(settings_toml({"a": "https://a.example/"}), "x").sources[0].name == "a"
