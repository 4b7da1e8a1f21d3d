"""``Page`` -> ``Outline``: every section in its order, the empty ones left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from yuqing_cli.digest.page import ITEMS, Page
from yuqing_cli.digest.sections import Count, HotEntry, Matter, RisingWord, Suppressed
from yuqing_cli.digest.shapes import Digest, DigestEvent
from yuqing_cli.i18n import Translate, mark

from . import cards, words
from .outline import Block, Figure, Grid, Item, Line, Outline, Para, Run, Section, line, run
from .safe import EXEC_NAME, EXEC_TITLE, NAME, TITLE, fitted, shown, spark

COMPARED = {
    "previous": mark("the window before"),
    "weekday": mark("a week ago"),
    "mean7": mark("mean of seven days"),
}
ROWS = 12
"""How many rows a table of counts, words or hot entries has on the page; exports have all."""


def outline(page: Page, t: Translate) -> Outline:
    """The page as blocks, ready to be drawn."""
    digest, brief = page.digest, page.audience == "exec"
    build, room, named = (_exec, EXEC_NAME, 3) if brief else (_desk, 2 * NAME, 5)
    return Outline(
        title=words.heading(digest, t, room),
        window=words.window_line(digest, t, room),
        gap=words.gap_line(digest, t),
        bottom=words.bottom_line(digest, t),
        coverage=words.coverage_line(digest.coverage, t, named, room),
        alarm=words.alarming(digest.coverage),
        figures=figures(digest, t),
        sections=tuple(section for section in build(page, t) if section.blocks),
        method=tuple(words.method_lines(digest, t)),
        brief=brief,
    )


def figures(digest: Digest, t: Translate) -> tuple[Figure, ...]:
    """The core numbers, each with its change against the window before where that was watched."""
    totals = digest.totals
    before = next((c for c in digest.comparisons if c.name == "previous"), None)
    counted = (
        (t("posts"), totals.posts, before.posts if before else None),
        (t("matched"), totals.matched, before.matched if before else None),
        (t("events"), totals.events, before.events if before else None),
    )
    return (
        *(Figure(label, str(now), "" if then is None else words.change(now, then)) for label, now, then in counted),
        Figure(t("new events"), str(totals.new_events)),
        Figure(t("coverage"), words.percent(digest.coverage.ratio)),
    )


def _exec(page: Page, t: Translate) -> Iterable[Section]:
    yield Section("act", t("To act on today"), tuple(cards.brief_card(event, t) for event in page.act))
    yield Section("rest", t("Everything else"), tuple(_rest(page, t)))


def _rest(page: Page, t: Translate) -> Iterable[Block]:
    """What the desk's page has and this one only counts."""
    more = page.digest.more
    groups = (
        (t("other new events"), len(page.new) + more.get("new", 0)),
        (t("continuing events with changes"), len(page.continuing) + more.get("continuing", 0)),
        (t("unchanged events"), len(page.unchanged) + more.get("unchanged", 0)),
        (t("late arrivals"), len(page.late) + more.get("late", 0)),
        (t("good news and replies"), len(page.good) + more.get("good", 0)),
    )
    counts = [t("{name} {count}", name=name, count=count) for name, count in groups if count]
    if counts:
        yield Para(line(t(", ").join(counts)))
    waiting = [matter for matter in page.digest.matters if matter.status == "open"]
    if waiting:
        names = words.names_of([fitted(matter.title, EXEC_TITLE // 2) for matter in waiting], t, 2)
        yield Para(line(t("to be dealt with: {names}", names=names)))


def _desk(page: Page, t: Translate) -> Iterable[Section]:
    digest = page.digest
    yield Section(
        "act", t("To act on today"), tuple(cards.card(event, t, digest.unlisted.get(event.id, 0)) for event in page.act)
    )
    yield Section("new", t("Other new events"), _items(page, "new", t))
    yield Section("continuing", t("Continuing events"), (*_items(page, "continuing", t), *_still(page, t)))
    yield Section("late", t("Late arrivals"), _items(page, "late", t))
    yield Section("matters", t("Left over and handed over"), tuple(_matter(matter, t) for matter in digest.matters))
    yield Section("numbers", t("Numbers"), tuple(_numbers(digest, t)))
    yield Section("hot", t("Hot lists"), tuple(_hot(digest.hot, t)))
    yield Section("rising", t("Rising words"), tuple(_rising(digest.rising, t)))
    yield Section("good", t("Good news and official replies"), _items(page, "good", t))
    yield Section("suppressed", t("Held back"), tuple(_held_back(digest, t)))
    yield Section("coverage", t("Coverage and health"), tuple(_coverage(digest, t)))


def _items(page: Page, section: Literal["new", "continuing", "late", "good"], t: Translate) -> tuple[Block, ...]:
    events: Sequence[DigestEvent] = getattr(page, section)
    more = len(events) + page.digest.more.get(section, 0) - ITEMS
    listed = tuple(cards.item(event, t, changed=section == "continuing") for event in events[:ITEMS])
    if more <= 0:
        return listed
    return (*listed, Para(line(t("and {count} more; --format json and xlsx have all", count=more))))


def _still(page: Page, t: Translate) -> Iterable[Block]:
    if page.unchanged:
        count = len(page.unchanged) + page.digest.more.get("unchanged", 0)
        titles = [fitted(event.title, EXEC_TITLE // 2) for event in page.unchanged[:3]]
        yield Para(line(t("unchanged: {count} ({names})", count=count, names=words.names_of(titles, t, 3, of=count))))


def _matter(matter: Matter, t: Translate) -> Item:
    level = Run(t("[{level}]", level=t(words.LEVELS[matter.level])), matter.level)
    status = Run(t("[{level}]", level=t(words.STATUSES[matter.status])), "strong")
    said = [t("first report {at}", at=words.minute(matter.first_seen))]
    if matter.owner:
        said.append(t("unit {owner}", owner=shown(matter.owner, NAME)))
    if matter.answered_at:
        hours = (matter.answered_at - matter.first_seen).total_seconds() / 3600
        said.append(t("answered {at}, after {hours} h", at=words.minute(matter.answered_at), hours=words.number(hours)))
    if matter.closed_at:
        said.append(t("closed {at}", at=words.minute(matter.closed_at)))
    details = [line(t("; ").join(said), " ", run(matter.event, "id"))]
    if matter.answer:
        details.append(line(t("answer: "), run(matter.answer, url=matter.answer)))
    details += [line(f"{words.minute(note.at)} ", run(note.text, most=TITLE)) for note in matter.notes]
    return Item(
        line(*cards.tagged(status), *cards.tagged(level), run(matter.title, "strong", most=TITLE)),
        tuple(details),
        matter.event,
    )


def _numbers(digest: Digest, t: Translate) -> Iterable[Block]:
    totals = digest.totals
    if digest.comparisons:
        rows = [_compared(t("this window"), totals.posts, totals.matched, totals.events)]
        for other in digest.comparisons:
            name = t(COMPARED[other.name])
            rows.append(
                _compared(name, other.posts, other.matched, other.events, totals.posts, totals.matched, totals.events)
            )
        yield Grid(
            "compared",
            (t("in brackets: the change of this window"), t("posts"), t("matched"), t("events")),
            tuple(rows),
        )
    if bars := spark(digest.hourly):
        peak = digest.hourly.index(max(digest.hourly))
        text = "by hour from {start}: {bars} (most: {count} at {hour})"
        values = {"bars": bars, "count": digest.hourly[peak], "hour": f"{words.hour(digest, peak):%H:%M}"}
        yield Para(line(t(text, start=f"{digest.start:%H:%M}", **values)), key="hours")
    yield from _counts("by_topic", t("by topic"), digest.by_topic, t)
    yield from _counts("by_source", t("by source"), digest.by_source, t)
    named = tuple(Count(c.name, c.posts, c.events, words.tier(c.name, t)) for c in digest.by_tier)
    yield from _counts("by_tier", t("by kind of source"), named, t)


def _compared(name: str, *figures: float) -> tuple[Line, ...]:
    """A row of three numbers; with six, the last three are ours, and say how far we are from the first three."""
    told, ours = figures[:3], figures[3:]
    cells = [words.number(value) for value in told]
    if ours:
        changes = [words.change(now, before) for now, before in zip(ours, told, strict=True)]
        cells = [f"{cell} ({change})" if change else cell for cell, change in zip(cells, changes, strict=True)]
    return (line(name), *(line(cell) for cell in cells))


def _counts(key: str, title: str, counts: Sequence[Count], t: Translate) -> Iterable[Block]:
    if not counts:
        return
    with_events = any(count.events for count in counts)
    columns = (title, t("matched"), *([t("events")] if with_events else []))
    rows = []
    for count in counts[:ROWS]:
        cells = [line(run(count.title or count.name, most=NAME)), line(str(count.posts))]
        rows.append((*cells, *([line(str(count.events))] if with_events else [])))
    yield Grid(key, columns, tuple(rows))
    yield from _more(len(counts), t)


def _more(count: int, t: Translate) -> Iterable[Block]:
    if count > ROWS:
        yield Para(line(Run(t("and {count} more", count=count - ROWS), "dim")))


def _hot(entries: Sequence[HotEntry], t: Translate) -> Iterable[Block]:
    for entry in entries[:ROWS]:
        said = [shown(entry.source, NAME), t("best rank {rank}", rank=entry.best_rank)]
        said.append(t("now {rank}", rank=entry.rank) if entry.rank is not None else t("off the list"))
        said.append(t("{minutes} min on the list", minutes=f"{entry.minutes:.0f}"))
        if entry.slope:
            pace = f"{abs(entry.slope):.1f}"
            said.append(
                t("up {count} ranks an hour", count=pace)
                if entry.slope > 0
                else t("down {count} ranks an hour", count=pace)
            )
        if entry.heat is not None:
            said.append(t("heat {heat}", heat=f"{entry.heat:,.0f}"))
        if entry.last_at:
            said.append(t("seen {at}", at=words.minute(entry.last_at)))
        details = line(t("; ").join(said), " ", run(entry.post, "id"))
        yield Item(line(run(entry.title, "strong", entry.url, TITLE)), (details,))
    yield from _more(len(entries), t)


def _rising(rising: Sequence[RisingWord], t: Translate) -> Iterable[Block]:
    if not rising:
        return
    rows = [
        (
            line(run(word.word, "strong", most=NAME)),
            line(str(word.posts)),
            line(words.number(word.expected)),
            line(run(" ".join(word.samples[:3]), "id")),
        )
        for word in rising[:ROWS]
    ]
    yield Grid("rising", (t("word"), t("matched"), t("usual"), t("for example")), tuple(rows))
    yield from _more(len(rising), t)


def _held_back(digest: Digest, t: Translate) -> Iterable[Block]:
    """By which rule, how many, and some of them, so that a rule that takes too much can be caught."""
    told = {entry.rule for entry in digest.suppressed_samples}
    bare = [Suppressed(rule, count) for rule, count in digest.suppressed.items() if rule not in told]
    for entry in (*digest.suppressed_samples, *bare):
        name = t("marked as noise") if entry.rule == "marked" else entry.rule
        details = [line(run(title, most=TITLE), " ", run(post, "id")) for post, title in entry.samples]
        yield Item(
            line(run(name, "strong", most=NAME), t(": "), t("posts: {count}", count=entry.posts)), tuple(details)
        )


def _coverage(digest: Digest, t: Translate) -> Iterable[Block]:
    sources = digest.coverage.sources
    # What is told of several is told once: forty sources that were never asked are no eighty lines.
    told: dict[str, list[str]] = {}
    for source in sources:
        if not source.fully_seen:
            told.setdefault(words.source_line(source, t), []).append(shown(source.name, NAME))
    for text, names in told.items():
        yield Item(line(run(words.names_of(names, t, ROWS), "strong")), (line(text),))
    good = [source for source in sources if source.fully_seen]
    if good:
        yield Para(line(words.healthy_line(good, t)))
    if not sources:
        yield Para(line(t("No sources are configured.")))
