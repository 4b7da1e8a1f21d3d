"""Ready layouts of list pages and ready shapes of JSON lists: facts, kept in ``data/recipes.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from types import MappingProxyType

Table = Mapping[str, Mapping[str, str]]


@cache
def _tables() -> Mapping[str, Table]:
    data = get_data("yuqing_cli.data", "recipes.toml") or b""
    return MappingProxyType(tomllib.loads(data.decode("utf-8")))


def recipes(kind: str) -> Table:
    """The ready ones of a kind (``page``, ``json_list``): name -> option -> value."""
    return _tables()[kind]
