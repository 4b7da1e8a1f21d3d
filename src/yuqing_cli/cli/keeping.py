"""purge, backup, restore, merge: what keeps the archive small, private and safe."""

from pathlib import Path
from typing import Annotated

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import WAIT, on_terminal, open_station, print_json, progress, say

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
BUSY = i18n.mark("another command is at work on this station; try again when it has ended")


def purge(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("Say what would go, and change nothing."))] = False,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help=t("Rewrite the file even where little of it is empty."))
    ] = False,
    json_: Json = False,
) -> None:
    from yuqing_cli.adapters.files import locked
    from yuqing_cli.adapters.terminal.drawing import size
    from yuqing_cli.workflows import keep

    station, words = open_station(context)
    privacy, now = station.settings.privacy, station.clock()
    with locked(station.lock, WAIT) as mine, station.store(create=False) as store:
        due = keep.would_purge(store, privacy, now)
        if dry_run:
            done = due
        elif not mine:
            raise UsageError(BUSY)
        else:
            with progress(due.posts, show=on_terminal() and not json_) as tick:
                done = keep.purge(
                    store, privacy, now, rewrite=rewrite or None, progress=lambda posts: tick(advance=posts)
                )
    if json_:
        head = {"schema": 1, "dry_run": dry_run, "matched": done.matched, "unmatched": done.unmatched}
        print_json(head | {"rewritten": bool(done.rewritten), "bytes_before": done.before, "bytes_after": done.after})
        return
    counts = {"matched": done.matched, "unmatched": done.unmatched}
    if dry_run:
        typer.echo(words("would remove the text of posts; matched: {matched}, others: {unmatched}", **counts))
        return
    sizes = {"before": size(done.before), "after": size(done.after)}
    text = "removed the text of posts; matched: {matched}, others: {unmatched}; {before} before, {after} after"
    typer.echo(words(text, **counts, **sizes))


purge.__doc__ = t("Remove text that is older than [privacy] allows; keys and counts stay. fetch does it once a day.")


def backup(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help=t("Where the copy goes (default: backups/ in the station)."))
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help=t("How many copies stay in the folder."))] = 7,
    json_: Json = False,
) -> None:
    from yuqing_cli.workflows.keep import backup as make

    station, words = open_station(context)
    folder = folder or station.folder / "backups"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("{file} cannot be written: {reason}", file=folder, reason=error.strerror) from error
    with station.store(create=False) as store:
        copied = make(store, folder, station.clock().astimezone(station.zone), keep)
    if json_:
        removed = [str(path) for path in copied.removed]
        print_json({"schema": 1, "file": str(copied.path), "posts": copied.posts, "removed": removed})
        return
    typer.echo(words("{file}: proven, posts: {posts}", file=copied.path, posts=copied.posts))
    for path in copied.removed:
        say(words("removed the older copy {file}", file=path))


backup.__doc__ = t("Copy the database while it is in use, prove the copy, and keep the newest few.")


def restore(
    context: typer.Context,
    copied: Annotated[Path, typer.Argument(metavar="FILE", help=t("A copy that backup wrote."))],
    force: Annotated[bool, typer.Option("--force", help=t("Replace the database that is there."))] = False,
    json_: Json = False,
) -> None:
    from yuqing_cli import station as stations
    from yuqing_cli.adapters.files import locked
    from yuqing_cli.workflows.keep import restore as put_back

    station, words = open_station(context)
    path = station.folder / stations.DATABASE
    if path.exists() and not force:
        raise UsageError("{file} is there already; --force replaces it", file=path)
    if path.exists() and copied.exists() and copied.samefile(path):
        raise UsageError("{file} is the database itself", file=copied)
    with locked(station.lock, WAIT) as mine:
        if not mine:
            raise UsageError(BUSY)
        posts, aside = put_back(copied, path, station.clock().astimezone(station.zone))
    if json_:
        print_json({"schema": 1, "posts": posts, "aside": str(aside) if aside.exists() else None})
        return
    typer.echo(words("restored {file}, posts: {posts}", file=copied, posts=posts))
    if aside.exists():
        say(words("what was there before lies in {file}", file=aside))


restore.__doc__ = t("Put a copy in the place of the database; what was there is set aside.")


def merge(
    context: typer.Context,
    other: Annotated[
        Path, typer.Argument(metavar="OTHER.db", help=t("The database of another station; it is only read."))
    ],
    json_: Json = False,
) -> None:
    from yuqing_cli.adapters.files import locked
    from yuqing_cli.records import as_dict
    from yuqing_cli.workflows.keep import merge as join

    station, words = open_station(context)
    with locked(station.lock, WAIT) as mine, station.store() as store:
        if not mine:
            raise UsageError(BUSY)
        merged = join(store, other, station.clock())
    if json_:
        print_json({"schema": 1, **as_dict(merged)})
        return
    text = "new posts: {posts}, of them matched: {matched}; in a later version: {changed}; marks and notes: {notes}"
    typer.echo(words(text, **as_dict(merged)))


merge.__doc__ = t(
    "Join the posts, marks and notes of another station's database into this one; doing it twice changes nothing."
)

COMMANDS = {"purge": purge, "backup": backup, "restore": restore, "merge": merge}
