"""Ids that are derived from content, never counted up: the same post has the same id in every station and after every rebuild."""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
"""Ten bits at a time: the standard library's base 32 takes longer than the hash."""
LENGTH = 12
"""60 bits: among ten million posts the chance of any collision is 4 in 100,000."""


def derived_id(*parts: str) -> str:
    """Twelve lower-case letters and digits (Crockford's base 32) from a hash of ``parts``; easy to read out and to type."""
    state = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10)
    bits = int.from_bytes(state.digest()[:8]) >> 4
    high, low = bits >> 30, bits & 0x3FFFFFFF
    return (
        f"{_PAIRS[high >> 20]}{_PAIRS[high >> 10 & 1023]}{_PAIRS[high & 1023]}"
        f"{_PAIRS[low >> 20]}{_PAIRS[low >> 10 & 1023]}{_PAIRS[low & 1023]}"
    )


def event_id(first_post: str) -> str:
    """Id of the event whose earliest post is ``first_post``."""
    return "e" + derived_id("event", first_post)[: LENGTH - 1]


def content_hash(title: str, text: str) -> str:
    """What makes a change a change: the title and the text."""
    return derived_id("content", title, text)
