"""Dates as Jekyll reads them: Ruby's `Time.parse` over `Date._parse`, which take nearly anything for a date.

Facts 1.2, 1.4 and 2.2; the order of the patterns and what each one means are those of Ruby's date_parse.c.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from contentlint.record import NamedTuple


class Moment(NamedTuple):
    """A point in time, and how far it can be trusted to be the same on every machine."""

    when: datetime
    """In the site's time zone."""
    certain: bool
    """False when parts of it were taken from the day of the build."""
    zoned: bool
    """Whether the text named its own zone: the calendar day then depends on the zone of the site."""


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = f"({'|'.join(_MONTHS)})"
_ERA = r"(?:c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))"
_FLAGS = re.IGNORECASE | re.ASCII

# Compiled when they are first needed: a time that is not written as YAML would write it is rare.
_PLAIN = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ tT]+([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?)?\s*(Z|UTC|[-+][0-9]{4})?"
_STRAY = r"[^-+',./:@0-9A-Za-z\[\]]+"
_TIME = (
    r"([0-9]+\s*(?:(?::\s*[0-9]+(?:\s*:\s*[0-9]+(?:[,.][0-9]*)?)?|h(?:\s*[0-9]+m?(?:\s*[0-9]+s?)?)?)"
    r"(?:\s*[ap](?:m\b|\.m\.))?|[ap](?:m\b|\.m\.)))"
    r"(?:\s*((?:gmt|utc?)?[-+][0-9]+(?:[,.:][0-9]+(?::[0-9]+)?)?|[a-z.\s]+(?:standard|daylight)\stime\b|[a-z]+(?:\sdst)?\b))?"
)
_CLOCK = r"([0-9]+)h?(?:\s*:?\s*([0-9]+)m?(?:\s*:?\s*([0-9]+)(?:[,.][0-9]*)?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?"
_EUROPEAN = rf"('?[0-9]+)[^-0-9\s]*\s*{_MONTH}[^-0-9\s']*(?:\s*{_ERA}?\s*('?-?[0-9]+(?:(?:st|nd|rd|th)\b)?))?"
_AMERICAN = rf"\b{_MONTH}[^-0-9\s']*\s*('?[0-9]+)[^-0-9\s']*(?:\s*,?\s*{_ERA}?\s*('?-?[0-9]+))?"
_ISO = r"('?[-+]?[0-9]+)-([0-9]+)-('?-?[0-9]+)"
_VMS = rf"('?-?[0-9]+)-{_MONTH}[^-]*-('?-?[0-9]+)"
_SLASHES = r"('?-?[0-9]+)/\s*('?[0-9]+)(?:[^0-9]\s*('?-?[0-9]+))?"
_DOTS = r"('?-?[0-9]+)\.\s*('?[0-9]+)\.\s*('?-?[0-9]+)"
_YEAR_DAY = r"\b([0-9]{4})-([0-9]{3})\b"
_MONTH_ALONE = rf"\b{_MONTH}\S*"
_DAY_ALONE = r"('?[0-9]+)(?:st|nd|rd|th)\b"
_DIGITS = r"([-+]?)([0-9]{2,14})(?:\s*t?\s*([0-9]{2,6})?(?:[,.][0-9]*)?)?(z\b|[-+][0-9]{1,4}\b)?"
_JAPANESE = r"\b[mtshr][0-9]+\.[0-9]+\.[0-9]+"
_RARE = r"\b(?:[0-9]{2}|[0-9]{4})?-?w[0-9]{2}|'[0-9]+\b|--"
_REST = r"\s*([0-9]{1,2})\s*"

_ZONES = {
    "UTC": 0, "Z": 0, "UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    **{letter: hours for hours, letter in enumerate("ABCDEFGHIKLM", 1)},
    **{letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", 1)},
}  # fmt: skip
_OFFSET = r"([-+])([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?"


class _Parts:
    """What the patterns found so far; None where nothing is said."""

    __slots__ = ("century", "day", "hour", "minute", "month", "second", "year", "year_day", "zone")

    def __init__(self) -> None:
        self.year: int | None = None
        self.month: int | None = None
        self.day: int | None = None
        self.year_day: int | None = None
        self.hour: int | None = None
        self.minute: int | None = None
        self.second: int | None = None
        self.zone = ""
        self.century = True  # a year of two digits means one near ours


@lru_cache(maxsize=64)
def zone_named(name: str | None) -> tzinfo:
    """The zone that Jekyll's `timezone` names; UTC where it names none, as on the machines that build sites."""
    if not name or name == "UTC":
        return UTC
    if posix := re.fullmatch(r"[A-Za-z]{3,}([+-]?[0-9]{1,2})", name):
        hours = int(posix[1])  # POSIX counts westwards
        return timezone(-timedelta(hours=hours)) if abs(hours) < 24 else UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC  # the C library takes a zone it does not know for UTC


def parse(text: str, zone: tzinfo, now: datetime) -> Moment | None:
    """What Ruby's `Time.parse(text).localtime` gives; None when only Ruby could say.

    Raises ValueError, with Ruby's message, for what Ruby calls an invalid date.
    """
    plain = re.fullmatch(_PLAIN, text, re.ASCII)
    if plain is None:
        parts = _read(text)
        if parts is None:
            return None
    else:
        parts = _Parts()
        year, month, day, hour, minute, second, parts.zone = plain.groups(default="")
        parts.year, parts.month, parts.day = int(year), int(month), int(day)
        parts.century = False
        if hour:
            parts.hour, parts.minute, parts.second = int(hour), int(minute), int(second or "0")
    return _assemble(text, parts, zone, now)


def _read(text: str) -> _Parts | None:
    parts = _Parts()
    rest = re.sub(_STRAY, " ", text)
    if clock := re.search(_TIME, rest, _FLAGS):
        _read_clock(parts, clock)
        rest = f"{rest[: clock.start()]} {rest[clock.end() :]}"
    for pattern, read in _FORMS:
        if found := re.search(pattern, rest, _FLAGS):
            if not read(parts, found):
                return None
            rest = f"{rest[: found.start()]} {rest[found.end() :]}"
            break
    if alone := re.fullmatch(_REST, rest):
        number = int(alone[1])
        if parts.hour is not None and parts.day is None and 1 <= number <= 31:
            parts.day = number
        elif parts.day is not None and parts.hour is None and number <= 24:
            parts.hour = number
    if parts.century and parts.year is not None and 0 <= parts.year <= 99:
        parts.year += 1900 if parts.year >= 69 else 2000
    return parts


def _read_clock(parts: _Parts, found: re.Match[str]) -> None:
    clock = re.match(_CLOCK, found[1], _FLAGS)
    assert clock is not None, "every time starts with digits"
    hour, minute, second, half = clock.groups()
    parts.hour = int(hour)
    parts.minute = int(minute) if minute else None
    parts.second = int(second) if second else None
    if half:
        parts.hour = parts.hour % 12 + (12 if half in "pP" else 0)
    parts.zone = found[2] or ""


def _date(parts: _Parts, year: str | None, month: str, day: str | None) -> bool:
    """Sorts three numbers into year, month and day, as Ruby's `s3e` does: what looks like a year is one."""
    if year and not day:
        return _date(parts, None, year, month)
    if year is None and day is not None and (len(day) > 2 or day.startswith("'")):
        year, day = day, None
    if year and (tail := re.search(r"([0-9]+)(.+)", year)) and not tail[2].isdigit():
        year, day = day, tail[1]
    if day and year and (month.startswith("'") or len(month) > 2):
        year, month, day = month, day, year
    if day and (day.startswith("'") or len(day) > 2):
        year, day = day, year
    if year and (found := re.search(r"([-+])?([0-9]+)", year)):
        parts.year = int(found[0])
        parts.century = not (found[1] or len(found[2]) > 2)
    parts.month = int(month.lstrip("'-"))
    if day:
        parts.day = int(re.sub("[^0-9]", "", day))
    return True


def _number(month: str) -> str:
    return str(_MONTHS.index(month.lower()) + 1)


def _read_european(parts: _Parts, found: re.Match[str]) -> bool:
    return _date(parts, found[3], _number(found[2]), found[1])


def _read_american(parts: _Parts, found: re.Match[str]) -> bool:
    return _date(parts, found[3], _number(found[1]), found[2])


def _read_vms(parts: _Parts, found: re.Match[str]) -> bool:
    return _date(parts, found[3], _number(found[2]), found[1])


def _read_numbers(parts: _Parts, found: re.Match[str]) -> bool:
    return _date(parts, *found.groups())


def _read_rare(_parts: _Parts, _found: re.Match[str]) -> bool:
    return False


def _read_year_day(parts: _Parts, found: re.Match[str]) -> bool:
    parts.year, parts.year_day = int(found[1]), int(found[2])
    return True


def _read_month(parts: _Parts, found: re.Match[str]) -> bool:
    parts.month = int(_number(found[1]))
    return True


def _read_day(parts: _Parts, found: re.Match[str]) -> bool:
    parts.day = int(found[1].lstrip("'"))
    return True


def _read_digits(parts: _Parts, found: re.Match[str]) -> bool:
    sign, digits, clock, zone = found.groups()
    parts.zone = zone or parts.zone
    size = len(digits)
    if size == 2:
        parts.day = int(digits)
    elif size == 4:
        parts.month, parts.day = int(digits[:2]), int(digits[2:])
    elif size == 6:
        parts.year, parts.month, parts.day = int(sign + digits[:2]), int(digits[2:4]), int(digits[4:])
    elif size >= 8 and size % 2 == 0:
        parts.year, parts.month, parts.day = int(sign + digits[:4]), int(digits[4:6]), int(digits[6:8])
        parts.century = False
        clock = digits[8:] or clock
    else:
        return False
    if clock:
        fields = [int(clock[at : at + 2]) for at in range(0, len(clock), 2)]
        parts.hour, parts.minute, parts.second = (*fields, None, None)[:3]
    return True


_FORMS = (
    (_EUROPEAN, _read_european),
    (_AMERICAN, _read_american),
    (_ISO, _read_numbers),
    (_JAPANESE, _read_rare),
    (_VMS, _read_vms),
    (_SLASHES, _read_numbers),
    (_DOTS, _read_numbers),
    (_YEAR_DAY, _read_year_day),
    (_RARE, _read_rare),
    (_MONTH_ALONE, _read_month),
    (_DAY_ALONE, _read_day),
    (_DIGITS, _read_digits),
)


def _offset(name: str) -> timedelta | None:
    """The offset of a zone as `Time.parse` knows them: by number or by one of a few names; else None, the site's own."""
    known = _ZONES.get(name.upper())
    if known is not None:
        return timedelta(hours=known)
    found = re.fullmatch(_OFFSET, name)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or "0") for part in found.groups()[1:])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if length >= timedelta(hours=24):
        raise ValueError("utc_offset out of range")
    return -length if found[1] == "-" else length


