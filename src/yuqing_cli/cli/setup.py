"""init, demo: a new station."""

from pathlib import Path
from typing import Annotated

import typer

from yuqing_cli import i18n

from .face import say

t = i18n.choose()


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=t("Where to make the station."))] = Path(),
    name: Annotated[str, typer.Option(help=t("Name of the desk; it heads the digest."))] = "",
    contact: Annotated[str, typer.Option(help=t("Where a site's owner reaches you; goes into the User-Agent."))] = "",
) -> None:
    from yuqing_cli.workflows.init import init as make

    language = i18n.from_environment()
    default = folder.resolve().name or "yuqing"
    make(folder, name=name or default, language=language, contact=contact)
    say(t("A station is ready in {folder}.", folder=folder))
    say(t("Next: look through yuqing.toml and keywords/us.toml, then run yuqing fetch and yuqing digest --today."))
    if not contact:
        say(t("Please fill in [station] contact, so that the owners of the sites can reach you."))


init.__doc__ = t("Make a new station: settings, a catalogue of public feeds, keyword packs.")


def demo(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help=t("Where to leave the demo station; default ./yuqing-demo."))
    ] = None,
) -> None:
    import subprocess
    import sys

    from yuqing_cli.adapters.demo_server import DemoServer
    from yuqing_cli.times import now_utc
    from yuqing_cli.workflows import demo as workflow

    folder = folder or workflow.free_folder(Path.cwd())
    say(t("A day in 青禾县, a made-up town, served on this machine: no network needed."))
    with DemoServer(now_utc()) as server:
        workflow.prepare(folder, server.sources(), i18n.from_environment())
        # The real program in processes of its own: what the demo shows is what a user gets.
        workflow.run(folder, lambda words: subprocess.call([sys.executable, "-m", "yuqing_cli", *words]))
    say(t("The demo station stays in {folder}: look at yuqing.toml, keywords/, digests/.", folder=folder))


demo.__doc__ = t("A full run on a bundled, fictional town; no network needed.")

COMMANDS = {"init": init, "demo": demo}
