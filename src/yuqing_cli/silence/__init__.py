"""Sources that answer and yet say nothing: silent, frozen, stale. Pure; learns from what was seen, needs no setting.

Principle. A source that fails is loud. One that answers 200 for months without news is not, and a desk reads its silence as
"nothing happened". What is too long a silence differs: three hours on a weekday morning for one, a week for another.

Theory. News becomes visible in *visits*: asks that found at least one new post. A batch publisher's twenty posts are one visit,
so batches need no model. Visits of a source come with a hazard that depends on the hour of the week; its integral over the
time that was seen is the expected count L (time rescaled so that the source's own night and weekend weigh little). In that
time the gaps of a healthy source are exponential: one is longer than x with the chance exp(-x). Let N be its gaps in 100
weeks; then N exp(-x) of them exceed x, which is one for ``x = ln N``. Three corrections, all 0 for a long, even history:

- The rate is learnt from n visits, not known. For n gaps and the next one of the same source, the chance that the next exceeds
  x times their mean is exactly ``(1 + x/n)^-n`` (the ratio of an exponential to a gamma variate), so
  ``x = n (N^(1/n) - 1)``; this tends to ln N. It holds at any n, which is why seven visits may suffice.
- Days differ (a quiet day is no dead one). With a gamma factor of variance v to each day the tail is of the same form, with
  ``1/n + v`` for 1/n; over a silence of d days the factors even out to v/d.
- Visits come in clusters (a press day, a running story). With f visits to a cluster the gap's tail is ``exp(-x/f) / f``:
  N/f and n/f take the place of N and n, and the limit is f times as long. f is the mean excess of the gaps beyond 1.0
  (exponential: 1), drawn towards 1 by prior weight, never below.

The rate is learnt up to the last visit only: counted up to now, a silence would dilute the rate that it is measured by, and
for a slow source the alarm would recede as fast as it is approached.

The profile is ``rate x hour-of-day factor x weekday factor x factor of the single hour``, each level drawn to 1 as far as its
unevenness could be chance (empirical Bayes, gamma-Poisson, by moments): few visits give a flat profile, many a sharp one.

Frozen is a repeat: 200 with the bytes of last time. For a server that keeps no validators that is how every quiet hour looks,
and a post a day cannot be told from none within a day by any rule (a third of its healthy days have none). So the habit is
learnt: where repeats are rare (the server says 304 when there is nothing new, or a build date in the body changes on every
ask), 18 hours of nothing but repeats are frozen, whatever the rate; elsewhere it takes the silence that the rate allows. A 304
is the server's own word that nothing is new: it ends a run of repeats, and such a source may be silent, never frozen.

Known failures. A public holiday looks like a silence to every office at once (its rate has no calendar). A source that slows
down for good alarms until its new pace has been learnt. A body with a changing date never repeats; once it stops being
written, it is silent, by its rate. A server that stops comparing validators in a quiet week looks frozen until its next post.

Tried and dropped: plain ln N as the limit (named 5 to 12 % sooner, but 1.5 false alarms in 100 simulated source-weeks, not 0.8).
Not taken, by the theory alone: gaps in clock hours (the limit would be that of the night, at noon too); posts instead of visits
(batches inflate the rate); the ratio of variance to mean of daily counts as f (6 where twenty visits a day merely vary by half).
"""

from .rates import LEAST_VISITS, LEAST_WEEKS, Rate, expected, learn
from .sameness import Sameness, answered
from .verdict import State, allowed_gap, frozen, limit, silent, stale, state

__all__ = [
    "LEAST_VISITS",
    "LEAST_WEEKS",
    "Rate",
    "Sameness",
    "State",
    "allowed_gap",
    "answered",
    "expected",
    "frozen",
    "learn",
    "limit",
    "silent",
    "stale",
    "state",
]
