"""Fetch: due sources -> asks -> answers -> posts -> judged -> saved; one transaction a source.

    states -schedule.is_due-> due -kinds.first_ask-> Ask -web-> Answer -kind.read-> RawPost -clean-> Post
           -known?-> new or changed -judge-> Judged -store.save_answer-> rows

A source that fails is counted and the others go on. Whatever was saved before a kill stays; validators are saved with the posts that
they vouch for, so nothing is ever skipped because an unfinished run had already seen it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from yuqing_cli import memory, politeness
from yuqing_cli.adapters.saved import Door
from yuqing_cli.adapters.store import Store
from yuqing_cli.enrich.mask import mask
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask, Judged, Post, Reading, Saved, Source, SourceState, Spell, SpellState
from yuqing_cli.sources.kinds import KINDS, first_ask
from yuqing_cli.sources.wishes import wishing
from yuqing_cli.text import clean_line

from . import local, verdicts
from .articles import Articles
from .outcome import Failure, Judge, Report, print_nothing
from .reading import Desk, Document, Job, document


def due(sources: Iterable[Source], states: dict[str, SourceState], now: datetime, *, force: bool) -> list[Source]:
    """The sources whose time has come. ``force`` ignores the schedule, never robots or validators."""
    return [s for s in sources if force or _is_due(states.get(s.name), now)]


def _is_due(state: SourceState | None, now: datetime) -> bool:
    return state is None or politeness.is_due(now, state.last_asked, state.due_at)


class Fetch:
    """One run over some sources."""

    def __init__(
        self,
        store: Store,
        web: Door,
        judge: Judge,
        clock: Callable[[], datetime],
        rng: Random,
        describe: Callable[[SourceError], str] = str,
        folder: Path = Path(),
        extractor: str = "own",
    ) -> None:
        self._store, self._web, self._judge, self._clock, self._rng = store, web, judge, clock, rng
        self._describe, self._folder = describe, folder
        self._states = store.states()
        self._started = clock()
        self.report = Report()
        self._articles = Articles(store, judge, clock, self.report, extractor)
        self._desk = Desk(judge)
        self._baselines: set[str] = set()
        self._files: dict[str, list[local.File]] = {}

    def hire(self, sources: Sequence[Source], *, force: bool = False) -> None:
        """Make ready for a run in which much is to be read. Optional; to be called before other threads are started."""
        asked = due(sources, self._states, self._clock(), force=force)
        asks = [self._ask(source) for source in asked if not KINDS[source.kind].local]
        self._desk.hire(sum(not (ask.etag or ask.last_modified) for ask in asks))

    def run(
        self, sources: Sequence[Source], *, force: bool = False, progress: Callable[[str], None] = print_nothing
    ) -> Report:
        """Ask every due source once. ``progress`` is told the name of each source that is done."""
        self._started = self._clock()
        asked = due(sources, self._states, self._started, force=force)
        by_name = {source.name: source for source in asked}

        def handle(answer: Answer) -> Iterable[Ask]:
            source = by_name[answer.ask.source]
            if answer.ask.purpose != "list":
                self._heed(source, answer)
            if answer.ask.purpose == "article":
                return self._articles.settle(source, answer)
            if answer.ask.purpose == "next":
                return self._further(source, answer)
            asks = self._settle(source, answer)
            progress(source.name)
            return asks

        def ahead(answer: Answer) -> Callable[[], None] | None:
            return self._ahead(by_name[answer.ask.source], answer)

        for source in asked:
            if KINDS[source.kind].local:
                answer, self._files[source.name] = local.answer(source, self._folder)
                self._settle(source, answer)
                progress(source.name)
        asks = [self._ask(source) for source in asked if not KINDS[source.kind].local]
        try:
            self._web.run(asks, handle, own={source.name: source.url for source in asked}, ahead=ahead)
        finally:
            self._desk.close()
        self.report.seconds = (self._clock() - self._started).total_seconds()
        return self.report

    def _ask(self, source: Source) -> Ask:
        state = memory.of(source, self._states.get(source.name))
        if politeness.conditional(self._started, state.full_at):
            return first_ask(source, etag=state.etag, last_modified=state.last_modified)
        return first_ask(source)

    def _ahead(self, source: Source, answer: Answer) -> Callable[[], None] | None:
        """What can be done with an answer in a thread before it is settled: reading it."""
        if answer.ask.purpose == "article" or answer.error is not None or answer.disallowed:
            return None
        state = memory.of(source, self._states.get(source.name))
        if answer.ask.purpose == "list" and memory.unchanged(source, state, answer):
            return None
        return self._desk.ahead(Job(source, answer, self._clock(), state.baseline_at is None))

    def _settle(self, source: Source, answer: Answer) -> Iterable[Ask]:
        """Turn a source's own answer into rows, or into one failure; what is to be asked next."""
        state, now = memory.of(source, self._states.get(source.name)), self._clock()
        try:
            if answer.error is not None:
                raise answer.error
            if answer.disallowed:
                self.report.disallowed += 1
                self._save(source, state, answer, "disallowed")
                return ()
            if memory.unchanged(source, state, answer):
                self.report.not_modified += 1
                self._save(source, memory.succeeded(source, state, answer, None, now), answer, "ok")
                self._follow(source, self._store.stayed(source.name, now))
                return self._articles.asks(source)
            return self._accept(source, state, answer, now)
        except SourceError as error:
            self._fail(source, state, answer, error)
            return ()

    def _accept(self, source: Source, state: SourceState, answer: Answer, now: datetime) -> Iterable[Ask]:
        baseline = state.baseline_at is None
        read = self._document(source, answer, now, baseline=baseline)
        judged, reading = self._judged(source, read, now, baseline=baseline), read.reading
        self.report.ok += 1
        after = memory.succeeded(source, state, answer, reading, now)
        self.report.saved += self._save(
            source, after, answer, "ok", judged, reading, seen=read.posts, baseline=baseline
        )
        if baseline:
            self._baselines.add(source.name)
        return (*reading.asks, *self._articles.asks(source))

    def _document(self, source: Source, answer: Answer, now: datetime, *, baseline: bool) -> Document:
        job = Job(source, answer, now, baseline)
        if KINDS[source.kind].local:
            reading, errors = local.merged(source, self._files[source.name], now)
            self.report.remarks += [Failure(source.name, error.kind, error) for error in errors]
            return document(self._judge, job, reading)
        read = self._desk.taken(job)
        if isinstance(read, SourceError):
            raise read
        return read

    def _heed(self, source: Source, answer: Answer) -> None:
        """A host that asks for a pause asks for it also where it was one of the source's pages that was one too many."""
        before = self._states[source.name]
        after = memory.postponed(before, source, answer, self._clock())
        if after is not before:
            self._store.save_state(after)
            self._states[source.name] = after

    def _further(self, source: Source, answer: Answer) -> Iterable[Ask]:
        """A further page of a list. Its trouble is told, but the source itself was read."""
        try:
            if answer.error is not None:
                raise answer.error
            if answer.disallowed:
                return ()
            now, baseline = self._clock(), source.name in self._baselines
            read = self._document(source, answer, now, baseline=baseline)
            judged = self._judged(source, read, now, baseline=baseline)
            saved = self._store.save_page(judged, now, baseline=baseline, source=source.name, seen=read.posts)
            self._follow(source, saved.climbed)
            self.report.saved += saved
        except SourceError as error:
            self.report.remarks.append(Failure(source.name, error.kind, error))
            return ()
        return (*read.reading.asks, *self._articles.asks(source))

    def _judged(self, source: Source, read: Document, now: datetime, *, baseline: bool) -> list[Judged]:
        """What the document has that the store does not have as it is: only this is worth judging."""
        self.report.posts_seen += read.seen
        self.report.refused_dates += read.reading.refused_dates
        known = self._store.known(post.id for post in read.posts)
        if read.judged is not None and not known:
            return read.judged
        fresh = wishing([post for post in read.posts if post.id not in known], source, now, baseline=baseline)
        changed = [post for post in read.posts if post.id in known and known[post.id].content != post.content]
        return self._judge.posts(source, [*fresh, *self._articles.keep_texts(changed, known)])

    def _follow(self, source: Source, climbed: Sequence[str]) -> None:
        """Judge anew what stands higher on its hot list than it was judged by, or has stood there for long."""
        held = self._store.held_posts(climbed)
        if held:
            judged = [(one, self._judge.one(source, one.post)) for one in held]
            self._store.rejudge(judged, self._clock())

    def _fail(self, source: Source, state: SourceState, answer: Answer, error: SourceError) -> None:
        self.report.failed += 1
        # It holds what a server wrote, and digest and status show it.
        reason = clean_line(self._describe(error))
        reason = mask(reason) if self._judge.masked else reason
        self.report.failures.append(Failure(source.name, error.kind, error, first=not state.last_error))
        self._save(source, memory.failed(state, error, reason, self._clock()), answer, "failed", reason=reason)

    def _save(
        self,
        source: Source,
        state: SourceState,
        answer: Answer,
        outcome: SpellState,
        judged: Sequence[Judged] = (),
        reading: Reading | None = None,
        *,
        seen: Sequence[Post] | None = None,
        reason: str = "",
        baseline: bool = False,
    ) -> Saved:
        now = self._clock()
        state = memory.scheduled(state, source, answer, reading, self._started, now, self._rng)
        pace = max(source.every, (state.due_at or now) - now)
        if outcome == "ok":
            state = verdicts.judged(self._store, source, state, now, news=bool(judged))
            reason = "" if state.verdict == "ok" else state.verdict
        spell = Spell(source.name, outcome, now, now, pace, reason=reason)
        # A list with further pages is not whole: what is not on the first may stand on the next.
        whole = not (reading and any(ask.purpose == "next" for ask in reading.asks))
        saved = self._store.save_answer(judged, state, spell, now, baseline=baseline, seen=seen, whole=whole)
        self._follow(source, saved.climbed)
        self._states[source.name] = state
        return saved
