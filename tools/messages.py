"""Collect the message ids of ``src``, merge them into the Chinese ``.po``, compile the ``.mo``.

    python tools/messages.py            collect, merge, compile; says what is still to be translated
    python tools/messages.py --check    change nothing; exit 1 when anything is missing, fuzzy, stale, or has other holes

An id is a text that is handed to one of ``CALLS``. It is followed to where it is written: through conditional expressions, names
(of the function, of the module, of a loop over a tuple), tables of the module, and parameters (a function that hands a parameter on as
an id is one of the calls itself). babel's own extractor sees literals in the call only, which is half of ours. What cannot be followed
because it is put together (an f-string, a sum) is a fault: no catalogue can hold it.
"""

from __future__ import annotations

import argparse
import ast
import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "yuqing_cli"
PO = SOURCES / "locale" / "zh" / "LC_MESSAGES" / "yuqing.po"
MO = PO.with_suffix(".mo")

TRANSLATORS = ("t", "words")
"""What a ``Translate`` is called everywhere. A module that defines or imports a function of such a name means something else."""

CALLS: Mapping[str, Mapping[str, int]] = {
    **{name: {"": 0} for name in TRANSLATORS},
    "mark": {"text": 0},
    "YuqingError": {"text": 0},
    "UsageError": {"text": 0},
    "ConfigError": {"text": 0},
    "StoreError": {"text": 0},
    "SourceError": {"text": 1},
    "Problem": {"text": 1, "hint": 4},
    "problem": {"text": 1, "hint": 2},
}
"""What takes ids: callable -> keyword -> position of the parameter."""

_ANY = re.compile(rf"\b(?:{'|'.join(CALLS)})\(")

FOREIGN = (
    "Arguments",
    "Options",
    "Commands",
    "default: {default}",
    "required",
    "Missing command.",
    "No such command {name!r}.",
    "Aborted!",
    "Usage: ",
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
)
"""Typer's own words: the first half it asks gettext for (``i18n.lend``), the rest stands in its help pages."""

INDIRECT = (
    "text",
    "characters replaced by U+FFFD",
    "characters replaced by filler (锟斤拷)",
    "characters replaced by question marks",
    "UTF-8 read as GBK",
    "UTF-8 read as Big5",
    "GBK read as Latin-1",
    "Chinese read as Latin-1",
    "it ends too early",
)
"""Names of fields and reasons that reach the translator as values of other modules' making: ``Hit.field``, ``sources.damage``."""

HEADER = """\
# The Chinese of yuqing-cli. Edit the msgstr lines, then run: python tools/messages.py
# Readers are duty officers: short, plain, full-width punctuation; {names} stay as they are."""


@dataclass(slots=True)
class Collected:
    """The ids with the files that they stand in, and what could not be followed."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, text: str, file: str) -> None:
        """One occurrence."""
        self.ids.setdefault(text, set()).add(file)


@dataclass
class _Scope:
    """A function or the module: its parameters, and what its names are bound to."""

    node: ast.Module | ast.FunctionDef
    name: str = ""
    parameters: tuple[str, ...] = ()

    @cached_property
    def values(self) -> dict[str, list[ast.expr]]:
        return _bound(self.node)


class _Module(ast.NodeVisitor):
    """Reads one file, again and again until no further function turns out to hand an id on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.calls = {name: dict(places) for name, places in CALLS.items()}
        self.scopes: list[_Scope] = []
        self.found: list[str] = []
        self.faults: list[str] = []

    def read(self, tree: ast.Module) -> None:
        for name in _functions(tree).intersection(TRANSLATORS):
            del self.calls[name]
        known = 0
        while known != (known := sum(map(len, self.calls.values()))):
            self.found, self.faults, self.scopes = [], [], [_Scope(tree)]
            self.generic_visit(tree)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        names = tuple(each.arg for each in given if each.arg not in {"self", "cls"})
        self.scopes.append(_Scope(node, node.name, names))
        self.generic_visit(node)
        self.scopes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for keyword, place in self.calls.get(name, {}).items():
            if place < len(node.args):
                self._follow(node.args[place], frozenset())
            for each in node.keywords:
                if each.arg == keyword:
                    self._follow(each.value, frozenset())
        self.generic_visit(node)

    def _follow(self, node: ast.expr, seen: frozenset[str]) -> None:
        match node:
            case ast.Constant(value=str(text)):
                self.found += [text] if text else []
            case ast.Name(id=name):
                self._follow_name(name, seen)
            case ast.JoinedStr() | ast.BinOp():
                self.faults.append(f"{self.file}:{node.lineno}: this id is put together; write it whole")
            case _:
                for part in _parts(node):
                    self._follow(part, seen)

    def _follow_name(self, name: str, seen: frozenset[str]) -> None:
        if name in seen:
            return
        for scope in reversed(self.scopes):
            if name in scope.values:
                for value in scope.values[name]:
                    self._follow(value, seen | {name})
                return
            if name in scope.parameters:
                self.calls.setdefault(scope.name, {})[name] = scope.parameters.index(name)
                return


