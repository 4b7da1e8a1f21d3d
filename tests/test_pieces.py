"""Pieces of the web of links: the same from whichever post one looks, and after whatever changes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from yuqing_cli.events.pieces import FIRM, Piece, Tie, Web, least, pieces

Links = dict[tuple[int, int], float]
SMALL = 4


def web(links: Links, levels: Mapping[int, int]) -> Web:
    def fetch(posts: Sequence[int]) -> tuple[Mapping[int, Sequence[Tie]], Mapping[int, int]]:
        both = [(a, b, tie) for (a, b), tie in links.items()] + [(b, a, tie) for (a, b), tie in links.items()]
        found = {post: [(other, tie) for one, other, tie in both if one == post] for post in posts}
        return {post: sorted(ties, key=lambda tie: -tie[1]) for post, ties in found.items()}, levels

    return Web(fetch)


def found(touched: Sequence[int], links: Links, levels: Mapping[int, int] | None = None) -> list[Piece]:
    return sorted(pieces(touched, web(links, levels or {})), key=lambda piece: piece.posts)


def cut(posts: Sequence[int], links: Links, level: int = 0) -> list[Piece]:
    """The definition, word by word: components, and those that are too large cut at stricter links."""
    left, done = set(posts), []
    while left:
        component = spread(min(left), left, links, level)
        left -= component
        reports = {min(spread(post, component, links, 99)) for post in component}
        fits = len(reports) <= SMALL
        done += [Piece(tuple(sorted(component)), level)] if fits else cut(sorted(component), links, level + 1)
    return sorted(done, key=lambda piece: piece.posts)


def spread(start: int, inside: set[int], links: Links, level: int) -> set[int]:
    seen = {start}
    while True:
        more = {
            post
            for pair, tie in links.items()
            if tie >= least(level) and not seen.isdisjoint(pair)
            for post in pair
            if post in inside
        }
        if more <= seen:
            return seen
        seen |= more


def drawn(rng: random.Random, posts: int, links: int) -> Links:
    made: Links = {}
    for _ in range(links):
        one, other = sorted(rng.sample(range(posts), 2))
        made[one, other] = FIRM if rng.random() < 0.15 else rng.choice((0.1, 0.17, 0.21, 0.26, 0.4, 0.9))
    return made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yuqing_cli.events.pieces.LARGEST", SMALL)


def test_a_large_component_is_cut_at_stricter_links() -> None:
    chain: Links = {(n, n + 1): (0.17 if n == 2 else 0.3) for n in range(5)}
    assert found([0], chain) == [Piece((0, 1, 2), 1), Piece((3, 4, 5), 1)]


def test_what_is_one_report_counts_once_and_is_never_cut() -> None:
    star: Links = dict.fromkeys(((0, n) for n in range(1, 50)), FIRM)
    assert found([7], star) == [Piece(tuple(range(50)), 0)]


@pytest.mark.parametrize("seed", range(40))
def test_the_piece_of_a_post_is_the_same_from_wherever_one_looks(seed: int) -> None:
    rng = random.Random(seed)
    links = drawn(rng, 24, rng.randrange(10, 60))
    expected = cut(range(24), links)
    assert found(range(24), links) == expected
    for post in range(24):
        levels = {one: piece.level for piece in expected for one in piece.posts}
        assert found([post], links, levels) == [piece for piece in expected if post in piece.posts]


@pytest.mark.parametrize("seed", range(60))
def test_what_a_change_alters_is_found_from_its_ends(seed: int) -> None:
    rng = random.Random(seed)
    before = drawn(rng, 30, rng.randrange(15, 60))
    after = {pair: link for pair, link in before.items() if rng.random() < 0.9} | drawn(rng, 30, rng.randrange(4))
    touched = sorted({post for pair in {*before.items()} ^ {*after.items()} for post in pair[0]})
    former, now = cut(range(30), before), cut(range(30), after)
    levels = {one: piece.level for piece in former for one in piece.posts}
    changed = {post for piece in now if piece not in former for post in piece.posts}
    again = found(touched, after, levels)
    assert changed <= {post for piece in again for post in piece.posts}
    assert all(piece in now for piece in again)
