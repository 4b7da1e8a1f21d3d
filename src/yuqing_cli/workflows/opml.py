"""OPML: a list of feeds -> sources that yuqing.toml does not have yet.

bytes -opml.read-> Outline -merged-> Outline -config.load-> Plan (-configure.append-> yuqing.toml)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from yuqing_cli import config
from yuqing_cli.errors import ConfigError, Problem
from yuqing_cli.i18n import mark
from yuqing_cli.models import Source
from yuqing_cli.records import replace
from yuqing_cli.render.sources_toml import source_table
from yuqing_cli.sources import opml
from yuqing_cli.urls import canonical, is_http

from .configure import configured, unique_name


@dataclass(slots=True)
class Plan:
    """What an import would do."""

    new: list[Source] = field(default_factory=list)
    known: int = 0
    """Feeds whose address is configured already."""
    refused: list[Problem] = field(default_factory=list)


def plan(body: bytes, file: str, settings: config.Settings, like: Source) -> Plan:
    """Read an OPML file. ``like`` gives tier, interval and further tags. Raises ``UsageError`` for what is no OPML."""
    made = Plan()
    known, names = configured(settings.sources), {source.name for source in settings.sources}
    for outline in opml.merged(opml.read(body, file)):
        if canonical(outline.url) in known:
            made.known += 1
            continue
        name = unique_name(outline.title, outline.url, names)
        tags = tuple(dict.fromkeys((*outline.tags, *like.tags)))
        source = replace(like, name=name, kind="feed", url=outline.url, tags=tags)
        faults = list(_faults(source, file, outline.line))
        made.refused.extend(faults)
        if not faults:
            made.new.append(source)
            names.add(name)
    return made


def _faults(source: Source, file: str, line: int) -> Iterator[Problem]:
    """What the settings would say against a source, as faults of the file that it comes from."""
    if not is_http(source.url):
        yield Problem(file, mark("not a web address: {url}"), line, values=(("url", source.url[:200]),))
        return
    try:
        config.load(source_table(source, ""), file)
    except ConfigError as error:
        yield from (problem._replace(line=line, column=0) for problem in error.problems)
