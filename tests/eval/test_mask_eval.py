"""How much personal data is masked, and how much that is none. The corpora are our own; all numbers are invented."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from floors import HERE, check, share
from yuqing_cli.enrich.mask import MASK, mask

DATA = HERE / "data"
HARMLESS = 2000
HOTLINES = ("110", "119", "120", "122", "12345", "12315", "12306", "12320", "12369", "95598", "96315", "96118", "114")

_HOLE = re.compile(r"\{(hotline|d:\d+|\d+-\d+)\}")


def lines(name: str) -> Iterator[str]:
    for line in (DATA / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line


def cases() -> Iterator[tuple[str, str, str]]:
    for line in lines("pii_personal.txt"):
        kind, marked = line.split("\t")
        raw = marked.replace("⟦", "").replace("⟧", "")
        yield kind, raw, re.sub("⟦(.*)⟧", lambda found: MASK * len(found[1]), marked)


def filled(template: str, chance: random.Random) -> str:
    def number(hole: re.Match[str]) -> str:
        if hole[1] == "hotline":
            return chance.choice(HOTLINES)
        if hole[1].startswith("d:"):
            return "".join(chance.choices("0123456789", k=int(hole[1][2:])))
        low, high = hole[1].split("-")
        return str(chance.randint(int(low), int(high)))

    return _HOLE.sub(number, template)


def test_every_one_of_300_personal_patterns_is_masked_exactly() -> None:
    found = list(cases())
    wrong = [(kind, raw, mask(raw)) for kind, raw, expected in found if mask(raw) != expected]
    assert len(found) == 300
    check("mask: personal data masked exactly", 1 - share(len(wrong), 300), external=False, detail=wrong)


def test_2000_texts_with_harmless_numbers_are_left_as_they_are() -> None:
    chance = random.Random(61)
    templates = list(lines("pii_harmless.txt"))
    texts = [filled(templates[i % len(templates)], chance) for i in range(HARMLESS)]
    masked = [text for text in texts if mask(text) != text]
    check("mask: harmless numbers left alone", 1 - share(len(masked), HARMLESS), external=False, detail=masked)
