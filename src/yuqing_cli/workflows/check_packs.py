"""Check of the packs: what the station's own posts say of them, then lint; nothing is written.

packs + probes -Matcher-> rules that fire on nothing; store.judgeable -Matcher-> Seen; -lint-> findings
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from yuqing_cli import segment
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.packs.lint import lint
from yuqing_cli.packs.lint_shapes import Finding, Known, RuleKey, Seen
from yuqing_cli.station import DATABASE, Station

from .tuning import Metas

SAMPLE = 2_000
"""Posts that a check looks at, the newest: a share of them is known to one hundredth, in well under a second."""
MEMORY = timedelta(days=30)
PROBES = (
    ("早上好", "今天是星期三。"),
    ("第一章", "他慢慢地走进房间，坐在椅子上，看了看窗外的树。"),
    ("Hello", "The quick brown fox jumps over the lazy dog, 1234567890 times!"),
    ("诗两首", "春天来了，山上的花开得很好看；鸟在树上唱歌。"),
    ("数学题", "三加五等于几？请写出计算过程：3 + 5 = 8。"),
)
"""Texts about nothing that any desk answers for. A rule that fires on all of them fires on everything."""


def check_packs(station: Station) -> tuple[Finding, ...]:
    """Remarks on the packs that can be read. The rules' faults are ``station.keywords.problems``."""
    keywords = station.keywords.keywords
    matcher = Matcher(keywords)
    everywhere = set.intersection(*(_fired(matcher, title, text) for title, text in PROBES))
    lexicon = segment.lexicon()
    sources = station.settings.sources
    known = Known(
        [source.name for source in sources],
        [tag for source in sources for tag in source.tags],
        everywhere,
        lexicon.frequencies,
        lexicon.total,
    )
    return lint(keywords, known, _seen(station, matcher))


def _fired(matcher: Matcher, title: str, text: str) -> set[RuleKey]:
    return {(hit.pack, hit.kind, hit.rule) for hit in matcher.match(title, text).hits}


def _seen(station: Station, matcher: Matcher) -> Seen:
    if not (station.folder / DATABASE).exists():
        return Seen()
    fired: Counter[RuleKey] = Counter()
    posts = 0
    with station.store(create=False) as store:
        metas = Metas(station, store)
        for passage in store.judgeable(station.clock() - MEMORY, SAMPLE):
            match = matcher.match(passage.title, passage.text, metas.of(passage.source))
            fired.update({(hit.pack, hit.kind, hit.rule) for hit in match.hits})
            posts += 1
    return Seen(posts, fired)
