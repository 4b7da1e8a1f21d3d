"""Which linked posts are grouped together: pieces of the web of links, each small enough to be grouped as a whole.

Principle. Links of ``links.JOINED`` and more tie posts into components. Nearly all are small; but a few hundred posts of one kind that is
always in the news, or a station that has run for a year, make one that holds a third of everything, and to group it anew for each
post that it gains costs more each day. So a component of more than ``LARGEST`` reports is cut at links ``STRICTER`` times as strong, and
what is still too large again, until everything fits. Which piece a post is of is therefore a function of the set of links, as all of
grouping is.

Theory. Components at a stricter link lie within those at a weaker one. So the piece of a post is its component at the first level that
gives at most ``LARGEST`` reports, and can be found from the post alone: walk along the links, give up beyond ``LARGEST`` reports, walk
again along stricter ones. No walk is longer than that, however large the component, and posts on which one was given up end every later
one. Posts that are one report (same text, copy, one address, joined by hand) are never cut apart and count once.

What a change alters is found from where it happened. Each post remembers the level of its piece. A post whose component grew or shrank
is linked, at that level, to others of the same level: these are its former companions, and look for their piece again too.

Known failures. When a component outgrows ``LARGEST``, the events along its weak links fall apart although nothing was said about them.
Of a thousand posts of a month that are all alike to the same degree, and no copies, nothing stays together. A web in which everything
is linked with everything costs half a second for each handful of posts: 1,000 posts of sixty words in all, twenty at a time, half a
minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yuqing_cli.records import Record

from .links import JOINED

LARGEST = 400
"""Reports in a piece: average linkage over so many takes some tens of milliseconds."""
STRICTER = 1.25
FIRM = 2.0
"""The strength of a tie that is never cut: the two posts are one report."""

Tie = tuple[int, float]
"""Another post, and how strongly it is tied."""


class Piece(Record):
    """Posts that are grouped together, and how many times their component was cut."""

    posts: tuple[int, ...]
    level: int


@dataclass(slots=True)
class Web:
    """What is known of the links.

    ``fetch`` brings the ties of posts, the strongest first, and their former levels, once for each post; it may bring those of other
    posts, too.
    """

    fetch: Callable[[Sequence[int]], tuple[Mapping[int, Sequence[Tie]], Mapping[int, int]]]
    ties: dict[int, Sequence[Tie]] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)

    def read(self, posts: Iterable[int]) -> None:
        """Bring what is not known yet."""
        new = [post for post in posts if post not in self.ties]
        if new:
            ties, levels = self.fetch(new)
            self.ties.update(dict.fromkeys(new, ()) | dict(ties))
            self.levels.update(levels)

    def held(self, post: int, least: float) -> Iterator[int]:
        """The posts that are tied to this one so strongly."""
        for other, strength in self.ties[post]:
            if strength < least:
                return
            yield other


def pieces(touched: Iterable[int], web: Web) -> Iterator[Piece]:
    """The pieces that hold these posts, or held some with them before. The ties of a piece are forgotten when the next is asked for."""
    waiting = sorted(touched, reverse=True)
    web.read(waiting)
    web.read({other for post in waiting for other in web.held(post, JOINED)})
    done: set[int] = set()
    large: list[set[int]] = []
    while waiting:
        if (post := waiting.pop()) in done:
            continue
        piece = _piece(post, web, large)
        done.update(piece.posts)
        for above in large[: piece.level]:
            above.update(piece.posts)
        waiting += [other for one in piece.posts for other in _companions(one, web) if other not in done]
        yield piece
        for one in piece.posts:
            web.ties.pop(one, None)


def least(level: int) -> float:
    """How strong a tie must be to hold where a component was cut so often."""
    return min(JOINED * STRICTER**level, FIRM)


def _companions(post: int, web: Web) -> list[int]:
    """The posts that were of its piece before and are tied to it still."""
    level = web.levels.get(post, 0)
    held = list(web.held(post, least(level)))
    web.read(held)
    return [other for other in held if web.levels.get(other, 0) == level]


def _piece(post: int, web: Web, large: list[set[int]]) -> Piece:
    level = 0
    while True:
        if level == len(large):
            large.append(set())
        found, whole = _walk(post, web, least(level), large[level])
        if whole:
            return Piece(tuple(sorted(found)), level)
        large[level] |= found
        level += 1


def _walk(start: int, web: Web, strength: float, large: set[int]) -> tuple[set[int], bool]:
    """The posts around one, and whether that is all of its component: a walk ends where the component is known to be too large."""
    seen: set[int] = set()
    reports = 0
    ahead = [start]
    while ahead:
        web.read(ahead)
        beyond: set[int] = set()
        for post in ahead:
            if post in seen:
                continue
            report = _report(post, web)
            seen |= report
            reports += 1
            for one in report:
                beyond.update(web.held(one, strength))
            if reports > LARGEST or not large.isdisjoint(report) or not large.isdisjoint(beyond):
                return seen, False
        ahead = sorted(beyond - seen)
    return seen, True


def _report(post: int, web: Web) -> set[int]:
    """All posts that are one report with this one."""
    found, ahead = {post}, {post}
    while ahead:
        web.read(ahead)
        ahead = {other for one in ahead for other in web.held(one, FIRM)} - found
        found |= ahead
    return found
