"""The query language: what it means, against a slow evaluator of another make; what it refuses, at which column; what it costs."""

from __future__ import annotations

import itertools
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from yuqing_cli.enrich.automaton import Automaton
from yuqing_cli.i18n import Translate
from yuqing_cli.packs.query import (
    LENGTH,
    Node,
    Outcome,
    QueryError,
    Span,
    about,
    anchors,
    cautions,
    evaluate,
    explain,
    literals,
    parse,
    terms,
)
from yuqing_cli.packs.query_nodes import (
    FIELD_NAMES,
    And,
    Field,
    FieldName,
    Leaf,
    Meta,
    Near,
    Not,
    Or,
    Phrase,
    Regex,
    Term,
    Wild,
)
from yuqing_cli.text import fold

MEDIA = about("青禾日报", ("Water", "市民 热线"), "media")
Found = dict[str, list[tuple[FieldName, int, int]]]


def find(node: Node, fields: Mapping[FieldName, str]) -> Found:
    """What the matcher hands over: every literal's places, complemented where they cut through an ASCII word."""
    wanted = sorted(literals(node))
    found: Found = defaultdict(list)
    for name, text in fields.items():
        for index, start, end in Automaton(wanted).find(text):
            cut = not re.compile(edged(wanted[index])).match(text, start)
            found[wanted[index]].append((name, ~start if cut else start, end))
    return found


def edged(literal: str) -> str:
    """A literal that does not stand beside an ASCII letter or digit where it has one at its edge."""
    left = r"(?<![0-9A-Za-z])" if literal[0].isascii() and literal[0].isalnum() else ""
    right = r"(?![0-9A-Za-z])" if literal[-1].isascii() and literal[-1].isalnum() else ""
    return left + re.escape(literal) + right


def judge(query: str | Node, title: str = "", text: str = "", meta: Mapping[str, frozenset[str]] = MEDIA) -> Outcome:
    node = parse(query) if isinstance(query, str) else query
    fields: dict[FieldName, str] = {"title": fold(title), "text": fold(text)}
    return evaluate(node, fields, find(node, fields), meta)


def fires(query: str | Node, title: str = "", text: str = "") -> bool:
    return judge(query, title, text).fires


def refusal(text: str) -> QueryError | None:
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


def said(query: str, language: str = "en") -> str:
    return explain(parse(query), Translate(language))


# ---- what it means ----


def test_the_example_of_the_handbook() -> None:
    query = "(停水 OR 断水) AND 小区 NOT 演练"
    assert fires(query, "小区停水", "")
    assert fires(query, "断水", "两个小区")
    assert not fires(query, "停水", "全城")
    assert not fires(query, "小区停水", "这是演练")


TRUTH: list[tuple[str, Callable[[bool, bool, bool], bool]]] = [
    ("a OR b AND c", lambda a, b, c: a or (b and c)),
    ("a AND b OR c", lambda a, b, c: (a and b) or c),
    ("a OR b c", lambda a, b, c: a or (b and c)),
    ("a b OR c", lambda a, b, c: (a and b) or c),
    ("a b AND c", lambda a, b, c: a and b and c),
    ("a NOT b", lambda a, b, _: a and not b),
    ("a AND NOT b", lambda a, b, _: a and not b),
    ("a NOT b OR c", lambda a, b, c: (a and not b) or c),
    ("a NOT b c", lambda a, b, c: a and not b and c),
    ("NOT b a", lambda a, b, _: a and not b),
    ("a NOT (b OR c)", lambda a, b, c: a and not (b or c)),
    ("a NOT (b AND c)", lambda a, b, c: a and not (b and c)),
    ("a NOT (b NOT c)", lambda a, b, c: a and (not b or c)),
    ("(a OR b) c", lambda a, b, c: (a or b) and c),
    ("NOT (NOT a OR NOT b)", lambda a, b, _: a and b),
]


@pytest.mark.parametrize(("query", "means"), TRUTH)
def test_not_binds_tighter_than_and_and_and_tighter_than_or(query: str, means: Callable[..., bool]) -> None:
    for present in itertools.product((False, True), repeat=3):
        text = " ".join(word for word, there in zip("abc", present, strict=True) if there)
        assert fires(query, text) is means(*present), text


