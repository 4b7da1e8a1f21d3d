"""What an event weighs: its best report, and what independent reports add; copies hardly count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW
from yuqing_cli.config import ScoringSettings
from yuqing_cli.digest.shapes import StoredPost
from yuqing_cli.events.rank import best_report, copies, event_parts, origins
from yuqing_cli.models import Part

HOUR = timedelta(hours=1)
SCORING = ScoringSettings()


def report(
    n: int, *, source: str = "", address: str = "", points: float = 50.0, hours: float = 0.0, of: str | None = None
) -> StoredPost:
    """A report ``hours`` before NOW, by a source of its own; ``of``: the id of the report that it repeats."""
    parts = (Part("relevance", points / 100, 1.0),)
    at = NOW - hours * HOUR
    url = address or f"https://s{n}.example/1"
    return StoredPost(
        f"p{n:03}",
        "e",
        source or f"s{n}",
        "media",
        url,
        url,
        "停水",
        at,
        at,
        points,
        parts,
        (),
        (),
        "",
        "window",
        copy_of=of,
    )


def score(*members: StoredPost, later: float = 0.0) -> float:
    return sum(part.points for part in event_parts(members, NOW + later * HOUR, SCORING))


def test_twelve_copies_of_a_wire_story_weigh_less_than_two_independent_reports_and_these_less_than_three() -> None:
    wire = [report(1, hours=1), *(report(n, hours=1, of="p001") for n in range(2, 14))]
    assert (len(origins(wire)), copies(wire)) == (1, 12)
    alone, two, three = ([report(n, hours=1) for n in range(count)] for count in (1, 2, 3))
    assert score(*alone) < score(*wire) < score(*two) < score(*three)


def test_an_event_of_copies_alone_has_one_origin() -> None:
    orphans = [report(n, hours=n, of="gone") for n in range(3)]
    assert [post.id for post in origins(orphans)] == ["p002"]
    assert copies(orphans) == 2


def test_twelve_copies_of_one_address_weigh_less_than_two_independent_reports() -> None:
    copies = [report(n, address="https://wire.example/1", hours=1) for n in range(13)]
    assert (
        score(*copies) < score(report(1, hours=1), report(2, hours=1)) < score(*(report(n, hours=1) for n in range(3)))
    )


def test_five_pages_of_one_source_are_one_origin() -> None:
    pages = [report(n, source="forum", hours=1) for n in range(5)]
    assert len(origins(pages)) == 1
    assert score(*pages) < score(report(1, hours=1), report(2, hours=1))


def test_an_old_event_of_one_report_has_the_score_of_this_report() -> None:
    assert score(report(1), later=24 * 365) == pytest.approx(50.0)


def test_a_fresh_event_outranks_the_same_event_of_yesterday_and_fast_reports_the_slow_ones() -> None:
    assert score(report(1)) > score(report(1, hours=24))
    fast, slow = [report(n, hours=n) for n in range(4)], [report(n, hours=12 * n) for n in range(4)]
    assert score(*fast) > score(*slow)


def test_an_event_without_members_has_no_parts() -> None:
    assert event_parts([], NOW, SCORING) == ()


def test_the_best_report_of_equals_is_the_earliest() -> None:
    assert best_report([report(1, hours=1), report(2, hours=2), report(3, points=40)]).id == "p002"


REPORTS = st.builds(
    report,
    st.integers(0, 9),
    source=st.sampled_from(["", "a", "b"]),
    address=st.sampled_from(["", "https://x.example/1"]),
    points=st.floats(0, 100),
    hours=st.floats(-5, 100),
)


@given(
    st.lists(REPORTS, min_size=1, max_size=8, unique_by=lambda post: post.id),
    st.floats(0, 5),
    st.floats(0, 5),
    st.floats(0, 5),
)
@hypothesis_settings(deadline=None, max_examples=60)
def test_the_points_sum_to_at_least_the_best_report_and_at_most_100(
    members: list[StoredPost], spread: float, velocity: float, freshness: float
) -> None:
    scoring = ScoringSettings(spread=spread, velocity=velocity, freshness=freshness)
    parts = event_parts(members, NOW, scoring)
    total = sum(part.points for part in parts)
    assert best_report(members).score - 1e-9 <= total <= 100 + 1e-9
    assert all(0 <= part.value <= 1 for part in parts)
    assert parts == event_parts(members[::-1], NOW, scoring)
