"""How many collisions are seen through, and how many true hits are lost.

The sentences are our own and fictional: each holds one term of the shipped packs, and ``true`` says whether a reader
would find that the sentence speaks of it (肉价 in 猪肉价格 is true, 校长 in 学校长期 is not). Half are collisions, which on
real headlines are one hit in a hundred; the set says what happens to each kind, not how often it occurs. The thresholds of
``boundary`` were chosen with every second sentence in view; the other half has floors of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from floors import HERE, check, rows, share
from yuqing_cli.enrich.boundary import judge
from yuqing_cli.segment import cuts, lexicon

SENTENCES = HERE / "data" / "boundaries.jsonl"
HALVES = pytest.mark.parametrize(("half", "part"), [("", slice(None)), (", odd rows", slice(1, None, 2))])

JIEBA = """
import json, sys, jieba
words = jieba.Tokenizer()
words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
words.initialized = True
print(json.dumps([words.lcut(text, HMM=False) for text in json.load(sys.stdin)]))
"""
"""jieba without its cache in the shared temporary folder."""


def kept(row: dict[str, Any]) -> bool:
    return judge(row["text"], row["start"], row["end"], "word", lexicon()) == 1.0


def test_the_sentences_are_sound() -> None:
    sentences = rows(SENTENCES)
    assert len(sentences) >= 1000
    assert all(row["text"][row["start"] : row["end"]] == row["term"] for row in sentences)
    assert len({(row["text"], row["start"]) for row in sentences}) == len(sentences)
    assert 0.45 < share(sum(row["true"] for row in sentences), len(sentences)) < 0.55


@HALVES
def test_true_hits_are_kept(half: str, part: slice) -> None:
    true = [row for row in rows(SENTENCES)[part] if row["true"]]
    lost = [row["text"] for row in true if not kept(row)]
    check(f"boundaries: true hits kept{half}", 1 - share(len(lost), len(true)), external=False, detail=lost)


@HALVES
def test_collisions_are_dropped(half: str, part: slice) -> None:
    collisions = [row for row in rows(SENTENCES)[part] if not row["true"]]
    missed = [row["text"] for row in collisions if kept(row)]
    figure = 1 - share(len(missed), len(collisions))
    check(f"boundaries: collisions dropped{half}", figure, external=False, detail=missed)


@HALVES
def test_precision_of_what_is_kept(half: str, part: slice) -> None:
    left = [row for row in rows(SENTENCES)[part] if kept(row)]
    check(f"boundaries: precision{half}", share(sum(row["true"] for row in left), len(left)), external=False)


def test_texts_are_cut_as_jieba_cuts_them() -> None:
    texts = [row["text"] for row in rows(SENTENCES)]
    command = [sys.executable, "-W", "ignore", "-c", JIEBA]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    ours = [[text[a:b] for a, b in pairwise(cuts(text))] for text in texts]
    same = sum(one == other for one, other in zip(ours, json.loads(done.stdout), strict=True))
    check("boundaries: cuts as jieba's without its hidden Markov model", share(same, len(texts)), external=False)
