"""keywords import: packs from the word lists of other programs."""

from pathlib import Path
from typing import Annotated

import typer

from yuqing_cli import i18n

from .face import open_station, problem_lines, say

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
    text = "{file}: {topics} topics; {remarks} things could not be kept. Next: yuqing keywords check"
    say(words(text, file=path, topics=made.topics, remarks=len(made.remarks)))


import_.__doc__ = t("Make a pack of TrendRadar's frequency_words.txt; says what cannot be kept, with its line.")

COMMANDS = (("import", import_),)
