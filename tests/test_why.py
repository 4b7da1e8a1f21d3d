"""why: the score as a sum that anybody can check, and every hit with its rule, its line and the very characters."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from conftest import NOW, WATER, MakeStation, keyword_set, save
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.app import run
from yuqing_cli.models import RawPost
from yuqing_cli.packs.load import load
from yuqing_cli.workflows.explain import explain

PIECES = (
    "停水",
    "断水",
    "青禾水务",
    "演练",
    "水质",
    "浑浊",
    "小区",
    "，",
    "。",
    "天气晴",
    "ＨＯＳＰ",
    "医院",
    "的",
    "三天",
)
SHIPPED = Path(__file__).parents[1] / "keywords"


def test_the_points_of_a_thousand_random_posts_sum_to_their_scores(store: Store) -> None:
    rng = Random(4)
    files = [("us.toml", WATER)] + [(f.name, f.read_text("utf-8")) for f in sorted(SHIPPED.glob("*.toml"))]
    keywords = load(files).require()
    terms = [term.text for rule in keywords.rules for term in rule.any]

    def text(most: int) -> str:
        return "".join(
            rng.choice(PIECES) if rng.random() < 0.8 else rng.choice(terms) for _ in range(rng.randint(1, most))
        )

    raws = [RawPost(title=text(6), text=text(60), guid=str(i), published=NOW) for i in range(1000)]
    entries = save(store, "a", *raws, keywords=keywords)
    matched = 0
    for entry in entries:
        made = explain(store, keywords, entry.post.id, NOW)
        assert sum(part.points for part in made.post.parts) == made.post.score
        assert bool(made.post.parts) == bool(made.found)
        matched += bool(made.found)
        for found in made.found:
            assert found.raw == getattr(entry.post, found.hit.field)[found.hit.start : found.hit.end]
            assert found.rule is not None
    assert matched > 500


def test_every_hit_leads_to_the_line_of_its_rule(store: Store) -> None:
    (entry,) = save(store, "a", RawPost(title="青禾水务：东片停水", published=NOW))
    made = explain(store, keyword_set(), entry.post.id, NOW)
    for found in made.found:
        assert found.rule is not None
        assert found.hit.rule in WATER.splitlines()[found.rule.line]
    assert [found.raw for found in made.found] == ["青禾水务", "停水"]


def test_the_lines_are_those_of_the_packs_that_judged_also_when_they_have_changed_since(store: Store) -> None:
    former = keyword_set(water=WATER)
    (entry,) = save(store, "a", RawPost(title="停水", published=NOW), keywords=former)
    store.save_packs(former.hash, former.files, NOW)
    today = keyword_set(water="# a new line\n" + WATER)
    made = explain(store, today, entry.post.id, NOW)
    (found,) = made.found
    rule = next(rule for rule in former.rules if rule.id == "outage")
    assert (made.stale, found.rule and found.rule.line) == (True, rule.line)


def test_packs_that_are_not_kept_leave_the_hits_without_lines(store: Store) -> None:
    (entry,) = save(store, "a", RawPost(title="停水", published=NOW))
    made = explain(store, keyword_set(other=WATER), entry.post.id, NOW)
    assert [found.rule for found in made.found] == [None]


def ask(station: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(["--station", str(station), *words])
    return code, capsys.readouterr().out


@pytest.fixture
def station(make_station: MakeStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = make_station()
    titles = ("青禾水务：东片\u202e停\u200b水[bold]", "停水演练", "天气晴")
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps({"title": title}) for title in titles), "utf-8")
    assert run(["--station", str(folder), "ingest", str(tmp_path / "rows.jsonl")]) == 0
    capsys.readouterr()
    return folder


def posts(station: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    _, out = ask(station, "export", "--all", "--format", "jsonl", capsys=capsys)
    rows: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    return {row["title"]: row["id"] for row in rows}


def test_the_twin_has_parts_that_sum_to_the_score_and_hits_with_their_lines(
    station: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = posts(station, capsys)
    first = next(title for title in ids if "东片" in title)
    _, out = ask(station, "why", ids[first], "--json", capsys=capsys)
    data = json.loads(out)
    assert sum(part["points"] for part in data["parts"]) == data["score"] > 0
    assert {hit["file"].rsplit("/", 1)[-1] for hit in data["hits"]} == {"water.toml"}
    assert all(first[hit["start"] : hit["end"]] == hit["raw"] for hit in data["hits"])


def test_it_is_said_in_words_with_the_exclusion_that_held_a_rule_back(
    station: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = posts(station, capsys)
    first = next(title for title in ids if "东片" in title)
    code, out = ask(station, "why", ids[first][:8], capsys=capsys)
    assert code == 0
    assert "topic water/outage (Outage, severity 4, " in out
    assert "water.toml:9)" in out
    assert "\u202e" not in out
    _, out = ask(station, "why", ids["停水演练"], capsys=capsys)
    assert "held back: water/outage (Outage, severity 4, " in out
    assert out.rstrip().endswith("by its exclusion 演练")
    _, out = ask(station, "why", ids["天气晴"], capsys=capsys)
    assert out.splitlines()[-1].strip() == "no rule fires"


def test_an_unknown_id_is_wrong_usage(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(station, "why", "zz", capsys=capsys)[0] == 2


def test_a_digest_of_the_past_is_not_asked(store: Store) -> None:
    save(store, "a", RawPost(title="停水", guid="1", published=NOW), now=NOW)
    (entry,) = save(store, "a", RawPost(title="断水", guid="1", published=NOW), now=NOW + timedelta(hours=1))
    made = explain(store, keyword_set(), entry.post.id, NOW + timedelta(hours=2))
    assert [found.raw for found in made.found] == ["断水"]
