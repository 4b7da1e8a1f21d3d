"""Write tests/data/digests: how the days of the fictional town look, to be read line by line before they are committed.

python tools/golden.py            write the files
python tools/golden.py --check    change nothing; exit 1 when a file is not what the formats draw now
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "data" / "digests"
sys.path.insert(0, str(ROOT / "tests"))


def drawn() -> Iterator[tuple[str, str]]:
    """File names and contents: every day as Chinese text; one in English, and one as Markdown and as a feed, which are text too."""
    from town_digests import pages
    from yuqing_cli import i18n
    from yuqing_cli.adapters.terminal.page import page_text
    from yuqing_cli.render.formats import DIGEST_FORMATS
    from yuqing_cli.render.sections import outline

    chinese, english = i18n.choose("zh"), i18n.choose("en")
    days = pages()
    for name, page in days.items():
        yield f"{name}.zh.txt", page_text(outline(page, chinese))
    yield "accident.en.txt", page_text(outline(days["accident"], english), 120)
    for name, ending in {"markdown": "md", "atom": "xml"}.items():
        yield f"missed.zh.{ending}", str(DIGEST_FORMATS[name](days["missed"], chinese))


def stale() -> list[str]:
    """Names of the files that are missing, too many, or not what the formats draw now."""
    wanted = dict(drawn())
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def main() -> int:
    """Write or check."""
    if "--check" in sys.argv[1:]:
        names = stale()
        print(
            *(f"{FOLDER / name} is not what the formats draw now: python tools/golden.py" for name in names), sep="\n"
        )
        return 1 if names else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*"):
        path.unlink()
    for name, text in drawn():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
