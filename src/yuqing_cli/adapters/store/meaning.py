"""What the tables, views and columns of the file mean, for people and for Datasette; the words stand in ``schema.toml``."""

from __future__ import annotations

import sqlite3
import tomllib
from functools import cache
from pkgutil import get_data
from typing import Any

from yuqing_cli.records import Record

_NO_COLUMN = {"about", "facets", "sort_desc"}

TABLES = """SELECT m.type AS kind, m.name, group_concat(p.name, ', ') AS columns
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p
    WHERE m.type IN ('table', 'view') AND m.name NOT GLOB 'sqlite_*' AND m.name NOT GLOB 'search_*'
    GROUP BY m.type, m.name ORDER BY m.type DESC, m.name"""
"""What ``yuqing sql --tables`` asks."""


class Column(Record):
    """A column as SQLite has it, and what it means (``""``: nobody said)."""

    name: str
    type: str
    about: str


class Table(Record):
    """A table or a view."""

    name: str
    view: bool
    about: str
    columns: tuple[Column, ...]


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((get_data(__package__ or "", "schema.toml") or b"").decode("utf-8"))


def tables(connection: sqlite3.Connection) -> list[Table]:
    """Every table and view of a file, views first, without what SQLite keeps for itself."""
    query = """SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*'
        AND name NOT GLOB 'search_[cdi]*' ORDER BY type DESC, rowid"""
    return [_table(connection, name, view=kind == "view") for name, kind in connection.execute(query).fetchall()]


def _table(connection: sqlite3.Connection, name: str, *, view: bool) -> Table:
    said = _words().get(name, {})
    rows = connection.execute("SELECT name, type FROM pragma_table_info(?)", (name,))
    columns = tuple(Column(column, kind, said.get(column, "")) for column, kind in rows)
    return Table(name, view, said.get("about", ""), columns)


def metadata(station: str) -> dict[str, Any]:
    """What Datasette's ``--metadata`` reads: titles, descriptions of columns, facets, canned queries."""
    words = _words()
    described = {name: _described(said) for name, said in words.items() if name != "queries"}
    hidden = {f"search_{part}": {"hidden": True} for part in ("config", "data", "docsize", "edition", "idx")}
    queries = {query["name"]: {key: query[key] for key in ("title", "sql")} for query in words["queries"]}
    database = {"tables": described | hidden | {"search": {"hidden": True}}, "queries": queries}
    return {"title": station, "description": "yuqing", "databases": {"yuqing": database}}


def _described(said: dict[str, Any]) -> dict[str, Any]:
    columns = {name: about for name, about in said.items() if name not in _NO_COLUMN}
    extra = {key: said[key] for key in ("facets", "sort_desc") if key in said}
    return {"description": said["about"], "columns": columns} | extra