def test_a_field_restricts_all_that_it_stands_before() -> None:
    assert fires("title:停水", "停水", "")
    assert not fires("title:停水", "", "停水")
    assert fires("text:(停水 小区)", "", "小区停水")
    assert not fires("text:(停水 小区)", "小区", "停水")
    assert fires("停水 小区", "小区", "停水")
    assert fires("text:(停水 NOT 演练)", "演练", "停水")
    assert not fires('title:"停水通知"', "停水", "停水通知")
    assert fires("Title: /停水/", "停水")
    assert not fires("title:NEAR(停水, 小区, 3)", "", "停水小区")


def test_the_source_its_tags_and_its_tier_are_matched_exactly_but_for_their_spelling() -> None:
    for query in (
        "source:青禾日报",
        "source:青禾日報",
        "tag:WATER",
        "tag:ｗater",
        'tag:"市民 热线"',
        "tag:市民热线",
        "tier:Media",
    ):
        assert fires(query), query
    for query in ("source:青禾", "tag:wat", "tier:official"):
        assert not fires(query), query
    assert fires("停水 NOT source:晚报", "停水")
    assert not fires("停水 NOT source:青禾日报", "停水")


@pytest.mark.parametrize(
    ("query", "title", "there"),
    [
        ("NEAR(停水, 小区, 0)", "停水小区", True),
        ("NEAR(停水, 小区, 0)", "小区停水", True),
        ("NEAR(停水, 小区, 0)", "停水的小区", False),
        ("NEAR(停水, 小区, 1)", "停水的小区", True),
        ("NEAR(停水, 小区, 2)", "停水 的\u200b 小区", True),
        ("ONEAR(停水, 小区, 5)", "停水的小区", True),
        ("ONEAR(停水, 小区, 5)", "小区的停水", False),
        ("NEAR(停水, 水管, 5)", "停水管", False),
        ("NEAR(停水, 停水, 5)", "停水", False),
        ("NEAR(停水, 停水, 5)", "停水又停水", True),
        ("NEAR(停水 OR 断水, (小区 OR 学校), 1)", "学校断水", True),
        ("NEAR（“停 水”、“小区”，１０）", "小区早上停水", True),
        ("NEAR(停*水, 小区, 1)", "停自来水小区", True),
        ("NEAR(ai, 医院, 3)", "gmail 医院", False),
    ],
)
def test_near_counts_the_normalised_characters_between(query: str, title: str, there: bool) -> None:
    assert fires(query, title) is there


def test_near_does_not_reach_from_the_title_into_the_text() -> None:
    assert not fires("NEAR(停水, 小区, 100)", "停水", "小区")


@pytest.mark.parametrize(
    ("query", "title", "place"),
    [
        ("停*水", "停水", (0, 2)),
        ("停*水", "又停" + "了" * 10 + "水", (1, 13)),
        ("停*水", "停" + "了" * 11 + "水", None),
        ("停*水", "停了。水", None),
        ("停*水", "停了\n水", None),
        ("停*水", "停了！水", None),
        ("停?水", "停水", None),
        ("停?水", "停自水", (0, 3)),
        ("停？水", "停自水", (0, 3)),
        ("停??水", "停自水", None),
        ("停?*水", "停水水", (0, 3)),
        ("停＊水", "停水水", (0, 2)),
        ("vaccin*", "the Vaccines", (4, 12)),
        ("vaccin?", "vaccines", None),
        ("a*b", "xa b", None),
        ("停*水*区", "停水不停小区", (0, 6)),
        ("停水?", "停水", None),
    ],
)
def test_a_wildcard_is_bounded_and_stays_in_its_sentence(query: str, title: str, place: tuple[int, int] | None) -> None:
    outcome = judge(query, title)
    assert [(span.start, span.end) for span in outcome.spans] == ([place] if place else [])


def test_quotation_marks_make_everything_literal() -> None:
    assert fires('"停*水 AND (x"', "停*水 AND (x")
    assert not fires('"停*水"', "停自来水")
    assert fires("“title:停水”", "title：停水")
    assert fires('“说"停水"”', '他说"停水"')
    assert fires('"说“停水”"', "他说“停水”")
    assert fires('"AND"', "this and that")


def test_full_width_signs_are_their_ascii_forms() -> None:
    assert parse("（停水　ＯＲ　断水）　ＡＮＤ　ｔｉｔｌｅ：小区　NOT　“演 练”") == parse(
        '(停水 OR 断水) AND title:小区 NOT "演 练"'
    )
    assert parse("NEAR（停水，小区，１０）") == parse("NEAR(停水, 小区, 10)")


