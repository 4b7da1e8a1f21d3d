"""What a post weighs: ``score = 100 * sum(weight * value)``, every value in 0..1, the weights summing to 1, every part stored.

Principle. A head of office must be able to recompute a score by hand. So each part is one small function of the post and its
hits; nothing here depends on the time (freshness is added when ranking), on other posts, or on a model.

Theory.
- *relevance*: how much the post is about the matter. Each distinct term counts once per field, a term in the title in full,
  one in the text 0.35 (published scoring formulas of media monitors agree that the headline outweighs the body by far);
  repetition in the text adds with the logarithm up to the double, and a long text dilutes: half the weight at 2,000
  characters. The sum saturates as ``1 - exp(-0.7 x)``: one full term in the title gives 0.50, two 0.75, three 0.88. A
  term with one of our subjects near it (``nearness``) counts in full, with one elsewhere in the post at 0.85, with none at
  0.6. A subject without a topic is worth 0.3 in the title, 0.15 in the text.
- *severity*: the gravest topic, as its pack says (1 to 5), on a ladder that is steep at its upper end: between a nuisance and a death
  lies more than between two nuisances. A topic that only the text names counts 0.6 of it.
- *reach*: what kind of publisher carries it, times the weight that the station gives the source. An item of a hot list reaches the more
  people the higher it stands (with the logarithm of the rank, as clicks fall; of a list without ranks, with that of its heat) and the
  longer it stays. A fetch that sees it climb, or stay, has it judged again.
- *tone*: how upset the text sounds; see ``tone`` for the measured error. A hint.

Calibration, on real streams with the shipped packs and on the fictional day of ``tests/eval/test_levels.py``, in shares of the matched
posts (red, orange, yellow, blue): see ``docs/scoring.md``.

Known failures. A list of ten notices in one text collects the terms of all ten. Irony and denial are not seen.

Tried and dropped: summing topics instead of terms (overlapping packs doubled the score); frequency without saturation (forum
posts that repeat 停水 twenty times beat every report).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import exp, log, log10

from yuqing_cli.config import ScoringSettings
from yuqing_cli.models import Exclusion, Hit, Judgement, Part, Post, Source, Tier
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.packs.query_match import about
from yuqing_cli.records import Record
from yuqing_cli.text import fold

from .match import NOTHING, Field, Match, Matcher
from .nearness import Nearness, Subjects
from .stamp import stamp
from .tone import tone as sound

TITLE, TEXT = 1.0, 0.35
SATURATION = 0.7
REPEATED = 2.0
"""What repetition in the text adds at the most: below one mention in the title."""
DILUTION = 2000.0
"""Characters of text at which a term in it has half its weight."""
NEARNESS: Mapping[Nearness, float] = {"near": 1.0, "there": 0.85, "absent": 0.6}
SUBJECT_ALONE = {"title": 0.3, "text": 0.15}
GRAVITY: Mapping[int, float] = {1: 0.1, 2: 0.25, 3: 0.45, 4: 0.7, 5: 1.0}
IN_TEXT_ONLY = 0.6
OPENING = 60
"""Characters of a text without a title that count as one."""
LISTED = 0.5
"""What the last place of a hot list reaches, at its first sight."""
LOWEST, HOTTEST, STAY = 50, 7.0, 360.0
"""The rank that counts as the last place; the decimal logarithm of the heat that counts as the first; minutes."""
REACH: Mapping[Tier, float] = {"hotlist": 0.9, "media": 0.8, "official": 0.7, "trade": 0.5, "community": 0.4}


class Evidence(Record):
    """All that a scorer may look at."""

    post: Post
    match: Match
    source: Source
    keywords: KeywordSet


def relevance(evidence: Evidence) -> float:
    """How much the post is about the matter; see the essay above."""
    hits = evidence.match.hits
    topics = [h for h in hits if h.kind == "topic"]
    subjects = {h.field for h in hits if h.kind == "subject"}
    if not topics:
        return max((SUBJECT_ALONE[field] for field in subjects), default=0.0)
    counted: dict[tuple[str, Field], int] = {}
    for hit in topics:
        counted[hit.term, hit.field] = counted.get((hit.term, hit.field), 0) + 1
    weight = {h.term: h.weight for h in topics}
    dilution = DILUTION / (DILUTION + len(evidence.post.text))
    worth = {
        (term, field): weight[term] * (TITLE if field == "title" else TEXT * min(1 + log(n), REPEATED) * dilution)
        for (term, field), n in counted.items()
    }
    total = sum(worth.values())
    return _nearness(evidence, topics, worth) * (1 - exp(-SATURATION * total))


def _nearness(evidence: Evidence, topics: Sequence[Hit], worth: Mapping[tuple[str, Field], float]) -> float:
    """How far the topics are ours: the mean over their terms, by worth; each term by that of its places which is nearest to us."""
    if not evidence.match.subjects:
        return NEARNESS["absent"]
    subjects = Subjects(evidence.match.hits, {"title": evidence.post.title, "text": evidence.post.text})
    best = dict.fromkeys(worth, 0.0)
    for hit in topics:
        key = (hit.term, hit.field)
        if best[key] < NEARNESS["near"]:
            best[key] = max(best[key], NEARNESS[subjects.nearness(hit)])
    total = sum(worth.values())
    return sum(best[key] * each for key, each in worth.items()) / total if total else NEARNESS["absent"]


def severity(evidence: Evidence) -> float:
    """The gravest topic that fired; one that only the text names counts less."""
    untitled = not evidence.post.title
    headlines = {h.rule for h in evidence.match.hits if h.field == "title" or (untitled and h.start < OPENING)}
    found = [
        GRAVITY[rule.severity] * (1.0 if id_ in headlines else IN_TEXT_ONLY)
        for id_ in evidence.match.topics
        if (rule := evidence.keywords.topic(id_))
    ]
    return max(found, default=0.0)


def reach(evidence: Evidence) -> float:
    """The tier of the source times its weight, at most 1; of a hot list as far as the item's place on it goes."""
    post = evidence.post
    return seen(evidence.source, post.rank, post.heat, post.stay)


