"""Liquid's expressions: parsed strictly and, where that fails, laxly (Jekyll's `error_mode: warn`), then evaluated.

A port of Liquid 4.0.4's `Expression`, `VariableLookup` and `Variable`. Offsets are those of the template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contentlint.liquid.syntax import FRAGMENT, NESTED, Strict, SyntaxFault
from contentlint.liquid.values import (
    LONGEST,
    Method,
    Partial,
    Place,
    Range,
    Text,
    Unknown,
    first_unknown,
    is_drop,
    to_i,
    to_integer,
)
from contentlint.record import NamedTuple
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

_DOTTED = regex(r"\s*([a-zA-Z_][\w-]*(?:\.[a-zA-Z_][\w-]*)*)\s*", re.ASCII)
_LITERAL_FILTERED = regex(r"""\s*('[^']*'|"[^"]*")\s*\|\s*([a-zA-Z_][\w-]*)\s*""", re.ASCII)
"""A quoted text and one filter without arguments, as the strict parser has it, too."""
_LOOKUP = regex(r"\[[^\]]+\]|[\w-]+\??", re.ASCII)
_NAME = regex(r"[\w-]+\??", re.ASCII)
_INTEGER = regex(r"-?\d+", re.ASCII)
_FLOAT = regex(r"-?\d[\d.]+", re.ASCII)
_RANGE = regex(r"\((\S+)\.\.(\S+)\)", re.ASCII)

# Few templates need the lax parser: its patterns are compiled when it is used.
_LAX_FILTER = rf"(?:\s+|{FRAGMENT}|,)+"
_LAX_ARGUMENT = rf"[:,]\s*((?:\w+\s*:\s*)?(?:{FRAGMENT}))"
_KEYWORD = rf"(\w[\w-]*)\s*:\s*({FRAGMENT})"


class Expression:
    """Something that has a value while a template runs."""

    __slots__ = ()

    def value(self, run: Run) -> object:
        """The value, now."""
        raise NotImplementedError  # pragma: no cover  # every kind of expression has its own


class Constant(Expression):
    """A value that is the same everywhere."""

    __slots__ = ("constant",)

    def __init__(self, constant: object) -> None:
        self.constant = constant

    def value(self, run: Run) -> object:  # noqa: ARG002  # the same in every run
        """The constant."""
        return self.constant


