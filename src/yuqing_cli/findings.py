"""What a search finds: posts as they are stored, with the places where the query holds. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from .packs.query_nodes import FieldName, Node
from .records import Record
from .text import excerpt

EXCERPT = 80
Order = Literal["relevance", "newest"]
How = Literal["index", "checked", "read"]
"""How an answer came to be: by the index alone, by posts that the index named and that were read, by reading every post."""


class Finding(Record):
    """A post that was found, as it is stored. ``level`` and ``event`` only of matched ones."""

    id: str
    source: str
    tier: str
    url: str
    title: str
    text: str
    published_at: datetime | None
    first_seen: datetime
    level: str | None
    event: str | None


class Shown(Record):
    """One post that was found, and where in its raw title and text."""

    post: Finding
    spans: tuple[tuple[FieldName, int, int], ...]

    @property
    def matched(self) -> tuple[str, ...]:
        """What was found as the source wrote it, each once, in the order of the text."""
        fields = {"title": self.post.title, "text": self.post.text}
        return tuple(dict.fromkeys(fields[field][start:end] for field, start, end in self.spans))

    @property
    def excerpt(self) -> str:
        """One line around the first place in the text; the beginning of the text where only the title has one."""
        start, end = next(((start, end) for field, start, end in self.spans if field == "text"), (0, 0))
        return excerpt(self.post.text, start, end, EXCERPT)[0]


class Found(Record):
    """The answer: how many posts there are, exactly, and the first of them."""

    total: int
    shown: tuple[Shown, ...]
    how: How
    read: int
    """Posts whose texts were read to judge them."""
    sound: bool
    """Whether the index passed its self-test; one that did not was not asked."""
    node: Node
