"""search: all stored posts, in the language of the packs."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import USAGE, open_station, print_json, say
from .reporting import From, To

if TYPE_CHECKING:
    from yuqing_cli.adapters.store.searching import Bounds
    from yuqing_cli.findings import Found
    from yuqing_cli.packs.query import QueryError
    from yuqing_cli.station import Station

t = i18n.choose()
Json = Annotated[bool, typer.Option("--json", help=t("Print the outcome as one JSON document."))]
Sort = Literal["relevance", "newest"]
HOW = {
    "index": i18n.mark("answered by the index alone"),
    "checked": i18n.mark("posts that the index named, each of them read: {read}"),
    "read": i18n.mark("the index cannot answer this; all posts were read: {read}"),
}


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help=t("Such as: 停水 NOT 演练"))] = "",
    limit: Annotated[int, typer.Option(min=0, help=t("How many posts are shown; all are counted."))] = 20,
    start: From = "",
    end: To = "",
    matched: Annotated[bool, typer.Option("--matched", help=t("Only posts that a rule fired on."))] = False,
    sort: Annotated[Sort, typer.Option(help=t("The best first, or the newest."))] = "relevance",
    json_: Json = False,
    explain: Annotated[
        bool, typer.Option("--explain", help=t("Say how the query is read, and how it was answered."))
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help=t("Make the index anew first."))] = False,
) -> None:
    from yuqing_cli.packs.query import QueryError
    from yuqing_cli.workflows.search import search as look

    station, words = open_station(context)
    now = station.clock()
    if not query and not rebuild:
        raise UsageError("what is to be searched for? yuqing search QUERY")
    with station.store(create=False) as store:
        if rebuild:
            store.rebuild_index()
            say(words("the index was made anew"))
        if not query:
            return
        try:
            bounds = _bounds(station, start, end, matched=matched)
            found = look(store, station.settings.sources, query, bounds, order=sort, limit=limit, now=now)
        except QueryError as error:
            _refuse(error, query, words)
    if not found.sound:
        say(words("the index is not sound, so every post was read; yuqing search --rebuild makes it anew"))
    if explain:
        _explain(found, words)
    _show(found, station, words, query=query, json_=json_)


search.__doc__ = t("Search all stored posts: every text is found, wherever it stands.")


def _bounds(station: "Station", start: str, end: str, *, matched: bool) -> "Bounds":
    from yuqing_cli.adapters.store.searching import Bounds
    from yuqing_cli.digest.window import moment

    now = station.clock()
    begin, finish = (moment(text, now=now, zone=station.zone) if text else None for text in (start, end))
    if begin and finish and finish <= begin:
        raise UsageError("--from must be before --to")
    return Bounds(begin, finish, matched)


def _refuse(error: "QueryError", query: str, words: i18n.Translate) -> None:
    """What is wrong with a query, with the place under it."""
    from yuqing_cli.adapters.terminal.drawing import pointer

    reason = words(error.text, **error.values)
    if error.hint:
        reason = words("{fault} ({hint})", fault=reason, hint=words(error.hint, **error.values))
    say(words("yuqing: query, column {column}: {reason}", column=error.column, reason=reason))
    for line in pointer(query, error.line, error.column):
        say(line)
    raise typer.Exit(USAGE)


def _explain(found: "Found", words: i18n.Translate) -> None:
    from yuqing_cli.packs.query import explain

    say(words("reads as: {sentence}", sentence=explain(found.node, words)))
    say(words(HOW[found.how], read=found.read))


def _show(found: "Found", station: "Station", words: i18n.Translate, *, query: str, json_: bool) -> None:
    if json_:
        print_json(_twin(found, station, query))
        return
    from yuqing_cli.adapters.terminal.drawing import print_found

    print_found(found, words, station.zone)


def _twin(found: "Found", station: "Station", query: str) -> dict[str, Any]:
    from yuqing_cli.times import iso

    posts = [
        {
            "id": shown.post.id,
            "title": shown.post.title,
            "url": shown.post.url,
            "source": shown.post.source,
            "published_at": iso(shown.post.published_at, station.zone) if shown.post.published_at else None,
            "fetched_at": iso(shown.post.first_seen, station.zone),
            "excerpt": shown.excerpt,
            "matched": list(shown.matched),
            "level": shown.post.level,
            "event_id": shown.post.event,
        }
        for shown in found.shown
    ]
    return {"schema": 1, "query": query, "total": found.total, "answered": found.how, "posts": posts}


COMMANDS = {"search": search}
