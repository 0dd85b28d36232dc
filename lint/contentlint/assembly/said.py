"""What the schema of a file calls a reference (`x-reference`): the values, and the URLs that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contentlint.page import Claim
from contentlint.patterns import placeholders
from contentlint.regex import regex
from contentlint.site import Source

_LIQUID = regex(r"\{\{|\{%")
ABSOLUTE = regex(r"(?:[a-z][a-z0-9+.\-]*:)?//|[a-z][a-z0-9+.\-]*:", re.IGNORECASE | re.ASCII)
"""How a URL begins that is complete without the page that shows it."""


class Said:
    """Reads values as the paths of `x-reference` say; each path is taken apart once."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """`config` is the generator's, whose values paths may name."""
        self._config = config
        self._parts: dict[str, tuple[Sequence[str], Sequence[str]]] = {}

    def of(self, source: Source) -> Iterator[Claim]:
        """The references of a file."""
        schema = source.schema
        if schema is None or source.muted or source.data is None or not schema.has_references:
            return
        for key, rule, value in schema.references(source.data):
            for path in rule.paths:
                url, unknown = self._expanded(path, value)
                yield Claim(url, rule.role, unknown, key)

    def _expanded(self, path: str, value: str) -> tuple[str, str]:
        """A path for a value, and why it cannot be known."""
        if "{" in value and _LIQUID.search(value):
            return value, "the value has Liquid in it"
        if (":" in value or "/" in value[:1]) and ABSOLUTE.match(value):
            return value, ""
        texts, words = self._parts.get(path) or self._taken_apart(path)
        if not words:
            return value.join(texts), ""
        return "".join(text + _part(word, value) for text, word in zip(texts, (*words, ""), strict=True)), ""

    def _taken_apart(self, path: str) -> tuple[Sequence[str], Sequence[str]]:
        """The texts of a path and, between them, what stands for a part of the value; none where all stand for all of it."""
        texts, words, behind = [""], [], 0
        for word, start, end in placeholders(path):
            texts[-1] += path[behind:start]
            behind = end
            if word in ("value", "stem", "ext"):
                words.append(word)
                texts.append("")
            else:
                texts[-1] += str(self._config.get(word) or "")
        texts[-1] += path[behind:]
        self._parts[path] = parts = texts, () if {*words} <= {"value"} else words
        return parts


def _part(word: str, value: str) -> str:
    """What a placeholder stands for."""
    name = value.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    if word == "ext":
        return dot + ending if dot else ""
    if word == "stem":
        return value.removesuffix(dot + ending) if dot else value
    return value if word else ""
