"""How we ask: when, how often, how hard, and whom never. Pure: ``now`` comes in, values go out.

``hosts`` knows what a host is, ``gates`` who may start when within a run, ``schedule`` when a source is due again.
"""

from __future__ import annotations

from .gates import Gates, WebSettings, user_agent
from .hosts import (
    authority,
    gate_keys,
    is_own_network,
    is_public,
    literal_address,
    registrable_domain,
)
from .schedule import TOLERANCE, conditional, failure_weight, is_due, max_age, next_due, parse_retry_after

__all__ = [
    "TOLERANCE",
    "Gates",
    "WebSettings",
    "authority",
    "conditional",
    "failure_weight",
    "gate_keys",
    "is_due",
    "is_own_network",
    "is_public",
    "literal_address",
    "max_age",
    "next_due",
    "parse_retry_after",
    "registrable_domain",
    "user_agent",
]
