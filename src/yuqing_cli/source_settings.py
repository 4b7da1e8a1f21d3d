"""``[[sources]]`` of yuqing.toml -> ``Source``. Pure; every fault is collected, none stops the reading."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from . import times, urls
from .errors import ConfigError, Problem
from .models import Source, Tier
from .records import Name, Positive, Record, names
from .sources.kinds import Kind, kind_named, known_names
from .tomltext import Document, Path
from .validate import nearest, table, unknown_key

SHORTEST_INTERVAL = timedelta(minutes=1)
LONGEST_INTERVAL = timedelta(days=366)
"""Longer ones overflow the calendar when they are added to it."""


class SourceSettings(Record, kw_only=True):
    """The keys that every kind of source has."""

    name: Name
    kind: str
    url: str = ""
    """Where it is asked; kinds that read files have a ``path`` instead."""
    tier: Tier = "media"
    weight: Positive = 1.0
    tags: tuple[str, ...] = ()
    every: str = "30m"
    timezone: str = ""
    robots: Literal["obey", "own", ""] = ""


def check_zone(document: Document, path: Path, name: str, problems: list[Problem]) -> None:
    """Append a problem where there is no time zone of that name."""
    try:
        times.parse_zone(name)
    except ValueError:
        problems.append(document.problem(path, "unknown time zone {name}", "for example Asia/Shanghai", name=name))


def read_sources(
    document: Document, zone: str, robots: Literal["obey", "own"], problems: list[Problem]
) -> tuple[Source, ...]:
    """All ``[[sources]]`` that are right; every fault of the others is appended to ``problems``."""
    value = document.data.get("sources", [])
    if not isinstance(value, list):
        problems.append(document.problem(("sources",), "write each source as a [[sources]] table"))
        return ()
    found = [
        source
        for i, entry in enumerate(value)
        if (source := _source(document, entry, ("sources", i), zone, robots, problems))
    ]
    _check_duplicates(document, value, problems)
    return tuple(found)


def _source(
    document: Document, entry: object, path: Path, zone: str, robots: Literal["obey", "own"], problems: list[Problem]
) -> Source | None:
    before = len(problems)
    if not isinstance(entry, dict):
        problems.append(document.problem(path, "write each source as a [[sources]] table"))
        return None
    common = set(names(SourceSettings))
    kind = _kind(document, entry, path, problems)
    own = set(names(kind.options)) if kind else set()
    problems.extend(unknown_key(document, (*path, k), common | own) for k in entry if kind and k not in common | own)
    given = table(document, {k: v for k, v in entry.items() if k in common}, SourceSettings, path, problems)
    options = _options(document, {k: v for k, v in entry.items() if k in own}, kind, path, problems)
    every = _every(document, entry.get("every", "30m"), path, problems)
    _check_address(document, entry, kind, path, problems)
    if isinstance(own_zone := entry.get("timezone"), str) and own_zone:
        check_zone(document, (*path, "timezone"), own_zone, problems)
    if given is None or every is None or len(problems) > before:
        return None
    return Source(
        given.name,
        given.kind,
        given.url.strip(),
        given.tier,
        given.weight,
        given.tags,
        every,
        given.timezone or zone,
        options,
        given.robots or robots,
        document.place(path)[0],
    )


def _kind(document: Document, entry: dict[str, object], path: Path, problems: list[Problem]) -> Kind | None:
    name = entry.get("kind")
    if not isinstance(name, str):
        return None
    try:
        kind = kind_named(name)
    except ConfigError as error:
        problems.append(document.problem((*path, "kind"), error.text, **{k: str(v) for k, v in error.values.items()}))
        return None
    if kind is None:
        near = nearest(name, known_names())
        hint = "did you mean {near}?" if near else "known kinds: {kinds}"
        kinds = ", ".join(known_names())
        text = "unknown kind of source {kind}"
        problems.append(document.problem((*path, "kind"), text, hint, kind=name, near=near, kinds=kinds))
    return kind


def _options(
    document: Document, given: dict[str, object], kind: Kind | None, path: Path, problems: list[Problem]
) -> object:
    options: object = table(document, given, kind.options, path, problems) if kind else None
    faults = kind.check(options) if kind and options is not None else []
    problems.extend(
        document.problem((*path, fault.field), fault.text, fault.hint, **dict(fault.values)) for fault in faults
    )
    return options


def _check_address(
    document: Document, entry: dict[str, object], kind: Kind | None, path: Path, problems: list[Problem]
) -> None:
    url = entry.get("url")
    if isinstance(url, str) and not (kind and kind.local):
        _check_url(document, path, url, problems)
    elif url is None and kind and not kind.local:
        problems.append(document.problem(path, "{key} is missing", key=f"sources[{int(path[1]) + 1}].url"))


def _every(document: Document, given: object, path: Path, problems: list[Problem]) -> timedelta | None:
    if not isinstance(given, str):
        return None
    try:
        every = times.parse_duration(given)
    except ValueError:
        every = timedelta()
    if not SHORTEST_INTERVAL <= every <= LONGEST_INTERVAL:
        text = 'bad interval {value}: write "10m", "2h" or "1d", at least "1m"'
        problems.append(document.problem((*path, "every"), text, value=given))
        return None
    return every


def _check_url(document: Document, path: Path, url: str, problems: list[Problem]) -> None:
    try:
        parts = urlsplit(url.strip())
        good, login = bool(parts.hostname) and urls.is_http(url), "@" in parts.netloc
    except ValueError:
        good = login = False
    if login:
        problems.append(
            document.problem((*path, "url"), "an address with a login in it is never asked: {url}", url=url)
        )
    elif not good:
        problems.append(
            document.problem((*path, "url"), "not a web address: {url}", "it begins with https://", url=url)
        )


def _check_duplicates(document: Document, entries: list[object], problems: list[Problem]) -> None:
    for key in ("name", "url"):
        seen: dict[object, int] = {}
        for i, entry in enumerate(entries):
            value = entry.get(key) if isinstance(entry, dict) else None
            if not isinstance(value, str):
                continue
            if value in seen:
                line = document.place(("sources", seen[value], key))[0]
                text = "{key} {value} is used twice, first in line {line}"
                problems.append(document.problem(("sources", i, key), text, key=key, value=value, line=line))
            seen.setdefault(value, i)
