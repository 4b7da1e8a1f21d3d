"""fetch, ingest: posts come in."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import Problem, StoreError, UsageError

from . import door
from .face import (
    ALL_FAILED,
    CONFIG,
    DONE,
    SOME_FAILED,
    WAIT,
    describe,
    on_terminal,
    open_station,
    print_json,
    problem_lines,
    progress,
    say,
)

if TYPE_CHECKING:
    from yuqing_cli.adapters.store import Store
    from yuqing_cli.models import Source
    from yuqing_cli.station import Station
    from yuqing_cli.workflows.outcome import Failure, Judge, Report

t = i18n.choose()
FailOn = Literal["any", "new"]
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]


def fetch(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help=t("Only these sources; default: all that are due.")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=t("Ask now, whatever the schedule says (never against robots.txt)."))
    ] = False,
    json_: Json = False,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help=t("Keep every raw answer there, unmasked, for --replay."))
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="DIR", help=t("Read the answers that --save kept there; ask nobody."))
    ] = None,
    report_: Annotated[bool, typer.Option("--report", help=t("Show afterwards what was asked of each host."))] = False,
    fail_on: Annotated[
        FailOn, typer.Option(help=t('"new": exit 0 where no source failed that had not failed before.'))
    ] = "any",
) -> None:
    from functools import partial
    from random import Random

    from yuqing_cli.adapters.files import locked
    from yuqing_cli.workflows.fetch import Fetch
    from yuqing_cli.workflows.outcome import Report

    station, words = open_station(context)
    wanted = chosen(station, sources or [])
    with locked(station.lock, WAIT) as mine:
        if not mine:
            say(words("another fetch is at work on this station; this one leaves"))
            if json_:
                print_json(_twin(Report(), words))
            raise typer.Exit(DONE)
        with station.store() as store, door.opened(station, store, words, save=save, replay=replay) as web:
            judge, faults = _judge(station, store, words)
            tell = partial(describe, t=words)
            extractor = _extractor(station)
            work = Fetch(store, web, judge, station.clock, Random(), tell, station.folder, extractor)  # noqa: S311
            now = force or bool(sources) or replay is not None
            if replay is None:
                work.hire(wanted, force=now)
            with progress(len(wanted), show=on_terminal() and not json_) as tick:
                report = work.run(wanted, force=now, progress=tick)
            _retain(station, store, words)
    if report_ and not json_:
        door.show_ledger(web.ledger, words)
    more = {"ledger": door.ledger_twin(web.ledger)} if report_ else {}
    _finish(report, faults, words, json_=json_, more=more, fail_on=fail_on)


fetch.__doc__ = t("Ask the sources that are due; store, match and score what is new.")


def _retain(station: "Station", store: "Store", words: i18n.Translate) -> None:
    """Retention, once a day. What it cannot do today (a full disk) must not make the fetch fail: tomorrow it tries again."""
    from yuqing_cli.workflows.keep import purge_daily

    try:
        purge_daily(store, station.settings.privacy, station.clock())
    except StoreError as error:
        say(words("old text was not removed today: {reason}", reason=describe(error, words)))


def chosen(station: "Station", names: list[str]) -> "list[Source]":
    """The named sources, or all. Raises ``UsageError`` with the nearest name."""
    from yuqing_cli.validate import nearest

    known = {source.name: source for source in station.settings.sources}
    for name in names:
        if name not in known:
            near = nearest(name, known)
            text = (
                "there is no source {name}; did you mean {near}?"
                if near
                else "there is no source {name} in yuqing.toml"
            )
            raise UsageError(text, name=name, near=near)
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def _extractor(station: "Station") -> str:
    """The chosen extractor of article texts. Raises ``UsageError`` with the line that installs it."""
    from yuqing_cli.sources.article_trafilatura import installed

    extractor = station.settings.fetch.extractor
    if extractor == "trafilatura" and not installed():
        extra = '"yuqing-cli[extract]"'
        raise UsageError('[fetch] extractor = "trafilatura" needs an extra: pip install {extra}', extra=extra)
    return extractor


def _judge(station: "Station", store: "Store", words: i18n.Translate) -> "tuple[Judge, tuple[Problem, ...]]":
    """The packs to judge with; faulty ones never stop a fetch (the last good set is used, it is said, and the exit status tells)."""
    from yuqing_cli.enrich.match import Matcher
    from yuqing_cli.workflows.outcome import Judge

    keywords, faults = station.good_keywords(store)
    if not faults:
        store.save_packs(keywords.hash, keywords.files, station.clock())
    else:
        for line in problem_lines(faults, words):
            say(line)
        text = "the keyword packs are faulty, and no good ones are kept: posts are stored unmatched"
        if keywords.packs:
            text = "the keyword packs are faulty: posts are judged by the last good ones"
        say(words(text))
    return Judge(Matcher(keywords), station.settings.scoring, station.settings.privacy.mask), faults


def ingest(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=t("Files of rows: JSONL, CSV or Parquet."))],
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.ingest import Ingest

    station, words = open_station(context)
    with station.store() as store:
        judge, faults = _judge(station, store, words)
        work = Ingest(store, station.settings, judge, station.clock, station.zone)
        report = work.run(files)
    for line in problem_lines(work.warnings, words):
        say(line)
    _finish(report, faults, words, json_=json_)


ingest.__doc__ = t("Store, match and score rows from files, the same way as fetched posts; no network.")


def _finish(
    report: "Report",
    faults: tuple[Problem, ...],
    words: i18n.Translate,
    *,
    json_: bool,
    more: Mapping[str, Any] | None = None,
    fail_on: FailOn = "any",
) -> None:
    # Cron is told of what is new; a person also of a further page or an article that could not be read.
    for failure in [*report.failures, *report.remarks] if on_terminal() else report.failures:
        if failure.first or on_terminal():
            say(words("{source}: {reason}", source=failure.source, reason=describe(failure.reason, words)))
    if json_:
        print_json(_twin(report, words) | dict(more or {}))
    elif on_terminal():
        say(_summary(report, words))
    raise typer.Exit(CONFIG if faults else _status(report, fail_on))


def _status(report: "Report", fail_on: FailOn) -> int:
    if not report.failed:
        return DONE
    if fail_on == "new" and _some_worked(report) and not any(failure.first for failure in report.failures):
        return DONE
    return SOME_FAILED if _some_worked(report) else ALL_FAILED


def _some_worked(report: "Report") -> bool:
    return bool(report.ok + report.not_modified + report.posts_seen)


def _summary(report: "Report", words: i18n.Translate) -> str:
    saved = report.saved
    text = "sources asked: {sources}, failed: {failed}; posts new: {new}, changed: {changed}, matched: {matched}; new events: {events}"
    counts = {"new": saved.new, "changed": saved.changed, "matched": saved.matched, "events": saved.events_new}
    return words(text, sources=report.sources, failed=report.failed, **counts)


def _error(failure: "Failure", words: i18n.Translate) -> dict[str, str]:
    return {"source": failure.source, "kind": failure.kind, "reason": describe(failure.reason, words)}


def _twin(report: "Report", words: i18n.Translate) -> dict[str, Any]:
    return {
        "schema": 1,
        "sources": report.sources,
        "ok": report.ok,
        "not_modified": report.not_modified,
        "failed": report.failed,
        "disallowed": report.disallowed,
        "posts_seen": report.posts_seen,
        "posts_new": report.saved.new,
        "posts_changed": report.saved.changed,
        "matched": report.saved.matched,
        "events_new": report.saved.events_new,
        "refused_dates": report.refused_dates,
        "seconds": report.seconds,
        "articles": report.articles,
        "errors": [_error(failure, words) for failure in report.failures],
    }


COMMANDS = {"fetch": fetch, "ingest": ingest}
