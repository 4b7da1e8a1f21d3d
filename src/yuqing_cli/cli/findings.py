"""How the remarks of ``keywords check`` are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yuqing_cli.i18n import Translate, mark

from .face import harmless, problem_lines

if TYPE_CHECKING:
    from yuqing_cli.packs.lint_shapes import Finding
    from yuqing_cli.packs.model import KeywordSet

GRADES = {"error": mark("error"), "warning": mark("warning"), "hint": mark("hint")}


def print_findings(findings: Sequence[Finding], folder: Path, t: Translate) -> None:
    """``file:line:column: grade: what is wrong (the fix)``, one line each; files named from the station's folder."""
    for finding in findings:
        (line,) = problem_lines([_near(finding, folder).problem], t)
        place, _, said = line.partition(": ")
        grade = t(GRADES[finding.severity])
        typer.echo(harmless(t("{place}: {grade}: {said}", place=place, grade=grade, said=said)))


def finding_row(finding: Finding, folder: Path, t: Translate) -> dict[str, object]:
    """The twin of one line."""
    problem = _near(finding, folder).problem
    values = dict(problem.values)
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": finding.severity,
        "kind": finding.kind,
        "rule": values.get("id", ""),
        "term": values.get("term", ""),
        "text": t(problem.text, **values),
        "fix": t(problem.hint, **values) if problem.hint else "",
    }


def summary(findings: Sequence[Finding], keywords: KeywordSet, t: Translate, *, hints: bool) -> str:
    """The last line: how much was checked, and what was found."""
    count = Counter(finding.severity for finding in findings)
    rules = sum(1 for _ in keywords.rules)
    text = t("packs: {packs}, rules: {rules}; no faults", packs=len(keywords.packs), rules=rules)
    if count["error"] or count["warning"]:
        text = t(
            "packs: {packs}, rules: {rules}; errors: {errors}, warnings: {warnings}",
            packs=len(keywords.packs),
            rules=rules,
            errors=count["error"],
            warnings=count["warning"],
        )
    if count["hint"] and not hints:
        text = t("{text}; hints: {hints} (--hints shows them)", text=text, hints=count["hint"])
    return text


def _near(finding: Finding, folder: Path) -> Finding:
    from yuqing_cli.records import replace

    path = Path(finding.problem.file)
    if not path.is_relative_to(folder):
        return finding
    values = tuple((key, _shorter(value, folder) if key == "where" else value) for key, value in finding.problem.values)
    problem = finding.problem._replace(file=str(path.relative_to(folder)), values=values)
    return replace(finding, problem=problem)


def _shorter(where: object, folder: Path) -> str:
    return str(where).removeprefix(f"{folder}/")
