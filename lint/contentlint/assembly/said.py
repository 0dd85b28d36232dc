"""What the schema of a file calls a reference (`x-reference`): the values, and the URLs that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contentlint.page import Reference, Role
from contentlint.regex import regex
from contentlint.site import Source

_LIQUID = regex(r"\{\{|\{%")
ABSOLUTE = regex(r"(?:[a-z][a-z0-9+.\-]*:)?//|[a-z][a-z0-9+.\-]*:", re.IGNORECASE | re.ASCII)
"""How a URL begins that is complete without the page that shows it."""


def said(source: Source, base: str, config: Mapping[str, Any]) -> Iterator[Reference]:
    """The references of a file that the page at `base` shows; `config` is the generator's, whose values paths may name."""
    schema = source.schema
    if schema is None or source.muted or source.data is None or not schema.has_references:
        return
    for key, rule in schema.references(source.data):
        value = source.data
        for step in key:
            value = value[step]
        place = source.value_place(key)
        for path in rule.paths:
            url, unknown = _expanded(path, str(value), config)
            yield Reference(url, Role(rule.role), place, base, unknown, key)


def _expanded(path: str, value: str, config: Mapping[str, Any]) -> tuple[str, str]:
    """A path of `x-reference` for a value, and why it cannot be known."""
    if _LIQUID.search(value):
        return value, "the value has Liquid in it"
    if ABSOLUTE.match(value):
        return value, ""
    folder, slash, name = value.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    values = {
        "value": value,
        "stem": folder + slash + (stem if dot else name),
        "ext": dot + ending if dot else "",
    }

    def replaced(found: re.Match[str]) -> str:
        word = found[1]
        known = values.get(word)
        return known if known is not None else str(config.get(word) or "")

    return re.sub(r"\{([^{}]*)\}", replaced, path), ""
