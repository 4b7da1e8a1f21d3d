"""Address keys against urlcanon's pairs, the web-platform tests and ClearURLs' global rules.

Two addresses of a pair agree when they get one key. Where urlcanon disagrees, it is by decision of one of us: it decodes
escapes repeatedly (``%2561`` is ``a``), decodes reserved characters, joins double slashes, drops ``www``, keeps hosts that no
DNS can hold and turns ``http://..`` into 0.0.0.0; its own aggressive profile lower-cases paths. One case (``faß``) is
IDNA 2008, where the standard library has IDNA 2003. Of ClearURLs we leave what may name content (``mc``, ``cmpid`` ..).
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from floors import DATA, check, needs, share
from yuqing_cli.urls import canonical, host, resolve

pytestmark = needs("urls")


def load(name: str) -> Any:
    return json.loads((DATA / "urls" / name).read_text("utf-8"))


def decoded(text: str) -> str:
    """The pairs hold UTF-8 bytes one character each."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except ValueError:
        return text


def agreed(pairs: dict[str, str]) -> tuple[int, int]:
    http = [(decoded(a), decoded(b)) for a, b in pairs.items() if a.strip().lower().startswith(("http:", "https:"))]
    return sum(canonical(a) == canonical(b) != "" for a, b in http), len(http)


@pytest.mark.parametrize(
    ("name", "size"),
    [("semantic_precise", 158), ("supplemental_whatwg", 75), ("aggressive", 29)],
)
def test_pairs_of_urlcanon_get_one_key(name: str, size: int) -> None:
    right, pairs = agreed(load(f"urlcanon_{name}.json"))
    assert pairs == size
    check(f"urls: pairs of {name}", share(right, pairs), external=True)


def test_dot_segments_and_ipv4_forms_are_read_alike() -> None:
    paths = {path: out for path, out in load("urlcanon_path_dots.json")["special"].items() if "\\" not in path}
    assert [path for path, out in paths.items() if canonical(f"http://h{path}") != f"https://h{out}"] == []
    addresses = load("urlcanon_funky_ipv4.json")
    wrong = [a for a, out in addresses.items() if host(f"http://{a}/") != (out or "")]
    assert wrong == ["0000xa"]  # no number at all: a name


def test_links_resolve_as_in_the_web_platform_tests() -> None:
    cases = [case for case in load("urlcanon_urltestdata.json") if isinstance(case, dict)]
    http = [case for case in cases if case.get("href", "").startswith(("http:", "https:"))]
    right = sum(canonical(resolve(c["base"], c["input"])) == canonical(c["href"]) != "" for c in http)
    other = [case for case in cases if case not in http]
    assert (len(http), len(other)) == (176, 263)
    check("urls: links resolved", share(right, len(http)), external=True)
    assert [case for case in other if resolve(case["base"], case["input"])] == []


def test_keys_are_stable_on_every_address_there_is() -> None:
    texts = set(load("urlcanon_idempotence.json")) | set(load("urlcanon_parsing.json"))
    texts |= {case["input"] for case in load("urlcanon_urltestdata.json") if isinstance(case, dict)}
    texts |= {decoded(text) for text in load("urlcanon_semantic_precise.json")}
    assert len(texts) == 644
    assert [text for text in texts if canonical(canonical(text)) != canonical(text)] == []


def test_most_global_rules_of_clearurls_are_known() -> None:
    rules = load("ClearURLs_Rules_data.min.json")["providers"]["globalRules"]["rules"]
    names = re.findall(r"\(\?:%3F\)\?([a-z_]{3,})(?=,|$)", ",".join(rules), re.IGNORECASE)
    kept = {name for name in names if canonical(f"http://h/?id=1&{name}=x") != "https://h/?id=1"}
    assert kept == {"cmpid", "os_ehash", "ceneo_spo", "__s"}
