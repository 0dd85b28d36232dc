"""What is wrong with a value, in the words of someone who writes pages: the fact, and what is allowed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contentlint.page import KeyPath
from contentlint.schema.wording import Violation, kind, near, said

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "empty",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
_MOST = 12
"""Allowed values listed in a message."""


def explain(error: Any) -> Iterator[Violation]:
    """What an error of jsonschema (a ValidationError, see `keywords`) means: one violation, or several."""
    keyword: str = error.validator or "false"
    path: KeyPath = tuple(error.absolute_path)
    value, instance = error.validator_value, error.instance
    match keyword:
        case "required":
            yield Violation("missing-key", path, value, keyword, f"the key {value} is missing")
        case "dependentRequired" | "dependencies":
            key, present = value
            yield Violation("missing-key", path, key, keyword, f"the key {key} is missing, which {present} needs")
        case "additionalProperties":
            yield from unknown_keys(path, value, error.schema.get("properties", ()), keyword, instance)
        case "unevaluatedProperties":
            yield Violation("schema-violation", path, "", keyword, "has keys that are not allowed here")
        case "propertyNames":
            yield from _key_name(path, value, error.context)
        case "enum" | "const":
            yield _outside(path, keyword, [value] if keyword == "const" else value, instance)
        case "anyOf" | "oneOf" if error.context:
            yield from _alternatives(error, path)
        case "not" if value == {} and path and isinstance(path[-1], str):
            yield Violation("unknown-key", path, path[-1], keyword, f"the key {path[-1]} is not allowed here")
        case _:
            yield Violation(
                "schema-violation",
                path,
                "",
                keyword,
                _fact(keyword, value, instance, error.schema),
                help=_advice(keyword, value, instance),
            )


def unknown_keys(
    path: KeyPath, keys: Iterable[str], known: Iterable[str], keyword: str, instance: Mapping[str, Any] | None = None
) -> Iterator[Violation]:
    """A violation for each key that is not allowed; a known key that is not there yet may have been meant."""
    names = [name for name in known if instance is None or name not in instance]
    for key in keys:
        found, sure = near(key, names)
        yield Violation("unknown-key", (*path, key), key, keyword, f"unknown key {key}", found, sure=sure)


def _key_name(path: KeyPath, key: str, errors: Sequence[Any]) -> Iterator[Violation]:
    for error in errors:
        for each in explain(error):
            if each.kind == "invalid-value":
                message = f"unknown key {key}"
                yield Violation(
                    "unknown-key", (*path, key), key, "propertyNames", message, each.suggestions, sure=each.sure
                )
            else:
                yield Violation(
                    "schema-violation", (*path, key), key, "propertyNames", f"as a key, {key} {each.message}"
                )


def _outside(path: KeyPath, keyword: str, allowed: Sequence[Any], instance: Any) -> Violation:
    if len(allowed) > _MOST:
        among = f"one of {', '.join(map(said, allowed[:_MOST]))} and {len(allowed) - _MOST} more"
    elif not allowed:
        among = "left out"
    else:
        among = f"one of {', '.join(map(said, allowed))}" if len(allowed) > 1 else said(*allowed)
    texts = [each for each in allowed if isinstance(each, str)]
    found, sure = near(instance, texts) if isinstance(instance, str) else ((), False)
    help_ = _advice("type", "string", instance) if _as_yaml(instance).intersection(texts) else ""
    return Violation("invalid-value", path, "", keyword, f"must be {among}, not {said(instance)}", found, help_, sure)


def _as_yaml(value: Any) -> set[str]:
    """The texts that YAML reads as this value unless they are quoted."""
    if isinstance(value, bool):
        return {"yes", "on", "true"} if value else {"no", "off", "false"}
    return {str(value)} if isinstance(value, int | float) else set()


def _alternatives(error: Any, path: KeyPath) -> Iterator[Violation]:
    """What is wrong with a value that fits none of several schemas: the faults of the one it was most likely meant to fit."""
    branches: dict[Any, list[Any]] = {}
    for each in error.context:
        branches.setdefault(each.schema_path[0], []).append(each)
    types = [_wrong_type(branch, path) for branch in branches.values()]
    if all(types):
        wanted = list(dict.fromkeys(each for names in types for each in names))
        strings = ["string"] if _TYPES["string"] in wanted else []
        fact = f"must be {_either(wanted)}, not {kind(error.instance)}"
        yield Violation("schema-violation", path, "", "type", fact, help=_advice("type", strings, error.instance))
        return
    fitting = [branch for branch, wrong in zip(branches.values(), types, strict=True) if not wrong]
    values = [
        each
        for branch in fitting
        for each in branch
        if each.validator in ("enum", "const") and tuple(each.absolute_path) == path
    ]
    if len(fitting) > 1 and len(values) == sum(map(len, fitting)):
        allowed = [
            value
            for each in values
            for value in (each.validator_value if each.validator == "enum" else [each.validator_value])
        ]
        yield _outside(path, error.validator, allowed, error.instance)
        return
    ranked = sorted(fitting, key=_distance)
    if len(ranked) == 1 or _distance(ranked[0]) < _distance(ranked[1]):
        for each in ranked[0]:
            yield from explain(each)
        return
    ways = [" and ".join(_with_place(each, path) for each in _first(branch)) for branch in ranked[:4]]
    yield Violation(
        "schema-violation", path, "", error.validator, "fits none of the allowed forms: " + "; or ".join(ways)
    )


def _first(branch: Sequence[Any]) -> Iterator[Violation]:
    for error in branch[:2]:
        yield from itertools.islice(explain(error), 1)


def _with_place(violation: Violation, path: KeyPath) -> str:
    inner = (
        ".".join(map(str, violation.path[len(path) :])) if violation.kind not in ("missing-key", "unknown-key") else ""
    )
    return f"{inner} {violation.message}" if inner else violation.message


def _wrong_type(branch: Sequence[Any], path: KeyPath) -> list[str]:
    """What a branch wants of the value itself, when that is of another type altogether."""
    for error in branch:
        if tuple(error.absolute_path) == path:
            if error.validator == "type":
                return _type_names(error.validator_value)
            if error.validator in ("enum", "const"):
                allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
                return [] if _type(error.instance) in map(_type, allowed) else [said(each) for each in allowed[:_MOST]]
    return []


def _type(value: Any) -> str:
    """The type of a value as JSON Schema calls it; a whole number is a number here."""
    if isinstance(value, bool):
        return "boolean"
    return {dict: "object", list: "array", str: "string", type(None): "null"}.get(type(value), "number")


def _distance(branch: Sequence[Any]) -> tuple[int, int]:
    """How far a value is from a branch: a fixed value that differs says that another branch was meant."""
    fixed = sum(1 for error in branch if error.validator in ("const", "enum"))
    return fixed, len(branch)


def _fact(keyword: str, value: Any, instance: Any, schema: Any) -> str:
    size = len(instance) if isinstance(instance, str | list | dict) else 0
    match keyword:
        case "type":
            return f"must be {_either(_type_names(value))}, not {kind(instance)}"
        case "minLength":
            return "must not be empty" if value == 1 else f"must have at least {value} characters, not {size}"
        case "maxLength":
            return f"must have at most {_count(value, 'character')}, not {size}"
        case "minItems":
            return "must not be an empty list" if value == 1 else f"must have at least {value} entries, not {size}"
        case "maxItems":
            return f"must have at most {_count(value, 'entry')}, not {size}"
        case "minProperties":
            return "must not be empty" if value == 1 else f"must have at least {value} keys, not {size}"
        case "maxProperties":
            return f"must have at most {_count(value, 'key')}, not {size}"
        case "items" | "additionalItems" | "unevaluatedItems":
            first = schema.get("prefixItems") or schema.get("items")
            return (
                f"must have at most {_count(len(first), 'entry')}, not {size}"
                if isinstance(first, list)
                else "has more entries than are allowed"
            )
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"must be {_bound(keyword, schema)} {said(value)}, not {said(instance)}"
        case "multipleOf":
            return f"must be a multiple of {said(value)}, not {said(instance)}"
        case "pattern":
            return f"must fit the pattern {value}, not {said(instance)}"
        case "uniqueItems":
            return _repeated(instance)
        case "contains" | "minContains":
            least = schema.get("minContains", 1)
            return f"must have at least {_count(least, 'entry')} of the kind that `contains` asks for"
        case "maxContains":
            return f"must have at most {_count(value, 'entry')} of the kind that `contains` asks for"
        case "oneOf":
            return "fits several of the forms of which it may fit one only"
        case "not" if isinstance(value, dict) and value.keys() == {"required"} and len(value["required"]) == 1:
            return f"must not have the key {value['required'][0]}"
        case "not" if isinstance(value, dict) and value.keys() in ({"enum"}, {"const"}):
            return f"must not be {said(instance)}"
        case "false" | "not" if not value:
            return "is not allowed here"
        case _:
            return "is of a form that is not allowed here"


def _bound(keyword: str, schema: Any) -> str:
    exclusive = keyword.startswith("exclusive") or schema.get(f"exclusive{keyword.capitalize()}") is True
    if keyword.lower().endswith("minimum"):
        return "more than" if exclusive else "at least"
    return "less than" if exclusive else "at most"


def _either(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def _type_names(wanted: str | Sequence[str]) -> list[str]:
    types = [wanted] if isinstance(wanted, str) else wanted
    return [_TYPES[each] for each in types if each != "integer" or "number" not in types]


def _advice(keyword: str, value: Any, instance: Any) -> str:
    """How the value came to be what its author did not mean: YAML reads some texts as something else."""
    if keyword == "type" and "string" in ([value] if isinstance(value, str) else value):
        if isinstance(instance, bool):
            return "yes, no, on, off, true and false are not texts; quote it to make it one"
        if isinstance(instance, int | float):
            return "quote it to make it a text"
    return ""


def _repeated(instance: list[Any]) -> str:
    seen = set()
    for each in instance:
        import json  # only for what is not equal at first sight

        spelled = json.dumps(each, sort_keys=True, default=str)
        if spelled in seen:
            return f"must not have the same entry twice: {said(each)}"
        seen.add(spelled)
    return "must not have the same entry twice"


def _count(number: Any, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun != "key" else noun + "s"
    return f"{number} {noun if number == 1 else plural}"
