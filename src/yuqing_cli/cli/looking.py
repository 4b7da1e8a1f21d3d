"""status: looking into the station."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yuqing_cli import i18n

from .face import open_station, print_json, remark_faults

if TYPE_CHECKING:
    from yuqing_cli.adapters.store import Store
    from yuqing_cli.station import Station

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]


def status(context: typer.Context, json_: Json = False) -> None:
    from yuqing_cli.adapters.terminal.drawing import size, table
    from yuqing_cli.render import words as phrases

    station, words = open_station(context)
    with station.store() as store:
        data = _status(station, store)
    remark_faults(station.keywords.problems, words)
    if json_:
        print_json(data)
        return
    typer.echo(
        words(
            "posts: {posts}, matched: {matched}, events: {events}, file: {size}",
            **{k: data[k] for k in ("posts", "matched", "events")},
            size=size(data["db_bytes"]),
        )
    )
    rows = [
        (
            entry["name"],
            words(phrases.STATES.get(entry["state"], entry["state"])),
            (entry["last_success"] or "–")[:16].replace("T", " "),
            str(entry["posts_7d"]),
        )
        for entry in data["sources"]
    ]
    table([words(name) for name in ("source", "state", "last seen", "7 days")], rows, whole=True)
    for entry in data["sources"]:
        if remark := _remark(entry, words):
            typer.echo(words("{source}: {reason}", source=entry["name"], reason=remark))


def _remark(entry: dict[str, Any], words: i18n.Translate) -> str:
    """What is wrong with a source now, and when nobody could have seen it in the last day."""
    from yuqing_cli.render.words import clock_span

    pairs = [(datetime.fromisoformat(low), datetime.fromisoformat(high)) for low, high in entry["blind_24h"]]
    spans = words(", ").join(clock_span(low, high) for low, high in pairs)
    blind = words("blind {spans}", spans=spans) if spans else ""
    return words("; ").join(part for part in (entry["last_error"] or "", blind) if part)


status.__doc__ = t("How the station is: sources, posts, events, size.")


def _status(station: "Station", store: "Store") -> dict[str, Any]:
    from yuqing_cli import coverage
    from yuqing_cli.times import iso

    now, zone = station.clock(), station.zone
    day = now - timedelta(days=1)
    recent, states = store.recent_by_source(now - timedelta(days=7)), store.states()
    covered = coverage.of(station.settings.sources, store.spells(day, now), day, now)
    posts, matched, events = store.totals()
    packs = [{"name": p.name, "title": p.title, "version": p.version} for p in station.keywords.keywords.packs]
    sources = [
        {
            "name": entry.name,
            "state": entry.state,
            "last_success": iso(entry.last_success, zone) if entry.last_success else None,
            "last_error": (states[entry.name].last_error or None) if entry.name in states else None,
            "posts_7d": recent.get(entry.name, 0),
            "blind_24h": [[iso(low, zone), iso(high, zone)] for low, high in entry.blind],
        }
        for entry in covered.sources
    ]
    head = {"schema": 1, "sources": sources, "posts": posts, "matched": matched, "events": events}
    return head | {"db_bytes": store.size(), "packs": packs}


COMMANDS = {"status": status}
