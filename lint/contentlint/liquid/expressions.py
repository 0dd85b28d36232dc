"""Liquid's expressions: parsed strictly and, where that fails, laxly (Jekyll's `error_mode: warn`), then evaluated.

A port of Liquid 4.0.4's lexer, parser, `Expression`, `VariableLookup`, `Variable` and `Condition`. Offsets are those of the template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from contentlint.liquid.values import (
    LONGEST,
    LiquidError,
    Partial,
    Place,
    Range,
    Text,
    Unknown,
    first_unknown,
    is_drop,
    is_number,
    order,
    same,
    to_i,
    to_integer,
    to_s,
    truth,
    type_name,
)

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

QUOTED = r""""[^"]*"|'[^']*'"""
FRAGMENT = rf"""{QUOTED}|(?:[^\s,|'"]|{QUOTED})+"""
ATTRIBUTE = re.compile(rf"(\w[\w-]*)\s*:\s*({FRAGMENT})", re.ASCII)
"""`key: value` in a tag (Liquid's TagAttributes)."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<comparison>==|!=|<>|<=?|>=?|contains(?=\s))|(?P<string>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<id>[a-zA-Z_][\w-]*\??)|(?P<dotdot>\.\.)|(?P<special>[|.:,\[\]()?-])|(?P<end>\Z))""",
    re.ASCII,
)
_DOTTED = re.compile(r"\s*([a-zA-Z_][\w-]*(?:\.[a-zA-Z_][\w-]*)*)\s*", re.ASCII)
_LOOKUP = re.compile(r"\[[^\]]+\]|[\w-]+\??", re.ASCII)
_INTEGER = re.compile(r"-?\d+", re.ASCII)
_FLOAT = re.compile(r"-?\d[\d.]+", re.ASCII)
_RANGE = re.compile(r"\((\S+)\.\.(\S+)\)", re.ASCII)
_FRAGMENT = re.compile(FRAGMENT, re.ASCII)
_LAX_FILTERS = re.compile(r"\|\s*(.*)", re.ASCII | re.DOTALL)
_LAX_FILTER = re.compile(rf"(?:\s+|{FRAGMENT}|,)+", re.ASCII)
_LAX_ARGUMENT = re.compile(rf"[:,]\s*((?:\w+\s*:\s*)?(?:{FRAGMENT}))", re.ASCII)
_KEYWORD = re.compile(rf"\A(\w[\w-]*)\s*:\s*({FRAGMENT})\Z", re.ASCII)
_WORD = re.compile(r"\w+", re.ASCII)
_LAX_CONDITION = re.compile(rf"({FRAGMENT})\s*([=!<>a-z_]+)?\s*({FRAGMENT})?", re.ASCII)
_LAX_CHAIN = re.compile(
    rf"\b(?:\s?and\s?|\s?or\s?)\b|(?:\s*(?!\b(?:\s?and\s?|\s?or\s?)\b)(?:{FRAGMENT}|\S+)\s*)+", re.ASCII
)
_NESTED = 40  # deeper ranges and brackets than this nobody writes; they are read as lax text


class SyntaxFault(Exception):  # noqa: N818  # a fault of the template, not of this program
    """What the strict parser refuses; raised to a template's problem only where the lax one refuses it, too."""


class Expression:
    """Something that has a value while a template runs."""

    __slots__ = ()

    def value(self, run: Run) -> object:
        """The value, now."""
        raise NotImplementedError


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


class Method:
    """`empty` or `blank` on one side of a comparison."""

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


EMPTY: Final = Constant(Method("empty"))
BLANK: Final = Constant(Method("blank"))
NIL: Final = Constant(None)
_WORDS: Final = {"": None, "nil": None, "null": None, "true": True, "false": False, "empty": "", "blank": ""}
_MISSING: Final = object()


class Command(str):
    """`size`, `first` or `last` after a dot: a key, or else a question to the value."""

    __slots__ = ()


class Lookup(Expression):
    """A variable and the keys that lead from it: `page.gallery[0]`."""

    __slots__ = ("keys", "name")

    def __init__(self, name: str | Expression, keys: Sequence[object]) -> None:
        self.name = name
        self.keys = tuple(keys)

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

    def path(self) -> tuple[str, ...]:
        """The dotted spelling, when every key is static; else nothing."""
        if not isinstance(self.name, str) or not all(isinstance(key, (str, int)) for key in self.keys):
            return ()
        return (self.name, *map(str, self.keys))


def follow(value: object, key: object) -> object:
    """One step from a value to what it holds under a key (Liquid's VariableLookup)."""
    if isinstance(value, Unknown):
        return value
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
    if is_drop(value):
        return value.get(key) if isinstance(key, str) else None
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


