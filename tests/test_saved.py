"""Answers are kept beside a fetch and given again without a network."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest

from conftest import NOW, MakeStation, MakeWire, Wire, feed
from yuqing_cli.adapters.demo_server import DemoServer
from yuqing_cli.adapters.saved import Recorder, Replay
from yuqing_cli.cli.app import run
from yuqing_cli.errors import UsageError
from yuqing_cli.models import Answer, Ask

URL = "https://a.example/feed"
ITEM = {"title": "停水通知", "link": "https://a.example/1"}


def ask(url: str = URL, **changes: str) -> Ask:
    return Ask("a", url, **changes)  # type: ignore[arg-type]


def recorded(wire: Wire, folder: Path, *asks: Ask) -> list[Answer]:
    answers: list[Answer] = []

    def handle(answer: Answer) -> Iterable[Ask]:
        answers.append(answer)
        return ()

    with Recorder(wire.web(), folder) as door:
        door.run(asks or [ask()], handle)
    return answers


def replayed(folder: Path, *asks: Ask) -> list[Answer]:
    answers: list[Answer] = []

    def handle(answer: Answer) -> Iterable[Ask]:
        answers.append(answer)
        return ()

    with Replay(folder) as door:
        door.run(asks or [ask()], handle)
        assert door.ledger.requests == 0
    return answers


def meta(folder: Path) -> dict[str, object]:
    (path,) = folder.glob("*.json")
    found: dict[str, object] = json.loads(path.read_text("utf-8"))
    return found


# ---- the folder ----


def test_one_answer_is_a_note_and_the_bytes_as_they_came(wire: MakeWire, tmp_path: Path) -> None:
    body = "青禾 13800138000".encode("gbk")
    headers = {"content-type": "text/html; charset=gbk", "Set-Cookie": "session=1", "etag": '"1"'}
    folder = tmp_path / "deep" / "raw"
    recorded(wire({URL: httpx.Response(200, content=body, headers=headers)}), folder)
    assert sorted(path.suffix for path in folder.iterdir()) == [".body", ".json"]
    assert next(folder.glob("*.body")).read_bytes() == body
    noted = meta(folder)
    assert (noted["url"], noted["status"], noted["asked_at"]) == (URL, 200, NOW.isoformat())
    assert noted["headers"] == {
        "content-type": "text/html; charset=gbk",
        "etag": '"1"',
        "content-length": str(len(body)),
    }
    assert "session" not in next(folder.glob("*.json")).read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_what_is_kept(wire: MakeWire, tmp_path: Path) -> None:
    recorded(wire({URL: feed(ITEM)}), tmp_path / "raw")
    assert (tmp_path / "raw").stat().st_mode & 0o077 == 0
    assert not [path for path in (tmp_path / "raw").iterdir() if path.stat().st_mode & 0o077]


def test_a_replay_gives_the_same_answer(wire: MakeWire, tmp_path: Path) -> None:
    moved = httpx.Response(301, headers={"location": "https://a.example/new"})
    (first,) = recorded(wire({URL: moved, "https://a.example/new": feed(ITEM, ETag='"1"')}), tmp_path)
    (again,) = replayed(tmp_path)
    assert again.permanent_url == "https://a.example/new"
    for name in ("ask", "url", "status", "headers", "body", "asked_at", "error", "disallowed", "permanent_url"):
        assert getattr(again, name) == getattr(first, name), name


def test_a_failure_and_a_refusal_are_replayed_as_what_they_were(wire: MakeWire, tmp_path: Path) -> None:
    rules = httpx.Response(200, text="User-agent: *\nDisallow: /private\n")
    asks = (ask(), ask("https://a.example/private"))
    recorded(wire({"https://a.example/robots.txt": rules}), tmp_path, *asks)
    lost, forbidden = replayed(tmp_path, *asks)
    assert lost.error
    assert (lost.error.kind, str(lost.error)) == ("soft", "the server answered with status 404")
    assert (forbidden.disallowed, forbidden.error) == (True, None)


def test_what_was_not_saved_is_an_error_of_that_source(wire: MakeWire, tmp_path: Path) -> None:
    recorded(wire({URL: feed(ITEM)}), tmp_path)
    (answer,) = replayed(tmp_path, ask("https://a.example/other"))
    assert answer.error
    assert (answer.error.kind, str(answer.error)) == ("hard", "no saved answer for https://a.example/other")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"url": "https://b.example/"}', '{"url": "https://a.example/feed"}', "\x00"]
)
def test_a_damaged_note_is_an_error_of_that_source(wire: MakeWire, tmp_path: Path, text: str) -> None:
    recorded(wire({URL: feed(ITEM)}), tmp_path)
    next(tmp_path.glob("*.json")).write_text(text, "utf-8")
    (answer,) = replayed(tmp_path)
    assert answer.error
    assert str(answer.error).startswith("the saved answer for https://a.example/feed is damaged")


def test_a_body_that_is_gone_is_an_error_of_that_source(wire: MakeWire, tmp_path: Path) -> None:
    recorded(wire({URL: feed(ITEM)}), tmp_path)
    next(tmp_path.glob("*.body")).unlink()
    assert replayed(tmp_path)[0].error


@pytest.mark.parametrize("later", [httpx.Response(304), httpx.Response(503), httpx.Response(404), httpx.ReadError("x")])
def test_what_is_no_document_does_not_replace_one(
    wire: MakeWire, tmp_path: Path, later: httpx.Response | Exception
) -> None:
    recorded(wire({URL: feed(ITEM, ETag='"1"')}), tmp_path)
    recorded(wire({URL: later}), tmp_path, ask(etag='"1"'))
    (answer,) = replayed(tmp_path)
    assert (answer.status, b"item" in answer.body) == (200, True)


def test_a_newer_document_replaces_the_older_one(wire: MakeWire, tmp_path: Path) -> None:
    recorded(wire({URL: feed(ITEM)}), tmp_path)
    recorded(wire({URL: feed()}), tmp_path)
    assert b"item" not in replayed(tmp_path)[0].body


def test_validators_are_sent_only_where_they_speak_of_the_document_in_the_folder(
    wire: MakeWire, tmp_path: Path
) -> None:
    net = wire({URL: feed(ITEM, ETag='"1"')})
    for validator in ('"1"', '"1"', '"2"'):
        recorded(net, tmp_path, ask(etag=validator))
    sent = [request.headers.get("if-none-match") for request in net.requests if str(request.url) == URL]
    assert sent == [None, '"1"', None]


def test_follow_ups_are_recorded_and_replayed(wire: MakeWire, tmp_path: Path) -> None:
    def follow(answer: Answer) -> list[Ask]:
        seen.append(answer.url)
        return [Ask("a", "https://a.example/2", "next", depth=1)] if answer.ask.depth == 0 else []

    net, seen = wire({URL: feed(ITEM), "https://a.example/2": feed()}), list[str]()
    with Recorder(net.web(), tmp_path) as door:
        door.run([ask()], follow)
        assert door.ledger.requests == 3
    with Replay(tmp_path) as again:
        again.run([ask()], follow)
    assert seen == [URL, "https://a.example/2"] * 2


def test_a_folder_that_cannot_be_used_is_refused(wire: MakeWire, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with wire({}).web() as web, pytest.raises(UsageError, match="cannot be made"):
        Recorder(web, tmp_path / "file")
    with pytest.raises(UsageError, match="no saved answers"):
        Replay(tmp_path)


# ---- the command ----


def yuqing(station: Path, *words: str) -> int:
    return run(["--station", str(station), *words])


def posts(station: Path, file: Path) -> list[dict[str, object]]:
    assert yuqing(station, "export", "--all", "--format", "jsonl", "--force", "-o", str(file)) == 0
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return sorted(({k: v for k, v in row.items() if k != "fetched_at"} for row in rows), key=lambda row: str(row["id"]))


def test_a_replay_gives_the_same_posts_when_the_servers_are_gone(
    make_station: MakeStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "raw")
    with DemoServer(NOW) as server:
        sources = server.sources()
        live = make_station(sources)
        assert yuqing(live, "fetch", "--save", folder) == 4
    err = capsys.readouterr().err
    assert "personal data" in err
    assert "not masked" in err
    copy = make_station(sources)
    assert yuqing(copy, "fetch", "--replay", folder, "--json") == 4
    twin = json.loads(capsys.readouterr().out)
    assert (twin["ok"] > 5, twin["disallowed"], twin["failed"]) == (True, 1, 1)
    expected = posts(live, tmp_path / "posts.jsonl")
    assert len(expected) > 100
    assert posts(copy, tmp_path / "posts.jsonl") == expected
    # Nobody is asked, so the schedule, which protects servers, does not count.
    assert yuqing(copy, "fetch", "--replay", folder, "--json") == 4
    assert json.loads(capsys.readouterr().out)["not_modified"] == twin["ok"]


def test_saving_and_replaying_at_once_is_refused(
    make_station: MakeStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert yuqing(make_station(), "fetch", "--save", str(tmp_path), "--replay", str(tmp_path)) == 2
    assert yuqing(make_station(), "fetch", "--replay", str(tmp_path / "nowhere")) == 2
