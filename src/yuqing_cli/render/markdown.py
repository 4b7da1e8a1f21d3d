"""The digest as Markdown that 企业微信, 钉钉 and 飞书 show alike: headings, lists and bold only. Their parsers know no tables.

Titles are written by strangers: every character that Markdown could take for markup is escaped.
"""

from __future__ import annotations

import re

from yuqing_cli.digest.shapes import Digest, DigestEvent, Link
from yuqing_cli.i18n import Translate

from . import words

_MARKUP = re.compile(r"([\\`*_\[\]{}()<>#+!|~&])")
_LINE_START = re.compile(r"^(\s*)([-=]|\d+[.)])", re.MULTILINE)


def escaped(text: str) -> str:
    """Text that no Markdown parser takes for markup."""
    return _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))


def link(title: str, url: str) -> str:
    """A link, or the title alone where there is no address."""
    if not url:
        return escaped(title)
    address = url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"[{escaped(title)}]({address})"


def render(digest: Digest, t: Translate, top: int = words.TOP) -> str:
    """The whole digest."""
    main = [event for event in digest.events if not event.late]
    late = [event for event in digest.events if event.late]
    lines = [f"# {escaped(words.heading(digest, t))}", "", escaped(words.window_line(digest, t)), ""]
    lines += [f"**{escaped(words.bottom_line(digest, t))}**", "", escaped(words.coverage_line(digest, t)), ""]
    lines += _section(t("To act on today"), [line for event in main[:top] for line in _full(event, t)])
    lines += _section(t("Other events"), [_brief(event, t) for event in main[top:]])
    lines += _section(t("Late arrivals"), [_brief(event, t) for event in late])
    lines += _section(t("Coverage"), _coverage(digest, t))
    lines += ["---", "", escaped(words.method_line(digest, t))]
    return "\n".join(lines) + "\n"


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}", "", *lines, ""] if lines else []


def _full(event: DigestEvent, t: Translate) -> list[str]:
    first = event.links[0]
    lines = [f"### {event.rank}. {_level(event, t)} {link(event.title, first.url)}", ""]
    lines.append(f"- {escaped(words.first_report(event, t))}")
    if event.excerpt:
        lines.append(f"- “{_marked(event)}”")
    lines.append(
        "- "
        + escaped(t("why: {reasons}; words: {terms}", reasons=words.reasons(event, t), terms=words.terms_of(event, t)))
    )
    if event.owner:
        lines.append(f"- {escaped(t('owner: {owner}', owner=event.owner))}")
    lines += [f"- {_report(entry)}" for entry in event.links]
    return [*lines, ""]


def _level(event: DigestEvent, t: Translate) -> str:
    return escaped(f"[{t(words.LEVELS[event.level])} {event.score:.0f}]")


def _marked(event: DigestEvent) -> str:
    """The excerpt with the matched words in bold."""
    found = [re.escape(term) for term in sorted(event.terms, key=len, reverse=True) if term]
    if not found:
        return escaped(event.excerpt)
    # Neighbouring words are one bold run: four asterisks in a row are shown as such by some parsers.
    pieces = re.split("((?:" + "|".join(found) + ")+)", event.excerpt)
    return "".join(f"**{escaped(piece)}**" if i % 2 else escaped(piece) for i, piece in enumerate(pieces))


def _report(entry: Link) -> str:
    at = entry.published_at or entry.first_seen
    when = words.minute(at) if at else ""
    return f"{when} {escaped(entry.source)} {link(entry.title, entry.url)} `{entry.post}`"


def _brief(event: DigestEvent, t: Translate) -> str:
    first = event.links[0]
    where = f"{words.minute(event.first_seen)} {event.links[0].source}"
    return f"- {event.rank}\\. {_level(event, t)} {link(event.title, first.url)} {escaped(where)} `{first.post}`"


def _coverage(digest: Digest, t: Translate) -> list[str]:
    sources = digest.coverage.sources
    trouble = [source for source in sources if not source.fully_seen]
    good = [source for source in sources if source.fully_seen]
    lines = [f"- **{escaped(source.name)}**{t(': ')}{escaped(words.source_line(source, t))}" for source in trouble]
    return lines + ([f"- {escaped(words.healthy_line(good, t))}"] if good else [])
