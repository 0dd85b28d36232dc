"""Keywords of jsonschema that are replaced, because it runs patterns on an engine that can hang or keeps to itself what it found.

What was found stands in the error's `validator_value`: the missing key, the unknown keys. Imported only with jsonschema.
"""
# ruff: noqa: ARG001 - jsonschema calls every keyword with the same four arguments

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
from jsonschema import ValidationError, validators

from contentlint.schema.engines import fits


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not fits(pattern, instance):
        yield ValidationError("")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, within in patterns.items():
            for key, value in instance.items():
                if fits(pattern, key):
                    yield from validator.descend(value, within, path=key, schema_path=pattern)


def _additional_properties(validator: Any, additional: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        extra = [key for key in instance if key not in known and not any(fits(pattern, key) for pattern in patterns)]
        if additional is False and extra:
            yield ValidationError("", validator_value=tuple(extra))
        elif additional is not False:
            for key in extra:
                yield from validator.descend(instance[key], additional, path=key)


def _property_names(validator: Any, names: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for key in instance:
            if wrong := list(validator.descend(key, names)):
                yield ValidationError("", validator_value=key, context=wrong)


def _required(validator: Any, required: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for key in required:
            if key not in instance:
                yield ValidationError("", validator_value=key)


def _dependent_required(validator: Any, dependent: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for present, needed in dependent.items():
            if present in instance:
                for key in needed:
                    if key not in instance:
                        yield ValidationError("", validator_value=(key, present))


def _dependencies(validator: Any, dependencies: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for present, needed in dependencies.items():
            if isinstance(needed, list):
                yield from _dependent_required(validator, {present: needed}, instance, schema)
            elif present in instance:
                yield from validator.descend(instance, needed, schema_path=present)


def _nothing(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    return iter(())


KEYWORDS: dict[str, Any] = {
    "additionalProperties": _additional_properties,
    "dependencies": _dependencies,
    "dependentRequired": _dependent_required,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "propertyNames": _property_names,
    "required": _required,
}


def engine(draft: str, *, unevaluated: bool) -> Any:
    """The class of jsonschema for a draft (by the class's name) with these keywords, as far as the draft has them.

    Without `unevaluated` that keyword is left to jsonschema-rs: jsonschema runs the patterns of `patternProperties` for it.
    """
    standard: Any = getattr(jsonschema, draft)
    own = {name: check for name, check in KEYWORDS.items() if name in standard.VALIDATORS}
    if not unevaluated:
        own["unevaluatedProperties"] = _nothing
    return validators.extend(standard, own)  # type: ignore[no-untyped-call]  # the library's own stubs lack it
