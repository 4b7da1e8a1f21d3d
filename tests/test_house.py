"""The walls of the house, read from the imports: ARCHITECTURE.md draws them, this test holds them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "yuqing_cli"

LIBRARIES = {
    "httpx": "adapters.web",
    "multiprocessing": "adapters.readers",
    "sqlite3": "adapters.store",
    "sqlite_utils": "adapters.store",
    "rich": "adapters.terminal",
    "typer": "cli",
    "jieba": "segment",
    "selectolax": "sources.markup",
    "trafilatura": "sources.article_trafilatura",
    "lxml": "sources.feed_xml",
    "ahocorasick_rs": "enrich.automaton",
    "lark": "packs.query_grammar",
    "protego": "robots",
    "msgspec": "records",
    "filelock": "adapters.files",
    "publicsuffixlist": "politeness",
    "platformdirs": "station",
    "openpyxl": "adapters.workbook",
    "jinja2": "render.html",
    "xlsxwriter": "render.sheets",
    "docx": "render.paper",
}
"""One room each: where a library is imported, and nowhere else."""

GROUND = {"errors", "i18n", "text", "urls", "times", "ids", "tomltext", "segment", "records"}
ABOVE_ADAPTERS = {"station", "workflows", "cli", "adapters", "__main__"}
LONGEST_FILE, LONGEST_FUNCTION = 350, 60
APPEND_ONLY = {"adapters.store.schema"}
"""Grows with every migration, and no line that has been in the field may be taken out."""


@cache
def modules() -> tuple[str, ...]:
    """Dotted names below the package, such as ``adapters.web.client``."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return tuple(name for name in found if name)


@cache
def tree(module: str) -> ast.Module:
    """The parsed source of a module."""
    return ast.parse(file_of(module).read_text("utf-8"))


def file_of(module: str) -> Path:
    """Where a module's source lies."""
    path = SOURCE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports(module: str) -> Iterator[str]:
    """Everything that a module imports, also inside functions: ours as dotted names below the package, others absolute."""
    package = module.split(".") if file_of(module).name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("yuqing_cli.") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            stem = stem.removeprefix("yuqing_cli").strip(".") if not node.level else stem
            yield from (_ours(f"{stem}.{alias.name}".strip(".")) or stem for alias in node.names)


def _ours(name: str) -> str:
    return name if name in modules() else ""


def room(module: str) -> str:
    """The first part of the name; an adapter is a room of its own."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "adapters" else parts[0]


@pytest.mark.parametrize("module", modules())
def test_each_library_lives_in_one_room(module: str) -> None:
    for name in imports(module):
        home = LIBRARIES.get(name.split(".")[0])
        if home is None:
            continue
        at_home = module == home or module.startswith(home + ".")
        assert at_home, f"{module} imports {name}, which lives in {home}"


@pytest.mark.parametrize("module", modules())
def test_nothing_below_the_workflows_imports_an_adapter(module: str) -> None:
    if module.split(".", maxsplit=1)[0] in ABOVE_ADAPTERS:
        return
    assert not [name for name in imports(module) if name.split(".")[0] in {"adapters", "workflows", "station", "cli"}]


@pytest.mark.parametrize("module", [m for m in modules() if m.split(".")[0] in GROUND])
def test_the_ground_imports_nothing_of_ours_but_errors_and_records(module: str) -> None:
    own = set(modules())
    allowed = {"errors", "records", module.split(".", maxsplit=1)[0]}
    assert not [name for name in imports(module) if name in own and name.split(".")[0] not in allowed]


@pytest.mark.parametrize("module", modules())
def test_only_the_face_knows_the_station_and_only_the_root_knows_the_face(module: str) -> None:
    top = module.split(".", maxsplit=1)[0]
    if top not in {"cli", "__main__"}:
        assert not [name for name in imports(module) if name.split(".")[0] == "cli"]
    if top not in {"cli", "workflows"}:
        assert not [name for name in imports(module) if name == "station" and module != "station"]


def test_no_modules_import_each_other_in_a_circle() -> None:
    own = set(modules())
    graph = {module: {name for name in imports(module) if name in own and name != module} for module in own}
    # A package's face imports its own parts; the parts never import the face.
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module in done:
            return
        for name in sorted(graph[module]):
            visit(name, (*path, module))
        done.add(module)

    for module in sorted(own):
        visit(module, ())


@pytest.mark.parametrize("module", modules())
def test_files_and_functions_keep_a_sense_of_proportion(module: str) -> None:
    assert module in APPEND_ONLY or len(file_of(module).read_text("utf-8").splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{module}.{node.name}"


@pytest.mark.parametrize("module", [m for m in modules() if m.split(".")[0] not in {*ABOVE_ADAPTERS, "i18n", "times"}])
def test_pure_rooms_have_no_clock_no_files_and_no_wire(module: str) -> None:
    forbidden = {"socket", "subprocess", "shutil", "tempfile", "threading", "time", "urllib.request", "requests"}
    assert not forbidden & set(imports(module))
    calls = {ast.unparse(node.func) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)}
    assert not {"open", "datetime.now", "datetime.utcnow", "date.today", "print", "now_utc"} & calls


def test_no_shape_has_a_place_for_an_author() -> None:
    words = ("author", "creator", "byline", "avatar", "handle", "nickname", "profile")
    models = {
        node.target.id
        for node in ast.walk(tree("models"))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert not [name for name in models if any(word in name for word in words)]
    for module in ("adapters.store.schema", "adapters.store.first_schema"):
        tables = file_of(module).read_text("utf-8").split('"""', 2)[2].lower()
        assert not [word for word in words if word in tables]
