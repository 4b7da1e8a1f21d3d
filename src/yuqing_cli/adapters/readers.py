"""Processes that carry out one function: the only room that starts any. Results are those of a plain call; only the cores differ.

Why not ``concurrent.futures``: its workers outlive a parent that is killed (they hold the writing end of their own queue), one that
dies breaks the whole pool, and none can be stopped when it takes too long. Here every worker has a pipe of its own. It ends when the
pipe does, so nothing is left behind by a kill; one that dies or hangs costs its own call, and another takes its place.

Workers are forked where that is cheap and safe (Linux, before this process has a second thread). Elsewhere they are spawned, each when
there is work for it: that takes a second, and a run in which nothing has changed needs none.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import DefaultContext
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

_Start = DefaultContext
J = TypeVar("J")
R = TypeVar("R")

MOST = 4
"""Workers. The process that they work for stores what they have read, and keeps no more than three or four busy."""
PATIENCE = 60.0
"""Seconds for one call. The slowest document met took 0.5 s."""
TRIES = 2
"""Workers that one call may cost: the first may have been killed by chance, not by what it was given."""


class WorkerLostError(Exception):
    """The workers that were given a call died over it, or took too long. ``late`` tells which."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("too slow" if late else "died")
        self.late = late


def cores() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Readers(Generic[J, R]):
    """Workers for calls of ``work``, which must be picklable and return what is. To be called from threads; each waits for its result."""

    def __init__(self, work: Callable[[J], R], count: int | None = None, *, patience: float = PATIENCE) -> None:
        self._work, self._patience = work, patience
        self._idle: LifoQueue[_Worker | None] = LifoQueue()
        """None: a worker that is yet to be started, taken where no other is free."""
        self._all: list[_Worker] = []
        self._closed = False
        forked = _may_fork()
        for _ in range(min(cores(), MOST) if count is None else count):
            self._idle.put(self._started() if forked else None)

    def __call__(self, job: J) -> R:
        """``work(job)``, carried out elsewhere. Raises ``WorkerLostError``."""
        worker = self._idle.get()
        try:
            for attempt in range(TRIES):
                worker = worker or self._started()
                try:
                    done, result = worker.carry_out(job, self._patience)
                except WorkerLostError as lost:
                    worker.close()
                    worker = None
                    if lost.late or attempt + 1 == TRIES or self._closed:
                        raise
                else:
                    # What cannot be sent back is worked out here: the caller gets it all the same.
                    return result if done else self._work(job)
        finally:
            self._idle.put(worker)
        raise AssertionError

    def close(self) -> None:
        """Send the workers home."""
        self._closed = True
        for worker in self._all:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> _Worker:
        self._all.append(_Worker(self._work))
        return self._all[-1]


def _may_fork() -> bool:
    """Whether this process has one thread, those of libraries included: a lock that another one holds would stay locked in the copy."""
    if sys.platform != "linux":
        return False
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        forkable = _may_fork()
        start: _Start = multiprocessing.get_context("fork" if forkable else "spawn")  # type: ignore[assignment]
        self._pipe, far = start.Pipe()
        self._process = start.Process(target=_serve, args=(far, self._pipe if forkable else None, work), daemon=True)
        try:
            self._process.start()
        finally:
            far.close()

    def carry_out(self, job: Any, patience: float) -> tuple[bool, Any]:
        """(True, the result), or (False, None) where it cannot be sent. Raises ``WorkerLostError``."""
        try:
            self._pipe.send(job)
            if not self._pipe.poll(patience):
                raise WorkerLostError(late=True)
            answered: tuple[bool, Any] = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLostError(late=False) from error
        return answered

    def close(self) -> None:
        self._process.terminate()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, near: Connection | None, work: Callable[[Any], Any]) -> None:
    """What a worker does: until the pipe ends, take a job, send what ``work`` makes of it."""
    # Ctrl-C reaches the whole group; it is for the parent to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if near is not None:
        near.close()
    with suppress(EOFError, OSError):
        while True:
            result = work(pipe.recv())
            try:
                pipe.send((True, result))
            except (EOFError, OSError):
                return
            except Exception:  # noqa: BLE001 - whatever pickle says of what a stranger's package returned
                pipe.send((False, None))
