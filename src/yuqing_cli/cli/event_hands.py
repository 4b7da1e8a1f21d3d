"""events merge, split, mark: what the desk decides of events; it wins over the machine and is remembered."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yuqing_cli import i18n

from .face import open_station, print_json
from .looking import Json

if TYPE_CHECKING:
    from yuqing_cli.adapters.store.decisions import Outcome

t = i18n.choose()
Event = Annotated[str, typer.Argument(metavar="EVENT", help=t("Id of an event, a former id, or the beginning of one."))]


def merge(
    context: typer.Context,
    events: Annotated[list[str], typer.Argument(metavar="EVENT...", help=t("Ids of two or more events."))],
    json_: Json = False,
) -> None:
    station, words = open_station(context)
    with station.store(create=False) as store:
        outcome = store.merge_events(events, station.clock())
    _tell(outcome, "merge", words("one event now: {events} (posts: {posts})"), json_)


merge.__doc__ = t("Make one event of several, for good.")


def split(
    context: typer.Context,
    event: Event,
    posts: Annotated[list[str], typer.Argument(metavar="POST...", help=t("Ids of the posts that are another event."))],
    json_: Json = False,
) -> None:
    station, words = open_station(context)
    with station.store(create=False) as store:
        outcome = store.split_event(event, posts, station.clock())
    _tell(outcome, "split", words("two events now: {events} (posts: {posts})"), json_)


split.__doc__ = t("Make some posts of an event an event of their own, for good.")


def mark(
    context: typer.Context,
    event: Event,
    verdict: Annotated[Literal["noise"], typer.Argument(help=t("What the desk says of it."))],
    json_: Json = False,
) -> None:
    station, words = open_station(context)
    with station.store(create=False) as store:
        outcome = store.dismiss_event(event, station.clock())
    _tell(outcome, verdict, words("noise: {events} (posts: {posts}), and what will come to it"), json_)


mark.__doc__ = t("Call an event noise, and what will yet come to it; undone by 'yuqing mark'.")


def _tell(outcome: "Outcome", decision: str, sentence: str, json_: bool) -> None:
    if json_:
        print_json({"schema": 1, "decision": decision, "events": list(outcome.events), "posts": outcome.posts})
    else:
        typer.echo(sentence.format(events=" ".join(outcome.events), posts=outcome.posts))


COMMANDS = {"merge": merge, "split": split, "mark": mark}
