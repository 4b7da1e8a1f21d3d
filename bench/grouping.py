"""What grouping costs: ``ingest`` with it against ``ingest`` without, and twice the posts against once. Ratios of one run.

    python bench/grouping.py                    100,000 posts, a fifth of them matched: five minutes
    python bench/grouping.py 20000              fewer

The posts are made up of the dictionary's words, seeded: reports of incidents in fictional places over sixty days, a third of them copied
or retold by others, which is about what a desk sees. Without grouping the same code runs with ``settle`` taken out.

Measured on two cores: 100,000 posts take 1.7 times as long with grouping (79 s and 131 s), and twice the posts 2.0 times; on a machine
that is busy with other things 2.2 to 3.1, and 1.8 to 2.0. When every follower of a new post looked for its neighbours again, when one
common word made neighbours, and when a whole component was grouped anew, it was 4.5 and 3.1.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from yuqing_cli.adapters.store import Store, groups
from yuqing_cli.config import load
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.packs.load import load as load_packs
from yuqing_cli.segment import lexicon
from yuqing_cli.workflows.ingest import Ingest
from yuqing_cli.workflows.outcome import Judge

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 60
MATTERS = ("停水", "停电", "塌陷", "坍塌", "起火", "泄漏", "拥堵", "中毒")
PACK = f"[pack]\nname = 'b'\n[[topics]]\nid = 'm'\nseverity = 3\nany = {json.dumps(MATTERS, ensure_ascii=False)}\n"


def rows(count: int, seed: int) -> Iterator[str]:
    """Posts as JSON lines, in the order of publication."""
    rng = random.Random(seed)
    words = sorted(word for word, n in lexicon().frequencies.items() if 2 <= len(word) <= 3 and n > 400)
    words = [word for word in words if not any(matter in word for matter in MATTERS)]
    recent: list[tuple[str, str]] = []
    for number in range(count):
        at = START + timedelta(seconds=number * DAYS * 86_400 // count)
        title, text = told(rng, words, matched=number % 5 == 0)
        if number % 5 == 0 and recent and rng.random() < 0.33:
            title, text = retold(rng, rng.choice(recent[-40:]), words)
        if number % 5 == 0:
            recent.append((title, text))
        yield json.dumps(
            {"title": title, "text": text, "url": f"https://a.example/{seed}/{number}", "published_at": at.isoformat()}
        )


def told(rng: random.Random, words: list[str], *, matched: bool) -> tuple[str, str]:
    """A report of something that nobody has reported before."""
    place, matter = rng.choice(words) + rng.choice("县区镇村"), rng.choice(MATTERS) if matched else rng.choice(words)
    return place + matter + "".join(rng.choices(words, k=4)), matter + "，".join(rng.choices(words, k=60))


def retold(rng: random.Random, first: tuple[str, str], words: list[str]) -> tuple[str, str]:
    """The same report: whole, or with half of it in other words."""
    title, text = first
    return (
        first if rng.random() < 0.5 else (title[:8] + rng.choice(words), text[: len(text) // 2] + rng.choice(words) * 3)
    )


def seconds(path: Path, *, grouped: bool) -> float:
    """How long a new station takes to ingest the file."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "b.db") as store:
        matcher = Matcher(load_packs([("b.toml", PACK)]).require())
        settings = load("[station]\nname = 'b'\n", "yuqing.toml")
        started = time.perf_counter()
        run = Ingest(store, settings, Judge(matcher, settings.scoring, masked=True), lambda: datetime.now(UTC), UTC)
        if grouped:
            run.run([path])
        else:
            with patch.object(groups, "settle", return_value=0):
                run.run([path])
        return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", nargs="?", type=int, default=100_000)
    posts = parser.parse_args().posts
    with tempfile.TemporaryDirectory() as folder:
        whole, half = Path(folder) / "whole.jsonl", Path(folder) / "half.jsonl"
        lines = list(rows(posts, 1))
        whole.write_text("\n".join(lines), encoding="utf-8")
        half.write_text("\n".join(rows(posts // 2, 1)), encoding="utf-8")
        without = seconds(whole, grouped=False)
        once = seconds(half, grouped=True)
        twice = seconds(whole, grouped=True)
    print(
        f"{posts:,} posts: {without:.1f} s without grouping, {twice:.1f} s with it: {twice / without:.2f} times (at most 4)"
    )
    print(f"{posts // 2:,} posts: {once:.1f} s; twice the posts take {twice / once:.2f} times (at most 2.3)")


if __name__ == "__main__":
    main()
