"""The YAML that pages are made of, read line by line, several times as fast as by way of a parser's events.

`key: value`, `- item` and `- key: value`, values plain, in quotes or in brackets on one line, nesting by indentation, comments. At the
first sign of anything else it gives up, and the whole text goes to the parser; what it does read, the parser reads alike.
"""

from __future__ import annotations

import re
from sys import intern
from typing import Any

from contentlint.frontmatter import flow
from contentlint.frontmatter.document import Document, Fields, offsets
from contentlint.frontmatter.flow import Row
from contentlint.frontmatter.scalars import resolve
from contentlint.page import KeyPath
from contentlint.regex import regex

MAX_DEPTH = 20
"""What is nested deeper is left to the parser, which has its own bound."""

CONTROL = r"\x00-\x1f\x7f-\x9f"
_STRANGE = regex(r"[\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML takes for a line end, or not at all. The other expressions leave it out: in a class it takes them ten times as long
to be compiled."""
PLAIN = rf"""[^\s\-?:,\[\]{{}}\#&*!|>'"%@`{CONTROL}](?:[^ :{CONTROL}]++|:(?![ \r\n]|\Z)|[ ]++(?![\#\r\n]|\Z))*+"""
"""A value without quotes, up to the white space at its end; in ASCII's sense of white space."""
_IGNORED = rf"(?:[ ]*(?:\#[^{CONTROL}]*+)?\r?\n)*+"
_OPENING = regex(rf"(?:---[ ]*\r?\n)?{_IGNORED}", re.VERBOSE)
# The groups cover whole lines, so that the sum of their lengths is the offset.
_LINES = regex(
    rf"""
    ^([ ]*)                                                         # indent
    ((?:-[ ]+|-(?=[ \r\n]|\Z))?)                                    # dash
    ((?:(?!(?i:yes|no|on|off|true|false|null)[ ]*:)[A-Za-z][\w-]*+[ ]*:(?=[ \r\n]|\Z))?)  # key and colon
    ([ ]*(?:(?<=[ ])['"])?)                                         # gap and opening quote
    ( (?<=')[^'{CONTROL}]*+(?=')
    | (?<=")[^"\\{CONTROL}]*+(?=")
    | (?<=[ ]){PLAIN}
    | (?<=[ ])[\[{{][^\#{CONTROL}]*[\]}}]
    | (?<=[:-])
    )
    (['"]?[ ]*(?:(?<=[ ])\#[^{CONTROL}]*+)?(?:\r?\n{_IGNORED}|\Z))  # closing quote, comment, and lines that say nothing
    """,
    re.VERBOSE | re.MULTILINE | re.ASCII,
)


def is_strange(text: str, start: int, end: int) -> bool:
    """Whether there is a character in `text[start:end]` that only the parser knows what to do with."""
    part = text[start:end]
    return not part.isascii() and _STRANGE.search(part) is not None


def read(text: str, start: int, end: int) -> Document | None:
    """The document in `text[start:end]`; None when there is anything in it that the parser must read."""
    if is_strange(text, start, end):
        return None
    opening = _OPENING.match(text, start, end)
    position = begins = last = opening.end() if opening else start
    rows: list[Row] = []
    ends: list[tuple[int, int]] = []
    """The rows of collections, with the offsets at which they end."""
    column, row = -1, -1
    data: Any = None
    path: KeyPath = ()
    """The innermost open collection: the column of its lines, the row of the field that it is the value of."""
    stack: list[tuple[int, Any, KeyPath, int]] = []
    root: Any = None
    waiting = ""
    """The key of the line above when it has no value there: the lines below may bring one."""
    for indent, dash, key, gap, value, tail in _LINES.findall(text, position, end):
        at = len(indent)
        first = position + at
        if (waiting or data is None) and (at > column or (dash and at == column)):
            stack.append((column, data, path, row))
            new: Any = [] if dash else {}
            if data is None:
                root, begins = new, first
            else:
                data[waiting] = new
                path, row = (*path, waiting), len(rows) - 1
                rows[row] = path, "seq" if dash else "map", first, first, *rows[row][4:]
            column, data = at, new
        while at < column or (at == column and not dash and type(data) is list):
            ends.append((row, last))
            column, data, path, row = stack.pop()
        if at != column or (dash and type(data) is dict):
            return None
        if dash:
            first += len(dash)
            if key:
                stack.append((column, data, path, row))
                path, row = (*path, len(data)), len(rows)
                new = {}
                data.append(new)
                rows.append((path, "map", first, first, first, first))
                column, data = at + len(dash), new
        name = intern(key[:-1].rstrip())
        waiting = ""
        inner: list[Row] = []
        position = first + len(key) + len(gap)
        finish = position + len(value)
        if gap and gap[-1] != " ":
            scalar, tag, last = value, "str", finish + 1
        elif value and value[0] in "[{":
            own = (*path, name if key else len(data))
            try:
                scalar, tag = flow.read(value, position, own, inner), "map" if value[0] == "{" else "seq"
            except ValueError:
                return None
            last = finish
        elif value:
            try:
                scalar, tag = resolve(value)
            except ValueError:
                return None
            last = finish
        else:
            scalar, tag, last, waiting = None, "null", finish, name
        if key:
            if name in data:
                return None
            data[name] = scalar
            rows.append(((*path, name), tag, position, finish, first, first + len(name)))
        elif dash:
            rows.append(((*path, len(data)), tag, position, finish, position, finish))
            data.append(scalar)
        else:
            return None
        rows += inner
        position = finish + len(tail)
    if position != end or data is None or len(stack) > MAX_DEPTH:
        return None
    ends.extend((frame[3], last) for frame in stack)
    ends.append((row, last))
    return Document(root, _fields(rows, ends), (), None, (begins, last))


_KEYS: dict[tuple[KeyPath, ...], list[KeyPath]] = {}
"""The key paths of pages of one kind, once for all of them: they are most of what a page's fields weigh."""
_MOST = 1000
"""How many are kept."""
_MANY = 1000
"""A document with more fields is no page, and is alone in having its paths."""


def _fields(rows: list[Row], ends: list[tuple[int, int]]) -> Fields:
    keys, tags, *columns = zip(*rows, strict=True)
    known = _KEYS.get(keys)
    if known is None:
        known = [*keys]
        if len(_KEYS) < _MOST and len(keys) < _MANY:
            _KEYS[keys] = known
    fields = Fields(known, [*tags], *map(offsets, columns))
    for row, end in ends:
        if row >= 0:
            fields.ends[row] = end
            if type(keys[row][-1]) is int:
                fields.key_ends[row] = end
    return fields
