from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contentlint.frontmatter import as_date


def naive(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type,misc] # noqa: DTZ001 - the site's own time zone


def aware(hours: float, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone(timedelta(hours=hours)))  # type: ignore[arg-type,misc] # year, month, day, ...


# As Ruby 3.1's Time.parse reads it; recorded with TZ=Asia/Kolkata.
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-01-02", naive(2020, 1, 2)),
        ("2020-1-2", naive(2020, 1, 2)),
        ("20-01-02", naive(2020, 1, 2)),
        ("69-01-02", naive(1969, 1, 2)),
        ("0020-01-02", naive(20, 1, 2)),
        ("2020/1/2", naive(2020, 1, 2)),
        ("01-02-2020", naive(2020, 2, 1)),
        ("20200102", naive(2020, 1, 2)),
        ("2020-02-30", naive(2020, 3, 1)),
        ("2020-04-31", naive(2020, 5, 1)),
        ("2020-01-02 03:04", naive(2020, 1, 2, 3, 4)),
        ("2020-01-02 03:04:05.678", naive(2020, 1, 2, 3, 4, 5)),
        ("2020-01-02T03:04:05", naive(2020, 1, 2, 3, 4, 5)),
        ("2020-12-31 24:00", naive(2021, 1, 1)),
        ("2020-12-31 23:59:60", naive(2021, 1, 1)),
        ("2020-01-02 3:04 pm", naive(2020, 1, 2, 15, 4)),
        ("2020-01-02 12:04AM", naive(2020, 1, 2, 0, 4)),
        ("2020-01-02 03:04:05 CET", naive(2020, 1, 2, 3, 4, 5)),
        ("2020-01-02 03:04:05 +1", naive(2020, 1, 2, 3, 4, 5)),
        ("2020-01-02 03:04:05 GMT+2", naive(2020, 1, 2, 3, 4, 5)),
        ("2020-01-02 03:04:05 +0100", aware(1, 2020, 1, 2, 3, 4, 5)),
        ("2020-01-02 03:04:05 -05:30", aware(-5.5, 2020, 1, 2, 3, 4, 5)),
        ("2020-01-02T03:04:05Z", aware(0, 2020, 1, 2, 3, 4, 5)),
        ("2020-01-02 03:04:05 EST", aware(-5, 2020, 1, 2, 3, 4, 5)),
        ("2020-01-02 03:04:05 +99", naive(2020, 1, 2, 3, 4, 5)),
        ("3rd Jan 2020", naive(2020, 1, 3)),
        ("31 February 2020", naive(2020, 3, 2)),
        ("Friday, Dec. 3, 2021 10:00", naive(2021, 12, 3, 10)),
    ],
)
def test_a_moment_is_read_as_ruby_reads_it(text: str, moment: datetime) -> None:
    found = as_date(text)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2020-13-01",
        "2020-00-01",
        "2020-01-32",
        "2020-01-02 25:00",
        "2020-01-02 24:01",
        "2020-01-02 03:60",
        "2020-01-02 03:04:61",
        "0000-01-01",
        "9999-12-31 24:00",
        "20200102 03:04",
        "2020-01",
        "{{ x }}",
    ],
)
def test_of_anything_else_the_moment_is_not_known(text: str) -> None:
    assert as_date(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-01-02", naive(2020, 1, 2)),
        ("2020-01-02 03:04:05", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02 03:04:05 +1", aware(1, 2020, 1, 2, 3, 4, 5)),
        ("2020-1-2t3:04:05 -5:30", aware(-5.5, 2020, 1, 2, 3, 4, 5)),
    ],
)
def test_a_time_of_yamls_own_is_in_utc(text: str, moment: datetime) -> None:
    found = as_date(text, "timestamp")
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()
