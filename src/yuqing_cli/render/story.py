"""The lines of ``events list`` and ``events show``: what stands where, without colour and without a width of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from yuqing_cli import records, times
from yuqing_cli.digest.shapes import DigestEvent, StoredPost
from yuqing_cli.digest.story import Story
from yuqing_cli.events.hot import Observed, Sighting
from yuqing_cli.i18n import Translate
from yuqing_cli.models import Part
from yuqing_cli.records import Record

from . import words

BARS = "▁▂▃▄▅▆▇█"
BAR_WIDTH = 20
COLUMNS = 48
"""At most so many intervals in a sparkline: it stands in a line of 80 columns beside its label."""
TITLES = 16
"""Where a title stands in the timeline: below the name of its source."""
FIRST, LAST = 20, 40
"""How many reports of an event are listed at its beginning and at its end."""
STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 28))


class Line(Record):
    """One line, to be wrapped with its margin where it is too long. ``style``: the level, ``strong``, ``faint`` or nothing."""

    text: str
    style: str = ""
    margin: int = 0


def badge(event: DigestEvent, t: Translate) -> str:
    """``[red 92]``."""
    return f"[{t(words.LEVELS[event.level])} {int(event.score)}]"


def list_lines(events: Iterable[DigestEvent], topics: Sequence[Sequence[str]], t: Translate) -> list[Line]:
    """Two lines an event: what happened; then its id, where it stands, how many said it, from when to when, and the topics."""
    lines: list[Line] = []
    for event, titles in zip(events, topics, strict=True):
        lines.append(Line(f"{badge(event, t)} {event.title}", event.level))
        told = (event.id, words.state(event, t), counts(event, t), span(event), words.names_of(list(titles), t, 3))
        lines.append(Line("  ".join(part for part in told if part), "faint", 3))
    return lines


def counts(event: DigestEvent, t: Translate) -> str:
    """How many reports, and of how many sources; where there are copies, also how many."""
    text = "reports: {posts}, sources: {sources}"
    if event.copies:
        text = "reports: {posts} (copies: {copies}), sources: {sources}"
    return t(text, posts=event.posts, copies=event.copies, sources=event.sources)


def span(event: DigestEvent) -> str:
    """When it was first and last reported; once where that is the same minute."""
    first, last = words.minute(event.first_seen), words.minute(event.last_seen)
    return first if first == last else f"{first} – {last}"


def story_lines(story: Story, zone: tzinfo, t: Translate) -> list[Line]:
    """The whole event: what it is, its reports in time, and the sum that its score is."""
    step, reports = intervals([post.at for post in story.members], story.seen_from)
    lines = [*_head(story, t), *_section(t("Reports, each block {step}", step=times.format_duration(step)))]
    lines += [Line(sparkline(reports), "", 3), *timeline_lines(story.members, zone, t)]
    if story.observed:
        lines += [*_section(t("On hot lists")), *hot_lines(story, zone, t)]
    if story.near:
        lines += [*_section(t("Near to it; what is the same, yuqing events merge joins")), *_near_lines(story, zone, t)]
    if story.event.notes or story.event.answer:
        lines += [*_section(t("The desk's words")), *_desk_lines(story.event, t)]
    return [*lines, *_section(t("Score")), *part_lines(story.parts, story.event.score, t)]


def _section(title: str) -> list[Line]:
    return [Line(""), Line(title, "strong")]


def _head(story: Story, t: Translate) -> list[Line]:
    event = story.event
    moves = t(words.OUTLOOKS[event.outlook]) if event.outlook else ""
    lines = [
        Line(f"{badge(event, t)} {event.title}", event.level),
        Line("  ".join(part for part in (event.id, words.state(event, t), moves) if part), "", 3),
        Line(f"{counts(event, t)}  {span(event)}", "", 3),
        Line(t(", ").join(story.topics), "", 3),
    ]
    if event.owner:
        lines.append(Line(t("owner: {owner}", owner=event.owner), "", 3))
    if story.former_ids:
        lines.append(Line(t("formerly {ids}", ids=t(", ").join(story.former_ids)), "faint", 3))
    return [line for line in lines if line.text]


def _desk_lines(event: DigestEvent, t: Translate) -> list[Line]:
    lines = [Line(f"{words.minute(note.at)}  {note.text}", "", 3) for note in event.notes]
    if event.answer:
        at = words.minute(event.answered_at) if event.answered_at else ""
        lines.append(Line(t("{at}  answered: {address}", at=at, address=event.answer), "", 3))
    return lines


def _near_lines(story: Story, zone: tzinfo, t: Translate) -> Iterator[Line]:
    for one in story.near:
        at, likeness = words.minute(one.at.astimezone(zone)), t("likeness {share}", share=f"{one.strength:.2f}")
        yield Line("  ".join((at, one.event, likeness)), "", 3)
        yield Line(one.title or t("(without a title)"), "", TITLES)


def hot_lines(story: Story, zone: tzinfo, t: Translate) -> list[Line]:
    """Of each item of a hot list its ranks as a line that rises, then how high, for how long, and whereto."""
    lines = []
    for post in story.members:
        if post.id not in story.observed:
            continue
        seen = story.observed[post.id]
        drawn = ranks_drawn(story.sightings.get(post.id, ()), seen.last_at)
        lines.append(Line(f"{post.source}  {post.id}  {drawn}", "", 3))
        lines.append(Line(hot_sentence(seen, zone, t), "", 3))
    return lines


def hot_sentence(seen: Observed, zone: tzinfo, t: Translate) -> str:
    """``best rank 3, now 8, 140 minutes, 2.5 ranks an hour down; last seen 11-22 18:00``."""
    said = [t("best rank {rank}", rank=seen.best_rank)] if seen.best_rank is not None else []
    said.append(t("now {rank}", rank=seen.rank) if seen.rank is not None else t("off the list"))
    said.append(t("on it for {span}", span=times.format_duration(timedelta(minutes=round(seen.minutes)))))
    if seen.slope:
        text = "{ranks} ranks up an hour" if seen.slope > 0 else "{ranks} ranks down an hour"
        said.append(t(text, ranks=f"{abs(seen.slope):.1f}"))
    return t("{what}; last seen {at}", what=t(", ").join(said), at=words.minute(seen.last_at.astimezone(zone)))


def ranks_drawn(sightings: Sequence[Sighting], until: datetime) -> str:
    """The rank over time, the first place the full block; blanks while the item was off the list."""
    known = [sighting for sighting in sightings if sighting.at <= until]
    ranks = [sighting.rank for sighting in known if sighting.rank is not None]
    if not ranks:
        return ""
    step = max(timedelta(minutes=1), (until - known[0].at) / COLUMNS)
    deepest = max(10, *ranks)
    drawn, place = [], 0
    for column in range(int((until - known[0].at) / step) + 1):
        at = known[0].at + column * step
        while place + 1 < len(known) and known[place + 1].at <= at:
            place += 1
        rank = known[place].rank
        drawn.append(" " if rank is None else BARS[round((deepest - rank) / (deepest - 1) * (len(BARS) - 1))])
    return "".join(drawn)


def list_json(events: Iterable[DigestEvent]) -> str:
    """The machine-readable twin of the list: the events as in ``digest --format json``."""
    return _document({"schema": 1, "events": [records.plain(event) for event in events]})


def story_json(story: Story) -> str:
    """The machine-readable twin: the event as in ``digest --format json``, its parts as in ``why --json``."""
    parts = [{"name": p.name, "value": p.value, "weight": p.weight, "points": p.points} for p in story.parts]
    event: dict[str, Any] = records.plain(story.event)
    observed = [{"post": post} | records.plain(seen) for post, seen in story.observed.items()]
    near = [
        {"event": one.event, "likeness": round(one.strength, 3), "title": one.title, "post": one.post}
        for one in story.near
    ]
    more = {"parts": parts, "former_ids": list(story.former_ids), "observations": observed, "near": near}
    return _document({"schema": 1, "event": event | more})


def _document(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=lambda at: times.iso(at, at.tzinfo)) + "\n"


def part_lines(parts: Iterable[Part], score: float, t: Translate) -> list[Line]:
    """The sum that the score is, each part with a bar of what it has of what it could have at the most."""
    lines = []
    for part in parts:
        filled = round(part.value * BAR_WIDTH)
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        sum_ = f"100 × {part.weight:.3f} × {part.value:.3f} = {part.points:4.1f}"
        lines.append(Line(f"{bar}  {sum_}  {t(words.PARTS.get(part.name, part.name))}", "", 3))
    return [*lines, Line(t("score: {score}", score=f"{score:.1f}"), "", 3)]


def sparkline(values: Sequence[int]) -> str:
    """One block a value, the highest value the full block; nothing is a blank baseline block, never a gap."""
    top = max(values, default=0)
    return "".join(BARS[0] if not value else BARS[max(1, round(value / top * (len(BARS) - 1)))] for value in values)


def intervals(times: Sequence[datetime], until: datetime) -> tuple[timedelta, list[int]]:
    """How many of the times lie in each interval from the first of them until then; as fine as the columns allow."""
    first = min(times)
    length = max(until, *times) - first
    step = next((step for step in STEPS if length < step * COLUMNS), length / (COLUMNS - 1))
    found = [0] * (int(length / step) + 1)
    for at in times:
        found[int((at - first) / step)] += 1
    return step, found


def timeline_lines(members: Iterable[StoredPost], zone: tzinfo, t: Translate) -> list[Line]:
    """The reports in the order of time: when, where, which post, whom it copies or names, and its title where that is news.

    Of more than sixty the first ones and the last ones; the JSON twin has all.
    """
    held = list(members)
    names = {post.id: post.source for post in held}
    lines, told = [], ""
    for number, post in enumerate(held):
        if len(held) > FIRST + LAST and FIRST <= number < len(held) - LAST:
            if number == FIRST:
                lines.append(Line(t("… {count} more …", count=len(held) - FIRST - LAST), "faint", 3))
            continue
        lines.append(Line(_report(post, names, zone, t), "faint" if post.copy_of else "", 3))
        if post.title and post.title != told:
            lines.append(Line(post.title, "", TITLES))
        told = post.title
    return lines


def _report(post: StoredPost, names: Mapping[str, str], zone: tzinfo, t: Translate) -> str:
    tier = t(words.TIERS[post.tier]) if post.tier in words.TIERS else post.tier
    source = ("↳ " if post.copy_of else "") + t("{source} ({tier})", source=post.source, tier=tier)
    said = [words.minute(post.at.astimezone(zone)), source, post.id]
    if post.copy_of:
        said.append(t("copies {source}", source=names.get(post.copy_of, post.copy_of)))
    if post.origin:
        said.append(t("names {origin} as its origin", origin=post.origin))
    return "  ".join(said)
