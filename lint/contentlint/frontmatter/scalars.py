"""What a plain YAML scalar means to Jekyll: the rules of SafeYAML 1.0.5, which Jekyll loads YAML with (facts 1.3).

Knows nothing of YAML's syntax: it is given the text of a scalar and answers with its value, its tag or its time.
"""

from __future__ import annotations

import re

from contentlint.regex import regex

Scalar = str | int | float | bool | None

# Ruby's `\Z`, which Python writes `$`, lets a last newline be: an alias of a block scalar can bring one here.
_DECIMAL = regex(r"[-+]?(?:0|[1-9][0-9]*)$")
_OCTAL = regex(r"0[0-7]+$")
_HEXADECIMAL = regex(r"[-+]?0x[0-9a-fA-F]+$|0X[0-9a-fA-F]+$")
_BINARY = regex(r"0b[01]+$")
_SEXAGESIMAL = regex(r"[-+]?[0-9]+(?::[0-5]?[0-9])+$")
_FLOAT = regex(r"[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+][0-9]+)?$")
_SEXAGESIMAL_FLOAT = regex(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$")
_LOOSE_UNDERSCORE = regex(r"(?<![0-9])_|_(?![0-9])")
_DATE = regex(r"([0-9]{4})-([0-9]{2})-([0-9]{2})$")
_TIME = regex(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|\s+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(\.[0-9]*)?"
    r"\s*(Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?$",
    re.ASCII,
)
_NOT_A_NUMBER_OR_DATE = regex(r"[^-+.:0-9]")
_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "yes": True,
    "on": True,
    "true": True,
    "no": False,
    "off": False,
    "false": False,
}
_EXACT: dict[str, float] = {
    sign + "." + word: float(sign + word.lower()) for sign in ("", "-") for word in ("inf", "Inf", "INF")
} | {"." + word: float("nan") for word in ("nan", "NaN", "NAN")}
MAX_DIGITS = 4000
"""A number with more characters stays text: to turn it into an integer takes time that grows with its square."""


def resolve(text: str) -> tuple[Scalar, str]:
    """The value of a scalar that is not quoted, and its tag: str, int, float, bool, null or timestamp.

    A date or time keeps its text as value. Raises ValueError for the few spellings that Ruby fails on, like `1_.5`.
    """
    if len(text) <= 5:
        word = text.lower()
        if word in _WORDS:
            value = _WORDS[word]
            return value, "null" if value is None else "bool"
        if text in _EXACT:
            return _EXACT[text], "float"
    if not text or text[0] not in "+-.0123456789_," or len(text) > MAX_DIGITS:
        return text, "str"
    bare = text.replace("_", "").replace(",", "")
    if _DECIMAL.match(bare):
        return int(bare), "int"
    if _OCTAL.match(bare):
        return int(bare, 8), "int"
    if _HEXADECIMAL.match(bare):
        return int(bare, 16), "int"
    if _BINARY.match(bare):
        return int(bare, 2), "int"
    if _SEXAGESIMAL.match(bare):
        return _sexagesimal(bare), "float"
    if _FLOAT.match(text):
        return _float(text), "float"
    if _SEXAGESIMAL_FLOAT.match(text):
        return _sexagesimal(text), "float"
    return text, "timestamp" if _is_timestamp(text) else "str"


def _float(text: str) -> float:
    if _LOOSE_UNDERSCORE.search(text):
        raise ValueError(text)
    return float(text.replace("_", ""))


def _sexagesimal(text: str) -> float:
    """`1:30` in base 60. The sign counts twice, as in SafeYAML: for the first place and for the whole."""
    whole, _, fraction = text.partition(".")
    result = 0.0
    for place in whole.split(":"):
        result = result * 60 + _float(place)
    if fraction:
        result += _float("." + fraction)
    return -result if text[0] == "-" else result


def _is_timestamp(text: str) -> bool:
    if date := _DATE.match(text):
        return _is_date(*map(int, date.groups()))
    time = _TIME.match(text)
    if time is None:
        return False
    year, month, day, hour, minute, second = map(int, time.groups()[:6])
    return (
        _is_date(year, month, day)
        and minute < 60
        and second <= 60
        and (hour < 24 or (hour == 24 and minute == second == 0))
    )


def _is_date(year: int, month: int, day: int) -> bool:
    """Whether Ruby's calendar has the day: Julian until 4 October 1582, then Gregorian from the 15th."""
    if not 1 <= month <= 12 or ((year, month) == (1582, 10) and 4 < day < 15):
        return False
    leap = year % 4 == 0 and (year <= 1582 or year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
