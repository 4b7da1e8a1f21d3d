"""What ``yuqing --help`` costs against the least that typer can do: medians of interleaved runs, and their ratio.

python bench/startup.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from installed import compiled

BARE = (
    "import typer\n"
    "app = typer.Typer(rich_markup_mode=None)\n"
    "@app.command()\n"
    "def one(): pass\n"
    "@app.command()\n"
    "def two(): pass\n"
    "app(['--help'])\n"
)
OURS = "import sys; sys.argv = ['yuqing', '--help']; from yuqing_cli.__main__ import main; main()"
RUNS = 21
LIMIT = 1.5


def seconds(code: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    compiled()
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(RUNS):
        times["bare"].append(seconds(BARE))
        times["ours"].append(seconds(OURS))
    bare, ours = (statistics.median(times[name]) for name in ("bare", "ours"))
    print(
        f"bare typer --help {bare * 1000:.0f} ms, yuqing --help {ours * 1000:.0f} ms, ratio {ours / bare:.2f} (limit {LIMIT})"
    )


if __name__ == "__main__":
    main()
