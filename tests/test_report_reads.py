"""What a digest reads instead of posts: numbers kept by triggers equal those that are counted anew, and a page is a part of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, WATER, Clock, keyword_set, save, settings
from test_rescore import rescore
from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.windows import Span
from yuqing_cli.digest import listed, numbers, ranked
from yuqing_cli.digest.desk import entry
from yuqing_cli.digest.frame import Frame
from yuqing_cli.digest.history import History
from yuqing_cli.digest.page import page
from yuqing_cli.digest.shapes import Digest, Window
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.i18n import choose
from yuqing_cli.models import RawPost
from yuqing_cli.render import digest_json, markdown, sections
from yuqing_cli.workflows.digest import digest

HOUR = timedelta(hours=1)
DAY = Window("today", NOW - 10 * HOUR, NOW + 14 * HOUR)
ENGLISH = choose("en")
FRAME = Frame("青禾", UTC, DAY, NOW + HOUR, 0, settings().scoring, keyword_set(), "0")
OTHER = keyword_set(water=WATER.replace('"断水"', '"天气"'))


def rows(store: Store, query: str, **values: Any) -> list[Any]:
    with store._read() as connection:
        return connection.execute(query, values).fetchall()


@dataclass(frozen=True)
class Arrival:
    """A post: its source, its address (none: ""), hours from now to its publication (None: no date) and to its arrival."""

    source: str
    address: str
    title: str
    published: int | None
    seen: int
    baseline: bool


ARRIVALS = st.lists(
    st.builds(
        Arrival,
        source=st.sampled_from("abc"),
        address=st.sampled_from(("", "1", "2", "3")),
        title=st.sampled_from(("停水通知", "水质公告", "天气晴", "停水演练")),
        published=st.none() | st.integers(-200, 4),
        seen=st.integers(-60, 12),
        baseline=st.booleans(),
    ),
    max_size=12,
)


def stored(store: Store, arrivals: Sequence[Arrival]) -> None:
    for arrival in sorted(arrivals, key=lambda a: a.seen):
        at = None if arrival.published is None else NOW + arrival.published * HOUR
        url = f"https://news.qinghe.example/{arrival.address}" if arrival.address else ""
        raw = RawPost(arrival.title, "", url, at, f"{arrival.address}{arrival.published}")
        save(store, arrival.source, raw, now=NOW + arrival.seen * HOUR, baseline=arrival.baseline)


def counted_anew(store: Store, span: Span) -> tuple[int, int, int]:
    """Posts, matched posts and late ones of a report, as its definition has them, every address once."""
    query = """SELECT count(DISTINCT address), count(DISTINCT address) FILTER (WHERE matched),
        count(DISTINCT address) FILTER (WHERE matched AND late) FROM (
            SELECT iif(canonical_url = '', id, canonical_url) AS address, matched, at < :covered AS late FROM posts
            WHERE first_seen <= :as_of AND at < :end AND (at >= :start OR (baseline = 0 AND (at >= :covered OR (at >= :oldest AND
                seq IN (SELECT post FROM arrivals WHERE seq > :watermark AND at <= :as_of))))))"""
    ((posts, matched, late),) = rows(
        store, query, **{key: value for key, value in span.values.items() if key != "told"}
    )
    return posts, matched, late


@given(arrivals=ARRIVALS, again=ARRIVALS, issued=st.none() | st.integers(-40, 11), repacked=st.booleans())
@hypothesis_settings(deadline=None, max_examples=60)
def test_what_is_kept_for_digests_is_what_counting_gives(
    arrivals: list[Arrival],
    again: list[Arrival],
    issued: int | None,
    repacked: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with Store(tmp_path_factory.mktemp("kept") / "yuqing.db") as store:
        stored(store, arrivals)
        if issued is not None:
            digest(store, settings(), keyword_set(), WindowOptions(today=True), now=NOW + issued * HOUR)
        stored(store, again)
        if repacked:
            rescore(store, OTHER, Clock(NOW + 12 * HOUR)).run()
        for as_of in (NOW - 5 * HOUR, NOW + 13 * HOUR):
            span = store.span(DAY, as_of)
            told = store.reported(span)
            counts = numbers.counts(store.posts_read(span).posts, ranked.groups(told))
            posts, matched, late = counted_anew(store, span)
            assert counts.posts == posts
            # What matched at an earlier moment is in no column of today.
            assert as_of < NOW or (counts.matched, counts.late) == (matched, late)
            stale = [
                basis
                for basis in store.bases(span)
                if (basis.source, basis.packs, basis.scoring) not in store.stamps(span)
            ]
            assert stale == []
            tally = store.tally(DAY.start, DAY.end, as_of)
            assert tally.posts == len(addresses(store, as_of, "1"))
            assert tally.matched == len(addresses(store, as_of, "matched"))
        kept_by_triggers(store)


def addresses(store: Store, as_of: datetime, among: str) -> set[str]:
    query = f"""SELECT iif(canonical_url = '', id, canonical_url) FROM posts
        WHERE at >= :start AND at < :end AND first_seen <= :as_of AND {among}"""
    values = Span(DAY, as_of, 0).values
    return {row[0] for row in rows(store, query, **{key: values[key] for key in ("start", "end", "as_of")})}


def kept_by_triggers(store: Store) -> None:
    twins = """SELECT seq FROM posts WHERE canonical_url != '' AND canonical_url IN
        (SELECT canonical_url FROM posts GROUP BY canonical_url HAVING count(*) > 1) ORDER BY seq"""
    assert rows(store, "SELECT seq FROM posts WHERE shared = 1 ORDER BY seq") == rows(store, twins)
    assert (
        rows(
            store,
            "SELECT * FROM arrivals JOIN posts ON posts.seq = post WHERE happened IS NOT iif(baseline = 0, posts.at, NULL)",
        )
        == []
    )
    outside = """SELECT * FROM posts WHERE NOT EXISTS (SELECT 1 FROM judged_by WHERE judged_by.source = posts.source
        AND judged_by.packs = posts.packs AND judged_by.scoring = posts.scoring
        AND coalesce(at, first_seen) BETWEEN first_at AND last_at)"""
    assert rows(store, outside) == []


# ---- a page is a part of the whole ----

MATTERS = (
    "城东片区主管网抢修至傍晚",
    "河西小学食堂清洗水箱半日",
    "南山水库闸门检修",
    "老城区阀门更换",
    "高铁新城二次供水改造",
    "体育馆旁爆管",
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that list two events of a section, one more to act on, and two reports of each."""
    for where, name, value in ((listed, "ITEMS", 2), (sections, "ITEMS", 2), (listed, "ACT", 1)):
        monkeypatch.setattr(where, name, value)
    monkeypatch.setattr("yuqing_cli.workflows.digest.REPORTS", 8)
    monkeypatch.setattr(listed, "REPORTS", 8)


