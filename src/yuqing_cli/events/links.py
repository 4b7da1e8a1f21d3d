"""Do two posts tell of the same event? A matter of the two alone: their sketches and the time between them.

Principle. A link is evidence, from 0 to 1, and never depends on a third post, so that the same pair is judged alike in every station, in
every order of arrival, today and in a year. Whether linked posts *are* one event is decided by all links together (``group``).

Theory. Four grades, the first that holds:

1. *The same text.* Strength 1. A headline without a text says little, so it must also be of the same day: of daily columns every
   day's is another one.
2. *A copy*: three fifths of all runs of three characters are shared (estimated by MinHash), or nearly all features. 转载 keeps the
   wording; two reporters of one event share a fifth at most.
3. *The same headline* on the same day, long enough not to be a form (停水通知), or on two lists that give headlines only.
4. *The same event in other words*: the cosine of the weighted features, discounted for how little the shorter post says
   (``mass² / (mass² + 50²)``: half at twelve characters, nothing from a paragraph on) and for the days between. The less a post says, the
   sooner it is out of date: within ``reach`` days, three for a headline, three weeks for an article, strength falls by half; beyond it
   there is none.

Where both headlines name places of one level and none in common (城东区停水, 城西区停水; ``places``), and neither text mentions the
other's, they tell of different things, the surer the less they say: strength falls to a seventh of two headlines, to two fifths of two
notices of eighty characters, hardly at all of articles, in which two reporters may well head one flood by two districts. In the very
same words (half of everything shared) it always falls so, and other numbers (新增3例, 新增5例) halve it. Such posts are no copies, unless
their headlines only count on (最新消息12, 最新消息13) and their texts have the same numbers.

``JOINED`` is one number for all lengths. On pairs of posts on one topic (AUC .932, best F1 .824) the best threshold is .08: an event is
narrower than a topic. On look-alike events in English, .16 is best with average linkage; a headline of twelve characters then needs a
cosine of .38.

Known failures. What is reported in wholly other words (a lost game as 爆冷 and as 不敌) is not linked. Recurring columns whose
texts are alike every day are one event for ``reach`` days. Two incidents of one kind in one place on one day are taken for one. One
event that two headlines without a text put into two districts stays two.

Tried and dropped: weighted Jaccard and overlap in the place of the cosine (AUC .922 and .911 against .925); no discount for short posts,
which joins all headlines that begin with the year; a stop list of topics, which belongs to a station and not to a pair.
"""

from __future__ import annotations

from typing import Literal

from yuqing_cli.records import Record

from .places import contradict
from .sketch import UNIT, Sketch

Kind = Literal["same", "copy", "event"]

JOINED = 0.16
"""From this strength on two posts may be of one event."""
NOTICED = 0.08
"""Weaker links are not kept."""
DAY_MS = 86_400_000
SAME_DAY_MS = 20 * 3_600_000
"""A day has its column at the same hour: less than 24 hours apart, or every day's would be joined to the next."""
LONGEST_MS = 30 * DAY_MS
"""Beyond this no two posts are linked but by their address."""
HALF_MASS = 50
REACH_MASS = 300
COPIED = 0.6
COPIED_SHORT = 0.9
SAME_HEADLINE = 0.6
LONG_HEADLINE = 36
"""Mass of a headline that is no form: about ten characters."""
SHORTEST = 12
"""Mass of three characters: posts that say less are never the same as others, however alike."""
FIRST = 16
"""Of so many bins two copies share one at least (all but one pair in two million), and strangers seldom do."""
TEMPLATE = 0.5
"""From this likeness on, what differs is what matters."""
OTHER_PLACE, OTHER_NUMBER = 0.15, 0.5
TOLD = 200
"""Mass of a post that has a text of some sentences."""
BRIEF = 400
"""Mass of a post of which a place in the headline is half: some lines of text."""


class Link(Record):
    """What two posts have to do with each other."""

    strength: float
    kind: Kind


def compare(one: Sketch, other: Sketch, apart: int) -> Link | None:
    """The link of two posts that are ``apart`` milliseconds from each other; None where there is none. Symmetrical."""
    if same(one, other, apart):
        return Link(1.0, "same")
    if abs(apart) > _reach(one, other):
        return None
    likeness = cosine(one, other)
    if _copies(one, other, likeness):
        return Link(max(likeness, COPIED), "copy")
    found = _discounted(one, other, apart, likeness)
    return Link(found, "event") if found >= NOTICED else None