class Comparison:
    """One term of a condition: a value, or two and an operator."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Expression, operator: str | None = None, right: Expression = NIL) -> None:
        self.left = left
        self.operator = operator
        self.right = right

    def truth(self, run: Run) -> bool | Unknown:
        """Whether it holds.

        Raises `LiquidError` for values that Ruby cannot compare and for an unknown operator.
        """
        left = self.left.value(run)
        if self.operator is None:
            return truth(left)
        return compare(self.operator, left, self.right.value(run))


def compare(operator: str, left: object, right: object) -> bool | Unknown:
    """Liquid's comparison operators."""
    if operator in {"==", "!=", "<>"}:
        if isinstance(left, Method):
            answer = left.of(right)
        elif isinstance(right, Method):
            answer = right.of(left)
        else:
            answer = same(left, right)
        return answer if operator == "==" or isinstance(answer, Unknown) else not answer
    if operator == "contains":
        return contains(left, right)
    if operator not in {"<", ">", "<=", ">="}:
        raise LiquidError(f"Liquid error: Unknown operator {operator}")
    if (unknown := first_unknown((left, right))) is not None:
        return unknown
    if not _ordered(left) or not _ordered(right):
        return Unknown("objects are compared") if is_drop(left) or is_drop(right) else False
    sign = order(left, right)
    if sign is None:
        shown = to_s(right) if is_number(right) else type_name(right)
        raise LiquidError(f"Liquid error: comparison of {type_name(left)} with {shown} failed")
    return {"<": sign < 0, ">": sign > 0, "<=": sign <= 0, ">=": sign >= 0}[operator]


def _ordered(value: object) -> bool:
    return isinstance(value, str) or is_number(value) or (hasattr(value, "strftime"))


def contains(left: object, right: object) -> bool | Unknown:
    """The operator `contains`."""
    if left is None or left is False or right is None or right is False:
        return False
    if (unknown := first_unknown((left, right))) is not None:
        return unknown
    if isinstance(left, str):
        text = to_s(right)
        return text if isinstance(text, Unknown) else text in left
    if isinstance(left, list):
        answers = [same(item, right) for item in left]
        return True if True in answers else first_unknown(answers) or False
    if isinstance(left, dict):
        return isinstance(right, (str, int, float)) and right in left
    if isinstance(left, Range):
        return is_number(right) and left.first <= right <= left.last
    return Unknown("what an object contains is not known") if is_drop(left) else False


class Condition:
    """Comparisons joined by `and` and `or`, the right one binding closer, as Liquid has it."""

    __slots__ = ("relations", "terms")

    def __init__(self, terms: Sequence[Comparison], relations: Sequence[str]) -> None:
        self.terms = terms
        self.relations = relations

    def truth(self, run: Run) -> bool | Unknown:
        """Whether it holds: an Unknown term leaves the answer known where the others decide it."""
        doubts: list[tuple[str, Unknown]] = []
        answer: bool | Unknown = False
        for index, term in enumerate(self.terms):
            answer = term.truth(run)
            if index == len(self.relations):
                break
            relation = self.relations[index]
            if isinstance(answer, Unknown):
                doubts.append((relation, answer))
            elif answer == (relation == "or"):
                break
        for relation, doubt in reversed(doubts):
            if answer is not (relation == "or"):
                answer = doubt
        return answer


class Strict:
    """Liquid's strict parser over the tokens of one piece of markup."""

    __slots__ = ("_depth", "_next", "_tokens")

    def __init__(self, markup: str, start: int) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        self._next = 0
        self._depth = 0
        position = 0
        while True:
            match = _TOKEN.match(markup, position)
            if match is None:
                raise SyntaxFault(f"Unexpected character in {markup.strip()!r}")
            kind = match.lastgroup or ""
            text = match[kind]
            self._tokens.append((text if kind == "special" else kind, text, start + match.end() - len(text)))
            if kind == "end":
                return
            position = match.end()

    def look(self, kind: str, ahead: int = 0) -> bool:
        """Whether the next token (or one further on) is of a kind."""
        at = self._next + ahead
        return at < len(self._tokens) and self._tokens[at][0] == kind

    def take(self, kind: str) -> str | None:
        """The next token's text if it is of that kind, which consumes it."""
        token = self._tokens[self._next]
        if token[0] != kind:
            return None
        self._next += 1
        return token[1]

    def need(self, kind: str) -> str:
        """The next token's text; it must be of that kind."""
        text = self.take(kind)
        if text is None:
            raise SyntaxFault(f"Expected {kind} but found {self._tokens[self._next][0]}")
        return text

    def word(self, *names: str) -> str | None:
        """The next token if it is one of these identifiers, which consumes it."""
        kind, text, _ = self._tokens[self._next]
        if kind != "id" or text not in names:
            return None
        self._next += 1
        return text

    def expression(self) -> tuple[str, int]:
        """The markup of an expression without its spaces, and where it starts."""
        kind, text, start = self._tokens[self._next]
        if kind in {"string", "number"}:
            self._next += 1
            return text, start
        if kind == "id":
            self._next += 1
            return text + self._lookups(), start
        if kind == "(":
            self._next += 1
            first = self._inner()
            self.need("dotdot")
            last = self._inner()
            self.need(")")
            return f"({first}..{last})", start
        raise SyntaxFault(f"{text!r} is not a valid expression")

    def _inner(self) -> str:
        self._depth += 1
        if self._depth > _NESTED:
            raise SyntaxFault("nested too deep")
        markup = self.expression()[0]
        self._depth -= 1
        return markup

    def _lookups(self) -> str:
        found = []
        while True:
            if self.take("["):
                found.append(f"[{self._inner()}]")
                self.need("]")
            elif self.take("."):
                found.append(f".{self.need('id')}")
            else:
                return "".join(found)


