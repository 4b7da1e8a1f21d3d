from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuqing_cli.times import (
    Moment,
    day_bounds,
    format_duration,
    from_ms,
    iso,
    now_utc,
    parse_clock_range,
    parse_date,
    parse_duration,
    parse_moment,
    parse_user_time,
    parse_zone,
    plausible,
    to_ms,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 8, 21, 6, 30, tzinfo=UTC)  # a Wednesday, 14:30 in Shanghai


def at(text: str, *, now: datetime = NOW, zone: ZoneInfo | str = SHANGHAI) -> str | None:
    moment = parse_date(text, now=now, zone=zone)
    return iso(moment, zone) if moment else None


# Instants


def test_the_clock_is_utc_in_whole_milliseconds() -> None:
    assert now_utc().tzinfo is UTC
    assert now_utc().microsecond % 1000 == 0


@given(st.integers(-10_000_000_000_000, 100_000_000_000_000))
@settings(deadline=None, max_examples=100)
def test_milliseconds_survive_the_way_there_and_back(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms


def test_milliseconds_are_rounded_down_also_before_1970() -> None:
    assert to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    assert to_ms(datetime(2024, 1, 1, 0, 0, 0, 1999, tzinfo=UTC)) % 1000 == 1


def test_iso_shows_milliseconds_only_where_there_are_some() -> None:
    assert iso(NOW, SHANGHAI) == "2024-08-21T14:30:00+08:00"
    assert iso(NOW.replace(microsecond=120_000), "UTC") == "2024-08-21T06:30:00.120+00:00"


def test_a_zone_that_does_not_exist_is_a_value_error_that_names_it() -> None:
    assert parse_zone("Asia/Shanghai").key == "Asia/Shanghai"
    for name in ("Asia/Qinghe", "", "../etc/passwd", "Asia", "Asia/Shang\0hai"):
        with pytest.raises(ValueError, match="unknown time zone"):
            parse_zone(name)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2024, 8, 21), "Asia/Shanghai", 24),
        (date(2024, 3, 31), "Europe/Berlin", 23),
        (date(2024, 10, 27), "Europe/Berlin", 25),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # midnight does not exist
        (date(2024, 11, 3), "America/Havana", 25),  # midnight comes twice
        (date(2011, 12, 30), "Pacific/Apia", 0),  # a day that was left out
    ],
)
def test_a_day_is_as_long_as_its_zone_makes_it(day: date, zone: str, hours: int) -> None:
    start, end = day_bounds(day, zone)
    assert end - start == timedelta(hours=hours)
    assert start.tzinfo is UTC


@given(
    st.dates(date(1990, 1, 2), date(2037, 12, 30)), st.sampled_from(["Asia/Shanghai", "America/Havana", "Asia/Beirut"])
)
@settings(deadline=None, max_examples=100)
def test_days_join_without_gap_and_hold_their_own_noon(day: date, zone: str) -> None:
    start, end = day_bounds(day, zone)
    assert end == day_bounds(day + timedelta(days=1), zone)[0]
    assert start <= datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)) < end
    assert start.astimezone(ZoneInfo(zone)).date() == day


def test_the_future_and_the_absurd_are_not_plausible() -> None:
    assert plausible(NOW + timedelta(minutes=59), now=NOW)
    assert plausible(NOW + timedelta(minutes=61), now=NOW) is None
    assert plausible(datetime(1970, 1, 1, tzinfo=UTC), now=NOW) is None
    assert plausible(datetime(1990, 1, 1, tzinfo=UTC), now=NOW)


# What publishers write (the breadth is in eval/test_dates.py; here are the rules)


def test_a_date_without_a_clock_is_midnight_in_the_sources_zone() -> None:
    assert parse_moment("2024-03-05", now=NOW, zone="Asia/Shanghai") == Moment(
        datetime(2024, 3, 4, 16, tzinfo=UTC), date_only=True
    )
    assert parse_moment("2024-03-05 00:00", now=NOW, zone="Asia/Shanghai") == Moment(
        datetime(2024, 3, 4, 16, tzinfo=UTC), date_only=False
    )


