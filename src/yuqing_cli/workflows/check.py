"""Check: sources -> asks -> answers -> what would be read; nothing is stored.

kinds.first_ask -> Ask -web-> Answer -kind.read-> Reading -> Checked
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from yuqing_cli.adapters.web import Web
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Reading, Source
from yuqing_cli.records import Record
from yuqing_cli.sources.kinds import KINDS, first_ask, read

from . import local


class Checked(Record):
    """The proof of one source: what it would give, or why it gives nothing."""

    source: Source
    posts: int = 0
    newest: datetime | None = None
    title: str = ""
    charset: str = ""
    error: SourceError | None = None
    disallowed: bool = False

    @property
    def good(self) -> bool:
        """Whether at least one post could be read."""
        return self.posts > 0


def check(
    sources: Sequence[Source], web: Web, clock: Callable[[], datetime], tell: Callable[[Checked], None], folder: Path
) -> list[Checked]:
    """Ask every source once; ``tell`` hears of each as soon as it is known."""
    by_name = {source.name: source for source in sources}
    found: list[Checked] = []

    def handle(answer: Answer) -> Iterable[Ask]:
        checked = _checked(by_name[answer.ask.source], answer, clock())
        found.append(checked)
        tell(checked)
        return ()

    for source in sources:
        if KINDS[source.kind].local:
            found.append(_checked_files(source, folder, clock()))
            tell(found[-1])
    web.run([first_ask(source) for source in sources if not KINDS[source.kind].local], handle)
    return found


def _checked_files(source: Source, folder: Path, now: datetime) -> Checked:
    answer, bodies = local.answer(source, folder)
    try:
        if answer.error:
            raise answer.error
        return _seen(source, local.merged(source, bodies, now)[0])
    except SourceError as error:
        return Checked(source, error=error)


def _checked(source: Source, answer: Answer, now: datetime) -> Checked:
    if answer.disallowed:
        return Checked(source, disallowed=True)
    if answer.error:
        return Checked(source, error=answer.error)
    try:
        reading = read(source, answer, now)
    except SourceError as error:
        return Checked(source, error=error)
    return _seen(source, reading)


def _seen(source: Source, reading: Reading) -> Checked:
    dates = [post.published for post in reading.posts if post.published]
    first = reading.posts[0].title if reading.posts else ""
    return Checked(source, len(reading.posts), max(dates, default=None), first, reading.charset)