def _assemble(text: str, parts: _Parts, zone: tzinfo, now: datetime) -> Moment | None:
    if (parts.year, parts.month, parts.day, parts.year_day, parts.hour) == (None,) * 5:
        raise ValueError(f'no time information in "{text}"')
    certain = parts.year is not None
    year = now.year if parts.year is None else parts.year
    if parts.year_day is not None:
        month, day = 1, 1
    elif parts.month is not None or certain:
        month, day = (1 if parts.month is None else parts.month), (1 if parts.day is None else parts.day)
    else:
        month, day = now.month, (now.day if parts.day is None else parts.day)
    hour, minute, second = parts.hour or 0, parts.minute or 0, parts.second or 0
    _check(month, day, hour, minute, second)
    if not 1 <= year <= 9998:
        return None
    offset = _offset(parts.zone) if parts.zone else None
    # Ruby lets the 30th of February be the 1st of March, the hour 24 the next day and a 60th second the next minute
    naive = datetime(year, month, 1) + timedelta(  # noqa: DTZ001  the zone is given below
        days=(day - 1) + ((parts.year_day or 1) - 1), hours=hour, minutes=minute, seconds=second
    )
    if offset is None:
        return Moment(naive.replace(tzinfo=zone), certain, zoned=False)
    return Moment(naive.replace(tzinfo=timezone(offset)).astimezone(zone), certain, zoned=True)


