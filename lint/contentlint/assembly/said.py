"""What the schema of a file calls a reference (`x-reference`): the values, and the URLs that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from contentlint.page import Reference
from contentlint.regex import regex
from contentlint.site import Source

_LIQUID = regex(r"\{\{|\{%")
_WORD = regex(r"\{([^{}]*)\}")
ABSOLUTE = regex(r"(?:[a-z][a-z0-9+.\-]*:)?//|[a-z][a-z0-9+.\-]*:", re.IGNORECASE | re.ASCII)
"""How a URL begins that is complete without the page that shows it."""


def said(source: Source, base: str, config: Mapping[str, Any]) -> Iterator[Reference]:
    """The references of a file that the page at `base` shows; `config` is the generator's, whose values paths may name."""
    schema = source.schema
    if schema is None or source.muted or source.data is None or not schema.has_references:
        return
    for key, rule, value in schema.references(source.data):
        place = source.value_place(key)
        for path in rule.paths:
            url, unknown = _expanded(path, value, config)
            yield Reference(url, rule.role, place, base, unknown, key)


def _expanded(path: str, value: str, config: Mapping[str, Any]) -> tuple[str, str]:
    """A path of `x-reference` for a value, and why it cannot be known."""
    if "{" in value and _LIQUID.search(value):
        return value, "the value has Liquid in it"
    if (":" in value or "/" in value[:1]) and ABSOLUTE.match(value):
        return value, ""
    pieces = [*_pieces(path)]
    for number in range(1, len(pieces), 2):
        word = pieces[number]
        pieces[number] = value if word == "value" else _part(word, value, config)
    return "".join(pieces), ""


def _part(word: str, value: str, config: Mapping[str, Any]) -> str:
    """What a placeholder stands for that is not the whole value."""
    if word not in ("stem", "ext"):
        return str(config.get(word) or "")
    name = value.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    if word == "ext":
        return dot + ending if dot else ""
    return value.removesuffix(dot + ending) if dot else value


@lru_cache(maxsize=256)  # a schema has a few
def _pieces(path: str) -> Sequence[str]:
    """The text of a path and the names of its placeholders, in turn."""
    return _WORD.split(path)