def test_lower_case_operators_are_words_with_a_caution() -> None:
    node = parse('停水 or 断水AND小区 "and" 水')
    assert terms(node) == ("停水", "or", "断水and小区", "and", "水")
    told = [(c.at, c.text.format(**dict(c.values)), c.hint.format(**dict(c.values))) for c in cautions(node)]
    assert [at for at, _, _ in told] == [3, 6, 20]
    assert "write OR" in told[0][2]
    assert "around AND" in told[1][2]
    assert "one character" in told[2][1]


def test_white_space_of_any_kind_only_separates() -> None:
    assert parse("停水\n\u3000\n \tOR 断水") == parse("停水 OR 断水")


def test_redundant_parentheses_leave_nothing_behind() -> None:
    assert parse("((停水)) OR (断水 OR (小区))") == Or(
        (Term("停水", "停水"), Term("断水", "断水"), Term("小区", "小区"))
    )


# ---- defects of other tools, which this one does not have ----


def test_an_exclusion_counts_where_it_stands_and_nowhere_else() -> None:
    query = "(市一医院 NOT 招聘) OR 实验小学"
    assert fires(query, "实验小学招聘教师")
    assert not fires(query, "市一医院招聘")


def test_a_blank_line_with_a_blank_in_it_changes_nothing() -> None:
    assert parse("停水 OR\n \n断水") == parse("停水 OR\n\n断水") == parse("停水 OR 断水")


def test_nothing_but_exclusions_does_not_match_everything_but_is_refused() -> None:
    with pytest.raises(QueryError, match="nothing but exclusions"):
        parse("NOT 日电")


def test_spellings_are_one_and_an_ascii_term_is_a_whole_word() -> None:
    assert fires("医院", "醫院")
    assert fires("AI", "ＡＩ医院")
    assert not fires("AI", "Gmail")


def test_every_alternative_that_holds_is_told_not_only_the_first() -> None:
    assert [span.term for span in judge("停水 OR 水费", "水费涨了又停水").spans] == ["水费", "停水"]


# ---- patterns ----


@pytest.mark.parametrize(
    ("pattern", "title", "spans"),
    [
        (r"停水\d+小时", "停水 12 小时，停水小时", [(0, 6)]),
        (r"停水.{0,3}小区", "停水的小区", [(0, 5)]),
        (r"醫院[一-九]号", "医院三号", [(0, 4)]),
        (r"AI[A-F]\S", "aiB停", [(0, 4)]),
        (r"(?:停|断)水(?!管)", "停水管，断水", [(4, 6)]),
        (r"(?<=不)停水", "停水不停水", [(3, 5)]),
        (r"^停水", "停水，停水", [(0, 2)]),
        (r"水$", "停水，停水", [(4, 5)]),
        (r"地铁 \d 号线", "地铁 3 号线", [(0, 5)]),
        (r"x\/y", "x/y", [(0, 3)]),
        (r"㎏+", "3kgkg", [(1, 5)]),
        (r"\u505c水\.", "停水.", [(0, 3)]),
        (r"[^。]{2,}?水", "停。一二水", [(2, 5)]),
        (r"[]a]", "]", []),
    ],
)
def test_a_pattern_is_applied_to_the_normal_form(pattern: str, title: str, spans: list[tuple[int, int]]) -> None:
    if pattern == "[]a]":
        with pytest.raises(QueryError, match="between the brackets"):
            parse(f"/{pattern}/")
        return
    assert [(span.start, span.end) for span in judge(f"/{pattern}/", title).spans] == spans