def seen(source: Source, rank: int | None, heat: float | None, minutes: float = 0.0) -> float:
    """How far a source carries an item: 0…1. ``minutes`` on its hot list; without rank and heat only the tier counts."""
    if rank is None and heat is None:
        return min(1.0, REACH[source.tier] * source.weight)
    height = 1 - log(rank) / log(LOWEST) if rank is not None else log10(1 + (heat or 0.0)) / HOTTEST
    stayed = 1 - exp(-minutes / STAY)
    shown = max(0.0, min(1.0, height))
    return min(1.0, (LISTED + (1 - LISTED) * (shown + (1 - shown) * stayed / 2)) * source.weight)


def tone(evidence: Evidence) -> float:
    """How upset the text sounds."""
    return sound(evidence.post.title, evidence.post.text)


SCORERS: dict[str, Callable[[Evidence], float]] = {
    "relevance": relevance,
    "severity": severity,
    "reach": reach,
    "tone": tone,
}


@lru_cache(maxsize=64)
def _unmatched(packs: str, stamped: str, excluded: tuple[Exclusion, ...]) -> Judgement:
    """Nine posts of ten have this judgement; making it anew for each took a tenth of the time of judging."""
    return Judgement(packs=packs, excluded=excluded, scoring=stamped)


def judge(
    matcher: Matcher, post: Post, source: Source, scoring: ScoringSettings, folded: tuple[str, str] | None = None
) -> Judgement:
    """Match and score one post. An unmatched post has score 0, no parts and no level.

    ``folded``: its title and text in normal form, where they are known already.
    """
    meta = about(source.name, source.tags, source.tier) if matcher.asks_meta else NOTHING
    match = matcher.match_folded(post.title, post.text, *(folded or (fold(post.title), fold(post.text))), meta)
    packs, stamped = matcher.keywords.hash, stamp(scoring, source)
    if not (match.topics or match.subjects):
        return _unmatched(packs, stamped, match.excluded)
    evidence = Evidence(post, match, source, matcher.keywords)
    weights = scoring.weights
    parts = tuple(Part(name, scorer(evidence), weights[name]) for name, scorer in SCORERS.items())
    score = sum(part.points for part in parts)
    grade = scoring.level(score)
    return Judgement(match.subjects, match.topics, match.hits, parts, score, grade, packs, match.excluded, stamped)
