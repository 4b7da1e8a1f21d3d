"""Fill in: a workbook that came back -> what the desk says, all of it or nothing.

workbook.rows -filled_in.said-> DeskEntry -store.desk_add-> rows
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from yuqing_cli.adapters import workbook
from yuqing_cli.adapters.store import Store
from yuqing_cli.digest.desk import DeskEntry
from yuqing_cli.digest.filled_in import DONE, EVENT, OWNER, REMARK, said
from yuqing_cli.errors import ConfigError, Problem, UsageError
from yuqing_cli.records import Record

HAND = (*OWNER, *DONE, *REMARK)


class FilledIn(Record):
    """What a workbook says: rows in which something was filled in, and of their entries the ones that say something new."""

    rows: int
    new: tuple[DeskEntry, ...]
    titles: Mapping[str, str]
    """Of the events."""


def fill_in(store: Store, path: Path, now: datetime, *, masked: bool, dry: bool) -> FilledIn:
    """Read a workbook back. With ``dry`` nothing is written.

    Raises:
        UsageError: it cannot be read, or has no sheet with the event's id.
        ConfigError: rows that name no event, hold a formula, or words that are refused; then nothing is written.

    """
    entries: list[DeskEntry] = []
    titles: dict[str, str] = {}
    problems: list[Problem] = []
    count = 0
    for number, cells in workbook.rows(path, {EVENT}):
        filled = {name: cell for name in HAND if (cell := cells.get(name)) and cell.text.strip()}
        if not filled:
            continue
        count += 1
        try:
            if any(cell.formula for cell in filled.values()):
                raise UsageError("a formula, not text")
            event, title = _event(store, cells.get(EVENT, workbook.Cell()).text)
            entries += said({name: cell.text for name, cell in filled.items()}, event, now, masked=masked)
            titles[event] = title
        except UsageError as error:
            problems.append(Problem(str(path), error.text, number, values=tuple(error.values.items())))
    if problems:
        text = "{file}: rows that cannot be taken: {count}; nothing was written"
        raise ConfigError(text, tuple(problems), file=path, count=len(problems))
    return FilledIn(count, tuple(store.desk_add(entries, dry=dry)), titles)


def _event(store: Store, id_: str) -> tuple[str, str]:
    meant = store.event_meant(id_)
    if meant is None:
        raise UsageError("there is no event {id}, or several begin so", id=id_)
    return meant
