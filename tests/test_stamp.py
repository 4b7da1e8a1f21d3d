"""What a judgement rests on beside the packs: where it differs, a stored judgement is stale."""

from __future__ import annotations

import hashlib

from conftest import WATER, keyword_set
from yuqing_cli.config import ScoringSettings
from yuqing_cli.enrich.match import Matcher
from yuqing_cli.enrich.score import judge
from yuqing_cli.enrich.stamp import METHOD, stamp
from yuqing_cli.models import Post, Source

SOURCE = Source("青禾日报", "feed", "https://a.example/feed")
OTHERS = """
[[topics]]
id = "head"
any = ["校长", {term = "医生", boundary = "soft"}]
[[topics]]
id = "camera"
query = "NEAR(ai, 监控, 6)"
"""
POSTS = (
    ("青禾水务：东片停水", "", "media", 1.0),
    ("通报", "青禾县停水八小时，断水的小区有三个。" * 3, "official", 1.5),
    ("停水演练", "水质浑浊", "community", 1.0),
    ("该学校长期占用绿地", "中医生态园", "trade", 0.5),
    ("ＡＩ看监控", "gmail 监控", "hotlist", 1.0),
    ("天气晴", "", "media", 1.0),
    ("消息", "青禾水务开会。" + "天气晴" * 30 + "。停水", "media", 1.0),
)


def test_the_stamp_changes_with_what_changes_a_judgement_and_with_nothing_else() -> None:
    plain = stamp(ScoringSettings(), SOURCE)
    others = [
        stamp(ScoringSettings(relevance=0.5), SOURCE),
        stamp(ScoringSettings(red=95), SOURCE),
        stamp(ScoringSettings(), Source("b", "feed", "https://b.example/", tier="official")),
        stamp(ScoringSettings(), Source("b", "feed", "https://b.example/", weight=2)),
        stamp(ScoringSettings(), Source("b", "feed", "https://b.example/", tags=("county",))),
    ]
    assert len({plain, *others}) == len(others) + 1
    assert stamp(ScoringSettings(), Source("b", "page", "https://b.example/list")) == plain


def test_another_way_of_judging_has_another_number() -> None:
    """Where this fails the same packs and settings judge the same posts differently: raise ``METHOD``, then pin what it says."""
    matcher = Matcher(keyword_set(water=WATER + OTHERS))
    made = []
    for title, text, tier, weight in POSTS:
        post = Post("0", SOURCE.name, "", "", title, text, None, "")
        source = Source(SOURCE.name, "feed", SOURCE.url, tier, weight)  # type: ignore[arg-type]
        judged = judge(matcher, post, source, ScoringSettings())
        parts = [(part.name, f"{part.points:.6f}") for part in judged.parts]
        made.append((judged.subjects, judged.topics, judged.hits, judged.excluded, judged.level, parts))
    assert (METHOD, hashlib.blake2b(repr(made).encode(), digest_size=8).hexdigest()) == (3, "0252fef08963592e")
