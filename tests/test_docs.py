"""What the documents say is what the program does: commands, settings, formats, examples, links."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from yuqing_cli import config, source_settings
from yuqing_cli.cli import face
from yuqing_cli.cli.app import run
from yuqing_cli.digest import rows, shapes
from yuqing_cli.packs import load as packs
from yuqing_cli.records import fields
from yuqing_cli.sources.kinds import KINDS
from yuqing_cli.sources.recipes import recipes

ROOT = Path(__file__).resolve().parents[1]
NAMES = (
    "README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
    "docs/commands.md", "docs/settings.md", "docs/packs.md", "docs/formats.md",
)  # fmt: skip
READMES = ("README.md", "README.zh-CN.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
FORBIDDEN = ("issue #", "todo", "fixme", "/work/", "/tmp/", "/root", "c:\\", "localhost", "badge", "lorem")
"""Trackers, leftovers, and places that exist on one machine only."""


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fences(name: str, language: str | None = None) -> list[str]:
    return [body for kind, body in FENCE.findall(read(name)) if language in {None, kind}]


def blocks(language: str) -> list[tuple[str, str]]:
    return [(name, body) for name in NAMES for body in fences(name, language)]


each_document = pytest.mark.parametrize("name", NAMES)
each_readme = pytest.mark.parametrize("name", READMES)


# Commands


@cache
def program_says() -> dict[str, str]:
    """Command -> help, in a process of its own: the face chooses its language when it is imported."""
    code = "import json, sys; sys.path.insert(0, 'tools'); import docs; print(json.dumps([docs.text(), dict(docs.helps())]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    text, helps = json.loads(done.stdout)
    return {"": text, **helps}


def commands() -> list[str]:
    return [path for path in program_says() if path]


def test_the_list_of_commands_is_what_the_program_says_of_itself() -> None:
    assert read("docs/commands.md") == program_says()[""], "run python tools/docs.py"


def test_every_command_explains_itself_and_every_argument_and_option_that_it_takes() -> None:
    for path in commands():
        page = program_says()[path]
        assert re.search(r"^Usage: .+\n\n  \S.{15,}", page), path
        # An entry without an explanation is a line that holds nothing but its name, with none below that is indented.
        page = re.sub(r"^(  \S+(?: \S+)*)\n {4,}", r"\1  ", page, flags=re.MULTILINE)
        entries = re.findall(
            r"^  ((?:-|\[|\{|[A-Z])\S.*)$", page.partition("\n\n")[2].partition("\n\n")[2], re.MULTILINE
        )
        assert not [entry for entry in entries if "  " not in entry], path


def test_the_changelog_names_every_command_and_the_readmes_every_family_of_them() -> None:
    for path in commands()[1:]:
        words = path.split()[1:]
        assert " ".join(words) in read("CHANGELOG.md"), path
        assert not [name for name in READMES if not re.search(rf"yuqing [^`\n]*\b{words[0]}\b", read(name))], path


def test_the_documents_show_no_command_and_no_option_that_is_not_there() -> None:
    for name, body in blocks("sh"):
        for line in re.findall(r"^(?:\S*/)?yuqing .*$", body, re.MULTILINE):
            words = re.sub(r"^\S+ (?:--station \S+ )?", "", line).split()
            known = [path for path in commands() if path.split()[1:] == words[: len(path.split()) - 1]]
            deepest = max(known, key=len)
            assert deepest != "yuqing", f"{name}: {line}"
            for option in re.findall(r"(?<= )--?[a-z][a-z-]*", line.partition(" --station ")[0] or line):
                assert option in program_says()[deepest] or option == "--station", f"{name}: {line}: {option}"


# Settings


def tables(name: str) -> dict[str, list[list[str]]]:
    """Heading -> rows of the tables below it, as cells."""
    found: dict[str, list[list[str]]] = {}
    for section in re.split(r"^#+ ", read(name), flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        found[title] = [[cell.strip() for cell in row.split(" | ")] for row in ROW.findall(body)]
    return found


def settings_shapes() -> list[tuple[str, type]]:
    hints = {"station", "fetch", "scoring", "privacy"}
    named = {f.name: f for f in fields(config.Settings)}
    tables_ = [
        (f"[{name}]", type(getattr(config.Settings(), name))) for name in named if name not in {"shifts", "sources"}
    ]
    assert hints <= set(named)
    return [*tables_, ("[[sources]]", source_settings.SourceSettings)]


def written(default: object) -> str:
    if default is msgspec.NODEFAULT:
        return "required"
    if isinstance(default, tuple):
        default = list(default)
    return f"`{json.dumps(default)}`"


@pytest.mark.parametrize(("heading", "shape"), settings_shapes(), ids=str)
def test_every_setting_is_documented_with_its_default(heading: str, shape: Any) -> None:
    rows = {row[0]: row[1] for row in tables("docs/settings.md")[heading][1:]}
    assert rows == {f"`{f.name}`": written(f.default) for f in fields(shape)}


def test_every_kind_of_source_is_documented_with_all_of_its_own_keys() -> None:
    text = read("docs/settings.md").partition("### Kinds")[2]
    for name, kind in KINDS.items():
        assert f"`{name}`" in text
        assert not [f.name for f in fields(kind.options) if f"`{f.name}`" not in text], name


@pytest.mark.parametrize("kind", ["page", "json_list"])
def test_every_ready_layout_and_shape_is_documented(kind: str) -> None:
    assert not [name for name in recipes(kind) if f"`{name}`" not in read("docs/settings.md")]


def test_no_section_of_the_settings_is_without_a_heading() -> None:
    headings = set(tables("docs/settings.md"))
    names = {f.name for f in fields(config.Settings)}
    assert not {name for name in names if not headings & {f"[{name}]", f"[[{name}]]"}}


@pytest.mark.parametrize(
    "shape", [packs.PackTable, packs.SubjectTable, packs.TopicTable, packs.SlangTable, packs.TermTable]
)
def test_every_key_of_a_pack_is_documented(shape: Any) -> None:
    assert not [f.name for f in fields(shape) if f"| `{f.name}` |" not in read("docs/packs.md")]


# Formats


def test_the_columns_of_every_export_are_documented_in_their_order() -> None:
    for table, columns in rows.COLUMNS.items():
        assert ",".join(columns) + "\n" in fences("docs/formats.md", "text"), table


def test_every_field_of_a_digest_is_documented() -> None:
    shown = [
        shapes.Digest, shapes.DigestEvent, shapes.Link, shapes.Totals, shapes.Coverage, shapes.SourceCoverage, shapes.Method,
        shapes.Delta,
    ]  # fmt: skip
    renamed = {"start": "from", "end": "to"}
    names = {renamed.get(f.name, f.name) for shape in shown for f in fields(shape)}
    # What a page leaves out; a document leaves out nothing.
    names -= {"more", "unlisted"}
    assert not [name for name in sorted(names) if f"`{name}`" not in read("docs/formats.md")]


@pytest.fixture
def documents(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> dict[str, Any]:
    """What the commands with ``--json`` print, at a station with one post."""
    (tmp_path / "yuqing.toml").write_text('[station]\nname = "青禾"\n', "utf-8")
    (tmp_path / "keywords").mkdir()
    (tmp_path / "keywords" / "us.toml").write_text('[[topics]]\nid = "outage"\nany = ["停水"]\n', "utf-8")
    (tmp_path / "rows.csv").write_text("title,url\n城东停水,https://qinghe.example/1\n城西,nowhere\n", "utf-8")
    found: dict[str, Any] = {}

    def said(*words: str) -> Any:
        run(["--station", str(tmp_path), *words])
        out = capfdbinary.readouterr().out
        return json.loads(out)

    found["ingest --json"] = said("ingest", str(tmp_path / "rows.csv"), "--json")
    found["status --json"] = said("status", "--json")
    found["keywords test --json"] = said("keywords", "test", "停水", "--json")
    found["digest --format json"] = said("digest", "--format", "json")
    post = found["digest --format json"]["events"][0]["links"][0]["post"]
    event = found["digest --format json"]["events"][0]["id"]
    found["events note --json"] = said("events", "note", event, "seen", "--json")
    found["report --json"] = said("report", "--json")
    found["why --json"] = said("why", post, "--json")
    found["why-not --json"] = said("why-not", "https://a.example/1", "--json")
    found["missed add --json"] = said("missed", "add", "https://a.example/1", "--json")
    found["missed check --json"] = said("missed", "check", "--json")
    found["missed list --json"] = said("missed", "list", "--json")
    found["rescore --json"] = said("rescore", "--json")
    found["export --format csv, jsonl"] = said("export", "--format", "jsonl")
    return found


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            # Names of parts and levels are data, not keys.
            yield from keys(inner) if key not in {"parts", "thresholds"} or isinstance(inner, list) else ()
    elif isinstance(value, list):
        for entry in value:
            yield from keys(entry)


def test_every_key_of_every_json_document_is_documented(documents: dict[str, Any]) -> None:
    text = read("docs/formats.md")
    for command, document in documents.items():
        assert command.split()[0] in text
        missing = {key for key in keys(document) if not re.search(rf"[`,]{key}[`,\n]", text)}
        assert not missing, command


def test_the_exit_codes_are_those_of_the_face_in_every_document() -> None:
    codes = {face.DONE, face.BUG, face.USAGE, face.CONFIG, face.SOME_FAILED, face.ALL_FAILED, face.DATABASE}
    for name in (*READMES, "docs/formats.md"):
        assert set(map(int, re.findall(r"^\| (\d+) \|", read(name), re.MULTILINE))) == {*codes, face.INTERRUPTED}, name


# Examples


@pytest.mark.parametrize(("name", "body"), blocks("toml"))
def test_every_toml_example_is_good_settings_or_a_good_pack(name: str, body: str) -> None:
    if {"pack", "subjects", "topics", "slang"} & set(tomllib.loads(body)):
        loaded = packs.load([("keywords/example.toml", body)])
        assert not loaded.problems
        assert not loaded.warnings
    else:
        config.load(body, name)


@pytest.mark.parametrize(("name", "body"), blocks("json"))
def test_every_json_example_parses(name: str, body: str) -> None:
    json.loads(body)


@each_readme
def test_a_readme_begins_with_one_line_that_runs_the_demo_and_one_that_passes_the_tests(name: str) -> None:
    demo, tests = fences(name)[:2]
    assert demo == "python3 -m venv .venv && .venv/bin/pip install --quiet . && .venv/bin/yuqing demo\n"
    assert tests.count("\n") == 1
    assert tests.startswith("python3 -m venv .venv && ")
    assert tests.endswith(" -m pytest\n")


@pytest.mark.skipif(os.name == "nt", reason="the script is for bash")
def test_the_script_of_ci_runs_that_very_line() -> None:
    script = read(".ci/run")
    command = re.search(r"^line=\$\((.*)\)$", script, re.MULTILINE)
    assert command
    assert 'bash -c "$line"' in script
    found = subprocess.run(["bash", "-c", command[1]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == fences("README.md")[1]
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_script_of_ci_is_strict_and_runs_every_check() -> None:
    script = read(".ci/run")
    assert "set -euo pipefail\n" in script
    for check in ("ruff", "format --check", "mypy", "tools/messages.py --check", "tools/docs.py --check"):
        assert check in script


def test_the_recipes_and_the_bare_commands_of_contributing_are_the_same() -> None:
    just = read("Justfile").replace("{{python}}", ".venv/bin/python")
    recipes = set(re.findall(r"^([a-z-]+)(?: \*?[a-z]+)*:", just, re.MULTILINE))
    rows = [row for row in tables("CONTRIBUTING.md")["Setting up"][1:] if row[1].startswith("`just ")]
    assert rows
    for bare, recipe, _ in rows:
        assert recipe.strip("`").split()[1] in recipes
        for command in bare.strip("`").split(" && "):
            assert re.sub(r"^\S+=FOLDER ", "", command) in just, command


# The house


def test_every_room_is_in_the_picture() -> None:
    rooms = [
        path
        for path in (ROOT / "src/yuqing_cli").iterdir()
        if path.name not in {"__init__.py", "__pycache__", "py.typed"}
    ]
    picture = fences("ARCHITECTURE.md", "text")[0]
    names = [path.name if path.suffix else f"{path.name}/" for path in rooms]
    assert not [name for name in sorted(names) if not re.search(rf"(?<!\w){re.escape(name)}", picture)]


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_*]*(?:\.\w+)?)`", read("ARCHITECTURE.md") + read("CONTRIBUTING.md"))
    assert named
    places = (ROOT, ROOT / "src/yuqing_cli", ROOT / "tests/eval")
    assert not [name for name in named if not any([*place.glob(name.rstrip("/"))] for place in places)]


# All documents


@each_document
def test_every_link_between_documents_leads_somewhere(name: str) -> None:
    for target in LINK.findall(FENCE.sub("", read(name))):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            assert ((ROOT / name).parent / path).resolve().exists(), target
            assert not anchor, target


@each_document
def test_no_document_speaks_of_one_machine_a_tracker_or_work_to_be_done(name: str) -> None:
    text = read(name).lower()
    assert not [word for word in FORBIDDEN if word in text]


@each_document
def test_a_document_has_one_title_no_trailing_blanks_and_closed_fences(name: str) -> None:
    text = read(name)
    prose = FENCE.sub("", text)
    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1
    assert "```" not in prose
    assert not re.findall(r"[ \t]+$", prose, re.MULTILINE)
    assert text.endswith("\n")


def test_the_two_readmes_have_the_same_sections_and_the_same_commands() -> None:
    def shape(name: str) -> list[str]:
        prose = FENCE.sub("", read(name))
        return re.findall(r"^(#+) ", prose, re.MULTILINE)

    def lines(name: str) -> list[str]:
        return [body for kind, body in FENCE.findall(read(name)) if kind == "sh"]

    assert shape("README.md") == shape("README.zh-CN.md")
    assert lines("README.md") == lines("README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_a_readme_states_every_limit(name: str) -> None:
    text = read(name)
    limits = {
        "README.md": ("No authors", "masked", "Public pages only", "robots.txt", "Read-only", "evasive spellings", "Retention",
                      "services and safety", "declined"),
        "README.zh-CN.md": ("不记录作者", "打码", "只看公开页面", "robots.txt", "只读", "变体字", "保存期限", "服务和安全", "不予接受"),
    }  # fmt: skip
    assert not [limit for limit in limits[name] if limit not in text]
