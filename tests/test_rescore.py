"""History through changed packs: judged again as if it were fetched today, and reports of the past stay what they were."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NOW, WATER, Clock, MakeStation, keyword_set, save
from conftest import settings as settings_of
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.app import run
from yuqing_cli.config import ScoringSettings
from yuqing_cli.digest.shapes import Window
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import RawPost
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import replace
from yuqing_cli.render import digest_json
from yuqing_cli.workflows.digest import digest
from yuqing_cli.workflows.outcome import Judge
from yuqing_cli.workflows.rescore import BATCH, Rescore

HOUR = timedelta(hours=1)
LIGHT = '[pack]\nname = "light"\n[[topics]]\nid = "dark"\nseverity = 3\nany = ["停电", "跳闸"]\n'
BOTH = keyword_set(water=WATER, light=LIGHT)
NO_DRILL = keyword_set(water=WATER.replace('none = ["演练"]', 'none = ["演练", "通知"]'))


def rescore(store: Store, keywords: KeywordSet, clock: Clock, window: Window | None = None, **scoring: float) -> Any:
    judge = Judge(Matcher(keywords), ScoringSettings(**scoring), masked=True)
    here = replace(settings_of(), scoring=judge.scoring)
    return Rescore(store, here, judge, clock, window)


def rows(store: Store) -> list[dict[str, Any]]:
    """All posts as the file holds them, without the moments of their arrival."""
    with closing(store._connection.execute("SELECT * FROM posts ORDER BY id")) as cursor:
        names = [column[0] for column in cursor.description]
        kept = [dict(zip(names, row, strict=True)) for row in cursor]
    return [{key: value for key, value in row.items() if key not in {"seq", "changed_at"}} for row in kept]


def words(store: Store, table: str) -> list[tuple[Any, ...]]:
    query = f"SELECT id, {table}.* FROM {table} JOIN posts ON posts.seq = post ORDER BY id, {table}.rowid"
    return [(row[0], *row[2:]) for row in store._connection.execute(query)]


def judgements(store: Store) -> tuple[object, ...]:
    return rows(store), words(store, "hits"), words(store, "exclusions")


def raw(number: int, title: str, text: str = "", url: str = "") -> RawPost:
    return RawPost(title=title, text=text, url=url, guid=str(number), published=NOW + timedelta(minutes=number))


def test_posts_come_to_match_under_new_packs_with_their_hits_and_events(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "东片停电"), raw(2, "停水"), raw(3, "天气晴"))
    done = rescore(store, BOTH, clock).run()
    assert (done.judged, done.changed, done.gained, done.lost) == (3, 1, 1, 0)
    found = {row["title"]: row for row in rows(store)}
    assert (found["东片停电"]["topics"], bool(found["东片停电"]["event_id"])) == ('["dark"]', True)
    assert {row["packs"] for row in found.values()} == {BOTH.hash}


def test_a_post_that_no_longer_matches_leaves_its_event_and_the_event_keeps_its_former_id(
    store: Store, clock: Clock
) -> None:
    first, second = (
        save(store, name, raw(number, title, url="https://x.example/1"))[0].post.id
        for name, number, title in (("a", 1, "停水通知"), ("b", 2, "停水三天"))
    )
    before = {row["id"]: row["event_id"] for row in rows(store)}
    assert before[first] == before[second]
    assert rescore(store, NO_DRILL, clock).run().lost == 1
    after = {row["id"]: row["event_id"] for row in rows(store)}
    assert after[first] is None
    assert store.meant(before[first]) == [second], "a desk that kept the id still finds the event"


def test_what_is_already_judged_by_todays_packs_is_left_alone(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停水"))
    work = rescore(store, keyword_set(), clock)
    assert (work.due(), work.run().judged) == (0, 0)
    assert (work.due(everything=True), work.run(everything=True).judged) == (1, 1)


def test_other_weights_and_thresholds_are_a_reason_too(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停水"))
    work = rescore(store, keyword_set(), clock, red=1, orange=0.5, yellow=0.2)
    assert work.due() == 1
    assert work.run().changed == 1
    assert [row["level"] for row in rows(store)] == ["red"]
    assert work.due() == 0


def test_only_the_posts_of_the_span_are_judged_again(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停电"), raw(90, "跳闸"))
    window = Window("range", NOW, NOW + HOUR)
    assert rescore(store, BOTH, clock, window).run().judged == 1
    assert {row["title"]: row["matched"] for row in rows(store)} == {"停电": 1, "跳闸": 0}


def test_a_run_that_was_stopped_goes_on_where_it_stopped(store: Store, clock: Clock) -> None:
    save(store, "a", *(raw(i, f"停电 {i}") for i in range(2 * BATCH + 7)))

    def stop(_name: str, _advance: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rescore(store, BOTH, clock).run(progress=stop)
    again = rescore(store, BOTH, clock)
    assert again.due() == BATCH + 7
    told: list[int] = []
    assert again.run(progress=lambda _name, advance: told.append(advance)).gained == BATCH + 7
    assert told == [BATCH, 7]
    assert [(kind, posts) for kind, _, posts in store.work_since(NOW - HOUR)] == [
        ("rescore", BATCH),
        ("rescore", BATCH + 7),
    ]


def test_what_a_fetch_wrote_meanwhile_is_not_overwritten(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停电"))
    (held,) = store.held(0, 10)
    save(store, "a", raw(1, "停水"), now=NOW + HOUR)
    judge = Judge(Matcher(BOTH), ScoringSettings(), masked=True)
    done = store.rejudge([(held, judge.one(rescore(store, BOTH, clock).today.source("a"), held.post))], NOW + 2 * HOUR)
    assert done.judged == 0
    assert [(row["title"], row["topics"]) for row in rows(store)] == [("停水", '["outage"]')]


def test_a_post_whose_text_was_removed_is_not_judged_again(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停水"))
    store._connection.execute("UPDATE posts SET title = '', text = '', purged_at = 1")
    work = rescore(store, BOTH, clock)
    assert (work.due(), work.run().judged) == (0, 0)
    assert [row["matched"] for row in rows(store)] == [1]


def days_digest(store: Store, keywords: KeywordSet, as_of: Any = None) -> dict[str, Any]:
    options = WindowOptions(start="2026-03-10T00:00", end="2026-03-11T00:00")
    made = digest(store, settings_of(), keywords, options, now=NOW + 5 * HOUR, as_of=as_of)
    found: dict[str, Any] = json.loads(digest_json.dumps(made))
    return found


def test_a_report_of_the_past_stays_what_it_was(store: Store, clock: Clock) -> None:
    posts = ("停水通知", "停水三天", "停电", "水质浑浊", "停水演练", "天气晴")
    save(store, "a", *(raw(i, title) for i, title in enumerate(posts)), keywords=keyword_set())
    before = days_digest(store, keyword_set(), NOW + HOUR)
    clock.now = NOW + 2 * HOUR
    changed = keyword_set(water=WATER.replace('"演练"', '"通知"').replace("severity = 3", "severity = 5"), light=LIGHT)
    assert rescore(store, changed, clock).run().changed == 4
    after = days_digest(store, keyword_set(), NOW + HOUR)
    assert after.pop("method") != before.pop("method"), "how many are stale is told as of today"
    assert after == before
    assert days_digest(store, changed, NOW + 3 * HOUR)["totals"]["matched"] == 4


def test_a_post_that_comes_to_match_arrives_again_after_the_issue_that_missed_it(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停电"))
    digest(store, settings_of(), keyword_set(), WindowOptions(today=True), now=NOW + HOUR)
    clock.now = NOW + 2 * HOUR
    rescore(store, BOTH, clock).run()
    tomorrow = digest(store, settings_of(), BOTH, WindowOptions(today=True), now=NOW + timedelta(days=1))
    assert [(event.title, event.late) for event in tomorrow.events] == [("停电", True)]


def test_the_digest_says_that_rescoring_is_due_also_for_what_did_not_match(store: Store, clock: Clock) -> None:
    save(store, "a", raw(1, "停电"), raw(2, "停水"))
    assert days_digest(store, keyword_set())["method"]["stale"] == 0
    assert days_digest(store, BOTH)["method"]["stale"] == 2
    rescore(store, BOTH, clock).run()
    assert days_digest(store, BOTH)["method"]["stale"] == 0


TERMS = ("停水", "断水", "停电", "跳闸", "演练", "通知", "水质")
TEXTS = st.lists(st.sampled_from((*TERMS, "，", "小区", "长期", "天气晴")), min_size=1, max_size=6).map("".join)
RULES = st.lists(
    st.tuples(st.sets(st.sampled_from(TERMS), min_size=1, max_size=3), st.sets(st.sampled_from(TERMS), max_size=1)),
    min_size=1,
    max_size=4,
)


def pack(rules: Sequence[tuple[set[str], set[str]]]) -> str:
    def listed(terms: set[str]) -> str:
        return json.dumps(sorted(terms), ensure_ascii=False)

    head = '[pack]\nname = "p"\n'
    return head + "".join(
        f'[[{"subjects" if i == 3 else "topics"}]]\nid = "r{i}"\nany = {listed(some)}\nnone = {listed(none - some)}\n'
        for i, (some, none) in enumerate(rules)
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=RULES, after=RULES, texts=st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=8))
def test_rescoring_everything_equals_fetching_it_under_the_new_packs(
    before: Any, after: Any, texts: Any, tmp_path: Path, empty_file: Path
) -> None:
    raws = [raw(i, title, text, "https://x.example/1" if link else "") for i, (title, text, link) in enumerate(texts)]
    old, new = keyword_set(p=pack(before)), keyword_set(p=pack(after))
    outcome = []
    for first in (old, new):
        shutil.copy(empty_file, tmp_path / "yuqing.db")
        with Store(tmp_path / "yuqing.db") as store:
            # Two sources, so that one address is in both and makes an event of several posts.
            for name in ("a", "b"):
                save(store, name, *raws, keywords=first)
            if first is old:
                rescore(store, new, Clock(NOW + HOUR)).run()
            outcome.append(judgements(store))
    assert outcome[0] == outcome[1]


ROWS = '{"title": "东片停电", "source": "甲"}\n{"title": "停水", "source": "甲"}\n'


def test_the_command_catches_up_after_a_fault_in_a_pack(
    make_station: MakeStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_station()
    (tmp_path / "rows.jsonl").write_text(ROWS, "utf-8")
    packs = folder / "keywords"
    (packs / "light.toml").write_text(LIGHT + "any = 3", "utf-8")
    assert run(["--station", str(folder), "ingest", str(tmp_path / "rows.jsonl")]) == 3
    assert run(["--station", str(folder), "rescore"]) == 3, "faulty packs judge nothing"
    (packs / "light.toml").write_text(LIGHT, "utf-8")
    capsys.readouterr()
    assert run(["--station", str(folder), "rescore", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"schema": 1, "judged": 2, "changed": 2, "gained": 2, "lost": 0}
    assert run(["--station", str(folder), "rescore"]) == 0
    assert capsys.readouterr().out.startswith("posts judged again: 0")


def test_the_end_of_a_span_needs_its_begin(make_station: MakeStation, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--station", str(make_station()), "rescore", "--to", "2026-03-10"]) == 2
    assert "--to needs --from" in capsys.readouterr().err
