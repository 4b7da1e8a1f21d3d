"""sources list, check, add, import, export."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import (
    ALL_FAILED,
    DONE,
    SOME_FAILED,
    agreed,
    describe,
    open_station,
    problem_lines,
    say,
)
from .fetching import chosen

if TYPE_CHECKING:
    from yuqing_cli.models import Source
    from yuqing_cli.station import Station
    from yuqing_cli.workflows.check import Checked
    from yuqing_cli.workflows.discover import Discovery, Found

t = i18n.choose()
HELP = t("The configured sources: list them, prove them.")

# Spelt out as in ``models.Tier`` (a test compares them): importing the models would cost every ``--help`` 15 ms.
Tier = Literal["official", "media", "trade", "community", "hotlist"]
TierOption = Annotated[Tier, typer.Option("--tier", help=t("What kind of publisher it is."))]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help=t("A tag; repeat it for more."))]
Every = Annotated[str, typer.Option("--every", metavar="TIME", help=t('How often it is asked, such as "30m".'))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=t("Write without asking."))]


def list_(context: typer.Context) -> None:
    from yuqing_cli.adapters.terminal.drawing import table
    from yuqing_cli.render import words as phrases
    from yuqing_cli.times import format_duration, from_ms

    station, words = open_station(context)
    now = station.clock()
    with station.store() as store:
        states, spells = store.states(), store.spells(from_ms(0), now)
    from yuqing_cli import coverage

    covered = {entry.name: entry for entry in coverage.of(station.settings.sources, spells, now, now).sources}
    rows = []
    for source in station.settings.sources:
        state = states.get(source.name)
        seen = phrases.minute(state.last_success.astimezone(station.zone)) if state and state.last_success else "–"
        health = words(phrases.STATES[covered[source.name].state])
        rows.append((source.name, words(phrases.TIERS[source.tier]), format_duration(source.every), health, seen))
    table([words(name) for name in ("source", "tier", "every", "state", "last seen")], rows)


list_.__doc__ = t("List the sources with their state.")


def check(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help=t("Only these sources."))] = None,
) -> None:
    from yuqing_cli.workflows.check import check as run

    station, words = open_station(context)
    sources = chosen(station, names or [])
    with station.store() as store, station.web(store) as web:
        found = run(sources, web, station.clock, lambda checked: typer.echo(_line(checked, words)), station.folder)
    bad = sum(not checked.good for checked in found)
    say(words("sources that can be read: {good} of {count}", good=len(found) - bad, count=len(found)))
    raise typer.Exit(DONE if not bad else SOME_FAILED if bad < len(found) else ALL_FAILED)


check.__doc__ = t("Ask every source once and show what would be read; nothing is stored.")


def _line(checked: "Checked", words: i18n.Translate) -> str:
    from yuqing_cli.text import clean_line

    if checked.disallowed:
        outcome = words("robots.txt forbids it")
    elif checked.error:
        outcome = describe(checked.error, words)
    elif not checked.good:
        outcome = words("answers, but has no items")
    else:
        text = "items: {posts} ({charset}), first: {title}"
        outcome = words(text, posts=checked.posts, charset=checked.charset, title=clean_line(checked.title)[:60])
    return f"{'✓' if checked.good else '✗'} {checked.source.name}: {outcome}"


def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help=t("A feed, or a page that has one or lists posts."))],
    name: Annotated[str, typer.Option(help=t("What it is called; default: as it calls itself."))] = "",
    tier: TierOption = "media",
    tags: Tags = None,
    every: Every = "30m",
    yes: Yes = False,
) -> None:
    from yuqing_cli.models import Source
    from yuqing_cli.render.sources_toml import source_table
    from yuqing_cli.urls import is_http
    from yuqing_cli.workflows.configure import append, refuse_known, unique_name
    from yuqing_cli.workflows.discover import discover

    station, words = open_station(context)
    pace, configured = _interval(every), station.settings.sources
    if not is_http(url):
        raise UsageError("not a web address: {url}; it begins with https://", url=url)
    refuse_known(configured, name=name, url=url)
    zone, robots = station.settings.station.timezone, station.settings.fetch.robots
    with station.store() as store, station.web(store) as web:
        made = discover(url, web, station.clock, zone=zone, robots=robots)
    if made.found is None:
        say(words("{source}: {reason}", source=url, reason=_why_not(made, words)))
        raise typer.Exit(ALL_FAILED)
    found = made.found
    refuse_known(configured, url=found.url)
    title = name or unique_name(found.candidate.title, found.url, {source.name for source in configured})
    source = Source(title, found.candidate.kind, found.url, tier, tags=tuple(tags or ()), every=pace)
    note = words(
        "added on {date}, found at {url}", date=f"{station.clock().astimezone(station.zone):%Y-%m-%d}", url=url
    )
    _show(station, made, source_table(source, note), words)
    if agreed(words, i18n.mark("Write this to yuqing.toml?"), yes=yes):
        append(station.folder, [source_table(source, note)])


add.__doc__ = t("Find out how an address can be read, show it, and add it to yuqing.toml.")


def _interval(every: str) -> timedelta:
    from yuqing_cli.source_settings import SHORTEST_INTERVAL
    from yuqing_cli.times import parse_duration

    try:
        pace = parse_duration(every)
    except ValueError:
        pace = timedelta()
    if pace < SHORTEST_INTERVAL:
        raise UsageError('bad interval {value}: write "10m", "2h" or "1d", at least "1m"', value=every)
    return pace


def _why_not(made: "Discovery", words: i18n.Translate) -> str:
    if made.disallowed:
        return words("robots.txt forbids it")
    return describe(made.error, words) if made.error else words("answers, but has no items")


def _show(station: "Station", made: "Discovery", table: str, words: i18n.Translate) -> None:
    """The find as it would be read, then the lines that would be written."""
    if made.found:
        for line in _found_lines(station, made.found, words):
            typer.echo(line)
    for other in made.others:
        typer.echo(words("also named there, not asked: {url} {title}", url=other.url, title=other.title))
    typer.echo(f"\n{table}")


def _found_lines(station: "Station", found: "Found", words: i18n.Translate) -> list[str]:
    from yuqing_cli.text import clean_line

    count = len(found.posts)
    lines = [words("{kind}: {url}, items: {count}", kind=found.candidate.kind, url=found.url, count=count)]
    for post in found.posts[:3]:
        date = f"{post.published.astimezone(station.zone):%Y-%m-%d %H:%M}" if post.published else "–"
        lines.append(f"  {date:16}  {clean_line(post.title)[:60]}")
    return lines


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("An OPML file, as feed readers export it."))],
    tier: TierOption = "media",
    tags: Tags = None,
    every: Every = "30m",
    yes: Yes = False,
) -> None:
    from yuqing_cli.adapters.files import read_bytes
    from yuqing_cli.models import Source
    from yuqing_cli.render.sources_toml import source_table
    from yuqing_cli.workflows.configure import append
    from yuqing_cli.workflows.opml import plan

    station, words = open_station(context)
    like = Source("", "feed", "", tier, tags=tuple(tags or ()), every=_interval(every))
    made = plan(read_bytes(file), str(file), station.settings, like)
    for line in problem_lines(made.refused, words):
        say(line)
    text = "new feeds: {new}, configured already: {known}, cannot be used: {refused}"
    counts = {"known": made.known, "refused": len({problem.line for problem in made.refused})}
    if made.new:
        _table_of(made.new, words)
    say(words(text, new=len(made.new), **counts))
    if made.new and agreed(words, i18n.mark("Write this to yuqing.toml?"), yes=yes):
        date = f"{station.clock().astimezone(station.zone):%Y-%m-%d}"
        note = words("added on {date}, from {file}", date=date, file=file.name)
        append(station.folder, [source_table(source, note if i == 0 else "") for i, source in enumerate(made.new)])


import_.__doc__ = t("Add the feeds of an OPML file to yuqing.toml.")


def _table_of(sources: "Sequence[Source]", words: i18n.Translate) -> None:
    from yuqing_cli.adapters.terminal.drawing import table
    from yuqing_cli.text import clean_line

    rows = [(source.name, clean_line(", ".join(source.tags)), source.url) for source in sources]
    table([words(name) for name in ("source", "tags", "address")], rows, whole=True)


def export(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=t("Write to a file instead of stdout."))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=t("Replace a file that is there."))] = False,
) -> None:
    from yuqing_cli.adapters import files
    from yuqing_cli.render import opml

    station, words = open_station(context)
    sources = station.settings.sources
    lines = opml.lines(sources, title=station.settings.station.name, now=station.clock())
    if output is None:
        files.write_out(lines)
    else:
        files.write(output, lines, force=force)
    left = len(sources) - len(opml.feeds_of(sources))
    if left:
        say(words("sources that are no feeds, which OPML cannot hold: {count}", count=left))


export.__doc__ = t("Write the configured feeds as OPML, for feed readers and other stations.")

COMMANDS = {"list": list_, "check": check, "add": add, "import": import_, "export": export}
