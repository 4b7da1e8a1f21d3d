"""keywords list, check, test, explain, slang."""

from typing import TYPE_CHECKING, Annotated

import typer

from yuqing_cli import i18n

from .face import CONFIG, DONE, harmless, open_station, print_json, remark_faults
from .findings import finding_row, print_findings, summary
from .slang_rows import print_slang, slang_line, slang_row

if TYPE_CHECKING:
    from yuqing_cli.packs.model import KeywordSet, Rule

t = i18n.choose()
HELP = t("The keyword packs: list, check, try.")
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]


def list_(context: typer.Context) -> None:
    from yuqing_cli.adapters.terminal.drawing import table
    from yuqing_cli.text import clean_line

    station, words = open_station(context)
    loaded = station.keywords
    rows = [
        (
            pack.name,
            clean_line(pack.title),
            str(sum(rule.kind == "subject" for rule in pack.rules)),
            str(sum(rule.kind == "topic" for rule in pack.rules)),
            str(sum(len(rule.any) + len(rule.all) + len(rule.none) for rule in pack.rules)),
        )
        for pack in loaded.keywords.packs
    ]
    table([words(name) for name in ("pack", "title", "subjects", "topics", "terms")], rows)
    remark_faults(loaded.problems, words)


list_.__doc__ = t("List the packs with the number of their subjects, topics and terms.")


def check(
    context: typer.Context,
    hints: Annotated[bool, typer.Option("--hints", help=t("Show the hints too, which change no post."))] = False,
    json_: Json = False,
) -> None:
    from yuqing_cli.packs.lint_shapes import Finding
    from yuqing_cli.workflows.check_packs import check_packs

    station, words = open_station(context)
    loaded = station.keywords
    findings = (
        *(Finding("error", "fault", problem) for problem in loaded.problems),
        *(Finding("warning", "caution", problem) for problem in loaded.warnings),
        *check_packs(station),
    )
    if json_:
        print_json({"schema": 1, "findings": [finding_row(finding, station.folder, words) for finding in findings]})
    else:
        print_findings([f for f in findings if hints or f.severity != "hint"], station.folder, words)
        typer.echo(summary(findings, loaded.keywords, words, hints=hints))
    raise typer.Exit(CONFIG if any(finding.severity == "error" for finding in findings) else DONE)


check.__doc__ = t("Report faults, dead rules and what is unwise in the packs, with file, line and column.")


def test(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=t("Judged as a title."))],
    json_: Json = False,
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
        said = f"{hit.kind} {hit.pack}/{hit.rule}: {hit.term} [{hit.start}:{hit.end}] {text[hit.start : hit.end]}"
        typer.echo(harmless(said))
    print_slang(text, station.keywords.keywords, words)


test.__doc__ = t("Which rules fire on a text, and where.")


def explain(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="ID", help=t("Id of a topic or a subject."))],
) -> None:
    from yuqing_cli.packs.model import as_query
    from yuqing_cli.packs.query import explain as say_rule

    station, words = open_station(context)
    for found in check_rule(rule, station.keywords.keywords):
        where = f"{found.pack}/{found.id} ({found.file}:{found.line})"
        typer.echo(harmless(words("{source}: {reason}", source=where, reason=say_rule(as_query(found), words))))
        if found.kind == "topic":
            text = "{title}, severity {severity}, owner: {owner}"
            owner = found.owner or words("nobody")
            typer.echo("  " + harmless(words(text, title=found.title, severity=found.severity, owner=owner)))
        if found.playbook:
            typer.echo("  " + harmless(words("first: {playbook}", playbook=found.playbook)))


explain.__doc__ = t("Say a rule in plain words.")


def check_rule(rule: str, keywords: "KeywordSet") -> "list[Rule]":
    """The rules of an id, of all packs. Raises ``UsageError`` with the nearest one; no id is no rule."""
    from yuqing_cli.errors import UsageError
    from yuqing_cli.validate import nearest

    rules = [found for found in keywords.rules if found.id == rule]
    if rule and not rules:
        near = nearest(rule, {found.id for found in keywords.rules})
        text = "there is no rule {id} in the packs"
        if near:
            text = "there is no rule {id} in the packs; did you mean {near}?"
        raise UsageError(text, id=rule, near=near)
    return rules


def slang(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=t("A word of the net, or a text with some in it."))] = "",
    json_: Json = False,
) -> None:
    from yuqing_cli.packs.slang import explained

    station, words = open_station(context)
    entries = station.keywords.keywords.slang
    found = list(explained(text, entries) if text else entries)
    if json_:
        print_json({"schema": 1, "words": [slang_row(entry) for entry in found]})
        return
    for entry in found:
        typer.echo(slang_line(entry, words))
    if not found:
        typer.echo(words("no word of the net that the packs explain"))
    remark_faults(station.keywords.problems, words)


slang.__doc__ = t("What the words of the net in a text mean; without a text, all that the packs explain.")

COMMANDS = {"list": list_, "check": check, "test": test, "explain": explain, "slang": slang}