def test_a_written_zone_beats_the_sources_zone() -> None:
    assert at("2024-03-05T14:05:00Z") == "2024-03-05T22:05:00+08:00"
    assert at("2024-03-05T14:05:00-05:00") == "2024-03-06T03:05:00+08:00"


def test_cst_is_chinese_for_a_source_in_asia_and_american_elsewhere() -> None:
    text = "Tue, 05 Mar 2024 14:05:00 CST"
    assert at(text) == "2024-03-05T14:05:00+08:00"
    assert at(text, zone="America/New_York") == "2024-03-05T15:05:00-05:00"
    assert parse_date(text, now=NOW, zone=timezone(timedelta(hours=8))) == datetime(2024, 3, 5, 6, 5, tzinfo=UTC)


def test_an_offset_that_no_place_has_is_refused() -> None:
    assert at("2024-03-05T14:05:00+15:00") is None
    assert at("2024-03-05T14:05:00+08:10") is None


def test_a_month_and_a_day_ahead_of_now_are_of_last_year() -> None:
    january = datetime(2025, 1, 1, 0, 5, tzinfo=SHANGHAI)
    assert at("12-31 23:50", now=january) == "2024-12-31T23:50:00+08:00"
    assert at("12月31日", now=january) == "2024-12-31T00:00:00+08:00"
    assert at("08-21 15:29") == "2024-08-21T15:29:00+08:00"


def test_a_month_and_a_day_less_than_a_day_ahead_may_be_of_either_year_and_are_refused() -> None:
    assert at("08-22") is None
    assert at("08-21 15:31") is None
    assert at("08-23") == "2023-08-23T00:00:00+08:00"


def test_the_order_of_day_and_month_is_never_guessed() -> None:
    assert at("03/04/2024") is None
    assert at("13/04/2024") == at("04/13/2024") == "2024-04-13T00:00:00+08:00"
    assert at("04/04/2024") == "2024-04-04T00:00:00+08:00"


