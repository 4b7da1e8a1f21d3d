"""Why-not: an address -> where on its way into the digest it stopped, and what would mend that.

store.by_address -> Located -(not stored?)-> which source should have brought it
                            -(unmatched?)-> Matcher.nearly, exclusions
                            -(matched)-> digest -> shown, merged, late, or of another window

Of several posts of one address, and of several sources that could have brought it, the one that came farthest is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

from yuqing_cli import politeness, robots, times
from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.explaining import Located
from yuqing_cli.config import Settings
from yuqing_cli.digest.shapes import Digest
from yuqing_cli.digest.window import WindowOptions
from yuqing_cli.enrich.match import Matcher, Near
from yuqing_cli.errors import UsageError
from yuqing_cli.i18n import Message, mark
from yuqing_cli.models import Exclusion, Source
from yuqing_cli.packs.query_match import about
from yuqing_cli.records import Record, field
from yuqing_cli.urls import canonical, host

from .digest import digest
from .today import named

Stage = Literal[
    "not_configured",
    "disallowed",
    "refused",
    "not_fetched",
    "not_parsed",
    "purged",
    "not_matched",
    "excluded",
    "below_threshold",
    "baseline",
    "outside_window",
    "late",
    "merged",
    "shown",
]
"""In the order of the way; ``purged`` stands where nothing more can be said."""
ORDER: Mapping[str, int] = {stage: i for i, stage in enumerate(get_args(Stage))}
_STATUS = re.compile(r"(?<!\d)[345]\d\d(?!\d)")
"""In the reason of a failure: the server answered, but not with a document. Other soft failures are documents that were not read."""


class Said(Record):
    """A sentence to be translated: a message id and what fills its holes."""

    text: Message
    values: Mapping[str, object] = field(default_factory=dict)


class Finding(Record):
    """Where an address stopped: what is known of it there, and what to do (None: nothing is amiss)."""

    stage: Stage
    detail: Said
    fix: Said | None = None
    post: str = ""
    in_order: bool = False
    """Nothing stored, yet a source that is in order covers the host."""


class WhyNot:
    """Questions to an open store; the digest that the answers are about is that of ``date``, by default today's."""

    def __init__(self, store: Store, settings: Settings, matcher: Matcher, now: datetime, date: str = "") -> None:
        self._store, self._settings, self._matcher, self._now = store, settings, matcher, now
        self._options = WindowOptions(date=date)
        self._states = store.states()
        self._zone = times.parse_zone(settings.station.timezone)
        self._digest: Digest | None = None

    def of(self, url: str) -> Finding:
        """Where ``url`` stopped. Raises ``UsageError``: it is no address."""
        address = canonical(url)
        if not address:
            raise UsageError("{url} is not an http address", url=url[:200])
        found = self._store.by_address(address)
        findings = map(self._stored, found) if found else self._unseen(url, address)
        return max(findings, key=lambda finding: (ORDER[finding.stage], finding.in_order))

    # ---- nothing is stored ----

    def _unseen(self, url: str, address: str) -> Iterable[Finding]:
        sources = self._covering(address)
        if not sources:
            detail = mark("no source of yuqing.toml brings pages of {host}")
            fix = mark("yuqing sources discover {url} looks for a feed or a list there")
            return [Finding("not_configured", Said(detail, {"host": host(url)}), Said(fix, {"url": url}))]
        return [self._unseen_by(source) for source in sources]

    def _covering(self, address: str) -> list[Source]:
        """The configured sources of the same site, and those that have brought posts of that host before."""
        site = politeness.registrable_domain(host(address))
        known = self._store.sources_of_host(host(address))
        same = [s for s in self._settings.sources if s.url and politeness.registrable_domain(host(s.url)) == site]
        return same + [s for s in self._settings.sources if s.name in known and s not in same]

    def _unseen_by(self, source: Source) -> Finding:
        state = self._states.get(source.name)
        told: dict[str, object] = {"source": source.name}
        if state is None or state.last_asked is None:
            fix = Said(mark("run yuqing fetch"))
            return Finding("not_fetched", Said(mark("{source} has never been asked"), told), fix)
        if source.robots == "obey" and self._forbidden(source.url):
            detail = mark("robots.txt forbids to ask for the list of {source}")
            fix = Said(mark("look for a feed that is allowed: yuqing sources discover {url}"), {"url": source.url})
            return Finding("disallowed", Said(detail, told), fix)
        check = Said(mark("yuqing sources check {source} shows what comes"), told)
        if state.last_error:
            told["reason"] = state.last_error
            if state.last_error_kind == "refused":
                return Finding("refused", Said(mark("{source} is not asked: {reason}"), told), check)
            unread = state.last_error_kind == "soft" and not _STATUS.search(state.last_error)
            stage: Stage = "not_parsed" if unread else "not_fetched"
            return Finding(stage, Said(mark("{source} fails: {reason}"), told), check)
        if not self._store.posts_of(source.name):
            detail = mark("{source} answers, but no post was ever read from it")
            return Finding("not_parsed", Said(detail, told), check)
        told["seen"] = self._clock(state.last_success or state.last_asked)
        detail = mark(
            "{source} is in order (last seen {seen}), but its list has not had this address when it was asked"
        )
        fix = Said(mark("ask it more often (every), or add the list where it stood: yuqing sources discover"))
        return Finding("not_fetched", Said(detail, told), fix, in_order=True)

    def _forbidden(self, url: str) -> bool:
        held = self._store.robots(robots.origin(url))
        return held is not None and not robots.Rules(held[0]).allows(url)

    # ---- stored, not matched ----

    def _stored(self, found: Located) -> Finding:
        post = found.post
        if found.purged:
            detail = mark("retention has removed the text; it was first seen {seen}")
            return Finding("purged", Said(detail, {"seen": self._clock(found.first_seen)}), post=post.id)
        if self._store.marks().get(post.id) == "noise":
            fix = Said(mark("yuqing mark {post} relevant takes the mark back"), {"post": post.id})
            return Finding("excluded", Said(mark("the desk marked it as noise")), fix, post.id)
        if found.matched:
            return self._reported(found)
        source = named(post.source, {s.name: s for s in self._settings.sources}, self._states)
        meta = about(source.name, source.tags, source.tier)
        match = self._matcher.match(post.title, post.text, meta)
        if match.topics or match.subjects:
            detail = mark("other packs judged it; today's would let {rules} fire")
            rules = ", ".join((*match.topics, *match.subjects))
            return Finding("not_matched", Said(detail, {"rules": rules}), Said(mark("run yuqing rescore")), post.id)
        if match.excluded:
            return self._excluded(post.id, match.excluded[0])
        return self._unmatched(found, self._matcher.nearly(post.title, post.text, meta))

    def _excluded(self, post: str, exclusion: Exclusion) -> Finding:
        values: dict[str, object] = {"rule": exclusion.rule, "term": exclusion.term, "where": self._where(exclusion)}
        detail = mark("{rule} ({where}) would fire, but its exclusion {term} holds it back")
        return Finding("excluded", Said(detail, values), Said(mark("narrow the exclusion, or take it out")), post)

    def _where(self, exclusion: Exclusion) -> str:
        rules = self._matcher.keywords.rules
        named = (r for r in rules if (r.pack, r.kind, r.id) == (exclusion.pack, exclusion.kind, exclusion.rule))
        return next((rule.where for rule in named), exclusion.pack)

    def _unmatched(self, found: Located, near: list[Near]) -> Finding:
        post = found.post
        if near:
            # What is in the text in earnest is nearer than what only looks so.
            nearest = min(near, key=lambda each: each.cause == "cut")
            rule = nearest.rule
            values: dict[str, object] = {"rule": rule.id, "where": rule.where, "terms": ", ".join(nearest.terms[:5])}
            if nearest.cause == "cut":
                detail = mark("{terms} of {rule} ({where}) is in it, but cuts through words")
                fix = Said(mark('write the term with boundary = "off" if it should count there'))
                return Finding("not_matched", Said(detail, values), fix, post.id)
            detail = mark("{rule} ({where}) asks for more than {terms}")
            fix = Said(mark("yuqing keywords explain {rule} says what it asks for"), values)
            return Finding("not_matched", Said(detail, values), fix, post.id)
        fix = Said(mark("add the words that the desk wants to be told of to a topic, then run yuqing rescore"))
        detail = mark("no term of the packs is in it")
        if not post.text:
            detail = mark("no term of the packs is in its headline, and of its text nothing was read")
        if post.article == "failed":
            detail = mark("no term of the packs is in what its list said; its page could not be read")
        return Finding("not_matched", Said(detail), fix, post.id)

    # ---- matched ----

    def _reported(self, found: Located) -> Finding:
        made = self._made()
        post = found.post.id
        for event in made.events:
            if post not in {link.post for link in event.links}:
                continue
            values: dict[str, object] = {"rank": event.rank, "title": event.title, "event": event.id}
            if event.links[0].post != post and found.post.canonical_url != canonical(event.links[0].url):
                return Finding(
                    "merged", Said(mark("it is one of the reports of event {rank}, {title}"), values), None, post
                )
            if event.late:
                detail = mark("it is among the late arrivals, as event {rank}")
                return Finding("late", Said(detail, values), None, post)
            return Finding("shown", Said(mark("it is in the digest, as event {rank}"), values), None, post)
        return self._elsewhere(found, made)

    def _made(self) -> Digest:
        if self._digest is None:
            keywords = self._matcher.keywords
            self._digest = digest(self._store, self._settings, keywords, self._options, now=self._now, as_of=self._now)
        return self._digest

    def _elsewhere(self, found: Located, made: Digest) -> Finding:
        """Matched, and yet in no event of this digest."""
        post, at = found.post.id, found.at
        day = self._clock(at or found.first_seen)[:10]
        values: dict[str, object] = {"at": self._clock(at or found.first_seen), "day": day}
        if any(post == sample for entry in made.suppressed_samples for sample, _ in entry.samples):
            return Finding("below_threshold", Said(mark("it is held back in this digest")), None, post)
        show = Said(mark("yuqing digest --date {day} shows it"), values)
        if found.baseline and (at is None or at < made.start):
            detail = mark("its source was read for the first time, and it was older than the day or without a date")
            return Finding("baseline", Said(detail), show if at else None, post)
        if at is not None and made.start <= at < made.end:
            return Finding("below_threshold", Said(mark("it is held back in this digest")), None, post)
        detail = mark("it is of {at}, outside the window of this digest")
        if at is not None and at < made.start - timedelta(days=7):
            detail = mark("it is of {at}, too old to be a late arrival of this digest")
        return Finding("outside_window", Said(detail, values), show, post)

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"
