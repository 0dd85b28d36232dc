"""What contentlint adds to JSON Schema: `x-reference` and `x-unique`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentlint.page import KeyPath, Role
from contentlint.patterns import PatternError, placeholders
from contentlint.record import NamedTuple
from contentlint.schema.wording import meant, said


class ReferenceRule(NamedTuple):
    """What `x-reference` says of a string: what it refers to, and the paths that must exist for it."""

    role: Role
    paths: tuple[str, ...]


class Problem(NamedTuple):
    """What is wrong with one of the keywords, and the way to it from the schema."""

    key: KeyPath
    message: str
    advice: str = ""
    at_key: bool = False


_ROLES = ", ".join(Role)
_PATHS = ["{value}"]
"""Without `paths` the value is the path."""


def problems(schema: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with the two keywords in a schema."""
    unique = schema.get("x-unique", False)
    if not isinstance(unique, bool):
        yield Problem(("x-unique",), f"x-unique is true or false, not {said(unique)}")
    value = schema.get("x-reference", {"role": Role.FILE})
    if not isinstance(value, dict):
        example = '{"role": "image", "paths": ["{value}"]}'
        yield Problem(("x-reference",), f"x-reference is an object, not {said(value)}", example)
        return
    for key in value:
        if key not in ("role", "paths"):
            advice = meant(key, ("role", "paths")) or "there are role and paths"
            yield Problem(("x-reference", key), f"unknown key {key}", advice, at_key=True)
    if "role" not in value:
        yield Problem(("x-reference",), f"the key role is missing: one of {_ROLES}")
    elif value["role"] not in tuple(Role):
        role = value["role"]
        yield Problem(("x-reference", "role"), f"the role is one of {_ROLES}, not {said(role)}", meant(str(role), Role))
    paths = value.get("paths", _PATHS)
    if not isinstance(paths, list) or not paths:
        what = "an empty one" if paths == [] else said(paths)
        yield Problem(("x-reference", "paths"), f"paths is a list of texts, not {what}", '["{value}"]')
        return
    for number, path in enumerate(paths):
        at = ("x-reference", "paths", number)
        if not isinstance(path, str) or not path:
            yield Problem(at, f"a path is a text like {{value}}, not {said(path)}")
            continue
        try:
            placeholders(path)
        except PatternError as error:
            yield Problem(at, f"{error.message}: {path}", error.advice.replace("{region}", "{value}"))


def reference_rule(schema: dict[str, Any]) -> ReferenceRule | None:
    """What a schema without problems says by `x-reference`."""
    value = schema.get("x-reference")
    return None if value is None else ReferenceRule(Role(value["role"]), tuple(value.get("paths", _PATHS)))