def test_hours_ago_are_counted_in_real_hours_across_daylight_saving() -> None:
    spring = datetime(2024, 3, 31, 4, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert at("3小时前", now=spring, zone="Europe/Berlin") == "2024-03-31T00:30:00+01:00"


def test_months_ago_are_calendar_months() -> None:
    end_of_may = datetime(2024, 5, 31, 4, tzinfo=UTC)
    assert at("3个月前", now=end_of_may) == "2024-02-29T00:00:00+08:00"
    assert at("一年前", now=datetime(2024, 2, 29, 4, tzinfo=UTC)) == "2023-02-28T00:00:00+08:00"


def test_the_day_of_relative_words_is_the_day_at_the_source() -> None:
    late = datetime(2024, 8, 20, 17, 0, tzinfo=UTC)  # already the 21st in Shanghai
    assert at("昨天", now=late) == "2024-08-20T00:00:00+08:00"
    assert at("昨天", now=late, zone="UTC") == "2024-08-19T00:00:00+00:00"


def test_the_label_decides_between_two_dates() -> None:
    assert at("更新时间：2024-03-06 10:00 发布时间：2024-03-05 14:05") == "2024-03-05T14:05:00+08:00"
    assert at("截止日期：2024-04-05 发布日期：2024-03-05") == "2024-03-05T00:00:00+08:00"
    assert at("2024-03-05 2024-03-06") is None


def test_what_the_page_reckoned_itself_loses_to_the_date_behind_it() -> None:
    assert at("3小时前 (2024-08-21 11:02:17)") == "2024-08-21T11:02:17+08:00"


def test_epochs_have_ten_thirteen_or_sixteen_digits_and_lie_in_the_past() -> None:
    assert at("1724220300") == "2024-08-21T14:05:00+08:00"
    assert at("1724220300123") == at("1724220300123456") == "2024-08-21T14:05:00.123+08:00"
    assert at("1824220300") is None
    assert at("172422030012") is None
    assert at("0724220300") is None


def test_a_text_too_long_for_a_date_field_is_none_and_quick() -> None:
    assert at("2024-03-05" + " x" * 400) is None
    assert at("2024-03-05" + " " * 400) == "2024-03-05T00:00:00+08:00"
    assert at("1" * 100_000) is None


def test_a_date_that_runs_on_into_a_sentence_is_an_events() -> None:
    for text in (
        "如何看待3月5日发布的新品",
        "3月5日《青禾谜题》例行维护",
        "青禾期货周二电子盘收高",
        "刚刚发布的新规",
        "将在2024年12月16日发布",
        "发布5点安全提醒",
    ):
        assert at(text) is None, text
    assert at("3小时前发布") == "2024-08-21T11:30:00+08:00"
    assert at("青禾社8月20日电 记者") == "2024-08-20T00:00:00+08:00"


NEAR_DATES = st.text(
    st.sampled_from(
        "0123456789-/.:： T+年月日号点时分秒前今昨天上下午晚半周星期三五个小刚发布于时间民国二十〇AMPZGCSTJanuago~至（），"
    )
    | st.characters(),
    max_size=40,
)


@given(NEAR_DATES)
@settings(deadline=None, max_examples=100)
def test_no_text_raises_and_what_is_read_is_utc_in_milliseconds(text: str) -> None:
    moment = parse_moment(text, now=NOW, zone=SHANGHAI)
    assert moment is None or (moment.at.tzinfo is UTC and moment.at.microsecond % 1000 == 0)


INSTANTS = st.datetimes(datetime(1990, 1, 2), datetime(2037, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda d: d.replace(microsecond=d.microsecond // 1000 * 1000)
)
OFFSETS = st.integers(-48, 56).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(INSTANTS, OFFSETS)
@settings(deadline=None, max_examples=100)
def test_iso_8601_reads_back(instant: datetime, offset: timezone) -> None:
    assert parse_date(iso(instant, offset), now=NOW, zone=SHANGHAI) == instant
    basic = instant.astimezone(offset).strftime("%Y%m%dT%H%M%S%z")
    assert parse_date(basic, now=NOW, zone=SHANGHAI) == instant.replace(microsecond=0)


@given(INSTANTS, OFFSETS)
@settings(deadline=None, max_examples=100)
def test_rfc_2822_reads_back(instant: datetime, offset: timezone) -> None:
    assert parse_date(format_datetime(instant.astimezone(offset)), now=NOW, zone=SHANGHAI) == instant.replace(
        microsecond=0
    )


@given(
    st.datetimes(datetime(2000, 3, 1), datetime(2036, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["{m:02}-{d:02}", "{m}月{d}日", "{m:02}/{d:02} 12:30"]),
    # The last 29 February may lie further back.
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).filter(lambda day: (day.month, day.day) != (2, 29)),
)
@settings(deadline=None, max_examples=100)
def test_a_month_and_a_day_never_lie_more_than_an_hour_ahead_or_a_year_and_a_day_back(
    now: datetime, shape: str, day: date
) -> None:
    now = now.replace(tzinfo=UTC)
    moment = parse_date(shape.format(m=day.month, d=day.day), now=now, zone=SHANGHAI)
    assert moment is None or now - timedelta(days=367) < moment <= now + timedelta(hours=1)


@given(INSTANTS)
@settings(deadline=None, max_examples=100)
def test_a_chinese_by_line_reads_back_to_the_minute(instant: datetime) -> None:
    local = instant.astimezone(SHANGHAI)
    for shape in (
        "发布时间：%Y-%m-%d %H:%M 来源：青禾日报",
        "%Y年%m月%d日 %H时%M分",
        "时间: %Y/%m/%d %H:%M",
        "%Y.%m.%d %H:%M:00",
    ):
        assert parse_date(local.strftime(shape), now=NOW, zone=SHANGHAI) == instant.replace(second=0, microsecond=0)


# What users write


def test_durations_combine_units() -> None:
    assert parse_duration("10m") == timedelta(minutes=10)
    assert parse_duration("1h30m") == timedelta(minutes=90)
    assert parse_duration(" 1W 2d 3s ") == timedelta(days=9, seconds=3)


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "1.5h", "10 minutes", "5m5m", "0s", "１０m", "999999999w"])
def test_a_duration_that_is_none_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(1, 10**9))
@settings(deadline=None, max_examples=100)
def test_durations_read_back(seconds: int) -> None:
    assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_durations_are_written_as_people_write_them() -> None:
    assert [format_duration(timedelta(minutes=m)) for m in (10, 90, 60 * 24 * 8, 60 * 24 * 14)] == [
        "10m",
        "1h30m",
        "8d",
        "2w",
    ]
    assert format_duration(timedelta(milliseconds=5)) == "0s"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-08-21", "2024-08-20T16:00:00+00:00"),
        ("2024-08-21 14:05", "2024-08-21T06:05:00+00:00"),
        ("2024-08-21T14:05:07.250", "2024-08-21T06:05:07.250+00:00"),
        ("2024-08-21T14:05:07Z", "2024-08-21T14:05:07+00:00"),
        ("2024-08-21 14:05 +02:00", "2024-08-21T12:05:00+00:00"),
        ("now", "2024-08-21T06:30:00+00:00"),
        ("today", "2024-08-20T16:00:00+00:00"),
        ("昨天", "2024-08-19T16:00:00+00:00"),
    ],
)
def test_a_users_time_belongs_to_the_zone_unless_it_says_otherwise(text: str, utc: str) -> None:
    assert iso(parse_user_time(text, now=NOW, zone=SHANGHAI), UTC) == utc