def made(store: Store, hours: int, *, whole: bool, as_of: int | None = None) -> Digest:
    moment = None if as_of is None else NOW + as_of * HOUR
    options = WindowOptions(today=True)
    return digest(store, settings(), keyword_set(), options, now=NOW + hours * HOUR, as_of=moment, whole=whole)


def filled(store: Store) -> None:
    for number, matter in enumerate(MATTERS):
        save(store, f"s{number}", RawPost(f"停水：{matter}", published=NOW - number * HOUR, guid=matter))
    for number in range(10):
        url = "https://news.qinghe.example/1"
        save(store, f"r{number}", RawPost(f"{MATTERS[0]}，停水", published=NOW - HOUR, guid="1", url=url))
    save(store, "late", RawPost("停水：水厂夜间降压", published=NOW - 40 * HOUR, guid="late"), now=NOW + HOUR)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("audience", ["desk", "exec"])
def test_a_page_of_what_is_listed_reads_as_the_page_of_the_whole(store: Store, audience: Any) -> None:
    filled(store)
    part, whole = (made(store, 2, whole=w, as_of=2) for w in (False, True))
    assert part.more
    assert whole.whole
    assert len(part.events) + sum(part.more.values()) == part.totals.events == len(whole.events)
    for top in (0, 1):
        read = [markdown.render(page(one, top=top, audience=audience), ENGLISH) for one in (part, whole)]
        assert read[0] == read[1]


