"""What of a source's history is kept row by row, and what is folded together. Decides; the rows are ``store.health``'s.

Principle. The file of a desk with 300 sources at ten minutes may grow by a few megabytes of history a year, however badly some of
them behave, and the blind spans of the last weeks stay exact.

Theory. A spell of successes is one row for as long as it lasts. Rows come from changes of state, so a source that flaps makes many:

- The newest ``EXACT_ROWS`` rows of the last two days stay as they are: how a source was at each moment of the last shifts.
- Before that, a failure that left no hole (the next success came in time) is folded into the successes around it, and failures on
  end are one. With one ask in a hundred failing this is 31 MB a year against 2 MB. Blind spans do not change.
- A source that still has more than ``WHOLE_ROWS`` rows has dozens of true holes. Beyond these they are summed up by the fortnight:
  the ratio of an old report stays right, the single hole is no longer named.

Known failures. Of a source with a true hole every forty minutes the single holes are named for a day, not for weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yuqing_cli.models import Spell
from yuqing_cli.records import replace

from . import asktimes

EXACT = timedelta(days=2)
EXACT_ROWS = 24
WHOLE_ROWS = 92
CONDENSE_EACH = 8
"""Rows: a source that flaps is not gone over at each change of its state."""
LOOKED_AT = 2 * WHOLE_ROWS
"""Rows that are looked at when one is added; all before them has been condensed already."""
STEPS_FOR = timedelta(days=8)
"""For so long the times of single asks are of use."""
FORTNIGHT = timedelta(weeks=2)
_MONDAY = datetime.fromisoformat("2024-01-01T00:00:00+00:00")


def condensed(spells: Sequence[tuple[int, Spell]]) -> dict[int, Spell]:
    """The rows that stay, by number, as they are to be; ``spells`` are the newest of one source, oldest first."""
    kept: list[tuple[int, Spell]] = []
    newest = spells[-1][1].last_at
    for place, (seq, spell) in enumerate(spells, start=-len(spells)):
        if place >= -EXACT_ROWS and newest - spell.last_at <= EXACT:
            kept.append((seq, spell))
            continue
        _take_in(kept, seq, spell, summed=place < -WHOLE_ROWS)
    return dict(kept)


def _take_in(kept: list[tuple[int, Spell]], seq: int, spell: Spell, *, summed: bool) -> None:
    if spell.state != "ok":
        if summed and kept and kept[-1][1].state == "ok":
            return  # the hole says it
        if kept and kept[-1][1].state != "ok":
            number, before = kept.pop()
            kept.append((number, replace(spell, first_at=before.first_at, asks=before.asks + spell.asks)))
        else:
            kept.append((seq, spell))
        return
    place = next((i for i in (-1, -2) if len(kept) >= -i and kept[i][1].state == "ok"), None)
    if place is None or not _belong_together(kept[place][1], spell, summed=summed):
        kept.append((seq, spell))
        return
    number, before = kept[place]
    between = sum(other.asks for _, other in kept[len(kept) + place + 1 :])
    del kept[place:]
    kept.append((number, _joined(before, spell, between)))


def _belong_together(before: Spell, spell: Spell, *, summed: bool) -> bool:
    if summed:
        return (before.first_at - _MONDAY) // FORTNIGHT == (spell.first_at - _MONDAY) // FORTNIGHT
    return before.reason == spell.reason and spell.first_at - before.last_at <= before.patience


def _joined(before: Spell, spell: Spell, between: int) -> Spell:
    gap = spell.first_at - before.last_at
    hole = gap if gap > before.patience else timedelta(0)
    return replace(
        spell,
        first_at=before.first_at,
        asks=before.asks + between + spell.asks,
        dark=before.dark + hole + spell.dark,
        steps=(asktimes.added(before.steps, gap) + spell.steps)[-asktimes.MOST :]
        if spell.steps or before.steps
        else b"",
    )
