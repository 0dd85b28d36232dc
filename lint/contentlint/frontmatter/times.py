"""The moment that a date in front matter or in a file name means, as Ruby's `Time.parse` reads it.

Only forms whose meaning is beyond doubt are read; of everything else the answer is that it is not known.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES = "|".join(
    (
        r"(?P<a>[0-9]{1,4})(?P<dash>[-/])(?P<b>[0-9]{1,2})(?P=dash)(?P<c>[0-9]{1,4})",
        r"(?P<whole>[0-9]{8})",
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH}[\s,-]+(?P<year>[0-9]{{4}})",
        rf"{_MONTH.replace('name', 'name2')}\s+(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(?P<year2>[0-9]{{4}})",
    )
)
_TIME = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]*)?)?(?:\s*(?P<half>[ap])\.?m\.?\b)?"
    r"(?:\s*(?P<zone>z\b|[a-z]{3,4}\b|(?:gmt|utc)?(?P<sign>[-+])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?))?"
)
_MOMENT = re.compile(
    rf"\s*(?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*[\s,]+)?(?:{_DATES})(?:(?:t|[\s,]+){_TIME})?\s*",
    re.ASCII | re.IGNORECASE,
)
_ZONES = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}


def as_date(text: str, tag: str = "str") -> datetime | None:
    """The moment that `text` names: naive when it is in the site's own time zone; None when it names none we know.

    `tag` is the field's: an unquoted YAML time without a zone is in UTC, the same text in quotes in the site's zone.
    A day that its month lacks rolls over into the next, up to the 31st.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict()
    year, month, day = _day(part)
    hour, minute, second = int(part["hour"] or 0), int(part["minute"] or 0), int(part["second"] or 0)
    if part["half"]:
        hour = hour % 12 + (12 if part["half"] in "pP" else 0)
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= year <= 9999):
        return None
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    if part["whole"] and part["hour"]:
        return None
    zone = _zone(part, loose=tag == "timestamp")
    if zone is None and tag == "timestamp" and part["hour"]:
        zone = UTC
    try:
        return datetime(year, month, 1, tzinfo=zone) + timedelta(
            days=day - 1, hours=hour, minutes=minute, seconds=second
        )
    except OverflowError:
        return None


def _day(part: dict[str, str | None]) -> tuple[int, int, int]:
    if part["whole"]:
        whole = part["whole"]
        return int(whole[:4]), int(whole[4:6]), int(whole[6:])
    if name := part["name"] or part["name2"]:
        month = _MONTHS.index(name.lower()) + 1
        return int(part["year"] or part["year2"] or 0), month, int(part["day"] or part["day2"] or 0)
    year, month, day = part["a"] or "", int(part["b"] or 0), part["c"] or ""
    if len(day) > 2:
        year, day = day, year
    number = int(year)
    if len(year) <= 2:
        number += 1900 if number >= 69 else 2000
    return number, month, int(day)


def _zone(part: dict[str, str | None], *, loose: bool) -> timezone | None:
    """The zone; None for one that `Time.parse` passes over. Only YAML's own times (`loose`) may write `+1`."""
    if part["sign"]:
        exact = (part["zone"] or "").startswith(part["sign"]) and len(part["hours"] or "") == 2
        if not loose and not exact:
            return None
        offset = timedelta(hours=int(part["hours"] or 0), minutes=int(part["minutes"] or 0))
        if offset >= timedelta(days=1):
            return None
        return timezone(-offset if part["sign"] == "-" else offset)
    hours = _ZONES.get((part["zone"] or "").lower())
    return None if hours is None else timezone(timedelta(hours=hours))
