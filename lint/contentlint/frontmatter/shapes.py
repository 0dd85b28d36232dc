"""Front matter of a shape that was read before: the same lines but for the values on them.

The pages of a site are made alike. So what stands before each value (indent, dash, key) is looked up as a whole, and where
it is known, so are the key paths, the places and how the value is put together; only the values are read. A shape is learnt
from a text that was read line by line, and is kept if it makes of that text the very same.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Any, Final

from contentlint.alike import Alike, mappings
from contentlint.frontmatter import everyday
from contentlint.frontmatter.document import Document, Field, Place, offsets
from contentlint.frontmatter.everyday import CONTROL, PLAIN
from contentlint.frontmatter.scalars import resolve
from contentlint.page import KeyPath
from contentlint.record import NamedTuple

_LONGEST: Final = 64_000
"""A longer text is no page, and alone in having its shape."""
_MOST: Final = 2000
"""How many shapes are remembered."""

_VALUE = rf"""(?:'[^'{CONTROL}]*+'|"[^"\\{CONTROL}]*+"|{PLAIN})"""
_VALUES = rf"{_VALUE}(?:\n{_VALUE})*+"
_ITEM: Final = "- \n"
"""The dash before a value that is an item, marked by what no line can hold: `- : x` is not the item `x`."""
_TAGS: Final = ("", "str", "int", "float", "bool", "null", "timestamp")
"""The tags of values by their code; 0 is a text in quotes."""
_CODES: Final = {tag: code for code, tag in enumerate(_TAGS)}
_TEXT: Final = _CODES["str"]
_TIME: Final = _CODES["timestamp"]
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/")

_Build = Callable[[Sequence[Any]], Any]


class _Lines(NamedTuple):
    """A text by lines."""

    heads: tuple[str, ...]
    """What stands before the value of each, or all of a line without one."""
    signs: Sequence[str]
    """Empty for a line without a value."""
    raws: Sequence[str]
    """The values as they are written."""
    lengths: array[int]
    """How long the text is up to the end of each line, newlines apart."""
    newline: int
    """How many characters a newline has."""


class _Row(NamedTuple):
    """Where a field stands, in lines and columns."""

    line: int
    column: int
    """Where the value begins, quote included."""
    last: int
    """The line that the value ends with."""
    key_line: int
    key_column: int
    key_width: int
    """-1 for an item, which is its own key."""
    value: int
    """Which of the values it is; -1 for what is no scalar, or has nothing written."""


class Shape:
    """What all texts have in common whose lines begin alike."""

    __slots__ = ("build", "codes", "fits", "keys", "pick", "root", "row_of", "rows", "tags", "values")

    def __init__(self, document: Document, lines: _Lines, start: int) -> None:
        """Learn it from a text that begins at `start` and was read line by line."""
        newline = lines.newline
        ends = [start + length + number * newline for number, length in enumerate(lines.lengths)]
        valued = [line for line, sign in enumerate(lines.signs) if sign]
        number_of = {line: number for number, line in enumerate(valued)}
        self.keys = tuple(field.key for field in document.fields)
        self.tags = tuple(field.tag for field in document.fields)
        self.row_of = {key: row for row, key in enumerate(self.keys)}
        self.fits = re.compile(_VALUES, re.ASCII).fullmatch  # compiled when the first shape is learnt
        self.codes: dict[bytes, bytes] = {}
        """The codes of the values' tags, one object for all texts that have the same."""
        self.pick = itemgetter(*valued, valued[0])  # one more, for it to give a tuple in any case

        def place(offset: int) -> tuple[int, int]:
            line = bisect_left(ends, offset)
            return line, offset - (ends[line - 1] + newline if line else start)

        rows: list[_Row] = []
        for field in document.fields:
            line, column = place(field.start)
            value = -1 if field.tag in ("map", "seq") else number_of.get(line, -1)
            if value >= 0 and lines.raws[line].startswith(("'", '"')):
                column -= 1
            key_line, key_column = place(field.key_start)
            width = -1 if type(field.key[-1]) is int else field.key_end - field.key_start
            rows.append(_Row(line, column, place(field.end)[0], key_line, key_column, width, value))
        self.rows = tuple(rows)
        self.values = tuple(row for row, each in enumerate(rows) if each.value >= 0)
        """The rows of the values."""
        self.root = *place(document.root[0]), place(document.root[1])[0]
        self.build = _builder(document.data, (), {self.keys[row]: rows[row].value for row in self.values})

    def read(self, lines: _Lines, start: int) -> Document | None:
        """The document of a text that begins at `start`; None when one of its values is not read so simply."""
        if lines.signs.count("") != len(lines.signs) - len(self.values):
            return None
        raws = self.pick(lines.raws)[:-1]
        if self.fits("\n".join(raws)) is None:
            return None
        values: list[Any] = []
        codes: list[int] = []
        same: dict[str, str] = {}  # a picture's title is its caption nearly always
        for raw in raws:
            first = raw[0]
            if first in "'\"":
                text = raw[1:-1]
                values.append(same.setdefault(text, text))
                codes.append(0)
            elif first in _LETTERS and len(raw) > 5:
                values.append(same.setdefault(raw, raw))
                codes.append(_TEXT)
            else:
                try:
                    value, tag = resolve(raw)
                except ValueError:
                    return None
                values.append(value)
                codes.append(_CODES[tag])
        known = bytes(codes)
        known = self.codes.setdefault(known, known)
        first_line, column, last = self.root
        fields = Shaped(self, known, lines.lengths, start, lines.newline)
        place = fields.begin(first_line) + column, fields.end(last)
        return Document(self.build(values), fields, (), None, place)


