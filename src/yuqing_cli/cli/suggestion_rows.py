"""How ``keywords suggest`` is told: lines to paste into a pack, each with the posts that speak for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yuqing_cli.i18n import Translate
from yuqing_cli.text import clean_line

if TYPE_CHECKING:
    from yuqing_cli.enrich.suggest import Suggestion, Word
    from yuqing_cli.packs.model import Rule


def print_suggestion(rule: Rule, found: Suggestion, folder: Path, t: Translate) -> None:
    """The topic and what the words rest on, as comments; then lines for its lists."""
    path = Path(rule.file)
    where = path.relative_to(folder) if path.is_relative_to(folder) else path
    text = "# {id} ({title}), {where}: posts marked relevant: {relevant}, noise: {noise}"
    values = {"id": rule.id, "title": clean_line(rule.title), "where": f"{where}:{rule.line}"}
    typer.echo(t(text, relevant=found.relevant, noise=found.noise, **values))
    if rule.query is not None:
        typer.echo(t("# it is a query: add NOT word, or OR word"))
    if found.exclude:
        typer.echo(t("# for none: they stand in noise"))
        for word in found.exclude:
            said = t("noise {noise}/{all_noise}, relevant {relevant}/{all_relevant}", **_shares(word, found))
            typer.echo(f'  "{word.text}",  # {said}')
    if found.add:
        typer.echo(t("# for any: they stand in what is relevant, and seldom elsewhere"))
        for word in found.add:
            said = t("relevant {relevant}/{all_relevant}, elsewhere {others}/{all_others}", **_shares(word, found))
            typer.echo(f'  "{word.text}",  # {said}')
    typer.echo()


def _shares(word: Word, found: Suggestion) -> dict[str, int]:
    return {
        "noise": word.noise,
        "all_noise": found.noise,
        "relevant": word.relevant,
        "all_relevant": found.relevant,
        "others": word.others,
        "all_others": found.others,
    }


def too_few(found: Sequence[tuple[Rule, Suggestion]], t: Translate) -> str:
    """Why there is nothing to suggest, and what to do."""
    from yuqing_cli.enrich.suggest import ENOUGH

    enough = [suggestion for _, suggestion in found if suggestion.relevant >= ENOUGH]
    if enough:
        return t("no word is clear enough; mark more posts: yuqing mark ID relevant, or noise")
    most = max((suggestion.relevant + suggestion.noise for _, suggestion in found), default=0)
    text = (
        "too few posts are marked: a topic needs {least} relevant ones, for exclusions {least} of noise too, "
        "and the best has {most}; mark some: yuqing mark ID relevant, or noise"
    )
    return t(text, least=ENOUGH, most=most)


def twin_of(rule: Rule, found: Suggestion) -> dict[str, object]:
    """For scripts."""

    def rows(words: Sequence[Word]) -> list[dict[str, object]]:
        return [word._asdict() for word in words]

    return {
        "pack": rule.pack,
        "kind": rule.kind,
        "rule": rule.id,
        "relevant": found.relevant,
        "noise": found.noise,
        "others": found.others,
        "exclude": rows(found.exclude),
        "add": rows(found.add),
    }
