"""Posts whose text arrived whole. Text that was broken before it was sent is an error of the source (see ``damage``)."""

from __future__ import annotations

from collections.abc import Sequence

from yuqing_cli.errors import SourceError
from yuqing_cli.models import RawPost

from .damage import damage

_JUDGED_CHARS = 500


def refuse_broken(posts: Sequence[RawPost]) -> None:
    """Raise ``SourceError`` (``hard``) where the document as a whole is broken."""
    reason = damage("\n".join(f"{post.title}\n{post.text[:_JUDGED_CHARS]}" for post in posts))
    if reason:
        raise SourceError("hard", "the text arrived broken: {reason}", reason=reason)


def sound(posts: Sequence[RawPost]) -> tuple[RawPost, ...]:
    """The posts without broken ones. Raises ``SourceError`` (``hard``) where the document as a whole is broken."""
    refuse_broken(posts)
    return tuple(post for post in posts if not damage(f"{post.title}\n{post.text}"))
