"""What rescoring a whole history costs beside storing it anew under the same packs; both in one run.

    YUQING_EVAL_DATA=folder python bench/rescore.py [HEADLINES]

Real headlines are stored as judged by two thirds of the shipped packs, then judged again by all of them. The measure is what cleaning,
judging and storing the same headlines took: 1.0. Rescoring reads instead of cleans, and writes only where a judgement differs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from matching import headlines

from yuqing_cli.adapters.store import Store
from yuqing_cli.config import load as settings
from yuqing_cli.enrich.clean import clean
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.models import RawPost, Source, SourceState
from yuqing_cli.packs.load import load
from yuqing_cli.times import now_utc
from yuqing_cli.workflows.outcome import Judge
from yuqing_cli.workflows.rescore import Rescore

PAGE = 2_000
SOURCE = Source("bench", "feed", "https://bench.example/")
HERE = settings('[station]\nname = "bench"\n', "yuqing.toml")
PACKS = [
    (file.name, file.read_text("utf-8")) for file in sorted((Path(__file__).parents[1] / "keywords").glob("*.toml"))
]


def judge(packs: list[tuple[str, str]]) -> Judge:
    return Judge(Matcher(load(packs).require()), HERE.scoring, masked=True)


def store_all(store: Store, texts: list[str], judge: Judge) -> None:
    state = SourceState(SOURCE.name, SOURCE.url, SOURCE.tier)
    for start in range(0, len(texts), PAGE):
        raws = [RawPost(text, row=str(start + i)) for i, text in enumerate(texts[start : start + PAGE])]
        store.save_rows(judge.posts(SOURCE, clean(SOURCE.name, raws, masked=True)), [state], now_utc())


def seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def main() -> None:
    if not (data := os.environ.get("YUQING_EVAL_DATA")):
        sys.exit("needs YUQING_EVAL_DATA")
    texts = headlines(Path(data), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    before, after = judge([pack for i, pack in enumerate(PACKS) if i % 3]), judge(PACKS)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "yuqing.db") as store:
        stored = seconds(lambda: store_all(store, texts, before))
        work = Rescore(store, HERE, after, now_utc)
        started = time.process_time()
        done = work.run()
        took = time.process_time() - started
        again = seconds(work.run)
        size = store.size()
    print(f"{len(texts)} headlines, {size / 1e6:.0f} MB; {done.changed} judgements differ, {done.gained} match now")
    for name, value in (("storing", stored), ("rescoring", took), ("again, nothing due", again)):
        print(f"  {name:20} {value:7.2f} s of processor, {value / stored:5.2f} of storing")


if __name__ == "__main__":
    main()
