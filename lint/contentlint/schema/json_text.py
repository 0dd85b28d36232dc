"""JSON files as people write them: the content, the place of everything in it, and what is wrong in their words."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contentlint.diagnostic import Fault, Lines, Span
from contentlint.page import KeyPath
from contentlint.regex import regex

if TYPE_CHECKING:
    import json

    from contentlint.frontmatter import Document

MOST_FAULTS = 100
"""Faults of schemas that are told: whoever has more mends these first."""
_LONGEST = 40
"""Digits of a number that are shown."""
_HALF = regex(r"\\u[dD][89a-fA-F]")
"""An escape of UTF-16 that may be half of a character, and then is no text."""
MAX_DEPTH = 100
"""Levels of nesting in a schema file, as many as YAML may have: deeper ones would bring those down who descend into them."""
_TOKEN = regex(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|NaN|-?Infinity|-?\d[\d.eE+-]*+')
"""A text, a bracket or a number."""


def place(text: str, key: KeyPath, *, at_key: bool = False) -> Span:
    """Where the value (or the key) at a path stands in JSON text, or what stands around it; JSON is YAML too."""
    document = _composed(text)
    if document.error is None:
        while key:
            try:
                return Lines(text).span(*(document.key_place(key) if at_key else document.place(key)))
            except KeyError:
                key = key[:-1]
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    return Lines(text).span(start, start + 1)


@lru_cache(maxsize=1)  # a file has many faults or none
def _composed(text: str) -> Document:
    from contentlint.frontmatter import compose

    return compose(text)


def parse(path: str, data: bytes, faults: list[Fault]) -> tuple[Any, str]:
    """(content, text) of a JSON file; a fault and None when it is none."""
    import json  # most projects have no schema

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "ignore").removeprefix("\ufeff")
        faults.append(Fault(path, Lines(before).span(len(before), len(before)), "the file is not UTF-8"))
        return None, ""
    if text.count("[") + text.count("{") > MAX_DEPTH and (deep := _strange(text)) is not None:
        faults.append(_unusable(path, text, deep))
        return None, text
    try:
        pairs: list[str] = []

        def unique(found: list[tuple[str, Any]]) -> dict[str, Any]:
            content = dict(found)
            if len(content) < len(found):
                pairs.append("")
            return content

        content = json.loads(text, object_pairs_hook=unique, parse_constant=_finite, parse_float=_finite)
        if pairs:
            faults.extend(_repeated(path, text))
            return None, text
    except json.JSONDecodeError as error:
        faults.append(_not_json(path, text, error))
        return None, text
    except ValueError:
        strange = _strange(text)
        assert strange is not None  # it is what was refused
        faults.append(_unusable(path, text, strange))
        return None, text
    if (half := _half(text, content)) is not None:
        faults.append(
            Fault(path, Lines(text).span(half, half + 6), "half a character is no text", "write the character itself")
        )
        return None, text
    return content, text


def _half(text: str, content: Any) -> int | None:
    """Where the escape of a lone surrogate stands, which no engine takes; None when there is none."""
    if (found := _HALF.search(text)) is None:
        return None
    import json

    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return found.start()
    return None


def _finite(number: str) -> float:
    """A number with a fraction or an exponent; ValueError for what is none and for one beyond the largest, which engines take for null."""
    value = float(number)
    if math.isfinite(value):
        return value
    raise ValueError


def _strange(text: str) -> tuple[int, int, str] | None:
    """The place of the first thing that no schema may hold though Python reads it, and what it is; None when there is none."""
    depth = 0
    for token in _TOKEN.finditer(text):
        first = text[token.start()]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return *token.span(), f"more than {MAX_DEPTH} levels of nesting"
        elif first in "]}":
            depth -= 1
        elif first != '"':
            try:
                _finite(token[0])
            except ValueError:
                if first.isdigit() or token[0][1:2].isdigit():
                    return *token.span(), f"{_short(token[0])} is larger than any number that can be compared"
                return *token.span(), f"not JSON: {token[0]} is no number of JSON"
    return None


def _unusable(path: str, text: str, strange: tuple[int, int, str]) -> Fault:
    start, end, message = strange
    return Fault(path, Lines(text).span(start, end), message)


def _short(number: str) -> str:
    return number if len(number) <= _LONGEST else f"{number[:_LONGEST]}..."


def _repeated(path: str, text: str) -> list[Fault]:
    lines = Lines(text)
    found = [
        Fault(path, lines.span(each.start, each.end), f"the key {each.key[-1]} stands twice")
        for each in _composed(text).duplicates[:MOST_FAULTS]
    ]
    return found or [Fault(path, None, "a key stands twice")]


def _not_json(path: str, text: str, error: json.JSONDecodeError) -> Fault:
    """A fault in the words of someone who writes JSON by hand."""
    start = error.pos
    if text[start : start + 1] == "," and text[start + 1 :].lstrip().startswith(("}", "]")):
        start += 1  # newer Pythons point at the comma itself
    before = text[:start].rstrip()
    rest = text[start:].lstrip()
    message, advice = f"not JSON: {error.msg[0].lower()}{error.msg[1:]}", ""
    if not text.strip():
        message = "not JSON: the file is empty"
    elif rest.startswith(("//", "/*", "#")):
        message, advice = "not JSON: a comment", "JSON has none: say it in $comment"
    elif rest.startswith("'"):
        message, advice = "not JSON: a text in single quotes", 'texts stand in double quotes: "title"'
    elif before.endswith(",") and rest.startswith(("}", "]")):
        message, advice = "not JSON: a comma after the last entry", "remove the comma"
        at = len(before) - 1
        return Fault(path, Lines(text).span(at, at + 1), message, advice)
    return Fault(path, Lines(text).span(error.pos, error.pos + 1), message, advice)
