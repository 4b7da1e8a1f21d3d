"""False alarms and power of the burst test, by simulation: eight weeks of usual counts, then a span as usual or four times as busy.

    python bench/bursts.py [RUNS]

Prints, for each usual count of a span, the share of usual spans that were called (stated: 1 %), for counts of a Poisson law and for
such that vary more (negative binomial, shape 2), and the share of fourfold bursts that were found within their first span.
"""

from __future__ import annotations

import sys
from random import Random

from yuqing_cli.events.trend import ALARM, LEAST_ORIGINS, WEEKS, chance, shape_of

SLOTS = 28
"""Spans of six hours in a week, from which the shape is estimated."""


def poisson(rate: float, rng: Random) -> int:
    """A Poisson number, by counting exponential waits."""
    count, passed = 0, rng.expovariate(1.0)
    while passed < rate:
        count, passed = count + 1, passed + rng.expovariate(1.0)
    return count


def counted(rate: float, shape: float | None, rng: Random) -> int:
    """A count; with a shape the rate itself is drawn from a gamma law."""
    return poisson(rate if shape is None else rng.gammavariate(shape, rate / shape), rng)


def called(rate: float, times: float, shape: float | None, runs: int, rng: Random) -> float:
    """The share of spans, ``times`` as busy as usual, that are called."""
    found = 0
    for _ in range(runs):
        weeks = [[counted(rate, shape, rng) for _ in range(WEEKS)] for _ in range(SLOTS)]
        count = counted(rate * times, shape, rng)
        if count >= LEAST_ORIGINS:
            found += chance(count, weeks[0], shape_of(weeks)) <= ALARM
    return found / runs


def main(runs: int) -> None:
    """Print the table."""
    rng = Random(1)
    print(f"{'usual':>6} {'false alarms':>13} {'(varying)':>10} {'fourfold found':>15} {'(varying)':>10}")
    for rate in (0.2, 0.5, 1, 2, 3, 5, 8, 20):
        row = [called(rate, times, shape, runs, rng) for times in (1, 4) for shape in (None, 2.0)]
        print(f"{rate:>6} {row[0]:>13.2%} {row[1]:>10.2%} {row[2]:>15.1%} {row[3]:>10.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
