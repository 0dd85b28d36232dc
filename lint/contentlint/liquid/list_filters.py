"""Filters of lists: Liquid 4.0.4's, and Jekyll 4.3's, which select, find, group and sort by properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contentlint.liquid.conditions import Condition, strict_condition
from contentlint.liquid.expressions import Expression, follow, parse_filtered
from contentlint.liquid.filtering import Undetermined, identity, items, known, no_method, sorted_by, text_of
from contentlint.liquid.syntax import SyntaxFault
from contentlint.liquid.values import (
    Kept,
    LiquidError,
    Method,
    Range,
    Unknown,
    derived,
    is_drop,
    is_number,
    order,
    to_f,
    to_i,
    to_integer,
    to_s,
    type_name,
)
from contentlint.liquid.values import join as join_items
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

_INTEGER_LIKE = regex(r"\s*-?\d+\s*", re.ASCII)
_FLOAT_LIKE = regex(r"\s*-?(?:\d+\.?\d*|\.\d+)\s*", re.ASCII)
_MISSING: Final = object()


def sort_natural(_run: Run, value: object, key: object = None) -> object:
    found = items(value)
    if key is not None and any(item is None or isinstance(item, (bool, float)) for item in found):
        return None
    keys = found if key is None or len(found) < 2 else [select(item, key) for item in found]
    known(keys)
    texts = [None if each is None else _ascii_lower(text_of(each)) for each in keys]
    order = sorted(range(len(found)), key=lambda index: (texts[index] is None, texts[index] or ""))
    return [found[index] for index in order]


def _ascii_lower(text: str) -> str:
    return re.sub(r"[A-Z]+", lambda match: match[0].lower(), text)


def select(item: object, key: object) -> object:
    """Ruby's `item[key]`, which of a number is a bit and of a text a part; nil for what has no `[]`."""
    if isinstance(item, (dict, Unknown)) or is_drop(item):
        return follow(item, str(key) if isinstance(key, str) else key)
    if not isinstance(item, (str, int)) or isinstance(item, bool):
        return None
    known((item,))
    if isinstance(item, str) and isinstance(key, str):
        return key if key in item else None
    if isinstance(key, Range):
        raise Undetermined(Unknown("a part of a text or a number is taken"))
    if not is_number(key):
        raise LiquidError(f"Liquid error: cannot select the property '{to_s(key)}'")
    at = to_i(key)
    if isinstance(item, int):
        return item >> min(at, 100_000) & 1 if at >= 0 else 0
    return derived(item[at], item) if -len(item) <= at < len(item) else None


def uniq(_run: Run, value: object, key: object = None) -> object:
    found = items(value)
    if len(found) < 2:
        return found
    keys = found if key is None else [select(item, key) for item in found]
    return [found[index] for index in _firsts(keys)]


def _firsts(keys: Sequence[object]) -> list[int]:
    """The index of each key that no earlier one equals."""
    known(keys)
    seen: dict[object, int] = {}
    for index, key in enumerate(keys):
        seen.setdefault(identity(key), index)
    return list(seen.values())


def compact(_run: Run, value: object, key: object = None) -> object:
    found = items(value)
    if key is not None and any(item is None or isinstance(item, (bool, float)) for item in found):
        return None
    keys = found if key is None else [select(item, key) for item in found]
    known(each for each in keys if isinstance(each, Unknown))
    return [item for item, each in zip(found, keys, strict=True) if each is not None]


def reverse(_run: Run, value: object) -> object:
    return items(value)[::-1]


def map_(_run: Run, value: object, key: object) -> object:
    return [select(item, key) for item in items(value)]


def concat(_run: Run, value: object, other: object) -> object:
    if not isinstance(other, list):
        raise LiquidError("Liquid error: concat filter requires an array argument")
    return [*items(value), *other]


def join(_run: Run, value: object, glue: object = " ") -> object:
    return join_items(items(value), text_of(glue))


