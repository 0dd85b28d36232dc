"""Dates as Ruby reads them. Each expectation was recorded from Ruby 3.1's Time.parse in New York."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint.generators.jekyll import dates

ZONE = dates.zone_named("America/New_York")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)

PARSED = {
    "2020-01-02": "2020-01-02 00:00:00 -0500",
    "202-01-02": "0202-01-02 00:00:00 -0456",
    "2020-1-2": "2020-01-02 00:00:00 -0500",
    "20-1-2": "2020-01-02 00:00:00 -0500",
    "99-01-02": "1999-01-02 00:00:00 -0500",
    "2020-01-05 9:5": "2020-01-05 09:05:00 -0500",
    "2020-01-05 10:00:00.5 +0530": "2020-01-04 23:30:00 -0500",
    "2020-01-05T10:00": "2020-01-05 10:00:00 -0500",
    "2020-01-05 10:00:00 PST": "2020-01-05 13:00:00 -0500",
    "2020-01-05 10:00:00 UTC": "2020-01-05 05:00:00 -0500",
    "2020-01-05 10:00:00 GMT+1": "2020-01-05 10:00:00 -0500",
    "2020-01-05 10:00:00 +1": "2020-01-05 10:00:00 -0500",
    "2020-01-05 10:00:00 -05:30": "2020-01-05 10:30:00 -0500",
    "2020-01-05 24:00:00": "2020-01-06 00:00:00 -0500",
    "Jan 5": "2026-01-05 00:00:00 -0500",
    "5 January": "2026-01-05 00:00:00 -0500",
    "12": "2026-11-12 00:00:00 -0500",
    "10:00": "2026-11-22 10:00:00 -0500",
    "Jan 2020": "2020-01-01 00:00:00 -0500",
    "1 Jan 20": "2020-01-01 00:00:00 -0500",
    "Jan 5th, 2020": "2020-01-05 00:00:00 -0500",
    "5th of January 2020": "2020-01-01 00:00:00 -0500",
    "2020-01-05,10:00": "2020-01-05 10:00:00 -0500",
    "2020-Jan-05": "2020-01-05 00:00:00 -0500",
    "05-Jan-2020": "2020-01-05 00:00:00 -0500",
    "5-1-2020": "2020-01-05 00:00:00 -0500",
    "05.01.2020": "2020-01-05 00:00:00 -0500",
    "2020/1/5 10:00": "2020-01-05 10:00:00 -0500",
    "1/5/20": "2001-05-20 00:00:00 -0400",
    "Thu, 05 Jan 2020 10:00:00 +0000": "2020-01-05 05:00:00 -0500",
    "20200105101112": "2020-01-05 10:11:12 -0500",
    "20200105T101112Z": "2020-01-05 05:11:12 -0500",
    "20200105T1011": "2020-01-05 10:11:00 -0500",
    "200105": "2020-01-05 00:00:00 -0500",
    "2020-01-05 10am": "2020-01-05 10:00:00 -0500",
    "2020-01-05 12:00 AM": "2020-01-05 00:00:00 -0500",
    "2020-01-05 12 PM": "2020-01-05 12:00:00 -0500",
    "2020-01-05 10": "2020-01-05 10:00:00 -0500",
    "10:00 5": "2026-11-05 10:00:00 -0500",
    "2020-01-05 CET 10:00": "2020-01-05 10:00:00 -0500",
    "2020-01-05 10:00:00z": "2020-01-05 05:00:00 -0500",
    "2020-01-05x": "2020-01-05 00:00:00 -0500",
    "2020-123": "2020-05-02 00:00:00 -0400",
    "0020-01-05": "0020-01-05 00:00:00 -0456",
    "2020-12-31 23:00:00 -0800": "2021-01-01 02:00:00 -0500",
    "2020-02-30 10:00:00 +0100": "2020-03-01 04:00:00 -0500",
    "2020-01-01 23:59:60": "2020-01-02 00:00:00 -0500",
    "April 31, 2020": "2020-05-01 00:00:00 -0400",
    "2020-01-05 10:00:00 A": "2020-01-05 04:00:00 -0500",
    "3 Sept 2019": "2019-09-03 00:00:00 -0400",
    "2019 Sep 3": "2019-09-03 00:00:00 -0400",
    "March 3 2019 3:04pm": "2019-03-03 15:04:00 -0500",
    "5/6/2021 7:08": "2021-06-05 07:08:00 -0400",
    "March": "2026-03-01 00:00:00 -0500",
    "3rd": "2026-11-03 00:00:00 -0500",
    "'20-03-04": "2020-03-04 00:00:00 -0500",
    "3-4-'20": "2020-04-03 00:00:00 -0400",
    "3 Jan 20th": "2003-01-20 00:00:00 -0500",
    "+2020-01-01": "2020-01-01 00:00:00 -0500",
    "1/2": "2026-01-02 00:00:00 -0500",
    "1/2020/5": "2020-05-01 00:00:00 -0400",
    "1/2020": "2020-01-01 00:00:00 -0500",
    "2020-01-01-": "2020-01-01 00:00:00 -0500",
}
INVALID = {
    "": 'no time information in ""',
    "foo": 'no time information in "foo"',
    "2020": "argument out of range",
    "2020-13-45": "argument out of range",
    "2020-00-10": "mon out of range",
    "2020-01-00": "mday out of range",
    "2020-01-32": "argument out of range",
    "2020-01-05 25:00": "hour out of range",
    "2020-01-05 10:60:00": "min out of range",
    "2020-01-05 24:30:00": "min out of range",
    "2020-01-05 10:00:61": "sec out of range",
    "2020-01-05 00:00:00 +24:00": "utc_offset out of range",
    "2020-01-0510:00": "argument out of range",
    "2020年1月5日": "argument out of range",
}


@pytest.mark.parametrize(("text", "expected"), PARSED.items())
def test_parse(text: str, expected: str) -> None:
    moment = dates.parse(text, ZONE, NOW)
    assert moment is not None
    assert moment.when.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0") == expected[:19]


@pytest.mark.parametrize(("text", "message"), INVALID.items())
def test_invalid(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("(", "\\(") + "$"):
        dates.parse(text, ZONE, NOW)


@pytest.mark.parametrize("text", ["2020-W01-3", "-2020-01-01", "H31.04.30", "1234567", "--01-02"])
def test_what_only_ruby_knows(text: str) -> None:
    assert dates.parse(text, ZONE, NOW) is None


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        moment = dates.parse(text, UTC, NOW)
    except ValueError:
        return
    assert moment is None or moment.when.tzinfo is not None


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  it is given a zone
def test_what_is_written_in_full_comes_back(when: datetime) -> None:
    when = when.replace(microsecond=0, tzinfo=UTC)
    assert dates.parse(when.strftime("%Y-%m-%d %H:%M:%S %z"), UTC, NOW) == (when, True, True)


def test_certainty() -> None:
    assert dates.parse("2020-01-05", UTC, NOW) == (datetime(2020, 1, 5, tzinfo=UTC), True, False)
    assert not dates.parse("Jan 5", UTC, NOW).certain
    assert dates.parse("2020-01-05 10:00 +0100", UTC, NOW).zoned


def test_a_time_that_yaml_reads_is_one_of_utc() -> None:
    text = "2020-01-01 03:00:00"
    assert dates.moment(text, ZONE, NOW, stamp=True).when.isoformat() == "2019-12-31T22:00:00-05:00"
    assert dates.moment(text, ZONE, NOW).when.isoformat() == "2020-01-01T03:00:00-05:00"
    assert dates.moment("2020-01-01 03:00:00 -5", ZONE, NOW, stamp=True).when.isoformat() == "2020-01-01T03:00:00-05:00"
    assert (
        dates.moment("2020-01-01T03:00:00 +05:30", UTC, NOW, stamp=True).when.isoformat() == "2019-12-31T21:30:00+00:00"
    )
    assert dates.moment("2020-01-01", ZONE, NOW, stamp=True).when.isoformat() == "2020-01-01T00:00:00-05:00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("x", "x"),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (1.5, "1.5"),
        (["a", None, 'q"\\\n#{x}'], '["a", nil, "q\\"\\\\\\n\\#{x}"]'),
        ({"a": [1]}, '{"a"=>[1]}'),
    ],
)
def test_to_s(value: object, text: str) -> None:
    assert dates.to_s(value) == text


def test_zones() -> None:
    assert dates.zone_named(None) is UTC
    assert dates.zone_named("UTC") is UTC
    assert dates.zone_named("Foo/Bar") is UTC
    assert dates.zone_named("../x") is UTC
    assert NOW.astimezone(dates.zone_named("UTC+5")).utcoffset().total_seconds() == -5 * 3600


def test_strftime_of_every_part() -> None:
    when = datetime(2021, 1, 3, 4, 5, 6, tzinfo=UTC)
    assert {name: dates.strftime(when, name) for name in dates.PARTS} == {
        "year": "2021", "month": "01", "day": "03", "hour": "04", "minute": "05", "second": "06", "i_day": "3", "i_month": "1",
        "short_month": "Jan", "short_year": "21", "y_day": "003", "long_month": "January", "w_year": "2020", "week": "53",
        "w_day": "7", "short_day": "Sun", "long_day": "Sunday",
    }  # fmt: skip