def _check(month: int, day: int, hour: int, minute: int, second: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError("mon out of range" if month == 0 else "argument out of range")
    if not 1 <= day <= 31:
        raise ValueError("mday out of range" if day == 0 else "argument out of range")
    if hour > 24:
        raise ValueError("hour out of range")
    if minute > 59 or (hour == 24 and (minute or second)):
        raise ValueError("min out of range")
    if second > 60:
        raise ValueError("sec out of range")


_STAMP = r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2}):(\d{2})(?:\.\d*)?\s*(?:Z|([-+])(\d{1,2})(?::?(\d{2}))?)?)?"


def moment(value: Any, zone: tzinfo, now: datetime, *, stamp: bool = False) -> Moment | None:
    """The moment that a front matter value means to Jekyll; `stamp` when YAML itself reads it as a date or time.

    A time that YAML reads is one of UTC unless it names its zone; one in quotes is one of the site's zone. None when only
    Ruby could say. Raises ValueError for what the build fails on.
    """
    text = to_s(value)
    found = re.fullmatch(_STAMP, text, re.ASCII) if stamp else None
    if found is None or found[4] is None:
        return parse(text, zone, now)
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    naive = datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=second)
    return Moment((naive + offset if found[7] == "-" else naive - offset).astimezone(zone), certain=True, zoned=True)


