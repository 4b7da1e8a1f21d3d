"""Which door a fetch goes through: the web, the web with a recorder, or saved answers; and the account of what was asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuqing_cli import i18n
from yuqing_cli.errors import UsageError

from .face import say

if TYPE_CHECKING:
    from yuqing_cli.adapters.saved import Door
    from yuqing_cli.adapters.store import Store
    from yuqing_cli.adapters.web import HostLedger, Ledger
    from yuqing_cli.station import Station


def opened(
    station: Station, store: Store, words: i18n.Translate, *, save: Path | None, replay: Path | None
) -> AbstractContextManager[Door]:
    """The door, to be closed by ``with``. Raises ``UsageError``: both folders given, or one that cannot be used."""
    if save and replay:
        raise UsageError("--save and --replay exclude each other")
    from yuqing_cli.adapters import saved

    if replay:
        answers = saved.Replay(replay)
        say(words("nothing is asked: answers come from {folder}, and count as seen now", folder=replay))
        return answers
    if save is None:
        return station.web(store)
    saved.make(save)
    say(
        words(
            "raw pages are kept in {folder}: they may hold names and personal data, are not masked, and retention "
            "does not remove them",
            folder=save,
        )
    )
    return saved.Recorder(station.web(store), save)


def show_ledger(ledger: Ledger, words: i18n.Translate) -> None:
    """What was asked of each host, as a table on stderr; the busiest first."""
    from yuqing_cli.adapters.terminal.drawing import table

    names = ("host", "requests", "bytes", "304 share", "smallest gap", "robots", "retries", "disallowed")
    rows = [_row(host, account, words) for host, account in _busiest_first(ledger)]
    table([words(name) for name in names], rows, stderr=True, whole=True)


def _row(host: str, account: HostLedger, words: i18n.Translate) -> tuple[str, ...]:
    share = f"{account.not_modified / account.requests:.0%}" if account.requests else "–"
    gap = "–" if account.smallest_gap is None else words("{seconds} s", seconds=f"{account.smallest_gap:.2f}")
    counts = (account.robots, account.retries, account.disallowed)
    return (host, str(account.requests), f"{account.bytes:,}", share, gap, *map(str, counts))


def _busiest_first(ledger: Ledger) -> list[tuple[str, HostLedger]]:
    return sorted(ledger.hosts.items(), key=lambda entry: (-entry[1].requests, entry[0]))


def ledger_twin(ledger: Ledger) -> dict[str, Any]:
    """The account for programs: totals, then each host. Gaps in seconds, null before a second request."""
    keys = ("requests", "bytes", "not_modified", "robots", "retries", "disallowed", "smallest_gap")
    hosts = [{"host": host} | {key: getattr(account, key) for key in keys} for host, account in _busiest_first(ledger)]
    return {"requests": ledger.requests, "bytes": ledger.bytes, "not_modified": ledger.not_modified, "hosts": hosts}
