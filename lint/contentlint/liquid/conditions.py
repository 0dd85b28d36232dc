"""Conditions: comparisons joined by `and` and `or`, a port of Liquid 4.0.4's `Condition` and of how `if` parses one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contentlint.liquid.expressions import NIL, Expression, parse_expression
from contentlint.liquid.syntax import FRAGMENT, Strict, SyntaxFault
from contentlint.liquid.values import (
    LiquidError,
    Method,
    Range,
    Unknown,
    first_unknown,
    is_drop,
    is_number,
    order,
    same,
    to_s,
    truth,
    type_name,
)

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

_LAX_CONDITION = rf"({FRAGMENT})\s*([=!<>a-z_]+)?\s*({FRAGMENT})?"
_LAX_CHAIN = rf"\b(?:\s?and\s?|\s?or\s?)\b|(?:\s*(?!\b(?:\s?and\s?|\s?or\s?)\b)(?:{FRAGMENT}|\S+)\s*)+"


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
        for term, relation in zip(self.terms, (*self.relations, ""), strict=True):
            try:
                answer = term.truth(run)
            except LiquidError as error:
                if not doubts:
                    raise
                answer = Unknown(f"it may fail: {error}")
            if isinstance(answer, Unknown):
                doubts.append((relation, answer))
            elif answer == (relation == "or"):
                break
        for relation, doubt in reversed(doubts):
            if answer is not (relation == "or"):
                answer = doubt
        return answer


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
        left = parse_expression(*parser.expression())
        operator = parser.take("comparison")
        terms.append(
            Comparison(left, operator, parse_expression(*parser.expression())) if operator else Comparison(left)
        )
        relation = parser.word("and", "or")
        if relation is None:
            parser.need("end")
            return Condition(terms, relations)
        relations.append(relation)


def _lax_condition(markup: str, start: int) -> Condition:
    pieces = list(re.finditer(_LAX_CHAIN, markup, re.ASCII))
    terms = [_lax_comparison(piece, start) for piece in pieces[::-1][::2]][::-1]
    relations = [piece[0].strip() for piece in pieces[::-1][1::2]][::-1]
    if not terms or len(relations) != len(terms) - 1 or any(relation not in {"and", "or"} for relation in relations):
        raise SyntaxFault("Syntax Error in tag 'if' - Valid syntax: if [expression]")
    return Condition(terms, relations)


def _lax_comparison(piece: re.Match[str], start: int) -> Comparison:
    match = re.search(_LAX_CONDITION, piece[0], re.ASCII)
    if match is None:
        raise SyntaxFault("Syntax Error in tag 'if' - Valid syntax: if [expression]")
    start += piece.start()
    left = parse_expression(match[1], start + match.start(1))
    right = parse_expression(match[3], start + match.start(3)) if match[3] is not None else NIL
    return Comparison(left, match[2], right)