class Literal(Expression):
    """A quoted string, which knows its place without the quotes."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)

    def value(self, run: Run) -> object:
        """The string, with its place as origin."""
        return Text(self.text, Place(run.source, self.start, self.end, run.parent))


NIL: Final = Constant(None)
_WORDS: Final = {
    "": None, "nil": None, "null": None, "true": True, "false": False, "empty": Method("empty"), "blank": Method("blank"),
}  # fmt: skip
_MISSING: Final = object()


class Command(str):
    """`size`, `first` or `last` after a dot: a key, or else a question to the value."""

    __slots__ = ()


class Lookup(Expression):
    """A variable and the keys that lead from it: `page.gallery[0]`."""

    __slots__ = ("keys", "name", "path")

    def __init__(self, name: str | Expression, keys: Sequence[object]) -> None:
        self.name = name
        self.keys = tuple(keys)
        self.path: tuple[str, ...] = ()
        """The dotted spelling, when every key is static; else nothing."""
        if isinstance(name, str) and all(isinstance(key, (str, int)) for key in keys):
            self.path = (name, *map(str, keys))

    def value(self, run: Run) -> object:
        """What stands there; None where nothing does."""
        name = self.name
        if not isinstance(name, str):
            named = name.value(run)
            if (unknown := first_unknown((named,))) is not None:
                return unknown
            name = named if isinstance(named, str) else ""
        found = run.locals.get(name, _MISSING)
        if found is _MISSING:
            found = run.variable(name)
        for key in self.keys:
            if found.__class__ is dict:
                item = found.get(key, _MISSING)
                if item is not _MISSING:
                    found = item
                    continue
            found = self._follow(found, key, run)
        return found

    @staticmethod
    def _follow(value: object, key: object, run: Run) -> object:
        if isinstance(value, Unknown):
            return value
        if isinstance(key, Expression):
            key = key.value(run)
            if (unknown := first_unknown((key,))) is not None:
                return unknown
        return follow(value, key)


def follow(value: object, key: object) -> object:
    """One step from a value to what it holds under a key (Liquid's VariableLookup)."""
    if isinstance(value, Unknown):
        return value
    if is_drop(value):
        return value.get(key) if isinstance(key, str) else None
    if isinstance(value, dict):
        if isinstance(key, (str, int, float)) and key in value:
            return value[key]
        if key.__class__ is Command:
            return {"size": len(value), "first": next(([*pair] for pair in value.items()), None)}.get(key)
        return None
    if isinstance(value, list):
        if isinstance(key, int) and not isinstance(key, bool):
            return value[key] if -len(value) <= key < len(value) else None
        if key.__class__ is Command:
            return len(value) if key == "size" else (value[0 if key == "first" else -1] if value else None)
        return None
    if key.__class__ is Command:
        if key == "size":
            return size(value)
        if isinstance(value, Range):
            return value.first if key == "first" else value.last
    return None


def size(value: object) -> object:
    """Ruby's `size`, None for what has none; an Integer's is its bytes."""
    if isinstance(value, Partial):
        return Unknown("it is the length of a text that is not known in full")
    if isinstance(value, Range):
        return value.size
    if isinstance(value, (str, list, dict)):
        return len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return max(8, (value.bit_length() + 63) // 64 * 8)
    return Unknown("an object's size is not known") if is_drop(value) else None


class RangeOf(Expression):
    """`(first..last)` with a variable in it."""

    __slots__ = ("first", "last")

    def __init__(self, first: Expression, last: Expression) -> None:
        self.first = first
        self.last = last

    def value(self, run: Run) -> object:
        """The range of the two values as integers."""
        ends = (self.first.value(run), self.last.value(run))
        unknown = first_unknown(ends)
        if unknown is not None:
            return unknown
        return Range(*(to_i(end) if end is None or isinstance(end, str) else to_integer(end) for end in ends))


class Call(NamedTuple):
    """A filter with its arguments."""

    name: str
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]


class Filtered(Expression):
    """A value and the filters that it goes through: what stands in `{{ }}` and after `assign`, from `start` to `end`."""

    __slots__ = ("base", "calls", "end", "start")

    def __init__(self, base: Expression, calls: Sequence[Call], start: int, end: int) -> None:
        self.base = base
        self.calls = tuple(calls)
        self.start = start
        self.end = end

    def value(self, run: Run) -> object:
        """The value behind the last filter.

        Raises `LiquidError` where a filter does.
        """
        value = self.base.value(run)
        for index, call in enumerate(self.calls):
            arguments: list[object] = [argument.value(run) for argument in call.arguments]
            if call.keywords:
                arguments.append({key: argument.value(run) for key, argument in call.keywords})
            result = run.filter(call.name, value, arguments)
            if call.name in _SELECTING:
                run.selected(self, index, value, arguments, result)
            value = result
        if isinstance(value, (str, list)) and len(value) > LONGEST:
            return Unknown("the value is too long")
        return value


_SELECTING: Final = frozenset({"where", "find"})


def parse_expression(markup: str, start: int) -> Expression:
    """The expression that a piece of markup without outer spaces stands for; any text stands for one."""
    if len(markup) > 1 and markup[0] in "'\"" and markup[-1] == markup[0]:
        return Literal(markup[1:-1], start + 1)
    return _bare(markup) if len(markup) < 200 else _bare.__wrapped__(markup)


@lru_cache(maxsize=4096)
def _bare(markup: str) -> Expression:
    if markup in _WORDS:
        return Constant(_WORDS[markup])
    if _INTEGER.fullmatch(markup):
        return Constant(to_i(markup))
    if (match := _RANGE.fullmatch(markup)) and markup.count("(") < NESTED:
        ends = [_unquoted(match[1]), _unquoted(match[2])]
        if all(isinstance(end, Constant) for end in ends):
            return Constant(Range(*(to_i(end.constant) for end in ends if isinstance(end, Constant))))
        return RangeOf(*ends)
    if _FLOAT.fullmatch(markup):
        head, _, tail = markup.partition(".")
        digits = re.match(r"\d*", tail, re.ASCII)
        return Constant(float(f"{head}.{digits[0] if digits and digits[0] else '0'}"))
    closed = markup.rfind("]") + 1  # no bracket behind is ever closed: each would be looked for to the end
    names = _LOOKUP.findall(markup, 0, closed) + _NAME.findall(markup, closed)
    if not names:
        return NIL
    first, *rest = names
    name = _key(first)
    return Lookup(name if isinstance(name, (str, Expression)) else Constant(name), [_key(key) for key in rest])


def _unquoted(markup: str) -> Expression:
    expression = parse_expression(markup, 0)
    return Constant(expression.text) if isinstance(expression, Literal) else expression


def _key(name: str) -> object:
    if name[0] == "[":
        inner = _unquoted(name[1:-1])
        return inner.constant if isinstance(inner, Constant) else inner
    return Command(name) if name in {"size", "first", "last"} else name


def parse_filtered(markup: str, start: int) -> Filtered:
    """What stands in `{{ }}`: strictly if it can be, else as much of it as Liquid's lax parser finds."""
    if match := _DOTTED.fullmatch(markup):
        return Filtered(_bare(match[1]), (), start, start + len(markup))
    if match := _LITERAL_FILTERED.fullmatch(markup):
        literal = parse_expression(match[1], start + match.start(1))
        return Filtered(literal, (Call(match[2], (), ()),), start, start + len(markup))
    try:
        base, calls = _strict_filtered(markup, start)
    except SyntaxFault:
        base, calls = _lax_filtered(markup, start)
    return Filtered(base, calls, start, start + len(markup))


def _strict_filtered(markup: str, start: int) -> tuple[Expression, list[Call]]:
    parser = Strict(markup, start)
    base = parse_expression(*parser.expression())
    calls = []
    while parser.take("|"):
        name = parser.need("id")
        arguments: list[Expression] = []
        keywords: list[tuple[str, Expression]] = []
        more = parser.take(":")
        while more:
            if parser.look("id") and parser.look(":", 1):
                keyword = parser.need("id")
                parser.need(":")
                keywords.append((keyword, parse_expression(*parser.expression())))
            else:
                arguments.append(parse_expression(*parser.expression()))
            more = parser.take(",")
        calls.append(Call(name, tuple(arguments), tuple(keywords)))
    parser.need("end")
    return base, calls


def _lax_filtered(markup: str, start: int) -> tuple[Expression, list[Call]]:
    base = re.search(FRAGMENT, markup, re.ASCII)
    if base is None:
        return NIL, []
    at = markup.find("|", base.end()) + 1
    found = re.finditer(_LAX_FILTER, markup[at:], re.ASCII) if at else ()
    calls = [
        _lax_call(name[0], each[0], start + at + each.start())
        for each in found
        if (name := re.search(r"\w+", each[0], re.ASCII))
    ]
    return parse_expression(base[0], start + base.start()), calls


def _lax_call(name: str, markup: str, start: int) -> Call:
    arguments: list[Expression] = []
    keywords: list[tuple[str, Expression]] = []
    for match in re.finditer(_LAX_ARGUMENT, markup, re.ASCII):
        at = start + match.start(1)
        keyword = re.fullmatch(_KEYWORD, match[1], re.ASCII)
        if keyword is None:
            arguments.append(parse_expression(match[1], at))
        else:
            keywords.append((keyword[1], parse_expression(keyword[2], at + keyword.start(2))))
    return Call(name, tuple(arguments), tuple(keywords))
