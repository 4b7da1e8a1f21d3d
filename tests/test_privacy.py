"""What the mask hides stands nowhere: not in the file, its log, its index, an export or a digest; and the audit would find it."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path

import httpx
import pytest

from conftest import NOW, rss, save
from test_cli import Desk, MakeDesk, desk  # noqa: F401 - a fixture
from test_fetch import A
from yuqing_cli.adapters.store import Store
from yuqing_cli.cli.face import DATABASE as DATABASE_FAULT
from yuqing_cli.cli.face import DONE, USAGE
from yuqing_cli.enrich import audit
from yuqing_cli.models import RawPost
from yuqing_cli.station import DATABASE

MOBILE = "13800138000"
CORPUS = Path(__file__).parent / "eval" / "data" / "pii_personal.txt"


def corpus() -> list[tuple[str, str]]:
    """(sentence, what is personal in it), 300 of them."""
    found = []
    for line in CORPUS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            marked = line.split("\t")[1]
            hidden = re.search("⟦(.*)⟧", marked)
            assert hidden
            found.append((re.sub("[⟦⟧]", "", marked), hidden[1]))
    return found


def survivors(folder: Path) -> list[tuple[str, str]]:
    """(file, secret) of every secret that stands in any file as bytes. Three characters prove nothing: 501 is a number like others."""
    secrets = {hidden for _, hidden in corpus() if len(hidden) > 5}
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            bodies = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    bodies += [packed.read(name) for name in packed.namelist()]
            found += [(path.name, secret) for body in bodies for secret in secrets if secret.encode() in body]
    return found


def test_none_of_300_personal_patterns_survives_a_fetch_in_any_file(desk: MakeDesk) -> None:  # noqa: F811
    entries = [
        {
            "title": f"停水 {sentence}",
            "description": f"断水。{sentence}",
            "link": f"https://a.example/{i}",
            "guid": str(i),
        }
        for i, (sentence, _) in enumerate(corpus())
    ]
    one = desk({A: httpx.Response(200, content=rss(*entries))}, sources={"a": A})
    assert len(entries) == 300
    with Store(one.folder / DATABASE):  # Held open: the write-ahead log is not folded in.
        assert one("fetch").code == DONE
        out = one.folder / "digests"
        out.mkdir()
        for format_ in ("text", "markdown", "html", "json", "xlsx", "docx", "atom"):
            assert one("digest", "--today", "--format", format_, "-o", out / f"digest.{format_}").code == DONE
        for format_ in ("csv", "jsonl", "xlsx"):
            assert one("export", "--all", "--format", format_, "-o", out / f"all.{format_}").code == DONE
        assert any(path.name.endswith("-wal") for path in one.folder.iterdir())
        assert survivors(one.folder) == []
    with sqlite3.connect(one.folder / DATABASE) as connection:
        assert connection.execute("SELECT count(*) FROM posts WHERE matched").fetchone() == (300,)
    outcome = one("privacy", "audit")
    assert outcome.code == DONE, outcome.out


def leaky(one: Desk, statement: str, *values: str) -> list[tuple[str, str]]:
    """The audit's findings after something was written past the mask."""
    with Store(one.folder / DATABASE) as store:
        save(store, "a", RawPost("青禾水务停水", "断水", "https://a.example/13800138000", NOW, "1"))
    with sqlite3.connect(one.folder / DATABASE) as connection:
        connection.execute(statement, values)
    outcome = one("privacy", "audit", "--json")
    leaks = [(leak["place"], leak["row"]) for leak in outcome.json["leaks"]]
    assert outcome.code == (DATABASE_FAULT if leaks else DONE)
    assert not any(value in outcome.out for value in values)
    return leaks


@pytest.mark.parametrize(
    ("statement", "value", "place"),
    [
        ("UPDATE posts SET title = ?", f"停水，电话{MOBILE}", "posts.title"),
        ("UPDATE posts SET text = ?", "联系li@example.com", "posts.text"),
        ("UPDATE sources SET last_error = ?", f"403 {MOBILE}", "sources.last_error"),
        (
            "INSERT INTO issues VALUES (1, 'today', '', 0, 1, 1, 0, ?)",
            json.dumps({"a": [f"电话{MOBILE}"]}),
            "issues.digest",
        ),
    ],
)
def test_what_was_written_past_the_mask_is_found_by_its_place(
    desk: MakeDesk,  # noqa: F811
    statement: str,
    value: str,
    place: str,
) -> None:
    assert [found for found, _ in leaky(desk(), statement, value)] == [place]


def test_addresses_are_exempt(desk: MakeDesk) -> None:  # noqa: F811
    assert leaky(desk(), "UPDATE posts SET url = ?", f"https://a.example/{MOBILE}") == []


def test_a_finding_names_the_place_and_never_what_stands_there(desk: MakeDesk) -> None:  # noqa: F811
    one = desk()
    leaky(one, "UPDATE posts SET title = ?", f"停水，电话{MOBILE}")
    outcome = one("privacy", "audit")
    assert outcome.code == DATABASE_FAULT
    assert "posts.title" in outcome.out
    assert MOBILE not in outcome.out + outcome.err


def packed(path: Path, xml: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", xml)
    return path


def test_files_are_read_as_what_they_are(desk: MakeDesk, tmp_path: Path) -> None:  # noqa: F811
    one = desk()
    files = {
        "a.txt": f"第一行\n电话{MOBILE}\n",
        "b.csv": f"title,score\n停水,0.4444444444444444\n电话{MOBILE},1\n",
        "c.jsonl": f'{{"url": "https://a.example/{MOBILE}"}}\n{{"title": "电话{MOBILE}"}}\n',
        "d.html": f'<p title="x">好</p>\n<a href="tel:{MOBILE}">电话 138<b>0013</b>8000</a>',
    }
    folder = tmp_path / "out"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    packed(folder / "e.docx", f"<w:p><w:r><w:t>电话138</w:t></w:r><w:r><w:t>0013</w:t></w:r></w:p><w:p>{MOBILE}</w:p>")
    (folder / ".hidden").write_text(MOBILE, "utf-8")
    found = one("privacy", "audit", folder, "--json").json["leaks"]
    places = sorted((Path(leak["place"]).name, leak["row"]) for leak in found)
    assert [place for place, _ in places] == ["a.txt", "b.csv", "c.jsonl", "d.html", "document.xml"]
    assert [row for _, row in places][:3] == ["2", "3", "2"]


def test_a_file_that_is_no_packed_document_or_a_bomb_is_refused(
    desk: MakeDesk,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = desk()
    (tmp_path / "x.docx").write_text("no zip", "utf-8")
    assert one("privacy", "audit", tmp_path / "x.docx").code == USAGE
    monkeypatch.setattr("yuqing_cli.adapters.files.MOST_PACKED", 10)
    assert one("privacy", "audit", packed(tmp_path / "y.docx", "<a>" + " " * 100)).code == USAGE
    assert one("privacy", "audit", tmp_path / "gone.txt").code == USAGE


def test_scores_and_ids_are_none_of_anybodys() -> None:
    assert not audit.personal("0.4444444444444444")
    assert not audit.in_cell(json.dumps({"id": MOBILE, "url": MOBILE, "scores": [0.4444444444444444]}))
    assert audit.in_cell(json.dumps({"deep": [{"er": f"电话{MOBILE}"}]}))
