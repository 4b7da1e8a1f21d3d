"""The settings of each kind of source: one record each, the validation, the defaults and the documentation of its keys at once.

Light on purpose: the settings are read by every command, the parsers only by those that read answers. What needs a parser to be
checked (a CSS selector) is checked by the module that ``Kind.checks`` names, when a source of that kind is configured.
"""

from __future__ import annotations

from yuqing_cli.records import Name, Record, WholeNumber


class Fault(Record):
    """One wrong option. ``text`` and ``hint`` are message ids whose ``{named}`` holes ``values`` fills."""

    field: str
    text: str
    hint: str = ""
    values: tuple[tuple[str, object], ...] = ()


class NoOptions(Record):
    """The options of a kind that has none of its own."""


class FeedOptions(Record, kw_only=True):
    """A feed needs no options."""

    article: str = "auto"
    """Whether the page of an item without a text is read: ``off``, ``auto``, or the selector of its text."""


class PageOptions(Record, kw_only=True):
    """A page that lists posts. Selectors are CSS; see ``page_select`` for ``@attribute`` and alternatives.

    Without ``recipe``, ``item``, ``title`` and ``link`` the list is found by itself (``page_detect``).
    """

    item: str = ""
    """Each element that is one post; the other selectors are looked up inside it."""
    title: str = ""
    link: str = ""
    date: str = ""
    """Without it a date is looked for in the item."""
    summary: str = ""
    rank: str = ""
    heat: str = ""
    next: str = ""
    """The link to the next page; without it one that says so (下一页, rel=next)."""
    recipe: str = ""
    """A ready layout of ``data/recipes.toml``; selectors given beside it go before its own."""
    pages: WholeNumber = 1
    """Pages to read, this one included; at most 5."""
    article: str = "auto"
    """Whether the page of an item without a summary is read: ``off``, ``auto``, or the selector of its text."""


class JsonListOptions(Record, kw_only=True):
    """A JSON document that lists posts. Values are field paths: ``data.cards[0].content``."""

    shape: str = ""
    """A ready set of paths of ``data/recipes.toml``; paths given beside it go before its own."""
    items: str = ""
    """Where the list is; ``""``: the document itself."""
    title: str = ""
    """Default ``title``. In a list of plain strings each string is its title."""
    link: str = ""
    """The item's address, default ``url``. (``url`` itself is the address of the source.)"""
    url_template: str = ""
    """For items without an address: ``https://example.org/search?q={title}``, or ``{guid}``."""
    guid: str = ""
    rank: str = ""
    """Without it the position, from 1; ``off``: no rank, for lists in order of time."""
    heat: str = ""
    date: str = ""
    summary: str = ""
    updated: str = ""
    """The list's own time, from the root of the document."""


ROW_ENDINGS = frozenset((".jsonl", ".ndjson", ".json", ".csv"))
PAGE_ENDINGS = frozenset((".html", ".htm", ".xhtml"))
FILE_ENDINGS = frozenset((*ROW_ENDINGS, *PAGE_ENDINGS, ".parquet"))
"""What the kind ``files`` reads; a folder may hold other files beside."""


class FilesOptions(Record, kw_only=True):
    """Files that others put down: JSONL, CSV, Parquet, saved HTML."""

    path: Name
    """A folder, a file, or a glob pattern, relative to the station's folder."""
