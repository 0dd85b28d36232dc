"""What is surely valid: everyday keywords, judged in passing, so that neither engine need be imported for a page without faults.

A schema is compiled into a test of values. The test may object to what is valid, and then the engines are asked; it never
passes what jsonschema finds invalid. A schema with any other keyword has no test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from contentlint.schema.files import OLD

if TYPE_CHECKING:
    from contentlint.schema.documents import Collection, Location

Test = Callable[[Any], bool]

_TYPES: Final[Mapping[str, type]] = {
    "array": list, "boolean": bool, "integer": int, "null": type(None), "number": int, "object": dict, "string": str,
}  # fmt: skip
"""Python's types; a number with a fraction is left to the engines."""
_SIMPLE: Final = frozenset({str, int, bool, type(None)})
"""What is compared as it stands: numbers with a fraction are not."""
_PASSED: Final = frozenset(
    ["$schema", "$id", "id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly",
     "writeOnly", "$defs", "definitions", "x-reference", "x-unique"]
)  # fmt: skip
"""Keywords that say nothing of whether a value is valid."""
_JUDGED: Final = frozenset(
    ["$ref", "type", "enum", "const", "pattern", "minLength", "maxLength", "items", "minItems", "maxItems", "uniqueItems",
     "properties", "required", "additionalProperties", "minimum", "maximum", "allOf", "anyOf"]
)  # fmt: skip

_CHARACTER = r"(?:[A-Za-z0-9_/ ,:;=@#%&~\"'<>!-]|\\[dw.*+?/()\[\]{}|^$\\-])"
_PIECE = rf"(?:{_CHARACTER}|\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_/.,:;]|\\[dw.])+-?\])(?:[*+?]|\{{\d{{1,3}}(?:,\d{{0,3}})?\}})?"
_PLAIN_PATTERN: Final = rf"\^?(?:{_PIECE}|\((?:{_PIECE})+(?:\|(?:{_PIECE})+)*\)\??)*(\$)?"
"""A regular expression that all engines read alike, but for what `$` is and what is no ASCII."""
_ENDLESS: Final = r"[*+}]"
_LONGEST: Final = 500
"""Longer texts are left to an engine that bounds its steps."""


def test_of(collection: Collection) -> Test | None:
    """The test of a schema and all that it refers to; None when it says more than everyday keywords can."""
    return _Compiler(collection).test(collection.root)


