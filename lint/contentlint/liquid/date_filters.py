"""Filters that show dates, as far as no time zone has a say in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from contentlint.liquid.filtering import Undetermined, text_of
from contentlint.liquid.values import Unknown, derived, is_drop, to_s
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATE = regex(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)


def date(_run: Run, value: object, pattern: object) -> object:
    shape = text_of(pattern)
    if shape == "" or value == "" or not isinstance(value, (str, int, float, dt.date)) or isinstance(value, bool):
        return value if not is_drop(value) else Unknown("an object is shown as a date")
    return derived(formatted(_moment(value), shape), value)


def date_to_string(_run: Run, value: object, kind: object = None, style: object = None) -> object:
    return _dated(value, "%b", kind, style)


def date_to_long_string(_run: Run, value: object, kind: object = None, style: object = None) -> object:
    return _dated(value, "%B", kind, style)


def _dated(value: object, month: str, kind: object, style: object) -> object:
    if to_s(value) == "":
        return value
    moment = _moment(value)
    shape = f"%d {month} %Y"
    if kind == "ordinal":
        ending = "th" if 11 <= moment.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
        shape = f"{month} %-d{ending}, %Y" if style == "US" else f"%-d{ending} {month} %Y"
    return derived(formatted(moment, shape), value)


def date_to_zoned(_run: Run, value: object) -> object:
    """`date_to_xmlschema` and `date_to_rfc822`, which show the time zone of the machine that builds."""
    return value if to_s(value) == "" else Unknown("it shows a time zone")


def _moment(value: object) -> dt.date:
    """The date that a value means, where no time zone has a say in it."""
    if isinstance(value, dt.date):
        return value
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Undetermined(Unknown("what date it means is not known"))
    try:
        return dt.datetime(*(int(each or 0) for each in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  # six numbers; no zone
    except ValueError:
        raise Undetermined(Unknown("what date it means is not known")) from None


def formatted(moment: dt.date, pattern: str) -> str:
    """Ruby's `strftime` for the directives that no zone and no locale touches."""

    def directive(match: re.Match[str]) -> str:
        flag, name = match.groups()
        if name not in _DIRECTIVES:
            raise Undetermined(Unknown(f"a date is shown with '{match[0]}'"))
        text = _DIRECTIVES[name](moment)
        if flag == "-":
            return text.lstrip("0 ") or "0"
        return text.upper() if flag == "^" else text

    return re.sub(r"%([-^]?)(.?)", directive, pattern, flags=re.DOTALL)


def _hour(moment: dt.date) -> int:
    return moment.hour if isinstance(moment, dt.datetime) else 0


_DIRECTIVES: Final[dict[str, Callable[[dt.date], str]]] = {
    "%": lambda _: "%",
    "A": lambda moment: _DAYS[moment.weekday()],
    "B": lambda moment: _MONTHS[moment.month - 1],
    "D": lambda moment: formatted(moment, "%m/%d/%y"),
    "F": lambda moment: formatted(moment, "%Y-%m-%d"),
    "H": lambda moment: f"{_hour(moment):02}",
    "M": lambda moment: f"{moment.minute if isinstance(moment, dt.datetime) else 0:02}",
    "S": lambda moment: f"{moment.second if isinstance(moment, dt.datetime) else 0:02}",
    "T": lambda moment: formatted(moment, "%H:%M:%S"),
    "Y": lambda moment: str(moment.year),
    "a": lambda moment: _DAYS[moment.weekday()][:3],
    "b": lambda moment: _MONTHS[moment.month - 1][:3],
    "d": lambda moment: f"{moment.day:02}",
    "e": lambda moment: f"{moment.day:2}",
    "h": lambda moment: _MONTHS[moment.month - 1][:3],
    "j": lambda moment: f"{moment.timetuple().tm_yday:03}",
    "m": lambda moment: f"{moment.month:02}",
    "u": lambda moment: str(moment.isoweekday()),
    "w": lambda moment: str(moment.isoweekday() % 7),
    "y": lambda moment: f"{moment.year % 100:02}",
}

FILTERS: Final[dict[str, Callable[..., object]]] = {
    "date": date, "date_to_long_string": date_to_long_string, "date_to_rfc822": date_to_zoned, "date_to_string": date_to_string,
    "date_to_xmlschema": date_to_zoned,
}  # fmt: skip
