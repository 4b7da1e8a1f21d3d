"""why and why-not: explanations of single posts."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from yuqing_cli import i18n

from .face import open_station, print_json, remark_faults, say
from .slang_rows import slang_line

if TYPE_CHECKING:
    from yuqing_cli.adapters.store import Store
    from yuqing_cli.packs.model import Rule
    from yuqing_cli.station import Station
    from yuqing_cli.workflows.explain import Explained, Found
    from yuqing_cli.workflows.missed import Missed
    from yuqing_cli.workflows.why_not import Finding, Said, WhyNot

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
Url = Annotated[str, typer.Argument(metavar="URL", help=t("The address of the report."))]


def why(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help=t("Id of a post, or its beginning, as a digest prints it."))],
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.explain import explain

    station, words = open_station(context)
    with station.store(create=False) as store:
        keywords, faults = station.good_keywords(store)
        made = explain(store, keywords, id_, station.clock())
    if json_:
        print_json(_why_twin(made))
        return
    for line in _why_lines(made, words):
        say_out(line)
    if made.stale:
        say(words("other packs judged it than there are today: yuqing rescore judges it again"))
    remark_faults(faults, words)


why.__doc__ = t("Why a post has its score: every part, every rule with its line, every hit.")


def say_out(line: str) -> None:
    """A line of the product. What a stranger wrote is shown, not obeyed."""
    typer.echo("".join(c if c.isprintable() else " " for c in line))


def _why_lines(made: "Explained", words: i18n.Translate) -> list[str]:
    from yuqing_cli.render.words import PARTS

    post = made.post
    lines = [post.title]
    for part in post.parts:
        name = words(PARTS.get(part.name, part.name))
        lines.append(f"  {name}: 100 × {part.weight:.2f} × {part.value:.3f} = {part.points:.1f}")
    lines.append("  " + words("score: {score}", score=f"{post.score:.1f}"))
    rules: dict[tuple[str, str, str], list[Found]] = {}
    for found in made.found:
        rules.setdefault((found.hit.kind, found.hit.pack, found.hit.rule), []).append(found)
    for (kind, pack, rule), founds in rules.items():
        lines.append(f"{words(KINDS[kind])} {pack}/{rule}{_origin(founds[0].rule, words)}")
        lines += [_hit_line(found, words) for found in founds]
    for exclusion, rule_ in made.excluded:
        name = f"{exclusion.pack}/{exclusion.rule}{_origin(rule_, words)}"
        lines.append(words("held back: {rule}, by its exclusion {term}", rule=name, term=exclusion.term))
    if not (made.found or made.excluded):
        lines.append("  " + words("no rule fires"))
    if made.slang:
        lines.append(words("words of the net in it:"))
        lines += [f"  {slang_line(entry, words)}" for entry in made.slang]
    return lines


KINDS = {"topic": i18n.mark("topic"), "subject": i18n.mark("subject")}


def _origin(rule: "Rule | None", words: i18n.Translate) -> str:
    if rule is None:
        return ""
    if rule.kind == "subject":
        return words(" ({title}, {where})", title=rule.title, where=rule.where)
    text = " ({title}, severity {severity}, {where})"
    return words(text, title=rule.title, severity=rule.severity, where=rule.where)


def _hit_line(found: "Found", words: i18n.Translate) -> str:
    hit = found.hit
    line = f"  {words(hit.field)} {hit.start}–{hit.end}: {found.raw}"
    if found.raw != hit.term:
        line += words(" (term {term})", term=hit.term)
    return line if hit.weight == 1 else line + f" ×{hit.weight:g}"


def _why_twin(made: "Explained") -> dict[str, Any]:
    from yuqing_cli.records import as_dict

    post = made.post
    parts = [{"name": p.name, "value": p.value, "weight": p.weight, "points": p.points} for p in post.parts]
    hits = [as_dict(found.hit) | {"raw": found.raw} | _place(found.rule) for found in made.found]
    excluded = [as_dict(exclusion) | _place(rule) for exclusion, rule in made.excluded]
    twin = {"schema": 1, "id": post.id, "title": post.title, "score": post.score, "parts": parts, "hits": hits}
    return twin | {"excluded": excluded, "packs": post.packs, "stale": made.stale}


def _place(rule: "Rule | None") -> dict[str, Any]:
    return {"file": rule.file if rule else None, "line": rule.line if rule else None}


def why_not(
    context: typer.Context,
    url: Url,
    date: Annotated[str, typer.Option("--date", metavar="DATE", help=t("In the digest of that day."))] = "",
    json_: Json = False,
) -> None:
    station, words = open_station(context)
    with station.store() as store:
        finding = asker(station, store, date)[0].of(url)
    if json_:
        print_json(finding_twin(finding, words))
        return
    for line in finding_lines(finding, words):
        say_out(line)
    remark_faults(station.keywords.problems, words)


why_not.__doc__ = t("Why an address is not in the digest: where it stopped, and what would mend that.")


def asker(station: "Station", store: "Store", date: str = "") -> "tuple[WhyNot, Missed]":
    """What finds out where an address stopped, and what keeps the cases that were missed."""
    from yuqing_cli.enrich.match import Matcher
    from yuqing_cli.workflows.missed import Missed
    from yuqing_cli.workflows.why_not import WhyNot

    now, matcher = station.clock(), Matcher(station.good_keywords(store)[0])
    asker = WhyNot(store, station.settings, matcher, now, date)
    return asker, Missed(store, asker, matcher, now, masked=station.settings.privacy.mask)


STAGES = {
    "not_configured": i18n.mark("no source for it"),
    "disallowed": i18n.mark("forbidden by robots.txt"),
    "refused": i18n.mark("its source is not asked"),
    "not_fetched": i18n.mark("not fetched"),
    "not_parsed": i18n.mark("not read"),
    "purged": i18n.mark("text removed"),
    "not_matched": i18n.mark("stored, but no rule fires"),
    "excluded": i18n.mark("excluded"),
    "below_threshold": i18n.mark("below the threshold"),
    "baseline": i18n.mark("stored silently"),
    "outside_window": i18n.mark("outside the window"),
    "late": i18n.mark("late arrival"),
    "merged": i18n.mark("part of an event"),
    "shown": i18n.mark("in the digest"),
}


def finding_lines(finding: "Finding", words: i18n.Translate) -> list[str]:
    """Where an address stopped, and what would mend that."""
    lines = [words("{source}: {reason}", source=words(STAGES[finding.stage]), reason=_said(finding.detail, words))]
    if finding.fix:
        lines.append("  → " + _said(finding.fix, words))
    return lines


def _said(said: "Said", words: i18n.Translate) -> str:
    return words(said.text, **said.values)


def finding_twin(finding: "Finding", words: i18n.Translate) -> dict[str, Any]:
    """The same for programs."""
    fix = _said(finding.fix, words) if finding.fix else None
    twin = {"schema": 1, "stage": finding.stage, "detail": _said(finding.detail, words), "fix": fix}
    return twin | {"post": finding.post or None}


COMMANDS = {"why": why, "why-not": why_not}