@pytest.mark.parametrize(
    ("pattern", "column", "reason"),
    [
        ("(a+)+b", 6, "repetition of a repetition"),
        ("(a*)*", 6, "repetition of a repetition"),
        ("(?:a?b){1,9}", 9, "repetition of a repetition"),
        ("a++", 3, "repetition of a repetition"),
        ("(a|a)*b", 7, "run away"),
        ("(ab|a|b){9}", 10, "run away"),
        ("x.*y.*z.*w", 2, "run away"),
        ("a?a?a?a?a?a?a?a?a?a?b", 2, "run away"),
        ("(x{100}){9}", 10, "longer than 500"),
        (r"(停)\1", 5, "refer back"),
        ("(?P<x>a)", 2, "known here"),
        ("(?i)a", 2, "known here"),
        ("(?<=a+)b", 2, "one width"),
        ("(?<!a|bc)b", 2, "one width"),
        ("停水|", 5, "alternatives matches the empty"),
        ("|停水", 2, "alternatives matches the empty"),
        ("停(水|a*)b", 6, "alternatives matches the empty"),
        ("a*", 2, "empty text"),
        ("^", 2, "empty text"),
        ("(?=停水)", 2, "empty text"),
        ("(停水", 2, "not closed"),
        ("停水)", 4, "nothing was opened"),
        ("[停水", 2, "not closed"),
        ("[z-a]", 3, "backwards"),
        ("[a…]", 4, "between brackets"),
        ("*停", 2, "nothing before"),
        ("^*停", 3, "nothing before"),
        ("停{200}", 3, "at the most"),
        ("停{5,2}", 3, "at the most"),
        ("停{,}", 3, "repetition is written"),
        ("停{x}", 3, "repetition is written"),
        (r"停\q", 3, "not known here"),
        ("x\u200b", 3, "no normal form"),
        ("停" * 201, 202, "longer than 200"),
        ("(" * 40 + "停" + ")" * 40, 23, "nested"),
        ("", 2, "empty text"),
        (r"\/\/(x", 6, "not closed"),
    ],
)
def test_a_pattern_that_could_run_away_is_refused_with_the_reason(pattern: str, column: int, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as caught:
        parse(f"/{pattern}/")
    assert caught.value.column == column


PATTERN = st.recursive(
    st.sampled_from(["停", "水", "a", "B", ".", r"\d", "[停a]", "[^水]", r"\b", "^", "(?!a)", " "]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{1,2}", "{2}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=100)
@given(PATTERN, st.text("停水aBb 3。", max_size=12))
def test_a_pattern_that_is_read_means_what_python_means_and_its_anchors_are_in_every_match(
    pattern: str, text: str
) -> None:
    assume(" " not in pattern)
    try:
        node = parse(f"/{pattern}/")
    except QueryError:
        return
    assert isinstance(node, Regex)
    folded = fold(text)
    # Up to 30 characters an open repetition is what it is everywhere.
    expected = [hit.span() for hit in re.finditer(pattern.replace("B", "b").replace(r"\B", r"\b"), folded)]
    assert [hit.span() for hit in re.finditer(node.pattern, folded)] == expected
    assert [(span.start, span.end) for span in judge(node, text).spans] == expected
    if node.anchors is not None:
        assert all(any(anchor in folded[slice(*span)] for anchor in node.anchors) for span in expected)


@pytest.mark.parametrize(
    "query",
    ["/停.*水.*区/", "/[停水]*[停水]*区/", "/停水?停?水?停?水?区/", "停*水*停*水*停*区", "NEAR(停水, 水停, 100)"],
)
def test_the_cost_grows_with_the_length_of_the_text_and_no_faster(query: str) -> None:
    node = parse(query)

    def seconds(size: int) -> float:
        fields: dict[FieldName, str] = {"title": "", "text": "停水" * size}
        found: Found = {literal: [("text", 0, 1)] for literal in literals(node) if len(literal) == 1}
        found |= {literal: [("text", 2 * i, 2 * i + 2) for i in range(size)] for literal in ("停水", "水停")}
        started = time.process_time()
        evaluate(node, fields, found, MEDIA)
        return time.process_time() - started

    short, long = min(seconds(500) for _ in range(3)), min(seconds(2000) for _ in range(2))
    assert long < 12 * short + 0.02, f"four times the text took {long / short:.1f} times as long"


def test_a_pattern_sees_a_bounded_part_of_a_field() -> None:
    assert not fires("/停水/", "", "x" * 200_000 + "停水")


# ---- against a slow evaluator of another make ----

LITERALS = ("停水", "停", "水区", "区", "ai", "a", "水停水")
literal = st.sampled_from(LITERALS)
leaf: st.SearchStrategy[Leaf] = st.one_of(
    literal.map(lambda text: Term(text, text)),
    literal.map(lambda text: Phrase(text, text)),
    st.builds(
        lambda first, gap, last: Wild(f"{first}{gap[0]}{last}", (first, last), (gap[1],)),
        literal,
        st.sampled_from([("*", (0, 10)), ("?", (1, 1)), ("?*", (1, 11))]),
        st.sampled_from(("", *LITERALS)),
    ),
)
leaves = st.lists(leaf, min_size=1, max_size=2).map(tuple)
near = st.builds(Near, leaves, leaves, st.integers(0, 4), st.booleans())
meta = st.sampled_from([Meta("source", "青禾日报", "青禾日报"), Meta("tag", "x", "x"), Meta("tier", "media", "media")])
pattern = st.sampled_from([parse("/停.?水/"), parse("/[停水]{2}|ai/")])


def branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, inner))


