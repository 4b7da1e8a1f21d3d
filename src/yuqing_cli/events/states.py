"""Where an event stands: 新发, 延续第N天, 复燃, 平息. Pure, from the times of its reports and from what issues have shown.

Principle. The reader of a digest asks first whether he has heard of a matter before. So "new" is said from his side: no issue of an
earlier window has shown the event. Everything else is said from the reports' side.

Theory. The reports until the moment are cut into runs: a silence of three days ends one. What is told is that of the newest run:
- *subsided*: nothing was reported for two days before the moment;
- *resurgent*: there was a run before, and the newest began in the window; a story that is silent for three days and comes back is
  this, and not new, whether or not an issue ever showed it;
- *new*: no issue of an earlier window has shown it;
- *continuing*: all others. Its day is counted by the station's calendar from the first report of all runs.

Three days outlast a weekend without news; two days outlast a night and a day on which nobody writes. Known failure: a yearly matter
(高考, 中秋) comes back as resurgent where its posts are linked over a year, which grouping by time rules out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

State = Literal["new", "continuing", "resurgent", "subsided"]

SILENCE = timedelta(days=3)
"""What ends a run of reports: after as much or more, a report is a return."""
QUIET = timedelta(days=2)
"""After so long without a report an event has subsided."""


def state(times: Collection[datetime], at: datetime, *, since: datetime, shown: bool) -> State:
    """The state at a moment, in a window that begins at ``since``.

    ``times`` are those of the reports; what lies after ``at`` is not known yet. ``shown``: an issue of an earlier window had the event.
    An event without a report until then is new.
    """
    known = sorted(time for time in times if time <= at)
    if not known:
        return "new"
    if at - known[-1] >= QUIET:
        return "subsided"
    start = run_start(known)
    if start > known[0] and start >= since:
        return "resurgent"
    return "continuing" if shown else "new"


def run_start(times: Sequence[datetime]) -> datetime:
    """When the newest run began, of ascending times. Raises ``ValueError`` where there are none."""
    if not times:
        raise ValueError("an event has at least one report")
    returns = [later for earlier, later in pairwise(times) if later - earlier >= SILENCE]
    return returns[-1] if returns else times[0]


def day(times: Collection[datetime], at: datetime, zone: tzinfo) -> int:
    """The how-manieth day of the event its newest known report lies on; 1 on the day of the first, and where there is none."""
    known = [time for time in times if time <= at]
    if not known:
        return 1
    return (max(known).astimezone(zone).date() - min(known).astimezone(zone).date()).days + 1