def to_s(value: Any) -> str:
    """Ruby's `to_s` of a value of YAML."""
    if value is None:
        return ""
    return value if isinstance(value, str) else _inspect(value)


def _inspect(value: Any) -> str:
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("#{", "\\#{") + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_inspect, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inspect(key)}=>{_inspect(each)}" for key, each in value.items()) + "}"
    return str(value)


def strftime(when: datetime, name: str) -> str:
    """A date placeholder of a permalink, in Ruby's C locale whatever the machine's is (facts 2.2)."""
    return _PARTS[name](when)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PARTS: dict[str, Callable[[datetime], str]] = {
    "year": lambda when: f"{when.year:04}",
    "month": lambda when: f"{when.month:02}",
    "day": lambda when: f"{when.day:02}",
    "hour": lambda when: f"{when.hour:02}",
    "minute": lambda when: f"{when.minute:02}",
    "second": lambda when: f"{when.second:02}",
    "i_day": lambda when: str(when.day),
    "i_month": lambda when: str(when.month),
    "short_month": lambda when: _LONG_MONTHS[when.month - 1][:3],
    "short_year": lambda when: f"{when.year % 100:02}",
    "y_day": lambda when: f"{when.timetuple().tm_yday:03}",
    "long_month": lambda when: _LONG_MONTHS[when.month - 1],
    "w_year": lambda when: f"{when.isocalendar()[0]:04}",
    "week": lambda when: f"{when.isocalendar()[1]:02}",
    "w_day": lambda when: str(when.isoweekday()),
    "short_day": lambda when: _DAYS[when.weekday()][:3],
    "long_day": lambda when: _DAYS[when.weekday()],
}
PARTS = frozenset(_PARTS)
"""The date placeholders of 4.x."""
PARTS_OF_3 = PARTS - {"long_month", "w_year", "week", "w_day", "short_day", "long_day"}
"""Those of 3.10 (facts 8)."""
