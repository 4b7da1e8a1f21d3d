"""Keeping the archive: purge, backup, restore, merge.

purge:   settings.privacy -ages-> Ages -store.purge_some (again and again) -store.strip_issues -store.wipe-> Purged
backup:  store.copy -> proven file -copies.rotate-> the newest few
restore: copies.prove -> copies.put_back -> what was there, aside
merge:   copies.prove -> a copy of the other file, of this schema -store.merge-> Merged
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from yuqing_cli.adapters.store import Store, copies
from yuqing_cli.adapters.store.merging import Merged
from yuqing_cli.adapters.store.retention import Ages
from yuqing_cli.config import PrivacySettings
from yuqing_cli.errors import StoreError
from yuqing_cli.records import Record

DAILY = timedelta(hours=20)
"""A daily purge is due after so long: a cron job that runs some minutes early does not skip a day."""
PURGE, MERGE = "purge", "merge"


class Purged(Record):
    """What a purge did, or (``rewritten`` None) would do."""

    matched: int
    unmatched: int
    rewritten: bool | None = None
    before: int = 0
    """Bytes of the file before and after."""
    after: int = 0

    @property
    def posts(self) -> int:
        """Posts that lost their text."""
        return self.matched + self.unmatched


def ages(privacy: PrivacySettings, now: datetime) -> Ages:
    """From when on text is kept."""
    days = (timedelta(days=d) for d in (privacy.retention_days, privacy.unmatched_retention_days))
    return Ages(*(now - span for span in days))


def would_purge(store: Store, privacy: PrivacySettings, now: datetime) -> Purged:
    """What ``purge`` would do now."""
    return Purged(*store.purge_due(ages(privacy, now)))


def purge(
    store: Store,
    privacy: PrivacySettings,
    now: datetime,
    *,
    rewrite: bool | None = None,
    progress: Callable[[int], None] = lambda _posts: None,
) -> Purged:
    """Take the text of posts that are old enough. ``progress`` is told how many went in each step."""
    limits = ages(privacy, now)
    due, before = store.purge_due(limits), store.size()
    while gone := store.purge_some(limits, now):
        progress(gone)
    stripped = store.strip_issues()
    rewritten = store.wipe(rewrite=rewrite) if any(due) or stripped or rewrite else False
    # Last: a purge that was killed is not done for today.
    store.log_work(PURGE, now, sum(due))
    store.settle()
    return Purged(*due, rewritten, before, store.size())


def purge_daily(store: Store, privacy: PrivacySettings, now: datetime) -> Purged | None:
    """``purge``, once a day: what ``fetch`` does at its end. None where it was done today."""
    last = store.last_work(PURGE)
    if last is not None and timedelta(0) <= now - last < DAILY:
        return None
    return purge(store, privacy, now)


class Copied(Record):
    """A copy that was made, how many posts it holds, and the older ones that went for it."""

    path: Path
    posts: int
    removed: tuple[Path, ...]


def backup(store: Store, folder: Path, at: datetime, keep: int) -> Copied:
    """Copy the file, prove the copy, and keep the newest ``keep`` in the folder. ``at`` is in the station's zone."""
    path = folder / copies.name(store.path, at)
    store.copy(path)
    return Copied(path, copies.prove(path), tuple(copies.rotate(folder, store.path.stem, keep)))


def restore(copied: Path, path: Path, at: datetime) -> tuple[int, Path]:
    """Put a copy in the place of the station's file; how many posts it holds, and where the former content lies."""
    posts = copies.prove(copied)
    aside = path.with_name(f"{path.stem}.before-restore-{copies.name(path, at).removeprefix(path.stem + '-')}")
    copies.put_back(copied, path, aside)
    return posts, aside


def merge(store: Store, other: Path, now: datetime) -> Merged:
    """Join another desk's file into this one. It is not touched: a copy of it is brought to this schema and read.

    Raises:
        StoreError: it is no sound file of ours, it is this one, or there is no room for the copy.

    """
    copies.prove(other)
    if other.samefile(store.path):
        raise StoreError("{path} is this station's own file", path=other)
    with TemporaryDirectory(dir=store.path.parent, prefix=".merge-") as folder:
        copied = Path(folder) / "other.db"
        copies.copy_file(other, copied)
        Store(copied).close()
        for former in Path(folder).glob("other.schema-*"):
            former.unlink()
        merged = store.merge(copied, now)
    store.log_work(MERGE, now, merged.posts + merged.changed)
    return merged
