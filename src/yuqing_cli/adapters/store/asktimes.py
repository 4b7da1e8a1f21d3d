"""When a source was asked within one spell: the seconds from ask to ask, two bytes each.

A report as of an earlier moment says when a source was last seen *then*; a spell that has grown since knows only its two ends. A row an
ask would be sixteen million rows a year (300 sources, ten minutes). The steps of the newest ``MOST`` bytes are kept, a week at
ten-minute asks; what is older is known to within one interval, from the spell itself.

Big-endian groups of seven bits, the first byte of a number marked by its high bit: read backwards, a number that the cut has
halved shows no mark and is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

MOST = 2048
_SECOND = timedelta(seconds=1)


def added(steps: bytes, step: timedelta) -> bytes:
    """With one more ask, ``step`` after the last one."""
    left = max(step // _SECOND, 0)
    groups = [left & 0x7F]
    while left := left >> 7:
        groups.append(left & 0x7F)
    groups[-1] |= 0x80
    return (steps + bytes(reversed(groups)))[-MOST:]


def last_before(last_at: datetime, steps: bytes, until: datetime) -> datetime:
    """The last ask at or before ``until``; ``until`` where the steps do not reach back so far."""
    at = last_at
    for step in _backwards(steps):
        if at <= until:
            break
        at -= step * _SECOND
    return min(at, until)


def _backwards(steps: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in reversed(steps):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte & 0x80:
            yield number
            number = shift = 0