class Shaped:
    """The fields of a text of a known shape: `Fields` that are made when they are asked for."""

    __slots__ = ("_codes", "_lengths", "_newline", "_shape", "_start")

    def __init__(self, shape: Shape, codes: bytes, lengths: array[int], start: int, newline: int) -> None:
        self._shape = shape
        self._codes = codes
        self._lengths = lengths
        self._start = start
        self._newline = newline

    @property
    def keys(self) -> Sequence[KeyPath]:
        """The key path of each."""
        return self._shape.keys

    @property
    def tags(self) -> Sequence[str]:
        """The tag of each."""
        return [field.tag for field in self]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._shape.keys)

    def __getitem__(self, row: int) -> Field:
        """The field in a row."""
        shape = self._shape
        value = shape.rows[row].value
        tag = shape.tags[row] if value < 0 else _TAGS[self._codes[value] or _TEXT]
        return Field(shape.keys[row], tag, *self.place(row), *self.key_place(row))

    def __iter__(self) -> Iterator[Field]:
        """All, in the order of the text."""
        return map(self.__getitem__, range(len(self)))

    def row(self, key: KeyPath) -> int:
        """The row of a key path; without such a field, KeyError."""
        return self._shape.row_of[key]

    def place(self, row: int) -> Place:
        """Where the value in a row stands."""
        line, column, last, *_, value = self._shape.rows[row]
        quote = value >= 0 and not self._codes[value]
        return self.begin(line) + column + quote, self.end(last) - quote

    def key_place(self, row: int) -> Place:
        """Where the key in a row stands, of an item the item itself."""
        _, _, _, line, column, width, _ = self._shape.rows[row]
        if width < 0:
            return self.place(row)
        start = self.begin(line) + column
        return start, start + width

    def times(self) -> frozenset[KeyPath]:
        """The key paths of the dates and times that are written without quotes."""
        if _TIME not in self._codes:
            return frozenset()
        return frozenset(field.key for field in self if field.tag == "timestamp")

    def begin(self, line: int) -> int:
        """Where a line of the text begins."""
        return self._start + (self._lengths[line - 1] + line * self._newline if line else 0)

    def end(self, line: int) -> int:
        """Where it ends."""
        return self._start + self._lengths[line] + line * self._newline


def _builder(data: Any, path: KeyPath, number_of: Mapping[KeyPath, int]) -> _Build:
    """What makes, of a list of values, data like this, in which each scalar is the value with the number of its path."""
    if path in number_of:
        return itemgetter(number_of[path])
    if isinstance(data, dict):
        flat = _flat(data, path, number_of)
        if flat is not None:
            keys, first = tuple(data), flat
            return lambda values: dict(zip(keys, values[first : first + len(keys)], strict=True))
        parts = [(key, _builder(each, (*path, key), number_of)) for key, each in data.items()]
        return lambda values: {key: build(values) for key, build in parts}
    if isinstance(data, list):
        table = _table(data, path, number_of)
        if table is not None:
            return table
        builders = [_builder(each, (*path, number), number_of) for number, each in enumerate(data)]
        return lambda values: [build(values) for build in builders]
    return lambda _: data


