"""``Web``: asks in, answers out. Threads wait for the wire; all decisions and answers are in the caller's thread."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from random import Random
from types import TracebackType
from typing import Self

import httpx

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask
from yuqing_cli.politeness import Gates, WebSettings, authority
from yuqing_cli.robots import RobotsCache
from yuqing_cli.times import now_utc

from .hops import Hop, Outcome, checked_url
from .known import Known
from .ledger import Ledger
from .run import Run
from .wire import Wire, resolve
from .workers import Workers

Handle = Callable[[Answer], Iterable[Ask]]
Ahead = Callable[[Answer], Callable[[], None] | None]
_Done = SimpleQueue[Outcome | Answer]
_BLINK = 0.5
"""Seconds that the main thread waits at a stretch: on Windows a wait without an end cannot be interrupted."""


class Web:
    """The door to the web. One for the process: connections, gates and the account live as long as it does.

    ``transport``, ``clock``, ``wait``, ``resolve`` and ``rng`` are there for tests. ``robots_cache`` keeps robots.txt
    files between runs; it is called from the caller's thread only.
    """

    def __init__(
        self,
        settings: WebSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = now_utc,
        wait: Callable[[float], None] = time.sleep,
        resolve: Callable[[str], list[str]] = resolve,
        rng: Random | None = None,
        robots_cache: RobotsCache | None = None,
    ) -> None:
        self.ledger = Ledger()
        self._settings = settings
        self._clock = clock
        self._wait = wait
        self._rng = rng or Random()  # noqa: S311 - spreads retries, guards nothing
        self._cache = RobotsCache() if robots_cache is None else robots_cache
        self._gates = Gates(settings.host_gap_seconds, settings.host_concurrency)
        self._wire = Wire(settings, transport, resolve)
        self._workers = Workers(settings.jobs)

    def run(
        self,
        asks: Iterable[Ask],
        handle: Handle,
        *,
        own: Mapping[str, str] | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """Carry out ``asks`` and the follow-ups that ``handle`` returns, until none is left.

        ``handle`` is called in this thread, once for each ask, in the order in which the answers come. Failures are
        values (``Answer.error``); what ``handle`` raises goes through. ``own`` names each source's configured address:
        the only private host and port which that source may reach. Without it, the addresses of ``asks`` with depth 0
        are taken. ``ahead`` may name work, which must not raise, to be done in a thread before ``handle`` gets an answer.
        """
        first = list(asks)
        configured = own.items() if own is not None else ((a.source, a.url) for a in first if a.depth == 0)
        known = Known(_own_hosts(configured), self._cache, self._gates)
        run = Run(self._settings, self._gates, self.ledger, known, self._rng)
        for ask in first:
            run.add(ask)
        try:
            self._work_off(run, handle, ahead)
        except BaseException:
            run.abandon()
            self._workers.close()
            self._workers = Workers(self._settings.jobs)
            raise

    def close(self) -> None:
        """Send the threads home and close the connections; what is under way after an interrupt is left behind."""
        if self._workers.close():
            self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work_off(self, run: Run, handle: Handle, ahead: Ahead | None) -> None:
        done: _Done = SimpleQueue()
        ready: deque[Answer] = deque()
        while True:
            self._start(run, done)
            answer = ready.popleft() if ready else None
            if answer is None and (answer := run.answer()) and ahead and (work := ahead(answer)):
                self._workers.submit(partial(_work_ahead, work, answer, done))
            elif answer is not None:
                for ask in handle(answer):
                    run.add(ask)
            elif self._workers.busy:
                self._collect(run, done, ready)
            elif run.wakes_at is not None:
                self._wait(max(0.0, (run.wakes_at - self._clock()).total_seconds()))
            else:
                return

    def _start(self, run: Run, done: _Done) -> None:
        while self._workers.free > 0:
            started = run.next(self._clock())
            if started is None:
                return
            self._workers.submit(partial(_carry_out, self._wire, *started, done))

    def _collect(self, run: Run, done: _Done, ready: deque[Answer]) -> None:
        pause = _BLINK
        if run.wakes_at is not None and self._workers.free > 0:
            pause = min(pause, max(0.0, (run.wakes_at - self._clock()).total_seconds()))
        with suppress(Empty):
            outcome = done.get(timeout=pause)
            self._workers.done()
            if isinstance(outcome, Answer):
                ready.append(outcome)
            else:
                run.settle(outcome, self._clock())


def _carry_out(wire: Wire, hop: Hop, addresses: tuple[str, ...], done: _Done) -> None:
    done.put(wire.carry_out(hop, addresses))


def _work_ahead(work: Callable[[], None], answer: Answer, done: _Done) -> None:
    work()
    done.put(answer)


def _own_hosts(configured: Iterable[tuple[str, str]]) -> dict[str, frozenset[tuple[str, int]]]:
    hosts: dict[str, frozenset[tuple[str, int]]] = {}
    for source, url in configured:
        with suppress(SourceError):
            hosts[source] = hosts.get(source, frozenset()) | {authority(checked_url(url))}
    return hosts
