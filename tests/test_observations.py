"""Hot lists observed over time: what is kept, and what it comes to."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW, MakeWire, Wire
from test_fetch import run
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.shapes import Window
from yuqing_cli.events.hot import Observed, Sighting, observed
from yuqing_cli.models import Source
from yuqing_cli.sources.options import JsonListOptions

URL = "https://hot.example/list"
OPTIONS = JsonListOptions(items="items", title="title", link="link", heat="heat")
LIST = Source("hot", "json_list", URL, "hotlist", every=timedelta(minutes=10), options=OPTIONS)
HOUR = timedelta(hours=1)


def ranking(*items: str | tuple[str, float]) -> httpx.Response:
    """A list in its order, each item with a title and a heat."""
    pairs = [(item, 1000.0) if isinstance(item, str) else item for item in items]
    rows = [{"title": title, "link": f"https://hot.example/{title}", "heat": heat} for title, heat in pairs]
    return httpx.Response(200, json={"items": rows})


class Watch:
    """A hot list that is read whenever the test says."""

    def __init__(self, store: Store, wire: Wire) -> None:
        self.store, self.wire = store, wire

    def read(self, *items: str | tuple[str, float], minutes: float = 10) -> None:
        """Ten minutes later the list looks like this."""
        self.wire.clock.forward(minutes=minutes)
        self.wire.pages[URL] = ranking(*items)
        run(self.store, self.wire, LIST)

    def post(self, title: str) -> str:
        with sqlite3.connect(self.store.path) as connection:
            (found,) = connection.execute("SELECT id FROM posts WHERE title = ?", (title,)).fetchone()
        return str(found)

    def of(self, title: str, as_of: datetime | None = None) -> Observed | None:
        post = self.post(title)
        return self.store.observations([post], as_of or self.wire.clock.now).get(post)

    def rows(self) -> int:
        with sqlite3.connect(self.store.path) as connection:
            return int(connection.execute("SELECT count(*) FROM observations").fetchone()[0])


@pytest.fixture
def watch(store: Store, wire: MakeWire) -> Watch:
    return Watch(store, wire({}))


def test_an_item_that_climbs_has_its_best_rank_its_time_and_its_slope(watch: Watch) -> None:
    watch.read("甲", "乙", "停水")
    watch.read("甲", "停水", "乙")
    watch.read("停水", "甲", "乙")
    found = watch.of("停水")
    assert found is not None
    assert (found.best_rank, found.rank, found.minutes) == (1, 1, 20)
    assert found.slope == pytest.approx(2 / (20 / 60))
    falling = watch.of("甲")
    assert falling is not None
    assert falling.slope is not None
    assert falling.slope < 0


def test_an_item_that_left_has_no_rank_and_its_absence_does_not_count(watch: Watch) -> None:
    watch.read("停水", "甲")
    watch.read("停水", "甲")
    watch.read("甲")
    gone = watch.of("停水")
    assert gone is not None
    assert (gone.rank, gone.slope, gone.best_rank, gone.minutes) == (None, None, 1, 20)
    watch.read("甲", "停水")
    watch.read("甲", "停水")
    back = watch.of("停水")
    assert back is not None
    assert (back.rank, back.best_rank, back.minutes) == (2, 1, 30)


def test_what_does_not_change_is_written_once(watch: Watch) -> None:
    for _ in range(20):
        watch.read("停水", "甲")
    assert watch.rows() == 2
    found = watch.of("停水")
    assert found is not None
    assert found.minutes == 190


def test_heat_counts_as_changed_from_a_tenth_on(watch: Watch) -> None:
    for heat in (1000.0, 1050.0, 1090.0, 1101.0, 1000.0):
        watch.read(("停水", heat))
    assert watch.rows() == 2
    watch.read(("停水", 500.0))
    assert watch.rows() == 3
    found = watch.of("停水")
    assert found is not None
    assert found.heat == 1101


def test_as_of_an_earlier_moment_later_ranks_are_not_known(watch: Watch) -> None:
    watch.read("甲", "停水")
    then = watch.wire.clock.now
    watch.read("停水", "甲")
    early = watch.of("停水", then)
    assert early is not None
    assert (early.best_rank, early.minutes) == (2, 0)
    assert watch.of("停水", then - HOUR) is None


def test_a_failed_fetch_ends_no_stay_and_adds_no_time(watch: Watch) -> None:
    watch.read("停水", "甲")
    watch.wire.clock.forward(minutes=60)
    watch.wire.pages[URL] = httpx.Response(500)
    run(watch.store, watch.wire, LIST)
    found = watch.of("停水")
    assert found is not None
    assert (found.rank, found.minutes) == (1, 0)


def test_the_hot_posts_of_a_window_are_the_matched_ones_that_stood_on_the_list_in_it(watch: Watch) -> None:
    watch.read("停水", "天气晴")
    start = watch.wire.clock.now
    later = Window("range", start + HOUR, start + 2 * HOUR)
    assert watch.store.hot_posts(Window("range", start, start + HOUR), start + HOUR) == [watch.post("停水")]
    assert watch.store.hot_posts(later, start + 2 * HOUR) == [watch.post("停水")]
    watch.read("天气晴")
    assert watch.store.hot_posts(later, start + 2 * HOUR) == []
    assert watch.store.hot_posts(Window("range", start - HOUR, start), start) == []


SIGHTINGS = st.lists(
    st.builds(Sighting, st.integers(0, 500).map(lambda m: NOW + timedelta(minutes=m)), st.none() | st.integers(1, 50)),
    max_size=12,
    unique_by=lambda sighting: sighting.at,
).map(lambda found: sorted(found, key=lambda sighting: sighting.at))


@given(SIGHTINGS, st.integers(0, 600))
@hypothesis_settings(deadline=None)
def test_no_item_is_longer_on_a_list_than_since_it_was_first_seen(sightings: list[Sighting], minutes: int) -> None:
    until = NOW + timedelta(minutes=minutes)
    found = observed(sightings, until)
    if found is None:
        assert not any(sighting.listed and sighting.at <= until for sighting in sightings)
        return
    assert 0 <= found.minutes <= (until - found.first_at).total_seconds() / 60 + 1e-9
    assert found.best_rank is not None
    assert found.rank is None or found.rank >= found.best_rank
    assert found.first_at <= found.last_at <= until


def parts_of(watch: Watch, title: str) -> dict[str, float]:
    found = watch.store.post(watch.post(title))
    assert found
    assert sum(part.points for part in found.parts) == pytest.approx(found.score)
    return {part.name: part.value for part in found.parts}


def test_an_item_that_climbs_or_stays_reaches_more_people_and_one_that_falls_keeps_what_it_had(watch: Watch) -> None:
    watch.read("甲", "乙", "停水")
    third = parts_of(watch, "停水")
    watch.read("停水", "甲", "乙")
    first = parts_of(watch, "停水")
    watch.read("甲", "乙", "停水")
    assert third["reach"] < first["reach"] == parts_of(watch, "停水")["reach"]
    assert third["tone"] == first["tone"]
    low = parts_of(watch, "停水")["reach"]
    watch.read("丙", "甲", "断水")
    early = parts_of(watch, "断水")["reach"]
    watch.read("丙", "甲", "断水", minutes=300)
    assert early < parts_of(watch, "断水")["reach"] < low


def test_the_score_of_an_earlier_moment_stays_what_it_was(watch: Watch) -> None:
    watch.read("甲", "乙")
    watch.read("甲", "乙", "停水")
    then = watch.wire.clock.now
    span = watch.store.span(Window("range", then - HOUR, then + HOUR), then)
    before = watch.store.reported(span)
    watch.read("停水", "甲", "乙")
    assert watch.store.reported(span) == before
    assert watch.store.post(watch.post("停水")).score > before[0].score  # type: ignore[union-attr]


def test_an_item_that_stays_all_day_is_judged_a_few_times_and_not_at_each_fetch(watch: Watch) -> None:
    for _ in range(100):
        watch.read("甲", "停水")
    with sqlite3.connect(watch.store.path) as connection:
        assert connection.execute("SELECT count(*) FROM changes").fetchone()[0] <= 6