bare: st.SearchStrategy[Node] = st.recursive(st.one_of(leaf, near, pattern), branches, max_leaves=4)
query: st.SearchStrategy[Node] = st.recursive(
    st.one_of(bare, meta, st.builds(Field, st.sampled_from(FIELD_NAMES), bare)), branches, max_leaves=4
)
texts = st.text("停水区ai 。\n", max_size=16)

Places = set[tuple[str, str, int, int]]


def slow(
    node: Node,
    fields: Mapping[FieldName, str],
    scope: tuple[FieldName, ...],
    meta: Mapping[str, frozenset[str]] = MEDIA,
) -> tuple[bool, Places]:
    """Tries every place of every text; no automaton, no bisection, no steps."""
    match node:
        case And(nodes=nodes):
            each = [slow(inner, fields, scope, meta) for inner in nodes]
            return all(held for held, _ in each), set().union(*(places for _, places in each))
        case Or(nodes=nodes):
            each = [slow(inner, fields, scope, meta) for inner in nodes]
            return any(held for held, _ in each), set().union(*(places for held, places in each if held))
        case Not(node=inner):
            return not slow(inner, fields, scope, meta)[0], set()
        case Field(name=name, node=inner):
            return slow(inner, fields, (name,), meta)
        case Meta(name=name, folded=folded):
            return folded in meta[name], set()
        case Near():
            places = set(slow_near(node, fields, scope))
        case _:
            places = {place for field in scope for place in slow_places(node, field, fields[field])}
    return bool(places), places


def slow_near(
    near: Near, fields: Mapping[FieldName, str], scope: tuple[FieldName, ...]
) -> Iterator[tuple[str, str, int, int]]:
    for field in scope:
        left = [place for leaf in near.left for place in slow_places(leaf, field, fields[field])]
        right = [place for leaf in near.right for place in slow_places(leaf, field, fields[field])]
        for a, b in itertools.product(left, right):
            gaps = [b[2] - a[3]] if near.ordered else [b[2] - a[3], a[2] - b[3]]
            if any(0 <= gap <= near.distance for gap in gaps):
                yield from (a, b)


def slow_places(node: Node, field: FieldName, text: str) -> Iterator[tuple[str, str, int, int]]:
    if isinstance(node, Regex):
        yield from ((f"/{node.text}/", field, *hit.span()) for hit in re.finditer(node.pattern, text))
        return
    assert isinstance(node, Term | Phrase | Wild)
    wanted = re.escape(node.folded) if isinstance(node, Term | Phrase) else re.escape(node.parts[0])
    if isinstance(node, Wild):
        for (least, most), part in zip(node.gaps, node.parts[1:], strict=True):
            wanted += f"[^。!?;\n]{{{least},{most}}}" + re.escape(part)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if re.fullmatch(wanted, text[start:end]) and re.compile(edged(text[start:end])).match(text, start):
                yield node.text, field, start, end
                break


@settings(deadline=None, max_examples=30)
@given(query, texts, texts)
def test_a_query_holds_where_a_slow_evaluator_says_so_and_its_spans_are_exact(
    node: Node, title: str, text: str
) -> None:
    fields: dict[FieldName, str] = {"title": fold(title), "text": fold(text)}
    held, places = slow(node, fields, FIELD_NAMES)
    outcome = judge(node, title, text)
    assert outcome.fires is held
    assert [tuple(span) for span in outcome.spans] == sorted(
        places if held else (),
        key=lambda p: (FIELD_NAMES.index(p[1]), p[2], p[3], p[0]),
    )


@settings(deadline=None, max_examples=30)
@given(query, texts, texts)
def test_without_one_of_its_anchors_in_the_text_no_query_holds(node: Node, title: str, text: str) -> None:
    known = anchors(node)
    if judge(node, title, text).fires and known is not None:
        assert any(anchor in fold(title) or anchor in fold(text) for anchor in known)
        assert known <= literals(node)


@settings(deadline=None, max_examples=30)
@given(query, query, texts, texts)
def test_de_morgan(first: Node, second: Node, title: str, text: str) -> None:
    assert fires(Not(Or((first, second))), title, text) is fires(And((Not(first), Not(second))), title, text)
    assert fires(Not(And((first, second))), title, text) is fires(Or((Not(first), Not(second))), title, text)


