"""Threads that carry out calls and hand back what they return."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Workers:
    """Up to ``count`` daemon threads, started when there is work for them.

    Not a ``ThreadPoolExecutor``: its threads are joined when the interpreter ends, so that Ctrl-C would wait for the
    slowest host. A daemon thread that hangs in a read is simply left behind.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._busy = 0

    @property
    def free(self) -> int:
        """How many more calls find a thread at once."""
        return self._count - self._busy

    @property
    def busy(self) -> bool:
        """True while the result of a call is still to be taken."""
        return self._busy > 0

    def submit(self, call: Callable[[], None]) -> None:
        """Run ``call``, which must not raise, in a thread. Say ``done`` once its result has been taken."""
        self._busy += 1
        if len(self._threads) < min(self._busy, self._count):
            self._threads.append(threading.Thread(target=self._work, name="yuqing-web", daemon=True))
            self._threads[-1].start()
        self._calls.put(call)

    def done(self) -> None:
        """One submitted call has come back."""
        self._busy -= 1

    def close(self) -> bool:
        """Send the threads home; True when none of them was still at work."""
        for _ in self._threads:
            self._calls.put(None)
        idle = self._busy == 0
        for thread in self._threads if idle else ():
            thread.join(timeout=1.0)
        self._threads.clear()
        return idle

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
