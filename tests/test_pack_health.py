"""keywords health: counts of rules and terms on stored posts; what a term alone brought equals taking it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, WATER, save
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from test_pack_diff import PACKS, TEXTS, keywords
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import USAGE
from yuqing_cli.enrich.health import Count, Health
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import RawPost
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.packs.query_match import about
from yuqing_cli.records import replace
from yuqing_cli.station import DATABASE


def matched(held: KeywordSet, posts: Sequence[tuple[str, str, str]]) -> set[int]:
    """Numbers of the posts that a set matches."""
    matcher = Matcher(held)
    matches = [matcher.match(title, text, about(source)) for title, text, source in posts]
    return {i for i, match in enumerate(matches) if match.topics or match.subjects}


def without(held: KeywordSet, key: tuple[str, str, str], term: str | None) -> KeywordSet:
    """The set without a rule, or without a term of its list ``any``."""
    packs = []
    for pack in held.packs:
        rules = []
        for rule in pack.rules:
            left = tuple(t for t in rule.any if t.text != term)
            if (rule.pack, rule.kind, rule.id) != key:
                rules.append(rule)
            elif term is not None and left:
                rules.append(replace(rule, any=left))
        packs.append(replace(pack, rules=tuple(rules)))
    return KeywordSet(tuple(packs))


@given(PACKS, st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from("ab")), max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_a_rule_or_a_term_alone_brought_is_what_is_lost_without_it(
    texts: list[str], posts: list[tuple[str, str, str]]
) -> None:
    held = keywords(texts)
    counts = Health(held)
    for title, text, source in posts:
        counts.see(title, text, about(source), NOW, None)
    everything = matched(held, posts)
    assert counts.matched == len(everything)
    for key, count in counts.rules.items():
        assert count.alone == len(everything - matched(without(held, key, None), posts)), key
    for (pack, kind, name, term), count in counts.terms.items():
        if count.alone is not None and count.hits:
            lost = everything - matched(without(held, (pack, kind, name), term), posts)
            assert count.alone == len(lost), (name, term)


def test_many_marks_say_more_than_one() -> None:
    def bound(noise: int, marked: int) -> float:
        return Count(noise=noise, marked=marked).surely_noise

    assert bound(0, 0) == bound(0, 5) == 0
    assert bound(1, 1) < bound(7, 16) < bound(70, 160) < 70 / 160 < bound(160, 160) < 1
    # The interval of 7 in 16 as published calculators give it: 0.231 to 0.668.
    assert round(bound(7, 16), 3) == 0.231


# ---- the command ----


def station(desk: MakeDesk) -> Desk:  # noqa: F811
    one = desk(packs={"water.toml": WATER})
    with Store(one.folder / DATABASE) as store:
        early = save(store, "a", RawPost("停水", "", "https://a.example/0", NOW), now=NOW - timedelta(days=40))
        titles = ("停水了", "青禾水务停水", "水质浑浊", "天气", "停水[bold]\x1b[31m" + "长" * 400)
        posts = save(
            store, "a", *(RawPost(title, "", f"https://a.example/{t}", NOW) for t, title in enumerate(titles, 1))
        )
        ids = {entry.post.title[:4]: entry.post.id for entry in (*early, *posts)}
        store.mark([ids["停水了"], ids["停水[b"]], "noise", NOW)
        store.mark([ids["青禾水务"]], "relevant", NOW)
    return one


def test_each_rule_has_its_hits_its_own_posts_its_last_hit_and_its_noise(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    found = one("keywords", "health", "--json").json
    assert (found["posts"], found["matched"], found["marked"]) == (5, 4, 3)
    rows = {row["rule"]: (row["hits"], row["alone"], row["noise"], row["marked"]) for row in found["rows"]}
    assert rows == {"outage": (3, 2, 2, 3), "works": (1, 0, 0, 1), "quality": (1, 1, 0, 0)}
    assert found["rows"][0]["last"].startswith("2026-03-10T10:00")


def test_the_span_is_what_was_asked_for(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    assert one("keywords", "health", "--days", "50", "--json").json["posts"] == 6


def test_terms_of_one_rule_and_silent_ones_are_listed(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    rows = one("keywords", "health", "--rule", "outage", "--json").json["rows"]
    assert [(row["term"], row["hits"], row["alone"]) for row in rows] == [("停水", 3, 2), ("断水", 0, 0)]
    silent = one("keywords", "health", "--terms", "--silent", "--json").json["rows"]
    assert [row["term"] for row in silent] == ["断水"]


def test_lines_are_sorted_as_asked(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    for sort, first in (("hits", "outage"), ("alone", "outage"), ("noise", "outage"), ("rule", "outage")):
        assert one("keywords", "health", "--sort", sort, "--json").json["rows"][0]["rule"] == first
    assert one("keywords", "health", "--sort", "name").code == USAGE


def test_health_fits_80_columns_and_counts_what_it_leaves_out(desk: MakeDesk) -> None:  # noqa: F811
    one = station(desk)
    out = one("keywords", "health", "--top", "1").out
    assert max(map(len, out.splitlines())) <= 80
    assert "2 more" in out
    assert "2/3" in out
    assert "without a hit: rules 0, terms 1" in out


def test_an_unknown_rule_is_refused_with_the_nearest_one(desk: MakeDesk) -> None:  # noqa: F811
    outcome = station(desk)("keywords", "health", "--rule", "outag")
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert "outage" in outcome.err
