"""One event as it is told: in full (``card``) or in a line (``item``)."""

from __future__ import annotations

from yuqing_cli.digest.shapes import DigestEvent, Link
from yuqing_cli.i18n import Translate

from . import words
from .outline import Card, Item, Line, Run, line, run
from .safe import EXEC_EXCERPT, EXEC_LINE, EXEC_NAME, EXEC_TITLE, NAME, TITLE, fitted, shown, spark

REPORT = 60
"""How much of a report's title is shown beside its source, in characters."""
_INNER = str.maketrans("“”", "‘’")
"""Quotation marks inside quotation marks: the same number of characters, so that the places of words hold."""
REPORTS = 8
"""How many reports of one event are listed; the table formats list all."""


def badge(event: DigestEvent, t: Translate) -> Run:
    """``[red 91]``: never by colour alone. The score is rounded down, so that it never reaches a level that the event has not."""
    return Run(t("[{level} {score}]", level=t(words.LEVELS[event.level]), score=int(event.score)), event.level)


def head(event: DigestEvent, t: Translate, room: int = 2 * TITLE) -> Line:
    """Rank, level, score, title."""
    url = event.links[0].url if event.links else ""
    title = run(shown(event.title) or t("(without a title)"), "strong", url, room=room)
    return line(f"{event.rank}. ", *tagged(badge(event, t)), title)


def tagged(tag: Run) -> Line:
    """A tag in brackets and what parts it from the next word: 】 brings its own blank."""
    return line(tag, "" if tag.text.endswith("】") else " ")


def card(event: DigestEvent, t: Translate, unlisted: int = 0) -> Card:
    """Everything about an event that somebody must act on. ``unlisted``: reports that it has besides its links."""
    why = line(words.reasons(event, t))
    facts = [
        (t("First report"), line(words.first_report(event, t))),
        (t("State"), line(words.course(event, t))),
        (t("Spread"), line(words.extent(event, t), _bars(event))),
        (t("Excerpt"), excerpt(event)),
        (t("Words"), line(words.terms_of(event, t))),
        (t("Points"), why),
        *_desk(event, t),
        (t("Reports"), ()),
    ]
    reports = [("", report(link, event)) for link in event.links[:REPORTS]]
    if (more := len(event.links) + unlisted - REPORTS) > 0:
        reports.append(("", line(t("and {count} more", count=more))))
    shown_facts = [fact for fact in facts[:-1] if fact[1]]
    if reports:
        reports[0] = (facts[-1][0], reports[0][1])
    return Card(event.id, event.level, head(event, t), (*shown_facts, *reports))


def brief_card(event: DigestEvent, t: Translate) -> Card:
    """What the head of the office reads of an event."""
    id_ = run(words.first_link(event).post if event.links else event.id, "id")
    facts = (
        (t("First report"), line(words.first_report(event, t, EXEC_NAME), " ", id_)),
        (t("State"), line(words.course(event, t))),
        (t("Spread"), line(words.extent(event, t))),
        (t("Excerpt"), excerpt(event, EXEC_EXCERPT)),
        *_desk(event, t, notes=1, room=EXEC_LINE),
    )
    return Card(event.id, event.level, head(event, t, EXEC_TITLE), tuple(fact for fact in facts if fact[1]))


def _desk(event: DigestEvent, t: Translate, notes: int = 9, room: int = 2 * TITLE) -> list[tuple[str, Line]]:
    """Whose it is, what the playbook says, what has been answered and noted."""
    said: list[tuple[str, Line]] = []
    if event.owner:
        said.append((t("Unit"), line(run(event.owner, "strong", room=2 * NAME))))
    if event.playbook:
        said.append((t("Playbook"), line(run(event.playbook, url=event.playbook, room=room))))
    if event.answer:
        at = f"{words.minute(event.answered_at)} " if event.answered_at else ""
        said.append((t("Answer"), line(at, run(event.answer, url=event.answer, room=room))))
    noted = (line(f"{words.minute(note.at)} ", run(note.text, room=room)) for note in event.notes[-notes:])
    return said + [(t("Note"), note) for note in noted]


def _bars(event: DigestEvent) -> Run:
    bars = spark(event.hourly)
    return Run(f" {bars}", "dim") if bars and len(event.hourly) > 1 else Run("")


def report(link: Link, event: DigestEvent) -> Line:
    """One report: when, where, id, title, address. What has the event's own title is a link by its source."""
    at = link.published_at or link.first_seen
    when, id_ = f"{words.minute(at)} " if at else "", run(link.post, "id")
    source = shown(link.source, NAME)
    if link.title == event.title or not shown(link.title):
        return line(when, run(source, url=link.url), " ", id_)
    return line(when, source, " ", id_, " ", run(link.title, url=link.url, most=REPORT))


def item(event: DigestEvent, t: Translate, *, changed: bool = False) -> Item:
    """One line of a list, and below it where it stands, or what changed."""
    post = event.links[0].post if event.links else event.id
    said = [words.first_report(event, t)]
    if changed or event.state != "new" or event.burst or event.status != "open":
        said.append(words.course(event, t))
    if event.posts > 1 or changed:
        said.append(words.extent(event, t))
    if event.owner:
        said.append(t("unit {owner}", owner=shown(event.owner, NAME)))
    details = [line(t("; ").join(said), " ", run(post, "id"))]
    if event.answer:
        details.append(line(t("answer: "), run(event.answer, url=event.answer)))
    return Item(head(event, t), tuple(details), event.id)


def excerpt(event: DigestEvent, room: int = 2 * TITLE) -> Line:
    """The excerpt in quotation marks, with the words that matched set off."""
    text = fitted(event.excerpt, room).translate(_INNER)
    if not text:
        return ()
    if shown(event.excerpt) != event.excerpt:
        # What had to be taken out has moved the places of the words.
        return line(f"“{text}”")
    pieces, done = [Run("“")], 0
    for start, end in _spans(event, len(text)):
        pieces += [Run(text[done:start]), Run(text[start:end], "hit")]
        done = end
    return line(*pieces, Run(text[done:] + "”"))


def _spans(event: DigestEvent, length: int) -> list[tuple[int, int]]:
    """Where to set off: neighbours are one span, and what reaches beyond the excerpt is cut."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(event.highlights):
        low, high = max(start, 0), min(end, length)
        if spans and low <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(high, spans[-1][1]))
        elif low < high:
            spans.append((low, high))
    return spans
