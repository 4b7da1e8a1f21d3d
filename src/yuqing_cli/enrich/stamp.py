"""What a judgement rests on beside the packs, as one short hash: where it differs from today's, ``yuqing rescore`` is due.

It covers the weights and thresholds of ``[scoring]``, what the settings say of the post's source (tier, weight, tags), and
``METHOD``, the number of the way in which this program matches and scores.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from yuqing_cli.config import ScoringSettings
from yuqing_cli.models import Source, Tier

METHOD = 3
"""Raised with every change by which the same packs, settings and post get another judgement; ``tests/test_stamp.py`` asks for it."""


def stamp(scoring: ScoringSettings, source: Source) -> str:
    """16 hex digits."""
    return _stamp(scoring, source.tier, source.weight, source.tags)


@lru_cache(maxsize=1024)
def _stamp(scoring: ScoringSettings, tier: Tier, weight: float, tags: tuple[str, ...]) -> str:
    thresholds = (scoring.red, scoring.orange, scoring.yellow)
    basis = (METHOD, sorted(scoring.weights.items()), thresholds, tier, weight, tags)
    return hashlib.blake2b(repr(basis).encode(), digest_size=8).hexdigest()