def strength(one: Sketch, other: Sketch, apart: int) -> float:
    """How strongly two posts are linked that are neither the same nor copies, 0 to 1, however weak."""
    return _discounted(one, other, apart, cosine(one, other)) if abs(apart) <= _reach(one, other) else 0.0


def _reach(one: Sketch, other: Sketch) -> float:
    """For how many milliseconds the one that says less is still news."""
    mass = min(one.mass, other.mass)
    return LONGEST_MS * mass / (mass + REACH_MASS)


def _copies(one: Sketch, other: Sketch, likeness: float) -> bool:
    if min(one.mass, other.mass) < LONG_HEADLINE or (likeness <= COPIED_SHORT and jaccard(one, other) < COPIED):
        return False
    conflict = _conflict(one, other)
    return conflict == 1.0 or (conflict == OTHER_NUMBER and _counts_only(one, other))


def _counts_only(one: Sketch, other: Sketch) -> bool:
    """Whether only the headlines have other numbers, above texts that say something: the next of a row of bulletins."""
    return one.figures == other.figures and one.figures != 0 and min(one.mass, other.mass) >= TOLD


def _discounted(one: Sketch, other: Sketch, apart: int, likeness: float) -> float:
    mass = min(one.mass, other.mass)
    if mass == 0:
        return 0.0
    conflict = _conflict(one, other)
    if likeness < TEMPLATE:
        # In other words: the less is said, the more a place weighs. Numbers of one event differ from report to report.
        brief = 1 / (1 + (mass / BRIEF) ** 2) if one.title and other.title else 0.0
        conflict = 1 - brief * (1 - conflict) if conflict == OTHER_PLACE else 1.0
    said = mass * mass / (mass * mass + HALF_MASS * HALF_MASS)
    found = conflict * likeness * said * (1 - 0.5 * (apart / _reach(one, other)) ** 2)
    return max(found, SAME_HEADLINE) if abs(apart) < SAME_DAY_MS and _one_headline(one, other) else found


def same(one: Sketch, other: Sketch, apart: int) -> bool:
    """Whether the two say the same to the letter, near enough in time to be one report."""
    if one.exact != other.exact or one.exact == 0:
        return False
    mass = min(one.mass, other.mass)
    if one.bare or other.bare or mass < LONG_HEADLINE:
        said = one.title != 0 or other.title != 0 or mass >= SHORTEST
        return said and abs(apart) < SAME_DAY_MS
    return abs(apart) <= LONGEST_MS


def _one_headline(one: Sketch, other: Sketch) -> bool:
    """The same headline, and long enough to be no form, unless there is nothing else on either side."""
    if one.title != other.title or one.title == 0:
        return False
    return min(one.mass, other.mass) >= LONG_HEADLINE or (one.bare and other.bare)


def cosine(one: Sketch, other: Sketch) -> float:
    """Of the weighted features, 0 to 1."""
    ours, theirs = one.features, other.features
    return sum([ours[key] * theirs[key] for key in ours.keys() & theirs.keys()]) / (UNIT * UNIT)


def jaccard(one: Sketch, other: Sketch) -> float:
    """The estimated share of common runs of three characters; 0 where a text is too short, and of strangers."""
    if not one.signature or not other.signature:
        return 0.0
    if not any(map(int.__eq__, one.signature[:FIRST], other.signature[:FIRST])):
        return 0.0
    equal = sum(map(int.__eq__, one.signature, other.signature))
    # One byte in 256 is equal by chance (Li & König 2010).
    return max(0.0, (equal / len(one.signature) - 1 / 256) / (1 - 1 / 256))


def _conflict(one: Sketch, other: Sketch) -> float:
    """By how much two posts in the same words tell of different things."""
    if (
        contradict(one.places, other.places)
        and one.places.isdisjoint(other.around)
        and other.places.isdisjoint(one.around)
    ):
        return OTHER_PLACE
    different = bool(one.numbers) and bool(other.numbers) and one.numbers.isdisjoint(other.numbers)
    return OTHER_NUMBER if different else 1.0
