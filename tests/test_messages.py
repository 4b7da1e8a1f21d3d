"""The Chinese catalogue is whole, fits its sources, and reads as Chinese."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest

from yuqing_cli import errors, i18n
from yuqing_cli.errors import SourceError, YuqingError
from yuqing_cli.sources.damage import damage

ROOT = Path(__file__).parents[1]
RAISERS = (
    "config.py",
    "validate.py",
    "tomltext.py",
    "station.py",
    "packs/load.py",
    "digest/window.py",
    "sources/feed.py",
    "sources/feed_json.py",
    "sources/feed_xml.py",
    "sources/rows.py",
    "adapters/files.py",
    "adapters/store/database.py",
    "adapters/web/bodies.py",
    "adapters/web/faults.py",
    "adapters/web/hops.py",
    "adapters/web/known.py",
    "adapters/web/run.py",
)
WIDTH = 80


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    pytest.importorskip("babel", reason="the catalogue is read with babel, which is installed for development only")
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def zh() -> i18n.Translate:
    return i18n.Translate("zh")


def collected(tool: ModuleType, folder: Path, text: str) -> tuple[set[str], list[str]]:
    path = folder / "module.py"
    path.write_text(text, "utf-8")
    found = tool.collect([path], folder)
    return set(found.ids), found.faults


# ---- the catalogue --------------------------------------------------------------------------------------------------


def test_every_message_is_translated_with_the_same_holes_and_none_is_left_over(tool: ModuleType) -> None:
    assert tool.faults(tool.load(), tool.collect()) == [], "run: python tools/messages.py"


def test_the_compiled_catalogue_says_what_the_text_says(tool: ModuleType) -> None:
    assert tool.compiled(tool.load()), "run: python tools/messages.py"


@pytest.mark.parametrize("file", RAISERS)
def test_what_a_module_raises_is_said_in_chinese(tool: ModuleType, zh: i18n.Translate, file: str) -> None:
    ids = set(tool.collect([tool.SOURCES / file]).ids)
    assert ids
    assert [text for text in ids if zh(text) == text] == []


def test_every_error_class_is_known_to_the_collector(tool: ModuleType) -> None:
    ours = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, YuqingError)}
    assert ours <= set(tool.CALLS)


@pytest.mark.parametrize(
    "broken",
    [
        "停水\ufffd\ufffd" * 9,
        "锟斤拷" * 9,
        "????????????",
        "城东片区自来水发黄第三天居民盼说法".encode().decode("gb18030", "ignore"),
        "城东片区自来水发黄第三天居民盼说法".encode().decode("cp950", "ignore"),
        "城东片区自来水发黄第三天居民盼说法".encode().decode("latin-1"),
        "城东片区自来水发黄第三天居民盼说法".encode("gbk").decode("latin-1").encode().decode("gb18030", "ignore"),
    ],
)
def test_every_reason_for_broken_text_has_a_translation(zh: i18n.Translate, broken: str) -> None:
    reason = damage(broken)
    assert reason
    assert zh(reason) != reason


def test_chinese_sentences_have_full_width_punctuation(tool: ModuleType) -> None:
    half = re.compile(r"[\u4e00-\u9fff”）][,;:!?]|[,;!?][\u4e00-\u9fff“（]|\([\u4e00-\u9fff]")
    texts = [str(message.string) for message in tool.load() if message.id]
    assert [text for text in texts if half.search(text)] == []


WORDS = {
    "帖文": "信息",
    "帖子": "信息",
    "日报": "简报",
    "摘要": "简报",
    "主题": "议题",
    "话题": "议题",
    "责任单位": "承办单位",
    "站点": "监测站",
    "数据文件": "数据库",
}
"""One thing has one name; on the left, names that it had beside it."""


COUNTED = "posts|events|sources|reports|rows|rules|packs|topics|hints|errors|warnings|items|entries|cases|faults|terms|copies|feeds"
NEVER_ONE = {
    "there are more than {limit} rows; --limit 0 shows all",
    "{path}: more than {most} rows",
    "the query has more than {most} terms",
    "{id} fired on {share}% of the last {posts} posts",
}
"""Limits of ours, and a number of posts below which nothing is said."""


def test_no_english_text_says_1_posts(tool: ModuleType) -> None:
    """There is one text for every number: ``posts: 1`` is right for all of them."""
    plural = re.compile(rf"(?<!%)\}}(?: [a-z]+)? (?:{COUNTED})\b")
    assert {m.id for m in tool.load() if m.id and plural.search(str(m.id))} == NEVER_ONE


def test_one_thing_has_one_chinese_name(tool: ModuleType) -> None:
    texts = [str(message.string).replace("元数据文件", "") for message in tool.load() if message.id]
    assert [text for text in texts if any(word in text for word in WORDS)] == []


def test_help_that_is_a_sentence_in_english_is_one_in_chinese(tool: ModuleType) -> None:
    texts = {str(m.id): str(m.string) for m in tool.load() if str(m.id).endswith(".") and not str(m.id).endswith("...")}
    loose = [text for text in texts.values() if text[-1] not in "。！？…：."]
    assert loose == ["TrendRadar 的 frequency_words.txt", "监测站已建好：{folder}"], "a file's name can be copied"


# ---- the collector --------------------------------------------------------------------------------------------------


def test_an_id_is_followed_through_choices_names_tables_and_loops(tool: ModuleType, tmp_path: Path) -> None:
    source = """