def _flat(data: Any, path: KeyPath, number_of: Mapping[KeyPath, int]) -> int | None:
    """The number of a mapping's first value if it holds nothing but values; they have the next numbers then."""
    if not data or not isinstance(data, dict) or not all((*path, key) in number_of for key in data):
        return None
    return number_of[*path, next(iter(data))]


def _table(data: list[Any], path: KeyPath, number_of: Mapping[KeyPath, int]) -> _Build | None:
    """What makes a list of mappings that hold nothing but values under the same keys; None for any other list."""
    firsts = [_flat(each, (*path, number), number_of) for number, each in enumerate(data)]
    if not data or any(first is None for first in firsts) or any([*each] != [*data[0]] for each in data):
        return None
    keys, first = tuple(data[0]), firsts[0] or 0
    stop = first + len(keys) * len(data)

    def build(values: Sequence[Any]) -> list[dict[str, Any]]:
        own = values[first:stop]
        return Alike(keys, own) if {*map(type, own)} == {str} else mappings(keys, own)

    return build


def _lines(text: str, start: int, end: int) -> _Lines | None:
    """A text by lines; None when their ends differ."""
    block = text[start:end]
    newline = "\r\n" if "\r" in block else "\n"
    lines = block.split(newline)
    if newline == "\r\n" and block.count("\n") != len(lines) - 1:
        return None
    heads, signs, raws = zip(*[line.partition(": ") for line in lines], strict=True)
    bare = [number for number, sign in enumerate(signs) if not sign and "- " in heads[number]]
    if bare or ":  " in block:
        heads, signs, raws = _apart(heads, signs, raws, bare)
    return _Lines(heads, signs, raws, offsets(accumulate(map(len, lines))), len(newline))


def _apart(
    heads: Iterable[str], signs: Iterable[str], raws: Iterable[str], bare: Iterable[int]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The same with the values of items in their columns, and with further blanks before a value on the side of its key."""
    heads, signs, raws = [*heads], [*signs], [*raws]
    for number in bare:
        head, _, raw = heads[number].partition("- ")
        if raw and not head.strip(" "):
            heads[number], signs[number], raws[number] = head + _ITEM, ": ", raw
    for number, raw in enumerate(raws):
        if raw.startswith(" "):
            raws[number] = raw.lstrip(" ")
            heads[number] += " " * (len(raw) - len(raws[number])) + signs[number]
    return tuple(heads), tuple(signs), tuple(raws)


_SHAPES: dict[tuple[str, ...], Shape | None] = {}
"""The shapes by how their lines begin; None for one that is read line by line all the same."""
_SEEN: dict[int, bool] = {}
"""The hashes of shapes that have been met once, and whether the text could be read: only what comes again is worth learning."""


def read(text: str, start: int, end: int) -> Document | None:
    """The document in `text[start:end]`, as `everyday.read` reads it; None when the parser must, or did for one like it."""
    if everyday.is_strange(text, start, end):
        return None
    lines = _lines(text, start, end) if end - start < _LONGEST else None
    if lines is None:
        return everyday.read(text, start, end)
    shape = _SHAPES.get(lines.heads)
    if shape is not None and (document := shape.read(lines, start)) is not None:
        return document
    mark = hash(lines.heads)
    known = _SEEN.get(mark)
    if known is False:
        return None
    document = everyday.read(text, start, end)
    if known is None and len(_SEEN) < _MOST:
        _SEEN[mark] = document is not None
    elif known and document is not None and lines.heads not in _SHAPES and len(_SHAPES) < _MOST:
        _SHAPES[lines.heads] = _learnt(document, lines, start)
    return document


def _learnt(document: Document, lines: _Lines, start: int) -> Shape | None:
    """The shape of a text; None when it does not make of this text what was read in it."""
    if not any(lines.signs):
        return None
    shape = Shape(document, lines, start)
    again = shape.read(lines, start)
    if again is None or again.root != document.root or [*again.fields] != [*document.fields]:
        return None
    return shape if repr(again.data) == repr(document.data) else None
