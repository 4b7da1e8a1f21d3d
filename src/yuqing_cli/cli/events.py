"""events list, show: the events that the posts form."""

from typing import TYPE_CHECKING, Annotated

import typer

from yuqing_cli import i18n

from .face import open_station, remark_faults
from .looking import Json
from .reporting import Day, From, Shift, SinceLast, To, Today

if TYPE_CHECKING:
    from yuqing_cli.render.story import Line

t = i18n.choose()
HELP = t("The events that the posts form: list them, look at one.")
EventId = Annotated[
    str,
    typer.Argument(metavar="ID", help=t("Id of an event, a former id, an id of one of its posts, or its beginning.")),
]


def list_(
    context: typer.Context,
    today: Today = False,
    date: Day = "",
    shift: Shift = "",
    since_last: SinceLast = False,
    start: From = "",
    end: To = "",
    topic: Annotated[str, typer.Option(help=t("Only events of this topic."))] = "",
    json_: Json = False,
) -> None:
    from yuqing_cli.adapters.files import write_out
    from yuqing_cli.digest.window import WindowOptions
    from yuqing_cli.render.story import list_json, list_lines
    from yuqing_cli.workflows.events import listed, titles

    station, words = open_station(context)
    options = WindowOptions(today, date, shift, since_last, start, end)
    with station.store(create=False) as store:
        keywords, faults = station.good_keywords(store)
        found = listed(store, station.settings, keywords, options, now=station.clock(), topic=topic)
    remark_faults(faults, words)
    if json_:
        write_out([list_json(found)])
        return
    _print(list_lines(found, [titles(keywords, event.topics) for event in found], words))


list_.__doc__ = t("List the events of a window as its digest ranks them; nothing is issued.")


def show(context: typer.Context, id_: EventId, json_: Json = False) -> None:
    from yuqing_cli.adapters.files import write_out
    from yuqing_cli.render.story import story_json, story_lines
    from yuqing_cli.workflows.events import story

    station, words = open_station(context)
    with station.store(create=False) as store:
        keywords, faults = station.good_keywords(store)
        found = story(store, station.settings, keywords, id_, now=station.clock())
    remark_faults(faults, words)
    if json_:
        write_out([story_json(found)])
        return
    _print(story_lines(found, station.zone, words))


show.__doc__ = t("Everything that is stored of one event: its reports in time, and the sum that its score is.")


def _print(lines: "list[Line]") -> None:
    from yuqing_cli.adapters.terminal import drawing

    drawing.print_lines((line.text, line.style, line.margin) for line in lines)


COMMANDS = {"list": list_, "show": show}
