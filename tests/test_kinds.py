from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

from yuqing_cli.errors import ConfigError
from yuqing_cli.records import names
from yuqing_cli.sources import kinds
from yuqing_cli.sources.kinds import KINDS, Kind, kind_named, known_names
from yuqing_cli.sources.options import NoOptions, PageOptions

OWN_KEYS = {"name", "kind", "url", "tier", "weight", "tags", "every", "timezone", "robots"}

GOOD = Kind(NoOptions, "yuqing_cli.sources.feed")
NO_KIND = "something else"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"bulletin": "GOOD", "wrong": "NO_KIND", "gone": "missing"}
    found = [metadata.EntryPoint(name, f"{__name__}:{value}", kinds.GROUP) for name, value in values.items()]

    def entry_points(*, group: str, name: str = "") -> list[metadata.EntryPoint]:
        return [each for each in found if each.group == group and name in ("", each.name)]

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    monkeypatch.setattr(kinds, "KINDS", dict(KINDS))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_option_of_a_kind_has_the_name_of_a_key_that_every_source_has(name: str) -> None:
    assert OWN_KEYS.isdisjoint(names(KINDS[name].options))


@pytest.mark.usefixtures("installed")
def test_a_kind_of_an_installed_package_is_found_by_its_name() -> None:
    assert kind_named("bulletin") is GOOD
    assert kinds.KINDS["bulletin"] is GOOD
    assert kind_named("nobody") is None
    assert known_names()[:4] == tuple(KINDS)
    assert "bulletin" in known_names()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["wrong", "gone"])
def test_a_broken_package_is_a_fault_of_the_settings_that_names_it(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        kind_named(name)
    assert caught.value.values["kind"] == name


def test_checks_are_those_of_the_kind() -> None:
    assert KINDS["feed"].check(NoOptions()) == []
    assert [fault.field for fault in KINDS["page"].check(PageOptions(item="a["))] == ["item"]


def test_knowing_the_kinds_loads_no_parser() -> None:
    code = "import sys, yuqing_cli.sources.kinds; print([m for m in ('selectolax', 'fastfeedparser', 'lxml') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
