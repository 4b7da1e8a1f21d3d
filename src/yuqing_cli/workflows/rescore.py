"""Rescore: stored posts -> judged by today's packs and settings -> the judgements that differ, saved; events regrouped.

store.held -is it stale?-> Held -judge-> Judgement -store.rejudge-> rows

What says that a judgement is of today are the stamps that it carries, and they are written with it. So a run that is killed has judged
some posts and not others, and the next one does the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.rescoring import Held, Rescored
from yuqing_cli.config import Settings
from yuqing_cli.digest.shapes import Window
from yuqing_cli.models import Judgement

from .outcome import Judge, print_nothing
from .today import Today

RESCORE = "rescore"
"""The name of this work in the log of what changed the past."""
BATCH = 500
"""Posts in one transaction: some tens of milliseconds in which a fetch waits."""


class Rescore:
    """One run over the posts of a window, or of all days."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        judge: Judge,
        clock: Callable[[], datetime],
        window: Window | None = None,
    ) -> None:
        self._store, self._judge, self._clock, self._window = store, judge, clock, window
        self.today = Today(settings, store.states(), judge.matcher.keywords.hash)

    def due(self, *, everything: bool = False) -> int:
        """How many posts there are to judge; ``everything``: also those that today's packs and settings judged."""
        bases = self._store.bases(self._window)
        return sum(basis.posts for basis in bases) if everything else self.today.stale(bases)

    def run(self, *, everything: bool = False, progress: Callable[[str, int], None] = print_nothing) -> Rescored:
        """Judge what is due, oldest arrival first. ``progress`` is told how many are done."""
        done = Rescored()
        if not self.due(everything=everything):
            return done
        try:
            for judged in self._batches(everything=everything):
                done += self._store.rejudge(judged, self._clock())
                progress("", len(judged))
        finally:
            self._store.log_work(RESCORE, self._clock(), done.judged)
        return done

    def _batches(self, *, everything: bool) -> Iterator[list[tuple[Held, Judgement]]]:
        after = 0
        while held := self._store.held(after, BATCH, self._window):
            after = held[-1].seq
            due = [h for h in held if everything or not self.today.judged(h.post.source, h.packs, h.scoring)]
            if due:
                yield [(h, self._judge.one(self.today.source(h.post.source), h.post)) for h in due]
