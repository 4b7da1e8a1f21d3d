"""Datasette serves a station's file with its words, facets and canned queries. Needs datasette (in the extra ``dev``)."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from yuqing_cli.cli.app import run

pytestmark = [pytest.mark.slow, pytest.mark.skipif(find_spec("datasette") is None, reason="datasette is not installed")]
PATIENCE = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("datasette")
    assert run(["demo", str(folder / "demo")]) == 0
    metadata = subprocess.run(
        [sys.executable, "-m", "yuqing_cli", "--station", str(folder / "demo"), "sql", "--datasette"],
        check=True,
        capture_output=True,
    ).stdout
    (folder / "metadata.json").write_bytes(metadata)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", str(folder / "demo" / "yuqing.db")]
    options = ["--host", "127.0.0.1", "--port", str(port), "--metadata", str(folder / "metadata.json")]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([*command, *options], stdout=log, stderr=log) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE) as client,
    ):
        try:
            yield _awake(client, server, folder / "log")
        finally:
            server.terminate()


def _awake(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> httpx.Client:
    for _ in range(PATIENCE * 10):
        assert server.poll() is None, log.read_text()
        try:
            client.get("/-/versions.json")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return client
    raise AssertionError("datasette does not answer")


def test_datasette_serves_the_demo_with_facets_words_and_canned_queries(served: httpx.Client) -> None:
    page = served.get("/yuqing/v_posts.json", params={"_shape": "objects", "_facet": "source", "matched": "1"}).json()
    assert page["filtered_table_rows_count"] > 0
    assert page["rows"][0]["title"]
    assert page["facet_results"]["source"]["results"]
    words = served.get("/yuqing/v_posts").text
    assert "Every stored post, for reading." in words
    assert "derived from its key" in words
    found = served.get("/yuqing/find.json", params={"_shape": "array", "words": "停水"}).json()
    assert found
    assert all("停水" in json.dumps(row, ensure_ascii=False) or row["url"] for row in found)
    assert served.get("/yuqing/terms_of_the_month.json", params={"_shape": "array"}).json()


def test_datasette_changes_nothing_and_hides_the_index(served: httpx.Client) -> None:
    answer = served.get("/yuqing.json", params={"sql": "delete from posts"})
    assert answer.status_code == 400
    listed = {table["name"]: table["hidden"] for table in served.get("/yuqing.json").json()["tables"]}
    assert listed["posts"] is False
    assert listed["search_data"] is True
    matched = served.get(f"/yuqing.json?_shape=array&sql={quote('select count(*) as n from v_events')}").json()
    assert matched[0]["n"] > 0
