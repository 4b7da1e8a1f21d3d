"""The packs in ``keywords/`` are well-formed and stay within what a shipped pack may be about."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "keywords"
FILES = sorted(FOLDER.glob("*.toml"))
WITHOUT_TOPICS = {"us", "slang"}
TOPICAL = [file for file in FILES if file.stem not in WITHOUT_TOPICS]

PACK_KEYS = {"name", "title", "version"}
TOPIC_KEYS = {"id", "title", "severity", "owner", "playbook", "any", "all", "none"}
TERM_KEYS = {"term", "weight", "boundary"}
SLANG_KEYS = {"term", "meaning", "meaning_en", "tone", "register"}
TONES = {"complaint", "danger", "help", "neutral", "positive"}
EXPECTED = {
    "consumer", "environment", "fire", "food_drug", "fraud", "health", "heating", "housing", "labour",
    "official", "power_gas", "roads", "schools", "slang", "transit", "us", "water", "weather",
}  # fmt: skip

# Beliefs, opinions, politics, groups of people, collective action, and people who complain to the authorities:
# nothing of it is ever a shipped term. A sample, to catch a slip, not a list to be complete.
FORBIDDEN = (
    "宗教", "信仰", "教徒", "信徒", "佛教", "道教", "基督", "天主教", "伊斯兰", "清真", "寺庙", "邪教", "民族",
    "少数民族", "汉族", "回族", "藏族", "维吾尔", "蒙古族", "满族", "异见", "示威", "游行", "集会", "抗议",
    "罢工", "罢运", "罢课", "上访", "信访", "访民", "维稳", "聚众", "民主", "人权", "独立运动", "台独", "港独",
    "选举", "政党", "反动", "颠覆", "敏感词", "女权", "同性恋", "外地人", "乡下人", "农民工", "难民",
    "移民群体", "刁民", "公知", "五毛党", "水军", "超生户", "低端人口", "党员",
)  # fmt: skip


@cache
def read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def fold(term: str) -> str:
    return unicodedata.normalize("NFKC", term).lower()


def entries(topic: dict[str, Any], role: str) -> list[dict[str, Any]]:
    return [{"term": entry} if isinstance(entry, str) else entry for entry in topic.get(role, [])]


def terms(topic: dict[str, Any], *roles: str) -> list[str]:
    return [entry["term"] for role in roles for entry in entries(topic, role)]


def names() -> list[str]:
    return [f"{file.stem}/{topic['id']}" for file in TOPICAL for topic in read(file)["topics"]]


each_topical_pack = pytest.mark.parametrize("file", TOPICAL, ids=lambda file: file.stem)
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_the_packs_that_the_documentation_names_are_there() -> None:
    assert {file.stem for file in FILES} == EXPECTED


@each_file
def test_a_pack_names_itself_like_its_file_and_has_only_known_keys(file: Path) -> None:
    data = read(file)
    assert set(data) <= {"pack", "topics", "slang"}
    assert set(data["pack"]) == PACK_KEYS
    assert data["pack"]["name"] == file.stem
    assert all(isinstance(value, str) and value for value in data["pack"].values())


@each_file
def test_a_shipped_pack_has_no_subjects_because_each_station_writes_its_own(file: Path) -> None:
    assert "subjects" not in read(file)


@each_topical_pack
def test_a_topical_pack_has_six_to_twenty_topics(file: Path) -> None:
    assert 6 <= len(read(file)["topics"]) <= 20


def test_topic_ids_are_unique_over_all_packs() -> None:
    assert [name for name, count in Counter(name.partition("/")[2] for name in names()).items() if count > 1] == []


@each_topical_pack
def test_a_topic_has_known_keys_a_title_and_a_severity_of_one_to_five(file: Path) -> None:
    for topic in read(file)["topics"]:
        assert set(topic) <= TOPIC_KEYS
        assert topic["title"]
        assert type(topic["severity"]) is int
        assert 1 <= topic["severity"] <= 5


@each_topical_pack
def test_a_grave_topic_says_who_answers_and_what_to_do_first(file: Path) -> None:
    for topic in read(file)["topics"]:
        if topic["severity"] >= 3:
            assert topic.get("owner"), topic["id"]
            assert 10 <= len(topic.get("playbook", "")) <= 45, topic["id"]


@each_topical_pack
def test_a_topic_has_something_to_find_besides_exclusions(file: Path) -> None:
    for topic in read(file)["topics"]:
        assert terms(topic, "any", "all"), topic["id"]


@each_topical_pack
def test_a_term_has_known_keys_a_weight_up_to_one_and_a_known_boundary(file: Path) -> None:
    for topic in read(file)["topics"]:
        for entry in [entry for role in ("any", "all", "none") for entry in entries(topic, role)]:
            assert set(entry) <= TERM_KEYS, entry
            assert 0 < entry.get("weight", 1.0) <= 1, entry
            assert entry.get("boundary", "word") in {"word", "soft", "off"}, entry


@each_topical_pack
def test_a_term_has_two_characters_or_more_and_is_written_folded(file: Path) -> None:
    for topic in read(file)["topics"]:
        for term in terms(topic, "any", "all", "none"):
            assert len(term) >= 2, term
            assert term == fold(term).strip(), term


@each_topical_pack
def test_no_term_stands_twice_in_a_topic(file: Path) -> None:
    for topic in read(file)["topics"]:
        assert [term for term, count in Counter(terms(topic, "any", "all", "none")).items() if count > 1] == []


@each_topical_pack
def test_an_exclusion_never_forbids_a_required_term_or_every_hit(file: Path) -> None:
    for topic in read(file)["topics"]:
        for exclusion in terms(topic, "none"):
            assert not any(exclusion in term for term in terms(topic, "any", "all")), exclusion


@each_topical_pack
def test_no_term_is_about_beliefs_opinions_politics_or_groups_of_people(file: Path) -> None:
    for topic in read(file)["topics"]:
        found = [(term, word) for term in terms(topic, "any", "all", "none") for word in FORBIDDEN if word in term]
        assert found == []


def test_the_station_s_own_pack_is_a_commented_example() -> None:
    text = (FOLDER / "us.toml").read_text(encoding="utf-8")
    assert set(read(FOLDER / "us.toml")) == {"pack"}
    assert "# [[subjects]]" in text
    assert "青禾县" in text


def test_the_example_of_the_station_s_own_pack_parses_once_its_hashes_are_taken_away() -> None:
    text = (FOLDER / "us.toml").read_text(encoding="utf-8")
    body = re.sub(r"^# ?", "", text[text.index("[pack]") :], flags=re.MULTILINE)
    assert [subject["id"] for subject in tomllib.loads(body)["subjects"]] == ["county", "water_company", "hospital"]


def test_every_slang_entry_has_a_meaning_in_two_languages_and_a_known_tone() -> None:
    entries_ = read(FOLDER / "slang.toml")["slang"]
    assert len(entries_) >= 120
    for entry in entries_:
        assert set(entry) == SLANG_KEYS
        assert all(entry.values()), entry
        assert entry["tone"] in TONES, entry
        assert len(entry["term"]) >= 2, entry


def test_no_slang_term_stands_twice_or_is_about_beliefs_politics_or_groups_of_people() -> None:
    found = [entry["term"] for entry in read(FOLDER / "slang.toml")["slang"]]
    assert len(found) == len(set(found))
    assert not [term for term in found if any(word in term for word in FORBIDDEN)]


def test_the_external_evaluation_maps_only_packs_and_topics_that_exist() -> None:
    mapping = tomllib.loads((Path(__file__).parent / "eval" / "packs_classes.toml").read_text(encoding="utf-8"))
    assert set(mapping["pack"]) == {file.stem for file in TOPICAL}
    assert set(mapping["topics"]) <= set(names())
    assert {topic for topics in mapping["events"].values() for topic in topics} <= set(names())
