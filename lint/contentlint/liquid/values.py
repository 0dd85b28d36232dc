"""Liquid's values: what Ruby does with each of them, where each came from, and what cannot be known.

A value is a `str`, `int`, `float`, `bool`, `None`, `list`, `dict`, `date`, `datetime`, `Range`, a drop (any object with `get(key)`)
or `Unknown`. A string that carries its origin is a `Text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, Protocol, Self, TypeGuard, TypeVar, runtime_checkable

from contentlint.record import NamedTuple
from contentlint.regex import regex

MARK: Final = "\ue0ff"
"""The character that stands in the output for what is not known."""

WHITESPACE: Final = "\0\t\n\v\f\r "
"""What Ruby's `strip` takes away."""

LONGEST: Final = 500_000
"""No string or list grows beyond this many characters or items; it becomes Unknown."""

_INTEGER_PREFIX = regex(r"\s*([+-]?\d+(?:_\d+)*)", re.ASCII)


class Place(NamedTuple):
    """A range of a template's text: 0-based offsets of code points, end exclusive.

    `source` is the caller's token of the template, `parent` the place of the include tag that brought it in.
    """

    source: object
    start: int
    end: int
    parent: Place | None = None


class LiquidError(Exception):
    """What makes the real build fail while a template runs; the message is Liquid's or Jekyll's."""


class Unknown:
    """A value that cannot be known, and why."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


class Part(NamedTuple):
    """Where the characters `start` to `end` of a text come from; `maybe` when they may not be there at all.

    `exact` when they stand character by character in the origin, from `offset` on (which says something of a `Place` only).
    """

    start: int
    end: int
    origin: object
    maybe: bool = False
    exact: bool = False


class Text(str):
    """A string that knows where it came from: one origin, or a tuple of parts in `parts`."""

    __slots__ = ("_parts", "origin")

    origin: object
    _parts: tuple[Part, ...] | None

    def __new__(cls, value: str, origin: object = None, parts: tuple[Part, ...] | None = None) -> Self:
        text = super().__new__(cls, value)
        text.origin = origin
        text._parts = parts
        return text

    @property
    def parts(self) -> tuple[Part, ...]:
        """The origins of the characters, in order; parts may overlap where a filter has mixed them."""
        if self._parts is not None:
            return self._parts
        return (Part(0, len(self), self.origin),)

    @property
    def origins(self) -> tuple[object, ...]:
        """Every origin, once each, in order of appearance."""
        if self._parts is None:
            return () if self.origin is None else (self.origin,)
        return tuple({id(part.origin): part.origin for part in self._parts if part.origin is not None}.values())

    def shifted(self, by: int) -> tuple[Part, ...]:
        """The parts in offsets of a text in which this one stands behind `by` characters."""
        if self._parts is None:
            return (Part(by, by + len(self), self.origin),)
        return tuple(
            [Part(part.start + by, part.end + by, part.origin, part.maybe, part.exact) for part in self._parts]
        )


class Partial(Text):
    """A text that is not known in full: it holds `MARK`, or a part of it may be absent."""

    __slots__ = ()


class Range(NamedTuple):
    """`(first..last)`, both inclusive."""

    first: int
    last: int

    def numbers(self) -> range:
        """The integers of the range, in order."""
        return range(self.first, self.last + 1)

    @property
    def size(self) -> int:
        """How many integers the range holds."""
        return max(0, self.last - self.first + 1)


_Item = TypeVar("_Item")


class Kept(list[_Item]):
    """A list that is the same in every rendering, such as a site's pages. It remembers what `where` has selected from it.

    A layout that selects from a thousand pages is shown around each of them; Jekyll remembers this, too.
    """

    __slots__ = ("selected",)

    def __init__(self, items: Iterable[_Item] = ()) -> None:
        super().__init__(items)
        self.selected: dict[tuple[object, ...], Kept[_Item]] = {}


class Listed(NamedTuple):
    """A list as it was written: its texts do not know where they come from, `origin` does."""

    items: list[object]
    origin: Callable[[int, str | None], object]
    """From an item's number, and the key of a value in it (None for the item itself), to where that comes from."""


@runtime_checkable
class Drop(Protocol):
    """A lazy object of the site. One with a string attribute `url` is accepted by the URL filters, as documents are."""

    def get(self, key: str, /) -> object:
        """The value of a key, None when there is none."""


def origins(value: object) -> tuple[object, ...]:
    """Every origin of a value, once each, in order of appearance."""
    return value.origins if isinstance(value, Text) else ()


def derived(result: str, *inputs: object) -> str:
    """The string that a filter made of its inputs: any character of it may come from any of them."""
    found = {id(origin): origin for value in inputs for origin in origins(value)}
    if not found:
        return result
    if len(found) == 1:
        return Text(result, next(iter(found.values())))
    return Text(result, None, tuple(Part(0, len(result), origin) for origin in found.values()))


