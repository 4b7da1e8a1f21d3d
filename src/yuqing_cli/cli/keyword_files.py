"""keywords update, import: packs from the program's own, and from the word lists of other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n

from .face import CONFIG, DONE, agreed, harmless, open_station, print_json, problem_lines, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yuqing_cli.workflows.update_packs import Step

t = i18n.choose()


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("TrendRadar's frequency_words.txt."))],
    name: Annotated[str, typer.Option("--name", help=t("Name of the pack; else that of the file."))] = "",
    boundary: Annotated[
        bool, typer.Option("--boundary", help=t("Let short words obey word boundaries; else any substring counts."))
    ] = False,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help=t("Write there, or to stdout (-), not to keywords/."))
    ] = "",
    force: Annotated[bool, typer.Option("--force", help=t("Replace a file that is there."))] = False,
) -> None:
    import re

    from yuqing_cli.adapters.files import write_out
    from yuqing_cli.station import KEYWORDS
    from yuqing_cli.workflows.import_pack import read_list, write_pack

    station, words = open_station(context)
    name = name or re.sub(r"[^A-Za-z0-9_.-]+", "_", file.stem).lstrip("._-")[:64] or "imported"
    made = read_list(file, name, word=boundary)
    for line in problem_lines(made.remarks, words):
        say(line)
    if output == "-":
        write_out([made.text])
        return
    path = Path(output) if output else station.folder / KEYWORDS / f"{name}.toml"
    write_pack(made, path, force=force)
    text = "{file}: topics: {topics}; could not be kept: {remarks}. Next: yuqing keywords check"
    say(words(text, file=path, topics=made.topics, remarks=len(made.remarks)))


import_.__doc__ = t("Make a pack of TrendRadar's frequency_words.txt; says what cannot be kept, with its line.")

STATES = {
    "new": i18n.mark("a new pack"),
    "merged": i18n.mark("changed"),
    "conflict": i18n.mark("contradicts your edits: left as it is"),
    "unknown": i18n.mark("differs, and from which version you began is not known: left as it is"),
    "deleted": i18n.mark("you deleted it: left out"),
    "faulty": i18n.mark("your file has faults: mend them first (yuqing keywords check)"),
    "gone": i18n.mark("no longer shipped: left as it is"),
}
OPEN = {"conflict", "unknown", "faulty"}


def update(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help=t("Write without asking."))] = False,
    conflicts: Annotated[
        Literal["mine", "shipped"] | None, typer.Option("--conflicts", help=t("Whose word counts where both changed."))
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help=t("Change no pack: take your files as they are for up to date."))
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))] = False,
) -> None:
    from yuqing_cli.workflows.update_packs import plan, remember, write

    station, words = open_station(context)
    steps = plan(station.folder, conflicts)
    if keep:
        for step in steps:
            if step.before:
                remember(station.folder, step)
        say(words("your packs count as up to date with the shipped ones"))
        return
    if not json_:
        _show(steps, words)
    writing = any(step.writes for step in steps)
    written: list[Path] = []
    if yes or not writing or (not json_ and agreed(words, i18n.mark("Write this to keywords/?"), yes=yes)):
        written = write(station.folder, steps, station.clock())
    if json_:
        print_json({"schema": 1, "files": [_row(step) for step in steps], "kept": [str(path) for path in written]})
    for path in written:
        say(words("the file before is kept as {file}", file=path))
    raise typer.Exit(CONFIG if any(step.state in OPEN for step in steps) else DONE)


update.__doc__ = t("Bring changes of the shipped packs into your own: edits are kept, the difference is shown first.")


def _show(steps: "Sequence[Step]", words: i18n.Translate) -> None:
    from difflib import unified_diff

    for step in steps:
        if step.state != "same":
            typer.echo(words("{file}: {state}", file=step.name, state=words(STATES[step.state])))
        if step.state == "merged" or step.state == "unknown":
            before, after = (step.before, step.after) if step.writes else (step.before, step.shipped)
            lines = unified_diff(before.splitlines(), after.splitlines(), step.name, step.name, n=1, lineterm="")
            typer.echo(harmless("".join(f"  {line}\n" for line in lines)), nl=False)
        for conflict in step.conflicts:
            typer.echo(words("  in {section} both changed one place", section=conflict.section))
            for name, text in (("you", conflict.mine), ("shipped", conflict.shipped)):
                typer.echo(harmless(f"    {words(SIDES[name])}: {text or words('(nothing)')}"))
    if all(step.state in {"same", "deleted", "gone"} for step in steps):
        typer.echo(words("the packs are up to date"))
    if any(step.state == "conflict" for step in steps):
        typer.echo(words("--conflicts mine or shipped says whose word counts there"))
    if any(step.state == "unknown" for step in steps):
        typer.echo(words("merge these by hand, then: yuqing keywords update --keep"))


SIDES = {"you": i18n.mark("you"), "shipped": i18n.mark("shipped")}


def _row(step: "Step") -> dict[str, object]:
    return {
        "file": step.name,
        "state": step.state,
        "changed": step.writes,
        "conflicts": [
            {"section": c.section, "base": c.base, "mine": c.mine, "shipped": c.shipped} for c in step.conflicts
        ],
    }


COMMANDS = {"update": update, "import": import_}
