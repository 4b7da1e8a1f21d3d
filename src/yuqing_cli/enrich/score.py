"""What a post weighs: ``score = 100 * sum(weight * value)``, every value in 0..1, the weights summing to 1, every part stored.

Principle. A head of office must be able to recompute a score by hand. So each part is one small function of the post and its
hits; nothing here depends on the time (freshness is added when ranking), on other posts, or on a model.

Theory.
- *relevance*: how much the post is about the matter. Each distinct term counts once per field, a term in the title in full,
  one in the text 0.35 (published scoring formulas of media monitors agree that the headline outweighs the body by far);
  repetition in the text adds with the logarithm up to the double, and a long text dilutes: half the weight at 2,000
  characters. The sum saturates as ``1 - exp(-0.7 x)``: one full term in the title gives 0.50, two 0.75, three 0.88. Naming
  one of our subjects in the same field counts the topic in full, elsewhere in the post at 0.85, not at all at 0.6. A subject
  without a topic is worth 0.3 in the title, 0.15 in the text.
- *severity*: the gravest topic, of 5, as its pack says.
- *reach*: what kind of publisher carries it, times the weight that the station gives the source.

Known failures. A list of ten notices in one text collects the terms of all ten. Irony and denial are not seen.

Tried and dropped: summing topics instead of terms (overlapping packs doubled the score); frequency without saturation (forum
posts that repeat 停水 twenty times beat every report).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log

from yuqing_cli.config import ScoringSettings
from yuqing_cli.models import Judgement, Level, Part, Post, Source, Tier
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.packs.query_match import about

from .match import NOTHING, Match, Matcher
from .stamp import stamp

TITLE, TEXT = 1.0, 0.35
SATURATION = 0.7
REPEATED = 2.0
"""What repetition in the text adds at the most: below one mention in the title."""
DILUTION = 2000.0
"""Characters of text at which a term in it has half its weight."""
SUBJECT_NEAR, SUBJECT_THERE, SUBJECT_ABSENT = 1.0, 0.85, 0.6
SUBJECT_ALONE = {"title": 0.3, "text": 0.15}
REACH: Mapping[Tier, float] = {"hotlist": 0.9, "media": 0.8, "official": 0.7, "trade": 0.5, "community": 0.4}


@dataclass(frozen=True, slots=True)
class Evidence:
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
    counted = Counter((h.term, h.field) for h in topics)
    weight = {h.term: h.weight for h in topics}
    dilution = DILUTION / (DILUTION + len(evidence.post.text))
    total = sum(
        weight[term] * (TITLE if field == "title" else TEXT * min(1 + log(n), REPEATED) * dilution)
        for (term, field), n in counted.items()
    )
    near = bool(subjects & {h.field for h in topics})
    factor = SUBJECT_NEAR if near else SUBJECT_THERE if subjects else SUBJECT_ABSENT
    return factor * (1 - exp(-SATURATION * total))


def severity(evidence: Evidence) -> float:
    """The gravest topic that fired, of 5."""
    found = [rule.severity for id_ in evidence.match.topics if (rule := evidence.keywords.topic(id_))]
    return max(found, default=0) / 5


def reach(evidence: Evidence) -> float:
    """The tier of the source times its weight, at most 1."""
    return min(1.0, REACH[evidence.source.tier] * evidence.source.weight)


SCORERS: dict[str, Callable[[Evidence], float]] = {"relevance": relevance, "severity": severity, "reach": reach}


def level(score: float, scoring: ScoringSettings) -> Level:
    """The level of a matched post or event: 特别重大, 重大, 较大, 一般."""
    if score >= scoring.red:
        return "red"
    if score >= scoring.orange:
        return "orange"
    return "yellow" if score >= scoring.yellow else "blue"


def judge(matcher: Matcher, post: Post, source: Source, scoring: ScoringSettings) -> Judgement:
    """Match and score one post. An unmatched post has score 0, no parts and no level."""
    meta = about(source.name, source.tags, source.tier) if matcher.asks_meta else NOTHING
    match = matcher.match(post.title, post.text, meta)
    packs, stamped = matcher.keywords.hash, stamp(scoring, source)
    if not (match.topics or match.subjects):
        return Judgement(packs=packs, excluded=match.excluded, scoring=stamped)
    evidence = Evidence(post, match, source, matcher.keywords)
    weights = scoring.weights
    parts = tuple(Part(name, scorer(evidence), weights[name]) for name, scorer in SCORERS.items())
    score = sum(part.points for part in parts)
    grade = level(score, scoring)
    return Judgement(match.subjects, match.topics, match.hits, parts, score, grade, packs, match.excluded, stamped)
