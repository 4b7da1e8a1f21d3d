"""keywords list, check, test."""

from typing import Annotated

import typer

from yuqing_cli import i18n

from .face import CONFIG, DONE, open_station, print_json, problem_lines, remark_faults, say

t = i18n.choose()
app = typer.Typer(help=t("The keyword packs: list, check, try."), no_args_is_help=True, rich_markup_mode=None)


def list_(context: typer.Context) -> None:
    from yuqing_cli.adapters.terminal import table

    station, words = open_station(context)
    loaded = station.keywords
    rows = [
        (
            pack.name,
            pack.title,
            str(sum(rule.kind == "subject" for rule in pack.rules)),
            str(sum(rule.kind == "topic" for rule in pack.rules)),
            str(sum(len(rule.any) + len(rule.all) + len(rule.none) for rule in pack.rules)),
        )
        for pack in loaded.keywords.packs
    ]
    table([words(name) for name in ("pack", "title", "subjects", "topics", "terms")], rows)
    remark_faults(loaded.problems, words)


list_.__doc__ = t("List the packs with the number of their subjects, topics and terms.")


def check(context: typer.Context) -> None:
    station, words = open_station(context)
    loaded = station.keywords
    for line in problem_lines(loaded.problems, words):
        say(line)
    for line in problem_lines(loaded.warnings, words):
        say(words("warning: {line}", line=line))
    rules = sum(1 for _ in loaded.keywords.rules)
    if not loaded.problems:
        typer.echo(words("{packs} packs, {rules} rules: no faults", packs=len(loaded.keywords.packs), rules=rules))
    raise typer.Exit(CONFIG if loaded.problems else DONE)


check.__doc__ = t("Report every fault of every pack, with file, line and column.")


def test(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=t("Judged as a title."))],
    json_: Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))] = False,
) -> None:
    from yuqing_cli.enrich.match import Matcher

    station, words = open_station(context)
    match = Matcher(station.keywords.require()).match(text, "")
    if json_:
        hits = [
            {
                "term": hit.term,
                "topic": hit.rule if hit.kind == "topic" else None,
                "subject": hit.rule if hit.kind == "subject" else None,
                "field": hit.field,
                "start": hit.start,
                "end": hit.end,
                "boundary": hit.boundary,
            }
            for hit in match.hits
        ]
        print_json({"schema": 1, "topics": list(match.topics), "subjects": list(match.subjects), "hits": hits})
        return
    if not match.hits:
        typer.echo(words("no rule fires"))
    for hit in match.hits:
        typer.echo(f"{hit.kind} {hit.pack}/{hit.rule}: {hit.term} [{hit.start}:{hit.end}] {text[hit.start : hit.end]}")


test.__doc__ = t("Which rules fire on a text, and where.")


def explain(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="ID", help=t("Id of a topic or a subject."))],
) -> None:
    from yuqing_cli.errors import UsageError
    from yuqing_cli.packs.model import as_query
    from yuqing_cli.packs.query import explain as say_rule
    from yuqing_cli.validate import nearest

    station, words = open_station(context)
    rules = [found for found in station.keywords.keywords.rules if found.id == rule]
    if not rules:
        near = nearest(rule, {found.id for found in station.keywords.keywords.rules})
        text = "there is no rule {id} in the packs"
        if near:
            text = "there is no rule {id} in the packs; did you mean {near}?"
        raise UsageError(text, id=rule, near=near)
    for found in rules:
        where = f"{found.pack}/{found.id} ({found.file}:{found.line})"
        typer.echo(words("{source}: {reason}", source=where, reason=say_rule(as_query(found), words)))


explain.__doc__ = t("Say a rule in plain words.")

app.command("list")(list_)
app.command("check")(check)
app.command("test")(test)
app.command("explain")(explain)
