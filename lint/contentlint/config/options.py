"""The options of rules, as the config writes them and as rules take them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from contentlint.patterns import Glob
from contentlint.rule import Rule, option_help

LEVELS = ("error", "warning", "off")


def rules_schema(rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The JSON Schema of `rules:`: each rule and group by name, with the rule's options."""
    properties: dict[str, Any] = {}
    for group in dict.fromkeys(rule.group for rule in rules.values()):
        properties[group] = {"description": f"All rules of the group {group}.", "$ref": "#/$defs/setting"}
    for name, rule in rules.items():
        own = {
            written(each): {"description": text, **_type(kind), "default": _plain(default)}
            for each, default, text, kind in _options(rule)
        }
        properties[name] = {
            "description": rule.summary,
            "anyOf": [
                {"$ref": "#/$defs/severity"},
                {
                    "type": "object",
                    "properties": {"severity": {"$ref": "#/$defs/severity"}, **own},
                    "additionalProperties": False,
                },
            ],
        }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def written(name: str) -> str:
    """An option's name as the config writes it: `max_length` is `max-length`."""
    return name.replace("_", "-")


def globs(rule: Rule) -> set[str]:
    """The options of a rule that hold globs, as the config writes them."""
    return {written(name) for name, _, _, kind in _options(rule) if Glob in get_args(kind)}


def decoded(rule: Rule, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the config gives, by field and of the field's type; what does not fit stays as it is: the schema objects to it."""
    return {name: _typed(kind, given[written(name)]) for name, _, _, kind in _options(rule) if written(name) in given}


def _typed(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(value) if isinstance(value, list) else ()
    if _is_choice(kind):
        return kind(value) if value in list(kind) else value
    return value


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _options(rule: Rule) -> list[tuple[str, Any, str, Any]]:
    """(field, default, what it means, type) of each option."""
    types = get_type_hints(rule.options)
    return [(name, default, text, types[name]) for name, default, text in option_help(rule.options)]


def _type(kind: Any) -> dict[str, Any]:
    if get_origin(kind) is tuple:
        return {"type": "array", "items": {"type": "string"}}
    if _is_choice(kind):
        return {"enum": [str(each) for each in kind]}
    return {"type": {bool: "boolean", int: "integer", str: "string"}[kind]}


def _plain(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default