@pytest.mark.parametrize(
    "text",
    ["", "08-21", "2024-8-21", "21.08.2024", "2024-02-30", "2024-08-21 25:00", "3小时前", "2024-W34-3", "0001-01-01"],
)
def test_a_users_time_is_never_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="not a date or time"):
        parse_user_time(text, now=NOW, zone=SHANGHAI)


def test_a_span_of_hours_may_cross_midnight() -> None:
    assert parse_clock_range("08:00-20:00") == (time(8), time(20))
    assert parse_clock_range("20:00 - 8:00") == (time(20), time(8))
    assert parse_clock_range("16:00-24:00") == (time(16), time(0))
    assert parse_clock_range("00:00-24:00") == (time(0), time(0))


@pytest.mark.parametrize("text", ["", "8-20", "08:00", "08:00-08:00", "25:00-26:00", "08:60-09:00", "20:00-24:30"])
def test_a_span_of_hours_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|time of day"):
        parse_clock_range(text)


# Years of the Republic


@pytest.mark.parametrize(
    "text", ["113-08-20", "113/08/20", "113.08.20", "113/8/20", "發布日期：113-08-20", "民國113-08-20"]
)
def test_numbers_of_a_year_of_the_republic_are_read_for_a_source_in_taipei(text: str) -> None:
    assert at(text, zone="Asia/Taipei") == "2024-08-20T00:00:00+08:00"


@pytest.mark.parametrize("text", ["113-08-20", "113/08/20", "113.08.20"])
def test_numbers_of_a_year_of_the_republic_are_refused_elsewhere(text: str) -> None:
    assert at(text) is None


@pytest.mark.parametrize(
    "text", ["113-13-20", "113.8.20", "1113-08-20", "113-08-20-33", "$113.08.20", "192.168.10.10", "113-120"]
)
def test_other_numbers_are_no_year_of_the_republic_in_taipei_either(text: str) -> None:
    assert at(text, zone="Asia/Taipei") is None
