"""`[a, b]` and `{a: b}` on one line, as people write them: values plain or in quotes, nested, keys plain."""

from __future__ import annotations

import re
from sys import intern
from typing import Any

from contentlint.frontmatter.scalars import resolve
from contentlint.page import KeyPath
from contentlint.regex import regex

Row = tuple[KeyPath, str, int, int, int, int]
"""A `document.Field`."""

_DEEPEST = 20
"""Steps of a key path; the parser has its own bound."""

# The text holds no control character and no `#`; who calls has seen to it. A colon in a plain value is the parser's to judge.
_KEY = regex(r"(?!(?i:yes|no|on|off|true|false|null)[ ]*:)([A-Za-z][\w-]{0,99})[ ]*:[ ]+", re.ASCII)
_VALUE = regex(
    r"""'([^']*)'|"([^"\\]*)"|([^\s\-?:,\[\]{}&*!|>'"%@`=<~](?:[^\s?:,\[\]{}]|[ ]+(?![ ,\]}]))*)""", re.ASCII
)
_GAP = regex(r"[ ]*")


def read(text: str, shift: int, path: KeyPath, rows: list[Row]) -> Any:
    """The value of a text that is all one flow collection, which begins at offset `shift`; its fields are added to `rows`.

    `path` is its own; its own row is not added. Raises ValueError for anything that is not everyday.
    """
    value, at = _collection(text, 0, shift, path, rows)
    if at != len(text):
        raise ValueError(text)
    return value


def _collection(text: str, at: int, shift: int, path: KeyPath, rows: list[Row]) -> tuple[Any, int]:
    """The collection at an offset of `text`, and where it ends."""
    if len(path) > _DEEPEST:
        raise ValueError(text)
    is_map = text[at] == "{"
    closing = "}" if is_map else "]"
    data: Any = {} if is_map else []
    at = _after(text, at + 1)
    if text.startswith(closing, at):
        return data, at + 1
    while True:
        key = _KEY.match(text, at) if is_map else None
        if is_map and (key is None or key[1] in data):
            raise ValueError(text)
        own = (*path, intern(key[1]) if key else len(data))
        start = key.end() if key else at
        row = len(rows)
        rows.append((own, "", 0, 0, 0, 0))  # it stands before the rows of what is in it
        if text.startswith(("[", "{"), start):
            value, end = _collection(text, start, shift, own, rows)
            tag, at = "map" if text[start] == "{" else "seq", end
        else:
            value, tag, start, end, at = _scalar(text, start)
        if key:
            data[own[-1]] = value
        else:
            data.append(value)
        key_place = key.span(1) if key else (start, end)
        rows[row] = own, tag, shift + start, shift + end, shift + key_place[0], shift + key_place[1]
        at = _after(text, at)
        if text.startswith(closing, at):
            return data, at + 1
        if not text.startswith(",", at):
            raise ValueError(text)
        at = _after(text, at + 1)


def _scalar(text: str, at: int) -> tuple[Any, str, int, int, int]:
    """The scalar at an offset, its tag, where its text begins and ends, and where it ends with its quotes."""
    found = _VALUE.match(text, at)
    if found is None:
        raise ValueError(text)
    which = found.lastindex or 0
    value, tag = resolve(found[3]) if which == 3 else (found[which], "str")
    return value, tag, found.start(which), found.end(which), found.end()


def _after(text: str, at: int) -> int:
    """Where the blanks at an offset end."""
    gap = _GAP.match(text, at)
    return gap.end() if gap else at
