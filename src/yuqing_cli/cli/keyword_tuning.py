"""keywords diff, health, suggest: what an edit of the packs would do, what each rule does, and what the marks ask for."""

from typing import Annotated, Any, Literal

import typer

from yuqing_cli import i18n

from .face import on_terminal, open_station, print_json, progress, remark_faults, say
from .keywords import check_rule

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
Days = Annotated[int, typer.Option("--days", min=1, max=3650, help=t("Posts first seen in so many days."))]


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help=t("A folder or a file of packs, or now, last, shipped."))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=t("The same; a file takes the place of its pack in OLD."))],
    days: Days = 30,
    top: Annotated[int, typer.Option("--top", min=0, max=1000, help=t("Samples of each rule and direction."))] = 3,
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.diff_packs import both_sets, difference

    station, words = open_station(context)
    with station.store(create=False) as store:
        sets = both_sets(station, store, old, new)
        with progress(store.totals()[0], show=on_terminal() and not json_) as tick:
            found = difference(station, store, sets, days, top, tick)
    titles: dict[tuple[str, str], str] = {
        (rule.kind, rule.id): rule.title for keywords in sets for rule in keywords.rules
    }
    if json_:
        print_json(_twin(found, titles, station.zone))
        return
    from yuqing_cli.adapters.terminal.drawing import table
    from yuqing_cli.text import clean_line

    edit = found.edit
    typer.echo(
        words(
            "rules: {added} added, {removed} removed, {changed} changed",
            added=edit.added,
            removed=edit.removed,
            changed=edit.changed,
        )
    )
    text = "posts: {posts} (days: {days}); newly matched: {gained}, no longer: {lost}, other topics: {moved}"
    typer.echo(words(text, posts=found.posts, days=days, gained=found.gained, lost=found.lost, moved=found.moved))
    if not found.rules:
        return
    rows = [
        (clean_line(titles[ref]), ref[1], f"+{gained}", f"-{lost}")
        for ref, (gained, lost) in sorted(found.rules.items())
    ]
    typer.echo()
    table([words(name) for name in ("title", "rule", "gained", "lost")], rows)
    typer.echo()
    table(
        ["", words("first seen"), words("post"), words("rule"), words("title")],
        [_row(sample, station.zone) for sample in found.samples],
    )


diff.__doc__ = t("Which stored posts would be gained, lost or change topic by an edit of the packs. Writes nothing.")


def _row(sample: Any, zone: Any) -> tuple[str, ...]:
    change = sample.change
    rules = [f"+{name}" for _, name in sorted(change.gained)] + [f"-{name}" for _, name in sorted(change.lost)]
    sign = "~" if change.matched_before and change.matched_after else "+" if change.matched_after else "-"
    return (sign, f"{sample.at.astimezone(zone):%m-%d %H:%M}", sample.post, " ".join(rules), sample.title)


def _twin(found: Any, titles: Any, zone: Any) -> dict[str, object]:
    return {
        "schema": 1,
        "posts": found.posts,
        "gained": found.gained,
        "lost": found.lost,
        "moved": found.moved,
        "edit": {"added": found.edit.added, "removed": found.edit.removed, "changed": found.edit.changed},
        "rules": [
            {"kind": kind, "rule": name, "title": titles[kind, name], "gained": gained, "lost": lost}
            for (kind, name), (gained, lost) in sorted(found.rules.items())
        ],
        "samples": [
            {
                "post": sample.post,
                "first_seen": sample.at.astimezone(zone).isoformat(),
                "title": sample.title,
                "gained": [name for _, name in sorted(sample.change.gained)],
                "lost": [name for _, name in sorted(sample.change.lost)],
                "terms": list(sample.change.terms),
            }
            for sample in found.samples
        ],
    }


Sort = Literal["hits", "alone", "noise", "last", "rule"]


def health(
    context: typer.Context,
    days: Days = 30,
    terms: Annotated[bool, typer.Option("--terms", help=t("Each term, not each rule."))] = False,
    rule: Annotated[str, typer.Option("--rule", help=t("The terms of this rule only."))] = "",
    silent: Annotated[bool, typer.Option("--silent", help=t("Only what had no hit."))] = False,
    sort: Annotated[Sort, typer.Option("--sort", help=t("Order of the lines."))] = "hits",
    top: Annotated[int, typer.Option("--top", min=0, help=t("Lines that are shown; 0 shows all."))] = 40,
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.health_packs import health as count

    from .health_rows import order, print_health, rows_of, twin

    station, words = open_station(context)
    with station.store(create=False) as store:
        keywords = station.good_keywords(store)[0]
        check_rule(rule, keywords)
        with progress(store.totals()[0], show=on_terminal() and not json_) as tick:
            counts = count(station, store, keywords, days, tick)
    remark_faults(station.keywords.problems, words)
    rows = order(rows_of(counts, rule, terms=terms or bool(rule), silent=silent), sort)
    if json_:
        print_json(twin(counts, rows, station.zone))
        return
    print_health(counts, rows, top, days, station.zone, words)


health.__doc__ = t("What each rule and term did: hits, last hit, posts that it alone brought, share marked as noise.")


def suggest(
    context: typer.Context,
    topic: Annotated[str, typer.Option("--topic", help=t("Only this topic or subject."))] = "",
    top: Annotated[int, typer.Option("--top", min=1, max=100, help=t("Words of each kind."))] = 10,
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.suggest_terms import suggestions

    from .suggestion_rows import print_suggestion, too_few, twin_of

    station, words = open_station(context)
    with station.store(create=False) as store:
        keywords = station.good_keywords(store)[0]
        check_rule(topic, keywords)
        found = suggestions(station, store, keywords, topic, top)
    if json_:
        print_json({"schema": 1, "rules": [twin_of(rule, suggestion) for rule, suggestion in found]})
        return
    remark_faults(station.keywords.problems, words)
    shown = [(rule, suggestion) for rule, suggestion in found if suggestion.exclude or suggestion.add]
    for rule, suggestion in shown:
        print_suggestion(rule, suggestion, station.folder, words)
    if not shown:
        say(too_few(found, words))


suggest.__doc__ = t("Words that would exclude noise or find more, learnt from posts that were marked. Writes nothing.")

COMMANDS = {"diff": diff, "health": health, "suggest": suggest}
