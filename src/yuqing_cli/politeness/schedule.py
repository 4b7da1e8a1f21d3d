"""When a source is due again: its own pace, what the server asked for, and how often it failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

from yuqing_cli.errors import FailureKind

MAX_RETRY_AFTER = timedelta(hours=24)
MAX_WISH = timedelta(hours=6)
"""A document's ``ttl`` and a server's max-age are obeyed up to here: nobody chose a feed's max-age of a year."""
MAX_BACKOFF = timedelta(days=1)
FULL_EVERY = timedelta(hours=24)
JITTER = 0.1
TOLERANCE = 0.9

_WEIGHTS: Mapping[FailureKind, float] = {"hard": 1.0, "soft": 0.5, "temporary": 0.25, "refused": 1.0}
_SECONDS = re.compile(r"[0-9]{1,12}")
_DIRECTIVE = re.compile(r'(?:^|,)\s*(no-store|no-cache|max-age)\s*(?:=\s*"?([0-9]{1,12})"?)?\s*(?=,|$)', re.IGNORECASE)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for (seconds or an HTTP date), at most 24 h. Garbage and the past are None."""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(timedelta(seconds=min(int(text), 10**9)), MAX_RETRY_AFTER)
    moment = _http_date(text)
    if moment is None or moment < now:
        return None
    return min(moment - now, MAX_RETRY_AFTER)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long the answer calls itself fresh: Cache-Control ``max-age`` less ``Age``, else ``Expires`` less ``Date``.

    ``headers`` have lower-case names. None where the answer says nothing, forbids storing, or is stale already.
    """
    found = {name.lower(): value for name, value in _DIRECTIVE.findall(headers.get("cache-control", ""))}
    if "no-store" in found or "no-cache" in found:
        return None
    if found.get("max-age"):
        age = headers.get("age", "").strip()
        left = int(found["max-age"]) - (int(age) if _SECONDS.fullmatch(age) else 0)
        return timedelta(seconds=min(left, 10**9)) if left > 0 else None
    return _until_expiry(headers)


def _until_expiry(headers: Mapping[str, str]) -> timedelta | None:
    expires, date = _http_date(headers.get("expires", "")), _http_date(headers.get("date", ""))
    return expires - date if expires and date and expires > date else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def failure_weight(kind: FailureKind) -> float:
    """How much one failure counts towards the back-off: hard and refused 1, soft 0.5, temporary 0.25."""
    return _WEIGHTS[kind]


def next_due(
    now: datetime,
    *,
    every: timedelta,
    ttl: timedelta | None = None,
    max_age: timedelta | None = None,
    retry_after: timedelta | None = None,
    failures: float = 0.0,
    rng: Random,
) -> datetime:
    """When the source is to be asked again. ``now`` is the start of the run, not the moment of the answer.

    The longest of ``every``, the document's ``ttl`` and the server's ``max_age`` (each wish at most 6 h); doubled for
    each point of ``failures`` (the weights of the failures since the last success, summed) up to a day; up to a tenth
    of jitter, so that sources configured alike do not fall due together for ever. ``retry_after`` is never undercut,
    also not by the tolerance of ``is_due``.
    """
    pace = max(every, *(min(wish, MAX_WISH) for wish in (ttl, max_age) if wish is not None), timedelta(0))
    # The exponent is bounded before the power: a source that failed for a year must not overflow a timedelta.
    slowed = min(pace * 2.0 ** min(max(failures, 0.0), 12.0), max(pace, MAX_BACKOFF)) if failures else pace
    jittered = slowed * (1 + JITTER * rng.random())
    return now + max(jittered, (retry_after or timedelta(0)) / TOLERANCE)


def is_due(now: datetime, last_asked: datetime | None, due_at: datetime | None) -> bool:
    """True when nine tenths of the way from ``last_asked`` to ``due_at`` have passed, or when it was never asked.

    Cron is punctual to the second and a source is not: without the tolerance a ten-minute source under a ten-minute
    cron would be asked every second time. A ``last_asked`` in the future (the clock was wrong then) counts as due.
    """
    if last_asked is None or due_at is None or last_asked > now:
        return True
    return now >= last_asked + (due_at - last_asked) * TOLERANCE


def conditional(now: datetime, last_full: datetime | None) -> bool:
    """True when validators may be sent: the last full answer (200) is less than 24 h old.

    Some servers send the same ETag although the feed has changed; one unconditional request a day bounds the harm.
    """
    return last_full is not None and timedelta(0) <= now - last_full < FULL_EVERY