def written(node: Node) -> str:
    match node:
        case Term(text=text) | Wild(text=text):
            return text
        case Phrase(text=text):
            return f'"{text}"'
        case Regex(text=text):
            return f"/{text}/ "
        case Meta(name=name, text=text):
            return f"{name}:{text}"
        case Field(name=name, node=inner):
            return f"{name}:({written(inner)})"
        case Not(node=inner):
            return f"NOT ({written(inner)})"
        case And(nodes=nodes):
            return " ".join(f"({written(each)})" for each in nodes)
        case Or(nodes=nodes):
            return " OR ".join(f"({written(each)})" for each in nodes)
        case Near(left=left, right=right):
            parts = [" OR ".join(map(written, leaves)) for leaves in (left, right)]
            return f"{'O' * node.ordered}NEAR({parts[0]}, {parts[1]}, {node.distance})"


@settings(deadline=None, max_examples=30)
@given(query, texts, texts)
def test_what_is_written_is_read_back_with_the_same_meaning(node: Node, title: str, text: str) -> None:
    if slow(node, {"title": "", "text": ""}, FIELD_NAMES, about())[0]:
        refused = refusal(written(node))
        assert refused
        assert "nothing but exclusions" in str(refused)
        return
    read = parse(written(node))
    assert judge(read, title, text) == judge(node, title, text)
    assert explain(read, Translate("zh"))


@settings(deadline=None, max_examples=100)
@given(
    st.text('停水ab()"“”（）:*?/,|-\\ \n\u200b', max_size=20),
    st.lists(st.sampled_from(["AND", " OR ", " NOT ", "NEAR(", "title:", "tier:"])),
)
def test_any_text_is_read_or_refused_at_a_place_in_it(noise: str, words: list[str]) -> None:
    text = "".join(itertools.chain.from_iterable(itertools.zip_longest(words, noise, fillvalue="")))
    refused = refusal(text)
    if not refused:
        assert not evaluate(parse(text), {"title": "", "text": ""}, {}, about()).fires
        return
    assert 0 <= refused.at <= len(text)
    assert str(refused)
    assert not refused.hint or refused.hint.format(**refused.values)


