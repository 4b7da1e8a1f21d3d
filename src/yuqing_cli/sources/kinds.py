"""The kinds of source, in plain sight.

A kind says what to ask (``asks``) and reads what came back (``read``); it never touches the network. Its module is imported when
its first answer arrives: parsers cost 100 ms and ``digest`` never needs one.

Packages of others join through the entry point group ``yuqing_cli.kinds``: a name, and a ``Kind`` object. They are looked for when a
name is met that is not ours, and never before; ours cannot be replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from itertools import islice
from typing import Protocol

from yuqing_cli.errors import ConfigError, SourceError, YuqingError
from yuqing_cli.models import Answer, Ask, RawPost, Reading, Source
from yuqing_cli.records import Record, replace

from .options import Fault, FeedOptions, FilesOptions, JsonListOptions, PageOptions

GROUP = "yuqing_cli.kinds"
MAX_FURTHER = 20
"""Further pages that a source's own answer may ask for, and so long a chain of pages that each ask for the next."""


class Read(Protocol):
    """What a kind's module offers as ``read``."""

    def __call__(self, source: Source, answer: Answer, now: datetime) -> Reading:
        """Read one answer. Raises ``SourceError`` where it is not what the kind reads."""


class Check(Protocol):
    """What a kind's module of checks offers as ``check_options``."""

    def __call__(self, options: object) -> list[Fault]:
        """Everything that is wrong with the options beyond their types."""


class Kind(Record):
    """One kind: the record that validates its own options, and the module that reads it."""

    options: type[Record]
    module: str
    checks: str = ""
    """The module with its ``check_options``, imported only where such a source is configured; ``""``: the types say it all."""
    local: bool = False
    """Reads files (``path``) instead of asking for an address (``url``)."""

    def read(self, source: Source, answer: Answer, now: datetime) -> Reading:
        """Read one answer with the kind's module."""
        reader: Read = import_module(self.module).read
        return reader(source, answer, now)

    def check(self, options: object) -> list[Fault]:
        """What is wrong with options whose types are right, for example a selector that is no CSS."""
        if not self.checks:
            return []
        checker: Check = import_module(self.checks).check_options
        return checker(options)


def first_ask(source: Source, *, etag: str = "", last_modified: str = "") -> Ask:
    """What a source asks for when it is due."""
    return Ask(source.name, source.url, etag=etag, last_modified=last_modified, robots=source.robots)


KINDS: dict[str, Kind] = {
    "feed": Kind(FeedOptions, "yuqing_cli.sources.feed"),
    "page": Kind(PageOptions, "yuqing_cli.sources.page", checks="yuqing_cli.sources.page_select"),
    "json_list": Kind(JsonListOptions, "yuqing_cli.sources.json_list", checks="yuqing_cli.sources.json_paths"),
    "files": Kind(FilesOptions, "yuqing_cli.sources.files_kind", local=True),
}


def kind_named(name: str) -> Kind | None:
    """The kind of that name, ours or of an installed package (which is then among ``KINDS``); ``None`` where nobody has it.

    Raises:
        ConfigError: an installed package offers it, and it cannot be used.

    """
    if name not in KINDS:
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP, name=name):
            try:
                found = entry.load()
            except Exception as error:  # it is other people's code, of which anything may come
                raise _unusable(name, entry.value, f"{type(error).__name__}: {error}"[:200]) from error
            if not isinstance(found, Kind) or not issubclass(found.options, Record):
                raise _unusable(name, entry.value, "it is no Kind whose options are a record")
            KINDS[name] = found
            break
    return KINDS.get(name)


def known_names() -> tuple[str, ...]:
    """The names of all kinds, ours first."""
    from importlib.metadata import entry_points

    return tuple(dict.fromkeys((*KINDS, *sorted(entry.name for entry in entry_points(group=GROUP)))))


def _unusable(name: str, value: str, reason: str) -> ConfigError:
    text = "the kind of source {kind} comes from {package}, which cannot be used: {reason}"
    return ConfigError(text, kind=name, package=value, reason=reason)


def read(source: Source, answer: Answer, now: datetime) -> Reading:
    """Read one answer with its kind. Raises ``SourceError`` and nothing else.

    A kind may be of other people: what it returns is checked here, for beyond this door a wrong type stops the whole run.
    """
    try:
        reading = KINDS[source.kind].read(source, answer, now)
        _check(reading)
        return replace(reading, asks=_bounded(source, answer, reading.asks))
    except SourceError:
        raise
    except YuqingError as error:  # a package that is not installed
        raise SourceError("hard", error.text, **error.values) from error
    except Exception as error:
        raise SourceError("hard", "unexpected: {reason}", reason=f"{type(error).__name__}: {error}"[:200]) from error


def _check(reading: object) -> None:
    if not isinstance(reading, Reading):
        raise TypeError(f"{type(reading).__name__} is no Reading")
    for post in reading.posts:
        if not isinstance(post, RawPost):
            raise TypeError(f"{type(post).__name__} is no RawPost")
        if not all(isinstance(value, str) for value in (post.title, post.text, post.url, post.guid, post.row)):
            raise TypeError("title, text, url, guid and row of a post are texts")
        if post.published is not None and post.published.utcoffset() is None:
            raise ValueError("a post's time of publication has no zone")


def _bounded(source: Source, answer: Answer, asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """The asks for further pages, as this source's own and no other's."""
    depth = answer.ask.depth + 1
    most = MAX_FURTHER if depth == 1 else 1 if depth <= MAX_FURTHER else 0
    return tuple(
        replace(ask, source=source.name, purpose="next", robots=source.robots, depth=depth)
        for ask in islice(asks, most)
    )