class _Compiler:
    """Makes tests, each once: a schema may come back to itself deeper in the value."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._made: dict[Location, Test | None] = {}

    def test(self, location: Location) -> Test | None:
        if location not in self._made:
            made = self._made
            made[location] = lambda value: _whole(made[location], value)
            made[location] = self._made_of(self._collection.schemas.get(location), location)
        return self._made[location]

    def _made_of(self, schema: Any, location: Location) -> Test | None:
        if not isinstance(schema, dict):
            return _anything if schema is True else None
        tests: list[Test | None] = []
        if "$ref" in schema:
            target = self._collection.refs.get(location)
            tests.append(self.test(target) if target is not None else None)
        if "$ref" not in schema or self._collection.draft(location) not in OLD:
            if any(name not in _PASSED and name not in _JUDGED for name in schema):
                return None
            tests += self._own(schema, location)
        return _all_of(tests)

    def _own(self, schema: dict[str, Any], location: Location) -> list[Test | None]:
        """What a schema says itself."""
        tests: list[Test | None] = []
        if "type" in schema:
            tests.append(_typed(schema["type"]))
        if "enum" in schema or "const" in schema:
            tests += [
                _one_of(schema[name] if name == "enum" else [schema[name]])
                for name in ("enum", "const")
                if name in schema
            ]
        if not schema.keys().isdisjoint(("pattern", "minLength", "maxLength")):
            tests.append(_text(schema))
        if not schema.keys().isdisjoint(("minimum", "maximum")):
            tests.append(_number(schema))
        if not schema.keys().isdisjoint(("items", "minItems", "maxItems", "uniqueItems")):
            tests.append(self._list(schema, location))
        if not schema.keys().isdisjoint(("properties", "required", "additionalProperties")):
            tests.append(self._mapping(schema, location))
        for name in ("allOf", "anyOf"):
            if name in schema:
                inner = [self._within(location, name, number) for number in range(len(schema[name]))]
                tests.append(_all_of(inner) if name == "allOf" else _any_of(inner))
        return tests

    def _within(self, location: Location, *key: str | int) -> Test | None:
        return self.test(location._replace(key=(*location.key, *key)))

    def _list(self, schema: dict[str, Any], location: Location) -> Test | None:
        items = schema.get("items", True)
        test = self._within(location, "items") if isinstance(items, dict) else _anything if items is True else None
        low, high = _bounds(schema, "minItems", "maxItems")
        if test is None or low is None:
            return None
        unique = schema.get("uniqueItems") is True

        def fits(value: Any) -> bool:
            if type(value) is not list:
                return True
            if not low <= len(value) <= high or not all(map(test, value)):
                return False
            return not unique or ({*map(type, value)} <= {str} and len({*value}) == len(value))

        return fits

    def _mapping(self, schema: dict[str, Any], location: Location) -> Test | None:
        required = frozenset(schema.get("required", ()))
        tests = {name: self._within(location, "properties", name) for name in schema.get("properties", ())}
        additional = schema.get("additionalProperties", True)
        other: Test | None = _nothing
        if additional is True:
            other = _anything
        elif isinstance(additional, dict) and additional != {"not": {}}:
            other = self._within(location, "additionalProperties")
        if other is None or any(test is None for test in tests.values()):
            return None
        test_of: Callable[[Any, Test], Test] = tests.get  # type: ignore[assignment]  # none of them is None
        others: Test = other

        def fits(value: Any) -> bool:
            if type(value) is not dict:
                return True
            for name, each in value.items():
                if not test_of(name, others)(each) or type(name) is not str:
                    return False
            return required <= value.keys()

        return fits


def is_schema(content: Any) -> bool:
    """Whether this is surely a schema in the eyes of every draft; of what has other keywords the engines must say."""
    if not isinstance(content, dict):
        return False
    for name, value in content.items():
        known = _SHAPES.get(name)
        if known is None or not known(value):
            return False
    return True


def is_pattern(pattern: str) -> bool:
    """Whether this is surely a regular expression."""
    return _pattern(pattern) is not None


def _is_list(value: Any, fits: Test) -> bool:
    """Whether a value is a list, not empty, of different things that fit."""
    simple = isinstance(value, list) and value and all(type(each) in _SIMPLE and fits(each) for each in value)
    return bool(simple) and len({(type(each), each) for each in value}) == len(value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value in _TYPES


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


_SHAPES: Final[Mapping[str, Test]] = {
    **dict.fromkeys(("$schema", "$ref", "$comment", "title", "description", "format", "pattern"), _is_text),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _is_count),
    **dict.fromkeys(("minimum", "maximum"), lambda value: type(value) is int),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), lambda value: isinstance(value, bool)),
    **dict.fromkeys(
        ("properties", "$defs", "definitions"),
        lambda value: isinstance(value, dict) and all(map(is_schema, value.values())),
    ),
    **dict.fromkeys(("allOf", "anyOf"), lambda value: isinstance(value, list) and bool(value) and all(map(is_schema, value))),
    "items": is_schema,
    "additionalProperties": lambda value: isinstance(value, bool) or is_schema(value),
    "type": lambda value: _is_name(value) or _is_list(value, _is_name),
    "required": lambda value: _is_list(value, _is_text),
    "enum": lambda value: _is_list(value, lambda each: not isinstance(each, bool)),  # to some, true is 1
    "examples": lambda value: isinstance(value, list),
    **dict.fromkeys(("const", "default", "x-reference", "x-unique"), lambda _: True),
}  # fmt: skip
"""What each keyword may be in every draft that knows it."""


def _whole(test: Test | None, value: Any) -> bool:
    return test is not None and test(value)


def _anything(_: Any) -> bool:
    return True


def _nothing(_: Any) -> bool:
    return False


def _all_of(tests: list[Test | None]) -> Test | None:
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    if len(known) < 2:
        return known[0] if known else _anything
    return lambda value: all(test(value) for test in known)


def _any_of(tests: list[Test | None]) -> Test | None:
    """One that has no test may be left out: the others are enough to be sure."""
    known = [test for test in tests if test is not None]
    return (lambda value: any(test(value) for test in known)) if known else None


def _typed(names: Any) -> Test | None:
    names = [names] if isinstance(names, str) else names
    types = frozenset(_TYPES.get(name) for name in names)
    if len(types) == 1:
        only = next(iter(types))
        return lambda value: type(value) is only
    return lambda value: type(value) in types


def _one_of(values: list[Any]) -> Test:
    known = frozenset((type(value), value) for value in values if type(value) in _SIMPLE)
    return lambda value: type(value) in _SIMPLE and (type(value), value) in known


def _text(schema: dict[str, Any]) -> Test | None:
    low, high = _bounds(schema, "minLength", "maxLength")
    pattern = _pattern(schema.get("pattern", ""))
    if low is None or pattern is None:
        return None
    search = pattern.search
    longest = min(high, _LONGEST) if "pattern" in schema else high
    return lambda value: type(value) is not str or (low <= len(value) <= longest and search(value) is not None)


def _pattern(pattern: str) -> re.Pattern[str] | None:
    """A pattern for Python's engine, if that is sure to find it nowhere but where the others do, and soon."""
    found = re.fullmatch(_PLAIN_PATTERN, pattern, re.ASCII)
    if found is None or len(re.findall(_ENDLESS, pattern)) > 3:
        return None
    try:
        return re.compile(pattern[:-1] + r"\Z" if found[1] else pattern, re.ASCII)
    except re.error:
        return None


def _number(schema: dict[str, Any]) -> Test | None:
    low, high = schema.get("minimum"), schema.get("maximum")
    if any(type(each) is not int for each in (low, high) if each is not None):
        return None
    return lambda value: (
        type(value) not in (int, float)
        or (type(value) is int and (low is None or low <= value) and (high is None or value <= high))
    )


def _bounds(schema: dict[str, Any], least: str, most: str) -> tuple[int | None, float]:
    """The bounds of a length; the first is None when one of them is no whole number."""
    low, high = schema.get(least, 0), schema.get(most, 0)
    if type(low) is not int or type(high) is not int:
        return None, 0
    return low, schema.get(most, float("inf"))