# ---- what is refused, and where ----


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("", 1, "empty"),
        (" \n　", 1, "empty"),
        ("()", 1, "nothing between"),
        ("停水 ()", 4, "nothing between"),
        ("(停水", 1, "not closed"),
        ("停水 OR (断水 AND (小区)", 7, "not closed"),
        ("停水)", 3, "nothing was opened"),
        ("（停水））", 5, "nothing was opened"),
        ("停水 OR", 4, "nothing follows OR"),
        ("停水 AND", 4, "nothing follows AND"),
        ("停水 NOT", 4, "nothing follows NOT"),
        ("(停水 OR ) 小区", 5, "nothing follows OR"),
        ("OR 停水", 1, "nothing stands before OR"),
        ("AND", 1, "nothing stands before AND"),
        ("小区 (OR 停水)", 5, "nothing stands before OR"),
        ("停水 OR OR 断水", 7, "alternative is empty"),
        ("停水 AND AND 断水", 8, "side by side"),
        ("停水 OR AND 断水", 7, "side by side"),
        ("停水 NOT NOT 断水", 8, "side by side"),
        ("停水 NOT OR 断水", 8, "side by side"),
        ("NOT 演练", 1, "nothing but exclusions"),
        ("NOT 演练 NOT 测试", 1, "nothing but exclusions"),
        ("停水 OR NOT 演练", 7, "this alternative has nothing but"),
        ("停水 OR (断水 OR NOT 演练)", 14, "this alternative has nothing but"),
        ("停水 OR NOT 停水", 7, "this alternative has nothing but"),
        ("title:(NOT 演练)", 8, "nothing but exclusions"),
        ("*", 1, "matches everything"),
        ("停水 OR ?*", 7, "matches everything"),
        ('停水 OR ""', 7, "matches everything"),
        ("“　”", 1, "matches everything"),
        ("停水 \u200b", 4, "matches everything"),
        ("*水", 1, "begin with a wildcard"),
        ("title:?水", 7, "begin with a wildcard"),
        ("停**水", 2, "side by side"),
        ("停?*?*水", 2, "side by side"),
        ("a?b?c?d?e?f?g", 1, "at most 5 wildcards"),
        ("titel:停水", 1, "no field titel"),
        ("停水 http://x", 4, "no field http"),
        ("12:30 停水", 1, "no field 12"),
        ("标题：停水", 1, "no field 标题"),
        (":停水", 1, "before the colon"),
        ("title:", 1, "nothing follows title:"),
        ("(title:) 停水", 2, "nothing follows title:"),
        ("title:NOT 停水", 1, "nothing follows title:"),
        ("title:text:停水", 7, "text: cannot stand inside title:"),
        ("title:(停水 source:x)", 11, "source: cannot stand inside title:"),
        ("title:(停水 (text:x OR 断水))", 12, "text: cannot stand inside title:"),
        ("source:(a OR b)", 8, "one name"),
        ("tag:/x/", 5, "one name"),
        ("tier:offical", 6, "no tier offical"),
        ('tag:""', 5, "matches everything"),
        ("停水，断水", 3, "comma stands only"),
        ("停水、断水", 3, "comma stands only"),
        ('"停水', 1, "quotation mark"),
        ("停水 “断水", 4, "quotation mark"),
        ("停水 断水”", 6, "quotation mark"),
        ("/停水", 1, "a pattern is written"),
        ("/停水/i", 1, "a pattern is written"),
        ("-演练 停水", 1, "write NOT"),
        ("停水 ！演练", 4, "write NOT"),
        ("停水|断水", 3, "write OR"),
        ("停水 || 断水", 4, "write OR"),
        ("停水 && 断水", 4, "write AND"),
        ("+停水", 1, "write AND"),
        ('"停水 小区"~5', 8, "write NEAR"),
        ("停水 NEAR/5 小区", 4, "NEAR is written"),
        ("停水 NEAR 小区", 4, "NEAR is written"),
        ("NEAR()", 6, "NEAR is written"),
        ("NEAR(停水)", 8, "NEAR is written"),
        ("NEAR(停水, 小区)", 12, "NEAR is written"),
        ("NEAR(停水, , 5)", 10, "NEAR is written"),
        ("NEAR(停水, 小区, )", 14, "NEAR is written"),
        ("NEAR(停水, 小区, 5, 6)", 15, "NEAR is written"),
        ("NEAR(停水, 小区, 101)", 14, "from 0 to 100"),
        ("NEAR(停水, 小区, -1)", 14, "from 0 to 100"),
        ("NEAR(停水, 小区, 近)", 14, "from 0 to 100"),
        ("NEAR(停水, 小区, 9999999999999999)", 14, "from 0 to 100"),
        ('NEAR(停水, 小区, "5")', 14, "the parts of NEAR"),
        ("NEAR(停水 断水, 小区, 5)", 9, "the parts of NEAR"),
        ("NEAR(停水 AND 断水, 小区, 5)", 9, "the parts of NEAR"),
        ("NEAR((停水 NOT 断水), 小区, 5)", 10, "the parts of NEAR"),
        ("NEAR(title:停水, 小区, 5)", 6, "the parts of NEAR"),
        ("NEAR(NEAR(a, b, 1), 小区, 5)", 6, "the parts of NEAR"),
        ("NEAR(/a/ , 小区, 5)", 6, "the parts of NEAR"),
        ("NEAR(停水 OR, 小区, 5)", 9, "nothing follows OR"),
        ("NEAR(停水, 小区, 5", 5, "not closed"),
        ("停水 OR\n断水 OR\n\n *", 2, "matches everything"),
    ],
)
def test_what_is_malformed_is_refused_at_its_column(text: str, column: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert reason in str(caught.value)
    assert caught.value.column == column
    assert not caught.value.hint or caught.value.hint.format(**caught.value.values)


def test_a_refusal_names_the_line_and_the_nearest_name() -> None:
    with pytest.raises(QueryError) as caught:
        parse("停水 AND\n titel:小区")
    assert (caught.value.line, caught.value.column, caught.value.at) == (2, 2, 8)
    assert caught.value.values["near"] == "title:"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(" * 10_000, "nested"),
        ("(" * 10_001, "longer"),
        ("(" * 4990 + "停水" + ")" * 4990, "nested"),
        ("NOT (" * 2000, "nested"),
        ("NOT " * 2500, "side by side"),
        ("停水 OR " * 20_000, "longer"),
        ("停" * 100_000, "longer"),
        ("停" * 9999 + "*", "at most 200"),
        ("停水 OR " * 1400 + "断水", "more than 1000"),
        ("a " * 900, ""),
        (" OR ".join(f"停{i}" for i in range(400)), ""),
        (" ".join(f"(停{i} OR NOT (断{i} OR NOT x*{i}))" for i in range(100)), ""),
        ('"' + "\\" * 9000, "quotation mark"),
        ("/" + "\\" * 9000, "a pattern is written"),
        ("/" + "(a" * 4000, "a pattern is written"),
        ("NEAR(" * 1500, "nested"),
        ("title:" * 1600, "inside"),
        ("," * 9000, "comma"),
        ("a NOT (b OR (" * 25 + "c" + "))" * 25, ""),
        ("\x00\ud800" * 100, ""),
    ],
)
def test_hostile_queries_are_read_or_refused_at_once(text: str, reason: str) -> None:
    started = time.process_time()
    refused = refusal(text)
    assert bool(refused) is bool(reason)
    assert reason in str(refused)
    if not refused:
        node = parse(text)
        assert explain(node, Translate("en"))
        judge(node, text)
    assert time.process_time() - started < 2