def joined(pieces: Iterable[str]) -> str:
    """Concatenation that keeps the parts of each piece, and is partial if one of them is."""
    pieces = list(pieces)
    text = "".join(pieces)
    if not any(isinstance(piece, Text) for piece in pieces):
        return text
    parts: list[Part] = []
    position = 0
    for piece in pieces:
        if isinstance(piece, Text) and piece:
            parts.extend(piece.shifted(position))
        position += len(piece)
    return (Partial if any(isinstance(piece, Partial) for piece in pieces) else Text)(
        text, None, bounded(parts, len(text))
    )


def bounded(parts: list[Part], length: int) -> tuple[Part, ...]:
    """The parts of a text of that length; where they are very many, only what they come from, no more from where to where."""
    if len(parts) < 500:
        return tuple(parts)
    distinct = {id(part.origin): part for part in parts}.values()
    return tuple([Part(0, length, part.origin, part.maybe) for part in distinct][:500])


_NOT_KNOWN: Final = (Unknown, Partial)


def is_unknown(value: object) -> TypeGuard[Unknown | Partial]:
    """Whether a value is not known in full."""
    return isinstance(value, (Unknown, Partial))


def reason(value: Unknown | Partial) -> str:
    """Why a value is not known in full."""
    if isinstance(value, Unknown):
        return value.reason
    for part in value.parts:
        if isinstance(part.origin, Unknown):
            return part.origin.reason
    return "it depends on a condition that is not known"


def first_unknown(values: Iterable[object]) -> Unknown | None:
    """The first of the values that is not known in full, as an Unknown."""
    for value in values:
        if isinstance(value, _NOT_KNOWN):
            return value if isinstance(value, Unknown) else Unknown(reason(value))
    return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is one of Ruby's Numeric (in Python a bool is an int as well)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_PLAIN: Final = frozenset({str, Text, Partial, int, float, bool, type(None), list, dict, Range, Unknown})


def is_drop(value: object) -> TypeGuard[Drop]:
    """Whether a value is a lazy object of the site."""
    if value.__class__ in _PLAIN:
        return False
    return not isinstance(value, (str, int, float, list, dict, date)) and hasattr(value, "get")


def type_name(value: object) -> str:
    """Ruby's name of a value's class, for error messages."""
    names = {
        str: "String",
        Text: "String",
        Partial: "String",
        int: "Integer",
        float: "Float",
        list: "Array",
    }
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    return "Hash" if isinstance(value, dict) else names.get(type(value), type(value).__name__)


def same(left: object, right: object) -> bool | Unknown:
    """Ruby's `==`."""
    if isinstance(left, str) and isinstance(right, str):
        unknown = first_unknown((left, right))
        return unknown if unknown is not None else left == right
    if (unknown := first_unknown((left, right))) is not None:
        if isinstance(left, Partial) or isinstance(right, Partial):
            other = right if isinstance(left, Partial) else left
            if not isinstance(other, Unknown):
                return False  # a string, however little is known of it, equals no other kind of value
        return unknown
    if is_number(left) and is_number(right):
        return left == right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and _all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and _all(same(left[key], right[key]) for key in left)
    if is_drop(left) and is_drop(right):
        return left is right or left == right or Unknown("two objects are compared")
    return type(left) is type(right) and left == right


def _all(answers: Iterable[bool | Unknown]) -> bool | Unknown:
    doubt: Unknown | None = None
    for answer in answers:
        if isinstance(answer, Unknown):
            doubt = answer
        elif not answer:
            return False
    return True if doubt is None else doubt


def order(left: object, right: object) -> int | None:
    """Ruby's `<=>`: negative, zero, positive, or None when the two cannot be compared. Both are known."""
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if is_number(left) and is_number(right):
        return (left > right) - (left < right)
    if isinstance(left, list) and isinstance(right, list):
        for a, b in zip(left, right, strict=False):
            if (answer := order(a, b)) != 0:
                return answer
        return (len(left) > len(right)) - (len(left) < len(right))
    if isinstance(left, date) and isinstance(right, date) and type(left) is type(right):
        try:
            return (left > right) - (left < right)
        except TypeError:  # one with and one without a time zone
            return None
    return 0 if same(left, right) is True else None


def truth(value: object) -> bool | Unknown:
    """Whether Ruby takes a value for true. A text is true however little is known of it."""
    if isinstance(value, Unknown):
        return value
    return value is not None and value is not False


