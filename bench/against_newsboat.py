"""500 feeds on loopback: ``yuqing fetch`` against ``newsboat -x reload``, cold and again, side by side in one run.

    YUQING_EVAL_DATA=folder python bench/against_newsboat.py [FEEDS]

The feeds are the captured ones of ``feeds_real`` and ``feeds_legacy`` under as many addresses as it takes: 27 MB, 4,400 posts, 7.5
million characters. Politeness is off for both (one's own server, no gaps; newsboat with as many threads as we have jobs). newsboat
stores and shows; we also clean, mask, match and score every post and index every pair of its characters.

By the clock the ratio depends on what else the machine does: newsboat mostly waits for its disk, a first fetch of ours computes, on as
many processors as there are. So the seconds of all processors are printed too. On two processors: cold 3.3 to 3.4 (2.3 s of processors
against 10.5), again 0.5 to 0.8. Of the 10.5 s about 5.5 go into reading, masking and judging, which other processors share; 2.5 into
SQLite for rows and index, the rest into sketches and links of what matched, requests and starting, and these wait for each other. Cold,
1 is out of reach of two processors. (More posts in one transaction do not help: of the index, cutting texts into pairs is what costs.)
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing.connection import Connection
from pathlib import Path

from installed import compiled

JOBS = 8


def bodies(data: Path, count: int) -> list[bytes]:
    files = sorted(p for folder in ("feeds_real", "feeds_legacy") for p in (data / folder).rglob("*.xml"))
    return [files[i % len(files)].read_bytes() for i in range(count)]


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, feeds: list[bytes]) -> None:
    """HTTP/1.1 with keep-alive and ETags, as little as a feed server needs."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            asked = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
            number = path.strip("/").removesuffix(".xml")
            body = feeds[int(number)] if number.isdigit() else b""
            etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            if not body:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif asked.get("if-none-match") == etag:
                writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())
            else:
                start = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(start.encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def serve(feeds: list[bytes], pipe: Connection) -> None:
    async def main() -> None:
        server = await asyncio.start_server(lambda r, w: answer(r, w, feeds), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of all processors together."""

    wall: float
    cpu: float


def timed(*command: str, env: dict[str, str] | None = None) -> Cost:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env={**os.environ, **(env or {})}
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def newsboat(folder: Path, urls: list[str]) -> list[Cost]:
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "config").write_text(f"reload-threads {JOBS}\n")
    command = (
        "newsboat",
        "-u",
        str(folder / "urls"),
        "-c",
        str(folder / "cache.db"),
        "-C",
        str(folder / "config"),
        "-x",
        "reload",
    )
    return [timed(*command, env={"HOME": str(folder)}) for _ in range(2)]


def yuqing(folder: Path, urls: list[str]) -> list[Cost]:
    subprocess.run([sys.executable, "-m", "yuqing_cli", "init", str(folder)], check=True, capture_output=True)
    fetch = f'[fetch]\njobs = {JOBS}\nhost_gap_seconds = 0.0\nhost_concurrency = {JOBS}\nrobots = "own"\n'
    sources = "".join(
        f'[[sources]]\nname = "{i}"\nkind = "feed"\nurl = {json.dumps(url)}\n' for i, url in enumerate(urls)
    )
    (folder / "yuqing.toml").write_text(fetch + sources)
    command = (sys.executable, "-m", "yuqing_cli", "--station", str(folder), "fetch")
    return [timed(*command), timed(*command, "--force")]


def main() -> None:
    compiled()
    if not (data := os.environ.get("YUQING_EVAL_DATA")) or not shutil.which("newsboat"):
        sys.exit("needs newsboat, and YUQING_EVAL_DATA")
    feeds = bodies(Path(data), int(sys.argv[1]) if len(sys.argv) > 1 else 500)
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(feeds, theirs), daemon=True)
    server.start()
    port = ours.recv()
    urls = [f"http://127.0.0.1:{port}/{i}.xml" for i in range(len(feeds))]
    with tempfile.TemporaryDirectory() as name:
        for part in ("n", "y"):
            (Path(name) / part).mkdir()
        peer = newsboat(Path(name) / "n", urls)
        own = yuqing(Path(name) / "y", urls)
    server.terminate()
    for what, n, y in zip(("cold", "again"), peer, own, strict=True):
        clock = f"newsboat {n.wall:.1f} s, yuqing {y.wall:.1f} s, ratio {y.wall / n.wall:.2f}"
        print(f"{what}: {clock}; of processors {n.cpu:.1f} s and {y.cpu:.1f} s")


if __name__ == "__main__":
    main()