def where(run: Run, value: object, key: object, target: object) -> object:
    if key is None or key is False or isinstance(target, (list, dict)) or not _is_list(value):
        return value
    if target is None and run.context.jekyll < 4:
        return value
    if not isinstance(value, Kept) or not isinstance(key, str):
        return [item for item in _members(value) if _matches(_property(item, key), target)]
    asked = (type(target), target, key)
    if asked not in value.selected:
        value.selected[asked] = Kept(item for item in value if _matches(_property(item, key), target))
    return value.selected[asked]


def find(_run: Run, value: object, key: object, target: object) -> object:
    if key is None or key is False or isinstance(target, (list, dict)) or not _is_list(value):
        return value
    return next((item for item in _members(value) if _matches(_property(item, key), target)), None)


def _is_list(value: object) -> bool:
    if is_drop(value):
        raise Undetermined(Unknown("an object is filtered as a list"))
    return isinstance(value, (list, dict, Range))


def _members(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return items(value) if isinstance(value, Range) else value  # type: ignore[return-value]  # a list


def _matches(found: object, target: object) -> bool:
    if target is None:
        return found is None
    wanted = text_of(target)
    if isinstance(target, Method) and not isinstance(found, str):
        return join_items(_several(found), "") == wanted
    if isinstance(found, str):
        return found == wanted
    if found is None:
        return False
    return any(text_of(item) == wanted for item in _several(found))


def _several(value: object) -> list[object]:
    """Ruby's `Array(value)`."""
    if isinstance(value, dict):
        return [[*pair] for pair in value.items()]
    return value if isinstance(value, list) else [value]


def _property(item: object, key: object) -> object:
    """Jekyll's `item_property`: a dotted key leads on, and what looks like a number is one."""
    name = text_of(key)
    found: object = item
    for each in name.split(".") if "." in name else [name]:
        found = _member(found, each, first=found is item)
    known((found,))
    if isinstance(found, list):
        known(found)
        return found
    text = to_s(found)
    if isinstance(text, str) and text:
        if _INTEGER_LIKE.fullmatch(text):
            return to_i(text)
        if _FLOAT_LIKE.fullmatch(text):
            return to_f(text)
    return found


def _member(value: object, key: str, *, first: bool) -> object:
    if isinstance(value, (dict, Unknown)) or is_drop(value):
        return follow(value, key)
    if isinstance(value, str):
        known((value,))
        return key if key in value else None
    if not first and (value is None or isinstance(value, bool)):
        return False if value is None else value and _fails(value, key)
    return _fails(value, key)


def _fails(value: object, key: str) -> object:
    raise LiquidError(f"Liquid error: {type_name(value)} has no property '{key}'")


@lru_cache(maxsize=256)
def _condition(markup: str) -> Condition:
    return strict_condition(markup, 0)


def _parsed(expression: object) -> Condition:
    try:
        return _condition(str(text_of(expression)))
    except SyntaxFault as fault:
        raise LiquidError(f"Liquid syntax error: {fault}") from None


def _with(
    run: Run, variable: object, values: Sequence[object], ask: Callable[[], object]
) -> Generator[object, None, None]:
    """The answer for each value, with the variable set to it."""
    name = str(text_of(variable))
    outer = run.locals.get(name, _MISSING)
    try:
        for value in values:
            run.spend(1)
            run.locals[name] = value
            yield ask()
    finally:
        if outer is _MISSING:
            run.locals.pop(name, None)
        else:
            run.locals[name] = outer


def where_exp(run: Run, value: object, variable: object, expression: object) -> object:
    if not _is_list(value):
        return value
    condition = _parsed(expression)
    members = _members(value)
    answers = list(_with(run, variable, members, lambda: condition.truth(run)))
    known(answers)
    return [item for item, answer in zip(members, answers, strict=True) if answer is True]


def find_exp(run: Run, value: object, variable: object, expression: object) -> object:
    if not _is_list(value):
        return value
    condition = _parsed(expression)
    members = _members(value)
    answers = _with(run, variable, members, lambda: condition.truth(run))
    try:
        for item, answer in zip(members, answers, strict=False):
            known((answer,))
            if answer is True:
                return item
    finally:
        answers.close()
    return None


def group_by(_run: Run, value: object, key: object) -> object:
    if isinstance(value, dict) or not _is_list(value):
        return _ungrouped(value)
    members = _members(value)
    return _grouped(members, [text_of(_property(item, key)) for item in members])


def group_by_exp(run: Run, value: object, variable: object, expression: object) -> object:
    if isinstance(value, dict) or not _is_list(value):
        return _ungrouped(value)
    parsed: Expression = parse_filtered(text_of(expression), 0)
    members = _members(value)
    return _grouped(members, list(_with(run, variable, members, lambda: parsed.value(run))))


def _ungrouped(value: object) -> object:
    return Unknown("a mapping is grouped") if isinstance(value, dict) else value


def _grouped(members: Sequence[object], names: Sequence[object]) -> object:
    known(names)
    groups: dict[object, tuple[object, list[object]]] = {}
    for item, name in zip(members, names, strict=True):
        groups.setdefault(identity(name), (name, []))[1].append(item)
    return [{"name": name, "items": group, "size": len(group)} for name, group in groups.values()]


def sort(_run: Run, value: object, key: object = None, nils: object = "first") -> object:
    if value is None:
        raise LiquidError("Liquid error: Cannot sort a null object.")
    if not _is_list(value):
        raise no_method("sort", value)
    if key is None:
        found = [[*pair] for pair in value.items()] if isinstance(value, dict) else list(_members(value))
        return sorted_by(found, found, _compared)
    if nils not in ("first", "last"):
        raise LiquidError(
            f"Liquid error: Invalid nils order: '{to_s(nils)}' is not a valid nils order. It must be 'first' or 'last'."
        )
    if isinstance(value, dict):
        return Unknown("a mapping is sorted")
    sign = -1 if nils == "first" else 1

    def compare(left: object, right: object) -> int:
        if left is None or right is None:
            return 0 if left is right else sign if left is None else -sign
        answer = order(left, right)
        return answer if answer is not None else order(text_of(left), text_of(right)) or 0

    members = _members(value)
    return sorted_by(members, [_property(item, key) for item in members], compare)


def _compared(left: object, right: object) -> int:
    if is_drop(left) or is_drop(right):
        raise Undetermined(Unknown("objects are sorted"))
    answer = order(left, right)
    if answer is None:
        raise LiquidError(f"Liquid error: comparison of {type_name(left)} with {type_name(right)} failed")
    return answer


def _counted(number: object) -> int:
    count = to_integer(number)
    if count < 0:
        raise LiquidError("Liquid error: negative array size")
    return count


def pop(_run: Run, value: object, number: object = 1) -> object:
    return value[: max(0, len(value) - _counted(number))] if isinstance(value, list) else value


def push(_run: Run, value: object, item: object) -> object:
    return [*value, item] if isinstance(value, list) else value


def shift(_run: Run, value: object, number: object = 1) -> object:
    return value[_counted(number) :] if isinstance(value, list) else value


def unshift(_run: Run, value: object, item: object) -> object:
    return [item, *value] if isinstance(value, list) else value


def sample(_run: Run, value: object, _number: object = 1) -> object:
    return Unknown("an item is drawn by lot") if isinstance(value, list) else value


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "compact": compact, "concat": concat, "find": find, "find_exp": find_exp, "group_by": group_by, "group_by_exp": group_by_exp,
    "join": join, "map": map_, "pop": pop, "push": push, "reverse": reverse, "sample": sample, "shift": shift, "sort": sort,
    "sort_natural": sort_natural, "uniq": uniq, "unshift": unshift, "where": where, "where_exp": where_exp,
}  # fmt: skip