def _parts(node: ast.expr) -> list[ast.expr]:
    """Where a value may come from: the branches of a choice, the entries of a table. Attributes and calls are others' business."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values) | ast.Dict(values=values):
            return values
        case ast.NamedExpr(value=value) | ast.Subscript(value=value):
            return [value]
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[_, *default]):
            return [value, *default]
    return []


def _bound(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """Names of this scope, without those of the functions in it, with everything that is assigned to them."""
    out: dict[str, list[ast.expr]] = {}
    for node in _own(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [each.id for each in targets if isinstance(each, ast.Name)]
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.NamedExpr(target=ast.Name(id=name), value=value)
                | ast.For(target=ast.Name(id=name), iter=value)
                | ast.comprehension(target=ast.Name(id=name), iter=value)
            ):
                names = [name]
            case _:
                continue
        for name in names:
            out.setdefault(name, []).append(value)
    return out


def _functions(tree: ast.Module) -> set[str]:
    """Names that the module imports, or defines as functions."""
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom))
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    return names | {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, ast.FunctionDef):
            yield from _own(node)


def collect(files: Iterable[Path] | None = None, root: Path = ROOT) -> Collected:
    """Every id of the sources."""
    out = Collected({text: {"tools/messages.py"} for text in FOREIGN + INDIRECT} if files is None else {})
    for path in sorted(SOURCES.rglob("*.py") if files is None else files):
        source = path.read_text("utf-8")
        if not _ANY.search(source):
            continue
        module = _Module(path.relative_to(root).as_posix())
        module.read(ast.parse(source))
        out.faults += module.faults
        for text in module.found:
            out.add(text, module.file)
    return out


def holes(text: str) -> set[str]:
    """The names of the holes. Raises ``ValueError`` for braces that do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def load(path: Path = PO) -> Catalog:
    """The catalogue as it is, or an empty one."""
    if not path.exists():
        return Catalog(locale="zh", domain="yuqing")
    with path.open("rb") as file:
        return read_po(file, locale="zh", domain="yuqing")


def merge(catalog: Catalog, collected: Collected) -> None:
    """Bring the catalogue up to the sources. An id that only changed a little keeps its translation, as fuzzy."""
    template = Catalog(domain="yuqing")
    for text, files in sorted(collected.ids.items()):
        template.add(text, locations=[(file, 0) for file in sorted(files)])
    catalog.update(template, update_creation_date=False)
    catalog.project, catalog.version = "yuqing-cli", "1"
    catalog.last_translator = catalog.language_team = "The yuqing-cli developers"
    catalog.fuzzy, catalog.header_comment, catalog.revision_date = False, HEADER, catalog.creation_date


def save(catalog: Catalog) -> None:
    """Write the ``.po`` (files without line numbers: they would change with every edit) and compile the ``.mo``."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalog)


def faults(catalog: Catalog, collected: Collected) -> list[str]:
    """Everything that is wrong with the catalogue, one line each."""
    out = list(collected.faults)
    for text, files in sorted(collected.ids.items()):
        message = catalog.get(text)
        if message is None or not message.string:
            out.append(f"{min(files)}: missing: {text!r}")
        elif message.fuzzy:
            out.append(f"{min(files)}: fuzzy: {text!r}")
        elif not _same_holes(text, str(message.string)):
            out.append(f"{min(files)}: other holes than the id: {text!r} -> {message.string!r}")
    out += [f"stale: {message.id!r}" for message in catalog if message.id and message.id not in collected.ids]
    return out


def _same_holes(text: str, translation: str) -> bool:
    try:
        return holes(text) == holes(translation)
    except ValueError:
        return False


def compiled(catalog: Catalog, path: Path = MO) -> bool:
    """Whether the ``.mo`` says what the ``.po`` says (its header names babel's version and may differ)."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        binary = {message.id: message.string for message in read_mo(file) if message.id}
    said = (message for message in catalog if message.id and message.string and not message.fuzzy)
    return binary == {message.id: message.string for message in said}


def main(arguments: list[str] | None = None) -> int:
    """The program; its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is wrong")
    only_check = parser.parse_args(arguments).check
    collected, catalog = collect(), load()
    if not only_check:
        merge(catalog, collected)
        save(catalog)
    wrong = faults(catalog, collected)
    if not compiled(catalog):
        wrong.append(f"{MO.relative_to(ROOT)} is not what {PO.name} says")
    sys.stdout.writelines(f"{line}\n" for line in (*wrong, f"{len(collected.ids)} messages, {len(wrong)} faults"))
    return 1 if wrong and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
