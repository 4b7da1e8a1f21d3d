"""Write docs/schema.md: every table and view of a station's file with its columns, from a fresh file and ``schema.toml``.

python tools/schema_doc.py            write the file
python tools/schema_doc.py --check    change nothing; exit 1 when the file is not what the schema is now
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from yuqing_cli.adapters.store import Store
from yuqing_cli.adapters.store.meaning import Table, tables

FILE = Path(__file__).resolve().parents[1] / "docs" / "schema.md"
HEAD = """\
# The file

Written by `python tools/schema_doc.py` from the schema; do not edit it here.

A station keeps everything in one SQLite file, `yuqing.db`. Open it with `sqlite3`, a notebook, Datasette, or `yuqing sql`,
which only reads ([sql.md](sql.md)); leave writing to the program. The **views** (`v_…`) are made for people and are what to
rely on: their columns stay. The tables below them may change with a version.

In tables, times are whole milliseconds since 1970 in UTC, lists are JSON, and 0 and 1 stand for no and yes. In views, a
time with `_at` is ISO 8601 in UTC; `day` and `local_time` go by the clock of whoever asks. Personal data is masked (■)
before anything is stored, and no table has a place for an author.
"""


def text() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "yuqing.db"
        Store(path).close()
        with closing(sqlite3.connect(path)) as connection:
            found = tables(connection)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    return "\n".join([f"{HEAD}\nThis is schema {version} (`PRAGMA user_version`).\n", *_sections(found)])


def _sections(found: list[Table]) -> Iterator[str]:
    yield "## Views\n"
    yield from (_section(table) for table in found if table.view)
    yield "## Tables\n"
    yield from (_section(table) for table in found if not table.view)


def _section(table: Table) -> str:
    rows = [f"| `{column.name}` | {column.type.lower()} | {column.about} |" for column in table.columns]
    return "\n".join(
        [f"### {table.name}\n", f"{table.about}\n", "| column | type | meaning |", "|---|---|---|", *rows, ""]
    )


def main(arguments: list[str] | None = None) -> int:
    """The program; its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the file is stale")
    if not parser.parse_args(arguments).check:
        FILE.write_text(text(), encoding="utf-8")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != text():
        sys.stdout.write(f"docs/{FILE.name} is stale: run python tools/schema_doc.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
