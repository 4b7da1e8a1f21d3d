"""One-to-one folding against OpenCC's test cases: are both sides of a pair the same after folding?

Out of reach by design are the conversions that rewrite words (the ``p`` configurations) and Japanese forms, where 芸, 弁 and
予 are Chinese characters too. What remains open of the script conversions needs the word: 沈 or 沉, 么 or 幺, 像 or 象.
"""

from __future__ import annotations

import json
import re

from floors import DATA, check, needs, share
from yuqing_cli.text import fold

pytestmark = needs("opencc")

SCRIPTS = {"s2t", "t2s", "s2tw", "tw2s", "s2hk", "hk2s", "t2tw", "tw2t", "t2hk", "hk2t"}


def test_both_sides_of_script_conversions_fold_to_one_form() -> None:
    text = (DATA / "opencc" / "testcases.json").read_text("utf-8")
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    pairs = [(case["input"], out) for case in cases for name, out in case["expected"].items() if name in SCRIPTS]
    apart = [pair for pair in pairs if fold(pair[0]) != fold(pair[1])]
    assert len(pairs) == 382
    check("fold: both sides one form", 1 - share(len(apart), len(pairs)), external=True, detail=apart)
