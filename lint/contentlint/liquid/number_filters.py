"""Filters that reckon, with Liquid's integers and decimals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from contentlint.liquid.filtering import Undetermined, no_method
from contentlint.liquid.values import WHITESPACE, LiquidError, Range, Unknown, is_drop, to_i
from contentlint.regex import regex

if TYPE_CHECKING:
    from decimal import Decimal

    from contentlint.liquid.run import Run

_DECIMAL = regex(r"-?\d+\.\d+", re.ASCII)


def number(value: object) -> int | Decimal:
    """Liquid's `to_number`: floats and decimal strings as decimals, other strings as integers, all else 0."""
    from decimal import Decimal  # few templates reckon

    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if value - value != 0:
            raise Undetermined(Unknown("a number is not finite"))
        return Decimal(repr(value))
    if isinstance(value, str):
        return Decimal(value.strip(WHITESPACE)) if _DECIMAL.fullmatch(value.strip(WHITESPACE)) else to_i(value)
    if is_drop(value):
        raise Undetermined(Unknown("an object is reckoned with"))
    return 0


def _plain(result: int | Decimal) -> object:
    if not isinstance(result, int):
        return float(result)
    if result.bit_length() > 4096:
        return Unknown("the number is too long")
    return result


def _reckon(value: object, operand: object, operation: Callable[[Any, Any], Any]) -> object:
    from decimal import Decimal, localcontext

    left, right = number(value), number(operand)
    if isinstance(left, int) and isinstance(right, int):
        return _plain(operation(left, right))
    with localcontext() as context:
        context.prec = 60
        return _plain(operation(Decimal(left), Decimal(right)))


def abs_(_run: Run, value: object) -> object:
    amount = number(value)
    return _plain(-amount if amount < 0 else amount)


def plus(_run: Run, value: object, operand: object) -> object:
    return _reckon(value, operand, lambda left, right: left + right)


def minus(_run: Run, value: object, operand: object) -> object:
    return _reckon(value, operand, lambda left, right: left - right)


def times(_run: Run, value: object, operand: object) -> object:
    return _reckon(value, operand, lambda left, right: left * right)


def divided_by(_run: Run, value: object, operand: object) -> object:
    divisor = number(operand)
    if divisor == 0:
        if not isinstance(divisor, int) or not isinstance(number(value), int):
            return Unknown("what a division of decimals by zero yields depends on Ruby's version")
        raise LiquidError("Liquid error: divided by 0")
    return _reckon(value, operand, lambda left, right: left // right if isinstance(left, int) else left / right)


def modulo(_run: Run, value: object, operand: object) -> object:
    if number(operand) == 0:
        raise LiquidError("Liquid error: divided by 0")

    def remainder(left: Any, right: Any) -> Any:
        result = left % right
        return result + right if result and (result < 0) != (right < 0) else result

    return _reckon(value, operand, remainder)


def round_(_run: Run, value: object, digits: object = 0) -> object:
    from decimal import ROUND_HALF_UP, Decimal, localcontext

    amount, places = number(value), int(number(digits))
    if abs(places) > 300:
        return Unknown("a number is rounded to very many digits")
    if isinstance(amount, int) and places >= 0:
        return amount
    with localcontext() as context:
        context.prec = 700
        rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(rounded) if places > 0 else int(rounded)


def ceil(_run: Run, value: object) -> object:
    amount = number(value)
    return _plain(-(-amount // 1) if isinstance(amount, int) else int(amount.to_integral_value("ROUND_CEILING")))


def floor(_run: Run, value: object) -> object:
    amount = number(value)
    return _plain(amount if isinstance(amount, int) else int(amount.to_integral_value("ROUND_FLOOR")))


def at_least(_run: Run, value: object, least: object) -> object:
    return _plain(max(number(value), number(least)))


def at_most(_run: Run, value: object, most: object) -> object:
    return _plain(min(number(value), number(most)))


def to_integer_(_run: Run, value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (list, dict, Range)) or is_drop(value):
        raise no_method("to_i", value)
    return to_i(value)


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "abs": abs_, "at_least": at_least, "at_most": at_most, "ceil": ceil, "divided_by": divided_by, "floor": floor, "minus": minus,
    "modulo": modulo, "plus": plus, "round": round_, "times": times, "to_integer": to_integer_,
}  # fmt: skip
