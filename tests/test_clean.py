"""RawPost -> Post: which rows are one post, what is masked, what is made harmless."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import NOW
from yuqing_cli.enrich.clean import MAX_TEXT, MAX_TITLE, clean, with_text
from yuqing_cli.models import Post, RawPost
from yuqing_cli.records import names, replace

URL = "https://a.example/1"


def raw(title: str = "停水", url: str = "", at: datetime | None = NOW, **more: Any) -> RawPost:
    return RawPost(title, more.pop("text", ""), url, at, **more)


def posts(*raws: RawPost, source: str = "a", masked: bool = True) -> list[Post]:
    return clean(source, raws, masked=masked)


def ids(*raws: RawPost) -> list[str]:
    return [post.id for post in posts(*raws)]


# ---- identity ----


def test_a_guid_that_is_unique_in_the_document_is_the_identity() -> None:
    (before,), (after,) = ids(raw("停水", URL, guid="1")), ids(raw("恢复", URL + "/2", guid="1"))
    assert before == after
    assert len(set(ids(raw(guid="1"), raw(guid="2")))) == 2


def test_a_guid_that_the_document_repeats_identifies_nothing() -> None:
    same = [raw("停水", f"{URL}/{i}", guid="same") for i in range(3)]
    assert len(set(ids(*same))) == 3
    assert set(ids(*same)) == set(ids(*(replace(r, guid="") for r in same)))


def test_without_a_guid_the_canonical_address_is_the_identity() -> None:
    assert ids(raw("停水", URL)) == ids(raw("恢复供水", "http://A.example:80/1?utm_source=x#top"))


def test_an_address_that_the_document_repeats_needs_the_title() -> None:
    first, second = raw("停水", URL), raw("断水", URL)
    assert len(set(ids(first, second))) == 2
    assert set(ids(first, second)) == set(ids(second, first))
    assert len(posts(first, first)) == 1


def test_without_guid_and_address_the_row_is_the_identity() -> None:
    assert ids(raw(row="r1", at=NOW)) == ids(raw(row="r1", at=NOW + timedelta(days=1)))
    assert ids(raw(row="r1")) != ids(raw(row="r2"))
    assert ids(raw("停水")) != ids(raw("断水"))
    assert ids(raw(text="x")) != ids(raw(text="y"))
    assert len(posts(raw(), raw())) == 1


def test_an_identity_belongs_to_its_source() -> None:
    assert posts(raw(guid="1"), source="a")[0].id != posts(raw(guid="1"), source="b")[0].id


def test_the_parts_of_an_identity_cannot_be_mistaken_for_each_other() -> None:
    assert ids(raw(guid=URL)) != ids(raw(url=URL))
    assert len(set(ids(raw("b", "", row="a"), raw("", "", row="a", text="b")))) == 2


def test_masking_does_not_change_the_identity() -> None:
    said = raw("电话 13812345678", row="r")
    assert posts(said)[0].id == posts(said, masked=False)[0].id


RAWS = st.builds(
    lambda title, url, guid, hours: RawPost(title, "", url, NOW - timedelta(hours=hours) if hours else None, guid),
    st.sampled_from(["停水", "断水", "", " "]),
    st.sampled_from(["", URL, URL + "?utm_source=x", URL + "/2", "mailto:x"]),
    st.sampled_from(["", "1", "2"]),
    st.integers(0, 3),
)


@given(st.lists(RAWS, max_size=8), st.randoms(use_true_random=False))
@hypothesis_settings(deadline=None, max_examples=60)
def test_the_order_of_the_document_does_not_change_who_is_who(raws: list[RawPost], rng: Any) -> None:
    shuffled = raws.copy()
    rng.shuffle(shuffled)
    assert sorted(ids(*raws)) == sorted(ids(*shuffled))
    assert len(set(ids(*raws))) == len(ids(*raws))


# ---- order, times, limits ----


def test_the_oldest_comes_first_and_what_has_no_date_before_all() -> None:
    made = posts(raw("c", at=NOW), raw("a", at=None), raw("b", at=NOW - timedelta(days=1)))
    assert [post.title for post in made] == ["a", "b", "c"]


def test_a_title_that_is_missing_is_made_of_the_text_and_nothing_at_all_is_no_post() -> None:
    assert posts(raw("", text="停水\n通知" + "长" * 100))[0].title.startswith("停水 通知长")
    assert posts(raw("", URL), raw(" \u200b", URL + "/2")) == []


def test_titles_and_texts_have_an_end() -> None:
    (made,) = posts(raw("长" * 10_000, text="长" * 300_000))
    assert (len(made.title), len(made.text)) == (MAX_TITLE, MAX_TEXT)


def test_what_is_no_web_address_is_dropped() -> None:
    for url in ("javascript:alert(1)", "mailto:a@b.example", "/relative", "https://", "ftp://a.example/"):
        (made,) = posts(raw(url=url))
        assert (made.url, made.canonical_url) == ("", "")


def test_the_address_is_shown_as_it_was_given_but_for_what_cannot_be_seen() -> None:
    (made,) = posts(raw(url="https://a.example/一?utm_source=x&b=1#top"))
    assert made.url == "https://a.example/一?utm_source=x&b=1#top"
    (made,) = posts(raw(url="https://a.example/\u202e\ud800\x1b[31m\n\t \u200bx"))
    assert made.url.isprintable()


# ---- harmless ----


@pytest.mark.parametrize(
    "evil", ["\x00", "\x1b[31m", "\x9b31m", "\u202e", "\u200b", "\ud800", "\r\n", "\u2028", "\x07"]
)
def test_no_control_character_comes_through(evil: str) -> None:
    (made,) = posts(raw(f"停{evil}水", text=f"停{evil}水"))
    assert made.title.isprintable()
    assert not set(evil) & (set(made.text) - {"\n"}) or evil in "\r\n"
    made.text.encode()


# ---- masks ----


@pytest.mark.parametrize(
    "secret",
    [
        "13812345678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "wang.xiao@mail.example",
        "11010519491231002X",
        "6222021234567890128",
    ],
)
def test_what_names_a_person_is_masked_in_title_and_text_at_its_length(secret: str) -> None:
    said = f"停水请找我 {secret}，谢谢"
    (made,) = posts(raw(said, text=said))
    assert secret not in made.title + made.text
    assert len(made.title) == len(said)
    assert "■" in made.title
    (whole,) = posts(raw(said), masked=False)
    assert whole.title == said


def test_an_address_is_never_masked() -> None:
    url = "https://a.example/13812345678?mail=a@b.example"
    assert posts(raw(url=url))[0].url == url


def test_a_number_that_the_cut_would_split_is_masked_whole() -> None:
    (made,) = posts(raw("长" * (MAX_TITLE - 5) + "13812345678"))
    assert "138" not in made.title


def test_a_title_made_of_the_text_is_masked_too() -> None:
    (made,) = posts(raw("", text="电话 13812345678 停水"))
    assert "138" not in made.title + made.text


def test_a_full_text_is_cleaned_and_masked_like_any_other() -> None:
    (made,) = posts(raw())
    whole = with_text(made, "电话\x1b[31m 13812345678" + "长" * 300_000, masked=True)
    assert "138" not in whole.text
    assert "\x1b" not in whole.text
    assert len(whole.text) == MAX_TEXT
    assert whole.id == made.id


# ---- authors ----


@pytest.mark.parametrize("shape", [RawPost, Post])
def test_no_shape_has_a_place_for_an_author(shape: type) -> None:
    assert not set(names(shape)) & {
        "author",
        "authors",
        "creator",
        "byline",
        "user",
        "nickname",
        "avatar",
        "handle",
        "profile",
        "contributor",
    }
