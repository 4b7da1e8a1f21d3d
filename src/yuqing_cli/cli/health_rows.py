"""How ``keywords health`` is told: one line a rule or a term."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from yuqing_cli.i18n import Translate
from yuqing_cli.records import Record
from yuqing_cli.text import clean_line

if TYPE_CHECKING:
    from yuqing_cli.enrich.health import Count, Health


class Row(Record):
    """A rule, or one of its terms."""

    pack: str
    kind: str
    rule: str
    title: str
    term: str
    count: Count


def rows_of(counts: Health, rule: str, *, terms: bool, silent: bool) -> list[Row]:
    """The lines that were asked for, in the order of the packs."""
    rows: Iterable[Row] = (Row(*key, counts.rule(key).title, "", count) for key, count in counts.rules.items())
    if terms:
        rows = (
            Row(pack, kind, name, counts.rule((pack, kind, name)).title, term, count)
            for (pack, kind, name, term), count in counts.terms.items()
        )
    return [row for row in rows if (not rule or row.rule == rule) and (not silent or not row.count.hits)]


_ORDERS: dict[str, Callable[[Row], tuple[object, ...]]] = {
    "hits": lambda row: (-row.count.hits,),
    "alone": lambda row: (-(row.count.alone or 0), -row.count.hits),
    "noise": lambda row: (-row.count.surely_noise, -row.count.hits),
    "last": lambda row: (-(row.count.last.timestamp() if row.count.last else 0.0),),
    "rule": lambda row: (row.pack, row.rule, row.term),
}


def order(rows: list[Row], sort: str) -> list[Row]:
    """Sorted; lines that are alike keep the order of the packs."""
    return sorted(rows, key=_ORDERS[sort])


def print_health(counts: Health, rows: list[Row], top: int, days: int, zone: ZoneInfo, t: Translate) -> None:
    """A head line, the table, and what it leaves out."""
    from yuqing_cli.adapters.terminal.drawing import table

    typer.echo(
        t(
            "posts: {posts} (days: {days}), matched: {matched}, marked of these: {marked}",
            posts=counts.posts,
            days=days,
            matched=counts.matched,
            marked=counts.marked,
        )
    )
    shown = rows[:top] if top else rows
    if shown:
        name = t("term") if shown[0].term else t("title")
        columns = [name, t("rule"), t("hits"), t("alone"), t("noise"), t("last hit")]
        table(columns, [_cells(row, zone) for row in shown])
    if len(shown) < len(rows):
        typer.echo(t("{count} more: --top 0 shows all", count=len(rows) - len(shown)))
    quiet = [sum(not count.hits for count in held.values()) for held in (counts.rules, counts.terms)]
    typer.echo(t("without a hit: rules {rules}, terms {terms} (--silent lists them)", rules=quiet[0], terms=quiet[1]))


def _cells(row: Row, zone: ZoneInfo) -> tuple[str, ...]:
    count = row.count
    alone = "" if count.alone is None else str(count.alone)
    noise = f"{count.noise}/{count.marked}" if count.marked else ""
    last = f"{count.last.astimezone(zone):%m-%d %H:%M}" if count.last else ""
    return (clean_line(row.term or row.title), f"{row.pack}/{row.rule}", str(count.hits), alone, noise, last)


def twin(counts: Health, rows: list[Row], zone: ZoneInfo) -> dict[str, object]:
    """For scripts: every line, none left out."""
    return {
        "schema": 1,
        "posts": counts.posts,
        "matched": counts.matched,
        "marked": counts.marked,
        "rows": [
            {
                "pack": row.pack,
                "kind": row.kind,
                "rule": row.rule,
                "term": row.term or None,
                "hits": row.count.hits,
                "alone": row.count.alone,
                "last": row.count.last.astimezone(zone).isoformat() if row.count.last else None,
                "noise": row.count.noise,
                "marked": row.count.marked,
            }
            for row in rows
        ],
    }