@pytest.mark.usefixtures("small")
def test_an_issue_that_was_made_for_a_page_gives_the_whole_when_it_is_asked_for(store: Store) -> None:
    filled(store)
    issued = made(store, 2, whole=False)
    again = made(store, 9, whole=True, as_of=2)
    assert issued.more
    assert again.whole
    assert (again.issue, again.watermark, again.totals) == (issued.issue, issued.watermark, issued.totals)
    assert made(store, 9, whole=False, as_of=2) == issued
    fresh = made(store, 2, whole=True)
    assert digest_json.dumps(fresh) == digest_json.dumps(again)


@pytest.mark.usefixtures("small")
def test_every_event_of_a_page_counts_as_told_listed_or_not(store: Store) -> None:
    filled(store)
    first = made(store, 2, whole=False)
    assert rows(store, "SELECT count(*), sum(new) FROM told") == [(first.totals.events, first.totals.new_events)]


@pytest.mark.usefixtures("small")
def test_what_the_desk_holds_is_always_listed(store: Store) -> None:
    filled(store)
    hidden = {e.id for e in made(store, 2, whole=True, as_of=2).events} - {
        e.id for e in made(store, 2, whole=False, as_of=2).events
    }
    event = min(hidden)
    store.desk_add([entry(event, "note", "已转供水公司", NOW + HOUR)])
    part = made(store, 2, whole=False, as_of=2)
    assert event in {e.id for e in part.events}
    assert [matter.event for matter in part.matters] == [event]


WIRE = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(("", "1", "2")),
        st.integers(1, 6),
        st.none() | st.integers(0, 7),
        st.integers(40, 43),
    ),
    min_size=1,
    max_size=9,
)


@given(reports=WIRE)
@hypothesis_settings(deadline=None, max_examples=80)
def test_an_event_in_short_weighs_what_all_of_its_reports_weigh(
    reports: list[tuple[str, str, int, int | None, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Store(tmp_path_factory.mktemp("short") / "yuqing.db") as store:
        for number, (source, address, hours, copied, score) in enumerate(reports):
            url = f"https://news.qinghe.example/{address}" if address else ""
            save(store, f"{source}", RawPost("停水", "", url, NOW - hours * HOUR, str(number)))
            # What grouping would find is another test's matter: any report may copy any other one.
            with store._write() as connection:
                values = {"seq": number + 1, "copied": copied, "score": score}
                connection.execute("UPDATE posts SET event_id = 'e', score = :score WHERE seq = :seq", values)
                copy = "UPDATE posts SET copy_of = (SELECT id FROM posts WHERE seq = :copied) WHERE seq = :seq"
                connection.execute(copy, values)
        (short,) = store.abstracts(["e", "gone"], NOW + HOUR)
        whole = ranked.groups(store.absent(["e"], NOW + HOUR))["e"]
        one = ranked.weighed("e", sorted(short.members, key=lambda post: (post.at, post.id)), History(), FRAME)
        all_ = ranked.weighed("e", whole, History(), FRAME)
        assert (one.weight.best, one.weight.copies, one.weight.added) == (
            all_.weight.best,
            all_.weight.copies,
            all_.weight.added,
        )
        assert [post.id for post in one.weight.origins] == [post.id for post in all_.weight.origins]
        assert (one.members[0].at, one.members[-1].at) == (whole[0].at, whole[-1].at)
        assert short.topics == all_.topics
