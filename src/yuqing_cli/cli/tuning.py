"""mark: the desk's verdicts, which the tools for tuning the packs learn from."""

from typing import Annotated, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import open_station, print_json

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
VERDICTS = {"relevant": i18n.mark("relevant"), "noise": i18n.mark("noise")}


def mark(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help=t("Id of a post or an event, or its beginning."))],
    verdict: Annotated[Literal["relevant", "noise"], typer.Argument(help=t("What the desk says of it."))],
    json_: Json = False,
) -> None:
    station, words = open_station(context)
    with station.store(create=False) as store:
        posts = store.meant(id_)
        if not posts:
            raise UsageError("there is no post and no event {id}, or several begin so", id=id_)
        changed = store.mark(posts, verdict, station.clock())
        passages = store.passages(posts, station.clock())
    if json_:
        print_json({"schema": 1, "verdict": verdict, "posts": posts, "changed": changed})
        return
    for post in posts:
        typer.echo(f"{words(VERDICTS[verdict])}  {post}  {passages[post].title}")


mark.__doc__ = t("Say of a post, or of all posts of an event, that it concerned the desk or was noise.")

COMMANDS = {"mark": mark}