class Method:
    """The word `empty` or `blank`: a question on one side of a comparison, else a text without characters."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, value: object) -> bool | Unknown:
        """Whether a value is empty or blank, as `==` asks it.

        Nothing is `blank?` in plain Ruby, but some plugins load ActiveSupport, where that answers; only what it would
        call blank is Unknown.
        """
        if (unknown := first_unknown((value,))) is not None:
            return unknown
        empty = isinstance(value, (str, list, dict)) and not value
        if self.name == "empty":
            return empty
        if empty or value is None or value is False or (isinstance(value, str) and value.isspace()):
            return Unknown("'blank' depends on the plugins that are loaded")
        return False


def to_s(value: object) -> str | Unknown:
    """Ruby's `to_s`, which `{{ }}` prints (a list is printed item after item, see `printed`)."""
    if isinstance(value, (str, Unknown)):
        return value
    if value is None or isinstance(value, Method):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 10_000 else Unknown("the number is too long")
    if isinstance(value, float):
        return float_to_s(value)
    if isinstance(value, Range):
        return f"{value.first}..{value.last}"
    if isinstance(value, list):
        return inspect(value)
    if isinstance(value, dict) and not value:
        return "{}"
    return Unknown("how Ruby prints this object depends on its version")


def float_to_s(value: float) -> str:
    """Ruby's `Float#to_s`."""
    if value != value:  # noqa: PLR0124  # the test for not-a-number that needs no import
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    if "e" not in text:
        if abs(value) < 1e15 or not text.endswith(".0"):
            return text
        sign, digits = text[:-17], text[-17:-2].rstrip("0")  # 1e15 up to 1e16, which Python writes out
        return f"{sign}.{digits or '0'}e+15"
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(exponent):+03d}"


def printed(value: object) -> str | Unknown:
    """What `{{ value }}` puts out: a list is joined, nil is nothing."""
    if isinstance(value, list):
        return join(value, "")
    return to_s(value)


def flat(values: list[object], depth: int = 0) -> Iterator[object]:
    """The items of a list and of the lists within it."""
    for value in values:
        if isinstance(value, list) and depth < 100:
            yield from flat(value, depth + 1)
        else:
            yield value


def join(values: list[object], glue: str) -> str | Unknown:
    """Ruby's `Array#join`."""
    pieces: list[str] = []
    length = 0
    for value in flat(values):
        text = to_s(value)
        if pieces:
            pieces.append(glue)
        pieces.append(Partial(MARK, None, (Part(0, 1, text),)) if isinstance(text, Unknown) else text)
        length += len(glue) + len(pieces[-1])
        if length > LONGEST:
            return Unknown("the text is too long")
    return joined(pieces)


_ESCAPES = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
    "\x1b": "\\e",
    "\a": "\\a",
    "\b": "\\b",
    "\v": "\\v",
    "\f": "\\f",
}


def inspect(value: object, depth: int = 0) -> str | Unknown:
    """Ruby's `inspect`, of what looks the same in every version of Ruby."""
    if isinstance(value, Unknown) or depth > 100:
        return value if isinstance(value, Unknown) else Unknown("the list is nested too deep")
    if isinstance(value, str):
        escaped = re.sub(r"#(?=[{$@])", r"\\#", "".join(_ESCAPES.get(character, character) for character in value))
        if not all(character.isprintable() for character in escaped):
            return Unknown("how Ruby shows control characters is not known here")
        return derived(f'"{escaped}"', value) if not isinstance(value, Partial) else Unknown(reason(value))
    if value is None:
        return "nil"
    if isinstance(value, list):
        items: list[str] = []
        length = 0
        for item in value:
            text = inspect(item, depth + 1)
            length += 1 if isinstance(text, Unknown) else len(text) + 2
            if isinstance(text, Unknown) or length > LONGEST:
                return text if isinstance(text, Unknown) else Unknown("the text is too long")
            items.append(text)
        return f"[{', '.join(items)}]"
    return to_s(value)


def to_i(value: object) -> int:
    """Ruby's `to_i`, 0 for what has none. The value is known."""
    if is_number(value):
        try:
            return int(value)
        except (OverflowError, ValueError):
            raise LiquidError("Liquid error: not a finite number") from None
    if isinstance(value, str) and (match := _INTEGER_PREFIX.match(value)):
        return int(match[1][:1000])
    return 0


def to_f(value: str) -> float:
    """Ruby's `String#to_f`, of what looks like a number."""
    return float(value.strip())


def to_integer(value: object) -> int:
    """Liquid's strict conversion.

    Raises `LiquidError` for what Ruby's `Integer()` rejects.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = to_s(value)
    if isinstance(text, str):
        match = re.fullmatch(
            r"\s*([+-]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*(?:_\d+)*|0)\s*", text[:1000], re.ASCII
        )
        if match:
            digits = match[2]
            base = {"x": 16, "b": 2}.get(digits[1:2].lower(), 8 if len(digits) > 1 and digits[0] == "0" else 10)
            return int(match[1] + digits.removeprefix("0o").removeprefix("0O"), base)
    raise LiquidError("Liquid error: invalid integer")