def parse_expression(markup: str, start: int, *, condition: bool = False) -> Expression:
    """The expression that a piece of markup without outer spaces stands for; any text stands for one.

    `condition`: it is one side of a comparison, where `empty` and `blank` ask rather than stand for "".
    """
    if len(markup) > 1 and markup[0] in "'\"" and markup[-1] == markup[0]:
        return Literal(markup[1:-1], start + 1)
    if condition and markup in {"empty", "blank"}:
        return EMPTY if markup == "empty" else BLANK
    return _bare(markup)


@lru_cache(maxsize=4096)
def _bare(markup: str) -> Expression:
    if markup in _WORDS:
        return Constant(_WORDS[markup])
    if _INTEGER.fullmatch(markup):
        return Constant(to_i(markup))
    if (match := _RANGE.fullmatch(markup)) and markup.count("(") < _NESTED:
        ends = [_unquoted(match[1]), _unquoted(match[2])]
        if all(isinstance(end, Constant) for end in ends):
            return Constant(Range(*(to_i(end.constant) for end in ends if isinstance(end, Constant))))
        return RangeOf(*ends)
    if _FLOAT.fullmatch(markup):
        head, _, tail = markup.partition(".")
        digits = re.match(r"\d*", tail, re.ASCII)
        return Constant(float(f"{head}.{digits[0] if digits and digits[0] else '0'}"))
    names = _LOOKUP.findall(markup)
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
    match = _FRAGMENT.search(markup)
    if match is None:
        return NIL, []
    base = parse_expression(match[0], start + match.start())
    calls: list[Call] = []
    if filters := _LAX_FILTERS.search(markup, match.end()):
        found = _LAX_FILTER.finditer(markup, filters.start(1))
        calls = [_lax_call(name[0], each[0], start + each.start()) for each in found if (name := _WORD.search(each[0]))]
    return base, calls


def _lax_call(name: str, markup: str, start: int) -> Call:
    arguments: list[Expression] = []
    keywords: list[tuple[str, Expression]] = []
    for match in _LAX_ARGUMENT.finditer(markup):
        at = start + match.start(1)
        keyword = _KEYWORD.match(match[1])
        if keyword is None:
            arguments.append(parse_expression(match[1], at))
        else:
            keywords.append((keyword[1], parse_expression(keyword[2], at + keyword.start(2))))
    return Call(name, tuple(arguments), tuple(keywords))


def parse_condition(markup: str, start: int) -> Condition:
    """The condition of `if`, `elsif` and `unless`.

    Raises `SyntaxFault` for what not even Liquid's lax parser accepts.
    """
    try:
        return strict_condition(markup, start)
    except SyntaxFault:
        return _lax_condition(markup, start)


def strict_condition(markup: str, start: int) -> Condition:
    """A condition as the strict parser has it, which alone reads those of `where_exp`.

    Raises `SyntaxFault`.
    """
    parser = Strict(markup, start)
    terms: list[Comparison] = []
    relations: list[str] = []
    while True:
        left = parse_expression(*parser.expression(), condition=True)
        operator = parser.take("comparison")
        terms.append(
            Comparison(left, operator, parse_expression(*parser.expression(), condition=True))
            if operator
            else Comparison(left)
        )
        relation = parser.word("and", "or")
        if relation is None:
            parser.need("end")
            return Condition(terms, relations)
        relations.append(relation)


def _lax_condition(markup: str, start: int) -> Condition:
    pieces = list(_LAX_CHAIN.finditer(markup))
    terms = [_lax_comparison(piece, start) for piece in pieces[::-1][::2]][::-1]
    relations = [piece[0].strip() for piece in pieces[::-1][1::2]][::-1]
    if not terms or len(relations) != len(terms) - 1 or any(relation not in {"and", "or"} for relation in relations):
        raise SyntaxFault("Syntax Error in tag 'if' - Valid syntax: if [expression]")
    return Condition(terms, relations)


def _lax_comparison(piece: re.Match[str], start: int) -> Comparison:
    match = _LAX_CONDITION.search(piece[0])
    if match is None:
        raise SyntaxFault("Syntax Error in tag 'if' - Valid syntax: if [expression]")
    start += piece.start()
    left = parse_expression(match[1], start + match.start(1), condition=True)
    right = parse_expression(match[3], start + match.start(3), condition=True) if match[3] is not None else NIL
    return Comparison(left, match[2], right)