TABLE = {"a": "from a table", "b": "from a table too"}
def f(t, near):
    text = "one way" if near else "another"
    t(text)
    t(TABLE.get(near, "or the default"))
    for name in ("in a loop", "again"):
        t(name)
    return [t(head) for head in ("head", "line")], t(near or "fallback")
"""
    ids, faults = collected(tool, tmp_path, source)
    assert ids == {
        *("from a table", "from a table too", "or the default"),
        *("one way", "another", "in a loop", "again", "head", "line", "fallback"),
    }
    assert faults == []


def test_a_function_that_hands_a_parameter_on_takes_ids_itself(tool: ModuleType, tmp_path: Path) -> None:
    source = """
class C:
    def fail(self, code, text):
        raise SourceError("soft", text)
    def g(self):
        self.fail(1, "by place")
        self.fail(2, text="by name")
"""
    assert collected(tool, tmp_path, source) == ({"by place", "by name"}, [])


def test_texts_and_hints_of_problems_are_ids_and_their_values_are_not(tool: ModuleType, tmp_path: Path) -> None:
    source = (
        'document.problem(path, "what", "fix", key="value")\nProblem(file, "text", hint="hint", values=(("a", "b"),))'
    )
    assert collected(tool, tmp_path, source) == ({"what", "fix", "text", "hint"}, [])


@pytest.mark.parametrize("other", ["def words(text): ...", "from elsewhere import words"])
def test_a_function_that_is_merely_called_like_a_translator_is_none(
    tool: ModuleType, tmp_path: Path, other: str
) -> None:
    assert collected(tool, tmp_path, f'{other}\nwords("div span")\nt("an id")') == ({"an id"}, [])


def test_an_id_that_is_put_together_is_refused_with_its_place(tool: ModuleType, tmp_path: Path) -> None:
    ids, faults = collected(tool, tmp_path, 'x = 1\nt(f"{x} posts")\nt("a" + x)')
    assert ids == set()
    assert [fault.partition(": ")[0] for fault in faults] == ["module.py:2", "module.py:3"]


def test_a_translation_that_lacks_a_hole_is_a_fault(tool: ModuleType) -> None:
    found = tool.Collected({"{count} posts": {"a.py"}})
    catalogue = tool.Catalog(locale="zh")
    catalogue.add("{count} posts", "{counts} 条")
    assert tool.faults(catalogue, found) == ["a.py: other holes than the id: '{count} posts' -> '{counts} 条'"]


# ---- speaking -------------------------------------------------------------------------------------------------------


def test_an_error_inside_an_error_is_said_in_the_same_language(zh: i18n.Translate) -> None:
    inner = SourceError("temporary", "{host} refuses the connection", host="a.example")
    outer = SourceError("temporary", "robots.txt of {host} cannot be read: {reason}", host="a.example", reason=inner)
    assert zh(outer.text, **outer.values) == "无法读取 a.example 的 robots.txt：a.example 拒绝连接"


def test_a_marked_value_is_translated_and_a_plain_one_is_not(zh: i18n.Translate) -> None:
    assert zh("unit {owner}", owner=i18n.mark("media")) == "承办：媒体"
    assert zh("unit {owner}", owner="media") == "承办：media"


def test_braces_in_a_value_stay_as_they_are(zh: i18n.Translate) -> None:
    assert zh("{source}: {reason}", source="{x}", reason="}{") == "{x}：}{"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_GB"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_environment(environ: dict[str, str], language: str) -> None:
    assert i18n.from_environment(environ) == language


# ---- help -----------------------------------------------------------------------------------------------------------

PAGES = """
import typer
from yuqing_cli.cli.app import app
def pages(command, name, parent):
    context = typer.Context(command, info_name=name, parent=parent)
    print(command.get_help(context))
    for each, sub in getattr(command, "commands", {}).items():
        pages(sub, each, context)
pages(typer.main.get_command(app()), "yuqing", None)
"""


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_chinese_help_fits_eighty_columns_and_no_line_is_cut() -> None:
    environ = os.environ | {"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "COLUMNS": str(WIDTH), "PYTHONUTF8": "1"}
    run = subprocess.run([sys.executable, "-c", PAGES], env=environ, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert any("需今日处置" in line for line in lines)
    ours = [line for line in lines if not line.isascii()]
    assert [line for line in ours if columns(line) > WIDTH or line.endswith(("...", "…"))] == []
