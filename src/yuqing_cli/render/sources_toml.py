"""A source as its table in yuqing.toml."""

from __future__ import annotations

from yuqing_cli.models import Source
from yuqing_cli.text import clean_line
from yuqing_cli.times import format_duration
from yuqing_cli.tomltext import quoted


def source_table(source: Source, note: str) -> str:
    """The ``[[sources]]`` table of a source that has no options of its kind, below ``note`` (``""``: none) as a comment."""
    lines = [
        *([f"# {clean_line(note)}"] if note else []),
        "[[sources]]",
        f"name = {quoted(source.name)}",
        f"kind = {quoted(source.kind)}",
        f"url = {quoted(source.url)}",
        f"tier = {quoted(source.tier)}",
        f"tags = [{', '.join(map(quoted, source.tags))}]",
        f"every = {quoted(format_duration(source.every))}",
    ]
    return "\n".join(lines) + "\n"