def test_the_longest_query_allowed_is_allowed() -> None:
    assert terms(parse("停" * 200 + " " * (LENGTH - 200))) == ("停" * 200,)


# ---- what others ask of it ----


def test_anchors_are_the_rarest_literals_of_which_one_must_be_there() -> None:
    assert anchors(parse("(停水 OR 断水) AND 供水公司 NOT 演练")) == frozenset({"供水公司"})
    assert anchors(parse("停水 OR 断*水管")) == frozenset({"停水", "水管"})
    assert anchors(parse("NEAR(a OR b, 小区, 5)")) == frozenset({"小区"})
    assert anchors(parse("title:/停水\\d|断水/")) == frozenset({"停水", "断水"})
    for text in ("source:x", "/\\d+/", "停水 OR source:x", "停水 OR /./"):
        assert anchors(parse(text)) is None, text
    assert anchors(parse("停水 source:x")) == frozenset({"停水"})


def test_terms_are_what_is_looked_for_and_literals_what_must_be_found() -> None:
    node = parse("(停水 OR 断*水管) NEAR(a, “B c”, 5) NOT (演练 NOT 实战) source:x /水压/")
    assert terms(node) == ("停水", "断", "水管", "a", "b c", "实战")
    assert literals(node) == {"停水", "水管", "a", "b c", "演练", "实战", "水压"}


def test_spans_name_the_term_as_it_was_written() -> None:
    assert judge("ＡＩ OR 停？水 OR /X水/", "AI停自水x水").spans == (
        Span("ＡＩ", "title", 0, 2),
        Span("停？水", "title", 2, 5),
        Span("/X水/", "title", 5, 7),
    )


def test_an_exclusion_has_no_spans() -> None:
    assert judge("source:青禾日报 NOT 演练", "停水") == Outcome(fires=True)


@pytest.mark.parametrize(
    ("query", "english", "chinese"),
    [
        (
            "(停水 OR 断水) NOT 演练 AND 小区",
            "in the title or the text there is “停水” or “断水”, and there is “小区”, and there is no “演练”",
            "标题或正文中出现“停水”或“断水”，且出现“小区”，且不出现“演练”",
        ),
        (
            "title:停水 OR text:(小区 “学 校”) tier:official",
            "in the title there is “停水”, or ((in the text there is “小区”, and there is “学 校”), and the tier is “official”)",
            "标题中出现“停水”，或（（正文中出现“小区”，且出现“学 校”），且来源类别为“official”）",
        ),
        (
            "NEAR(停水 OR 断*水, 小区, 5) NOT source:x NOT (a b)",
            (
                "in the title or the text there is “停水” or “断*水” (* is up to 10 characters, ? exactly one) "
                "and “小区” in either order, "
                "with at most 5 characters between them, and the source is not “x”, "
                "and it does not hold that (in the title or the text there is “a”, and there is “b”)"
            ),
            (
                "标题或正文中出现“停水”或“断*水”（“*”代表至多10个字，“?”代表一个字）与“小区”（先后不限，中间至多隔5个字），"
                "且来源不是“x”，且并非（标题或正文中出现“a”，且出现“b”）"
            ),
        ),
        (
            "title:ONEAR(a, b, 0) OR text:/\\d/ tag:x NOT title:y",
            (
                "in the title there is “a” and then “b”, with at most 0 characters between them, "
                "or (in the text there is a text of the pattern /\\d/, and the source has the tag “x”, and in the title there is no “y”)"
            ),
            (
                "标题中出现“a”在前、“b”在后（中间至多隔0个字），或"
                "（正文中出现符合正则表达式 /\\d/ 的文字，且来源带有标签“x”，且标题中不出现“y”）"
            ),
        ),
    ],
)
def test_a_query_is_explained_in_plain_words(query: str, english: str, chinese: str) -> None:
    assert said(query) == english
    assert said(query, "zh") == chinese
