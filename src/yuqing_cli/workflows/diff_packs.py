"""Difference of two sets of packs: what they would say of the stored posts; nothing is written.

files or store -load-> two sets; store.judgeable -Compare-> Change -> counts and samples
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from yuqing_cli.adapters import files
from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.tuning import Passage
from yuqing_cli.enrich.compare import Change, Compare, Edit
from yuqing_cli.errors import UsageError
from yuqing_cli.packs.load import Loaded, load
from yuqing_cli.packs.model import KeywordSet
from yuqing_cli.records import Record
from yuqing_cli.station import Station

from .init import shipped_packs
from .tuning import Metas

NAMES = ("now", "last", "shipped")
"""The packs of the station's folder, those that judged last, and those that come with the program."""
RuleRef = tuple[str, str]


class Sample(Record):
    """A post that the two sets judge differently."""

    post: str
    at: datetime
    title: str
    change: Change


@dataclass(slots=True)
class Difference:
    """How many of ``posts`` match newly, no longer, or with other rules; each rule's (gained, lost); and samples, newest first."""

    edit: Edit
    posts: int = 0
    gained: int = 0
    lost: int = 0
    moved: int = 0
    rules: dict[RuleRef, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    samples: list[Sample] = field(default_factory=list)


def read_set(station: Station, store: Store, given: str) -> KeywordSet:
    """A set by its name, or from a folder or a file. Raises ``UsageError`` (nothing there), ``ConfigError`` (faults)."""
    if given == "now":
        return station.keywords.require()
    if given == "last":
        if not (held := store.last_packs()):
            raise UsageError("no packs have judged posts here yet; name a folder or a file")
        return load(held).require()
    if given == "shipped":
        return load(shipped_packs().items()).require()
    path = Path(given)
    if path.is_dir():
        texts, unreadable = files.read_packs(path)
        loaded = load(texts)
        return Loaded(loaded.keywords, (*unreadable, *loaded.problems)).require()
    if not path.exists():
        text = "there is no file and no folder {path}; known names are {names}"
        raise UsageError(text, path=given, names=", ".join(NAMES))
    return load([(str(path), files.read_text(path))]).require()


def both_sets(station: Station, store: Store, old: str, new: str) -> tuple[KeywordSet, KeywordSet]:
    """Both sets. A single file beside a whole set takes the place of the pack of its name in it, or is added."""
    one, other = read_set(station, store, old), read_set(station, store, new)
    alone = _is_file(old), _is_file(new)
    if alone == (True, False):
        one = _put_in(other, one)
    elif alone == (False, True):
        other = _put_in(one, other)
    return one, other


def _is_file(given: str) -> bool:
    return given not in NAMES and not Path(given).is_dir()


def _put_in(whole: KeywordSet, part: KeywordSet) -> KeywordSet:
    names = {pack.name for pack in part.packs}
    return KeywordSet((*(pack for pack in whole.packs if pack.name not in names), *part.packs))


def difference(
    station: Station,
    store: Store,
    sets: tuple[KeywordSet, KeywordSet],
    days: int,
    most: int,
    progress: Callable[[], object],
) -> Difference:
    """What changes for the posts first seen in the last ``days`` days; at most ``most`` samples a rule and direction."""
    compare = Compare(*sets)
    outcome = Difference(compare.edit)
    sampled: Counter[tuple[RuleRef, bool]] = Counter()
    metas = Metas(station, store)
    for passage in store.judgeable(station.clock() - timedelta(days=days)):
        outcome.posts += 1
        progress()
        change = compare.post(passage.title, passage.text, metas.of(passage.source))
        if change is not None:
            _count(outcome, passage, change, sampled, most)
    return outcome


def _count(
    outcome: Difference, passage: Passage, change: Change, sampled: Counter[tuple[RuleRef, bool]], most: int
) -> None:
    outcome.gained += change.matched_after and not change.matched_before
    outcome.lost += change.matched_before and not change.matched_after
    outcome.moved += change.matched_before and change.matched_after
    refs = [*((ref, True) for ref in change.gained), *((ref, False) for ref in change.lost)]
    for ref, gained in refs:
        outcome.rules[ref][0 if gained else 1] += 1
    if any(sampled[entry] < most for entry in refs):
        sampled.update(refs)
        outcome.samples.append(Sample(passage.id, passage.at, passage.title, change))
