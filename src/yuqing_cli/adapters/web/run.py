"""The queue of one run: which hop goes next, and what follows from its outcome. Knows the time, not the wire.

Hops stand in lanes, one for each set of gates. The lanes take turns, so that a host with a thousand articles delays
nobody else's first page; a lane whose gate is closed is passed over and holds no thread. Hops that need a name or a
robots.txt which is being asked for are parked under it; hops that are to be tried again come back at their time.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from math import ceil
from random import Random

from yuqing_cli import robots
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Ask
from yuqing_cli.politeness import Gates, WebSettings, parse_retry_after
from yuqing_cli.records import replace

from .faults import RETRIED, status_error
from .hops import REDIRECTS, Hop, Outcome, checked_url, redirected
from .known import DEAD_FOR, Go, Known, Need, No
from .ledger import Ledger

MAX_PAUSE = timedelta(seconds=60)
"""A longer Retry-After is not waited for in the run; the schedule heeds it."""
BACKOFF_SECONDS = (2.0, 8.0)


class Run:
    """All asks of one call of ``Web.run``. Used from one thread."""

    def __init__(self, settings: WebSettings, gates: Gates, ledger: Ledger, known: Known, rng: Random) -> None:
        self._settings = settings
        self._gates = gates
        self._ledger = ledger
        self._known = known
        self._rng = rng
        self._lanes: OrderedDict[tuple[str, ...], deque[Hop]] = OrderedDict()
        self._lookups: deque[Hop] = deque()
        self._later: list[tuple[datetime, int, Hop]] = []
        self._parked: dict[str, list[Hop]] = {}
        self._answers: deque[Answer] = deque()
        self._under_way: dict[int, Hop] = {}
        self._count = 0
        self._stirred = False
        self.wakes_at: datetime | None = None
        """When ``next`` is worth another call although nothing came back; None: only an outcome can change things."""

    def add(self, ask: Ask) -> None:
        """A new ask joins the end of its lane."""
        try:
            self._queue(Hop(ask, checked_url(ask.url)))
        except SourceError as error:
            self._answers.append(Answer(ask, ask.url, error=error))

    def answer(self) -> Answer | None:
        """The next finished answer, if there is one."""
        return self._answers.popleft() if self._answers else None

    def next(self, now: datetime) -> tuple[Hop, tuple[str, ...]] | None:
        """A hop that may start now, with the addresses to connect to; it counts as started. None: nothing may."""
        while self._later and self._later[0][0] <= now:
            self._queue(heapq.heappop(self._later)[2], first=True)
        cleared, self._stirred = None, True
        while cleared is None and self._stirred:
            self._stirred = False
            self.wakes_at = self._later[0][0] if self._later else None
            cleared = self._scan(now)
        return None if cleared is None else (self._started(cleared[0], now), cleared[1])

    def settle(self, outcome: Outcome, now: datetime) -> None:
        """An outcome came back: it becomes an answer, another hop, or knowledge that lets others go on."""
        hop = outcome.hop
        del self._under_way[id(hop)]
        self._gates.leave(hop.gates)
        self._account(outcome)
        if outcome.retry and self._tried_again(outcome, now):
            return
        if outcome.error is not None and outcome.dead:
            self._known.leave_alone(hop.url, now + DEAD_FOR, outcome.error)
        if hop.stage == "lookup":
            self._known.learn_addresses(hop.key, outcome.error or outcome.addresses)
            self._release(hop, now)
        elif hop.stage == "robots":
            self._settle_robots(outcome, now)
        else:
            self._settle_ask(outcome)

    def abandon(self) -> None:
        """The run ends early: whatever is under way no longer counts as standing in its gates."""
        for hop in self._under_way.values():
            self._gates.leave(hop.gates)
        self._under_way.clear()

    def _queue(self, hop: Hop, *, first: bool = False) -> None:
        lane = self._lookups if hop.stage == "lookup" else self._lanes.setdefault(hop.gates, deque())
        if first:
            lane.appendleft(hop)
        else:
            lane.append(hop)

    def _scan(self, now: datetime) -> tuple[Hop, tuple[str, ...]] | None:
        for gates in list(self._lanes):
            if self._lookups:
                break
            cleared = self._next_in(gates, now)
            if cleared is not None:
                return cleared
        return (self._lookups.popleft(), ()) if self._lookups else None

    def _next_in(self, gates: tuple[str, ...], now: datetime) -> tuple[Hop, tuple[str, ...]] | None:
        opens = self._gates.opens_at(gates, now)
        if opens is None:
            return None
        if opens > now:
            self.wakes_at = min(opens, self.wakes_at or opens)
            return None
        lane = self._lanes[gates]
        cleared = self._first_cleared(lane, now)
        if lane:
            self._lanes.move_to_end(gates)
        else:
            del self._lanes[gates]
        return cleared

    def _first_cleared(self, lane: deque[Hop], now: datetime) -> tuple[Hop, tuple[str, ...]] | None:
        while lane:
            hop = lane.popleft()
            verdict = self._known.verdict(hop, now)
            if isinstance(verdict, Go):
                return hop, verdict.addresses
            if isinstance(verdict, Need):
                self._park(hop, verdict, lane)
            else:
                self._deny(hop, verdict, now)
        return None

    def _park(self, hop: Hop, need: Need, lane: deque[Hop]) -> None:
        waiting = self._parked.setdefault(need.key, [])
        waiting.append(hop)
        if len(waiting) > 1:
            return
        if need.stage == "lookup":
            self._lookups.append(Hop(hop.ask, hop.url, "lookup", need.key))
        else:
            lane.appendleft(Hop(hop.ask, checked_url(need.key + "/robots.txt"), "robots", need.key))

    def _release(self, hop: Hop, now: datetime) -> None:
        for waiting in reversed(self._parked.pop(hop.key, [])):
            # What is now known to be out of the question need not wait until its gate opens.
            verdict = self._known.verdict(waiting, now)
            if isinstance(verdict, No):
                self._deny(waiting, verdict, now)
            else:
                self._queue(waiting, first=True)
        # Lanes that a scan under way has passed already may have got a hop: it has to look once more.
        self._stirred = True

    def _deny(self, hop: Hop, refusal: No, now: datetime) -> None:
        error = refusal.error
        if hop.stage == "robots":
            error = error or SourceError("temporary", "it may not be asked")
            self._known.robots_failed(hop.key, error, now, refusal.until)
            self._release(hop, now)
            return
        if error is None:
            self._ledger.host(hop.gates[0]).disallowed += 1
        # What the host told another ask holds for this one too: whoever plans the next run reads it from the headers.
        wait = {"retry-after": f"{ceil((refusal.until - now).total_seconds())}"} if refusal.until else {}
        self._finish(hop, Outcome(hop, headers=wait), error, disallowed=error is None)

    def _started(self, hop: Hop, now: datetime) -> Hop:
        started = replace(hop, asked_at=hop.asked_at or now)
        self._under_way[id(started)] = started
        if hop.stage != "lookup":
            self._gates.enter(hop.gates, now)
            self._ledger.host(hop.gates[0]).start(now)
        return started

    def _account(self, outcome: Outcome) -> None:
        if not outcome.sent:
            return
        account = self._ledger.host(outcome.hop.gates[0])
        account.requests += 1
        account.bytes += outcome.wire_bytes
        account.not_modified += outcome.status == 304
        account.robots += outcome.hop.stage == "robots"
        account.retries += outcome.hop.attempt > 0

    def _tried_again(self, outcome: Outcome, now: datetime) -> bool:
        hop, pause = outcome.hop, parse_retry_after(outcome.headers.get("retry-after"), now)
        if pause is not None and pause > MAX_PAUSE:
            error = outcome.error or status_error(outcome.status)
            self._known.leave_alone(hop.url, now + pause, error, wished=True)
            return False
        if hop.attempt >= self._settings.retries:
            return False
        if pause:
            self._known.pause(hop.url, now + pause)
        backoff = timedelta(seconds=self._rng.uniform(*BACKOFF_SECONDS) * (hop.attempt + 1))
        again = replace(hop, attempt=hop.attempt + 1, seconds=hop.seconds + outcome.seconds)
        self._count += 1
        heapq.heappush(self._later, (now + (pause or backoff), self._count, again))
        return True

    def _settle_ask(self, outcome: Outcome) -> None:
        hop, error = outcome.hop, outcome.error
        try:
            following = redirected(outcome, self._settings.max_redirects) if error is None else None
        except SourceError as exc:
            following, error = None, exc
        if following is not None:
            self._queue(following, first=True)
        else:
            self._finish(hop, outcome, error or _status_error(outcome))

    def _settle_robots(self, outcome: Outcome, now: datetime) -> None:
        hop, status = outcome.hop, outcome.status
        try:
            following = redirected(outcome, self._settings.max_redirects) if outcome.error is None else None
        except SourceError as exc:
            # RFC 9309, 2.3.1.2: redirects that lead nowhere may be read as "there is none"; one that we refuse may not.
            if exc.kind == "refused":
                self._robots_failed(outcome, exc, now)
                return
            following = None
        if following is not None:
            self._queue(following, first=True)
        elif outcome.error is not None or status >= 500 or status in RETRIED:
            # 429 is a 4xx, but its sender asks for less, and "all is allowed" would be more.
            self._robots_failed(outcome, outcome.error or status_error(status), now)
        else:
            self._known.learn_robots(hop.key, robots.decode(outcome.body) if status < 300 else "", now)
            self._release(hop, now)

    def _robots_failed(self, outcome: Outcome, error: SourceError, now: datetime) -> None:
        pause = parse_retry_after(outcome.headers.get("retry-after"), now)
        self._known.robots_failed(outcome.hop.key, error, now, now + pause if pause else None)
        self._release(outcome.hop, now)

    def _finish(
        self, hop: Hop, outcome: Outcome | None = None, error: SourceError | None = None, *, disallowed: bool = False
    ) -> None:
        shown = outcome or Outcome(hop)
        answer = Answer(
            hop.ask,
            hop.url,
            status=shown.status,
            headers=shown.headers,
            body=b"" if error else shown.body,
            asked_at=hop.asked_at,
            seconds=hop.seconds + shown.seconds,
            error=error,
            disallowed=disallowed,
            permanent_url=hop.url if hop.visited and hop.permanent and not error and not disallowed else "",
        )
        self._answers.append(answer)


def _status_error(outcome: Outcome) -> SourceError | None:
    status, ask = outcome.status, outcome.hop.ask
    if status == 304 and not (ask.etag or ask.last_modified):
        return SourceError("soft", 'the server answered "not modified" although nothing was known before')
    if status in REDIRECTS:
        return SourceError("soft", "a redirect that names no address (status {status})", status=status)
    return None if status in {200, 203, 304} else status_error(status)
