"""why-not: at which stage an address stopped; missed: what was missed once is watched over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from conftest import NOW, WATER, MakeStation, keyword_set, save
from conftest import settings as settings_of
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.app import run
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.errors import UsageError
from yuqing_cli.models import RawPost, SourceState, Spell
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import replace
from yuqing_cli.workflows.missed import Missed
from yuqing_cli.workflows.why_not import Finding, WhyNot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://news.a.example/1.html"
SOURCES = {"a": "https://feeds.a.example/feed"}
STATE = SourceState("a", SOURCES["a"], "media", baseline_at=NOW - DAY, last_asked=NOW, last_success=NOW)
HEAD = '[pack]\nname = "p"\n[[topics]]\nid = "head"\n'


def found(
    store: Store, url: str = URL, keywords: KeywordSet | None = None, now: datetime = NOW, date: str = ""
) -> Finding:
    return WhyNot(store, settings_of(SOURCES), Matcher(keywords or keyword_set()), now, date).of(url)


def put(store: Store, title: str, text: str = "", published: datetime | None = NOW, **options: bool) -> str:
    (entry,) = save(store, "a", RawPost(title=title, text=text, url=URL, published=published), now=NOW, **options)  # type: ignore[arg-type]
    return entry.post.id


def remember(store: Store, **changes: object) -> None:
    state = replace(STATE, **changes)
    store.save_answer([], state, Spell("a", "ok", NOW, NOW), NOW, baseline=False)


@pytest.mark.parametrize(
    ("arrange", "stage", "said"),
    [
        (lambda _: None, "not_fetched", "{source} has never been asked"),
        (lambda s: remember(s, last_error="it may not be", last_error_kind="refused"), "refused", "is not asked"),
        (lambda s: remember(s, last_error="no such host", last_error_kind="hard"), "not_fetched", "fails"),
        (lambda s: remember(s, last_error="status 404", last_error_kind="soft"), "not_fetched", "fails"),
        (lambda s: remember(s, last_error="this is no feed", last_error_kind="soft"), "not_parsed", "fails"),
        (remember, "not_parsed", "no post was ever read"),
        (lambda s: s.save_robots("https://feeds.a.example", "User-agent: *\nDisallow: /", NOW), "not_fetched", "never"),
        (lambda s: put(s, "停水"), "shown", "is in the digest"),
        (lambda s: put(s, "停水演练"), "excluded", "its exclusion {term}"),
        (lambda s: put(s, "天气晴"), "not_matched", "of its text nothing was read"),
        (lambda s: put(s, "天气晴", "万里无云"), "not_matched", "no term of the packs is in it"),
        (lambda s: put(s, "停水", published=NOW - 3 * DAY), "late", "late arrivals"),
        (lambda s: put(s, "停水", published=NOW - 30 * DAY), "outside_window", "too old"),
        (lambda s: put(s, "停水", published=NOW - 3 * DAY, baseline=True), "baseline", "for the first time"),
        (lambda s: put(s, "停水", published=None, baseline=True), "baseline", "for the first time"),
        (lambda s: s.mark([put(s, "停水")], "noise", NOW), "excluded", "marked it as noise"),
    ],
)
def test_each_stage_is_told(store: Store, arrange: Callable[[Store], object], stage: str, said: str) -> None:
    arrange(store)
    finding = found(store)
    assert (finding.stage, said in finding.detail.text) == (stage, True), finding


def test_an_address_of_a_site_that_no_source_covers_is_not_configured(store: Store) -> None:
    assert found(store, "https://elsewhere.example/1").stage == "not_configured"


def test_a_site_of_which_a_source_has_brought_posts_is_covered_whatever_its_own_host(store: Store) -> None:
    save(store, "a", RawPost(title="x", url="https://elsewhere.example/1", published=NOW))
    remember(store)
    finding = found(store, "https://elsewhere.example/2")
    assert (finding.stage, finding.in_order) == ("not_fetched", True)


def test_a_list_that_robots_forbids_is_told(store: Store) -> None:
    remember(store)
    store.save_robots("https://feeds.a.example", "User-agent: *\nDisallow: /", NOW)
    assert found(store).stage == "disallowed"


def test_a_text_that_retention_removed_is_told(store: Store) -> None:
    put(store, "停水")
    store._connection.execute("UPDATE posts SET title = '', text = ''")
    assert found(store).stage == "purged"


def test_a_term_that_cuts_through_words_is_named(store: Store) -> None:
    put(store, "该学校长期占用绿地")
    finding = found(store, keywords=keyword_set(p=HEAD + 'any = ["校长"]\n'))
    assert (finding.stage, finding.detail.values["terms"]) == ("not_matched", "校长")
    assert "cuts through words" in finding.detail.text


@pytest.mark.parametrize("rule", ['any = ["绿地"]\nall = ["停水"]\n', 'query = "绿地 AND 停水"\n'])
def test_a_rule_that_asks_for_more_is_named(store: Store, rule: str) -> None:
    put(store, "占用绿地")
    finding = found(store, keywords=keyword_set(p=HEAD + rule))
    assert (finding.stage, finding.detail.values["rule"]) == ("not_matched", "head")
    assert "asks for more" in finding.detail.text


def test_what_todays_packs_would_match_needs_a_rescore(store: Store) -> None:
    put(store, "停电")
    finding = found(store, keywords=keyword_set(p=HEAD + 'any = ["停电"]\n'))
    assert (finding.stage, finding.fix and str(finding.fix.text)) == ("not_matched", "run yuqing rescore")


def test_a_day_can_be_chosen(store: Store) -> None:
    put(store, "停水")
    assert found(store, now=NOW + DAY).stage == "outside_window"
    assert found(store, now=NOW + DAY, date="2026-03-10").stage == "shown"


def test_tracking_parameters_do_not_hide_a_post(store: Store) -> None:
    put(store, "停水")
    assert found(store, "http://news.a.example:80/1.html?utm_source=x#top").stage == "shown"


def test_what_is_no_address_is_wrong_usage(store: Store) -> None:
    with pytest.raises(UsageError):
        found(store, "停水")


def missed(store: Store, keywords: KeywordSet | None = None, now: datetime = NOW) -> Missed:
    matcher = Matcher(keywords or keyword_set())
    return Missed(store, WhyNot(store, settings_of(SOURCES), matcher, now), matcher, now, masked=True)


def outcomes(store: Store, keywords: KeywordSet | None = None) -> list[str]:
    return [entry.outcome for entry in missed(store, keywords).check()]


def test_a_case_is_open_then_cured_then_broken_by_a_worse_pack(store: Store) -> None:
    from conftest import Clock
    from test_rescore import rescore

    put(store, "停电")
    finding, kept = missed(store).add(URL)
    assert (finding.stage, kept, outcomes(store)) == ("not_matched", True, ["open"])
    better = keyword_set(p=HEAD + 'any = ["停电"]\n')
    assert outcomes(store, better) == ["open"], "until history is rescored it is still missed"
    rescore(store, better, Clock()).run()
    assert outcomes(store, better) == ["cured"]
    rescore(store, keyword_set(), Clock()).run()
    assert outcomes(store) == ["broken"]


def test_a_case_that_was_never_stored_is_cured_when_its_site_is_covered_and_its_headline_matches(store: Store) -> None:
    for number, title in enumerate(("停水", "天气晴", "")):
        missed(store).add(f"https://news.a.example/{number}", title)
    assert outcomes(store) == ["open"] * 3
    save(store, "a", RawPost(title="x", url="https://news.a.example/other", published=NOW))
    assert outcomes(store) == ["open"] * 3, "it was never asked since"
    remember(store)
    assert outcomes(store) == ["cured", "open", "cured"]


def test_what_people_type_is_masked(store: Store) -> None:
    missed(store).add(URL, "张先生 13812345678 反映停水", "回电 13812345678")
    (case,) = store.cases()
    assert "138" not in case.title + case.note
    assert len(case.note) == len("回电 13812345678")


def test_what_is_in_the_digest_is_no_case(store: Store) -> None:
    put(store, "停水")
    assert missed(store).add(URL)[1] is False
    assert store.cases() == []


def test_saying_it_again_replaces_the_case(store: Store) -> None:
    missed(store).add(URL, note="first")
    missed(store).add(URL, note="second")
    assert [case.note for case in store.cases()] == ["second"]


def test_the_commands_say_where_it_stopped_and_exit_with_3_when_a_cured_case_broke(
    make_station: MakeStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_station(SOURCES)
    rows = {"title": "停水演练", "url": URL, "source": "a"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(rows), "utf-8")

    def yuqing(*words: str) -> tuple[int, str]:
        code = run(["--station", str(folder), *words])
        return code, capsys.readouterr().out

    yuqing("ingest", str(tmp_path / "rows.jsonl"))
    code, out = yuqing("why-not", URL, "--json")
    assert (code, json.loads(out)["stage"]) == (0, "excluded")
    assert "outage" in json.loads(out)["detail"]
    assert yuqing("missed", "add", URL, "--note", "the head saw it elsewhere")[0] == 0
    assert yuqing("missed", "check")[0] == 0
    pack = folder / "keywords" / "water.toml"
    pack.write_text(WATER.replace('none = ["演练"]', ""), "utf-8")
    yuqing("rescore")
    assert yuqing("missed", "check") == (0, f"cured  {URL}\n")
    pack.write_text(WATER, "utf-8")
    yuqing("rescore")
    code, out = yuqing("missed", "check", "--json")
    assert (code, json.loads(out)["broken"]) == (3, 1)
    assert "the head saw it elsewhere" in yuqing("missed", "list")[1]
